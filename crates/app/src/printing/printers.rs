//! Which printer prints what: settings of this machine, which never leave it.
//!
//! **Invariant:** a paper without a printer of its own goes to the receipt printer, or is refused
//! with what to do; it never disappears.

use lumbung_paper::transport::Destination;
use lumbung_paper::{DrawerPin, EscposOptions, Width};
use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::company;
use crate::error::{Error, Refusal, Result, refuse_field};

/// Where this machine keeps them.
const KEY: &str = "printers";

/// Longest name of a printer.
const NAME_LENGTH_MAX: usize = 60;

/// What a printer understands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum PrinterSpeech {
    /// A receipt printer.
    #[default]
    Escpos,
    /// A printer of sheets, or a folder.
    Pdf,
}

/// A printer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct Printer {
    /// What people call it.
    pub name: String,
    /// Where it is.
    pub destination: Destination,
    /// What it understands.
    #[serde(default)]
    pub speech: PrinterSpeech,
    /// Width of its paper in millimetres: 58 or 80; other papers have their own size.
    #[serde(default = "usual_width")]
    pub width_mm: u32,
    /// What a receipt printer can do.
    #[serde(default)]
    pub options: EscposOptions,
    /// To which pin the cash drawer is wired, if it is.
    #[serde(default)]
    pub drawer: Option<DrawerPin>,
    /// Where papers go while this printer does not answer.
    #[serde(default)]
    pub fallback: Option<Destination>,
}

const fn usual_width() -> u32 {
    80
}

impl Printer {
    /// Its paper.
    pub fn width(&self) -> Width {
        if self.width_mm == 58 { Width::Mm58 } else { Width::Mm80 }
    }

    /// What it is told, with or without opening the drawer.
    pub fn options(&self, open_drawer: bool) -> EscposOptions {
        let drawer_kick = if open_drawer { self.drawer } else { None };
        EscposOptions { drawer_kick, ..self.options.clone() }
    }
}

/// What a paper is printed on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum PaperKind {
    /// Receipts and slips.
    Receipt,
    /// X and Z reports.
    Session,
    /// Labels.
    Label,
    /// Invoices and other sheets.
    Invoice,
}

/// The printers of this machine, by what they print.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields, default)]
pub struct Printers {
    /// Receipts and slips.
    pub receipt: Option<Printer>,
    /// X and Z reports; without it they go to the receipt printer.
    pub session: Option<Printer>,
    /// Labels; without it they go to the receipt printer.
    pub label: Option<Printer>,
    /// Invoices.
    pub invoice: Option<Printer>,
}

impl Printers {
    /// Reads them.
    pub fn load(db: &Connection) -> Result<Self> {
        match company::store::local_setting(db, KEY)? {
            None => Ok(Self::default()),
            Some(text) => {
                serde_json::from_str(&text).map_err(|error| Error::Broken(error.to_string()))
            }
        }
    }

    /// Keeps them.
    pub fn save(&self, db: &Connection) -> Result<()> {
        for (field, printer) in [
            ("receipt", &self.receipt),
            ("session", &self.session),
            ("label", &self.label),
            ("invoice", &self.invoice),
        ] {
            if let Some(printer) = printer {
                check(field, printer)?;
            }
        }
        let text = serde_json::to_string(self).map_err(|error| Error::Broken(error.to_string()))?;
        company::store::save_local_setting(db, KEY, &text)
    }

    /// The printer for a kind of paper.
    pub fn of(&self, kind: PaperKind) -> Result<&Printer> {
        let (own, what) = match kind {
            PaperKind::Receipt => (&self.receipt, "receipts"),
            PaperKind::Session => (&self.session, "reports"),
            PaperKind::Label => (&self.label, "labels"),
            PaperKind::Invoice => (&self.invoice, "invoices"),
        };
        let other = if kind == PaperKind::Invoice { &None } else { &self.receipt };
        own.as_ref().or(other.as_ref()).ok_or_else(|| {
            let message = format!(
                "No printer is chosen for {what}: choose one under Settings, or save the paper \
                 as PDF."
            );
            Refusal::new("no_printer", message).fact("papers", what).into()
        })
    }
}

fn check(field: &str, printer: &Printer) -> Result<()> {
    let length = printer.name.trim().chars().count();
    if length == 0 || length > NAME_LENGTH_MAX {
        return Err(refuse_field!(
            field,
            "printer_name",
            "A printer has a name of 1 to {limit} characters.",
            limit = NAME_LENGTH_MAX
        ));
    }
    if ![58, 80].contains(&printer.width_mm) {
        return Err(refuse_field!(field, "paper_width", "Receipt paper is 58 or 80 mm wide."));
    }
    if printer.options.code_pages.is_empty() {
        return Err(refuse_field!(
            field,
            "printer_code_page",
            "A receipt printer knows at least one code page."
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn printer(name: &str) -> Printer {
        Printer {
            name: name.to_owned(),
            destination: Destination::Folder { path: "papers".into() },
            speech: PrinterSpeech::Pdf,
            width_mm: 80,
            options: EscposOptions::default(),
            drawer: None,
            fallback: None,
        }
    }

    #[test]
    fn a_paper_goes_to_its_own_printer_then_to_the_receipt_printer_but_an_invoice_is_a_sheet() {
        let mut printers = Printers { receipt: Some(printer("till")), ..Printers::default() };
        let name = |printers: &Printers, kind| {
            printers.of(kind).map(|printer| printer.name.clone()).map_err(|e| e.failure().code)
        };
        assert_eq!(name(&printers, PaperKind::Session), Ok("till".to_owned()));
        assert_eq!(name(&printers, PaperKind::Invoice), Err("no_printer".to_owned()));
        printers.session = Some(printer("office"));
        assert_eq!(name(&printers, PaperKind::Session), Ok("office".to_owned()));
        assert_eq!(name(&Printers::default(), PaperKind::Receipt), Err("no_printer".to_owned()));
    }

    #[test]
    fn a_printer_needs_a_name_and_paper_that_exists() {
        assert!(check("receipt", &printer(" ")).is_err());
        assert!(check("receipt", &Printer { width_mm: 76, ..printer("till") }).is_err());
        assert!(check("receipt", &printer("till")).is_ok());
    }
}
