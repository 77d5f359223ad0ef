//! What sorts products and explains exceptions: categories, tax classes and reasons.
//!
//! **Invariant:** none of it is deleted, because past documents name it; what is in use cannot be
//! archived from under it.

use lumbung_domain::ids::{CategoryId, ReasonId, TaxClassId};
use lumbung_domain::num::Rate;
use lumbung_domain::tax::MAX_TAX_RATE;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::checks::check_name;
use super::rows::{CategoryRow, ReasonRow, TaxClassRow};
use super::store;
use crate::door::{Nothing, Read, Write};
use crate::error::{Refusal, Result, not_found, refuse_field};

/// Most categories, tax classes or reasons, each.
const EACH_MAX: usize = 5_000;

/// Longest mark of a tax class beside a line.
const TAX_CODE_MAX: usize = 4;

/// Largest part of a taxable share.
const SHARE_MAX: i64 = 1_000_000;

/// For what a reason is asked.
pub const REASON_KINDS: &[&str] = &[
    "return",
    "void",
    "price",
    "discount",
    "cash_in",
    "cash_out",
    "cash_drop",
    "no_sale",
    "over_short",
    "stock",
];

fn room(count: usize, what: &str) -> Result<()> {
    if count < EACH_MAX {
        return Ok(());
    }
    Err(refuse_field!(
        "name",
        "too_many_here",
        "There are {limit} {what} already: no more fit.",
        limit = EACH_MAX,
        what = what
    ))
}

/// A category.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct Category {
    /// The category; left out for a new one.
    #[ts(optional = nullable)]
    pub category_id: Option<CategoryId>,
    /// Its name.
    pub name: String,
    /// The category it is inside of.
    #[ts(optional = nullable)]
    pub parent_id: Option<CategoryId>,
    /// No longer used.
    #[serde(default)]
    #[ts(optional, as = "Option<_>")]
    pub archived: bool,
}

/// Every category.
#[derive(Debug, Clone, Serialize, TS)]
pub struct Categories {
    /// By name.
    pub categories: Vec<Category>,
}

/// A saved category.
#[derive(Debug, Clone, Copy, Serialize, TS)]
pub struct CategorySaved {
    /// The category.
    pub category_id: CategoryId,
}

/// `catalogue.categories`: every category, by name.
pub fn categories(read: &Read<'_>, _: Nothing) -> Result<Categories> {
    let categories = store::categories(read.db)?
        .into_iter()
        .map(|row| Category {
            category_id: Some(row.category_id),
            name: row.name,
            parent_id: row.parent_id,
            archived: row.archived,
        })
        .collect();
    Ok(Categories { categories })
}

/// `catalogue.save_category`: a new category, or changes to one.
pub fn save_category(write: &mut Write<'_, '_>, given: Category) -> Result<CategorySaved> {
    let name = given.name.trim().to_owned();
    check_name("name", &name)?;
    let all = store::categories(write.db())?;
    if let Some(parent_id) = given.parent_id {
        if !all.iter().any(|row| row.category_id == parent_id && !row.archived) {
            return Err(refuse_field!(
                "parent_id",
                "choose_category",
                "Choose a category that is in use."
            ));
        }
        if let Some(own) = given.category_id
            && store::categories_inside(write.db(), own)?.contains(&parent_id)
        {
            return Err(refuse_field!(
                "parent_id",
                "category_in_itself",
                "A category cannot be inside itself."
            ));
        }
    }
    let same = all.iter().find(|row| {
        !row.archived
            && row.parent_id == given.parent_id
            && Some(row.category_id) != given.category_id
            && row.name.to_lowercase() == name.to_lowercase()
    });
    if let (Some(same), false) = (same, given.archived) {
        return Err(refuse_field!(
            "name",
            "category_twice",
            "There is a category {name} here already.",
            name = same.name
        ));
    }
    let Some(category_id) = given.category_id else {
        room(all.len(), "categories")?;
        let category_id = write.id();
        write.tx.create(&CategoryRow {
            category_id,
            name,
            parent_id: given.parent_id,
            archived: given.archived,
        })?;
        return Ok(CategorySaved { category_id });
    };
    if !all.iter().any(|row| row.category_id == category_id) {
        return Err(not_found("The category"));
    }
    write.tx.patch(category_id, CategoryRow::NAMING, |row| {
        row.name = name;
        row.parent_id = given.parent_id;
    })?;
    write.tx.patch(category_id, CategoryRow::ARCHIVED, |row| row.archived = given.archived)?;
    Ok(CategorySaved { category_id })
}

/// How products of a class are taxed.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct TaxClass {
    /// The class; left out for a new one.
    #[ts(optional = nullable)]
    pub tax_class_id: Option<TaxClassId>,
    /// The mark printed beside a line.
    pub code: String,
    /// Its name.
    pub name: String,
    /// The rate: 0.12 is 12 %.
    pub rate: Rate,
    /// The taxed part of the price, above the line: 11 of 11/12.
    #[serde(default = "one")]
    #[ts(optional, as = "Option<_>")]
    pub share_num: i64,
    /// The taxed part of the price, below the line.
    #[serde(default = "one")]
    #[ts(optional, as = "Option<_>")]
    pub share_den: i64,
    /// No longer used.
    #[serde(default)]
    #[ts(optional, as = "Option<_>")]
    pub archived: bool,
}

fn one() -> i64 {
    1
}

/// Every tax class.
#[derive(Debug, Clone, Serialize, TS)]
pub struct TaxClasses {
    /// By mark.
    pub tax_classes: Vec<TaxClass>,
}

/// A saved tax class.
#[derive(Debug, Clone, Copy, Serialize, TS)]
pub struct TaxClassSaved {
    /// The class.
    pub tax_class_id: TaxClassId,
}

/// `catalogue.tax_classes`: every tax class, by mark.
pub fn tax_classes(read: &Read<'_>, _: Nothing) -> Result<TaxClasses> {
    let tax_classes = store::tax_classes(read.db)?
        .into_iter()
        .map(|row| TaxClass {
            tax_class_id: Some(row.tax_class_id),
            code: row.code,
            name: row.name,
            rate: row.rate,
            share_num: row.share_num,
            share_den: row.share_den,
            archived: row.archived,
        })
        .collect();
    Ok(TaxClasses { tax_classes })
}

/// `catalogue.save_tax_class`: a new tax class, or changes to one. Past lines keep the rate they
/// had.
pub fn save_tax_class(write: &mut Write<'_, '_>, given: TaxClass) -> Result<TaxClassSaved> {
    let all = store::tax_classes(write.db())?;
    check_tax_class(&all, &given)?;
    let row = TaxClassRow {
        tax_class_id: given.tax_class_id.unwrap_or_else(|| write.id()),
        code: given.code.trim().to_owned(),
        name: given.name.trim().to_owned(),
        rate: given.rate,
        share_num: given.share_num,
        share_den: given.share_den,
        archived: given.archived,
    };
    let tax_class_id = row.tax_class_id;
    if given.tax_class_id.is_none() {
        room(all.len(), "tax classes")?;
        write.tx.create(&row)?;
        return Ok(TaxClassSaved { tax_class_id });
    }
    if !all.iter().any(|row| row.tax_class_id == tax_class_id) {
        return Err(not_found("The tax class"));
    }
    if given.archived && store::taxes_something(write.db(), tax_class_id)? {
        return Err(Refusal::new(
            "in_use",
            "Products are taxed by this class: give them another one first.",
        )
        .at("archived")
        .into());
    }
    write.tx.patch(tax_class_id, TaxClassRow::RULE, |old| {
        *old = TaxClassRow { archived: old.archived, ..row };
    })?;
    write.tx.patch(tax_class_id, TaxClassRow::ARCHIVED, |old| old.archived = given.archived)?;
    Ok(TaxClassSaved { tax_class_id })
}

fn check_tax_class(all: &[TaxClassRow], given: &TaxClass) -> Result<()> {
    let code = given.code.trim();
    if code.is_empty() || code.chars().count() > TAX_CODE_MAX {
        return Err(refuse_field!(
            "code",
            "tax_mark",
            "The mark beside a line has 1 to {limit} characters.",
            limit = TAX_CODE_MAX
        ));
    }
    check_name("code", code)?;
    check_name("name", &given.name)?;
    if given.rate.is_negative() || given.rate > MAX_TAX_RATE {
        return Err(refuse_field!(
            "rate",
            "tax_rate",
            "A tax rate is from 0 to {limit}.",
            limit = MAX_TAX_RATE
        ));
    }
    let sound = (1..=SHARE_MAX).contains(&given.share_num)
        && (1..=SHARE_MAX).contains(&given.share_den)
        && given.share_num <= given.share_den;
    if !sound {
        return Err(refuse_field!(
            "share_num",
            "tax_share",
            "The taxed part of a price is a fraction from 1/1000000 to 1, such as 11/12."
        ));
    }
    let taken = all.iter().find(|row| {
        !row.archived && row.code == code && Some(row.tax_class_id) != given.tax_class_id
    });
    match taken {
        Some(other) if !given.archived => Err(refuse_field!(
            "code",
            "tax_mark_taken",
            "The mark {code} belongs to {name} already.",
            code = code,
            name = other.name
        )),
        _ => Ok(()),
    }
}

/// A reason that can be chosen.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct Reason {
    /// The reason; left out for a new one.
    #[ts(optional = nullable)]
    pub reason_id: Option<ReasonId>,
    /// For what it is asked: one of `kinds`.
    pub kind: String,
    /// In words.
    pub name: String,
    /// No longer offered.
    #[serde(default)]
    #[ts(optional, as = "Option<_>")]
    pub archived: bool,
}

/// For what reasons are asked.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ReasonKind {
    /// The kind: `return`, or `cash` for every kind of cash movement.
    pub kind: String,
}

/// A reason as it is offered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
pub struct ReasonChoice {
    /// The reason.
    pub reason_id: ReasonId,
    /// In words.
    pub text: String,
}

/// Reasons.
#[derive(Debug, Clone, Serialize, TS)]
pub struct Reasons {
    /// By kind and name.
    pub reasons: Vec<Reason>,
    /// The kinds there are.
    pub kinds: Vec<String>,
}

/// A saved reason.
#[derive(Debug, Clone, Copy, Serialize, TS)]
pub struct ReasonSaved {
    /// The reason.
    pub reason_id: ReasonId,
}

/// `catalogue.reasons`: the reasons offered where one is asked for.
pub fn reason_choices(read: &Read<'_>, given: ReasonKind) -> Result<Vec<ReasonChoice>> {
    let inside = format!("{}_", given.kind);
    Ok(store::reasons(read.db)?
        .into_iter()
        .filter(|row| !row.archived)
        .filter(|row| row.kind == given.kind || row.kind.starts_with(&inside))
        .map(|row| ReasonChoice { reason_id: row.reason_id, text: row.name })
        .collect())
}

/// `catalogue.all_reasons`: every reason, archived ones too.
pub fn reasons(read: &Read<'_>, _: Nothing) -> Result<Reasons> {
    let reasons = store::reasons(read.db)?
        .into_iter()
        .map(|row| Reason {
            reason_id: Some(row.reason_id),
            kind: row.kind,
            name: row.name,
            archived: row.archived,
        })
        .collect();
    Ok(Reasons { reasons, kinds: REASON_KINDS.iter().map(|kind| (*kind).to_owned()).collect() })
}

/// `catalogue.save_reason`: a new reason, or changes to one.
pub fn save_reason(write: &mut Write<'_, '_>, given: Reason) -> Result<ReasonSaved> {
    let name = given.name.trim().to_owned();
    check_name("name", &name)?;
    if !REASON_KINDS.contains(&given.kind.as_str()) {
        return Err(refuse_field!(
            "kind",
            "reason_kind",
            "A reason is for one of: {known}.",
            known = REASON_KINDS.join(", ")
        ));
    }
    let all = store::reasons(write.db())?;
    let same = all.iter().any(|row| {
        !row.archived
            && row.kind == given.kind
            && Some(row.reason_id) != given.reason_id
            && row.name.to_lowercase() == name.to_lowercase()
    });
    if same && !given.archived {
        return Err(refuse_field!(
            "name",
            "reason_twice",
            "There is a reason {name} already.",
            name = name
        ));
    }
    let Some(reason_id) = given.reason_id else {
        room(all.len(), "reasons")?;
        let reason_id = write.id();
        let row = ReasonRow { reason_id, kind: given.kind, name, archived: given.archived };
        write.tx.create(&row)?;
        return Ok(ReasonSaved { reason_id });
    };
    if store::reason(write.db(), reason_id)?.is_none() {
        return Err(not_found("The reason"));
    }
    write.tx.patch(reason_id, ReasonRow::NAMING, |row| {
        row.kind = given.kind;
        row.name = name;
    })?;
    write.tx.patch(reason_id, ReasonRow::ARCHIVED, |row| row.archived = given.archived)?;
    Ok(ReasonSaved { reason_id })
}
