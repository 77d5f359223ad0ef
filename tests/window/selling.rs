//! At the counter.
//!
//! **Invariant:** after each of these the drawer and the shelf hold what the receipts say.

use crate::goods::{NOODLES, OIL, SUGAR};
use crate::harness::people::{CASHIER, MANAGER};
use crate::harness::{Look, Shop, Window};

fn open_till(shop: &Shop) -> Window {
    let window = Window::open(shop, Look::TILL);
    window.opens_the_till(CASHIER);
    window
}

/// Pays what is due with one note, and says the number of the receipt.
fn pay_cash(window: &Window, due: &str, note: &str) -> String {
    window.reads("ticket-total", due);
    window.press("F12");
    window.fill("tender-amount", note);
    window.click("tender-add");
    window.click("pay-complete");
    window.waits_for("sale-done");
    window.text_of("sale-done-number")
}

#[test]
fn a_scanned_sale_is_paid_by_card_and_cash_and_its_receipt_says_so() {
    let shop = Shop::demo();
    let window = open_till(&shop);
    window.sells(OIL.barcode);
    window.reads("ticket-line-1", "27.500");
    window.sells(SUGAR.barcode);
    window.sells(NOODLES.barcode);
    window.sells(NOODLES.barcode);
    window.reads("ticket-total", "51.400");

    window.click("pay");
    window.waits_for("pay-dialog");
    window.reads("pay-remaining", "51.400");
    window.click("tender-card");
    window.fill("tender-amount", "30000");
    window.click("tender-add");
    window.reads("pay-remaining", "21.400");
    window.click("tender-cash");
    window.fill("tender-amount", "50000");
    window.click("tender-add");
    window.reads("pay-change", "28.600");
    window.click("pay-complete");

    window.waits_for("sale-done");
    let number = window.text_of("sale-done-number");
    window.reads("sale-done", "28.600");
    let receipt = window.saves_paper(&shop, "receipt-pdf");
    for words in [number.as_str(), "Toko Sumber Rejeki", OIL.word, "51.400", "30.000", "28.600"] {
        assert!(receipt.contains(words), "no \"{words}\" on the receipt:\n{receipt}");
    }
    window.click("sale-done-next");
    window.waits_for("till-search");
    window.sees_no(OIL.word);
}

#[test]
fn a_held_ticket_comes_back_as_it_was() {
    let shop = Shop::demo();
    let window = open_till(&shop);
    window.sells(OIL.barcode);
    window.sells(SUGAR.barcode);
    window.reads("ticket-total", "45.000");
    window.click("hold");
    window.fill("hold-note", "forgot her purse");
    window.click("hold-confirm");
    window.sees_no(OIL.word);

    window.sells(NOODLES.barcode);
    pay_cash(&window, "3.200", "5000");
    window.click("sale-done-next");

    window.click("recall");
    window.reads("held-1", "forgot her purse");
    window.click("held-1");
    window.reads("ticket-line-1", OIL.word);
    pay_cash(&window, "45.000", "50000");
    window.reads("sale-done", "5.000");
}

#[test]
fn goods_come_back_against_their_receipt_and_the_money_goes_out() {
    let shop = Shop::demo();
    let window = open_till(&shop);
    window.sells(OIL.barcode);
    window.sells(NOODLES.barcode);
    window.sells(NOODLES.barcode);
    let number = pay_cash(&window, "33.900", "50000");
    window.click("sale-done-next");

    window.click("return");
    window.fill("return-number", &number);
    window.click("return-find");
    window.fill("return-line-2-qty", "1");
    window.fill("return-reason", "not what she wanted");
    window.click("return-confirm");
    window.allows_if_asked(MANAGER);
    window.waits_for("sale-done");
    window.reads("sale-done", "3.200");
    assert_ne!(window.text_of("sale-done-number"), number, "a return has a number of its own");
    window.click("sale-done-next");

    // What came back cannot come back again: two were sold, one is left.
    window.click("return");
    window.fill("return-number", &number);
    window.click("return-find");
    window.fill("return-line-2-qty", "2");
    window.fill("return-reason", "the other one too");
    window.settles();
    assert!(!window.can_click("return-confirm"), "more would come back than was sold");
}

#[test]
fn a_whole_sale_needs_no_mouse() {
    let shop = Shop::demo();
    let window = Window::open(&shop, Look::TILL);
    window.opens_the_till(CASHIER);
    window.press("F2");
    window.types(SUGAR.word);
    window.waits_for("till-results");
    window.press("Enter");
    window.reads("ticket-line-1", SUGAR.word);
    window.press("F12");
    window.waits_for("pay-dialog");
    window.types("20000");
    window.press("Enter");
    window.reads("pay-change", "2.500");
    window.press("Enter");
    window.waits_for("sale-done");
    window.reads("sale-done", "2.500");
    window.press("Enter");
    window.waits_until_gone("sale-done");
    window.waits_for("till-search");
}

#[test]
fn a_second_enter_does_not_sell_twice() {
    let shop = Shop::demo();
    let window = open_till(&shop);
    window.sells(OIL.barcode);
    window.reads("ticket-total", "27.500");
    window.press("F12");
    window.fill("tender-amount", "30000");
    window.press("Enter");
    window.reads("pay-change", "2.500");
    window.hammers("Enter", 3);
    window.until("the receipt", || window.receipts() > 0);
    window.settles();
    assert_eq!(window.receipts(), 1);
}

#[test]
fn a_scan_never_becomes_an_amount() {
    let shop = Shop::demo();
    let window = open_till(&shop);
    window.sells(OIL.barcode);
    window.reads("ticket-total", "27.500");
    window.press("F12");
    window.fill("tender-amount", "30000");
    window.scan(SUGAR.barcode);
    window.waits_for("toast");
    assert_eq!(window.value_of("tender-amount"), "30000", "the code leaked into the field");
    window.press("Escape");
    window.reads("ticket-total", "27.500");
}

#[test]
fn a_manager_allows_a_discount_and_the_cashier_stays_at_the_till() {
    let shop = Shop::demo();
    let window = open_till(&shop);
    window.sells(OIL.barcode);
    window.reads("ticket-total", "27.500");
    window.press("F4");
    window.sees("%");
    window.types("20");
    window.press("Enter");
    window.reads("ticket-total", "22.000");
    window.press("F12");
    window.click("quick-exact");
    window.click("pay-complete");
    // A fifth off is more than a cashier may give.
    window.waits_for("approval-dialog");
    window.allows_if_asked(MANAGER);
    window.waits_for("sale-done");
    window.reads("sale-done", "22.000");
    window.click("sale-done-next");
    window.reads("user-menu", CASHIER.name);
}
