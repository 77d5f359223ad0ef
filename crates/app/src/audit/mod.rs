//! The audit trail: who changed what, from what to what; who came in; who allowed what.
//!
//! **Invariant:** it shows what the commits and facts say and never a secret, not even its hash.

mod store;

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate, NaiveTime};
use lumbung_domain::ids::{Id, UserId};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use ts_rs::TS;
use uuid::Uuid;

use crate::commands::commands;
use crate::door::{Command, Read};
use crate::error::{Result, refuse_field};
use crate::users;
use store::{Stored, Wanted};

/// Most entries of one page.
const PAGE_MAX: u32 = 200;

/// Changes of one row that are shown.
const OF_ONE_MAX: i64 = 500;

/// Columns whose content nobody needs to see.
const SECRET: &[&str] = &["pin_hash"];

/// The commands of this feature.
pub(crate) fn commands() -> Vec<Command> {
    commands! {
        read "audit.list" => list, needs "audit:read", from [audit, users, company, catalogue];
        read "audit.of"   => of,   needs "audit:read", from [audit, users, company, catalogue];
    }
}

/// What is asked for.
#[derive(Debug, Clone, Default, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields, default)]
pub struct AuditQuery {
    /// Only changes of this table.
    #[ts(optional = nullable)]
    pub table: Option<String>,
    /// Only what this person did, asked or allowed.
    #[ts(optional = nullable)]
    pub user_id: Option<UserId>,
    /// From this day.
    #[ts(optional = nullable, type = "string")]
    pub from: Option<NaiveDate>,
    /// To this day, included.
    #[ts(optional = nullable, type = "string")]
    pub to: Option<NaiveDate>,
    /// Where the last page ended.
    #[ts(optional = nullable)]
    pub cursor: Option<String>,
    /// Entries a page.
    #[ts(optional = nullable)]
    pub limit: Option<u32>,
}

/// One column that changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct FieldChange {
    /// The column.
    pub field: String,
    /// What it was.
    #[ts(type = "unknown")]
    pub before: Value,
    /// What it is.
    #[ts(type = "unknown")]
    pub after: Value,
}

/// One entry.
#[derive(Debug, Clone, Serialize, TS)]
pub struct AuditEntry {
    /// Names this entry.
    pub reference: String,
    /// Change, access or approval.
    pub source: String,
    /// When, UTC milliseconds.
    pub at_ms: i64,
    /// Who; nobody for the machine's administrator.
    pub user_id: Option<UserId>,
    /// Their name.
    pub user: String,
    /// The command, or the kind of event.
    pub action: String,
    /// The table changed.
    pub table: Option<String>,
    /// The row changed.
    #[ts(type = "string | null")]
    pub key: Option<Uuid>,
    /// The group of columns; created, saved or dropped.
    pub group: String,
    /// What changed.
    pub changes: Vec<FieldChange>,
    /// More, in words.
    pub detail: String,
    /// Why.
    pub reason: String,
    /// Who signed for it.
    pub approved_by: Option<String>,
}

/// A page of entries, newest first.
#[derive(Debug, Clone, Serialize, TS)]
pub struct AuditPage {
    /// The entries.
    pub entries: Vec<AuditEntry>,
    /// Where the next page begins, if there is one.
    pub cursor: Option<String>,
}

/// Names a row.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct AuditOf {
    /// The table.
    pub table: String,
    /// The row.
    #[ts(type = "string")]
    pub id: Uuid,
}

/// `audit.list`: what happened, newest first.
pub fn list(read: &Read<'_>, query: AuditQuery) -> Result<AuditPage> {
    let limit = query.limit.unwrap_or(PAGE_MAX).clamp(1, PAGE_MAX);
    let cursor = query.cursor.as_deref().map(parse_cursor).transpose()?;
    let found = store::list(
        read.db,
        &Wanted {
            from_ms: query.from.map_or(i64::MIN, |day| start_of(day, read.offset_min)),
            to_ms: match query.to.and_then(|day| day.checked_add_days(Days::new(1))) {
                Some(next) => start_of(next, read.offset_min) - 1,
                None => i64::MAX,
            },
            table: query.table.as_deref(),
            user: query.user_id.map(Id::bytes),
            before: cursor,
            limit: i64::from(limit) + 1,
        },
    )?;
    let more = found.len() > limit as usize;
    let mut entries = named(read, found)?;
    entries.truncate(limit as usize);
    let last = entries.last().filter(|_| more);
    let cursor = last.map(|entry| format!("{}:{}", entry.at_ms, entry.reference));
    Ok(AuditPage { entries, cursor })
}

/// `audit.of`: what happened to one row, newest first.
pub fn of(read: &Read<'_>, row: AuditOf) -> Result<AuditPage> {
    let found = store::of(read.db, &row.table, row.id.into_bytes(), OF_ONE_MAX)?;
    Ok(AuditPage { entries: named(read, found)?, cursor: None })
}

fn parse_cursor(cursor: &str) -> Result<(i64, &str)> {
    cursor
        .split_once(':')
        .and_then(|(at_ms, reference)| Some((at_ms.parse().ok()?, reference)))
        .ok_or_else(|| refuse_field!("cursor", "page_end", "This is not the end of a page."))
}

fn start_of(day: NaiveDate, offset_min: i16) -> i64 {
    let midnight = day.and_time(NaiveTime::MIN).and_utc().timestamp_millis();
    midnight - i64::from(offset_min) * 60_000
}

fn named(read: &Read<'_>, found: Vec<Stored>) -> Result<Vec<AuditEntry>> {
    let names: BTreeMap<UserId, String> =
        users::store::users(read.db)?.into_iter().map(|row| (row.user_id, row.name)).collect();
    let name = |user: Option<UserId>| user.and_then(|id| names.get(&id).cloned());
    Ok(found
        .into_iter()
        .map(|entry| AuditEntry {
            changes: changes(entry.before.as_deref(), entry.after.as_deref()),
            user: name(entry.user).unwrap_or_default(),
            approved_by: name(entry.approved_by),
            reference: entry.reference,
            source: entry.source,
            at_ms: entry.at_ms,
            user_id: entry.user,
            action: entry.action,
            table: entry.table,
            key: entry.key.map(Uuid::from_bytes),
            group: entry.group,
            detail: entry.detail,
            reason: entry.reason,
        })
        .collect())
}

fn changes(before: Option<&str>, after: Option<&str>) -> Vec<FieldChange> {
    let parse = |text: Option<&str>| -> Map<String, Value> {
        text.and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default()
    };
    let (mut before, after) = (parse(before), parse(after));
    let mut changes: Vec<_> = after
        .into_iter()
        .map(|(field, after)| {
            let before = before.remove(&field).unwrap_or(Value::Null);
            FieldChange { field, before, after }
        })
        .collect();
    changes.extend(before.into_iter().map(|(field, before)| FieldChange {
        field,
        before,
        after: Value::Null,
    }));
    changes.retain(|change| change.before != change.after);
    for change in &mut changes {
        if SECRET.contains(&change.field.as_str()) {
            change.before = Value::Null;
            change.after = Value::Null;
        }
    }
    changes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_shows_what_differs_and_no_secret() {
        let seen = changes(
            Some(r#"{"name":"Sari","pin_hash":"old","language":"id"}"#),
            Some(r#"{"name":"Sari W.","pin_hash":"new","language":"id"}"#),
        );
        let shown: Vec<_> = seen
            .iter()
            .map(|change| format!("{} {} {}", change.field, change.before, change.after))
            .collect();
        assert_eq!(shown, [r#"name "Sari" "Sari W.""#, "pin_hash null null"]);
    }

    #[test]
    fn a_cursor_is_a_time_and_an_entry() {
        assert_eq!(parse_cursor("17:c01").ok(), Some((17, "c01")));
        assert!(parse_cursor("yesterday").is_err());
        assert!(parse_cursor("x:y").is_err());
    }
}
