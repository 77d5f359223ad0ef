//! Terminals: founding, exchanging, being shut out.

use axum::http::StatusCode;
use lumbung_app::Caller;
use lumbung_sync::access::EnrolAnswer;
use lumbung_sync::protocol::{PROTO, SyncRequest, SyncResponse};
use serde_json::json;

use crate::shop::{Shop, Till};

/// The same books: every synced row of these scopes is the same.
async fn assert_alike(shop: &Shop, till: &Till, scopes: &[u32]) {
    let company = shop.centre.companies.app(&till.company).await.unwrap();
    company.fresh().await.unwrap();
    let here = till.app.store().unwrap().fingerprint(scopes).unwrap();
    let there = company.replica.app().store().unwrap().fingerprint(scopes).unwrap();
    assert_eq!(here, there, "the till and the centre have other books");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_company_that_lived_alone_gets_a_centre_and_both_have_the_same_books() {
    let shop = Shop::open();
    let mut till = Till::founder(&shop).await;
    till.sync(&shop).await;
    assert_eq!(till.app.store().unwrap().pending().unwrap().commits, 0);
    shop.centre.companies.app(&till.company).await.unwrap().fresh().await.unwrap();
    till.sync(&shop).await;
    assert_alike(&shop, &till, &[0, 1]).await;
    let places = till.call("branch.list", json!({}));
    let names: Vec<&str> = places["terminals"]
        .as_array()
        .unwrap()
        .iter()
        .map(|t| t["name"].as_str().unwrap())
        .collect();
    assert!(names.contains(&"Centre"), "{names:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_head_office_changes_is_in_the_log_first_and_then_at_the_till() {
    let shop = Shop::open();
    let mut till = Till::founder(&shop).await;
    till.sync(&shop).await;
    let (token, _) = shop.sign_in().await;
    let mut company = shop.web("/rpc/company.get", Some(&token), "", &json!({})).await.json();
    let mut details = company["company"].take();
    details["name"] = json!("Toko Jaya");
    let saved = shop.web("/rpc/company.save", Some(&token), "", &details).await;
    assert_eq!(saved.status, StatusCode::OK, "{}", saved.json());
    till.sync(&shop).await;
    assert_eq!(till.call("company.get", json!({}))["company"]["name"], "Toko Jaya");
    assert_alike(&shop, &till, &[0, 1]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_at_head_office_appends_nothing() {
    let shop = Shop::open();
    let mut till = Till::founder(&shop).await;
    till.sync(&shop).await;
    let (token, _) = shop.sign_in().await;
    let before = shop.operator("points", json!({})).await;
    let refused = shop.web("/rpc/company.save", Some(&token), "", &json!({ "name": "" })).await;
    assert!(refused.status.is_client_error());
    assert_eq!(shop.operator("points", json!({})).await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replica_that_was_deleted_is_made_again_from_the_log() {
    let shop = Shop::open();
    let mut till = Till::founder(&shop).await;
    till.sync(&shop).await;
    shop.sign_in().await;
    till.sync(&shop).await;
    let (dir, clock) = (shop.dir.clone(), shop.clock.clone());
    drop(shop);
    std::fs::remove_dir_all(dir.path().join("replicas")).unwrap();
    let shop = Shop::over(dir, clock);
    till.sync(&shop).await;
    assert_alike(&shop, &till, &[0, 1]).await;
    let proved = shop.operator("verify", json!({})).await;
    assert_eq!(proved["sound"], true, "{proved:#}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_lets_in_one_terminal_and_only_in_its_time() {
    let shop = Shop::open();
    let (one, other) = (Till::alone(&shop), Till::alone(&shop));
    let code = shop.code(json!({})).await;
    for (till, code, expected) in [
        (&one, "0000-0000-0000", "wrong_code"),
        (&one, "not a code", "wrong_code"),
        (&one, code.as_str(), ""),
        (&one, code.as_str(), ""),
        (&other, code.as_str(), "code_used"),
    ] {
        let told = shop.post("/enrol", "", &till.enrolment(code)).await;
        assert_eq!(told.code(), expected, "{}", told.json());
    }
    let late = shop.code(json!({ "minutes": 1 })).await;
    shop.pass(61_000);
    assert_eq!(shop.post("/enrol", "", &other.enrolment(&late)).await.code(), "code_ended");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_terminal_that_was_shut_out_is_kept_apart_and_let_in_commit_by_commit() {
    let shop = Shop::open();
    let mut till = Till::founder(&shop).await;
    till.sync(&shop).await;
    let series = till.app.store().unwrap().info().series;
    shop.operator("revoke", json!({ "terminal": series })).await;
    till.call("finance.chart", json!({}));
    let sign = json!({ "username": "owner", "pin": "000000" });
    till.app.call(&Caller::Seat("x".to_owned()), "users.sign_in", sign).unwrap_err();
    till.sync(&shop).await;
    let kept = shop.operator("quarantine", json!({})).await;
    let kept = kept["commits"].as_array().unwrap().clone();
    assert_eq!(kept.len(), 1, "{kept:?}");
    let before = shop.operator("points", json!({})).await["points"][0]["seq"].as_u64().unwrap();
    let released = shop.operator("release", json!({ "commit": kept[0]["commit"] })).await;
    assert_eq!(released["seq"], before + 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_was_lost_is_asked_for_again_without_harm() {
    let shop = Shop::open();
    let till = Till::alone(&shop);
    let code = shop.code(json!({})).await;
    let first: EnrolAnswer = shop.ask("/enrol", "", &till.enrolment(&code)).await;
    let again: EnrolAnswer = shop.ask("/enrol", "", &till.enrolment(&code)).await;
    assert_eq!(first.introduction, again.introduction);
    assert_eq!(first.log_id, again.log_id);
}

/// A request of this till that pushes nothing.
pub fn quiet(till: &Till, shop: &Shop) -> SyncRequest {
    let info = till.app.store().unwrap().info();
    SyncRequest {
        proto: PROTO,
        schema: info.schema,
        app: "test 1".to_owned(),
        company: till.company,
        origin: info.origin,
        now_ms: shop.now_ms(),
        push: Vec::new(),
        pull: None,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_ends_and_is_renewed_by_a_signature() {
    let shop = Shop::open();
    let mut till = Till::founder(&shop).await;
    let path = till.path("sync");
    let _: SyncResponse = shop.ask(&path, &till.token, &quiet(&till, &shop)).await;
    shop.pass(16 * 60_000);
    let told = shop.post(&path, &till.token, &quiet(&till, &shop)).await;
    assert_eq!(told.status, StatusCode::UNAUTHORIZED);
    till.renew(&shop).await;
    let _: SyncResponse = shop.ask(&path, &till.token, &quiet(&till, &shop)).await;
}
