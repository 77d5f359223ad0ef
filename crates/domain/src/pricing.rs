//! Which price holds: customer before group before branch before everyone, then date and quantity.
//!
//! **Invariant:** the same offers and the same question give the same price on every terminal, in
//! whatever order the offers are read, and the answer says why.

use std::cmp::Reverse;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::BusinessDate;
use crate::ids::{BranchId, CustomerGroupId, CustomerId, PriceId, PriceListId, ProductUnitId};
use crate::num::{Qty, UnitPrice};

/// For whom a price list is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(tag = "kind", content = "id", rename_all = "snake_case")]
pub enum PriceScope {
    /// One customer.
    Customer(CustomerId),
    /// A group of customers.
    Group(CustomerGroupId),
    /// A branch.
    Branch(BranchId),
    /// Everyone.
    Everyone,
}

/// Why a price holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum PriceSource {
    /// It is the customer's own.
    Customer,
    /// It is of the customer's group.
    Group,
    /// It is of the branch.
    Branch,
    /// It is everyone's.
    Everyone,
    /// It was in the barcode of a weighed or priced pack.
    Barcode,
    /// It was typed at the till.
    Typed,
}

impl PriceSource {
    /// Every source.
    pub const ALL: [Self; 6] =
        [Self::Customer, Self::Group, Self::Branch, Self::Everyone, Self::Barcode, Self::Typed];

    /// The word stored in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Customer => "customer",
            Self::Group => "group",
            Self::Branch => "branch",
            Self::Everyone => "everyone",
            Self::Barcode => "barcode",
            Self::Typed => "typed",
        }
    }

    /// The source named by a word of [`PriceSource::as_str`].
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|source| source.as_str() == word)
    }
}

/// A price which somebody may get.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Offer {
    /// The price.
    pub price_id: PriceId,
    /// The list it stands in.
    pub price_list_id: PriceListId,
    /// For whom the list is.
    pub scope: PriceScope,
    /// The unit it is for.
    pub unit: ProductUnitId,
    /// The least quantity.
    pub min_qty: Qty,
    /// The first day, or none for always.
    #[ts(type = "string | null")]
    pub from: Option<BusinessDate>,
    /// The last day, or none for ever.
    #[ts(type = "string | null")]
    pub until: Option<BusinessDate>,
    /// The price of one unit.
    pub unit_price: UnitPrice,
}

/// Who asks for a price, when, and for how much.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PriceQuery<'a> {
    /// The customer, when one is named.
    pub customer: Option<CustomerId>,
    /// The customer's groups.
    pub groups: &'a [CustomerGroupId],
    /// The branch.
    pub branch: BranchId,
    /// The business date.
    pub date: BusinessDate,
    /// The unit.
    pub unit: ProductUnitId,
    /// How much of it.
    pub qty: Qty,
}

/// The price that holds, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Chosen<'a> {
    /// The offer.
    pub offer: &'a Offer,
    /// Why it holds.
    pub source: PriceSource,
}

/// The price that holds, or none when nothing fits.
///
/// The narrowest scope wins; then the price that began last, because it replaces older ones; then
/// the largest quantity reached; then the lowest price. The id decides between equals.
pub fn choose<'a>(offers: &'a [Offer], at: &PriceQuery<'_>) -> Option<Chosen<'a>> {
    offers
        .iter()
        .filter(|offer| holds(offer, at))
        .filter_map(|offer| Some(Chosen { offer, source: source_of(offer, at)? }))
        .min_by_key(|chosen| {
            let offer = chosen.offer;
            (
                rank(chosen.source),
                Reverse(offer.from),
                Reverse(offer.min_qty),
                offer.unit_price,
                offer.price_id,
            )
        })
}

fn holds(offer: &Offer, at: &PriceQuery<'_>) -> bool {
    offer.unit == at.unit
        && offer.min_qty <= at.qty.abs()
        && offer.from.is_none_or(|from| from <= at.date)
        && offer.until.is_none_or(|until| at.date <= until)
}

/// Why the offer is for whoever asks, or none when it is for somebody else.
fn source_of(offer: &Offer, at: &PriceQuery<'_>) -> Option<PriceSource> {
    match offer.scope {
        PriceScope::Customer(customer) => {
            (at.customer == Some(customer)).then_some(PriceSource::Customer)
        }
        PriceScope::Group(group) => at.groups.contains(&group).then_some(PriceSource::Group),
        PriceScope::Branch(branch) => (at.branch == branch).then_some(PriceSource::Branch),
        PriceScope::Everyone => Some(PriceSource::Everyone),
    }
}

fn rank(source: PriceSource) -> u8 {
    match source {
        PriceSource::Barcode | PriceSource::Typed => 0,
        PriceSource::Customer => 1,
        PriceSource::Group => 2,
        PriceSource::Branch => 3,
        PriceSource::Everyone => 4,
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    fn id<T: From<Uuid>>(number: u128) -> T {
        Uuid::from_u128(number).into()
    }

    fn offer(number: u128, scope: PriceScope, price: &str) -> Offer {
        Offer {
            price_id: id(number),
            price_list_id: id(1),
            scope,
            unit: id(7),
            min_qty: Qty::ZERO,
            from: None,
            until: None,
            unit_price: price.parse().unwrap(),
        }
    }

    fn dated(mut offer: Offer, from: &str, until: &str) -> Offer {
        offer.from = from.parse().ok();
        offer.until = until.parse().ok();
        offer
    }

    fn from_qty(mut offer: Offer, qty: &str) -> Offer {
        offer.min_qty = qty.parse().unwrap();
        offer
    }

    fn check(offers: &[Offer], customer: u128, qty: &str, expected: &str) {
        let groups = [id(50)];
        let at = PriceQuery {
            customer: (customer > 0).then(|| id(customer)),
            groups: if customer > 0 { &groups } else { &[] },
            branch: id(3),
            date: "2026-11-20".parse().unwrap(),
            unit: id(7),
            qty: qty.parse().unwrap(),
        };
        let found = match choose(offers, &at) {
            Some(chosen) => format!("{} {}", chosen.offer.unit_price, chosen.source.as_str()),
            None => "no price".to_owned(),
        };
        assert_eq!(found, expected, "customer {customer}, {qty}");
    }

    #[test]
    fn the_narrowest_list_wins() {
        let offers = [
            offer(1, PriceScope::Everyone, "1000"),
            offer(2, PriceScope::Branch(id(3)), "1100"),
            offer(3, PriceScope::Branch(id(4)), "1"),
            offer(4, PriceScope::Group(id(50)), "1200"),
            offer(5, PriceScope::Customer(id(9)), "1300"),
        ];
        check(&offers, 9, "1", "1300 customer");
        check(&offers, 8, "1", "1200 group");
        check(&offers, 0, "1", "1100 branch");
        check(&offers[..1], 0, "1", "1000 everyone");
        check(&offers[2..3], 0, "1", "no price");
        check(&[], 0, "1", "no price");
    }

    #[test]
    fn a_price_holds_on_its_days_and_a_newer_one_replaces_it() {
        let everyone = |number, price| offer(number, PriceScope::Everyone, price);
        let offers = [
            everyone(1, "1000"),
            dated(everyone(2, "950"), "2026-01-01", ""),
            dated(everyone(3, "900"), "2026-11-01", "2026-11-20"),
            dated(everyone(4, "800"), "2026-11-01", "2026-11-19"),
            dated(everyone(5, "700"), "2026-11-21", ""),
        ];
        check(&offers, 0, "1", "900 everyone");
        check(&offers[..2], 0, "1", "950 everyone");
        check(&offers[4..], 0, "1", "no price");
    }

    #[test]
    fn a_larger_quantity_gets_its_price_also_on_a_return() {
        let everyone = |number, price| offer(number, PriceScope::Everyone, price);
        let offers = [
            everyone(1, "1000"),
            from_qty(everyone(2, "950"), "12"),
            from_qty(everyone(3, "900"), "24"),
        ];
        check(&offers, 0, "11.999", "1000 everyone");
        check(&offers, 0, "12", "950 everyone");
        check(&offers, 0, "-24", "900 everyone");
        let mut boxed = everyone(4, "20000");
        boxed.unit = id(8);
        check(&[boxed], 0, "1", "no price");
    }

    #[test]
    fn every_source_is_found_again_by_its_word() {
        for source in PriceSource::ALL {
            assert_eq!(PriceSource::parse(source.as_str()), Some(source));
        }
    }

    proptest! {
        #[test]
        fn the_order_of_the_offers_does_not_matter(
            prices in prop::collection::vec((1_i64..5, 0_i64..4, 0_u128..4), 1..12),
            by in 0_usize..12,
        ) {
            let mut offers: Vec<Offer> = prices
                .iter()
                .zip(1..)
                .map(|((price, min_qty, scope), number)| {
                    let scope = match scope {
                        0 => PriceScope::Customer(id(9)),
                        1 => PriceScope::Group(id(50)),
                        2 => PriceScope::Branch(id(3)),
                        _ => PriceScope::Everyone,
                    };
                    from_qty(offer(number, scope, &price.to_string()), &min_qty.to_string())
                })
                .collect();
            let groups = [id(50)];
            let at = PriceQuery {
                customer: Some(id(9)),
                groups: &groups,
                branch: id(3),
                date: "2026-11-20".parse().unwrap(),
                unit: id(7),
                qty: Qty::of(2_000_000),
            };
            let first = choose(&offers, &at).map(|chosen| chosen.offer.price_id);
            let turn = by % offers.len();
            offers.rotate_left(turn);
            offers.reverse();
            prop_assert_eq!(choose(&offers, &at).map(|chosen| chosen.offer.price_id), first);
        }
    }
}
