//! A bank's file from the upload to its payments, as a browser without script does it.

use super::site::{Site, whole};
use axum::body::Body;
use http::{Request, StatusCode, header};

const KIND: &str = "application/x-www-form-urlencoded";

/// A browser of Northwind's admin.
struct Browser<'a>(&'a Site);

impl Browser<'_> {
    async fn page(&self, path: &str) -> String {
        let request = Request::get(path)
            .header(header::HOST, "portal.test")
            .header(header::ACCEPT, "text/html")
            .header(header::COOKIE, self.0.cookie("Northwind"));
        let answer = self.0.send(request.body(Body::empty()).unwrap()).await;
        let (status, body) = whole(answer).await;
        assert_eq!(status, StatusCode::OK, "{path}");
        String::from_utf8(body).unwrap()
    }

    /// Posts a form and gives the address that it leads to.
    async fn post(&self, path: &str, kind: &str, body: String) -> String {
        let request = Request::post(path)
            .header(header::HOST, "portal.test")
            .header(header::ACCEPT, "text/html")
            .header(header::CONTENT_TYPE, kind)
            .header(header::COOKIE, self.0.cookie("Northwind"));
        let answer = self.0.send(request.body(Body::from(body)).unwrap()).await;
        assert_eq!(answer.status(), StatusCode::SEE_OTHER, "{path}");
        answer.headers()[header::LOCATION].to_str().unwrap().to_owned()
    }

    async fn upload(&self, file: &str) -> String {
        let body = format!(
            "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"march.xml\"\r\n\r\n{file}\r\n--x--\r\n"
        );
        self.post("/bank/upload", "multipart/form-data; boundary=x", body)
            .await
    }
}

fn camt(entries: &[(&str, &str)]) -> String {
    let entry = |(amount, text): &(&str, &str)| {
        format!(
            "<Ntry><Amt Ccy=\"USD\">{amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts>\
             <BookgDt><Dt>2026-03-14</Dt></BookgDt><NtryDtls><TxDtls><RmtInf><Ustrd>{text}</Ustrd></RmtInf></TxDtls>\
             </NtryDtls></Ntry>\n"
        )
    };
    let entries: String = entries.iter().map(entry).collect();
    format!("<Document xmlns=\"x\"><BkToCstmrStmt><Stmt>\n{entries}</Stmt></BkToCstmrStmt></Document>")
}

/// What a field of a page would post.
fn field(page: &str, name: &str) -> String {
    let (_, rest) = page
        .split_once(&format!("name=\"{name}\" value=\""))
        .unwrap_or_else(|| panic!("no {name} in {page}"));
    rest.split_once('"').unwrap().0.to_owned()
}

fn encoded(text: &str) -> String {
    text.replace(' ', "+")
}

#[tokio::test]
async fn certain_entries_are_recorded_from_the_page_of_the_file_and_once_only() {
    let site = Site::new().await;
    let browser = Browser(&site);
    site.world.acme().invoice("100.00").number("INV-7001").await;
    let file = camt(&[("100.00", "inv 7001"), ("100.00", "no word of it")]);
    let to = browser.upload(&file).await;
    let page = browser.page(&to).await;
    assert!(page.contains("camt.053, 2 new entries."));
    assert!(page.contains("Acme: INV-7001") && page.contains("Only the amount"));
    assert_eq!(page.matches("type=\"checkbox\"").count(), 1);
    let form = format!(
        "file={}&entries[]={}",
        field(&page, "file"),
        encoded(&field(&page, "entries[]"))
    );
    let done = browser.post("/api/record_bank_entries", KIND, form.clone()).await;
    assert_eq!(done, format!("{to}?done=recorded"));
    let page = browser.page(&done).await;
    assert!(page.contains("The payments were recorded.") && page.contains("REC-"));
    assert_eq!(page.matches("type=\"checkbox\"").count(), 0);
    // The same form once more names the entry and why.
    let back = browser.post("/api/record_bank_entries", KIND, form).await;
    let page = browser.page(&back).await;
    assert!(page.contains("These were not recorded"));
    assert!(page.contains("Unnamed payer, ") && page.contains("was recorded from this entry already"));
    let again = browser.upload(&file).await;
    assert!(
        browser
            .page(&again)
            .await
            .contains("0 new entries; 2 were in earlier files.")
    );
    assert!(browser.page("/bank").await.contains("1 entry waits"));
}

#[tokio::test]
async fn an_entry_leads_to_the_form_of_payments_with_what_the_bank_says() {
    let site = Site::new().await;
    let browser = Browser(&site);
    site.world.acme().invoice("70.00").number("INV-7001").await;
    let to = browser.upload(&camt(&[("100.00", "for April")])).await;
    let list = browser.page(&to).await;
    let (_, rest) = list.split_once("href=\"/bank/entries/").unwrap();
    let entry = rest.split_once('"').unwrap().0.to_owned();
    let page = browser.page(&format!("/bank/entries/{entry}")).await;
    assert!(page.contains("No invoice and no customer was found in it."));
    assert!(page.contains(&format!("/payments/record?entry={entry}")));
    assert!(!page.contains("Record as proposed"));
    let search = browser
        .page(&format!("/payments/record?entry={entry}&search=acme"))
        .await;
    let account = site.world.acme().account();
    let form = format!("/payments/record?account={account}&amp;entry={entry}");
    assert!(search.contains(&form), "{search}");
    let page = browser.page(&form.replace("&amp;", "&")).await;
    assert_eq!(field(&page, "form[amount]"), "100.00");
    assert_eq!(field(&page, "form[paid_on]"), "2026-03-14");
    let post = |amount: &str| {
        format!(
            "form[key]={}&form[account]={account}&form[currency]=USD&form[entry]={entry}&form[amount]={amount}\
             &form[paid_on]=2026-03-14&form[memo]=for+April&form[put]=oldest",
            field(&page, "form[key]")
        )
    };
    let back = browser.post("/api/record_payment", KIND, post("70.00")).await;
    assert!(
        back.contains(&format!("entry={entry}")) && back.contains("typed="),
        "{back}"
    );
    let receipt = browser.post("/api/record_payment", KIND, post("100.00")).await;
    assert_eq!(receipt, format!("/payments/{entry}?new=1"));
    let page = browser.page(&format!("/bank/entries/{entry}")).await;
    assert!(page.contains(&format!("/payments/{entry}")) && page.contains("Recorded"));
    assert!(browser.page("/bank/waiting").await.contains("Nothing waits"));
}

#[tokio::test]
async fn what_is_wrong_with_a_file_is_said_and_a_reason_is_asked_for() {
    let site = Site::new().await;
    let browser = Browser(&site);
    let back = browser.upload(&camt(&[("1.00", "a"), ("1.001", "b")])).await;
    let page = browser.page(&back).await;
    assert!(
        back.starts_with("/bank?typed=") && page.contains("Line 3: "),
        "{page}"
    );
    let to = browser.upload("When,Amount,Details\n2026-03-14,5.00,x\n").await;
    let page = browser.page(&to).await;
    assert!(page.contains("Say what the columns are.") && page.contains("Column of Booking day"));
    let id = field(&page, "id");
    let columns = |day: &str| {
        format!(
            "id={id}&columns[booked_on]={day}&columns[amount]=Amount&date_order=ymd&decimal_mark=point&currency=USD"
        )
    };
    let back = browser.post("/api/name_bank_columns", KIND, columns("")).await;
    assert!(
        browser
            .page(&back)
            .await
            .contains("Choose the column of the booking day.")
    );
    let read = browser
        .post("/api/name_bank_columns", KIND, columns("When"))
        .await;
    let page = browser.page(&read).await;
    let (_, rest) = page.split_once("href=\"/bank/entries/").unwrap();
    let entry = rest.split_once('"').unwrap().0.to_owned();
    let back = browser
        .post("/api/set_entry_aside", KIND, format!("id={entry}&reason="))
        .await;
    assert!(back.contains("typed="));
    let aside = browser
        .post(
            "/api/set_entry_aside",
            KIND,
            format!("id={entry}&reason=Interest"),
        )
        .await;
    let page = browser.page(&aside).await;
    assert!(page.contains("The entry was set aside.") && page.contains("Interest"));
    let up = browser
        .post("/api/take_entry_up", KIND, format!("id={entry}"))
        .await;
    assert!(browser.page(&up).await.contains("The entry waits again."));
}
