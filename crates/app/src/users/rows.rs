//! People, roles, and the evidence of access. Rows as every node keeps them.
//!
//! **Invariant:** tags of tables and columns are never reused: old commits name them for ever.

use chrono::NaiveDate;
use lumbung_domain::ids::{EventId, RoleId, TerminalId, UserId};
use lumbung_sync::synced;
use uuid::Uuid;

synced! {
    /// A named set of permission patterns and limits.
    pub master RoleRow in "role" tag 10 scope company {
        1 role_id: RoleId;
        NAMING 1 {
            2 code: String,
            3 name: String,
        }
        RIGHTS 2 {
            /// JSON array of permission patterns.
            4 patterns: String,
            /// JSON object of amount and rate limits.
            5 limits: String,
        }
        ARCHIVED 3 {
            6 archived: bool,
        }
    }
}

synced! {
    /// A person who signs in.
    pub master UserRow in "user" tag 11 scope company {
        1 user_id: UserId;
        NAMING 1 {
            2 username: String,
            3 name: String,
            4 language: String,
        }
        PIN 2 {
            /// Argon2id, PHC string.
            5 pin_hash: String,
        }
        RIGHTS 3 {
            /// JSON array of role ids.
            6 role_ids: String,
            /// JSON array; empty means every branch.
            7 branch_ids: String,
        }
        ARCHIVED 4 {
            8 archived: bool,
        }
    }
}

synced! {
    /// Sign-ins, refusals, lock-outs and manager overrides.
    pub fact AccessEventRow in "access_event" tag 12 scope branch {
        1 event_id: EventId,
        2 kind: String,
        3 user_id: Option<UserId>,
        4 username: String,
        5 terminal_id: TerminalId,
        6 detail: String,
        7 happened_at: i64,
    }
}

synced! {
    /// A manager's decision at the till: who asked, who allowed, what and why. Reviewed the
    /// next day.
    pub fact ApprovalRow in "approval" tag 13 scope branch {
        1 approval_id: EventId,
        2 what: String,
        3 detail: String,
        4 reason: String,
        5 requested_by: Option<UserId>,
        6 approved_by: UserId,
        7 terminal_id: TerminalId,
        8 subject_id: Option<Uuid>,
        9 business_date: NaiveDate,
        10 approved_at: i64,
    }
}
