//! When the store does not open.
//!
//! **Invariant:** the window opens, says what happened and what to do, and changes nothing by
//! itself.

use std::fs::OpenOptions;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

use crate::goods::OIL;
use crate::harness::people::CASHIER;
use crate::harness::{Look, Shop, Window};

#[test]
fn a_damaged_store_is_explained_and_a_copy_brings_the_shop_back() {
    let shop = Shop::demo();
    let window = Window::open(&shop, Look::TILL);
    window.opens_the_till(CASHIER);
    window.sells(OIL.barcode);
    window.reads("ticket-total", "27.500");
    // Closing makes the last copy of the data.
    window.close();
    damage(shop.data()).expect("the store can be damaged");

    let window = Window::open(&shop, Look::TILL);
    window.waits_for("recovery");
    assert!(!window.shows("pin-input"), "nobody may sell on a damaged store");
    window.click("restore");
    window.click("restore-confirm");
    window.waits_for("pin-input");
    window.opens_the_till(CASHIER);
    window.sells(OIL.barcode);
    window.sees(OIL.word);
}

#[test]
fn a_second_window_on_the_same_company_says_that_it_is_in_use() {
    let shop = Shop::demo();
    let first = Window::open(&shop, Look::TILL);
    first.waits_for("pin-input");
    let second = Window::open(&shop, Look::TILL);
    second.waits_for("recovery");
    first.close();
    second.click("start-retry");
    second.waits_for("pin-input");
}

/// Writes nonsense over most of the database and its log.
fn damage(folder: &Path) -> io::Result<()> {
    for name in ["lumbung.db", "lumbung.db-wal"] {
        let path = folder.join(name);
        if !path.exists() {
            continue;
        }
        let mut file = OpenOptions::new().write(true).open(path)?;
        let size = file.metadata()?.len();
        file.seek(SeekFrom::Start(size / 8))?;
        io::copy(&mut io::repeat(0xA5).take(size / 8 * 6), &mut file)?;
    }
    Ok(())
}
