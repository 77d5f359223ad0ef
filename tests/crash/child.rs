//! A till that sells until it is killed: it prints the number of a receipt only once the sale is
//! stored. Used by `crash.rs`.

use std::io::Write;
use std::sync::Arc;

use lumbung_app::{App, AppConfig, Caller};
use lumbung_tests::test_keys;
use serde_json::{Value, json};

fn main() {
    let folder = std::env::args().nth(1).expect("the data folder");
    let config = AppConfig {
        keys: test_keys(),
        clock: Arc::new(|| lumbung_tests::MORNING_MS),
        offset_min: Some(420),
        checked: false,
        ..AppConfig::new(folder)
    };
    let app = App::open(config);
    let till = Caller::Seat("till".to_owned());
    let call = |name: &str, args: Value| {
        app.call(&till, name, args).unwrap_or_else(|failure| panic!("{name}: {failure:?}"))
    };
    call("users.sign_in", json!({ "username": "sari", "pin": "1359" }));
    let mut out = std::io::stdout().lock();
    writeln!(out, "ready").and_then(|()| out.flush()).expect("the parent listens");
    loop {
        let added = call("pos.add", json!({ "code": "TEA" }));
        let added = call("pos.add", json!({ "ticket": added["ticket"], "code": "NAIL" }));
        let receipt = call(
            "pos.complete",
            json!({ "ticket": added["ticket"], "expected_total": added["quote"]["total"],
                    "payments": [{ "kind": "cash", "amount": 50_000 }] }),
        );
        let number = receipt["number"].as_str().expect("a number");
        writeln!(out, "{number}").and_then(|()| out.flush()).expect("the parent listens");
    }
}
