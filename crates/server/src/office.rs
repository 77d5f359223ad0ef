//! Head office's own screen of machines: codes that let them in, where they stand, what is kept
//! apart.
//!
//! **Invariant:** the application decides who may ask; here it is only done.

use std::sync::Arc;

use lumbung_app::sync::Centre;
use lumbung_app::sync::office::{CodeWanted, KnownMachine, MachineState, ParkedEntry};
use lumbung_app::{Refusal, Result};
use lumbung_sync::Origin;
use lumbung_sync::authority::OriginState;
use tokio::runtime::Handle;

use crate::centre::Clock;
use crate::enrol::{Admits, put_code};
use crate::http::failure::Refused;
use crate::log::{CommitLog, LogError, OriginKind, Quarantined};

/// What head office may do over a log. It blocks: never call it on a thread of the runtime.
pub struct Office<L> {
    log: L,
    clock: Clock,
    runtime: Handle,
}

impl<L: CommitLog> Office<L> {
    /// Over this log.
    pub fn new(log: L, clock: Clock, runtime: Handle) -> Arc<Self> {
        Arc::new(Self { log, clock, runtime })
    }

    fn kept_apart(&self, company: [u8; 16]) -> Result<Vec<Quarantined>> {
        self.runtime.block_on(self.log.quarantine(&company)).map_err(refused)
    }
}

fn refused(error: LogError) -> lumbung_app::Error {
    said(Refused::from(error))
}

fn said(no: Refused) -> lumbung_app::Error {
    Refusal(Box::new(no.into_failure())).into()
}

impl<L: CommitLog> Centre for Office<L> {
    fn issue(&self, company: [u8; 16], wanted: &CodeWanted) -> Result<String> {
        let CodeWanted { terminal, series, scopes, minutes } = wanted.clone();
        let admits = Admits::Terminal { company, terminal, series, scopes };
        let now_ms = (self.clock)();
        self.runtime.block_on(put_code(&self.log, now_ms, admits, minutes)).map_err(said)
    }

    fn machines(&self, company: [u8; 16]) -> Result<Vec<KnownMachine>> {
        let kept = self.kept_apart(company)?;
        let origins = self.runtime.block_on(self.log.origins(&company)).map_err(refused)?;
        let terminals = origins.into_iter().filter(|known| known.kind == OriginKind::Terminal);
        let shown = terminals.map(|known| {
            let origin = known.known.origin;
            let parked = kept.iter().filter(|one| one.origin == origin).count();
            let seen = known.seen.as_ref();
            KnownMachine {
                origin,
                terminal: known.terminal,
                series: known.series.clone(),
                state: match known.known.state {
                    OriginState::Active => MachineState::Active,
                    OriginState::Closed => MachineState::Closed,
                    OriginState::Revoked => MachineState::Revoked,
                },
                seen_at: seen.map(|seen| seen.at_ms),
                clock_off_ms: seen.map(|seen| seen.clock_off_ms),
                app: seen.map(|seen| seen.app.clone()).unwrap_or_default(),
                entries: known.known.head.ctr,
                parked: parked as u64,
            }
        });
        Ok(shown.collect())
    }

    fn set_state(&self, company: [u8; 16], origin: &Origin, state: MachineState) -> Result<()> {
        let state = match state {
            MachineState::Active => OriginState::Active,
            MachineState::Closed => OriginState::Closed,
            MachineState::Revoked => OriginState::Revoked,
        };
        let now_ms = (self.clock)();
        let set = async {
            // The centre does not shut itself out.
            let known = self.log.origin(&company, origin).await?;
            if known.is_none_or(|known| known.kind == OriginKind::Server) {
                return Err(LogError::UnknownOrigin);
            }
            self.log.set_state(&company, origin, state, now_ms).await
        };
        self.runtime.block_on(set).map_err(refused)
    }

    fn parked(&self, company: [u8; 16]) -> Result<Vec<ParkedEntry>> {
        let kept = self.kept_apart(company)?.into_iter().map(|one| ParkedEntry {
            origin: one.origin,
            ctr: one.ctr,
            received_at: one.received_ms,
            header: one.commit.header,
            body: one.commit.body,
        });
        Ok(kept.collect())
    }

    fn release(&self, company: [u8; 16], origin: &Origin, ctr: u64) -> Result<()> {
        let kept = self.kept_apart(company)?;
        let one = kept.iter().find(|one| one.origin == *origin && one.ctr == ctr);
        let one = one.ok_or_else(|| Refusal::new("not_found", "This entry is not kept apart."))?;
        let release = self.log.release(&company, &one.hash, (self.clock)());
        self.runtime.block_on(release).map_err(refused)?;
        Ok(())
    }
}
