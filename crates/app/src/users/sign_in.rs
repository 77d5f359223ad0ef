//! Signing in with a PIN, without a network, and what a manager's PIN can allow.
//!
//! **Invariant:** wrong PINs are counted on disk before the answer is given, so a restart does not
//! give more tries; a manager's signature never signs the manager in.

use std::sync::{Arc, LazyLock};

use argon2::password_hash::rand_core::OsRng;
use argon2::password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString};
use argon2::{Algorithm, Argon2, Params, Version};
use lumbung_domain::ids::UserId;
use lumbung_domain::pin;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::rows::{AccessEventRow, UserRow};
use super::store;
use crate::App;
use crate::company::{self, CompanyView};
use crate::door::{Actor, Approval, Caller, Nothing, Read, Task, Write};
use crate::error::{Error, Refusal, Result, refuse};

/// Memory of one PIN check in KiB. OWASP's second recommendation for Argon2id: 19 MiB, two
/// passes, one lane.
const ARGON_MEMORY_KIB: u32 = 19 * 1024;
const ARGON_PASSES: u32 = 2;

/// A person at a place.
#[derive(Debug, Clone)]
pub struct Seat {
    /// Who.
    pub user_id: UserId,
    /// Waiting for their PIN.
    pub locked: bool,
}

static HASHER: LazyLock<Argon2<'static>> = LazyLock::new(|| {
    let params = Params::new(ARGON_MEMORY_KIB, ARGON_PASSES, 1, None).expect("in range");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
});

/// The Argon2id hash of a PIN, with a salt of its own.
pub fn hash_pin(pin: &str) -> Result<String> {
    let salt = SaltString::generate(&mut OsRng);
    HASHER
        .hash_password(pin.as_bytes(), &salt)
        .map(|hash| hash.to_string())
        .map_err(|error| Error::Broken(format!("a PIN cannot be hashed: {error}")))
}

/// Whether this is the PIN that was hashed.
pub(super) fn pin_fits(pin: &str, hash: &str) -> bool {
    PasswordHash::new(hash).is_ok_and(|hash| HASHER.verify_password(pin.as_bytes(), &hash).is_ok())
}

/// Who may be chosen at the sign-in screen.
#[derive(Debug, Clone, Serialize, TS)]
pub struct SignInUser {
    /// The person.
    pub user_id: UserId,
    /// What they type.
    pub username: String,
    /// Their name.
    pub name: String,
    /// Language of their screens.
    pub language: String,
}

/// `users.sign_in_list`: who may sign in here.
pub fn sign_in_users(read: &Read<'_>, _: Nothing) -> Result<Vec<SignInUser>> {
    let users = store::users(read.db)?.into_iter().filter(|user| !user.archived);
    Ok(users
        .map(|row| SignInUser {
            user_id: row.user_id,
            username: row.username,
            name: row.name,
            language: row.language,
        })
        .collect())
}

/// A user name and a PIN.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    /// User name.
    pub username: String,
    /// PIN.
    pub pin: String,
}

/// A PIN.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct PinOnly {
    /// PIN.
    pub pin: String,
}

/// Who is signed in, what they may do, and where.
#[derive(Debug, Clone, Serialize, TS)]
pub struct Me {
    /// The person.
    pub user_id: UserId,
    /// User name.
    pub username: String,
    /// Their name.
    pub name: String,
    /// Language of their screens.
    pub language: String,
    /// What they may do.
    pub permissions: Vec<String>,
    /// Where.
    pub place: CompanyView,
}

fn access(
    write: &mut Write<'_, '_>,
    kind: &str,
    user: Option<UserId>,
    username: &str,
    detail: &str,
) -> Result<()> {
    let event = AccessEventRow {
        event_id: write.id(),
        kind: kind.to_owned(),
        user_id: user,
        username: username.chars().take(80).collect(),
        terminal_id: write.standing.terminal.terminal_id,
        detail: detail.to_owned(),
        happened_at: write.now_ms,
    };
    write.tx.insert(&event)?;
    Ok(())
}

/// Records that a person did something that leaves no other row: with the data as a whole.
pub(crate) fn note(app: &App, actor: &Arc<Actor>, kind: &str, detail: &str) -> Result<()> {
    let name = actor.name.clone();
    app.write(actor, None, "users.access", |write| {
        access(write, kind, actor.user_id, &name, detail)
    })
}

/// Checks a PIN, counts the failures, and records what happened. One answer for an unknown user
/// and a wrong PIN, after the same work.
fn check_pin(
    app: &App,
    user: Option<UserRow>,
    username: &str,
    pin: &str,
    act: &str,
) -> Result<UserId> {
    let operator = Arc::new(Actor::operator());
    let wrong = || refuse("wrong_pin", "The user name or the PIN is wrong.");
    let Some(user) = user.filter(|user| !user.archived) else {
        let _ = hash_pin(pin)?;
        app.write(&operator, None, "users.refused", |write| {
            access(write, "refused", None, username, act)
        })?;
        return Err(wrong());
    };
    let fits = pin_fits(pin, &user.pin_hash);
    let outcome = app.write(&operator, None, "users.access", |write| {
        let (failed, locked_until) = store::attempts(write.db(), user.user_id)?;
        if write.now_ms < locked_until {
            access(write, "locked_out", Some(user.user_id), username, act)?;
            return Ok(Err(locked_until - write.now_ms));
        }
        if fits {
            store::save_attempts(write.db(), user.user_id, 0, 0)?;
            access(write, act, Some(user.user_id), username, "")?;
            return Ok(Ok(true));
        }
        let failed = failed.saturating_add(1);
        let until = pin::locked_until(failed, write.now_ms).unwrap_or(0);
        store::save_attempts(write.db(), user.user_id, failed, until)?;
        access(write, "refused", Some(user.user_id), username, act)?;
        Ok(Ok(false))
    })?;
    match outcome {
        Ok(true) => Ok(user.user_id),
        Ok(false) => Err(wrong()),
        Err(left_ms) => {
            let seconds = left_ms / 1000 + 1;
            Err(Refusal::new(
                "locked_out",
                format!("Too many wrong PINs: try again in {seconds} seconds."),
            )
            .fact("seconds", seconds)
            .into())
        }
    }
}

fn user_named(app: &App, username: &str) -> Result<Option<UserRow>> {
    let store = app.store()?;
    let users = store.read(store::users)?;
    Ok(users.into_iter().find(|user| user.username.eq_ignore_ascii_case(username)))
}

/// Who a person is, what they may do and where.
pub(crate) fn about(app: &App, user_id: UserId) -> Result<Me> {
    let standing = app.standing()?;
    let store = app.store()?;
    let row = store
        .read(|db| store::user(db, user_id))?
        .ok_or_else(|| refuse("signed_out", "Sign in first."))?;
    let branch = standing.branch.branch_id;
    let names = standing.actor(user_id).map(|actor| actor.grants.names(Some(branch)));
    Ok(Me {
        user_id,
        username: row.username,
        name: row.name,
        language: row.language,
        permissions: names.unwrap_or_default().into_iter().map(str::to_owned).collect(),
        place: company::view(&standing),
    })
}

fn seat_of(task: &Task) -> Result<&str> {
    match &task.caller {
        Caller::Seat(seat) => Ok(seat),
        Caller::Operator => {
            Err(refuse("no_seat", "The administrator's command line does not sign in."))
        }
    }
}

/// `users.sign_in`: a person takes this seat; whoever sat there before has left it.
pub fn sign_in(task: Task, given: SignIn) -> Result<Me> {
    let seat = seat_of(&task)?.to_owned();
    let user = user_named(&task.app, &given.username)?;
    let user_id = check_pin(&task.app, user, &given.username, &given.pin, "sign_in")?;
    let found = Seat { user_id, locked: false };
    task.app.seats(|seats| seats.insert(seat, found));
    about(&task.app, user_id)
}

/// `users.sign_out`: leaves the seat.
pub fn sign_out(task: Task, _: Nothing) -> Result<Nothing> {
    let seat = seat_of(&task)?;
    let left = task.app.seats(|seats| seats.remove(seat));
    if let Some(left) = left {
        let operator = Arc::new(Actor::operator());
        task.app.write(&operator, None, "users.access", |write| {
            access(write, "sign_out", Some(left.user_id), "", "")
        })?;
    }
    Ok(Nothing {})
}

/// `users.lock`: keeps the seat and asks for the PIN before anything else.
pub fn lock(task: Task, _: Nothing) -> Result<Nothing> {
    let seat = seat_of(&task)?;
    task.app.seats(|seats| {
        if let Some(found) = seats.get_mut(seat) {
            found.locked = true;
        }
    });
    Ok(Nothing {})
}

/// `users.unlock`: the same person is back.
pub fn unlock(task: Task, given: PinOnly) -> Result<Me> {
    let seat = seat_of(&task)?;
    let Some(found) = task.app.seats(|seats| seats.get(seat).cloned()) else {
        return Err(refuse("signed_out", "Sign in first."));
    };
    let store = task.app.store()?;
    let user = store.read(|db| store::user(db, found.user_id))?;
    let name = user.as_ref().map(|user| user.username.clone()).unwrap_or_default();
    let user_id = check_pin(&task.app, user, &name, &given.pin, "unlock")?;
    task.app.seats(|seats| seats.insert(seat.to_owned(), Seat { user_id, locked: false }));
    about(&task.app, user_id)
}

/// Who sits here, if anybody does.
#[derive(Debug, Clone, Serialize, TS)]
pub struct SeatView {
    /// Who is signed in; `null` when nobody is.
    pub me: Option<Me>,
    /// Whether the PIN is asked for first.
    pub locked: bool,
}

/// `users.me`: who sits here.
pub fn me(task: Task, _: Nothing) -> Result<SeatView> {
    let Caller::Seat(seat) = &task.caller else {
        return Ok(SeatView { me: None, locked: false });
    };
    match task.app.seats(|seats| seats.get(seat).cloned()) {
        None => Ok(SeatView { me: None, locked: false }),
        Some(found) => {
            Ok(SeatView { me: Some(about(&task.app, found.user_id)?), locked: found.locked })
        }
    }
}

/// Checks a manager's signature. Wrong PINs count as they do at the sign-in screen.
pub fn verify_approver(app: &App, approval: &Approval) -> Result<Arc<Actor>> {
    let store = app.store()?;
    let user = store.read(|db| store::user(db, approval.user_id))?;
    let name = user.as_ref().map(|user| user.username.clone()).unwrap_or_default();
    let user_id = check_pin(app, user, &name, &approval.pin, "approve")?;
    app.standing()?
        .actor(user_id)
        .ok_or_else(|| refuse("wrong_pin", "The user name or the PIN is wrong."))
}
