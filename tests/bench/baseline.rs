//! Bare SQLite doing the same inserts: every row of sales that the till made, into the same tables
//! with the same indexes and balances of an encrypted file of its own, one transaction a sale.

use std::path::Path;

use lumbung_app::App;
use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};

use crate::measure::Sample;

/// Tables a sale writes, with the query of the rows of a sale.
const TABLES: [(&str, &str); 6] = [
    ("sale", "sale_id = ?1"),
    ("sale_line", "sale_id = ?1 order by line_no"),
    ("sale_tender", "sale_id = ?1"),
    ("stock_move", "doc_id = ?1 order by stock_move_id"),
    ("journal_entry", "doc_id = ?1"),
    (
        "journal_line",
        "entry_id = (select entry_id from journal_entry where doc_id = ?1) order by line_id",
    ),
];

/// The rows of one sale, by table.
type SaleRows = Vec<Vec<Vec<Value>>>;

/// A file of its own.
pub struct Bare {
    db: Connection,
    inserts: Vec<String>,
}

/// The rows of the newest sales, the oldest of them first.
pub fn newest_sales(app: &App, count: usize) -> Vec<SaleRows> {
    let store = app.store().expect("open");
    let read = store.read(|db: &Connection| -> lumbung_app::Result<Vec<SaleRows>> {
        let ids = db
            .prepare("select sale_id from sale order by sale_id desc limit ?1")?
            .query_map([i64::try_from(count).expect("a number of sales")], |row| row.get(0))?
            .collect::<rusqlite::Result<Vec<Vec<u8>>>>()?;
        ids.iter().rev().map(|sale| sale_rows(db, sale)).collect()
    });
    read.expect("the rows of sales")
}

fn sale_rows(db: &Connection, sale: &[u8]) -> lumbung_app::Result<SaleRows> {
    TABLES
        .iter()
        .map(|(table, of_sale)| {
            let mut select =
                db.prepare_cached(&format!("select * from {table} where {of_sale}"))?;
            let width = select.column_count();
            let rows = select
                .query_map([sale], |row| (0..width).map(|at| row.get(at)).collect())?
                .collect::<rusqlite::Result<_>>()?;
            Ok(rows)
        })
        .collect()
}

impl Bare {
    /// An empty file with the tables of a shop.
    pub fn new(app: &App, file: &Path) -> Self {
        let store = app.store().expect("open");
        let db = Connection::open(file).expect("a file");
        db.execute_batch(&format!(
            "pragma key = \"x'{}'\"; pragma cache_size = -65536; pragma journal_mode = wal;
             pragma synchronous = full; pragma temp_store = memory;",
            "07".repeat(32)
        ))
        .expect("a database");
        db.set_prepared_statement_cache_capacity(64);
        let read = store.read(|from: &Connection| -> lumbung_app::Result<_> {
            let tables = TABLES.map(|(table, _)| format!("'{table}'")).join(", ");
            let kept = "'stock_balance', 'stock_card_line', 'ledger_balance', 'partner_balance'";
            let schema = from
                .prepare(&format!(
                    "select sql from sqlite_schema
                      where tbl_name in ({tables}, {kept}) and sql is not null
                      order by type = 'trigger', type = 'index'"
                ))?
                .query_map([], |row| row.get(0))?
                .collect::<rusqlite::Result<Vec<String>>>()?;
            let mut inserts = Vec::new();
            for (table, _) in TABLES {
                let width = from.prepare(&format!("select * from {table}"))?.column_count();
                let marks = vec!["?"; width].join(", ");
                inserts.push(format!("insert into {table} values ({marks})"));
            }
            Ok((schema, inserts))
        });
        let (schema, inserts) = read.expect("a schema");
        for statement in schema {
            db.execute_batch(&statement).expect("a table");
        }
        Self { db, inserts }
    }

    /// Inserts the rows of sales, one transaction each.
    pub fn insert(&mut self, sales: &[SaleRows], sample: &mut Sample) {
        for sale in sales {
            sample.take(|| {
                let tx = self.db.transaction().expect("a transaction");
                for (insert, rows) in self.inserts.iter().zip(sale) {
                    let mut insert = tx.prepare_cached(insert).expect("an insert");
                    for row in rows {
                        insert.execute(params_from_iter(row)).expect("a row");
                    }
                }
                tx.commit().expect("a commit");
            });
        }
    }
}
