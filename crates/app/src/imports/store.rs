//! Queries of imports, and of what an import must know of other features all at once.

use std::collections::HashMap;

use lumbung_domain::ids::{CustomerId, EventId, Id, ImportId, LocationId, ProductId};
use lumbung_domain::num::{Money, Qty, UnitPrice};
use lumbung_domain::stock::StockStatus;
use rusqlite::{Connection, OptionalExtension, named_params};

use crate::catalogue::rows::{ImportRunRow, ImportUndoRow};
use crate::error::Result;
use crate::inventory::rows::StockAdjustmentRow;
use crate::pos::rows::{SaleLineRow, SaleRow, SaleTenderRow};
use crate::standing::{row, rows};

/// A product as the writing of sales needs it.
#[derive(Debug, Clone)]
pub struct KnownProduct {
    /// The product.
    pub product_id: ProductId,
    /// Its name.
    pub name: String,
    /// The unit stock is kept in.
    pub unit: String,
    /// Whether it has stock.
    pub goods: bool,
    /// Unit cost when stock gives no average.
    pub last_cost: UnitPrice,
    /// On hand here.
    pub qty: Qty,
    /// What that is worth.
    pub value: Money,
}

/// Every product in use by its code, with what is on hand at a place.
pub fn products(db: &Connection, place: LocationId) -> Result<HashMap<String, KnownProduct>> {
    let mut statement = db.prepare_cached(
        "select p.product_id, p.code, p.name, p.base_unit, p.kind, p.last_cost,
                coalesce(b.qty, 0) as qty, coalesce(b.value, 0) as value
         from product p
         left join stock_balance b on b.product_id = p.product_id
            and b.location_id = :location_id and b.status = :status
         where p.archived = 0",
    )?;
    let status = StockStatus::Sellable.as_str();
    let mut found =
        statement.query(named_params! { ":location_id": place.bytes(), ":status": status })?;
    let mut products = HashMap::new();
    while let Some(row) = found.next()? {
        let kind: String = row.get("kind")?;
        let known = KnownProduct {
            product_id: ProductId::from_bytes(row.get("product_id")?),
            name: row.get("name")?,
            unit: row.get("base_unit")?,
            goods: kind != "service",
            last_cost: UnitPrice::new(row.get("last_cost")?)?,
            qty: Qty::new(row.get("qty")?)?,
            value: Money::new(row.get("value")?)?,
        };
        products.insert(row.get("code")?, known);
    }
    Ok(products)
}

/// Every customer in use by their code.
pub fn customers(db: &Connection) -> Result<HashMap<String, CustomerId>> {
    let mut statement =
        db.prepare_cached("select customer_id, code from customer where archived = 0")?;
    let found = statement.query_map([], |row| {
        Ok((row.get("code")?, CustomerId::from_bytes(row.get("customer_id")?)))
    })?;
    Ok(found.collect::<rusqlite::Result<_>>()?)
}

/// Every barcode in use and whose it is.
pub fn barcodes(db: &Connection) -> Result<HashMap<String, ProductId>> {
    let mut statement = db.prepare_cached(
        "select b.code, b.product_id from barcode b
         join product p on p.product_id = b.product_id
         where b.archived = 0 and p.archived = 0",
    )?;
    let found = statement.query_map([], |row| {
        Ok((row.get("code")?, ProductId::from_bytes(row.get("product_id")?)))
    })?;
    Ok(found.collect::<rusqlite::Result<_>>()?)
}

/// Documents of other programs that are here, by their number there, with their total.
pub fn known_documents(db: &Connection) -> Result<HashMap<String, Money>> {
    let mut statement = db.prepare_cached(
        "select source_number, total from sale
         where import_id is not null and source_number <> ''
            and import_id not in (select import_id from import_undo)",
    )?;
    let found = statement.query_map([], |row| {
        Ok((row.get::<_, String>("source_number")?, row.get::<_, i64>("total")?))
    })?;
    let mut documents = HashMap::new();
    for document in found {
        let (number, total) = document?;
        documents.insert(number, Money::new(total)?);
    }
    Ok(documents)
}

/// Imports, the newest first, after a given one.
pub fn runs(db: &Connection, before: Option<ImportId>, limit: u32) -> Result<Vec<ImportRunRow>> {
    let sql = format!(
        "select {} from import_run where import_id < :before order by import_id desc limit :limit",
        ImportRunRow::COLUMNS
    );
    let before = before.map_or([0xff; 16], Id::bytes);
    rows(db, &sql, named_params! { ":before": before, ":limit": limit })
}

/// An import.
pub fn run(db: &Connection, import_id: ImportId) -> Result<Option<ImportRunRow>> {
    let sql = format!("select {} from import_run where import_id = :id", ImportRunRow::COLUMNS);
    row(db, &sql, named_params! { ":id": import_id.bytes() })
}

/// Imports of a kind that were not taken back.
pub fn standing_runs(db: &Connection, kind: &str) -> Result<Vec<ImportRunRow>> {
    let sql = format!(
        "select {} from import_run where kind = :kind
            and import_id not in (select import_id from import_undo)
         order by import_id",
        ImportRunRow::COLUMNS
    );
    rows(db, &sql, named_params! { ":kind": kind })
}

/// That an import was taken back.
pub fn undo_of(db: &Connection, import_id: ImportId) -> Result<Option<ImportUndoRow>> {
    let sql = format!("select {} from import_undo where import_id = :id", ImportUndoRow::COLUMNS);
    row(db, &sql, named_params! { ":id": import_id.bytes() })
}

/// Sales and returns of an import, by number of ours, after a given one.
pub fn sales_of(
    db: &Connection,
    import_id: ImportId,
    after: &str,
    limit: u32,
) -> Result<Vec<SaleRow>> {
    let sql = format!(
        "select {} from sale where import_id = :id and number > :after
         order by number limit :limit",
        SaleRow::COLUMNS
    );
    rows(db, &sql, named_params! { ":id": import_id.bytes(), ":after": after, ":limit": limit })
}

/// The first document that takes back something of an import other than its undoing.
pub fn returned_since(db: &Connection, import_id: ImportId) -> Result<Option<String>> {
    let mut statement = db.prepare_cached(
        "select back.number from sale s
         join sale back on back.original_sale_id = s.sale_id
         where s.import_id = :id limit 1",
    )?;
    let params = named_params! { ":id": import_id.bytes() };
    Ok(statement.query_row(params, |row| row.get("number")).optional()?)
}

/// The lines of a document.
pub fn lines_of(db: &Connection, sale: &SaleRow) -> Result<Vec<SaleLineRow>> {
    let sql = format!(
        "select {} from sale_line where sale_id = :id order by line_no",
        SaleLineRow::COLUMNS
    );
    rows(db, &sql, named_params! { ":id": sale.sale_id.bytes() })
}

/// The payments of a document.
pub fn tenders_of(db: &Connection, sale: &SaleRow) -> Result<Vec<SaleTenderRow>> {
    let sql = format!(
        "select {} from sale_tender where sale_id = :id order by tender_id",
        SaleTenderRow::COLUMNS
    );
    rows(db, &sql, named_params! { ":id": sale.sale_id.bytes() })
}

/// One movement of a document: line, product, quantity and value.
#[derive(Debug, Clone)]
pub struct Moved {
    /// The product.
    pub product_id: ProductId,
    /// Base units, signed.
    pub qty: Qty,
    /// At cost, signed.
    pub value: Money,
}

/// What a document moved.
pub fn moves_of(db: &Connection, document: uuid::Uuid) -> Result<Vec<Moved>> {
    let mut statement = db.prepare_cached(
        "select product_id, qty, value from stock_move where doc_id = :id order by stock_move_id",
    )?;
    let mut found = statement.query(named_params! { ":id": document.as_bytes() })?;
    let mut moves = Vec::new();
    while let Some(row) = found.next()? {
        moves.push(Moved {
            product_id: ProductId::from_bytes(row.get("product_id")?),
            qty: Qty::new(row.get("qty")?)?,
            value: Money::new(row.get("value")?)?,
        });
    }
    Ok(moves)
}

/// A stock adjustment.
pub fn adjustment(db: &Connection, id: EventId) -> Result<Option<StockAdjustmentRow>> {
    let sql = format!(
        "select {} from stock_adjustment where adjustment_id = :id",
        StockAdjustmentRow::COLUMNS
    );
    row(db, &sql, named_params! { ":id": id.bytes() })
}

/// Products in use that an import made.
pub fn products_made(db: &Connection, import_id: ImportId) -> Result<Vec<ProductId>> {
    let mut statement = db.prepare_cached(
        "select product_id from product where import_id = :id and archived = 0
         order by product_id",
    )?;
    let found = statement.query_map(named_params! { ":id": import_id.bytes() }, |row| {
        Ok(ProductId::from_bytes(row.get("product_id")?))
    })?;
    Ok(found.collect::<rusqlite::Result<_>>()?)
}

/// Customers in use that an import made.
pub fn customers_made(db: &Connection, import_id: ImportId) -> Result<Vec<CustomerId>> {
    let mut statement = db.prepare_cached(
        "select customer_id from customer where import_id = :id and archived = 0
         order by customer_id",
    )?;
    let found = statement.query_map(named_params! { ":id": import_id.bytes() }, |row| {
        Ok(CustomerId::from_bytes(row.get("customer_id")?))
    })?;
    Ok(found.collect::<rusqlite::Result<_>>()?)
}

/// Whether a product was sold, moved or changed outside one import.
pub fn product_used(
    db: &Connection,
    product_id: ProductId,
    import_id: ImportId,
    imported_at: i64,
) -> Result<bool> {
    let mut statement = db.prepare_cached(include_str!("product_used.sql"))?;
    Ok(statement.exists(named_params! {
        ":product_id": product_id.bytes(),
        ":import_id": import_id.bytes(),
        ":imported_at": imported_at,
    })?)
}

/// Whether a customer bought, owes or was changed outside one import.
pub fn customer_used(
    db: &Connection,
    customer_id: CustomerId,
    import_id: ImportId,
    imported_at: i64,
) -> Result<bool> {
    let mut statement = db.prepare_cached(include_str!("customer_used.sql"))?;
    Ok(statement.exists(named_params! {
        ":customer_id": customer_id.bytes(),
        ":import_id": import_id.bytes(),
        ":imported_at": imported_at,
    })?)
}

/// One change of a master row by an import.
#[derive(Debug, Clone)]
pub struct Changed {
    /// The table.
    pub table: String,
    /// The row.
    pub key: [u8; 16],
    /// JSON before; absent for something new.
    pub before: Option<String>,
    /// JSON after.
    pub after: Option<String>,
}

/// What an import changed, in order.
pub fn changes_of(db: &Connection, imported_at: i64, kind: &str) -> Result<Vec<Changed>> {
    let mut statement = db.prepare_cached(
        "select tbl, key, before, after from audit_change
         where at_ms = :at_ms and kind = :kind order by audit_id",
    )?;
    let params = named_params! { ":at_ms": imported_at, ":kind": kind };
    let found = statement.query_map(params, |row| {
        Ok(Changed {
            table: row.get("tbl")?,
            key: row.get("key")?,
            before: row.get("before")?,
            after: row.get("after")?,
        })
    })?;
    Ok(found.collect::<rusqlite::Result<_>>()?)
}

/// A remembered mapping of files with these headings.
pub fn mapping(db: &Connection, fingerprint: &str) -> Result<Option<String>> {
    let mut statement = db.prepare_cached("select value from local_setting where key = :key")?;
    let key = mapping_key(fingerprint);
    Ok(statement.query_row(named_params! { ":key": key }, |row| row.get("value")).optional()?)
}

/// Remembers a mapping for files with these headings, on this machine.
pub fn save_mapping(db: &Connection, fingerprint: &str, mapping: &str) -> Result<()> {
    db.prepare_cached(
        "insert into local_setting (key, value) values (:key, :value)
         on conflict (key) do update set value = excluded.value",
    )?
    .execute(named_params! { ":key": mapping_key(fingerprint), ":value": mapping })?;
    Ok(())
}

fn mapping_key(fingerprint: &str) -> String {
    format!("import.mapping.{fingerprint}")
}
