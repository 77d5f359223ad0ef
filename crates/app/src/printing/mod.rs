//! Papers: preview, print, save as PDF; receipts, slips, reports, labels, invoices.
//!
//! **Invariant:** a paper shows only what is durably stored. The first paper of a document is its
//! original; every further one says COPY n and is on record before it is printed.

mod account;
mod documents;
mod drawer;
mod labels;
mod printers;
mod queue;
mod sample;
mod session;
mod store;

use std::path::PathBuf;
use std::sync::Arc;

use chrono::NaiveDate;
use lumbung_domain::ids::{CashMovementId, CustomerId, PaymentId, PrintJobId, SaleId, SessionId};
use lumbung_domain::num::{Money, Qty};
use lumbung_domain::said::Said;
use lumbung_domain::tender::TenderKind;
use lumbung_paper::{Layouts, PaperError, PreviewLine, Printed, Strip};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::app::io_error;
use crate::commands::commands;
use crate::door::{Command, Nothing, Read, Write};
use crate::error::{Error, Refusal, Result};
use crate::pos;
use crate::pos::rows::PosEventRow;

pub use documents::moment;
pub use drawer::{DrawerFor, drawer_for, open_drawer};
pub use labels::{LabelItem, Labels, StockList, labels, stocks};
pub use printers::{PaperKind, Printer, PrinterSpeech, Printers};
pub use queue::{PrintJob, PrintJobRef, cancel, list as queue, retry, run as run_queue};

/// The commands of this feature.
pub(crate) fn commands() -> Vec<Command> {
    commands! {
        read  "print.sample"   => sample::sample, needs "settings:read", from [company];
        read  "print.preview"  => preview,       needs "pos:read",  from    [pos, printing];
        write "print.document" => document,      needs "pos:read",  touches [printing];
        write "print.pdf"      => save_pdf,      needs "pos:read",  touches [printing];
        write "print.drawer"   => drawer_for,    needs "pos:sell",  touches [printing];
        write "print.labels"   => labels,        needs "catalogue:read", touches [printing];
        read  "print.label_stocks" => stocks,    needs "catalogue:read", from [];
        read  "print.queue"    => queue,         needs "pos:read",  from    [printing, print_queue];
        write "print.retry"    => retry,         needs "pos:read",  touches [printing];
        write "print.cancel"   => cancel,        needs "pos:read",  touches [printing];
        read  "print.printers" => printers,      needs "pos:read",  from    [printing];
        write "print.save_printers" => save_printers, needs "settings:edit", touches [printing];
        write "print.test"     => test,          needs "settings:edit", touches [printing];
    }
}

/// The event of an original.
const FIRST: &str = "print";

/// The permission to see what an open session came to.
const X_REPORT: &str = "pos:x_report";

/// The event of a copy.
const AGAIN: &str = "reprint";

/// The paper a person asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum PaperRef {
    /// The receipt of a sale, return or void.
    Receipt {
        /// Which one.
        sale_id: SaleId,
    },
    /// The same as a sheet.
    Invoice {
        /// Which one.
        sale_id: SaleId,
    },
    /// The slip of the store credit issued with a return.
    StoreCredit {
        /// Which return.
        sale_id: SaleId,
    },
    /// The X report of an open session, the Z report of a closed one.
    Session {
        /// Which one.
        session_id: SessionId,
    },
    /// The slip of cash put in, paid out or dropped.
    CashMovement {
        /// Which one.
        cash_movement_id: CashMovementId,
    },
    /// The slip of a payment of what a customer owes.
    AccountPayment {
        /// Which one.
        payment_id: PaymentId,
    },
    /// A customer's account from one day to another, as a sheet.
    Statement {
        /// Whose.
        customer_id: CustomerId,
        /// First day.
        #[ts(type = "string")]
        from: NaiveDate,
        /// Last day.
        #[ts(type = "string")]
        to: NaiveDate,
    },
}

impl PaperRef {
    fn paper_kind(self) -> PaperKind {
        match self {
            Self::Receipt { .. }
            | Self::StoreCredit { .. }
            | Self::CashMovement { .. }
            | Self::AccountPayment { .. } => PaperKind::Receipt,
            Self::Session { .. } => PaperKind::Session,
            Self::Invoice { .. } | Self::Statement { .. } => PaperKind::Invoice,
        }
    }
}

/// A paper, and nothing else.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct PaperArg {
    /// Which one.
    pub paper: PaperRef,
}

/// A paper on the screen.
#[derive(Debug, Clone, Serialize, TS)]
pub struct PaperPreview {
    /// Its number or name.
    pub title: String,
    /// Its lines.
    pub lines: Vec<PreviewLine>,
    /// Which copy it would be if it were printed now; `null` for the original.
    pub copy: Option<u32>,
    /// What could not be drawn as asked.
    pub warnings: Vec<Said>,
}

/// A paper to be printed.
#[derive(Debug, Clone, Copy, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct Print {
    /// Which one.
    pub paper: PaperRef,
    /// Whether the drawer opens with it; only for the original of a receipt with cash.
    #[serde(default)]
    #[ts(as = "Option<_>", optional)]
    pub open_drawer: bool,
}

/// A paper in the queue of its printer.
#[derive(Debug, Clone, Serialize, TS)]
pub struct PrintQueued {
    /// The paper.
    pub print_job_id: PrintJobId,
    /// For which printer.
    pub printer: String,
    /// Which copy it is; `null` for the original.
    pub copy: Option<u32>,
    /// What could not be drawn as asked.
    pub warnings: Vec<Said>,
}

/// A paper saved as a file.
#[derive(Debug, Clone, Serialize, TS)]
pub struct PaperSaved {
    /// The file.
    pub path: String,
    /// Which copy it is; `null` for the original.
    pub copy: Option<u32>,
    /// What could not be drawn as asked.
    pub warnings: Vec<Said>,
}

/// A paper laid out.
enum Laid {
    Roll(Strip),
    Sheet(Printed),
}

impl From<PaperError> for Error {
    fn from(error: PaperError) -> Self {
        Refusal::from(error.said()).into()
    }
}

fn words(warnings: &[lumbung_paper::PaperWarning]) -> Vec<Said> {
    warnings.iter().map(lumbung_paper::PaperWarning::said).collect()
}

/// What a reading use case sees inside a writing one.
fn as_read<'a>(write: &'a Write<'_, '_>) -> Read<'a> {
    Read {
        db: write.db(),
        standing: Arc::clone(&write.standing),
        actor: Arc::clone(&write.actor),
        now_ms: write.now_ms,
        offset_min: write.offset_min,
        app: write.app,
    }
}

/// Lays a paper out: its title and its lines.
fn lay(read: &Read<'_>, paper: PaperRef, copy: Option<u32>) -> Result<(String, Laid)> {
    let (db, standing) = (read.db, &*read.standing);
    let layouts = sample::layouts(&standing.settings.receipt)?;
    let language = documents::language(standing);
    let doc = match paper {
        PaperRef::Receipt { sale_id } => documents::receipt(db, standing, sale_id, copy)?,
        PaperRef::StoreCredit { sale_id } => documents::store_credit(db, standing, sale_id, copy)?,
        PaperRef::CashMovement { cash_movement_id } => {
            documents::cash_slip(read, cash_movement_id, copy)?
        }
        PaperRef::AccountPayment { payment_id } => {
            account::payment(db, standing, payment_id, copy)?
        }
        PaperRef::Statement { customer_id, from, to } => {
            let doc = account::statement(read, customer_id, from, to)?;
            let whose = doc.scope.first().cloned().unwrap_or_default();
            let title = format!("{} {whose} {from} {to}", doc.title);
            return Ok((title, Laid::Sheet(lumbung_paper::report(&doc, &layouts, language)?)));
        }
        PaperRef::Session { session_id } => {
            let doc = session::session(read, session_id, copy)?;
            let now = || moment(read.now_ms, i64::from(read.offset_min), language);
            let title = doc.number.clone();
            // There may be many X reports of one session: each is a paper of its own.
            let title = title.unwrap_or_else(|| format!("X {} {}", doc.session, now()));
            let strip = lumbung_paper::session_report(&doc, &layouts, language);
            return Ok((title, Laid::Roll(strip)));
        }
        PaperRef::Invoice { sale_id } => {
            let doc = documents::invoice(db, standing, sale_id, copy)?;
            let sheet = lumbung_paper::invoice(&doc, &layouts, language)?;
            return Ok((doc.number, Laid::Sheet(sheet)));
        }
    };
    let strip = lumbung_paper::receipt(&doc, &layouts, language)?;
    Ok((doc.number, Laid::Roll(strip)))
}

/// How an event of a paper is told from those of others.
struct Trace {
    sale_id: Option<SaleId>,
    session_id: Option<SessionId>,
    detail: String,
}

/// Where the papers of a document are counted; an X report is none.
fn trace(read: &Read<'_>, paper: PaperRef) -> Result<Option<Trace>> {
    let of_sale = |sale_id, detail: &str| Trace {
        sale_id: Some(sale_id),
        session_id: None,
        detail: detail.to_owned(),
    };
    Ok(match paper {
        PaperRef::Receipt { sale_id } => Some(of_sale(sale_id, "receipt")),
        PaperRef::Invoice { sale_id } => Some(of_sale(sale_id, "invoice")),
        PaperRef::StoreCredit { sale_id } => Some(of_sale(sale_id, "store_credit")),
        PaperRef::Session { session_id } => pos::store::close(read.db, session_id)?.map(|close| {
            Trace { sale_id: None, session_id: Some(session_id), detail: close.number }
        }),
        PaperRef::CashMovement { cash_movement_id } => {
            store::cash_movement(read.db, cash_movement_id)?.map(|row| Trace {
                sale_id: None,
                session_id: Some(row.session_id),
                detail: row.number,
            })
        }
        PaperRef::AccountPayment { payment_id } => {
            pos::store::account_payment(read.db, payment_id)?.map(|row| Trace {
                sale_id: None,
                session_id: Some(row.session_id),
                detail: row.number,
            })
        }
        PaperRef::Statement { .. } => None,
    })
}

fn times(read: &Read<'_>, trace: &Trace, kind: &str) -> Result<u32> {
    match (trace.sale_id, trace.session_id) {
        (Some(sale_id), _) => store::sale_events(read.db, sale_id, kind, &trace.detail),
        (None, Some(session_id)) => store::session_events(read.db, session_id, kind, &trace.detail),
        (None, None) => Ok(0),
    }
}

/// Which copy the next paper of a document is.
fn next_copy(read: &Read<'_>, paper: PaperRef) -> Result<(Option<Trace>, Option<u32>)> {
    let Some(trace) = trace(read, paper)? else { return Ok((None, None)) };
    if times(read, &trace, FIRST)? == 0 {
        return Ok((Some(trace), None));
    }
    let copies = times(read, &trace, AGAIN)?;
    Ok((Some(trace), Some(copies + 1)))
}

/// The open session of who acts.
fn my_session(write: &Write<'_, '_>) -> Result<Option<SessionId>> {
    let open = pos::store::open_sessions(write.db(), write.standing.terminal.terminal_id)?;
    let mine = open.into_iter().find(|session| Some(session.cashier_id) == write.actor.user_id);
    Ok(mine.map(|session| session.session_id))
}

/// Puts a paper on record before it exists; answers with which copy it is.
fn issue(write: &mut Write<'_, '_>, paper: PaperRef) -> Result<Option<u32>> {
    let (trace, copy) = next_copy(&as_read(write), paper)?;
    if let Some(copy) = copy {
        write.permit("pos:reprint", "reprint", &format!("copy {copy}"))?;
    } else if matches!(paper, PaperRef::Session { .. }) && trace.is_none() {
        write.permit(X_REPORT, "x_report", "an X report")?;
    }
    let Some(trace) = trace else { return Ok(None) };
    // A copy counts in the session in which it is made.
    let session_id = match trace.session_id {
        Some(session_id) => Some(session_id),
        None => my_session(write)?,
    };
    let event_id = write.id();
    write.tx.insert(&PosEventRow {
        event_id,
        session_id,
        kind: if copy.is_some() { AGAIN } else { FIRST }.to_owned(),
        sale_id: trace.sale_id,
        product_id: None,
        qty: Qty::ZERO,
        amount: Money::ZERO,
        reason: String::new(),
        detail: trace.detail,
        user_id: write.actor.user_id,
        happened_at: write.now_ms,
    })?;
    Ok(copy)
}

/// `print.preview`: a paper as it would be printed now.
pub fn preview(read: &Read<'_>, given: PaperArg) -> Result<PaperPreview> {
    let (trace, copy) = next_copy(read, given.paper)?;
    if trace.is_none() && matches!(given.paper, PaperRef::Session { .. }) {
        // What an X report shows would help to count a drawer that is to be counted blind.
        let branch = Some(read.standing.branch.branch_id);
        if !read.actor.grants.allows(X_REPORT, branch) {
            let message = format!("{} may not see an X report.", read.actor.name);
            return Err(Refusal::new("forbidden", message).fact("permission", X_REPORT).into());
        }
    }
    // A sheet is shown by its content: the same sale as a receipt.
    let shown = match given.paper {
        PaperRef::Invoice { sale_id } => PaperRef::Receipt { sale_id },
        other => other,
    };
    let (title, laid) = lay(read, shown, copy)?;
    // A statement is the table on the screen already; its sheet has no strip.
    let (lines, warnings) = match &laid {
        Laid::Roll(strip) => (strip.preview(), words(strip.warnings())),
        Laid::Sheet(sheet) => (Vec::new(), words(&sheet.warnings)),
    };
    Ok(PaperPreview { title, lines, copy, warnings })
}

/// `print.document`: puts a paper on record and into the queue of its printer.
pub fn document(write: &mut Write<'_, '_>, given: Print) -> Result<PrintQueued> {
    let printers = Printers::load(write.db())?;
    let printer = printers.of(given.paper.paper_kind())?;
    let copy = issue(write, given.paper)?;
    let (title, laid) = lay(&as_read(write), given.paper, copy)?;
    let open_drawer = given.open_drawer && copy.is_none() && takes_cash(write, given.paper)?;
    let printed = match laid {
        Laid::Sheet(sheet) => sheet,
        Laid::Roll(strip) => draw(&strip, printer, open_drawer)?,
    };
    let warnings = words(&printed.warnings);
    let job = queue::add(write.db(), printer, &title, printed.bytes, write.now_ms)?;
    Ok(PrintQueued {
        print_job_id: job.print_job_id,
        printer: printer.name.clone(),
        copy,
        warnings,
    })
}

/// A strip in the words of its printer.
fn draw(strip: &Strip, printer: &Printer, open_drawer: bool) -> Result<Printed> {
    Ok(match printer.speech {
        PrinterSpeech::Escpos => strip.escpos(printer.width(), &printer.options(open_drawer))?,
        PrinterSpeech::Pdf => strip.pdf(printer.width())?,
    })
}

/// Whether a receipt moved cash.
fn takes_cash(write: &Write<'_, '_>, paper: PaperRef) -> Result<bool> {
    let PaperRef::Receipt { sale_id } = paper else { return Ok(false) };
    let tenders = pos::store::sale_tenders(write.db(), sale_id)?;
    Ok(tenders.iter().any(|tender| tender.kind == TenderKind::Cash.as_str()))
}

/// `print.pdf`: puts a paper on record and saves it as a file in the data folder.
pub fn save_pdf(write: &mut Write<'_, '_>, given: PaperArg) -> Result<PaperSaved> {
    let copy = issue(write, given.paper)?;
    let (title, laid) = lay(&as_read(write), given.paper, copy)?;
    let width = if write.standing.settings.receipt.width_mm == 58 {
        lumbung_paper::Width::Mm58
    } else {
        lumbung_paper::Width::Mm80
    };
    let printed = match laid {
        Laid::Sheet(sheet) => sheet,
        Laid::Roll(strip) => strip.pdf(width)?,
    };
    let warnings = words(&printed.warnings);
    let sheet = given.paper.paper_kind() == PaperKind::Invoice;
    let mut name = if sheet { format!("{title} A4") } else { title };
    if let Some(copy) = copy {
        name = format!("{name} copy {copy}");
    }
    // Written last: when the file cannot be written, nothing is on record either.
    let path = save(write.app, &name, &printed.bytes)?;
    Ok(PaperSaved { path: path.display().to_string(), copy, warnings })
}

/// Saves a paper in the data folder.
fn save(app: &crate::App, name: &str, bytes: &[u8]) -> Result<PathBuf> {
    let folder = papers_folder(app);
    std::fs::create_dir_all(&folder)
        .map_err(io_error(format!("{} could not be made", folder.display())))?;
    let name: String = name
        .chars()
        .map(|c| if c.is_alphanumeric() || " -_".contains(c) { c } else { '_' })
        .collect();
    let path = folder.join(format!("{name}.pdf"));
    std::fs::write(&path, bytes)
        .map_err(io_error(format!("{} could not be written", path.display())))?;
    Ok(path)
}

/// Where papers are saved.
pub(crate) fn papers_folder(app: &crate::App) -> PathBuf {
    app.dir().join("papers")
}

/// `print.printers`: the printers of this machine.
pub fn printers(read: &Read<'_>, _: Nothing) -> Result<Printers> {
    Printers::load(read.db)
}

/// `print.save_printers`: keeps the printers of this machine.
pub fn save_printers(write: &mut Write<'_, '_>, given: Printers) -> Result<Nothing> {
    given.save(write.db())?;
    Ok(Nothing {})
}

/// A printer to be tried.
#[derive(Debug, Clone, Copy, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct TestPrint {
    /// The printer of this kind of paper.
    pub paper: PaperKind,
}

/// `print.test`: sends a page to a printer that shows what it can do.
pub fn test(write: &mut Write<'_, '_>, given: TestPrint) -> Result<PrintQueued> {
    let printers = Printers::load(write.db())?;
    let printer = printers.of(given.paper)?;
    let language = documents::language(&write.standing);
    let strip = lumbung_paper::test_page(&printer.name, &Layouts::default(), language);
    let printed = draw(&strip, printer, true)?;
    let warnings = words(&printed.warnings);
    let job = queue::add(write.db(), printer, "test", printed.bytes, write.now_ms)?;
    Ok(PrintQueued {
        print_job_id: job.print_job_id,
        printer: printer.name.clone(),
        copy: None,
        warnings,
    })
}
