//! A centre without a network, and tills that speak with it through its real doors.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, Request, StatusCode};
use lumbung_app::start::{NewCompany, create_company};
use lumbung_app::{App, AppConfig, Caller};
use lumbung_server::centre::{Centre, Parts, Rates, Shared};
use lumbung_server::http;
use lumbung_server::http::authority::CLIENT_HEADER;
use lumbung_server::key::CentreKey;
use lumbung_server::log::sqlite::SqliteLog;
use lumbung_server::operator;
use lumbung_server::words::id;
use lumbung_sync::access::{
    EnrolAnswer, EnrolRequest, Founding, TokenAnswer, TokenRequest, challenge_bytes,
};
use lumbung_sync::engine::{Engine, Input, Output, Settings, Status};
use lumbung_sync::protocol::{decode, encode};
use lumbung_sync::{Key, KeySource, StoreReplica};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tempfile::TempDir;
use tower::ServiceExt;

pub const PIN: &str = "864209";
const START_MS: i64 = 1_780_000_000_000;
const PLAIN_MAX: usize = 16 * 1024 * 1024;

/// A centre over one folder.
pub struct Shop {
    pub centre: Shared<SqliteLog>,
    pub doors: Router,
    pub clock: Arc<AtomicI64>,
    pub dir: Arc<TempDir>,
}

/// What came back.
pub struct Told {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Told {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or(Value::Null)
    }

    pub fn code(&self) -> String {
        self.json()["code"].as_str().unwrap_or_default().to_owned()
    }
}

impl Shop {
    pub fn open() -> Shop {
        let clock = Arc::new(AtomicI64::new(START_MS));
        Shop::over(Arc::new(tempfile::tempdir().unwrap()), clock)
    }

    /// Another process over the same folder, after the one before has ended.
    pub fn over(dir: Arc<TempDir>, clock: Arc<AtomicI64>) -> Shop {
        let told = Arc::clone(&clock);
        let parts = Parts {
            log: SqliteLog::open(&dir.path().join("centre.db")).unwrap(),
            key: CentreKey::at(&dir.path().join("centre.key")).unwrap(),
            dir: dir.path().to_path_buf(),
            clock: Arc::new(move || told.load(Ordering::Relaxed)),
            rates: Rates::default(),
            ui: None,
            secure: false,
            behind_proxy: false,
            checked: true,
        };
        let centre = Centre::open(parts);
        let doors = http::doors(&centre);
        Shop { centre, doors, clock, dir }
    }

    pub fn now_ms(&self) -> i64 {
        self.clock.load(Ordering::Relaxed)
    }

    pub fn pass(&self, ms: i64) {
        self.clock.fetch_add(ms, Ordering::Relaxed);
    }

    pub async fn send(&self, request: Request<Body>) -> Told {
        let response = self.doors.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = axum::body::to_bytes(body, usize::MAX).await.unwrap();
        Told { status: parts.status, headers: parts.headers, body }
    }

    /// A message of a terminal.
    pub async fn post<T: Serialize>(&self, path: &str, token: &str, message: &T) -> Told {
        let request = Request::post(path).header("authorization", format!("Bearer {token}"));
        self.send(request.body(Body::from(encode(message).unwrap())).unwrap()).await
    }

    pub async fn ask<T: Serialize, R: DeserializeOwned>(
        &self,
        path: &str,
        token: &str,
        message: &T,
    ) -> R {
        let told = self.post(path, token, message).await;
        assert_eq!(told.status, StatusCode::OK, "{path}: {}", told.json());
        decode(&told.body, PLAIN_MAX).unwrap()
    }

    /// What a browser's script sends.
    pub async fn web(&self, path: &str, token: Option<&str>, cookie: &str, body: &Value) -> Told {
        let mut request = Request::post(path)
            .header(CLIENT_HEADER, "web")
            .header("content-type", "application/json")
            .header("cookie", cookie);
        if let Some(token) = token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        self.send(request.body(Body::from(body.to_string())).unwrap()).await
    }

    pub async fn operator(&self, verb: &str, args: Value) -> Value {
        operator::run(&self.centre, verb, args).await.unwrap()
    }

    pub async fn code(&self, args: Value) -> String {
        self.operator("enrol-code", args).await["code"].as_str().unwrap().to_owned()
    }

    /// Signs the owner in: a token and a cookie.
    pub async fn sign_in(&self) -> (String, String) {
        let told =
            self.web("/auth/sign-in", None, "", &json!({ "username": "owner", "pin": PIN })).await;
        assert_eq!(told.status, StatusCode::OK, "{}", told.json());
        (told.json()["token"].as_str().unwrap().to_owned(), cookie_of(&told))
    }
}

/// The cookie that an answer sets, as it is sent back.
pub fn cookie_of(told: &Told) -> String {
    let cookie = told.headers["set-cookie"].to_str().unwrap();
    cookie.split(';').next().unwrap().to_owned()
}

/// A till with its own store.
pub struct Till {
    pub app: App,
    pub company: Key,
    pub token: String,
    engine: Engine,
    clock: Arc<AtomicI64>,
    pub status: Status,
    _dir: TempDir,
}

impl Till {
    /// A company that lives on one till.
    pub fn alone(shop: &Shop) -> Till {
        let dir = tempfile::tempdir().unwrap();
        let told = Arc::clone(&shop.clock);
        let app = App::open(AppConfig {
            keys: KeySource::Memory([1; 32], [2; 32]),
            clock: Arc::new(move || told.load(Ordering::Relaxed)),
            offset_min: Some(420),
            checked: true,
            ..AppConfig::new(dir.path())
        });
        create_company(&app, NewCompany::for_import("Toko Maju", "ID", "IDR", PIN)).unwrap();
        let company = app.store().unwrap().info().company;
        Till {
            app,
            company,
            token: String::new(),
            engine: Engine::new(Settings::new("test 1")),
            clock: Arc::clone(&shop.clock),
            status: Status::default(),
            _dir: dir,
        }
    }

    /// The same, with a centre.
    pub async fn founder(shop: &Shop) -> Till {
        let mut till = Till::alone(shop);
        let code = shop.code(json!({})).await;
        let answer: EnrolAnswer = shop.ask("/enrol", "", &till.enrolment(&code)).await;
        let scopes = answer.introduction.scopes.clone();
        till.app.store().unwrap().enrol(&answer.introduction, answer.log_id, &scopes).unwrap();
        till.token = answer.token.bearer;
        till
    }

    pub fn enrolment(&self, code: &str) -> EnrolRequest {
        let store = self.app.store().unwrap();
        let (origin, pubkey) = store.identity();
        let info = store.info();
        let mut request = EnrolRequest {
            code: code.to_owned(),
            origin,
            pubkey,
            machine: "till".to_owned(),
            app: "test 1".to_owned(),
            schema: info.schema,
            founding: Some(Founding {
                company: info.company,
                name: "Toko Maju".to_owned(),
                terminal: info.terminal,
                series: info.series,
                scopes: vec![0, 1],
            }),
            proof: Vec::new(),
        };
        request.proof = store.sign(&request.signed_bytes().unwrap()).unwrap().to_vec();
        request
    }

    pub fn path(&self, end: &str) -> String {
        format!("/s/{}/{end}", id(&self.company))
    }

    /// A token by a signed challenge.
    pub async fn renew(&mut self, shop: &Shop) {
        let store = self.app.store().unwrap();
        let origin = store.identity().0;
        let mut request = TokenRequest { origin, introductions: Vec::new(), answer: None };
        let given: TokenAnswer = shop.ask(&self.path("token"), "", &request).await;
        let TokenAnswer::Challenge(challenge) = given else { panic!("no challenge") };
        let words = challenge_bytes(&self.company, &origin, &challenge);
        request.answer = Some((challenge, store.sign(&words).unwrap().to_vec()));
        match shop.ask(&self.path("token"), "", &request).await {
            TokenAnswer::Token(token) => self.token = token.bearer,
            TokenAnswer::Challenge(_) => panic!("no token"),
        }
    }

    /// Exchanges until nothing is left to say.
    pub async fn sync(&mut self, shop: &Shop) {
        self.renew(shop).await;
        let mut seed = 0_u8;
        let mut rng = || {
            seed = seed.wrapping_add(1);
            [seed; 16]
        };
        let store = self.app.store().unwrap();
        for _ in 0..6 {
            self.clock.fetch_add(31_000, Ordering::Relaxed);
            let mut inputs = vec![Input::Tick];
            while let Some(input) = inputs.pop() {
                let mut replica = StoreReplica::new(&store);
                let now_ms = self.clock.load(Ordering::Relaxed);
                let outputs = self.engine.handle(&mut replica, input, now_ms, &mut rng).unwrap();
                for output in outputs {
                    match output {
                        Output::Send(request) => {
                            let path = self.path("sync");
                            let response = shop.ask(&path, &self.token, &*request).await;
                            inputs.push(Input::Response { request, response });
                        }
                        Output::State(status) => self.status = status,
                        _ => {}
                    }
                }
            }
        }
        self.app.rows_came();
    }

    pub fn call(&self, name: &str, args: Value) -> Value {
        self.app.call(&Caller::Operator, name, args).unwrap()
    }
}
