//! The catalogue: every synced table of the product, with the statements made from it once.
//!
//! **Invariant:** no two tables share a name or a number, no two columns of a table share a name or
//! a number, and [`Catalogue::check`] proves that the migrated database agrees with all of it.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use rusqlite::Connection;

use crate::row::{Class, ColumnDecl, TableDecl};

/// The most columns a synced table has: verification keeps a set of them in one integer.
const COLUMNS_MAX: usize = 128;

/// A declaration that contradicts another or the database.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum CatalogueError {
    /// Two tables have one number or one name, or a column or group has.
    #[error("{table}: {what} is used twice")]
    Twice {
        /// The table declared later.
        table: &'static str,
        /// The name or number.
        what: String,
    },
    /// A declaration that cannot work.
    #[error("{table}: {why}")]
    Invalid {
        /// The table.
        table: &'static str,
        /// Why.
        why: String,
    },
    /// The database is not what is declared.
    #[error("the database disagrees with the declarations:\n{}", .differences.join("\n"))]
    Differs {
        /// One sentence each.
        differences: Vec<String>,
    },
    /// The database could not be asked.
    #[error("the database could not be read: {0}")]
    Unreadable(String),
}

/// One declared table with its statements.
#[derive(Debug)]
pub(crate) struct Table {
    pub decl: &'static TableDecl,
    /// Position in the catalogue.
    pub index: usize,
    /// `insert` of every column, the scope and (masters) the clock; fails on a second row. It says
    /// `or fail`, for SQLite to keep no copy of every page that a trigger of the table changes: a
    /// second row fails before anything is written, and after any other failure the action never
    /// commits.
    pub insert: String,
    /// `insert` of every column, the scope, (masters) the clock and the place in the log, as a row
    /// that comes from elsewhere: see [`put_sql`].
    pub put: String,
    /// Every column by key, then scope, (masters) the clock and the place in the log.
    pub select: String,
    /// The place in the log and (masters) the clock by key.
    pub held: String,
    /// Moves the place in the log on.
    pub touch: String,
    /// `delete` by key (drafts).
    pub delete: String,
    /// `update` of one group's columns, the clock and the place in the log, by group.
    pub update_group: BTreeMap<u8, String>,
}

impl Table {
    fn new(decl: &'static TableDecl, index: usize) -> Table {
        let (name, key) = (decl.name, decl.columns[0].name);
        let mut names: Vec<&str> = decl.columns.iter().map(|column| column.name).collect();
        let put = put_sql(decl, &names);
        names.push("scope");
        if decl.class == Class::Master {
            names.push("_clk");
        }
        let columns = names.join(", ");
        let mut update_group = BTreeMap::new();
        for group in decl.groups {
            let columns: Vec<&str> = columns_of(decl, group.tag).map(|c| c.name).collect();
            update_group.insert(group.tag, update_sql(decl, &columns));
        }
        let clock = if decl.class == Class::Master { "_clk" } else { "null" };
        Table {
            decl,
            index,
            insert: format!(
                "insert or fail into {name} ({columns}) values ({})",
                holes(names.len())
            ),
            put,
            select: format!("select {columns}, _seq from {name} where {key} = ?1"),
            held: format!("select _seq, {clock} from {name} where {key} = ?1"),
            touch: format!("update {name} set _seq = max(_seq, ?2) where {key} = ?1"),
            delete: format!("delete from {name} where {key} = ?1"),
            update_group,
        }
    }

    /// The declared group with this number.
    pub fn group_name(&self, tag: u8) -> &'static str {
        self.decl.groups.iter().find(|group| group.tag == tag).map_or("", |group| group.name)
    }

    /// The column with this number: its position and declaration.
    pub fn column(&self, tag: u16) -> Option<(usize, &'static ColumnDecl)> {
        self.decl.columns.iter().enumerate().find(|(_, column)| column.tag == tag)
    }
}

/// The statement that takes a row of some columns, the scope, (masters) the clock and the place in
/// the log. A fact that is there already only learns the first place it has in the log, a master
/// is left alone, a draft takes the new values.
pub(crate) fn put_sql(decl: &'static TableDecl, columns: &[&str]) -> String {
    let (name, key) = (decl.name, decl.columns[0].name);
    let mut names = columns.to_vec();
    names.push("scope");
    let conflict = match decl.class {
        Class::Fact => "update set _seq = excluded._seq
            where excluded._seq > 0 and (_seq = 0 or _seq > excluded._seq)"
            .to_owned(),
        Class::Master => "nothing".to_owned(),
        Class::Draft => {
            let sets: Vec<String> =
                names.iter().skip(1).map(|name| format!("{name} = excluded.{name}")).collect();
            format!("update set {}, _seq = max(_seq, excluded._seq)", sets.join(", "))
        }
    };
    if decl.class == Class::Master {
        names.push("_clk");
    }
    names.push("_seq");
    format!(
        "insert into {name} ({}) values ({}) on conflict({key}) do {conflict}",
        names.join(", "),
        holes(names.len())
    )
}

/// The statement that sets some columns of a master by key (1), with its clock (2) and its place in
/// the log (3).
pub(crate) fn update_sql(decl: &'static TableDecl, columns: &[&str]) -> String {
    let mut sql = format!("update {} set _clk = ?2, _seq = max(_seq, ?3)", decl.name);
    for (n, column) in columns.iter().enumerate() {
        let _ = write!(sql, ", {column} = ?{}", n + 4);
    }
    let _ = write!(sql, " where {} = ?1", decl.columns[0].name);
    sql
}

fn holes(count: usize) -> String {
    let holes: Vec<String> = (1..=count).map(|n| format!("?{n}")).collect();
    holes.join(", ")
}

/// The columns of one group, in order.
pub(crate) fn columns_of(
    decl: &'static TableDecl,
    group: u8,
) -> impl Iterator<Item = &'static ColumnDecl> {
    decl.columns.iter().skip(1).filter(move |column| column.group == group)
}

/// Every synced table of the product.
#[derive(Debug)]
pub struct Catalogue {
    tables: Vec<Table>,
    by_tag: Vec<Option<u16>>,
}

impl Catalogue {
    /// Collects the declarations and refuses those that contradict each other.
    pub fn new(decls: &[&'static TableDecl]) -> Result<Catalogue, CatalogueError> {
        let mut catalogue = Catalogue { tables: Vec::with_capacity(decls.len()), by_tag: vec![] };
        for decl in decls {
            check_decl(decl)?;
            let index = catalogue.tables.len();
            let tag = usize::from(decl.tag);
            if catalogue.by_tag.len() <= tag {
                catalogue.by_tag.resize(tag + 1, None);
            }
            if catalogue.by_tag[tag].is_some() {
                let what = format!("the table number {tag}");
                return Err(CatalogueError::Twice { table: decl.name, what });
            }
            if catalogue.tables.iter().any(|table| table.decl.name == decl.name) {
                let what = "the table name".to_owned();
                return Err(CatalogueError::Twice { table: decl.name, what });
            }
            catalogue.by_tag[tag] = u16::try_from(index).ok();
            catalogue.tables.push(Table::new(decl, index));
        }
        Ok(catalogue)
    }

    /// The declarations, in the order given.
    pub fn decls(&self) -> impl Iterator<Item = &'static TableDecl> {
        self.tables.iter().map(|table| table.decl)
    }

    pub(crate) fn tables(&self) -> &[Table] {
        &self.tables
    }

    pub(crate) fn by_tag(&self, tag: u16) -> Option<&Table> {
        let index = (*self.by_tag.get(usize::from(tag))?)?;
        self.tables.get(usize::from(index))
    }

    /// Proves that the migrated database has exactly the declared columns.
    pub fn check(&self, db: &Connection) -> Result<(), CatalogueError> {
        let mut differences = Vec::new();
        for table in &self.tables {
            check_table(db, table.decl, &mut differences)
                .map_err(|error| CatalogueError::Unreadable(error.to_string()))?;
        }
        if differences.is_empty() {
            return Ok(());
        }
        Err(CatalogueError::Differs { differences })
    }
}

fn check_decl(decl: &'static TableDecl) -> Result<(), CatalogueError> {
    let twice = |what: String| Err(CatalogueError::Twice { table: decl.name, what });
    let invalid =
        |why: &str| Err(CatalogueError::Invalid { table: decl.name, why: why.to_owned() });
    let Some(key) = decl.columns.first() else {
        return invalid("a table needs a key column");
    };
    if key.sql != "blob" || key.nullable {
        return invalid("the key must be a blob that is never null");
    }
    if decl.columns.len() > COLUMNS_MAX {
        return invalid("a table has at most 128 columns");
    }
    for (i, column) in decl.columns.iter().enumerate() {
        if matches!(column.name, "scope" | "_seq" | "_clk") {
            return invalid("scope, _seq and _clk are the store's own columns");
        }
        if decl.columns[..i].iter().any(|other| other.tag == column.tag) {
            return twice(format!("the column number {}", column.tag));
        }
        if decl.columns[..i].iter().any(|other| other.name == column.name) {
            return twice(format!("the column {}", column.name));
        }
    }
    for (i, group) in decl.groups.iter().enumerate() {
        if group.tag == 0 {
            return invalid("group 0 is the key's");
        }
        if decl.groups[..i].iter().any(|other| other.tag == group.tag) {
            return twice(format!("the group number {}", group.tag));
        }
    }
    Ok(())
}

struct Found {
    sql: String,
    not_null: bool,
    key: bool,
    default: Option<String>,
}

fn check_table(
    db: &Connection,
    decl: &'static TableDecl,
    differences: &mut Vec<String>,
) -> rusqlite::Result<()> {
    let mut found = BTreeMap::new();
    let mut statement = db.prepare(
        "select name, lower(type), \"notnull\", pk, dflt_value from pragma_table_info(?1)",
    )?;
    let mut rows = statement.query([decl.name])?;
    while let Some(row) = rows.next()? {
        let column = Found {
            sql: row.get(1)?,
            not_null: row.get(2)?,
            key: row.get::<_, i64>(3)? > 0,
            default: row.get(4)?,
        };
        found.insert(row.get::<_, String>(0)?, column);
    }
    if found.is_empty() {
        differences.push(format!("{}: the table is missing", decl.name));
        return Ok(());
    }
    let strict: Option<bool> = db
        .prepare("select strict from pragma_table_list(?1) where schema = 'main'")?
        .query_map([decl.name], |row| row.get(0))?
        .next()
        .transpose()?;
    if strict != Some(true) {
        differences.push(format!("{}: the table must be strict", decl.name));
    }
    let mut say = |column: &str, what: &str| {
        differences.push(format!("{}.{column}: {what}", decl.name));
    };
    let mut expect = |column: &ColumnDecl, key: bool, default: Option<&str>| {
        let Some(there) = found.remove(column.name) else {
            return say(column.name, "is declared but not in the database");
        };
        if there.sql != column.sql {
            say(column.name, &format!("is {} but declared {}", there.sql, column.sql));
        }
        if there.key != key {
            say(column.name, if key { "must be the primary key" } else { "must not be a key" });
        }
        // A primary key of a strict table is never null, whether or not it says so.
        if !key && there.not_null == column.nullable {
            say(column.name, if there.not_null { "is not null" } else { "may be null" });
        }
        if default.is_some() && there.default.as_deref() != default {
            say(column.name, "must have the default 0");
        }
    };
    for (i, column) in decl.columns.iter().enumerate() {
        expect(column, i == 0, None);
    }
    let own = |name, sql| ColumnDecl { tag: 0, name, sql, nullable: false, group: 0 };
    expect(&own("scope", "integer"), false, None);
    expect(&own("_seq", "integer"), false, Some("0"));
    if decl.class == Class::Master {
        expect(&own("_clk", "blob"), false, None);
    }
    for name in found.keys() {
        differences.push(format!("{}.{name}: is in the database but not declared", decl.name));
    }
    Ok(())
}
