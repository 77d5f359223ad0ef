//! What is derived from the synced rows, kept right when others change them.
//!
//! **Invariant:** after a page of the log, and after rows of a branch were let go, everything
//! derived says what it would say had every change been made here.

use std::collections::BTreeSet;

use lumbung_domain::ids::{Id, ProductId};
use lumbung_sync::rusqlite::Connection;
use lumbung_sync::{Key, StoreError, Synced};

use crate::catalogue::rows::{BarcodeRow, ProductRow};
use crate::error::{Error, Result};
use crate::{catalogue, finance, inventory};

/// Others changed these rows: the search must find them as they are now.
pub fn after_apply(db: &Connection, changed: &[(u16, Key)]) -> Result<(), StoreError> {
    let (product, barcode) = (ProductRow::table().tag, BarcodeRow::table().tag);
    let mut products = BTreeSet::new();
    for (table, key) in changed {
        if *table == product {
            products.insert(*key);
        } else if *table == barcode {
            products.extend(catalogue::store::product_of_barcode(db, key)?);
        }
    }
    for key in products {
        catalogue::index_product(db, ProductId::from_bytes(key)).map_err(as_store_error)?;
    }
    Ok(())
}

/// Makes the balances again from the facts that are left.
pub fn rebuild(db: &Connection) -> Result<(), StoreError> {
    inventory::store::rebuild_balances(db)?;
    finance::store::rebuild_balances(db)?;
    Ok(())
}

fn as_store_error(error: Error) -> StoreError {
    match error {
        Error::Store(error) => error,
        Error::Sql(error) => error.into(),
        other => StoreError::Derived { detail: other.to_string() },
    }
}
