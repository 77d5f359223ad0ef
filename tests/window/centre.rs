//! Two tills in two windows, and a centre between them.
//!
//! The people of the demo company read Indonesian.
//!
//! **Invariant:** what is sold while the centre is away is at the other till once it is back.

use lumbung_tests::centre::TestCentre;

use crate::goods::OIL;
use crate::harness::people::{CASHIER, OWNER, SECOND_CASHIER};
use crate::harness::{Look, Shop, Window};

fn connects(window: &Window, centre: &TestCentre, code: &str, button: &str) {
    window.fill("centre-at", &centre.address());
    window.fill("centre-code", code);
    window.click(button);
}

/// Exchanges now, instead of at the next turn.
fn tries_now(window: &Window) {
    window.go_to("sync");
    window.click("sync-now");
    window.reads("state-chip", "Daring");
}

#[test]
fn what_one_till_sold_while_the_centre_was_away_is_seen_at_the_other() {
    let mut centre = TestCentre::of_today();
    let (jakarta, beside) = (Shop::demo(), Shop::empty());
    let first = Window::open(&jakarta, Look::TILL);
    first.sign_in(OWNER.username, OWNER.pin);
    first.reads("state-chip", "Bekerja sendiri");
    first.go_to("settings/centre");
    connects(&first, &centre, &centre.founding_code(), "centre-found");
    first.reads("centre-address", &centre.address());
    tries_now(&first);
    first.sees("Tidak ada yang menunggu");

    let second = Window::open(&beside, Look::TILL);
    second.click("start-join");
    connects(&second, &centre, &centre.code_for("BDG", "Till 2"), "join-start");
    second.waits_for("pin-input");
    second.opens_the_till(SECOND_CASHIER);
    second.reads("state-chip", "Daring");

    centre.switch_off();
    first.click("user-menu");
    first.click("menu-sign-out");
    first.opens_the_till(CASHIER);
    first.sells(OIL.barcode);
    first.press("F12");
    first.fill("tender-amount", "50000");
    first.click("tender-add");
    first.click("pay-complete");
    first.click("sale-done-next");
    first.reads("state-chip", "menunggu");

    // Nobody has to ask for it: both come back by themselves.
    centre.switch_on();
    first.reads("state-chip", "Daring");
    second.reads("state-chip", "Daring");
    second.go_to("receipts");
    second.sees(CASHIER.name);
    second.sees("27.500");
}
