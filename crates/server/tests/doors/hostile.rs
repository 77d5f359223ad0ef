//! What somebody tries who means harm: refused, logged, harmless.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use lumbung_app::Caller;
use lumbung_server::words::id;
use lumbung_sync::access::{TokenAnswer, TokenRequest, challenge_bytes};
use lumbung_sync::engine::Replica;
use lumbung_sync::protocol::{At, PushChain, SyncResponse, Verdict};
use lumbung_sync::{NO_HASH, StoreReplica};
use serde_json::{Value, json};

use crate::exchange::quiet;
use crate::shop::{Shop, Till};

async fn points(shop: &Shop) -> Value {
    shop.operator("points", json!({})).await
}

fn chain(till: &Till) -> PushChain {
    let store = till.app.store().unwrap();
    let origin = store.identity().0;
    let commits = StoreReplica::new(&store).commits_after(&origin, 0, 1 << 20).unwrap();
    let base = At { ctr: 0, hash: NO_HASH };
    PushChain { origin, base, commits, introductions: Vec::new() }
}

async fn verdict(shop: &Shop, till: &Till, chain: PushChain) -> Verdict {
    let mut request = quiet(till, shop);
    request.push = vec![chain];
    let response: SyncResponse = shop.ask(&till.path("sync"), &till.token, &request).await;
    response.push[0].verdict
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forged_signature_a_changed_body_and_a_changed_header_are_refused() {
    let shop = Shop::open();
    let till = Till::founder(&shop).await;
    let before = points(&shop).await;
    let mut forged = chain(&till);
    forged.commits[0].sig[5] ^= 1;
    assert_eq!(verdict(&shop, &till, forged).await, Verdict::Refused);
    let mut changed = chain(&till);
    let end = changed.commits[0].body.len() - 1;
    changed.commits[0].body[end] ^= 1;
    assert_eq!(verdict(&shop, &till, changed).await, Verdict::Refused);
    let mut changed = chain(&till);
    changed.commits[0].header[40] ^= 1;
    assert_eq!(verdict(&shop, &till, changed).await, Verdict::Refused);
    assert_eq!(points(&shop).await, before);
    assert_eq!(verdict(&shop, &till, chain(&till)).await, Verdict::Ok);
}

#[tokio::test(flavor = "multi_thread")]
async fn another_companys_token_opens_nothing_here() {
    let shop = Shop::open();
    let one = Till::founder(&shop).await;
    let other = Till::founder(&shop).await;
    for end in ["sync", "snapshot", "checkpoints", "reconcile"] {
        let told = shop.post(&one.path(end), &other.token, &quiet(&other, &shop)).await;
        assert_eq!(told.status, StatusCode::UNAUTHORIZED, "{end}");
    }
    // Nor does its own address take a request that names the other.
    let mut request = quiet(&one, &shop);
    let told = shop.post(&other.path("sync"), &other.token, &request).await;
    assert_eq!(told.status, StatusCode::UNAUTHORIZED);
    request.company = other.company;
    let told = shop.post(&other.path("sync"), &other.token, &request).await;
    assert_eq!(told.status, StatusCode::UNAUTHORIZED, "another origin than the token's");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_terminal_writes_for_its_own_branches_alone() {
    let shop = Shop::open();
    let till = Till::alone(&shop);
    let code = shop.code(json!({})).await;
    let mut request = till.enrolment(&code);
    // It says of itself that it works for branch 2; its commits are of branch 1.
    request.founding.as_mut().unwrap().scopes = vec![0, 2];
    let store = till.app.store().unwrap();
    request.proof = store.sign(&request.signed_bytes().unwrap()).unwrap().to_vec();
    let answer: lumbung_sync::access::EnrolAnswer = shop.ask("/enrol", "", &request).await;
    let wrong = json!({ "username": "owner", "pin": "000000" });
    till.app.call(&Caller::Seat("x".to_owned()), "users.sign_in", wrong).unwrap_err();
    let mut request = quiet(&till, &shop);
    request.push = vec![chain(&till)];
    let path = till.path("sync");
    let response: SyncResponse = shop.ask(&path, &answer.token.bearer, &request).await;
    assert_eq!(response.push[0].verdict, Verdict::Refused);
    assert_eq!(points(&shop).await["points"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_challenge_is_answered_once_in_its_time_by_its_own_origin() {
    let shop = Shop::open();
    let till = Till::founder(&shop).await;
    let store = till.app.store().unwrap();
    let origin = store.identity().0;
    let path = till.path("token");
    let asked = TokenRequest { origin, introductions: Vec::new(), answer: None };
    let given: TokenAnswer = shop.ask(&path, "", &asked).await;
    let TokenAnswer::Challenge(challenge) = given else { panic!("no challenge") };
    let words = challenge_bytes(&till.company, &origin, &challenge);
    let sig = store.sign(&words).unwrap().to_vec();
    let with = |challenge: &[u8], sig: &[u8]| TokenRequest {
        answer: Some((challenge.to_vec(), sig.to_vec())),
        ..asked.clone()
    };
    let mut bent = challenge.clone();
    bent[0] ^= 1;
    for request in [with(&bent, &sig), with(&challenge, &[0; 64]), with(&[], &sig)] {
        let told = shop.post(&path, "", &request).await;
        assert_eq!(told.status, StatusCode::UNAUTHORIZED);
    }
    let right = with(&challenge, &sig);
    assert_eq!(shop.post(&path, "", &right).await.status, StatusCode::OK);
    assert_eq!(shop.post(&path, "", &right).await.status, StatusCode::UNAUTHORIZED, "replayed");
}

#[tokio::test(flavor = "multi_thread")]
async fn bodies_that_are_too_large_broken_or_bombs_do_no_harm() {
    let shop = Shop::open();
    let till = Till::founder(&shop).await;
    let send = async |bytes: Vec<u8>| {
        let request = Request::post(till.path("sync"))
            .header("authorization", format!("Bearer {}", till.token))
            .body(Body::from(bytes))
            .unwrap();
        shop.send(request).await.status
    };
    // A thousandth of its size on the wire.
    let plain = vec![0; 200 * 1024 * 1024];
    let bomb = [vec![1], lumbung_sync_zstd(&plain)].concat();
    assert!(bomb.len() < 1024 * 1024, "{}", bomb.len());
    for (bytes, expected) in [
        (Vec::new(), StatusCode::BAD_REQUEST),
        (vec![0], StatusCode::BAD_REQUEST),
        (vec![1], StatusCode::BAD_REQUEST),
        (vec![255; 1000], StatusCode::BAD_REQUEST),
        (bomb, StatusCode::BAD_REQUEST),
        (vec![0; 7 * 1024 * 1024], StatusCode::PAYLOAD_TOO_LARGE),
    ] {
        let length = bytes.len();
        assert_eq!(send(bytes).await, expected, "{length} bytes");
    }
}

fn lumbung_sync_zstd(plain: &[u8]) -> Vec<u8> {
    zstd::encode_all(plain, 3).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn statements_in_every_string_are_only_words() {
    let shop = Shop::open();
    let mut till = Till::founder(&shop).await;
    till.sync(&shop).await;
    const SQL: &str = "'); drop table company_head; --\" \\ \0 %s ${x} \u{202e}";
    let (token, _) = shop.sign_in().await;
    for name in ["catalogue.search", "customers.search", "company.save", "users.save"] {
        let args = json!({ "text": SQL, "search": SQL, "name": SQL, "username": SQL });
        let told = shop.web(&format!("/rpc/{name}"), Some(&token), "", &args).await;
        assert!(!told.status.is_server_error(), "{name}: {}", told.json());
    }
    let given = json!({ "username": SQL, "pin": SQL });
    let told = shop.web("/auth/sign-in", None, "", &given).await;
    assert!(told.status.is_client_error());
    let given = json!({ "username": "owner", "pin": "1", "company": SQL });
    assert_eq!(shop.web("/auth/sign-in", None, "", &given).await.code(), "no_company");
    let cookie = format!("lumbung_refresh={}.{SQL}.x", id(&till.company)).replace('\0', "");
    let cookie: String = cookie.chars().filter(char::is_ascii).collect();
    assert!(shop.web("/auth/refresh", None, &cookie, &json!({})).await.status.is_client_error());
    let mut request = quiet(&till, &shop);
    request.app = SQL.to_owned();
    let _: SyncResponse = shop.ask(&till.path("sync"), &till.token, &request).await;
    let proved = shop.operator("verify", json!({})).await;
    assert_eq!(proved["sound"], true, "{proved:#}");
}

#[tokio::test(flavor = "multi_thread")]
async fn guessing_codes_is_slowed_down() {
    let shop = Shop::open();
    let till = Till::alone(&shop);
    let mut refused = Vec::new();
    for _ in 0..15 {
        refused.push(shop.post("/enrol", "", &till.enrolment("0000-0000-0000")).await.code());
    }
    assert_eq!(refused.iter().filter(|code| *code == "wrong_code").count(), 10);
    assert_eq!(refused.last().map(String::as_str), Some("too_often"));
}
