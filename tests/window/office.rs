//! Behind the counter.
//!
//! **Invariant:** every screen a person may open shows something they can work with.

use crate::harness::people::{CASHIER, OWNER};
use crate::harness::{Look, Shop, Window};

#[test]
fn the_owner_can_open_every_screen() {
    let shop = Shop::demo();
    let window = Window::open(&shop, Look::TILL);
    window.sign_in(OWNER.username, OWNER.pin);
    window.waits_for("nav-till");
    let screens = window.screens();
    assert!(screens.len() >= 15, "screens are missing: {screens:?}");
    for screen in screens {
        window.click(&format!("nav-{screen}"));
        window.settles();
        assert_eq!(window.complaints(), "", "on {screen}");
    }
}

#[test]
fn a_cashier_finds_only_what_is_theirs() {
    let shop = Shop::demo();
    let window = Window::open(&shop, Look::TILL);
    window.sign_in(CASHIER.username, CASHIER.pin);
    window.waits_for("nav-till");
    let screens = window.screens();
    for hidden in ["users", "settings", "backup", "finance"] {
        assert!(!screens.iter().any(|screen| screen == hidden), "{hidden} is open to a cashier");
    }
}
