//! What needs a person. Rows as every node keeps them.
//!
//! **Invariant:** tags of tables and columns are never reused: old commits name them for ever.

use chrono::NaiveDate;
use lumbung_domain::ids::{BranchId, EventId, UserId};
use lumbung_sync::synced;
use uuid::Uuid;

synced! {
    /// Something the auditor found, and what became of it.
    pub master ExceptionRow in "exception" tag 90 scope branch {
        1 exception_id: EventId;
        RAISED 1 {
            2 rule: String,
            3 subject: Uuid,
            4 subject_name: String,
            /// JSON object of texts.
            5 facts: String,
            6 branch_id: Option<BranchId>,
            /// Code of the role that settles it.
            7 owner: String,
            8 due_date: NaiveDate,
            9 raised_at: i64,
        }
        STANDING 2 {
            /// open, settled, accepted, gone.
            10 state: String,
            11 closed_at: Option<i64>,
            12 closed_by: Option<UserId>,
            13 note: String,
        }
    }
}
