//! What the till says to a centre: how few bytes it takes.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use lumbung_sync::protocol::{MESSAGE_MAX, SyncRequest, SyncResponse, decode, encode};
use lumbung_tests::Shop;
use lumbung_tests::wire::{answer, journal, push, sales};

/// What one sale may take, each way.
const SALE_MAX: usize = 600;

/// Prices that have nothing in common.
const PRICES: [&str; 5] = ["12500", "38900", "17350", "6200", "21775"];

fn shop_with_five_goods() -> (Shop, Vec<String>) {
    let shop = Shop::open();
    let codes: Vec<String> = ["TEH", "KOPI", "GULA", "SUSU", "ROTI"].map(String::from).to_vec();
    for (n, (code, price)) in codes.iter().zip(PRICES).enumerate() {
        let barcode = format!("899{:010}", 7_654_321 * (n + 1));
        shop.product(code, &barcode, price, "500");
        shop.wait_ms(47_123);
    }
    (shop, codes)
}

#[test]
fn a_sale_of_five_lines_is_little_on_the_wire_each_way() {
    let (shop, codes) = shop_with_five_goods();
    let codes: Vec<&str> = codes.iter().map(String::as_str).collect();
    for _ in 0..3 {
        shop.sell(&codes, 200_000);
        shop.wait_ms(61_000);
    }
    let store = shop.app().store().unwrap();
    let read = store.read::<_, lumbung_sync::StoreError>(|db| Ok(journal(db)));
    let journal = read.unwrap();
    for sale in sales(&journal) {
        let (request, stubs, whole) = (push(sale), answer(sale, true), answer(sale, false));
        let asked = encode(&request).unwrap();
        let answered = encode(&stubs).unwrap();
        let read = encode(&whole).unwrap();
        println!("push {}, answer {}, read {}", asked.len(), answered.len(), read.len());
        assert!(asked.len() <= SALE_MAX, "pushed in {} bytes", asked.len());
        assert!(answered.len() <= SALE_MAX, "answered in {} bytes", answered.len());
        assert!(read.len() <= SALE_MAX, "read by another in {} bytes", read.len());
        let back: SyncRequest = decode(&asked, MESSAGE_MAX).unwrap();
        for (sent, came) in request.push[0].commits.iter().zip(&back.push[0].commits) {
            assert_eq!((&sent.header, &sent.sig), (&came.header, &came.sig));
            assert_eq!(came.body[0], 0, "a body arrives plain");
        }
        let back: SyncResponse = decode(&read, MESSAGE_MAX).unwrap();
        assert_eq!(encode(&back).unwrap(), read);
    }
}
