//! The products and customers that documents of the past name.
//!
//! **Invariant:** one that is here under its code is used as it is; only what is missing is made.

use std::collections::HashMap;

use lumbung_domain::ids::PriceListId;
use lumbung_domain::num::{Money, Qty, UnitPrice};

use super::history::{Document, History, Word};
use super::record::Recorder;
use super::rules::LineClass;
use crate::catalogue::{self, NewPrice, NewProduct, ProductKind};
use crate::customers::{self, CustomerDetails};
use crate::door::Write;
use crate::error::Result;
use crate::imports::batch::Batch;
use crate::imports::store::{self, KnownProduct};

impl<'h> Recorder<'h> {
    /// Finds the products of these documents, and makes those that are not there.
    pub(super) fn products(
        &mut self,
        write: &mut Write<'_, '_>,
        batch: &mut Batch,
        documents: impl Iterator<Item = &'h Document>,
    ) -> Result<()> {
        let known = store::products(write.db(), write.standing.location.location_id)?;
        let list = write.standing.price_lists.values().find(|list| list.is_default);
        let list = list.map(|list| list.price_list_id).filter(|_| self.rules.sets_prices);
        let seen = Seen::gather(self.history, documents);
        self.products = self.history.codes.iter().map(|code| known.get(code).cloned()).collect();
        for code in seen.codes {
            if self.products[code as usize].is_some() {
                continue;
            }
            let made = self.make_product(write, list, code, &seen.by_code[&code])?;
            self.products[code as usize] = Some(made);
            self.recorded.products += 1;
            batch.count(3);
            batch.turn(write)?;
        }
        Ok(())
    }

    fn make_product(
        &self,
        write: &mut Write<'_, '_>,
        list: Option<PriceListId>,
        code: Word,
        seen: &SeenProduct,
    ) -> Result<KnownProduct> {
        let code = self.history.codes.text(code);
        let named = seen.name.map_or("", |name| self.history.descriptions.text(name)).trim();
        let name = if named.is_empty() { code } else { named }.to_owned();
        let goods = !self.rules.is_service(code);
        let price = list.zip(seen.usual_price()).map(|(price_list_id, unit_price)| NewPrice {
            price_list_id,
            unit: None,
            min_qty: Qty::ZERO,
            unit_price,
            valid_from: None,
            valid_to: None,
        });
        let new = NewProduct {
            kind: if goods { ProductKind::Goods } else { ProductKind::Service },
            import_id: Some(self.import_id),
            prices: price.into_iter().collect(),
            ..NewProduct::new(code, &name, &self.rules.unit, self.tax.tax_class_id)
        };
        Ok(KnownProduct {
            product_id: catalogue::create_product(write, new)?,
            name,
            unit: self.rules.unit.clone(),
            goods,
            last_cost: UnitPrice::ZERO,
            qty: Qty::ZERO,
            value: Money::ZERO,
        })
    }

    /// Finds the customers of these documents, and makes those that are not there. One who moved
    /// is where they bought last.
    pub(super) fn customers(
        &mut self,
        write: &mut Write<'_, '_>,
        batch: &mut Batch,
        documents: impl Iterator<Item = &'h Document>,
    ) -> Result<()> {
        let known = store::customers(write.db())?;
        let history = self.history;
        self.customers = history.customers.iter().map(|code| known.get(code).copied()).collect();
        let mut order = Vec::new();
        let mut countries: HashMap<Word, Word> = HashMap::new();
        for document in documents {
            let Some(customer) = document.customer else { continue };
            if countries.insert(customer, document.country).is_none() {
                order.push(customer);
            }
        }
        for customer in order {
            if self.customers[customer as usize].is_some() {
                continue;
            }
            let code = history.customers.text(customer);
            let country = countries.get(&customer).map_or("", |word| history.countries.text(*word));
            let details =
                CustomerDetails { country: country.to_owned(), ..CustomerDetails::new(code, code) };
            let made = customers::create_customer(write, details, Some(self.import_id))?;
            self.customers[customer as usize] = Some(made);
            self.recorded.customers += 1;
            batch.count(1);
            batch.turn(write)?;
        }
        Ok(())
    }
}

/// What the lines say of the products they name.
#[derive(Default)]
struct Seen {
    codes: Vec<Word>,
    by_code: HashMap<Word, SeenProduct>,
}

#[derive(Default)]
struct SeenProduct {
    name: Option<Word>,
    prices: HashMap<UnitPrice, u32>,
}

impl Seen {
    fn gather<'h>(history: &History, documents: impl Iterator<Item = &'h Document>) -> Self {
        let mut seen = Self::default();
        for document in documents {
            for line in history.lines_of(document) {
                let product = seen.by_code.entry(line.code).or_insert_with(|| {
                    seen.codes.push(line.code);
                    SeenProduct::default()
                });
                // Lines without money carry remarks such as "damaged" where the name should be.
                if line.class == LineClass::Sale {
                    *product.prices.entry(line.price).or_default() += 1;
                    if !history.descriptions.text(line.description).trim().is_empty() {
                        product.name.get_or_insert(line.description);
                    }
                }
            }
        }
        seen
    }
}

impl SeenProduct {
    /// The price most lines have; of two as frequent the higher.
    fn usual_price(&self) -> Option<UnitPrice> {
        let usual = self.prices.iter().max_by_key(|(price, count)| (**count, **price));
        usual.map(|(price, _)| *price)
    }
}
