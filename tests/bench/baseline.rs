//! Bare SQLite doing the same inserts: the rows of one sale, copied under new keys into the same
//! tables of an encrypted file of its own, one transaction a sale, nothing else.

use std::path::Path;

use lumbung_app::App;
use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};
use uuid::Uuid;

use crate::measure::Sample;

/// Tables a sale writes, with the column that names the sale.
const TABLES: [(&str, &str); 6] = [
    ("sale", "sale_id"),
    ("sale_line", "sale_id"),
    ("sale_tender", "sale_id"),
    ("stock_move", "doc_id"),
    ("journal_entry", "doc_id"),
    ("journal_line", "entry_id"),
];

struct Rows {
    insert: String,
    rows: Vec<Vec<Value>>,
}

/// The rows of the newest sale, by table, in the order of the tables' columns.
fn sale_rows(app: &App) -> Vec<Rows> {
    let store = app.store().expect("open");
    let read = store.read(|db: &Connection| -> lumbung_app::Result<Vec<Rows>> {
        let sale: Vec<u8> =
            db.query_row("select sale_id from sale order by sale_id desc", [], |row| row.get(0))?;
        let entry: Vec<u8> =
            db.query_row("select entry_id from journal_entry where doc_id = ?1", [&sale], |row| {
                row.get(0)
            })?;
        TABLES
            .iter()
            .map(|(table, column)| {
                let key = if *column == "entry_id" { &entry } else { &sale };
                let mut select =
                    db.prepare(&format!("select * from {table} where {column} = ?1"))?;
                let width = select.column_count();
                let rows = select
                    .query_map([key], |row| (0..width).map(|at| row.get(at)).collect())?
                    .collect::<rusqlite::Result<Vec<Vec<Value>>>>()?;
                let marks = vec!["?"; width].join(", ");
                Ok(Rows { insert: format!("insert into {table} values ({marks})"), rows })
            })
            .collect()
    });
    read.expect("the rows of a sale")
}

fn bare_file(app: &App, file: &Path) -> Connection {
    let store = app.store().expect("open");
    let db = Connection::open(file).expect("a file");
    db.execute_batch(&format!(
        "pragma key = \"x'{}'\"; pragma cache_size = -65536; pragma journal_mode = wal;
         pragma synchronous = full; pragma temp_store = memory;",
        "07".repeat(32)
    ))
    .expect("a database");
    let schema: Vec<String> = store
        .read(|from: &Connection| -> lumbung_app::Result<Vec<String>> {
            let tables = TABLES.map(|(table, _)| format!("'{table}'")).join(", ");
            let tables = format!("{tables}, 'stock_balance', 'ledger_balance', 'partner_balance'");
            from.prepare(&format!(
                "select sql from sqlite_schema where tbl_name in ({tables}) and sql is not null
                 order by type = 'trigger', type = 'index'"
            ))?
            .query_map([], |row| row.get(0))?
            .collect::<rusqlite::Result<_>>()
            .map_err(Into::into)
        })
        .expect("a schema");
    for statement in schema {
        db.execute_batch(&statement).expect("a table");
    }
    db
}

/// Inserts the rows of one sale again and again.
pub fn bare(app: &App, file: &Path, rounds: usize) -> Sample {
    let tables = sale_rows(app);
    let mut db = bare_file(app, file);
    db.set_prepared_statement_cache_capacity(64);
    let mut sample = Sample::new();
    for _ in 0..rounds {
        let fresh: Vec<Vec<Vec<Value>>> = tables
            .iter()
            .map(|table| {
                let renamed = table.rows.iter().map(|row| {
                    let mut row = row.clone();
                    row[0] = Value::Blob(Uuid::now_v7().into_bytes().to_vec());
                    row
                });
                renamed.collect()
            })
            .collect();
        sample.take(|| {
            let tx = db.transaction().expect("a transaction");
            for (table, rows) in tables.iter().zip(&fresh) {
                let mut insert = tx.prepare_cached(&table.insert).expect("an insert");
                for row in rows {
                    insert.execute(params_from_iter(row)).expect("a row");
                }
            }
            tx.commit().expect("a commit");
        });
    }
    sample
}
