//! A summary of sales as text for a terminal.
//!
//! **Invariant:** it prints what the summary holds and calculates nothing.

use std::fmt::{self, Write as _};

use lumbung_domain::currency::Currency;
use lumbung_domain::num::Money;

use super::summary::SalesSummary;

impl SalesSummary {
    /// The summary as text for a terminal.
    pub fn text(&self) -> String {
        let mut out = String::new();
        // Writing to a string cannot fail.
        let _ = self.heading(&mut out);
        let _ = self.by_class(&mut out);
        let _ = self.sums(&mut out);
        let _ = self.lists(&mut out);
        let _ = self.remarks(&mut out);
        out
    }

    fn heading(&self, out: &mut String) -> fmt::Result {
        let done = if self.dry_run { "would be imported (trial)" } else { "imported" };
        writeln!(out, "{}: {} lines, {} documents {done}", self.file, self.lines, self.invoices)?;
        writeln!(out, "  lines in the file        {}", self.lines_read)?;
        writeln!(
            out,
            "  here already, left out   {} documents, {} lines",
            self.skipped_invoices, self.skipped_lines
        )?;
        writeln!(out, "  not understood           {} lines", self.error_count)?;
        writeln!(out, "  from {} to {}, {} trading days", self.first, self.last, self.days)
    }

    fn by_class(&self, out: &mut String) -> fmt::Result {
        let mut row = |name: &str, numbers: [String; 5]| {
            let [lines, documents, quantity, exact, posted] = numbers;
            writeln!(
                out,
                "{name:<16} {lines:>9} {documents:>10} {quantity:>12} {exact:>18} {posted:>18}"
            )
        };
        row("", Default::default())?;
        row(
            "class",
            ["lines", "documents", "quantity", "quantity × price", "posted"].map(str::to_owned),
        )?;
        for class in &self.classes {
            let numbers = [
                class.lines.to_string(),
                class.documents.to_string(),
                class.quantity.to_string(),
                class.exact.to_string(),
                self.amount(class.posted),
            ];
            row(class.class.as_str(), numbers)?;
        }
        let numbers = [
            self.lines.to_string(),
            self.invoices.to_string(),
            self.quantity.to_string(),
            self.exact.to_string(),
            self.amount(self.posted),
        ];
        row("all", numbers)
    }

    fn sums(&self, out: &mut String) -> fmt::Result {
        writeln!(out)?;
        writeln!(out, "exact Σ quantity × price   {} {}", self.exact, self.currency)?;
        writeln!(out, "posted, line by line       {} {}", self.amount(self.posted), self.currency)?;
        writeln!(out, "rounding difference        {}", self.rounding)?;
        writeln!(out, "gross sales                {}", self.gross_sales)?;
        writeln!(
            out,
            "documents                  {} sales, {} returns, {} stock adjustments",
            self.sale_documents, self.return_documents, self.stock_documents
        )?;
        writeln!(
            out,
            "products                   {} ({} new)",
            self.products, self.products_created
        )?;
        writeln!(
            out,
            "customers                  {} ({} new), {} lines without one",
            self.customers, self.customers_created, self.lines_without_customer
        )
    }

    fn lists(&self, out: &mut String) -> fmt::Result {
        let lists = [
            (format!("top countries of {}", self.countries), &self.top_countries),
            ("best sellers by quantity".to_owned(), &self.best_by_quantity),
            ("best sellers by revenue".to_owned(), &self.best_by_revenue),
            ("top customers".to_owned(), &self.top_customers),
            ("by month".to_owned(), &self.months),
        ];
        for (title, list) in lists {
            writeln!(out, "\n{title}")?;
            for entry in list {
                writeln!(
                    out,
                    "  {:<18} {:>12} {:>18}  {}",
                    entry.name, entry.quantity, entry.exact, entry.detail
                )?;
            }
        }
        Ok(())
    }

    fn remarks(&self, out: &mut String) -> fmt::Result {
        for line in &self.contradictions {
            writeln!(out, "! {line}")?;
        }
        for error in &self.errors {
            writeln!(out, "! {}", error.message)?;
        }
        match &self.owner_pin {
            None => Ok(()),
            Some(pin) => writeln!(
                out,
                "\nA company was made for these sales. Its owner signs in as \"owner\" with the \
                 PIN {pin}; change it at once."
            ),
        }
    }

    fn amount(&self, amount: Money) -> String {
        self.currency
            .parse::<Currency>()
            .map_or_else(|_| amount.to_string(), |currency| amount.to_major(currency))
    }
}
