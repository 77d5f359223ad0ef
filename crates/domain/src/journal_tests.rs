#![expect(clippy::unwrap_used, reason = "a test may panic")]

use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::num::{CashRounding, Qty, UnitPrice};
use crate::tender::{CashRule, Tendered, settle};
use crate::ticket::tests::{sale_terms, shop_line};
use crate::ticket::{Terms, total};

fn told(lines: &Lines) -> String {
    let told = lines.as_slice().iter().map(|(key, amount)| format!("{key} {amount}"));
    told.collect::<Vec<_>>().join(", ")
}

fn money(parts: &[(TenderKind, i64)]) -> Vec<(TenderKind, Money)> {
    parts.iter().map(|&(kind, amount)| (kind, Money::of(amount))).collect()
}

#[test]
fn sales_of_the_past_are_paid_by_the_opening_balance() {
    let facts = |sales, returns, debts, cost| HistoryFacts {
        sales: Money::of(sales),
        returns: Money::of(returns),
        debts: Money::of(debts),
        cost: Money::of(cost),
    };
    let shown = |facts: &HistoryFacts| {
        let lines = history_lines(facts).unwrap();
        let shown = lines.as_slice().iter().map(|(key, sum)| format!("{key} {}", sum.get()));
        shown.collect::<Vec<_>>().join(", ")
    };
    for (facts, expected) in [
        (facts(500, 0, 0, 0), "revenue -500, opening_balance 500"),
        (facts(0, -500, 0, 0), "revenue_returns 500, opening_balance -500"),
        (facts(0, 0, -700, 0), "bad_debt 700, opening_balance -700"),
        (
            facts(500, -100, 0, 30),
            "inventory -30, revenue -500, revenue_returns 100, cost_of_goods 30, \
             opening_balance 400",
        ),
        (facts(0, 0, 0, 0), ""),
    ] {
        assert_eq!(shown(&facts), expected);
    }
}

#[test]
fn a_sale_posts_tenders_revenue_tax_rounding_and_cost() {
    let tenders = money(&[(TenderKind::Card, 5_000), (TenderKind::Cash, 6_150)]);
    let goods = [(StockStatus::Sellable, Money::of(7_000))];
    let sale = SaleFacts {
        direction: Direction::Sale,
        net: Money::of(10_000),
        discount: Money::ZERO,
        tax: Money::of(1_100),
        rounding: Money::of(50),
        tenders: &tenders,
        goods: &goods,
    };
    assert_eq!(
        told(&sale_lines(&sale).unwrap()),
        "cash 6150, card_clearing 5000, inventory -7000, tax_output -1100, revenue -10000, \
         rounding -50, cost_of_goods 7000"
    );
    let apart = SaleFacts { discount: Money::of(500), ..sale };
    assert!(told(&sale_lines(&apart).unwrap()).contains("revenue -10500, discount_given 500"));
    let wrong = SaleFacts { tax: Money::of(1_101), ..sale };
    let error = sale_lines(&wrong).unwrap_err();
    assert_eq!(error.to_string(), "the entry is -1 out of balance; nothing was posted");
}

#[test]
fn a_return_goes_back_to_the_shelf_or_to_the_bin() {
    let tenders = money(&[(TenderKind::StoreCredit, -11_100)]);
    let goods = [
        (StockStatus::Sellable, Money::of(-3_000)),
        (StockStatus::Quarantine, Money::of(-1_000)),
        (StockStatus::Scrap, Money::of(-2_000)),
    ];
    let back = SaleFacts {
        direction: Direction::Return,
        net: Money::of(-10_000),
        discount: Money::ZERO,
        tax: Money::of(-1_100),
        rounding: Money::ZERO,
        tenders: &tenders,
        goods: &goods,
    };
    assert_eq!(
        told(&sale_lines(&back).unwrap()),
        "inventory 4000, store_credit_liability -11100, tax_output 1100, revenue_returns 10000, \
         cost_of_goods -6000, stock_write_off 2000"
    );
}

#[test]
fn cash_and_stock_movements_have_two_sides() {
    let movement = |kind| told(&cash_movement_lines(kind, Money::of(5)).unwrap());
    assert_eq!(movement(CashMovementKind::CashIn), "cash 5, cash_safe -5");
    assert_eq!(movement(CashMovementKind::CashOut), "cash -5, petty_cash 5");
    assert_eq!(movement(CashMovementKind::Drop), "cash -5, cash_safe 5");
    let over = |difference| told(&over_short_lines(Money::of(difference)).unwrap());
    assert_eq!(over(7), "cash 7, cash_over_short -7");
    assert_eq!(over(-7), "cash -7, cash_over_short 7");
    assert_eq!(over(0), "");
    let lost = stock_lines(StockChange::WriteOff, Money::of(-9)).unwrap();
    assert_eq!(told(&lost), "inventory -9, stock_write_off 9");
    assert_eq!(told(&float_lines(Money::of(3)).unwrap()), "cash 3, cash_safe -3");
}

fn posting(account: u128, amount: i64) -> Posting {
    Posting {
        account: AccountId::new(Uuid::from_u128(account)),
        amount: Money::of(amount),
        partner: None,
    }
}

#[test]
fn an_entry_which_does_not_balance_cannot_be_made() {
    let entry = JournalEntry::new(vec![posting(1, 10), posting(2, -10), posting(3, 0)]).unwrap();
    assert_eq!((entry.postings().len(), entry.amount()), (2, Ok(Money::of(10))));
    assert_eq!(entry.reversed().postings()[0].amount, Money::of(-10));
    let refused = |postings| JournalEntry::new(postings).unwrap_err().code();
    assert_eq!(refused(vec![posting(1, 10), posting(2, -9)]), "entry_unbalanced");
    assert_eq!(refused(vec![posting(1, 0), posting(2, 0)]), "entry_too_few_lines");
    assert_eq!(refused(vec![]), "entry_too_few_lines");
}

#[test]
fn lines_become_an_entry_on_the_accounts_of_the_company() {
    let lines = transfer(PostingKey::Receivable, PostingKey::Revenue, Money::of(8)).unwrap();
    let customer = Some(CustomerId::new(Uuid::from_u128(9)));
    let account = |key: PostingKey| Some(AccountId::new(Uuid::from_u128(key as u128)));
    let entry = lines.entry(account, customer).unwrap().unwrap();
    let partners: Vec<_> = entry.postings().iter().map(|one| one.partner).collect();
    assert_eq!(partners, [customer, None]);
    let missing = lines.entry(|_| None, customer).unwrap_err();
    assert_eq!(
        missing.to_string(),
        "no account is set for \"receivable\"; choose one in the settings of the books"
    );
    assert_eq!(over_short_lines(Money::ZERO).unwrap().entry(|_| None, None), Ok(None));
}

#[test]
fn every_key_is_found_again_by_its_word() {
    for key in PostingKey::ALL {
        assert_eq!(PostingKey::parse(key.as_str()), Some(key));
    }
}

proptest! {
    #[test]
    fn every_ticket_which_is_paid_balances(
        items in prop::collection::vec((1_i64..9_000_000, 0_i64..900_000_000), 1..8),
        card in 0_i64..100_000,
        step in prop::sample::select(vec![1_i64, 100, 500]),
        is_return in any::<bool>(),
    ) {
        let sign = if is_return { -1 } else { 1 };
        let direction = if is_return { Direction::Return } else { Direction::Sale };
        let lines: Vec<_> = items
            .iter()
            .zip(1..)
            .map(|((qty, price), line_no)| {
                let qty = Qty::of(qty * sign).to_string();
                shop_line(line_no, &qty, &UnitPrice::of(*price).to_string())
            })
            .collect();
        let sums = total(&lines, &Terms { direction, ..sale_terms() }).unwrap();
        let card = card.min(sums.total.get().abs());
        let rule = CashRule { step, rounding: CashRounding::Nearest };
        let mut tenders = Vec::new();
        if card > 0 {
            let amount = Money::of(card * sign);
            tenders.push(Tendered { kind: TenderKind::Card, amount, reference: None });
        }
        let left = crate::tender::remaining(sums.total, &tenders, &rule).unwrap();
        if !left.exact.is_zero() {
            let amount = left.in_cash;
            tenders.push(Tendered { kind: TenderKind::Cash, amount, reference: None });
        }
        let paid = settle(sums.total, &tenders, &rule).unwrap();
        let applied: Vec<_> = paid.tenders.iter().map(|one| (one.kind, one.amount)).collect();
        let facts = SaleFacts {
            direction,
            net: sums.net,
            discount: Money::ZERO,
            tax: sums.tax,
            rounding: paid.rounding,
            tenders: &applied,
            goods: &[(StockStatus::Sellable, Money::of(777 * sign))],
        };
        let posted = sale_lines(&facts).unwrap();
        prop_assert!(Money::sum(posted.as_slice().iter().map(|(_, sum)| *sum)).unwrap().is_zero());
    }
}
