//! Files by their hash.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use lumbung_server::words::hex;

use crate::shop::{Shop, Till, Told};

async fn put(shop: &Shop, till: &Till, name: &str, range: Option<&str>, body: Vec<u8>) -> Told {
    let mut request = Request::put(till.path(&format!("blob/{name}")))
        .header("authorization", format!("Bearer {}", till.token))
        .header("content-length", body.len())
        .header("content-type", "image/png");
    if let Some(range) = range {
        request = request.header("content-range", range);
    }
    shop.send(request.body(Body::from(body)).unwrap()).await
}

async fn get(shop: &Shop, till: &Till, name: &str, range: Option<&str>) -> Told {
    let mut request = Request::get(till.path(&format!("blob/{name}")))
        .header("authorization", format!("Bearer {}", till.token));
    if let Some(range) = range {
        request = request.header("range", range);
    }
    shop.send(request.body(Body::empty()).unwrap()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_comes_in_pieces_and_is_given_whole_or_in_part() {
    let shop = Shop::open();
    let till = Till::founder(&shop).await;
    let picture: Vec<u8> = (0..5_000_u32).flat_map(u32::to_be_bytes).collect();
    let name = hex(blake3::hash(&picture).as_bytes());
    let part = |from: usize, to: usize| {
        (format!("bytes {from}-{}/{}", to - 1, picture.len()), picture[from..to].to_vec())
    };
    for (from, to, expected) in
        [(0, 8_000, 202), (9_000, 9_100, 409), (8_000, 20_000, 201), (0, 20_000, 204)]
    {
        let (range, bytes) = part(from, to);
        let told = put(&shop, &till, &name, Some(&range), bytes).await;
        assert_eq!(told.status, expected, "{range}: {}", told.json());
    }
    let whole = get(&shop, &till, &name, None).await;
    assert_eq!((whole.status, whole.body.as_ref()), (StatusCode::OK, picture.as_slice()));
    assert_eq!(whole.headers["content-type"], "image/png");
    let some = get(&shop, &till, &name, Some("bytes=100-199")).await;
    assert_eq!(some.status, StatusCode::PARTIAL_CONTENT);
    assert_eq!(some.body.as_ref(), &picture[100..200]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_not_what_its_name_says_is_not_kept() {
    let shop = Shop::open();
    let till = Till::founder(&shop).await;
    let name = hex(blake3::hash(b"the right bytes").as_bytes());
    let told = put(&shop, &till, &name, None, b"the wrong bytes".to_vec()).await;
    assert_eq!(told.code(), "wrong_hash");
    assert_eq!(get(&shop, &till, &name, None).await.status, StatusCode::NOT_FOUND);
    let large = format!("bytes 0-0/{}", 21 * 1024 * 1024);
    assert_eq!(put(&shop, &till, &name, Some(&large), vec![0]).await.status, 413);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_name_leads_out_of_the_folder() {
    let shop = Shop::open();
    let till = Till::founder(&shop).await;
    let upper = "A".repeat(64);
    for name in [
        "..%2F..%2Fcentre.key",
        "..%2fcentre.key",
        "%2e%2e%2fcentre.key",
        "....%2F%2Fcentre.key",
        "%00",
        "C:%5Ccentre.key",
        upper.as_str(),
        "';drop table blob;--",
    ] {
        let name = name.replace('\'', "%27").replace(' ', "%20");
        let told = get(&shop, &till, &name, None).await;
        assert_eq!(told.status, StatusCode::NOT_FOUND, "{name}");
        let told = put(&shop, &till, &name, None, b"x".to_vec()).await;
        assert_eq!(told.status, StatusCode::NOT_FOUND, "{name}");
    }
}
