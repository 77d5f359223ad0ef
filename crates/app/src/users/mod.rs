//! People, roles and permissions.
//!
//! **Invariant:** nobody is deleted; a person who left is archived and keeps their history. There
//! is always somebody left who may edit users.

pub mod rows;
mod sign_in;
pub mod store;

pub use rows::ApprovalRow;
pub use sign_in::{
    Seat, hash_pin, lock, me, sign_in, sign_in_users, sign_out, unlock, verify_approver,
};
pub(crate) use sign_in::{about, note};

use std::collections::HashMap;
use std::sync::Arc;

use lumbung_domain::ids::{BranchId, EventId, Id, RoleId, UserId};
use lumbung_domain::permission::{Branches, Grant, Grants, Limits, PERMISSIONS, Pattern};
use lumbung_domain::pin;
use rusqlite::Connection;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::company::{check_length, check_text};
use crate::door::{Actor, Nothing, Read, Write};
use crate::error::{Error, Result, Say, not_found, refuse, refuse_at, refuse_field};
use rows::{RoleRow, UserRow};

/// Overrides shown at once.
const APPROVALS_MAX: i64 = 500;

fn json<T: DeserializeOwned>(text: &str) -> Result<T> {
    serde_json::from_str(text).map_err(|error| Error::Broken(error.to_string()))
}

fn text<T: Serialize>(value: &T) -> Result<String> {
    serde_json::to_string(value).map_err(|error| Error::Broken(error.to_string()))
}

/// Everybody who may sign in, with what they may do: the union of their roles.
pub fn actors(db: &Connection) -> Result<HashMap<UserId, Arc<Actor>>> {
    let mut granted = HashMap::new();
    for role in store::roles(db)?.into_iter().filter(|role| !role.archived) {
        let patterns: Vec<Pattern> = json(&role.patterns)?;
        let limits: Limits = json(&role.limits)?;
        granted.insert(role.role_id, (patterns, limits));
    }
    let mut actors = HashMap::new();
    for user in store::users(db)?.into_iter().filter(|user| !user.archived) {
        let role_ids: Vec<RoleId> = json(&user.role_ids)?;
        let branch_ids: Vec<BranchId> = json(&user.branch_ids)?;
        let branches =
            if branch_ids.is_empty() { Branches::All } else { Branches::Only(branch_ids) };
        let roles = role_ids.iter().filter_map(|id| granted.get(id).cloned());
        let grants = Grants(
            roles
                .map(|(patterns, limits)| Grant { patterns, branches: branches.clone(), limits })
                .collect(),
        );
        let actor = Actor { user_id: Some(user.user_id), name: user.name, grants };
        actors.insert(user.user_id, Arc::new(actor));
    }
    Ok(actors)
}

/// A person as the users screen shows them.
#[derive(Debug, Clone, Serialize, TS)]
pub struct User {
    /// The person.
    pub user_id: UserId,
    /// What they type to sign in.
    pub username: String,
    /// Their name.
    pub name: String,
    /// Language of their screens: en, id.
    pub language: String,
    /// Their roles.
    pub role_ids: Vec<RoleId>,
    /// Branches they work in; empty means every branch.
    pub branch_ids: Vec<BranchId>,
    /// Left.
    pub archived: bool,
}

/// A role as the users screen shows it.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct Role {
    /// The role; left out for a new one.
    pub role_id: Option<RoleId>,
    /// A short stable name.
    pub code: String,
    /// Its name.
    pub name: String,
    /// What it allows: `pos:sell`, `inventory:*`, `*`.
    pub patterns: Vec<String>,
    /// Up to which amounts.
    pub limits: Limits,
    /// Out of use.
    pub archived: bool,
}

/// Something a role can allow, in words.
#[derive(Debug, Clone, Serialize, TS)]
pub struct KnownPermission {
    /// Its name.
    pub name: String,
    /// In English.
    pub english: String,
    /// In Indonesian.
    pub indonesian: String,
}

/// People, roles and what roles can allow.
#[derive(Debug, Clone, Serialize, TS)]
pub struct UsersView {
    /// Everybody, by name.
    pub users: Vec<User>,
    /// Every role.
    pub roles: Vec<Role>,
    /// Every permission there is.
    pub permissions: Vec<KnownPermission>,
}

fn user_view(row: UserRow) -> Result<User> {
    Ok(User {
        user_id: row.user_id,
        username: row.username,
        name: row.name,
        language: row.language,
        role_ids: json(&row.role_ids)?,
        branch_ids: json(&row.branch_ids)?,
        archived: row.archived,
    })
}

fn role_view(row: RoleRow) -> Result<Role> {
    Ok(Role {
        role_id: Some(row.role_id),
        code: row.code,
        name: row.name,
        patterns: json(&row.patterns)?,
        limits: json(&row.limits)?,
        archived: row.archived,
    })
}

/// `users.list`: people, roles and permissions.
pub fn list(read: &Read<'_>, _: Nothing) -> Result<UsersView> {
    let permissions = PERMISSIONS
        .iter()
        .map(|known| KnownPermission {
            name: known.name.to_owned(),
            english: known.en.to_owned(),
            indonesian: known.id.to_owned(),
        })
        .collect();
    Ok(UsersView {
        users: store::users(read.db)?.into_iter().map(user_view).collect::<Result<_>>()?,
        roles: store::roles(read.db)?.into_iter().map(role_view).collect::<Result<_>>()?,
        permissions,
    })
}

/// A person to be saved.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct UserChange {
    /// The person; left out for a new one.
    pub user_id: Option<UserId>,
    /// What they type to sign in.
    pub username: String,
    /// Their name.
    pub name: String,
    /// Language of their screens: en, id.
    pub language: String,
    /// A new PIN; left out to keep the old one.
    pub pin: Option<String>,
    /// Their roles.
    pub role_ids: Vec<RoleId>,
    /// Branches they work in; empty means every branch.
    pub branch_ids: Vec<BranchId>,
    /// Left.
    pub archived: bool,
}

/// Names a person.
#[derive(Debug, Clone, Copy, Serialize, TS)]
pub struct UserSaved {
    /// The person.
    pub user_id: UserId,
}

fn check_user(write: &Write<'_, '_>, given: &UserChange) -> Result<()> {
    check_text("username", &given.username)?;
    check_text("name", &given.name)?;
    if given.username.chars().any(char::is_whitespace) {
        return Err(refuse_field!("username", "username_spaces", "A user name has no spaces."));
    }
    check_language(&given.language)?;
    let taken = store::users(write.db())?.into_iter().any(|row| {
        row.username.eq_ignore_ascii_case(&given.username) && Some(row.user_id) != given.user_id
    });
    if taken {
        return Err(refuse_field!(
            "username",
            "username_taken",
            "Somebody else has this user name."
        ));
    }
    for role_id in &given.role_ids {
        store::role(write.db(), *role_id)?.ok_or_else(|| {
            refuse_field!("role_ids", "role_unknown", "One of these roles does not exist.")
        })?;
    }
    Ok(())
}

/// `users.save`: a new person, or changes to one.
pub fn save(write: &mut Write<'_, '_>, given: UserChange) -> Result<UserSaved> {
    check_user(write, &given)?;
    let pin_hash = match &given.pin {
        Some(pin) => {
            pin::check_new_pin(pin).map_err(|error| refuse_at("pin", error.said()))?;
            Some(hash_pin(pin)?)
        }
        None => None,
    };
    let role_ids = text(&given.role_ids)?;
    let branch_ids = text(&given.branch_ids)?;
    let user_id = match given.user_id {
        None => {
            let user_id: UserId = write.id();
            write.tx.create(&UserRow {
                user_id,
                username: given.username,
                name: given.name.trim().to_owned(),
                language: given.language,
                pin_hash: pin_hash.ok_or_else(|| {
                    refuse_field!("pin", "pin_needed", "A new person needs a PIN.")
                })?,
                role_ids,
                branch_ids,
                archived: false,
            })?;
            user_id
        }
        Some(user_id) => {
            store::user(write.db(), user_id)?.ok_or_else(|| not_found("The user"))?;
            let key = user_id.bytes();
            write.tx.patch(key, UserRow::NAMING, |row| {
                row.username = given.username;
                row.name = given.name.trim().to_owned();
                row.language = given.language;
            })?;
            if let Some(hash) = pin_hash {
                write.tx.patch(key, UserRow::PIN, |row| row.pin_hash = hash)?;
                store::save_attempts(write.db(), user_id, 0, 0)?;
            }
            write.tx.patch(key, UserRow::RIGHTS, |row| {
                row.role_ids = role_ids;
                row.branch_ids = branch_ids;
            })?;
            write.tx.patch(key, UserRow::ARCHIVED, |row| row.archived = given.archived)?;
            user_id
        }
    };
    somebody_left(write)?;
    Ok(UserSaved { user_id })
}

/// Refuses a change after which nobody could give anybody rights any more.
fn somebody_left(write: &Write<'_, '_>) -> Result<()> {
    let branch = write.standing.branch.branch_id;
    let keeper = actors(write.db())?.values().any(|actor| actor.may("users:edit", branch));
    if keeper {
        return Ok(());
    }
    Err(refuse("last_keeper", "After this nobody could edit users any more. Keep one who can."))
}

/// Names a role.
#[derive(Debug, Clone, Copy, Serialize, TS)]
pub struct RoleSaved {
    /// The role.
    pub role_id: RoleId,
}

/// `roles.save`: a new role, or changes to one.
pub fn save_role(write: &mut Write<'_, '_>, given: Role) -> Result<RoleSaved> {
    check_text("code", &given.code)?;
    check_text("name", &given.name)?;
    for pattern in &given.patterns {
        pattern
            .parse::<Pattern>()
            .and_then(|pattern| pattern.check_known())
            .map_err(|error| refuse_at("patterns", error.said()))?;
    }
    let taken = store::roles(write.db())?
        .into_iter()
        .any(|row| row.code == given.code && Some(row.role_id) != given.role_id);
    if taken {
        return Err(refuse_field!("code", "role_code_taken", "Another role has this short name."));
    }
    let patterns = text(&given.patterns)?;
    let limits = text(&given.limits)?;
    let role_id = match given.role_id {
        None => {
            let role_id: RoleId = write.id();
            let Role { code, name, archived, .. } = given;
            write.tx.create(&RoleRow { role_id, code, name, patterns, limits, archived })?;
            role_id
        }
        Some(role_id) => {
            store::role(write.db(), role_id)?.ok_or_else(|| not_found("The role"))?;
            let key = role_id.bytes();
            write.tx.patch(key, RoleRow::NAMING, |row| {
                row.code = given.code;
                row.name = given.name;
            })?;
            write.tx.patch(key, RoleRow::RIGHTS, |row| {
                row.patterns = patterns;
                row.limits = limits;
            })?;
            write.tx.patch(key, RoleRow::ARCHIVED, |row| row.archived = given.archived)?;
            role_id
        }
    };
    somebody_left(write)?;
    Ok(RoleSaved { role_id })
}

/// A change of one's own PIN.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct PinChange {
    /// The PIN so far.
    pub old_pin: String,
    /// The new one.
    pub new_pin: String,
}

/// `users.change_pin`: a person changes their own PIN.
pub fn change_pin(write: &mut Write<'_, '_>, given: PinChange) -> Result<Nothing> {
    let user_id = write.actor.person()?;
    let row = store::user(write.db(), user_id)?.ok_or_else(|| not_found("The user"))?;
    if !sign_in::pin_fits(&given.old_pin, &row.pin_hash) {
        return Err(refuse_field!("old_pin", "pin_not_yours", "This is not your PIN."));
    }
    pin::check_new_pin(&given.new_pin).map_err(|error| refuse_at("new_pin", error.said()))?;
    let hash = hash_pin(&given.new_pin)?;
    write.tx.patch(user_id.bytes(), UserRow::PIN, |row| row.pin_hash = hash)?;
    Ok(Nothing {})
}

/// The language of a person's screens.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct LanguageChoice {
    /// `en` or `id`.
    pub language: String,
}

/// `users.set_language`: a person chooses the language of their own screens.
pub fn set_language(write: &mut Write<'_, '_>, given: LanguageChoice) -> Result<Nothing> {
    check_language(&given.language)?;
    let user_id = write.actor.person()?;
    write.tx.patch(user_id.bytes(), UserRow::NAMING, |row| row.language = given.language)?;
    Ok(Nothing {})
}

fn check_language(language: &str) -> Result<()> {
    if ["en", "id"].contains(&language) {
        return Ok(());
    }
    Err(refuse_field!("language", "screen_language", "Screens speak en or id."))
}

/// An override as the review shows it.
#[derive(Debug, Clone, Serialize, TS)]
pub struct ApprovalView {
    /// The override.
    pub approval_id: EventId,
    /// What was allowed.
    pub what: String,
    /// In words.
    pub detail: String,
    /// Why.
    pub reason: String,
    /// Who asked.
    pub requested_by: Option<UserId>,
    /// Who allowed it.
    pub approved_by: UserId,
    /// When, UTC milliseconds.
    pub approved_at: i64,
    /// On which business date.
    pub business_date: String,
}

/// From when on.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct Since {
    /// UTC milliseconds.
    pub since_ms: i64,
}

/// `approvals.list`: overrides to be reviewed, newest first.
pub fn approvals(read: &Read<'_>, given: Since) -> Result<Vec<ApprovalView>> {
    let rows = store::approvals(read.db, given.since_ms, APPROVALS_MAX)?;
    Ok(rows
        .into_iter()
        .map(|row| ApprovalView {
            approval_id: row.approval_id,
            what: row.what,
            detail: row.detail,
            reason: row.reason,
            requested_by: row.requested_by,
            approved_by: row.approved_by,
            approved_at: row.approved_at,
            business_date: row.business_date.to_string(),
        })
        .collect())
}

/// Refuses a reason that says nothing.
pub(crate) fn check_reason(field: &str, reason: &str) -> Result<()> {
    if reason.trim().is_empty() {
        return Err(refuse_field!(field, "reason_needed", "Give a reason."));
    }
    check_length(field, reason)
}
