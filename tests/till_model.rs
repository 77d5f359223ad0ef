//! Random days at the till against a model so simple that it is plainly right.

use lumbung_tests::{Shop, new_id};
use proptest::prelude::*;
use serde_json::{Value, json};

/// Products of the shop: code, price, pieces at the start.
const PRODUCTS: [(&str, i64, i64); 3] =
    [("TEA", 12_500, 40), ("NAIL", 1_237, 500), ("RICE", 68_000, 3)];

#[derive(Debug, Clone)]
enum Act {
    Sell { what: Vec<usize>, by: Tender },
    Return { sale: usize, line: usize, qty: i64 },
    Void { sale: usize },
    Hold { what: usize },
    Recall,
    CashIn(i64),
    CashOut(i64),
    Close { off: i64 },
    SellTwice { what: usize },
    Short { what: usize },
}

#[derive(Debug, Clone, Copy)]
enum Tender {
    Cash,
    Card,
    Half,
}

fn act() -> impl Strategy<Value = Act> {
    let tender = prop_oneof![Just(Tender::Cash), Just(Tender::Card), Just(Tender::Half)];
    prop_oneof![
        5 => (prop::collection::vec(0..3_usize, 1..5), tender)
            .prop_map(|(what, by)| Act::Sell { what, by }),
        3 => (any::<prop::sample::Index>(), any::<prop::sample::Index>(), 1..4_i64)
            .prop_map(|(sale, line, qty)| Act::Return {
                sale: sale.index(1_000), line: line.index(1_000), qty }),
        1 => any::<prop::sample::Index>().prop_map(|sale| Act::Void { sale: sale.index(1_000) }),
        1 => (0..3_usize).prop_map(|what| Act::Hold { what }),
        1 => Just(Act::Recall),
        1 => (1..50_000_i64).prop_map(Act::CashIn),
        1 => (1..50_000_i64).prop_map(Act::CashOut),
        1 => (-2_i64..3).prop_map(|off| Act::Close { off: off * 100 }),
        1 => (0..3_usize).prop_map(|what| Act::SellTwice { what }),
        1 => (0..3_usize).prop_map(|what| Act::Short { what }),
    ]
}

/// A sale as the model remembers it.
struct Sold {
    receipt: Value,
    left: Vec<i64>,
    touched: bool,
    session: usize,
}

/// What should be true.
struct Model {
    stock: [i64; 3],
    cash: i64,
    sales: Vec<Sold>,
    held: usize,
    session: usize,
    receipts: usize,
}

const FLOAT: i64 = 100_000;

fn number(value: &Value) -> i64 {
    value.as_i64().unwrap_or_else(|| panic!("{value} is not an amount"))
}

/// Cash of a document: what went into the drawer.
fn cash_of(receipt: &Value) -> i64 {
    let tenders = receipt["tenders"].as_array().expect("tenders");
    let cash = tenders.iter().filter(|tender| tender["kind"] == "cash");
    cash.map(|tender| number(&tender["amount"])).sum()
}

impl Model {
    fn sell(&mut self, shop: &Shop, what: &[usize], by: Tender) {
        let codes: Vec<_> = what.iter().map(|at| PRODUCTS[*at].0).collect();
        let added = shop.scan(&codes);
        let total: i64 = what.iter().map(|at| PRODUCTS[*at].1).sum();
        assert_eq!(number(&added["quote"]["total"]), total);
        let payments = match by {
            Tender::Cash => json!([{ "kind": "cash", "amount": total + 1_000 }]),
            Tender::Card => json!([{ "kind": "card", "amount": total, "reference": "1" }]),
            Tender::Half => json!([{ "kind": "qr", "amount": total / 2, "reference": "1" },
                                   { "kind": "cash", "amount": total }]),
        };
        let receipt = shop.pay(&added, payments).expect("a sale");
        self.remember(receipt);
    }

    fn remember(&mut self, receipt: Value) {
        self.cash += cash_of(&receipt);
        let lines = receipt["lines"].as_array().expect("lines");
        let mut left = Vec::new();
        for line in lines {
            let qty: i64 = line["qty"].as_str().expect("qty").parse().expect("whole");
            let at = PRODUCTS.iter().position(|(code, ..)| line["code"] == *code).expect("known");
            self.stock[at] -= qty;
            left.push(qty);
        }
        self.receipts += 1;
        let session = self.session;
        self.sales.push(Sold { receipt, left, touched: false, session });
    }

    fn give_back(&mut self, shop: &Shop, sale: usize, line: usize, qty: i64) {
        let count = self.sales.len();
        let Some(sold) = self.sales.get_mut(sale % count.max(1)) else { return };
        let line = line % sold.left.len();
        let result = shop.call(
            "pos.return",
            json!({ "return_id": new_id(), "sale_id": sold.receipt["sale_id"],
                    "approval": shop.approval("model"), "lines": [
                { "line_id": sold.receipt["lines"][line]["line_id"], "qty": qty.to_string(),
                  "disposition": "sellable", "reason": "changed mind" }] }),
        );
        if qty > sold.left[line] {
            result.expect_err("more than was sold");
            return;
        }
        let back = result.expect("a return");
        sold.left[line] -= qty;
        sold.touched = true;
        let code = &sold.receipt["lines"][line]["code"];
        let at = PRODUCTS.iter().position(|(known, ..)| code == known).expect("known");
        self.stock[at] += qty;
        self.cash += cash_of(&back);
        self.receipts += 1;
    }

    fn void(&mut self, shop: &Shop, sale: usize) {
        let count = self.sales.len();
        let Some(sold) = self.sales.get_mut(sale % count.max(1)) else { return };
        let result = shop.call(
            "pos.void",
            json!({ "void_id": new_id(), "sale_id": sold.receipt["sale_id"],
                    "reason": "wrong customer", "approval": shop.approval("model") }),
        );
        if sold.touched || sold.session != self.session {
            result.expect_err("too late to void");
            return;
        }
        self.cash += cash_of(&result.expect("a void"));
        for (at, (code, ..)) in PRODUCTS.iter().enumerate() {
            let lines = sold.receipt["lines"].as_array().expect("lines").iter().zip(&sold.left);
            self.stock[at] +=
                lines.filter(|(line, _)| line["code"] == *code).map(|(_, qty)| qty).sum::<i64>();
        }
        sold.left.fill(0);
        sold.touched = true;
        self.receipts += 1;
    }

    fn close(&mut self, shop: &Shop, off: i64) {
        let counted = (self.cash + off).max(0) / 100 * 100;
        let session = shop.ok("pos.state", json!({}))["session"]["session_id"].clone();
        let (notes, coins) = (counted / 100_000, counted % 100_000 / 100);
        let count = shop.ok(
            "pos.count_drawer",
            json!({ "session_id": session, "counted": [
                { "denomination": 100_000, "pieces": notes },
                { "denomination": 100, "pieces": coins }] }),
        );
        assert_eq!(number(&count["expected"]), self.cash);
        let z = shop.ok(
            "pos.close_session",
            json!({ "session_id": session, "reason": "counted by the model",
                    "approval": shop.approval("model") }),
        );
        assert_eq!(number(&z["over_short"]), counted - self.cash);
        self.cash = FLOAT;
        self.session += 1;
        shop.open_session();
    }

    fn act(&mut self, shop: &Shop, act: &Act) {
        match act {
            Act::Sell { what, by } => self.sell(shop, what, *by),
            Act::Return { sale, line, qty } => self.give_back(shop, *sale, *line, *qty),
            Act::Void { sale } => self.void(shop, *sale),
            Act::Hold { what } => {
                let added = shop.scan(&[PRODUCTS[*what].0]);
                shop.ok("pos.hold", json!({ "ticket": added["ticket"], "note": "model" }));
                self.held += 1;
            }
            Act::Recall => {
                let held = shop.ok("pos.held", json!({}));
                assert_eq!(held.as_array().map(Vec::len), Some(self.held));
                if self.held > 0 {
                    shop.ok("pos.recall", json!({ "held_id": held[0]["held_id"] }));
                    self.held -= 1;
                }
            }
            Act::CashIn(amount) => {
                cash_movement(shop, "cash_in", *amount).expect("cash in");
                self.cash += amount;
            }
            Act::CashOut(amount) => match cash_movement(shop, "cash_out", *amount) {
                Ok(_) => self.cash -= amount,
                Err(failure) => assert!(*amount > self.cash, "{failure:?}"),
            },
            Act::Close { off } => self.close(shop, *off),
            Act::SellTwice { what } => {
                let added = shop.scan(&[PRODUCTS[*what].0]);
                let paid = json!([{ "kind": "cash", "amount": 100_000 }]);
                let first = shop.pay(&added, paid.clone()).expect("a sale");
                assert_eq!(shop.pay(&added, paid).expect("the same sale"), first);
                self.remember(first);
            }
            Act::Short { what } => {
                let added = shop.scan(&[PRODUCTS[*what].0]);
                shop.pay(&added, json!([{ "kind": "cash", "amount": 100 }])).expect_err("short");
            }
        }
    }

    fn check(&self, shop: &Shop) {
        for (at, (code, ..)) in PRODUCTS.iter().enumerate() {
            assert_eq!(shop.on_hand(code), self.stock[at].to_string(), "{code}");
        }
        let list = shop.ok("pos.receipts", json!({}));
        let shown = list["receipts"].as_array().map_or(0, Vec::len);
        assert_eq!(shown, self.receipts.min(100));
        shop.trial_balance();
    }
}

fn cash_movement(shop: &Shop, kind: &str, amount: i64) -> Result<Value, lumbung_app::Failure> {
    shop.call(
        "pos.cash_movement",
        json!({ "kind": kind, "amount": amount, "reason": "the model wants it",
                "approval": shop.approval("model") }),
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, max_shrink_iters: 64, ..Default::default() })]

    #[test]
    fn a_random_day_ends_as_the_model_says(acts in prop::collection::vec(act(), 1..30)) {
        let shop = Shop::open();
        for (at, (code, price, stock)) in PRODUCTS.iter().enumerate() {
            let barcode = ["8990000000006", "8990000000013", "8990000000020"][at];
            shop.product(code, barcode, &price.to_string(), &stock.to_string());
        }
        let mut model = Model {
            stock: PRODUCTS.map(|(_, _, stock)| stock),
            cash: FLOAT,
            sales: Vec::new(),
            held: 0,
            session: 0,
            receipts: 0,
        };
        for act in &acts {
            model.act(&shop, act);
            model.check(&shop);
        }
        shop.verify();
    }
}
