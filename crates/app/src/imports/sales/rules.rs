//! How the sales of another program are to be understood.
//!
//! **Invariant:** every line of a file falls into exactly one class, by its own numbers and the
//! number of its document alone, so the same file is always understood in the same way.

use lumbung_domain::num::{Qty, UnitPrice};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::imports::dates::DateOrder;
use crate::imports::fields::ImportKind;
use crate::imports::mapping::Mapping;
use crate::imports::numbers::DecimalSign;
use crate::imports::source::Source;

/// What a line of a file of sales is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum LineClass {
    /// Goods went out for money.
    Sale,
    /// Goods came back, or money was given back.
    Return,
    /// Goods left stock without a buyer: broken, lost, taken apart.
    StockWriteOff,
    /// Anything else: goods found or given away, debts corrected.
    Adjustment,
}

impl LineClass {
    /// Every class, in the order of reports.
    pub const ALL: [Self; 4] = [Self::Sale, Self::Return, Self::StockWriteOff, Self::Adjustment];

    /// As stored and printed.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Sale => "sale",
            Self::Return => "return",
            Self::StockWriteOff => "stock_write_off",
            Self::Adjustment => "adjustment",
        }
    }
}

/// What a document is, by its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Named {
    /// Nothing special.
    Plain,
    /// A return or cancellation.
    Return,
    /// A correction of what is owed.
    Correction,
}

/// How a file of sales is to be understood.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields, default)]
pub struct SalesRules {
    /// Document numbers that begin so are returns.
    pub return_prefixes: Vec<String>,
    /// Document numbers that begin so correct what is owed and move no goods.
    pub correction_prefixes: Vec<String>,
    /// Codes that are no goods and have no stock: postage, fees, discounts.
    pub service_codes: Vec<String>,
    /// Whether a code is no goods when it begins so.
    pub service_prefixes: Vec<String>,
    /// The unit of products that are made.
    pub unit: String,
    /// Whether stock moves as it was sold.
    pub moves_stock: bool,
    /// Whether products that are made get the price they were most often sold at.
    pub sets_prices: bool,
}

impl Default for SalesRules {
    fn default() -> Self {
        Self {
            return_prefixes: Vec::new(),
            correction_prefixes: Vec::new(),
            service_codes: Vec::new(),
            service_prefixes: Vec::new(),
            unit: "pcs".to_owned(),
            moves_stock: true,
            sets_prices: true,
        }
    }
}

/// The company that an import into an empty data folder begins.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ImportedShop {
    /// Its name.
    pub name: String,
    /// ISO 3166-1 alpha-2.
    pub country: String,
    /// ISO 4217: the currency of the file.
    pub currency: String,
}

/// How a file of sales is laid out and understood.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields, default)]
pub struct SalesMapping {
    /// Its columns; where none is named they are recognised by their headings.
    pub mapping: Mapping,
    /// How its lines are understood.
    pub rules: SalesRules,
    /// Whether lines that are wrong are left out; else nothing is imported while one is wrong.
    pub leave_out_wrong_rows: bool,
    /// The company that an import into an empty data folder begins.
    #[ts(optional = nullable)]
    pub shop: Option<ImportedShop>,
}

impl SalesMapping {
    /// The mapping of this name, if it is one that the program brings along.
    pub fn named(name: &str) -> Option<Self> {
        (name == "online-retail").then(Self::online_retail)
    }

    /// Files of the shop of the "Online Retail" data set: a wholesaler of gifts in the United
    /// Kingdom. Its documents C… are cancellations and A… corrections of bad debts.
    pub fn online_retail() -> Self {
        let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
        Self {
            // Older copies of the set write dates as 12/1/2010 8:26.
            mapping: Mapping {
                decimal: Some(DecimalSign::Point),
                dates: Some(DateOrder::MonthFirst),
                ..Mapping::default()
            },
            rules: SalesRules {
                return_prefixes: words(&["C"]),
                correction_prefixes: words(&["A"]),
                service_codes: words(&[
                    "AMAZONFEE",
                    "B",
                    "BANK CHARGES",
                    "C2",
                    "CRUK",
                    "D",
                    "DOT",
                    "M",
                    "POST",
                    "S",
                    "m",
                ]),
                service_prefixes: words(&["gift_"]),
                ..SalesRules::default()
            },
            leave_out_wrong_rows: false,
            shop: Some(ImportedShop {
                name: "Online Retail".to_owned(),
                country: "GB".to_owned(),
                currency: "GBP".to_owned(),
            }),
        }
    }
}

impl SalesMapping {
    /// The columns of a file.
    pub fn columns_of(&self, source: &Source) -> Mapping {
        if self.mapping.columns.is_empty() {
            let columns = Mapping::guessed(ImportKind::Sales, source).columns;
            Mapping { columns, ..self.mapping.clone() }
        } else {
            self.mapping.clone()
        }
    }
}

impl SalesRules {
    /// What a document is, by its number.
    pub fn named(&self, invoice: &str) -> Named {
        let begins = |prefixes: &[String]| {
            prefixes.iter().any(|prefix| !prefix.is_empty() && invoice.starts_with(prefix.as_str()))
        };
        if begins(&self.correction_prefixes) {
            Named::Correction
        } else if begins(&self.return_prefixes) {
            Named::Return
        } else {
            Named::Plain
        }
    }

    /// Whether a code is no goods.
    pub fn is_service(&self, code: &str) -> bool {
        self.service_codes.iter().any(|service| service == code)
            || self.service_prefixes.iter().any(|prefix| code.starts_with(prefix.as_str()))
    }
}

/// What a line is.
pub fn classify(document: Named, qty: Qty, price: UnitPrice) -> LineClass {
    match document {
        Named::Correction => LineClass::Adjustment,
        Named::Return => LineClass::Return,
        Named::Plain if price.is_negative() => LineClass::Adjustment,
        Named::Plain if price.is_zero() && qty.is_negative() => LineClass::StockWriteOff,
        Named::Plain if price.is_zero() => LineClass::Adjustment,
        Named::Plain if qty.is_negative() => LineClass::Return,
        Named::Plain => LineClass::Sale,
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use super::*;

    #[test]
    fn every_line_has_one_class() {
        let rules = SalesMapping::online_retail().rules;
        let cases = [
            ("536365", "6", "2.55", LineClass::Sale),
            ("C536379", "-1", "27.50", LineClass::Return),
            ("536365", "-6", "2.55", LineClass::Return),
            ("536589", "-10", "0", LineClass::StockWriteOff),
            ("536414", "56", "0", LineClass::Adjustment),
            ("A563185", "1", "11062.06", LineClass::Adjustment),
            ("A563186", "1", "-11062.06", LineClass::Adjustment),
            ("563186", "1", "-11062.06", LineClass::Adjustment),
            ("C536379", "-1", "0", LineClass::Return),
        ];
        for (invoice, qty, price, expect) in cases {
            let found =
                classify(rules.named(invoice), qty.parse().unwrap(), price.parse().unwrap());
            assert_eq!(found, expect, "{invoice} {qty} × {price}");
        }
    }

    #[test]
    fn postage_and_fees_are_no_goods() {
        let rules = SalesMapping::online_retail().rules;
        for (code, service) in [
            ("POST", true),
            ("DOT", true),
            ("m", true),
            ("gift_0001_20", true),
            ("85123A", false),
            ("PADS", false),
            ("MISC", false),
        ] {
            assert_eq!(rules.is_service(code), service, "{code}");
        }
    }

    #[test]
    fn a_mapping_file_may_leave_out_what_is_usual() {
        let mapping: SalesMapping = serde_json::from_str(
            r#"{"mapping": {"columns": {"invoice": "No"}}, "rules": {"return_prefixes": ["R"]}}"#,
        )
        .unwrap();
        assert_eq!(mapping.rules.unit, "pcs");
        assert!(mapping.rules.moves_stock);
        assert!(serde_json::from_str::<SalesMapping>(r#"{"colums": {}}"#).is_err());
    }
}
