//! The one door: permission, one transaction, the use case, one commit, what changed.
//!
//! **Invariant:** nothing outside this crate changes the store except through [`App::call`], and a
//! command that fails has changed nothing.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use lumbung_domain::BusinessDate;
use lumbung_domain::ids::{EventId, Id, UserId};
use lumbung_domain::say;
use lumbung_sync::{Tx, WriteCtx};
use rusqlite::Connection;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use ts_rs::TS;

pub use crate::actor::Actor;
use crate::bindings::Types;
use crate::error::{Error, Failure, Refusal, Result, refuse, refuse_at, refuse_field};
use crate::standing::Standing;
use crate::users::{self, ApprovalRow};
use crate::{App, Event, finance, pos};

/// The permission of commands that work before anybody has signed in.
pub const PUBLIC: &str = "public";

/// The permission of commands that everybody who has signed in may use.
pub const SIGNED_IN: &str = "signed_in";

/// Who stands at the door.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Caller {
    /// A place where people sign in: the window, a test's till.
    Seat(String),
    /// Whoever can read this machine's key: the command line of its administrator.
    Operator,
}

/// A manager's signature on one command: it never signs the manager in.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct Approval {
    /// Who allows it.
    pub user_id: UserId,
    /// Their PIN.
    pub pin: String,
    /// Why.
    pub reason: String,
}

/// A verified [`Approval`].
#[derive(Debug, Clone)]
pub struct Approver {
    actor: Arc<Actor>,
    reason: String,
}

/// What a reading use case has.
pub struct Read<'a> {
    /// One state of the store, for the whole call.
    pub db: &'a Connection,
    /// Company, branch, terminal, settings.
    pub standing: Arc<Standing>,
    /// Who asks.
    pub actor: Arc<Actor>,
    /// Now, UTC milliseconds: read once a call.
    pub now_ms: i64,
    /// The device's offset from UTC, minutes.
    pub offset_min: i16,
    /// For what is not in the store: machine settings, printers, pending work.
    pub app: &'a App,
}

/// What a writing use case has.
pub struct Write<'a, 'tx> {
    /// The transaction.
    pub tx: &'a mut Tx<'tx>,
    /// Company, branch, terminal, settings.
    pub standing: Arc<Standing>,
    /// Who acts.
    pub actor: Arc<Actor>,
    /// Who signed for it besides, if anybody.
    pub approver: Option<Approver>,
    /// Now, UTC milliseconds: read once a call.
    pub now_ms: i64,
    /// The device's offset from UTC, minutes.
    pub offset_min: i16,
    /// The business date of the open session, or of the device where there is none.
    pub business_date: BusinessDate,
    /// For what is not in the store: machine settings, printers.
    pub app: &'a App,
}

impl Write<'_, '_> {
    /// The store as this transaction sees it.
    pub fn db(&self) -> &Connection {
        self.tx.db()
    }

    /// A new id, in order of making.
    pub fn id<T: Id>(&mut self) -> T {
        T::from_bytes(self.tx.new_id())
    }

    /// Allows what the actor may do, or what a second person who may do it has signed for. Such a
    /// signature is recorded with both names.
    pub fn sign_off(
        &mut self,
        what: &str,
        detail: &str,
        allows: impl Fn(&Actor) -> bool,
    ) -> Result<()> {
        if allows(&self.actor) {
            return Ok(());
        }
        let needed = || -> Error {
            Refusal::new("approval_required", format!("A manager must allow this: {detail}."))
                .fact("what", what)
                .fact("detail", detail)
                .into()
        };
        let Some(approver) = self.approver.clone() else { return Err(needed()) };
        let approved_by = approver.actor.person()?;
        if Some(approved_by) == self.actor.user_id {
            return Err(refuse(
                "self_approval",
                "Nobody can approve their own request: another person must sign.",
            ));
        }
        if !allows(&approver.actor) {
            return Err(Refusal::new(
                "approval_required",
                format!("{} may not allow this either: {detail}.", approver.actor.name),
            )
            .fact("what", what)
            .fact("detail", detail)
            .into());
        }
        let approval_id = self.tx.new_id();
        self.tx.insert(&ApprovalRow {
            approval_id: EventId::from_bytes(approval_id),
            what: what.to_owned(),
            detail: detail.to_owned(),
            reason: approver.reason.clone(),
            requested_by: self.actor.user_id,
            approved_by,
            terminal_id: self.standing.terminal.terminal_id,
            subject_id: None,
            business_date: self.business_date,
            approved_at: self.now_ms,
        })?;
        Ok(())
    }

    /// Allows holders of a permission, or what one of them has signed for.
    pub fn permit(&mut self, need: &str, what: &str, detail: &str) -> Result<()> {
        let branch = self.standing.branch.branch_id;
        self.sign_off(what, detail, |person| person.may(need, branch))
    }
}

type Run<C> = Box<dyn Fn(C, Value) -> Result<Value> + Send + Sync>;
type ReadRun = Box<dyn Fn(&Read<'_>, Value) -> Result<Value> + Send + Sync>;
type WriteRun = Box<dyn Fn(&mut Write<'_, '_>, Value) -> Result<Value> + Send + Sync>;

/// How a command runs.
pub enum Body {
    /// On a read-only connection.
    Read(ReadRun),
    /// In one transaction of the writer.
    Write(WriteRun),
    /// Outside a transaction: sign-in, long work, machine matters.
    Task(Run<Task>),
}

/// What a task has: it opens its own transactions through [`App`].
pub struct Task {
    /// The application, shared so that long work can outlive the call.
    pub app: App,
    /// Where it was asked.
    pub caller: Caller,
    /// Who asks; the operator where nobody has signed in yet and the command is public.
    pub actor: Arc<Actor>,
}

/// One row of the command table.
pub struct Command {
    /// `feature.verb`.
    pub name: &'static str,
    /// The permission it needs.
    pub needs: &'static str,
    /// Features it reads from or changes.
    pub tags: &'static [&'static str],
    /// Names of its argument and result types, which it declares.
    pub describe: fn(&mut Types) -> (String, String),
    body: Body,
    looks: bool,
}

fn parse<A: DeserializeOwned>(args: Value) -> Result<A> {
    let args = if args.is_null() { Value::Object(serde_json::Map::new()) } else { args };
    serde_json::from_value(args).map_err(|error| {
        let detail = error.to_string();
        // Only these two name a field between the ticks; others name a value.
        let names_field =
            detail.starts_with("missing field") || detail.starts_with("unknown field");
        let said =
            say!("args_unclear", "What was sent cannot be understood: {detail}.", detail = detail);
        match detail.split('`').nth(1).filter(|_| names_field) {
            Some(field) => refuse_at(field, said),
            None => refuse("invalid", said.message),
        }
    })
}

fn answer<R: Serialize>(result: R) -> Result<Value> {
    serde_json::to_value(result).map_err(|error| Error::Broken(error.to_string()))
}

fn describe<A: TS + 'static, R: TS + 'static>(types: &mut Types) -> (String, String) {
    (types.name_of::<A>(), types.name_of::<R>())
}

impl Command {
    /// A command that only reads.
    pub fn read<A, R>(
        name: &'static str,
        needs: &'static str,
        tags: &'static [&'static str],
        run: fn(&Read<'_>, A) -> Result<R>,
    ) -> Self
    where
        A: DeserializeOwned + TS + 'static,
        R: Serialize + TS + 'static,
    {
        let body = Body::Read(Box::new(move |read, args| answer(run(read, parse(args)?)?)));
        Self { name, needs, tags, describe: describe::<A, R>, body, looks: false }
    }

    /// A command that writes one commit.
    pub fn write<A, R>(
        name: &'static str,
        needs: &'static str,
        tags: &'static [&'static str],
        run: fn(&mut Write<'_, '_>, A) -> Result<R>,
    ) -> Self
    where
        A: DeserializeOwned + TS + 'static,
        R: Serialize + TS + 'static,
    {
        let body = Body::Write(Box::new(move |write, args| answer(run(write, parse(args)?)?)));
        Self { name, needs, tags, describe: describe::<A, R>, body, looks: false }
    }

    /// A command that looks at what is not in the store, or opens a transaction of its own, and
    /// changes nothing a screen shows.
    pub fn look<A, R>(
        name: &'static str,
        needs: &'static str,
        tags: &'static [&'static str],
        run: fn(Task, A) -> Result<R>,
    ) -> Self
    where
        A: DeserializeOwned + TS + 'static,
        R: Serialize + TS + 'static,
    {
        Self { looks: true, ..Self::task(name, needs, tags, run) }
    }

    /// A command that opens its own transactions, or none.
    pub fn task<A, R>(
        name: &'static str,
        needs: &'static str,
        tags: &'static [&'static str],
        run: fn(Task, A) -> Result<R>,
    ) -> Self
    where
        A: DeserializeOwned + TS + 'static,
        R: Serialize + TS + 'static,
    {
        let body = Body::Task(Box::new(move |task, args| answer(run(task, parse(args)?)?)));
        Self { name, needs, tags, describe: describe::<A, R>, body, looks: false }
    }

    /// Whether it leaves the store as it was.
    pub fn reads(&self) -> bool {
        self.looks || matches!(self.body, Body::Read(_))
    }
}

/// No arguments.
#[derive(Debug, Clone, Default, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct Nothing {}

impl App {
    /// Runs a command for a caller and answers with its result, or with a sentence for the person.
    pub fn call(&self, caller: &Caller, name: &str, args: Value) -> Result<Value, Failure> {
        let run = || self.enter(caller, name, args);
        match catch_unwind(AssertUnwindSafe(run)) {
            Ok(Ok(value)) => Ok(value),
            Ok(Err(error)) => {
                let currency = self.standing().ok().map(|standing| standing.currency);
                let failure = error.failure_in(currency);
                match &error {
                    Error::Refused(_) | Error::Cancelled => {
                        tracing::info!(command = name, code = failure.code, "refused");
                    }
                    _ => tracing::error!(command = name, cause = ?error, "failed"),
                }
                Err(failure)
            }
            Err(_) => {
                // A broken promise of our own: the transaction has rolled back, the window lives.
                tracing::error!(command = name, "panicked");
                Err(Error::Broken(name.to_owned()).failure())
            }
        }
    }

    fn enter(&self, caller: &Caller, name: &str, mut args: Value) -> Result<Value> {
        let command = self.command(name).ok_or_else(|| {
            Refusal::from(say!("unknown_command", "There is no command \"{name}\".", name = name))
        })?;
        if command.needs == PUBLIC {
            let actor = Arc::new(Actor::operator());
            return self.run(command, caller, actor, None, args);
        }
        let actor = self.actor(caller)?;
        let approval = match args.as_object_mut().and_then(|fields| fields.remove("approval")) {
            None | Some(Value::Null) => None,
            Some(given) => {
                let approval = parse::<Approval>(given)?;
                if approval.reason.trim().is_empty() {
                    return Err(refuse_field!(
                        "reason",
                        "approval_reason",
                        "Say why this is allowed."
                    ));
                }
                Some(Approver {
                    actor: users::verify_approver(self, &approval)?,
                    reason: approval.reason,
                })
            }
        };
        self.run(command, caller, actor, approval, args)
    }

    fn run(
        &self,
        command: &Command,
        caller: &Caller,
        actor: Arc<Actor>,
        approver: Option<Approver>,
        args: Value,
    ) -> Result<Value> {
        let need = command.needs;
        match &command.body {
            Body::Read(run) => self.read(&actor, |read| {
                forbid(need, &read.actor, &read.standing)?;
                run(read, args)
            }),
            Body::Write(run) => {
                let value = self.write(&actor, approver, command.name, |write| {
                    if need.starts_with("pos:") {
                        write.permit(need, command.name, &format!("needs {need}"))?;
                    } else if need != PUBLIC {
                        forbid(need, &write.actor, &write.standing)?;
                    }
                    run(write, args)
                })?;
                self.tell(&Event::changed(command.tags));
                Ok(value)
            }
            Body::Task(run) => {
                if need != PUBLIC {
                    let standing = self.standing()?;
                    forbid(need, &actor, &standing)?;
                }
                let task = Task { app: self.clone(), caller: caller.clone(), actor };
                let value = run(task, args)?;
                if !command.reads() && !command.tags.is_empty() {
                    self.tell(&Event::changed(command.tags));
                }
                Ok(value)
            }
        }
    }

    /// Reads one state of the store.
    pub fn read<T>(
        &self,
        actor: &Arc<Actor>,
        run: impl FnOnce(&Read<'_>) -> Result<T>,
    ) -> Result<T> {
        let store = self.store()?;
        let standing = self.standing()?;
        store.read(|db| {
            run(&Read {
                db,
                standing,
                actor: Arc::clone(actor),
                now_ms: self.now_ms(),
                offset_min: self.offset_min(),
                app: self,
            })
        })
    }

    /// Writes one commit: everything or nothing.
    pub fn write<T>(
        &self,
        actor: &Arc<Actor>,
        approver: Option<Approver>,
        kind: &str,
        run: impl FnOnce(&mut Write<'_, '_>) -> Result<T>,
    ) -> Result<T> {
        let store = self.store()?;
        let standing = self.standing()?;
        let now_ms = self.now_ms();
        let offset_min = self.offset_min();
        let (terminal, scope) = (standing.terminal.terminal_id, standing.branch.scope_no);
        let reason = approver.as_ref().map(|approver| approver.reason.clone());
        let ctx = |db: &Connection| -> Result<WriteCtx> {
            let of_session = match actor.user_id {
                Some(user) => pos::business_date(db, terminal, user)?,
                None => None,
            };
            Ok(WriteCtx {
                user: actor.user_id.map(Id::bytes),
                business_date: of_session
                    .unwrap_or_else(|| finance::local_date(now_ms, offset_min)),
                offset_min,
                scope,
                at_ms: now_ms,
                reason,
            })
        };
        let committed = store.transact_with(kind, ctx, |tx| {
            let business_date = tx.ctx().business_date;
            run(&mut Write {
                tx,
                standing,
                actor: Arc::clone(actor),
                approver,
                now_ms,
                offset_min,
                business_date,
                app: self,
            })
        })?;
        if Standing::depends_on(&committed.tables) {
            self.forget_standing();
        }
        Ok(committed.value)
    }
}

fn forbid(need: &str, actor: &Actor, standing: &Standing) -> Result<()> {
    if [PUBLIC, SIGNED_IN].contains(&need) || actor.may(need, standing.branch.branch_id) {
        return Ok(());
    }
    Err(Refusal::new(
        "forbidden",
        format!("{} may not do this: it needs the permission {need}.", actor.name),
    )
    .fact("permission", need)
    .into())
}
