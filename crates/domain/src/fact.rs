//! The facts of a refusal, by name, so that its sentence can be said in any language and its
//! amounts written as the country writes them.
//!
//! **Invariant:** a refusal with a number in its English sentence has that number as a fact.

use std::fmt;

use crate::BusinessDate;
use crate::num::{Currency, Money, Qty, Rate, UnitPrice};

/// One fact of a refusal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fact {
    /// An amount, in minor units.
    Money(Money),
    /// The price of one unit.
    Price(UnitPrice),
    /// A quantity.
    Qty(Qty),
    /// A rate.
    Rate(Rate),
    /// A number of things, or of a line.
    Count(i64),
    /// A business date.
    Date(BusinessDate),
    /// A currency.
    Currency(Currency),
    /// A word: a code, a name, what was typed.
    Text(String),
}

/// The facts of a refusal, by name.
pub type Facts = Vec<(&'static str, Fact)>;

impl fmt::Display for Fact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Money(money) => money.fmt(f),
            Self::Price(price) => price.fmt(f),
            Self::Qty(qty) => qty.fmt(f),
            Self::Rate(rate) => rate.fmt(f),
            Self::Count(count) => count.fmt(f),
            Self::Date(date) => date.fmt(f),
            Self::Currency(currency) => currency.fmt(f),
            Self::Text(text) => text.fmt(f),
        }
    }
}

macro_rules! fact_from {
    ($($from:ty => $fact:ident),+ $(,)?) => {$(
        impl From<$from> for Fact {
            fn from(value: $from) -> Self {
                Self::$fact(value.into())
            }
        }
    )+};
}

fact_from!(
    Money => Money,
    UnitPrice => Price,
    Qty => Qty,
    Rate => Rate,
    i64 => Count,
    u8 => Count,
    u32 => Count,
    i32 => Count,
    BusinessDate => Date,
    Currency => Currency,
    &str => Text,
    String => Text,
);

impl From<usize> for Fact {
    fn from(value: usize) -> Self {
        Self::Count(i64::try_from(value).unwrap_or(i64::MAX))
    }
}

/// The facts of these fields, under their own names: `facts![missing, kind]`.
macro_rules! facts {
    ($($name:ident),* $(,)?) => {
        vec![$((stringify!($name), $crate::fact::Fact::from($name.to_owned()))),*]
    };
}

pub(crate) use facts;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tender::{TenderError, TenderKind};

    #[test]
    fn a_refusal_tells_its_facts_by_name() {
        let refusal = TenderError::BadAmount { kind: TenderKind::Card, amount: Money::of(-5) };
        assert_eq!(
            refusal.facts(),
            [("kind", Fact::Text("card".to_owned())), ("amount", Fact::Money(Money::of(-5)))]
        );
        assert!(TenderError::CashNotNeeded.facts().is_empty());
        let told: Vec<String> =
            refusal.facts().iter().map(|(name, fact)| format!("{name}={fact}")).collect();
        assert_eq!(told, ["kind=card", "amount=-5"]);
    }
}
