//! A shop for tests: a company in a folder of its own, a clock that stands still, people with
//! PINs, and words that a test reads like a day at the till.
//!
//! **Invariant:** everything a test does goes through `App::call`, with the oracle watching.

#[path = "../../crates/sync/tests/support/wire.rs"]
pub mod wire;

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use lumbung_app::{App, AppConfig, Caller, Failure};
use lumbung_sync::KeySource;
use serde_json::{Value, json};
use tempfile::TempDir;
use uuid::Uuid;

/// Friday, 20 November 2026, 09:00 in Jakarta.
pub const MORNING_MS: i64 = 1_795_140_000_000;

/// The seat of the till in tests.
pub const TILL: &str = "till";

/// A shop in a folder of its own.
pub struct Shop {
    app: Option<App>,
    clock: Arc<AtomicI64>,
    folder: Arc<TempDir>,
    keys: KeySource,
}

/// The keys of test stores.
pub fn test_keys() -> KeySource {
    KeySource::Memory([7; 32], [9; 32])
}

fn config(folder: &Path, keys: KeySource, clock: &Arc<AtomicI64>) -> AppConfig {
    let clock = Arc::clone(clock);
    AppConfig {
        keys,
        clock: Arc::new(move || clock.load(Ordering::Relaxed)),
        offset_min: Some(420),
        checked: true,
        ..AppConfig::new(folder)
    }
}

impl Shop {
    /// An Indonesian shop with an owner, a manager and two cashiers; nobody has signed in.
    pub fn new() -> Self {
        let shop = Self::empty();
        shop.ok(
            "start.create",
            json!({
                "company": { "name": "Toko Uji", "country": "ID", "currency": "IDR",
                             "language": "en" },
                "branch": { "code": "JKT", "name": "Jakarta" },
                "terminal": { "series": "T1", "name": "Till 1" },
                "owner": { "username": "ratna", "name": "Ratna", "pin": "4071" },
            }),
        );
        shop.sign_in("ratna", "4071");
        for (username, name, pin, role) in [
            ("budi", "Budi", "8362", "manager"),
            ("sari", "Sari", "1359", "cashier"),
            ("dewi", "Dewi", "9047", "cashier"),
        ] {
            let role_id = shop.role(role);
            shop.ok(
                "users.save",
                json!({ "username": username, "name": name, "language": "en", "pin": pin,
                        "role_ids": [role_id], "branch_ids": [], "archived": false }),
            );
        }
        shop.ok("users.sign_out", json!({}));
        shop
    }

    /// A folder without a company.
    pub fn empty() -> Self {
        let folder = Arc::new(tempfile::tempdir().expect("a folder for the test"));
        let clock = Arc::new(AtomicI64::new(MORNING_MS));
        let keys = test_keys();
        let app = App::open(config(folder.path(), keys.clone(), &clock));
        Self { app: Some(app), clock, folder, keys }
    }

    /// A shop where Sari has signed in and opened her drawer with Rp100.000.
    pub fn open() -> Self {
        let shop = Self::new();
        shop.sign_in("sari", "1359");
        shop.open_session();
        shop
    }

    /// The application.
    pub fn app(&self) -> &App {
        self.app.as_ref().expect("the shop is open")
    }

    /// The data folder.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Now, UTC milliseconds.
    pub fn now_ms(&self) -> i64 {
        self.clock.load(Ordering::Relaxed)
    }

    /// Lets time pass.
    pub fn wait_ms(&self, ms: i64) {
        self.clock.fetch_add(ms, Ordering::Relaxed);
    }

    /// Ends the program and starts it again over the same folder.
    pub fn restart(&mut self) {
        self.app = None;
        self.app = Some(App::open(config(self.folder.path(), self.keys.clone(), &self.clock)));
    }

    /// Ends the program; [`Self::restart`] starts it again.
    pub fn close(&mut self) {
        self.app = None;
    }

    /// Runs a command at the till.
    pub fn call(&self, name: &str, args: Value) -> Result<Value, Failure> {
        self.app().call(&Caller::Seat(TILL.to_owned()), name, args)
    }

    /// Runs a command that must succeed.
    #[track_caller]
    pub fn ok(&self, name: &str, args: Value) -> Value {
        match self.call(name, args.clone()) {
            Ok(value) => value,
            Err(failure) => panic!("{name} {args}\nfailed: {failure:?}"),
        }
    }

    /// Runs a command that must be refused, and answers with the code.
    #[track_caller]
    pub fn refused(&self, name: &str, args: Value) -> String {
        self.failure(name, args).code
    }

    /// Runs a command that must be refused, and answers with the refusal.
    #[track_caller]
    pub fn failure(&self, name: &str, args: Value) -> Failure {
        match self.call(name, args.clone()) {
            Ok(value) => panic!("{name} {args}\nwas allowed: {value}"),
            Err(failure) => failure,
        }
    }

    /// Runs a command as the machine's administrator.
    #[track_caller]
    pub fn operator(&self, name: &str, args: Value) -> Value {
        let caller = Caller::Operator;
        self.app().call(&caller, name, args).unwrap_or_else(|failure| panic!("{name}: {failure:?}"))
    }

    /// Signs somebody in at the till.
    #[track_caller]
    pub fn sign_in(&self, username: &str, pin: &str) {
        self.ok("users.sign_in", json!({ "username": username, "pin": pin }));
    }

    /// A role by its short name.
    #[track_caller]
    pub fn role(&self, code: &str) -> String {
        let view = self.operator("users.list", json!({}));
        let roles = view["roles"].as_array().expect("roles");
        let found = roles.iter().find(|role| role["code"] == code);
        let found = found.unwrap_or_else(|| panic!("no role {code} in {roles:?}"));
        found["role_id"].as_str().expect("an id").to_owned()
    }

    /// A person by user name.
    #[track_caller]
    pub fn user(&self, username: &str) -> String {
        let list = self.operator("users.sign_in_list", json!({}));
        let list = list.as_array().expect("users");
        let found = list.iter().find(|user| user["username"] == username);
        found.expect("the user")["user_id"].as_str().expect("an id").to_owned()
    }

    /// Budi's signature.
    pub fn approval(&self, reason: &str) -> Value {
        json!({ "user_id": self.user("budi"), "pin": "8362", "reason": reason })
    }

    /// Opens a drawer with Rp100.000 counted.
    #[track_caller]
    pub fn open_session(&self) -> String {
        let opened = self.ok(
            "pos.open_session",
            json!({ "drawer": "1", "counted": [{ "denomination": 50_000, "pieces": 2 }] }),
        );
        opened["session_id"].as_str().expect("an id").to_owned()
    }

    /// The tax class of a code.
    #[track_caller]
    pub fn tax_class(&self, code: &str) -> String {
        let list = self.operator("catalogue.tax_classes", json!({}));
        let text = list.to_string();
        let classes = list["tax_classes"].as_array().unwrap_or_else(|| panic!("{text}"));
        let found = classes.iter().find(|class| class["code"] == code);
        let found = found.unwrap_or_else(|| panic!("no tax class {code} in {text}"));
        found["tax_class_id"].as_str().expect("an id").to_owned()
    }

    /// A product with a barcode, a price and stock at a cost.
    #[track_caller]
    pub fn product(&self, code: &str, barcode: &str, price: &str, stock: &str) -> String {
        self.product_with(code, barcode, price, stock, json!({}))
    }

    /// A product with more to say about it.
    #[track_caller]
    pub fn product_with(
        &self,
        code: &str,
        barcode: &str,
        price: &str,
        stock: &str,
        more: Value,
    ) -> String {
        let mut details = json!({
            "code": code, "name": format!("Product {code}"), "base_unit": "pcs",
            "tax_class_id": self.first_tax_class(),
            "barcodes": [{ "code": barcode }],
            "prices": [{ "unit_price": price }],
        });
        let fields = details.as_object_mut().expect("an object");
        fields.extend(more.as_object().cloned().unwrap_or_default());
        let saved = self.operator("catalogue.save", details);
        let id = saved["product_id"].as_str().expect("an id").to_owned();
        if stock != "0" {
            self.operator(
                "inventory.adjust",
                json!({ "kind": "opening", "reason": "opening stock", "lines": [
                    { "product_id": id, "status": "sellable", "qty": stock, "unit_cost": "1000" },
                ] }),
            );
        }
        id
    }

    /// The tax class goods have here unless something else is said.
    #[track_caller]
    pub fn first_tax_class(&self) -> String {
        let list = self.operator("catalogue.tax_classes", json!({}));
        let text = list.to_string();
        let classes = list["tax_classes"].as_array().unwrap_or_else(|| panic!("{text}"));
        classes[0]["tax_class_id"].as_str().expect("an id").to_owned()
    }

    /// A ticket with these codes scanned.
    #[track_caller]
    pub fn scan(&self, codes: &[&str]) -> Value {
        let mut added = json!({ "ticket": null });
        for code in codes {
            added = self.ok("pos.add", json!({ "ticket": added["ticket"], "code": code }));
            assert_eq!(added["outcome"], "added", "{code}");
        }
        added
    }

    /// Pays a ticket.
    pub fn pay(&self, added: &Value, payments: Value) -> Result<Value, Failure> {
        self.call(
            "pos.complete",
            json!({ "ticket": added["ticket"], "payments": payments,
                    "expected_total": added["quote"]["total"] }),
        )
    }

    /// Sells these codes for cash.
    #[track_caller]
    pub fn sell(&self, codes: &[&str], cash: i64) -> Value {
        let added = self.scan(codes);
        self.pay(&added, json!([{ "kind": "cash", "amount": cash }]))
            .unwrap_or_else(|failure| panic!("{codes:?}: {failure:?}"))
    }

    /// The ledger: closing balance of every account by code, and that it adds up to zero.
    #[track_caller]
    pub fn trial_balance(&self) -> Vec<(String, i64)> {
        let balance = self
            .operator("finance.trial_balance", json!({ "from": "2000-01-01", "to": "2099-12-31" }));
        assert_eq!(balance["difference"], 0, "the books do not add up: {balance}");
        assert_eq!(balance["debit"], balance["credit"]);
        let lines = balance["lines"].as_array().expect("lines");
        lines
            .iter()
            .map(|line| {
                let name = line["account"]["name"].as_str().expect("a name").to_owned();
                (name, line["closing"].as_i64().expect("an amount"))
            })
            .collect()
    }

    /// What is on hand of a product, sellable.
    #[track_caller]
    pub fn on_hand(&self, code: &str) -> String {
        let page = self.operator("inventory.on_hand", json!({ "text": code }));
        let lines = page["lines"].as_array().expect("lines");
        lines
            .iter()
            .find(|line| line["code"] == code && line["status"] == "sellable")
            .map_or("0".to_owned(), |line| line["qty"].as_str().expect("a quantity").to_owned())
    }

    /// Checks the whole store as `lumbung verify` does.
    #[track_caller]
    pub fn verify(&self) {
        let report =
            lumbung_app::verify::run(self.app(), &mut lumbung_app::jobs::Progress::silent())
                .unwrap_or_else(|error| panic!("verify: {error}"));
        assert!(report.ok, "{report:#?}");
    }
}

impl Default for Shop {
    fn default() -> Self {
        Self::new()
    }
}

/// A new id.
pub fn new_id() -> String {
    Uuid::now_v7().to_string()
}

/// A file of the real data beside the project, where it is: `../shared/data`, or the folder named
/// by `LUMBUNG_DATA_SETS`.
pub fn data_set(folder: &str) -> Option<std::path::PathBuf> {
    let root = std::env::var_os("LUMBUNG_DATA_SETS").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data"),
        std::path::PathBuf::from,
    );
    let files = std::fs::read_dir(root.join(folder)).ok()?;
    let mut found: Vec<_> = files
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|ext| ext == "gz"))
        .collect();
    found.sort();
    found.into_iter().next()
}

/// A file of the real data, or a sentence that this test proves nothing here without it.
pub fn real_data(folder: &str, file: Option<&str>) -> Option<std::path::PathBuf> {
    let found = data_set(folder);
    if found.is_none() {
        eprintln!(
            "NOT PROVEN HERE: the real data \"{folder}\" is absent. Put the data sets beside the \
             project as ../shared/data, or name their folder in LUMBUNG_DATA_SETS."
        );
    }
    found.map(|any| file.map_or_else(|| any.clone(), |name| any.with_file_name(name)))
}
