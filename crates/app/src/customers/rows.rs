//! Who buys. Rows as every node keeps them.
//!
//! **Invariant:** tags of tables and columns are never reused: old commits name them for ever.

use lumbung_domain::ids::{CustomerGroupId, CustomerId, ImportId, PriceListId};
use lumbung_domain::num::Money;
use lumbung_sync::synced;

synced! {
    /// A customer with terms and credit.
    pub master CustomerRow in "customer" tag 40 scope company {
        1 customer_id: CustomerId;
        NAMING 1 {
            2 code: String,
            3 name: String,
            9 customer_group: String,
            14 note: String,
        }
        CONTACT 2 {
            4 phone: String,
            5 email: String,
            6 address: String,
            7 country: String,
            8 tax_number: String,
        }
        TERMS 3 {
            10 price_list_id: Option<PriceListId>,
            /// Minor units of the base currency; 0 allows no credit.
            11 credit_limit: Money,
            12 terms_days: i64,
            /// No new credit.
            13 blocked: bool,
        }
        ARCHIVED 4 {
            15 archived: bool,
        }
        ORIGIN 5 {
            16 import_id: Option<ImportId>,
        }
    }
}

synced! {
    /// A group of customers who share a price list.
    pub master CustomerGroupRow in "customer_group" tag 41 scope company {
        /// Made of the name, so that every node makes the same.
        1 customer_group_id: CustomerGroupId;
        NAMING 1 {
            2 name: String,
        }
        PRICES 2 {
            /// Null: the prices of the branch.
            3 price_list_id: Option<PriceListId>,
        }
        ARCHIVED 3 {
            4 archived: bool,
        }
    }
}
