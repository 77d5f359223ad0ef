//! The ledger. Rows as every node keeps them.
//!
//! **Invariant:** tags of tables and columns are never reused: old commits name them for ever.

use chrono::NaiveDate;
use lumbung_domain::ids::{AccountId, CustomerId, EntryId, LineId};
use lumbung_domain::num::Money;
use lumbung_sync::synced;
use uuid::Uuid;

synced! {
    /// An account of the ledger.
    pub master AccountRow in "account" tag 50 scope company {
        1 account_id: AccountId;
        NAMING 1 {
            2 code: String,
            3 name: String,
            /// Asset, liability, equity, income, expense.
            4 kind: String,
            /// Kept by documents; not posted by hand.
            5 control: bool,
        }
        ARCHIVED 2 {
            6 archived: bool,
        }
    }
}

synced! {
    /// Which account a kind of posting goes to: data, not code.
    pub master PostingAccountRow in "posting_account" tag 51 scope company {
        1 posting_account_id: Uuid;
        MAPPING 1 {
            2 posting_key: String,
            3 account_id: AccountId,
        }
    }
}

synced! {
    /// One entry of the journal: its lines add up to zero.
    pub fact JournalEntryRow in "journal_entry" tag 52 scope branch {
        1 entry_id: EntryId,
        2 entry_date: NaiveDate,
        3 doc_kind: String,
        4 doc_id: Uuid,
        5 doc_number: String,
        6 memo: String,
        7 currency: String,
        8 posted_at: i64,
    }
}

synced! {
    /// One debit or credit.
    pub fact JournalLineRow in "journal_line" tag 53 scope branch {
        1 line_id: LineId,
        2 entry_id: EntryId,
        3 account_id: AccountId,
        /// As in the entry, so that sums by day need no join.
        4 entry_date: NaiveDate,
        /// Debit positive, credit negative, minor units.
        5 amount: Money,
        6 partner_id: Option<CustomerId>,
    }
}
