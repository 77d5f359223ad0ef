//! Company, branches, terminals and settings. Rows as every node keeps them.
//!
//! **Invariant:** tags of tables and columns are never reused: old commits name them for ever.

use lumbung_domain::ids::{BranchId, CompanyId, TerminalId};
use lumbung_sync::synced;
use uuid::Uuid;

synced! {
    /// The company whose books these are.
    pub master CompanyRow in "company" tag 1 scope company {
        1 company_id: CompanyId;
        DETAILS 1 {
            2 name: String,
            3 legal_name: String,
            4 tax_number: String,
            5 address: String,
            6 phone: String,
            7 email: String,
        }
        BASE 2 {
            /// ISO 3166-1 alpha-2.
            8 country: String,
            /// ISO 4217, the base currency of the books.
            9 currency: String,
        }
        LOCALE 3 {
            /// Language of printed papers: en, id.
            10 language: String,
            /// IANA name; shown, never used to derive a business date.
            11 time_zone: String,
        }
    }
}

synced! {
    /// A branch: a shop, warehouse or office with its own stock and document numbers.
    pub master BranchRow in "branch" tag 2 scope company {
        1 branch_id: BranchId;
        DETAILS 1 {
            /// The small number by which rows of this branch are scoped.
            2 scope_no: u32,
            /// First part of document numbers.
            3 code: String,
            4 name: String,
            5 address: String,
            6 phone: String,
            /// Place-of-business number where the law knows one.
            7 tax_number: String,
        }
        ARCHIVED 2 {
            8 archived: bool,
        }
    }
}

synced! {
    /// A terminal: a device with its own store and its own series of document numbers.
    pub master TerminalRow in "terminal" tag 3 scope company {
        1 terminal_id: TerminalId;
        DETAILS 1 {
            2 branch_id: BranchId,
            /// Second part of document numbers.
            3 series: String,
            4 name: String,
        }
        ARCHIVED 2 {
            5 archived: bool,
        }
    }
}

synced! {
    /// One row a key; its id is derived from key and scope, so two terminals that set it meet
    /// in one row.
    pub master SettingRow in "setting" tag 4 scope company {
        1 setting_id: Uuid;
        CONTENT 1 {
            2 key: String,
            /// JSON.
            3 value: String,
        }
    }
}
