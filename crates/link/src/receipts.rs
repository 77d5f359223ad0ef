//! Asks the centre whether it counts the same receipts, and keeps its signed word.
//!
//! **Invariant:** "the same" is said only over the centre's own signature of the very question.

use ed25519_dalek::{Signature, VerifyingKey};
use lumbung_app::App;
use lumbung_app::exceptions::{Report, Rule};
use lumbung_app::sync::reconcile::{self, Question, Tally, tally};
use lumbung_app::sync::store::{self, Centre, Reconciled};
use lumbung_sync::access::{ReconcileAnswer, ReconcileRequest};

use crate::error::{Line, LineError};
use crate::http::{Http, Speaker};

/// Sessions asked about after one exchange.
const SESSIONS_AT_ONCE: u32 = 4;
/// Receipts of the last days are asked about no more often than this.
pub(crate) const EVERY_MS: i64 = 10 * 60_000;

/// Asks about sessions that were counted, and from time to time about the receipts of some days.
/// Gives whether anything was asked.
pub(crate) async fn compare(
    app: &App,
    http: &Http,
    speaker: &Speaker<'_>,
    centre: &Centre,
) -> Line<bool> {
    let books = app.store()?;
    let (info, now_ms) = (books.info(), app.now_ms());
    let terminal_id = store::terminal_id(info.terminal);
    let since = reconcile::recent(now_ms, app.offset_min());
    let questions = books.read(|db| -> lumbung_app::Result<Vec<Question>> {
        let seq = store::read_up_to(db)?;
        let sessions = store::sessions_to_reconcile(db, info.terminal, SESSIONS_AT_ONCE)?;
        let of = |session_id| Question { terminal_id, session_id, since: None, seq };
        let mut questions: Vec<Question> =
            sessions.into_iter().map(|session| of(Some(session))).collect();
        let before = store::reconciled(db, None)?;
        let (said_seq, same) = before.as_ref().map_or((0, true), |said| (said.seq, said.same));
        let (newer, _) = store::receipts_after(db, info.terminal, since, said_seq)?;
        let is_old = before.is_none_or(|said| !(0..EVERY_MS).contains(&(now_ms - said.asked_at)));
        if (newer > 0 || !same) && (is_old || !questions.is_empty()) {
            questions.push(Question { since: Some(since), ..of(None) });
        }
        Ok(questions)
    })?;
    for question in &questions {
        ask(app, http, speaker, centre, question).await?;
    }
    Ok(!questions.is_empty())
}

async fn ask(
    app: &App,
    http: &Http,
    speaker: &Speaker<'_>,
    centre: &Centre,
    question: &Question,
) -> Line<()> {
    let books = app.store()?;
    let text = serde_json::to_string(question).map_err(LineError::strange)?;
    let asked = ReconcileRequest { terminal: books.info().terminal, question: text };
    let (answer, _): (ReconcileAnswer, _) = http.ask(speaker, "reconcile", &asked).await?;
    let signature = Signature::from_slice(&answer.sig).map_err(LineError::strange)?;
    let key = VerifyingKey::from_bytes(&centre.key).map_err(LineError::strange)?;
    key.verify_strict(&answer.signed_bytes(&asked)?, &signature).map_err(LineError::strange)?;
    if answer.seq < question.seq {
        // The centre has not looked that far; it is asked again after the next exchange.
        return Ok(());
    }
    let theirs: Tally = serde_json::from_str(&answer.answer).map_err(LineError::strange)?;
    let ours = books.read(|db| tally(db, question))?;
    let same = ours == theirs;
    if !same {
        tracing::error!(?question, ?ours, ?theirs, "the centre counts other receipts");
        tell(app, &ours, &theirs)?;
    }
    let said = Reconciled {
        asked_at: app.now_ms(),
        session_id: question.session_id,
        seq: question.seq,
        ours: serde_json::to_string(&ours).map_err(LineError::strange)?,
        theirs: answer.answer,
        same,
        signature: answer.sig,
    };
    books.local(|db| store::add_reconciled(db, &said))?;
    Ok(())
}

/// Says what needs a person: the owner hears of it on every node.
fn tell(app: &App, ours: &Tally, theirs: &Tally) -> Line<()> {
    let standing = app.standing()?;
    let terminal = uuid::Uuid::from_bytes(app.store()?.info().terminal);
    let counted = |tally: &Tally| tally.receipts.to_string();
    let facts = [("here", counted(ours)), ("there", counted(theirs))];
    let report = Report {
        rule: Rule::ReceiptsDiffer,
        subject: terminal,
        cause: terminal,
        name: standing.terminal.name.clone(),
        facts: facts.map(|(name, fact)| (name.to_owned(), fact)).into(),
    };
    app.report_exception(report)?;
    Ok(())
}
