//! A file beside a recorded payment, as a browser without script brings it and its two sides get it.

use super::site::{Site, whole};
use axum::{body::Body, response::Response};
use http::{Request, StatusCode, header};

const PDF: &str = "%PDF-1.4 a check";

/// One multipart form: its fields, then perhaps a file.
pub(super) fn form(fields: &[(&str, &str)], file: Option<(&str, &str)>) -> String {
    let mut body = String::new();
    for (name, text) in fields {
        body.push_str(&format!(
            "--x\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{text}\r\n"
        ));
    }
    let (called, content) = file.unwrap_or_default();
    body.push_str(&format!(
        "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{called}\"\r\n\r\n{content}\r\n--x--\r\n"
    ));
    body
}

/// Posts a form as a browser does and gives the address that it leads to.
async fn post(site: &Site, path: &str, body: String) -> String {
    let request = Request::post(path)
        .header(header::HOST, "portal.test")
        .header(header::ACCEPT, "text/html")
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=x")
        .header(header::COOKIE, site.cookie("Northwind"));
    let answer = site.send(request.body(Body::from(body)).unwrap()).await;
    assert_eq!(answer.status(), StatusCode::SEE_OTHER, "{path}");
    answer.headers()[header::LOCATION].to_str().unwrap().to_owned()
}

async fn get(site: &Site, who: &str, path: &str) -> Response<Body> {
    let request = Request::get(path)
        .header(header::HOST, "portal.test")
        .header(header::ACCEPT, "text/html")
        .header(header::COOKIE, site.cookie(who));
    site.send(request.body(Body::empty()).unwrap()).await
}

async fn page(site: &Site, who: &str, path: &str) -> String {
    let (status, body) = whole(get(site, who, path).await).await;
    assert_eq!(status, StatusCode::OK, "{path}");
    String::from_utf8(body).unwrap()
}

#[tokio::test]
async fn a_file_is_taken_with_the_form_and_given_to_both_sides_alone() {
    let site = Site::new().await;
    site.world.acme().invoice("70.00").number("INV-7001").await;
    let account = site.world.acme().account().to_string();
    let key = uuid::Uuid::now_v7().to_string();
    let fields = [
        ("form[key]", key.as_str()),
        ("form[account]", account.as_str()),
        ("form[currency]", "USD"),
        ("form[amount]", "70.00"),
        ("form[paid_on]", "2026-03-14"),
        ("form[memo]", "Check 7 & more"),
        ("form[put]", "oldest"),
    ];
    // What is wrong with the file loses nothing that was typed.
    let back = post(
        &site,
        "/payments/recorded",
        form(&fields, Some(("a.pdf", "<html>"))),
    )
    .await;
    assert!(
        back.starts_with("/payments/record?account=") && back.contains("typed="),
        "{back}"
    );
    let shown = page(&site, "Northwind", &back).await;
    assert!(shown.contains("The file is no PDF, PNG or JPEG.") && shown.contains("Check 7 &amp; more"));

    let receipt = post(&site, "/payments/recorded", form(&fields, Some(("ü.pdf", PDF)))).await;
    assert_eq!(receipt, format!("/payments/{key}?new=1"));
    let download = format!("/attachment/{key}");
    for who in ["Northwind", "Acme"] {
        assert!(page(&site, who, &receipt).await.contains(&download), "{who}");
        let answer = get(&site, who, &download).await;
        let headers = answer.headers().clone();
        let told = |name| headers[name].to_str().unwrap();
        assert_eq!(told("content-type"), "application/pdf");
        assert_eq!(told("x-content-type-options"), "nosniff");
        assert_eq!(told("content-security-policy"), "sandbox; default-src 'none'");
        assert_eq!(
            told("content-disposition"),
            "attachment; filename=\"_.pdf\"; filename*=UTF-8''%C3%BC.pdf"
        );
        assert_eq!(whole(answer).await, (StatusCode::OK, PDF.as_bytes().to_vec()));
    }
    let unknown = format!("/attachment/{}", uuid::Uuid::now_v7());
    for (who, path) in [("Daisy", &download), ("Acme", &unknown)] {
        let answer = get(&site, who, path).await;
        assert_eq!(answer.status(), StatusCode::NOT_FOUND, "{who}");
    }
}

#[tokio::test]
async fn a_payment_without_a_file_is_recorded_and_gets_one_later() {
    let site = Site::new().await;
    let account = site.world.acme().account().to_string();
    let key = uuid::Uuid::now_v7().to_string();
    let fields = [
        ("form[key]", key.as_str()),
        ("form[account]", account.as_str()),
        ("form[currency]", "USD"),
        ("form[amount]", "5.00"),
        ("form[paid_on]", "2026-03-14"),
        ("form[put]", "nothing"),
    ];
    post(&site, "/payments/recorded", form(&fields, None)).await;
    let download = format!("/attachment/{key}");
    assert_eq!(
        get(&site, "Acme", &download).await.status(),
        StatusCode::NOT_FOUND
    );
    let back = post(&site, &download, form(&[], None)).await;
    let shown = page(&site, "Northwind", &back).await;
    assert!(back.starts_with(&format!("/attach/{key}?typed=")) && shown.contains("This field is empty."));
    let receipt = post(&site, &download, form(&[], Some(("check.pdf", PDF)))).await;
    assert!(page(&site, "Acme", &receipt).await.contains("check.pdf"));
    let large = "x".repeat(5 * 1024 * 1024);
    let back = post(
        &site,
        &download,
        form(&[], Some(("b.pdf", &format!("%PDF-{large}")))),
    )
    .await;
    assert!(page(&site, "Northwind", &back).await.contains("larger than 5 MB"));
    assert_eq!(whole(get(&site, "Acme", &download).await).await.1, PDF.as_bytes());
}
