//! Head office at its desk: the machines of a company, looked after from the screens.
//!
//! **Invariant:** the application has checked who asks before anything here is done.

use lumbung_app::sync::office::{CodeWanted, KnownMachine, MachineState, ParkedEntry};
use lumbung_app::sync::{Centre, office};
use lumbung_app::{Error, Result};
use lumbung_sync::Origin;
use lumbung_sync::authority::OriginState;
use tokio::runtime::Handle;

use crate::centre::Clock;
use crate::enrol::{Admits, make_code};
use crate::log::{CommitLog, Known, LogError, OriginKind, Quarantined};
use crate::replica::Makings;

/// The centre as the application sees it. It blocks.
pub struct Office<L> {
    log: L,
    clock: Clock,
    runtime: Handle,
}

impl<L: CommitLog> Office<L> {
    /// The office of every company of a log.
    pub fn new(makings: &Makings<L>) -> Self {
        let Makings { log, clock, runtime, .. } = makings;
        Self { log: log.clone(), clock: clock.clone(), runtime: runtime.clone() }
    }
}

fn refused(error: LogError) -> Error {
    let code = match &error {
        LogError::NotQuarantined | LogError::UnknownOrigin => "not_found",
        LogError::NotNext { .. } => "not_next",
        other => {
            tracing::error!(cause = ?other, "the log refused the office");
            "store"
        }
    };
    lumbung_app::Refusal::new(code, error.to_string()).into()
}

fn shown(state: OriginState) -> MachineState {
    match state {
        OriginState::Active => MachineState::Active,
        OriginState::Closed => MachineState::Closed,
        OriginState::Revoked => MachineState::Revoked,
    }
}

fn machine(known: Known, kept: &[Quarantined]) -> KnownMachine {
    let origin = known.known.origin;
    let parked = kept.iter().filter(|commit| commit.origin == origin).count();
    KnownMachine {
        origin,
        terminal: known.terminal,
        series: known.series,
        state: shown(known.known.state),
        seen_at: known.seen.as_ref().map(|seen| seen.at_ms),
        clock_off_ms: known.seen.as_ref().map(|seen| seen.clock_off_ms),
        app: known.seen.map(|seen| seen.app).unwrap_or_default(),
        entries: known.known.head.ctr,
        parked: parked as u64,
    }
}

impl<L: CommitLog> Centre for Office<L> {
    fn issue(&self, company: [u8; 16], wanted: &CodeWanted) -> Result<String> {
        let office::CodeWanted { terminal, series, scopes, minutes } = wanted.clone();
        let admits = Admits::Terminal { company, terminal, series, scopes };
        let made = make_code(&self.log, admits, minutes, (self.clock)());
        self.runtime
            .block_on(made)
            .map_err(|no| lumbung_app::Refusal::from(no.into_failure()).into())
    }

    fn machines(&self, company: [u8; 16]) -> Result<Vec<KnownMachine>> {
        let asked = async {
            let kept = self.log.quarantine(&company).await?;
            Ok::<_, LogError>((self.log.origins(&company).await?, kept))
        };
        let (origins, kept) = self.runtime.block_on(asked).map_err(refused)?;
        let terminals = origins.into_iter().filter(|known| known.kind == OriginKind::Terminal);
        Ok(terminals.map(|known| machine(known, &kept)).collect())
    }

    fn set_state(&self, company: [u8; 16], origin: &Origin, state: MachineState) -> Result<()> {
        let state = match state {
            MachineState::Active => OriginState::Active,
            MachineState::Closed => OriginState::Closed,
            MachineState::Revoked => OriginState::Revoked,
        };
        let done = async {
            let known = self.log.origin(&company, origin).await?;
            // The centre does not shut itself out.
            if known.is_none_or(|known| known.kind == OriginKind::Server) {
                return Err(LogError::UnknownOrigin);
            }
            self.log.set_state(&company, origin, state, (self.clock)()).await
        };
        self.runtime.block_on(done).map_err(refused)?;
        tracing::warn!(origin = crate::words::id(origin), ?state, "a machine's standing changed");
        Ok(())
    }

    fn parked(&self, company: [u8; 16]) -> Result<Vec<ParkedEntry>> {
        let kept = self.runtime.block_on(self.log.quarantine(&company)).map_err(refused)?;
        let entry = |kept: Quarantined| ParkedEntry {
            origin: kept.origin,
            ctr: kept.ctr,
            received_at: kept.received_ms,
            header: kept.commit.header,
            body: kept.commit.body,
        };
        Ok(kept.into_iter().map(entry).collect())
    }

    fn release(&self, company: [u8; 16], origin: &Origin, ctr: u64) -> Result<()> {
        let released = async {
            let kept = self.log.quarantine(&company).await?;
            let mut found = kept.iter().filter(|kept| kept.origin == *origin && kept.ctr == ctr);
            let commit = found.next().ok_or(LogError::NotQuarantined)?;
            self.log.release(&company, &commit.hash, (self.clock)()).await
        };
        self.runtime.block_on(released).map_err(refused)?;
        tracing::warn!(origin = crate::words::id(origin), ctr, "let out of quarantine");
        Ok(())
    }
}
