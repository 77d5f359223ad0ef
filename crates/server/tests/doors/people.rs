//! People in browsers.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use serde_json::json;

use crate::shop::{PIN, Shop, Till, cookie_of};

async fn open() -> (Shop, Till) {
    let shop = Shop::open();
    let mut till = Till::founder(&shop).await;
    till.sync(&shop).await;
    (shop, till)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_signs_in_works_goes_on_and_signs_out() {
    let (shop, _till) = open().await;
    let (token, cookie) = shop.sign_in().await;
    let me = shop.web("/rpc/users.me", Some(&token), "", &json!({})).await;
    assert_eq!(me.json()["me"]["username"], "owner");
    shop.pass(11 * 60_000);
    let late = shop.web("/rpc/users.me", Some(&token), "", &json!({})).await;
    assert_eq!(late.status, StatusCode::UNAUTHORIZED);
    let renewed = shop.web("/auth/refresh", None, &cookie, &json!({})).await;
    assert_eq!(renewed.status, StatusCode::OK, "{}", renewed.json());
    let token = renewed.json()["token"].as_str().unwrap().to_owned();
    let cookie = cookie_of(&renewed);
    let me = shop.web("/rpc/users.me", Some(&token), "", &json!({})).await;
    assert_eq!(me.status, StatusCode::OK);
    assert_eq!(shop.web("/auth/sign-out", None, &cookie, &json!({})).await.status, 204);
    let gone = shop.web("/rpc/users.list", Some(&token), "", &json!({})).await;
    assert_eq!(gone.status, StatusCode::UNAUTHORIZED, "{}", gone.json());
    let gone = shop.web("/auth/refresh", None, &cookie, &json!({})).await;
    assert_eq!(gone.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refresh_secret_that_comes_twice_ends_the_session_for_both() {
    let (shop, _till) = open().await;
    let (_, stolen) = shop.sign_in().await;
    let first = shop.web("/auth/refresh", None, &stolen, &json!({})).await;
    assert_eq!(first.status, StatusCode::OK);
    let second = shop.web("/auth/refresh", None, &stolen, &json!({})).await;
    assert_eq!(second.status, StatusCode::UNAUTHORIZED);
    let own = shop.web("/auth/refresh", None, &cookie_of(&first), &json!({})).await;
    assert_eq!(own.status, StatusCode::UNAUTHORIZED, "the session has ended for both");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_cookie_is_out_of_reach_of_scripts_and_other_sites() {
    let (shop, _till) = open().await;
    let given = json!({ "username": "owner", "pin": PIN });
    let told = shop.web("/auth/sign-in", None, "", &given).await;
    let cookie = told.headers["set-cookie"].to_str().unwrap();
    for word in ["HttpOnly", "SameSite=Strict", "Path=/auth"] {
        assert!(cookie.contains(word), "{cookie}");
    }
    let cookie = cookie_of(&told);
    let forms = [
        Request::post("/auth/refresh").header("cookie", &cookie),
        Request::post("/auth/refresh")
            .header("cookie", &cookie)
            .header("x-lumbung-client", "web")
            .header("sec-fetch-site", "cross-site"),
    ];
    for form in forms {
        let told = shop.send(form.body(Body::empty()).unwrap()).await;
        assert_eq!(told.status, StatusCode::FORBIDDEN, "another site's form");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_pins_lock_out_and_a_restart_does_not_open() {
    let (shop, till) = open().await;
    let wrong = json!({ "username": "owner", "pin": "111222" });
    for _ in 0..3 {
        let told = shop.web("/auth/sign-in", None, "", &wrong).await;
        assert_eq!(told.code(), "wrong_pin");
    }
    let mut last = String::new();
    for _ in 0..3 {
        last = shop.web("/auth/sign-in", None, "", &wrong).await.code();
    }
    assert!(["too_often", "locked_out"].contains(&last.as_str()), "{last}");
    let (dir, clock) = (shop.dir.clone(), shop.clock.clone());
    drop(shop);
    let shop = Shop::over(dir, clock);
    let right = json!({ "username": "owner", "pin": PIN });
    let told = shop.web("/auth/sign-in", None, "", &right).await;
    assert_eq!(told.status, StatusCode::TOO_MANY_REQUESTS, "{}", told.json());
    shop.pass(2 * 60 * 60_000);
    let told = shop.web("/auth/sign-in", None, "", &right).await;
    assert_eq!(told.status, StatusCode::OK, "{}", told.json());
    drop(till);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_does_not_reach_what_belongs_to_a_till() {
    let (shop, _till) = open().await;
    let (token, _) = shop.sign_in().await;
    for name in
        ["start.create", "start.demo", "backup.restore", "import.start", "pos.complete", "nonsense"]
    {
        let told = shop.web(&format!("/rpc/{name}"), Some(&token), "", &json!({})).await;
        assert_eq!(told.code(), "till_only", "{name}");
    }
}
