//! Who may pass which door.

use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use lumbung_server::http::{Pass, ROUTES, operator_doors};
use tower::ServiceExt;

use crate::shop::{Shop, Till};

fn address(path: &str, till: &Till) -> String {
    path.replace("/s/{company}", till.path("").trim_end_matches('/'))
        .replace("{hash}", &"0".repeat(64))
        .replace("{name}", "company.get")
        .replace("{verb}", "terminals")
}

#[tokio::test(flavor = "multi_thread")]
async fn no_door_opens_without_authority_except_those_that_may() {
    let shop = Shop::open();
    let till = Till::founder(&shop).await;
    let operator = operator_doors(&shop.centre);
    for route in ROUTES {
        let path = address(route.path, &till);
        for token in [None, Some("Bearer "), Some("Bearer x.y.z"), Some("Basic b3duZXI6MQ==")] {
            let mut request = Request::builder()
                .method(route.method.parse::<Method>().unwrap())
                .uri(&path)
                .header("x-lumbung-client", "web")
                .header("content-type", "application/json");
            if let Some(token) = token {
                request = request.header("authorization", token);
            }
            let request = request.body(Body::from("{}")).unwrap();
            let status = match route.pass {
                Pass::Operator => operator.clone().oneshot(request).await.unwrap().status(),
                _ => shop.send(request).await.status,
            };
            if route.pass == Pass::Anybody {
                assert_ne!(status, StatusCode::UNAUTHORIZED, "{route:?}");
            } else {
                assert_eq!(status, StatusCode::UNAUTHORIZED, "{route:?} with {token:?}");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_opens_only_the_doors_it_was_made_for() {
    let shop = Shop::open();
    let mut till = Till::founder(&shop).await;
    till.sync(&shop).await;
    let (person, _) = shop.sign_in().await;
    for route in ROUTES.iter().filter(|route| matches!(route.pass, Pass::Device | Pass::Person)) {
        let token = if route.pass == Pass::Device { &person } else { &till.token };
        let request = Request::builder()
            .method(route.method.parse::<Method>().unwrap())
            .uri(address(route.path, &till))
            .header("x-lumbung-client", "web")
            .header("authorization", format!("Bearer {token}"));
        let told = shop.send(request.body(Body::from("{}")).unwrap()).await;
        assert_eq!(told.status, StatusCode::UNAUTHORIZED, "{route:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_operators_doors_are_not_on_the_network() {
    let shop = Shop::open();
    for (method, path) in [("GET", "/metrics"), ("POST", "/operator/terminals")] {
        let request = Request::builder().method(method).uri(path);
        let told = shop.send(request.body(Body::from("{}")).unwrap()).await;
        assert_eq!(told.status, StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_centre_says_that_it_lives_and_that_it_can_work() {
    let shop = Shop::open();
    for path in ["/livez", "/readyz"] {
        let told = shop.send(Request::get(path).body(Body::empty()).unwrap()).await;
        assert_eq!(told.status, StatusCode::OK, "{path}");
        assert_eq!(told.headers["x-content-type-options"], "nosniff");
        let policy = told.headers["content-security-policy"].to_str().unwrap();
        assert!(policy.contains("script-src 'self';"), "{policy}");
    }
}
