//! Finding products: as a cashier types, and page by page in the back office.
//!
//! **Invariant:** what is typed is never read as a query language, and the work of one key press
//! is bounded however many products there are.

use std::cmp::Reverse;
use std::collections::HashSet;

use lumbung_domain::ids::{CategoryId, CustomerId, ProductId, ProductUnitId, TaxClassId};
use lumbung_domain::num::{Qty, UnitPrice};
use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::codes::code_forms;
use super::index::{fold, part_query};
use super::prices::price;
use super::rows::ProductRow;
use super::sellable::in_unit;
use super::store::{self, ProductFilter, ProductSort};
use crate::customers;
use crate::door::Read;
use crate::error::Result;
use crate::finance;

/// Products a search answers with when it does not say how many.
const SEARCH_LIMIT_DEFAULT: u32 = 20;

/// Most products a search answers with.
const SEARCH_LIMIT_MAX: u32 = 50;

/// Fewest products looked at to put the best ones first.
const CANDIDATES_MIN: u32 = 120;

/// Words of a search that count; the rest is ignored.
const WORDS_MAX: usize = 8;

/// Letters of a search that count.
const SEARCH_LENGTH_MAX: usize = 80;

/// Products on a page when the call does not say how many.
const PAGE_DEFAULT: u32 = 100;

/// Most products on a page.
const PAGE_MAX: u32 = 500;

/// Most products found by text in a list.
const LIST_TEXT_MAX: u32 = 1_000;

/// Arguments of `catalogue.search`.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct Search {
    /// What was typed: beginnings of words, a code, or a part of a barcode.
    pub text: String,
    /// Most hits.
    #[ts(optional = nullable)]
    pub limit: Option<u32>,
    /// For whom prices are shown.
    #[ts(optional = nullable)]
    pub customer_id: Option<CustomerId>,
}

/// One product a search found.
#[derive(Debug, Clone, Serialize, TS)]
pub struct SearchHit {
    /// The product.
    pub product_id: ProductId,
    /// The unit, where a barcode of a unit was typed.
    pub product_unit_id: Option<ProductUnitId>,
    /// Its code.
    pub code: String,
    /// Its name, with what tells a variant apart.
    pub name: String,
    /// The unit it is sold in.
    pub unit: String,
    /// Its price now, for one; absent where it has none.
    pub price: Option<UnitPrice>,
    /// Whether the price includes tax.
    pub tax_inclusive: bool,
    /// Whether it is weighed.
    pub weighed: bool,
    /// Whether every piece has a serial number.
    pub serial_tracked: bool,
    /// What must be asked when it is sold: empty, age, licence, prescription.
    pub restriction: String,
    /// Its variants in use: one of them must be chosen.
    pub variants: u32,
    /// Its picture.
    pub image_hash: Option<String>,
}

/// What a search found, the best first.
#[derive(Debug, Clone, Serialize, TS)]
pub struct SearchResult {
    /// The products.
    pub hits: Vec<SearchHit>,
    /// Whether there were more than were asked for.
    pub more: bool,
}

/// `catalogue.search`: products as a cashier types.
pub fn search(read: &Read<'_>, given: Search) -> Result<SearchResult> {
    let limit = given.limit.unwrap_or(SEARCH_LIMIT_DEFAULT).clamp(1, SEARCH_LIMIT_MAX) as usize;
    let mut found = find(read.db, &given.text, limit + 1)?;
    let more = found.len() > limit;
    found.truncate(limit);
    let customer = match given.customer_id {
        Some(customer_id) => customers::store::customer(read.db, customer_id)?,
        None => None,
    };
    let today = finance::local_date(read.now_ms, read.offset_min);
    let mut hits = Vec::with_capacity(found.len());
    for Candidate { product, unit_id, .. } in found {
        let variants = store::live_variants(read.db, product.product_id)?.len();
        let sellable = in_unit(read.db, &read.standing, product, unit_id)?;
        let priced = price(read.db, &read.standing, &sellable, customer.as_ref(), Qty::ONE, today)?;
        let product = sellable.product;
        hits.push(SearchHit {
            product_id: product.product_id,
            product_unit_id: sellable.product_unit_id,
            code: product.code,
            name: product.name,
            unit: sellable.unit,
            price: priced.as_ref().map(|priced| priced.unit_price),
            tax_inclusive: priced.is_some_and(|priced| priced.tax_inclusive),
            weighed: product.weighed,
            serial_tracked: product.serial_tracked,
            restriction: product.restriction,
            variants: u32::try_from(variants).unwrap_or(u32::MAX),
            image_hash: product.image_hash,
        });
    }
    Ok(SearchResult { hits, more })
}

/// How well a product fits what was typed; the smallest is the best.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    /// It is the code or a barcode.
    Exact,
    /// The code or a barcode begins so.
    Code,
    /// The name begins so.
    Name,
    /// Every word begins a word of it.
    Words,
    /// It is somewhere in it.
    Part,
}

struct Candidate {
    fit: Fit,
    product: ProductRow,
    unit_id: Option<ProductUnitId>,
}

/// Products found so far, each once, by the best of its fits.
#[derive(Default)]
struct Candidates {
    found: Vec<Candidate>,
    seen: HashSet<ProductId>,
}

impl Candidates {
    fn add(&mut self, fit: Fit, product: ProductRow, unit_id: Option<ProductUnitId>) {
        if self.seen.insert(product.product_id) {
            self.found.push(Candidate { fit, product, unit_id });
        }
    }

    /// The best ones: by fit, then a product before its variants, then by name.
    fn best(mut self, limit: usize) -> Vec<Candidate> {
        self.found.sort_by(|a, b| {
            let key = |one: &Candidate| (one.fit, one.product.variant_of.is_some());
            key(a)
                .cmp(&key(b))
                .then_with(|| a.product.name.cmp(&b.product.name))
                .then_with(|| a.product.variant.cmp(&b.product.variant))
                .then_with(|| a.product.product_id.cmp(&b.product.product_id))
        });
        self.found.truncate(limit);
        self.found
    }
}

/// Products that fit a text, the best first.
fn find(db: &Connection, text: &str, limit: usize) -> Result<Vec<Candidate>> {
    let typed: String = text.trim().chars().take(SEARCH_LENGTH_MAX).collect();
    if typed.is_empty() {
        return Ok(Vec::new());
    }
    let folded = fold(&typed);
    let mut candidates = Candidates::default();
    by_code(db, &typed, limit, &mut candidates)?;
    if let Some(words) = word_query(&folded) {
        for product in store::products_by_words(db, &words, candidates_of(limit))? {
            let fit = if product.code.eq_ignore_ascii_case(&typed) {
                Fit::Exact
            } else if fold(&product.name).starts_with(&folded) {
                Fit::Name
            } else {
                Fit::Words
            };
            candidates.add(fit, product, None);
        }
    }
    if candidates.found.len() < limit
        && let Some(parts) = part_query(&folded)
    {
        for (product, words) in store::products_by_parts(db, &parts, candidates_of(limit))? {
            if folded.split_whitespace().all(|word| words.contains(word)) {
                candidates.add(Fit::Part, product, None);
            }
        }
    }
    Ok(candidates.best(limit))
}

/// How many products are looked at to find the best so many.
fn candidates_of(limit: usize) -> u32 {
    u32::try_from(limit).unwrap_or(u32::MAX).max(CANDIDATES_MIN)
}

/// Products whose barcode or code it is, or whose code begins so.
fn by_code(db: &Connection, typed: &str, limit: usize, candidates: &mut Candidates) -> Result<()> {
    for code in code_forms(typed) {
        for barcode in store::barcodes_by_code(db, &code)? {
            if let Some(product) = store::product(db, barcode.product_id)? {
                candidates.add(Fit::Exact, product, barcode.product_unit_id);
            }
        }
    }
    let limit = u32::try_from(limit).unwrap_or(SEARCH_LIMIT_MAX);
    for (product, unit_id) in store::products_by_barcode_prefix(db, typed, limit)? {
        candidates.add(Fit::Code, product, unit_id);
    }
    let mut prefixes = vec![typed.to_owned(), typed.to_uppercase()];
    prefixes.dedup();
    for prefix in prefixes {
        for product in store::products_by_code_prefix(db, &prefix, limit)? {
            let exact = product.code.eq_ignore_ascii_case(typed);
            candidates.add(if exact { Fit::Exact } else { Fit::Code }, product, None);
        }
    }
    Ok(())
}

/// Every word as the beginning of a word, quoted so that nothing in it is an operator.
fn word_query(folded: &str) -> Option<String> {
    let words: Vec<_> = folded
        .split(|c: char| c == '"' || c.is_whitespace())
        .filter(|word| word.chars().any(char::is_alphanumeric))
        .take(WORDS_MAX)
        .map(|word| format!("\"{word}\"*"))
        .collect();
    (!words.is_empty()).then(|| words.join(" "))
}

/// Arguments of `catalogue.list`.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ProductQuery {
    /// Only with these words.
    #[ts(optional = nullable)]
    pub text: Option<String>,
    /// Only of this category and those inside it.
    #[ts(optional = nullable)]
    pub category_id: Option<CategoryId>,
    /// Only archived ones; without it only those in use.
    #[serde(default)]
    #[ts(optional, as = "Option<_>")]
    pub archived: bool,
    /// Variants too; without it only the products they are of.
    #[serde(default)]
    #[ts(optional, as = "Option<_>")]
    pub variants: bool,
    /// In which order.
    #[serde(default)]
    #[ts(optional, as = "Option<_>")]
    pub sort: ProductSort,
    /// How many are left out at the start.
    #[serde(default)]
    #[ts(optional, as = "Option<_>")]
    pub offset: u32,
    /// How many at most.
    #[ts(optional = nullable)]
    pub limit: Option<u32>,
}

/// One product of a page.
#[derive(Debug, Clone, Serialize, TS)]
pub struct ProductListed {
    /// The product.
    pub product_id: ProductId,
    /// Its code.
    pub code: String,
    /// Its name, with what tells a variant apart.
    pub name: String,
    /// Its category.
    pub category_id: Option<CategoryId>,
    /// How it is taxed.
    pub tax_class_id: TaxClassId,
    /// The unit stock is kept in.
    pub base_unit: String,
    /// Price of the base unit now in this branch; absent where it has none.
    pub price: Option<UnitPrice>,
    /// Its first barcode.
    pub barcode: Option<String>,
    /// The product whose variant this is.
    pub variant_of: Option<ProductId>,
    /// Its variants in use.
    pub variants: u32,
    /// Its picture.
    pub image_hash: Option<String>,
    /// No longer sold.
    pub archived: bool,
}

/// A page of products.
#[derive(Debug, Clone, Serialize, TS)]
pub struct ProductPage {
    /// The products.
    pub rows: Vec<ProductListed>,
    /// Where the next page begins; absent on the last one.
    pub next_offset: Option<u32>,
}

/// `catalogue.list`: products page by page.
pub fn list(read: &Read<'_>, given: ProductQuery) -> Result<ProductPage> {
    let limit = given.limit.unwrap_or(PAGE_DEFAULT).clamp(1, PAGE_MAX);
    let text = given.text.as_deref().map(str::trim).filter(|text| !text.is_empty());
    let mut products = match text {
        Some(text) => list_by_text(read.db, text, &given, limit)?,
        None => store::product_page(read.db, &filter(&given, given.offset, limit + 1))?,
    };
    let more = products.len() > limit as usize;
    products.truncate(limit as usize);
    let today = finance::local_date(read.now_ms, read.offset_min);
    let mut rows = Vec::with_capacity(products.len());
    for product in products {
        let barcode = store::barcodes(read.db, product.product_id)?
            .into_iter()
            .find(|row| !row.archived)
            .map(|row| row.code);
        let variants = store::live_variants(read.db, product.product_id)?.len();
        let sellable = in_unit(read.db, &read.standing, product, None)?;
        let priced = price(read.db, &read.standing, &sellable, None, Qty::ONE, today)?;
        let product = sellable.product;
        rows.push(ProductListed {
            product_id: product.product_id,
            code: product.code,
            name: product.name,
            category_id: product.category_id,
            tax_class_id: product.tax_class_id,
            base_unit: product.base_unit,
            price: priced.map(|priced| priced.unit_price),
            barcode,
            variant_of: product.variant_of,
            variants: u32::try_from(variants).unwrap_or(u32::MAX),
            image_hash: product.image_hash,
            archived: product.archived,
        });
    }
    let next_offset = more.then(|| given.offset.saturating_add(limit));
    Ok(ProductPage { rows, next_offset })
}

fn filter(given: &ProductQuery, offset: u32, limit: u32) -> ProductFilter {
    ProductFilter {
        category_id: given.category_id,
        archived: given.archived,
        variants: given.variants,
        sort: given.sort,
        offset,
        limit,
    }
}

/// Products with a text: those in use by the search tables, archived ones by looking at each.
fn list_by_text(
    db: &Connection,
    text: &str,
    given: &ProductQuery,
    limit: u32,
) -> Result<Vec<ProductRow>> {
    let mut found: Vec<ProductRow> = if given.archived {
        let words = fold(text);
        let fits = |product: &ProductRow| {
            let text = fold(&format!("{} {} {}", product.name, product.variant, product.code));
            words.split_whitespace().all(|word| text.contains(word))
        };
        let mut all = store::product_page(db, &filter(given, 0, u32::MAX))?;
        all.retain(fits);
        all
    } else {
        let limit = usize::try_from(LIST_TEXT_MAX).unwrap_or(usize::MAX);
        find(db, text, limit)?.into_iter().map(|found| found.product).collect()
    };
    if !given.archived {
        if let Some(category) = given.category_id {
            let inside = store::categories_inside(db, category)?;
            found.retain(|row| row.category_id.is_some_and(|id| inside.contains(&id)));
        }
        match given.sort {
            ProductSort::Name => {}
            ProductSort::Code => found.sort_by(|a, b| a.code.cmp(&b.code)),
            ProductSort::Newest => found.sort_by_key(|row| Reverse(row.product_id)),
        }
    }
    let page = found.into_iter().skip(given.offset as usize).take(limit as usize + 1);
    Ok(page.collect())
}

#[cfg(test)]
mod tests {
    use super::word_query;

    #[test]
    fn what_is_typed_is_never_an_operator() {
        for (typed, query) in [
            ("indo gor", "\"indo\"* \"gor\"*"),
            ("tea or coffee*", "\"tea\"* \"or\"* \"coffee*\"*"),
            ("\"quoted\" near(", "\"quoted\"* \"near(\"*"),
            ("8.5%", "\"8.5%\"*"),
        ] {
            assert_eq!(word_query(typed).as_deref(), Some(query));
        }
        assert_eq!(word_query("-- \" ()"), None);
    }
}
