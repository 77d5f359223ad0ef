//! Codes that are scanned or typed: what they mean, and the rules of codes made in the shop.
//!
//! **Invariant:** a code means one product, or the cashier chooses; it never picks by chance.

use lumbung_domain::barcode::{self, BarcodeError, CheckVerdict, Scan, ScannerSettings};
use lumbung_domain::ids::{BarcodeRuleId, ProductId, ProductUnitId};
use lumbung_domain::instore::{self, InStore, InStoreValue, Rule, RuleKind, RuleSpec};
use lumbung_domain::num::{Money, Qty, Rounding};
use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::checks::check_name;
use super::index::{fold, part_query};
use super::products::display_name;
use super::rows::BarcodeRuleRow;
use super::store;
use crate::door::{Nothing, Read, Write};
use crate::error::{Error, Result, Say, not_found, refuse_at, refuse_field};
use crate::standing::Standing;

/// Shortest number whose wrong last digit is a misreading and not a code of the shop's own.
const ARTICLE_NUMBER_MIN: usize = 12;

/// Products of one code in other letters that are looked at.
const SAME_LETTERS_MAX: u32 = 200;

/// Most rules of in-store barcodes.
const RULES_MAX: usize = 100;

/// What a code means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Resolved {
    /// One thing.
    One(Found),
    /// One of several products: the cashier chooses.
    Many(Vec<ProductId>),
    /// Nothing here.
    Unknown,
}

/// The thing a code means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The product.
    pub product_id: ProductId,
    /// The unit; absent for the base unit.
    pub product_unit_id: Option<ProductUnitId>,
    /// The weight the code carries.
    pub qty: Option<Qty>,
    /// The price of the pack the code carries.
    pub line_price: Option<Money>,
}

impl Found {
    fn product(product_id: ProductId) -> Self {
        Self { product_id, product_unit_id: None, qty: None, line_price: None }
    }
}

/// Every way a code may be kept, the likeliest first.
pub(super) fn code_forms(code: &str) -> Vec<String> {
    let typed = code.trim();
    let Scan { mut keys, .. } = barcode::normalise(typed, &ScannerSettings::default());
    if !keys.iter().any(|key| key == typed) {
        keys.push(typed.to_owned());
    }
    keys.retain(|key| !key.is_empty());
    keys
}

/// What a scanned or typed code means: a barcode, else a code of the scales, else a product code.
pub fn resolve(db: &Connection, standing: &Standing, code: &str) -> Result<Resolved> {
    let scan = barcode::normalise(code, &ScannerSettings::default());
    if scan.code.is_empty() {
        return Ok(Resolved::Unknown);
    }
    for key in code_forms(code) {
        let mut found: Vec<Found> = Vec::new();
        for row in store::barcodes_by_code(db, &key)? {
            let unit = row.product_unit_id;
            let one = Found { product_unit_id: unit, ..Found::product(row.product_id) };
            if !found.contains(&one) {
                found.push(one);
            }
        }
        if let Some(resolved) = one_or_many(db, found)? {
            return Ok(resolved);
        }
    }
    if let Some(resolved) = by_rules(db, standing, &scan.code)? {
        return Ok(resolved);
    }
    if let Some(product) = store::product_by_code(db, code.trim())?
        && let Some(resolved) = one_or_many(db, vec![Found::product(product.product_id)])?
    {
        return Ok(resolved);
    }
    let same = in_other_letters(db, code.trim())?;
    if let Some(resolved) = one_or_many(db, same)? {
        return Ok(resolved);
    }
    match scan.check {
        CheckVerdict::Wrong(expected) if scan.code.len() >= ARTICLE_NUMBER_MIN => {
            Err(BarcodeError::WrongCheckDigit { code: scan.code, expected }.into())
        }
        _ => Ok(Resolved::Unknown),
    }
}

/// One thing or a choice; nothing where nothing was found. A product that comes in several kinds
/// is a choice of them.
fn one_or_many(db: &Connection, mut found: Vec<Found>) -> Result<Option<Resolved>> {
    let Some(first) = found.pop() else { return Ok(None) };
    if found.is_empty() {
        let variants = store::live_variants(db, first.product_id)?;
        let resolved =
            if variants.is_empty() { Resolved::One(first) } else { Resolved::Many(variants) };
        return Ok(Some(resolved));
    }
    found.push(first);
    let mut products: Vec<ProductId> = found.iter().map(|found| found.product_id).collect();
    products.dedup();
    Ok(Some(Resolved::Many(products)))
}

/// Products whose code differs from the typed one only in capitals.
fn in_other_letters(db: &Connection, code: &str) -> Result<Vec<Found>> {
    if !code.chars().any(char::is_alphabetic) {
        return Ok(Vec::new());
    }
    let folded = fold(code);
    let mut same = Vec::new();
    for form in [code.to_uppercase(), code.to_lowercase()] {
        same.extend(store::product_by_code(db, &form)?);
    }
    // Codes of mixed capitals are found by their parts.
    if let Some(parts) = part_query(&folded) {
        let found = store::products_by_parts(db, &parts, SAME_LETTERS_MAX)?;
        same.extend(found.into_iter().map(|(product, _)| product));
    }
    let mut found = Vec::new();
    for product in same.iter().filter(|row| !row.archived && fold(&row.code) == folded) {
        let one = Found::product(product.product_id);
        if !found.contains(&one) {
            found.push(one);
        }
    }
    Ok(found)
}

/// What a code made in the shop means, where a rule has its form.
fn by_rules(db: &Connection, standing: &Standing, code: &str) -> Result<Option<Resolved>> {
    let rules = rules(&standing.barcode_rules);
    let read = instore::apply(&rules, code)?;
    let Some(InStore { item_code, value }) = read else { return Ok(None) };
    let Some(product_id) = by_item(db, &item_code)? else { return Ok(None) };
    let mut found = Found::product(product_id);
    match value {
        InStoreValue::Qty(qty) => found.qty = Some(qty),
        InStoreValue::Price(price) => {
            found.line_price = Some(price.times(Qty::ONE, standing.currency, Rounding::HalfUp)?);
        }
        InStoreValue::None => {}
    }
    one_or_many(db, vec![found])
}

/// The product the scales know by this number: its code or barcode, with or without zeros before.
fn by_item(db: &Connection, item_code: &str) -> Result<Option<ProductId>> {
    let short = item_code.trim_start_matches('0');
    let forms = [item_code, short];
    for form in forms.iter().filter(|form| !form.is_empty()) {
        if let Some(product) = store::product_by_code(db, form)? {
            return Ok(Some(product.product_id));
        }
        if let Some(row) = store::barcodes_by_code(db, form)?.first() {
            return Ok(Some(row.product_id));
        }
    }
    Ok(None)
}

/// Whether a code looks like an article number and its last digit is wrong.
pub(super) fn wrong_check_digit(code: &str) -> bool {
    let scan = barcode::normalise(code, &ScannerSettings::default());
    matches!(scan.check, CheckVerdict::Wrong(_)) && scan.code.len() >= ARTICLE_NUMBER_MIN
}

/// The rules in use, checked. One that cannot be read, of a newer version, is left out.
fn rules(rows: &[BarcodeRuleRow]) -> Vec<Rule> {
    rows.iter().filter_map(|row| Rule::new(spec_of(row)?).ok()).collect()
}

/// A rule as it is kept: JSON in the pattern.
fn spec_of(row: &BarcodeRuleRow) -> Option<RuleSpec> {
    serde_json::from_str(&row.pattern).ok()
}

/// A rule of in-store barcodes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct BarcodeRule {
    /// The rule; left out for a new one.
    #[ts(optional = nullable)]
    pub barcode_rule_id: Option<BarcodeRuleId>,
    /// Its name.
    pub name: String,
    /// Its form: 20PPPPPWWWWWC.
    pub pattern: String,
    /// What it carries besides the item.
    pub value: RuleKind,
    /// No longer used.
    #[serde(default)]
    #[ts(optional, as = "Option<_>")]
    pub archived: bool,
}

/// Every rule.
#[derive(Debug, Clone, Serialize, TS)]
pub struct BarcodeRules {
    /// By name.
    pub rules: Vec<BarcodeRule>,
}

/// A saved rule.
#[derive(Debug, Clone, Copy, Serialize, TS)]
pub struct BarcodeRuleSaved {
    /// The rule.
    pub barcode_rule_id: BarcodeRuleId,
}

/// `catalogue.barcode_rules`: every rule of in-store barcodes.
pub fn barcode_rules(read: &Read<'_>, _: Nothing) -> Result<BarcodeRules> {
    let rules = store::barcode_rules(read.db)?
        .into_iter()
        .filter_map(|row| {
            let spec = spec_of(&row)?;
            Some(BarcodeRule {
                barcode_rule_id: Some(row.barcode_rule_id),
                name: row.name,
                pattern: spec.pattern,
                value: spec.value,
                archived: row.archived,
            })
        })
        .collect();
    Ok(BarcodeRules { rules })
}

/// `catalogue.save_barcode_rule`: a new rule, or changes to one.
pub fn save_barcode_rule(
    write: &mut Write<'_, '_>,
    given: BarcodeRule,
) -> Result<BarcodeRuleSaved> {
    let name = given.name.trim().to_owned();
    check_name("name", &name)?;
    let spec = RuleSpec { pattern: given.pattern.trim().to_owned(), value: given.value };
    let rule = Rule::new(spec).map_err(|error| refuse_at("pattern", error.said()))?;
    let all = store::barcode_rules(write.db())?;
    let same = all.iter().find(|row| {
        !row.archived
            && Some(row.barcode_rule_id) != given.barcode_rule_id
            && spec_of(row).is_some_and(|other| other.pattern == rule.spec().pattern)
    });
    if let (Some(same), false) = (same, given.archived) {
        return Err(refuse_field!(
            "pattern",
            "barcode_rule_twice",
            "The rule {name} reads the same codes already.",
            name = same.name
        ));
    }
    let pattern =
        serde_json::to_string(rule.spec()).map_err(|error| Error::Broken(error.to_string()))?;
    let Some(barcode_rule_id) = given.barcode_rule_id else {
        if all.len() >= RULES_MAX {
            return Err(refuse_field!(
                "name",
                "too_many_rules",
                "There are {limit} rules already.",
                limit = RULES_MAX
            ));
        }
        let barcode_rule_id = write.id();
        let archived = given.archived;
        write.tx.create(&BarcodeRuleRow { barcode_rule_id, name, pattern, archived })?;
        return Ok(BarcodeRuleSaved { barcode_rule_id });
    };
    if store::barcode_rule(write.db(), barcode_rule_id)?.is_none() {
        return Err(not_found("The rule"));
    }
    write.tx.patch(barcode_rule_id, BarcodeRuleRow::RULE, |row| {
        row.name = name;
        row.pattern = pattern;
    })?;
    write.tx.patch(barcode_rule_id, BarcodeRuleRow::ARCHIVED, |row| {
        row.archived = given.archived;
    })?;
    Ok(BarcodeRuleSaved { barcode_rule_id })
}

/// A code to be tried.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct BarcodeTry {
    /// The code, as scanned.
    pub code: String,
}

/// What a code means, for the one who sets the rules up.
#[derive(Debug, Clone, Serialize, TS)]
pub struct BarcodeTried {
    /// The rule that reads it, if one does.
    pub rule: Option<String>,
    /// The item it names by that rule.
    pub item_code: Option<String>,
    /// The weight it carries.
    pub qty: Option<Qty>,
    /// The price it carries.
    pub line_price: Option<Money>,
    /// The products it means, by name; several where the cashier chooses.
    pub products: Vec<String>,
    /// Why it cannot be read, in words.
    pub problem: Option<String>,
}

/// `catalogue.try_barcode`: what a code means.
pub fn try_barcode(read: &Read<'_>, given: BarcodeTry) -> Result<BarcodeTried> {
    let standing = &read.standing;
    let scan = barcode::normalise(&given.code, &ScannerSettings::default());
    let mut tried = BarcodeTried {
        rule: None,
        item_code: None,
        qty: None,
        line_price: None,
        products: Vec::new(),
        problem: None,
    };
    for row in &standing.barcode_rules {
        let Some(rule) = spec_of(row).and_then(|spec| Rule::new(spec).ok()) else { continue };
        if rule.matches(&scan.code) {
            tried.rule = Some(row.name.clone());
            let read = instore::apply(std::slice::from_ref(&rule), &scan.code);
            tried.item_code = read.ok().flatten().map(|code| code.item_code);
            break;
        }
    }
    let products = match resolve(read.db, standing, &given.code) {
        Ok(Resolved::One(found)) => {
            tried.qty = found.qty;
            tried.line_price = found.line_price;
            vec![found.product_id]
        }
        Ok(Resolved::Many(products)) => products,
        Ok(Resolved::Unknown) => {
            tried.problem = Some("No product has this code.".to_owned());
            Vec::new()
        }
        Err(Error::Refused(refusal)) => {
            tried.problem = Some(refusal.0.message);
            Vec::new()
        }
        Err(error) => return Err(error),
    };
    for product_id in products {
        let product = store::product(read.db, product_id)?;
        tried.products.extend(product.as_ref().map(display_name));
    }
    Ok(tried)
}
