//! The session, from the float to the Z report.
//!
//! **Invariant:** the cashier counts before the program says what it expects.

use crate::goods::{OIL, SUGAR};
use crate::harness::people::{CASHIER, MANAGER};
use crate::harness::{Look, Shop, Window};

#[test]
fn a_day_ends_with_a_blind_count_and_a_numbered_report() {
    let shop = Shop::demo();
    let window = Window::open(&shop, Look::TILL);
    window.sign_in(CASHIER.username, CASHIER.pin);
    window.click("nav-till");
    window.opens_a_session(&[(50_000, 2), (10_000, 5)]);
    window.click("nav-till");
    window.sells(OIL.barcode);
    window.sells(SUGAR.barcode);
    window.reads("ticket-total", "45.000");
    window.press("F12");
    window.fill("tender-amount", "50000");
    window.click("tender-add");
    window.click("pay-complete");
    window.click("sale-done-next");

    // 150,000 of float and 45,000 of sales should be in the drawer; 500 are not.
    window.click("nav-sessions");
    window.click("session-close");
    window.waits_for("count-50000");
    window.sees_no("195.000");
    for (minor, count) in [(50_000, "3"), (10_000, "4"), (2_000, "2"), (500, "1")] {
        window.fill(&format!("count-{minor}"), count);
    }
    window.sees_no("195.000");
    window.click("session-close-confirm");
    // Only now, with the count written down, does the program say what is missing.
    window.reads("count-difference", "500");
    window.fill("close-reason", "a coin rolled under the shelf");
    window.click("session-close-confirm");
    window.allows_if_asked(MANAGER);
    window.waits_for("z-report");
    window.reads("z-counted", "194.500");
    window.reads("z-over-short", "500");
    assert!(!window.text_of("z-number").is_empty(), "a Z report has a number");
    let paper = window.saves_paper(&shop, "z-pdf");
    for words in ["195.000", "194.500", "-500"] {
        assert!(paper.contains(words), "no \"{words}\" on the Z report:\n{paper}");
    }

    window.click("nav-till");
    window.waits_for("session-open");
}

#[test]
fn a_ticket_and_a_session_outlive_the_program() {
    let shop = Shop::demo();
    let window = Window::open(&shop, Look::TILL);
    window.opens_the_till(CASHIER);
    window.sells(OIL.barcode);
    window.reads("ticket-total", "27.500");
    // The plug is pulled: the window is ended without a word.
    drop(window);

    let window = Window::open(&shop, Look::TILL);
    window.sign_in(CASHIER.username, CASHIER.pin);
    window.click("nav-till");
    window.reads("ticket-line-1", OIL.word);
    window.reads("ticket-total", "27.500");
}
