//! Taking an import back.
//!
//! Facts are never deleted: sales of an import are undone by documents that reverse them on the
//! same day, products and customers that it made are archived unless they were used since, and
//! what it changed gets its old values back unless somebody changed it again.
//!
//! **Invariant:** an import is taken back once and whole, in one transaction; what stays because it
//! was used since is counted.

mod changes;
mod documents;

use lumbung_domain::ids::{EventId, ImportId};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::batch::Batch;
use super::store;
use crate::catalogue::rows::{ImportRunRow, ImportUndoRow};
use crate::catalogue::{self, ArchiveProduct};
use crate::customers::ArchiveCustomer;
use crate::door::Write;
use crate::error::{Error, Refusal, Result, not_found, refuse};
use crate::jobs::Progress;

/// What the documents that reverse an import say.
const REASON: &str = "import: undone";

/// What taking an import back did.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Undone {
    /// Documents that were reversed.
    #[ts(type = "number")]
    pub documents: u64,
    /// Products that were archived.
    #[ts(type = "number")]
    pub products: u64,
    /// Products that stay because they were used or changed since.
    #[ts(type = "number")]
    pub products_kept: u64,
    /// Customers that were archived.
    #[ts(type = "number")]
    pub customers: u64,
    /// Customers that stay because they were used or changed since.
    #[ts(type = "number")]
    pub customers_kept: u64,
    /// Products and customers that got their old values back.
    #[ts(type = "number")]
    pub restored: u64,
    /// Those that keep their values because somebody changed them again.
    #[ts(type = "number")]
    pub not_restored: u64,
}

/// Takes an import back.
pub fn undo(
    write: &mut Write<'_, '_>,
    import_id: ImportId,
    progress: &mut Progress<'_>,
) -> Result<Undone> {
    let run = store::run(write.db(), import_id)?.ok_or_else(|| not_found("The import"))?;
    if store::undo_of(write.db(), import_id)?.is_some() {
        return Err(refuse("already_undone", "This import was taken back already."));
    }
    if let Some(number) = store::returned_since(write.db(), import_id)? {
        let message = format!(
            "The document {number} takes back goods of this import, so it cannot be undone."
        );
        return Err(Refusal::new("import_used", message).fact("number", number).into());
    }
    let mut undone = Undone::default();
    let mut batch = Batch::default();
    documents::sales(write, &mut batch, &run, &mut undone, progress)?;
    changes::changes(write, &mut batch, &run, &mut undone)?;
    made(write, &mut batch, &run, &mut undone, progress)?;
    let undo_id: EventId = write.id();
    write.tx.insert(&ImportUndoRow {
        undo_id,
        import_id,
        summary: serde_json::to_string(&undone).map_err(|e| Error::Broken(e.to_string()))?,
        undone_by: write.actor.user_id,
        undone_at: write.now_ms,
    })?;
    Ok(undone)
}

/// Archives what the import made, unless it was used or changed since.
fn made(
    write: &mut Write<'_, '_>,
    batch: &mut Batch,
    run: &ImportRunRow,
    undone: &mut Undone,
    progress: &mut Progress<'_>,
) -> Result<()> {
    let (import_id, imported_at) = (run.import_id, run.imported_at);
    let made = store::products_made(write.db(), import_id)?;
    let total = made.len() as u64;
    for (at, product_id) in (0..).zip(made) {
        progress.at(at, Some(total), "Archiving products")?;
        if store::product_used(write.db(), product_id, import_id, imported_at)? {
            undone.products_kept += 1;
        } else {
            catalogue::archive(write, ArchiveProduct { product_id, archived: true })?;
            undone.products += 1;
        }
        batch.count(1);
        batch.turn(write)?;
    }
    for customer_id in store::customers_made(write.db(), import_id)? {
        if store::customer_used(write.db(), customer_id, import_id, imported_at)? {
            undone.customers_kept += 1;
        } else {
            crate::customers::archive(write, ArchiveCustomer { customer_id, archived: true })?;
            undone.customers += 1;
        }
        batch.count(1);
        batch.turn(write)?;
    }
    Ok(())
}
