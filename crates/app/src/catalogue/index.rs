//! The search tables: the words of a product's name by their beginnings, and every part of three
//! letters of its name, code and barcodes. Codes by their beginnings are found in their own tables:
//! among the words their sheer number would make every search slow.
//!
//! **Invariant:** a product in use has exactly one row in both tables, an archived one none, and
//! everything in them can be made again from `product` and `barcode`.

use lumbung_domain::ids::{Id, ProductId};
use rusqlite::{Connection, OptionalExtension, named_params};

use super::rows::ProductRow;
use super::store;
use crate::door::{Nothing, Write};
use crate::error::Result;

/// What can be searched of one product.
pub(super) struct Searchable<'a> {
    /// The product.
    pub product_id: ProductId,
    /// Its name.
    pub name: &'a str,
    /// What tells it from its siblings.
    pub variant: &'a str,
    /// Its code.
    pub code: &'a str,
    /// Its barcodes.
    pub barcodes: &'a [&'a str],
}

impl Searchable<'_> {
    /// The words of the name.
    fn words(&self) -> String {
        let mut words = fold(self.name);
        if !self.variant.is_empty() {
            words.push(' ');
            words.push_str(&fold(self.variant));
        }
        words
    }

    /// Everything of which a part may be typed.
    fn parts(&self) -> String {
        let mut parts = self.words();
        for code in [self.code].iter().chain(self.barcodes) {
            parts.push(' ');
            parts.push_str(&fold(code));
        }
        parts
    }
}

/// Brings the search tables up to date with one product.
pub fn index_product(db: &Connection, product_id: ProductId) -> Result<()> {
    forget(db, product_id)?;
    let Some(product) = store::product(db, product_id)? else { return Ok(()) };
    if product.archived {
        return Ok(());
    }
    add_row(db, &product)
}

/// Makes the search tables again from the products: after a restore, or when they are doubted.
pub fn rebuild_index(db: &Connection) -> Result<()> {
    db.execute("delete from product_word", [])?;
    db.execute("delete from product_part", [])?;
    db.execute("delete from product_search_row", [])?;
    let mut after = None;
    loop {
        let products = store::live_products_after(db, after, REBUILD_BATCH)?;
        for product in &products {
            add_row(db, product)?;
        }
        let Some(last) = products.last() else { return Ok(()) };
        after = Some(last.product_id);
    }
}

/// `catalogue.reindex`: makes the search tables again.
pub fn reindex(write: &mut Write<'_, '_>, _: Nothing) -> Result<Nothing> {
    rebuild_index(write.db())?;
    Ok(Nothing {})
}

/// Letters in one part of the search table of parts.
const PART_LENGTH: usize = 3;

/// Parts of one search that are looked up; the rest is compared letter by letter.
const PARTS_MAX: usize = 12;

/// Products read at once while the search tables are made again.
const REBUILD_BATCH: u32 = 1_000;

fn add_row(db: &Connection, product: &ProductRow) -> Result<()> {
    let barcodes = store::barcodes(db, product.product_id)?;
    let codes: Vec<_> =
        barcodes.iter().filter(|row| !row.archived).map(|row| row.code.as_str()).collect();
    add(
        db,
        &Searchable {
            product_id: product.product_id,
            name: &product.name,
            variant: &product.variant,
            code: &product.code,
            barcodes: &codes,
        },
    )
}

/// Adds a product that is not in the search tables yet.
pub(super) fn add(db: &Connection, product: &Searchable<'_>) -> Result<()> {
    let key = product.product_id.bytes();
    db.prepare_cached("insert into product_word (product_id, words) values (:id, :words)")?
        .execute(named_params! { ":id": key, ":words": product.words() })?;
    let rowid = db.last_insert_rowid();
    db.prepare_cached(
        "insert into product_part (rowid, product_id, words) values (:rowid, :id, :words)",
    )?
    .execute(named_params! { ":rowid": rowid, ":id": key, ":words": product.parts() })?;
    db.prepare_cached(
        "insert into product_search_row (product_id, search_rowid) values (:id, :rowid)",
    )?
    .execute(named_params! { ":id": key, ":rowid": rowid })?;
    Ok(())
}

fn forget(db: &Connection, product_id: ProductId) -> Result<()> {
    let key = product_id.bytes();
    let rowid: Option<i64> = db
        .prepare_cached("select search_rowid from product_search_row where product_id = :id")?
        .query_row(named_params! { ":id": key }, |row| row.get("search_rowid"))
        .optional()?;
    let Some(rowid) = rowid else { return Ok(()) };
    db.prepare_cached("delete from product_word where rowid = :rowid")?
        .execute(named_params! { ":rowid": rowid })?;
    db.prepare_cached("delete from product_part where rowid = :rowid")?
        .execute(named_params! { ":rowid": rowid })?;
    db.prepare_cached("delete from product_search_row where product_id = :id")?
        .execute(named_params! { ":id": key })?;
    Ok(())
}

/// The parts of three letters of every word that has them. The table keeps no positions, so what
/// it finds must be compared again.
pub(super) fn part_query(folded: &str) -> Option<String> {
    let mut parts = Vec::new();
    for word in folded.split_whitespace() {
        let letters: Vec<char> = word.chars().collect();
        for part in letters.windows(PART_LENGTH) {
            let part: String = part.iter().collect();
            let quoted = format!("\"{}\"", part.replace('"', "\"\""));
            if parts.len() < PARTS_MAX && !parts.contains(&quoted) {
                parts.push(quoted);
            }
        }
    }
    (!parts.is_empty()).then(|| parts.join(" AND "))
}

/// Text as it is searched: small letters, and Latin letters without their marks, so that `Café`,
/// `łódź` and `đậu` are found by whoever has no such keys.
pub(super) fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_ascii() {
            folded.push(c.to_ascii_lowercase());
        } else {
            c.to_lowercase().for_each(|small| fold_letter(small, &mut folded));
        }
    }
    folded
}

/// Small Latin letters with a mark, by the letter under it.
const MARKED: &[(&str, &str)] = &[
    ("a", "àáâãäåāăąǎạảấầẩẫậắằẳẵặ"),
    ("c", "çćĉċč"),
    ("d", "ďđð"),
    ("e", "èéêëēĕėęěẹẻẽếềểễệ"),
    ("g", "ĝğġģ"),
    ("h", "ĥħ"),
    ("i", "ìíîïĩīĭįıǐỉị"),
    ("j", "ĵ"),
    ("k", "ķ"),
    ("l", "ĺļľŀł"),
    ("n", "ñńņňŉ"),
    ("o", "òóôõöøōŏőǒơọỏốồổỗộớờởỡợ"),
    ("r", "ŕŗř"),
    ("s", "śŝşšș"),
    ("t", "ţťŧț"),
    ("u", "ùúûüũūŭůűųǔưụủứừửữự"),
    ("w", "ŵ"),
    ("y", "ýÿŷỳỵỷỹ"),
    ("z", "źżž"),
    ("ae", "æ"),
    ("oe", "œ"),
    ("ss", "ß"),
    ("th", "þ"),
];

/// The combining marks that small letters of capitals like `İ` leave behind.
const COMBINING: std::ops::RangeInclusive<char> = '\u{300}'..='\u{36f}';

fn fold_letter(letter: char, folded: &mut String) {
    if COMBINING.contains(&letter) {
        return;
    }
    // Letters beyond the Latin ranges are kept as they are, without looking through the table.
    if letter > '\u{1eff}' || ('\u{250}'..'\u{1e00}').contains(&letter) {
        folded.push(letter);
        return;
    }
    match MARKED.iter().find(|(_, marked)| marked.contains(letter)) {
        Some((plain, _)) => folded.push_str(plain),
        None => folded.push(letter),
    }
}

#[cfg(test)]
mod tests {
    use super::{fold, part_query};

    #[test]
    fn names_are_found_without_their_marks() {
        for (name, typed) in [
            ("Café Crème", "cafe creme"),
            ("ŁÓDŹ", "lodz"),
            ("Đậu phộng", "dau phong"),
            ("İstanbul ışık", "istanbul isik"),
            ("Smørrebrød", "smorrebrod"),
            ("Straße", "strasse"),
            ("चाय", "चाय"),
            ("Teh 茶 50%", "teh 茶 50%"),
        ] {
            assert_eq!(fold(name), typed);
        }
    }

    #[test]
    fn a_part_is_looked_up_by_three_letters_at_a_time() {
        assert_eq!(part_query("8991"), Some("\"899\" AND \"991\"".to_owned()));
        assert_eq!(part_query("ab"), None);
        assert_eq!(part_query("a\"b"), Some("\"a\"\"b\"".to_owned()));
    }
}
