//! Card numbers are kept nowhere (V35): they are typed into every text field there is, and then nothing that is stored,
//! mailed or logged holds one.
//!
//! The fields are those of the table of endpoints and of every form on every page that it names, so a new one cannot be
//! forgotten.

use super::{
    attachments,
    canary::Logs,
    forms::{Field, Form, forms},
    site::{Site, whole},
    table::{Endpoint, KINDS, NONE, TABLE, Who},
    writes::ENDING,
};
use axum::body::Body;
use backend::testing::Object;
use domain::{address::query_string, api_keys::POSSIBLE, text::has_card_number};
use http::{Method, Request, StatusCode, header};
use std::{
    collections::{BTreeMap, BTreeSet},
    io::Write,
};

/// Test numbers of the networks, as people write them.
const NUMBERS: [&str; 8] = [
    "4242424242424242",
    "4000 0566 5566 5556",
    "5555-5555-5555-4444",
    "378282246310005",
    "6011 1111 1111 1117",
    "3530.1113.3330.0000",
    "30569309025904",
    "6200-0000-0000-0005",
];

/// How a form with a file is sent.
const IN_PARTS: &str = "multipart/form-data; boundary=x";

/// Files of banks in each format, and words of them.
const STATEMENTS: [(&str, &[&str]); 7] = [
    ("camt053-v02.xml", &["vielen Dank", "S\u{f6}hne", "E2E-77"]),
    ("camt053-v08.xml", &["Nippon KK", "INV-9"]),
    ("day.bai", &["INV-2026-0008", "BR-1", "wire of somebody"]),
    ("dutch.sta", &["FREE TEXT", "BR-9", "ansen BV"]),
    ("german.sta", &["vielen Dank", "BR-1", "SOEHNE"]),
    ("v1.ofx", &["thanks", "ACME", "20261120-1"]),
    ("v2.ofx", &["Gr\u{f6}\u{df}e AG", "INV-2026-0011", "A1"]),
];

const PARTIES: [&str; 3] = ["Northwind", "Acme", "Daisy"];

/// Types into fields, and counts.
struct Typist<'a> {
    site: &'a Site,
    objects: Vec<Object>,
    typed: usize,
    taken: usize,
}

impl Typist<'_> {
    fn number(&mut self) -> &'static str {
        self.typed += 1;
        NUMBERS[self.typed % NUMBERS.len()]
    }

    /// Sends as a browser without script does; what fails comes back to a page, with what was typed.
    async fn send(
        &mut self,
        party: &'static str,
        method: Method,
        path: &str,
        body: String,
    ) -> (StatusCode, String) {
        self.send_as(party, method, path, "application/x-www-form-urlencoded", body)
            .await
    }

    async fn send_as(
        &mut self,
        party: &'static str,
        method: Method,
        path: &str,
        kind: &str,
        body: String,
    ) -> (StatusCode, String) {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, "portal.test")
            .header(header::ACCEPT, "text/html")
            .header(header::CONTENT_TYPE, kind)
            .header(header::COOKIE, self.site.cookie(party));
        let answer = self.site.send(request.body(Body::from(body)).unwrap()).await;
        let (status, bytes) = whole(answer).await;
        assert_ne!(
            status,
            StatusCode::UNAUTHORIZED,
            "{party} was signed out by {path}"
        );
        assert_ne!(status, StatusCode::INTERNAL_SERVER_ERROR, "{party}: {path}");
        (status, String::from_utf8_lossy(&bytes).into_owned())
    }

    /// An address or body of the table with ids in it, for each thing that it may be about.
    fn filled(&self, text: &str) -> Vec<String> {
        let text = text.replace("{none}", NONE).replace("{token}", &"0".repeat(64));
        let kind = KINDS
            .into_iter()
            .find(|kind| text.contains(&format!("{{{kind}}}")));
        match kind {
            None => vec![text],
            Some(kind) => {
                let mark = format!("{{{kind}}}");
                let all = self.objects.iter().filter(|object| object.kind == kind);
                all.map(|object| text.replace(&mark, &object.id.to_string()))
                    .collect()
            }
        }
    }

    /// All forms of all pages that a party sees, each once.
    async fn forms_of(&mut self, party: &'static str) -> Vec<Form> {
        let mut known = BTreeSet::new();
        let mut all = Vec::new();
        for Endpoint(method, _, path, _, _) in TABLE {
            if *method != "GET" || path.starts_with("/api/") || path.contains("export") {
                continue;
            }
            for path in self.filled(path) {
                let (status, page) = self.send(party, Method::GET, &path, String::new()).await;
                if status != StatusCode::OK {
                    continue;
                }
                for mut form in forms(&page) {
                    // A form that says nowhere goes to its own page.
                    if form.action.is_empty() {
                        path.split('?')
                            .next()
                            .unwrap_or_default()
                            .clone_into(&mut form.action);
                    }
                    let names: Vec<_> = form.fields.iter().map(|field| field.name.clone()).collect();
                    if known.insert((form.action.clone(), names)) {
                        all.push(form);
                    }
                }
                break;
            }
        }
        all
    }

    /// A number in each text field of a form in turn, the others filled in as somebody might.
    async fn fill_in(&mut self, party: &'static str, form: &Form) {
        if ENDING.iter().any(|begin| form.action.starts_with(begin)) {
            return;
        }
        for place in 0..form.fields.len() {
            if form.fields[place].typed.is_none() {
                continue;
            }
            let number = self.number();
            let values: Vec<String> = form.fields.iter().map(value).collect();
            let pairs = form
                .fields
                .iter()
                .zip(&values)
                .enumerate()
                .map(|(at, (field, value))| {
                    (
                        field.name.as_str(),
                        if at == place { number } else { value.as_str() },
                    )
                });
            let (status, _) = if form.in_parts {
                let file = format!("{}.pdf", self.number());
                let body = attachments::form(&pairs.collect::<Vec<_>>(), Some((&file, "%PDF-1.4 a check")));
                self.send_as(party, Method::POST, &form.action, IN_PARTS, body)
                    .await
            } else if form.method == "post" {
                let text = query_string(pairs);
                self.send(party, Method::POST, &form.action, text).await
            } else {
                let path = format!("{}?{}", form.action, query_string(pairs));
                self.send(party, Method::GET, &path, String::new()).await
            };
            self.taken += usize::from(status.is_success() || status.is_redirection());
        }
    }

    /// A number in each parameter of an endpoint of the table that is no id, as a browser and as a program sends it.
    async fn call(&mut self, party: &'static str, endpoint: &Endpoint) {
        let Endpoint(method, _, path, body, who) = endpoint;
        let skipped = ENDING.iter().any(|begin| path.starts_with(begin)) || matches!(who, Who::Keys(_));
        let body = body.trim_start_matches('?');
        if skipped || *method != "POST" || body.is_empty() || body.starts_with(['-', '{']) {
            return;
        }
        for (from, _) in body.match_indices('=') {
            let end = body[from..].find('&').map_or(body.len(), |end| from + end);
            if body[from..end].contains('{') {
                continue;
            }
            let number = self.number().replace(' ', "+");
            let changed = format!("{}={number}{}", &body[..from], &body[end..]);
            for (path, changed) in self.filled(path).into_iter().zip(self.filled(&changed)).take(1) {
                self.send(party, Method::POST, &path, changed.clone()).await;
                self.site.ask(Some(party), Method::POST, &path, &changed).await;
            }
        }
    }

    /// A number in each text of what programs send.
    async fn call_as_program(&mut self) {
        let acme = self.site.world.acme();
        let may: Vec<_> = POSSIBLE.to_vec();
        let key = self.site.key(acme, "Everything", &may).await;
        let notes = ["memo", "reference", "paid_on", "currency"];
        for Endpoint(method, _, path, body, _) in TABLE {
            if *method != "POST" || !body.starts_with('{') {
                continue;
            }
            for note in notes {
                let number = self.number();
                let bodies = self.filled(body);
                let Some(body) = bodies.first() else { continue };
                let mut sent: serde_json::Value = serde_json::from_str(body).unwrap();
                sent[note] = number.into();
                self.site
                    .ask_with(None, Some(&key), Method::POST, path, &sent.to_string())
                    .await;
            }
        }
    }

    /// Files whose cells and names hold numbers.
    async fn upload(&mut self, party: &'static str) {
        let table = "Invoice number,Customer,Date,Amount,Description,Vendor,Product\n";
        for path in [
            "/invoices/import/upload",
            "/bank/upload",
            "/reconciliation/upload",
        ] {
            let cells = format!(
                "{},{},2026-03-01,10.00,paid with {},{},{}\n",
                self.number(),
                self.number(),
                self.number(),
                self.number(),
                self.number()
            );
            let name = format!("{}.csv", self.number());
            let file = format!("{table}{cells}");
            let fields = [("vendor", self.number()), ("month", "2026-03")];
            let body = attachments::form(&fields, Some((&name, &file)));
            let named = body.replacen(fields[0].1, "Microsoft", 1);
            for body in [body, named] {
                self.send_as(party, Method::POST, path, IN_PARTS, body).await;
            }
        }
    }

    /// The files of banks, each with a number in place of a word of its texts, its names and its references in turn.
    async fn upload_statements(&mut self, party: &'static str) {
        for (file, words) in STATEMENTS {
            let path = format!("{}/../documents/fixtures/bank/{file}", env!("CARGO_MANIFEST_DIR"));
            let bytes = std::fs::read(path).unwrap();
            let text = String::from_utf8_lossy(&bytes);
            for word in words {
                assert!(text.contains(word), "{file} says {word} no more");
                let body = attachments::form(&[], Some((file, &text.replace(word, self.number()))));
                let (status, _) = self
                    .send_as(party, Method::POST, "/bank/upload", IN_PARTS, body)
                    .await;
                assert_eq!(status, StatusCode::SEE_OTHER, "{file}");
            }
        }
    }
}

/// What somebody might type.
fn value(field: &Field) -> String {
    if !field.value.is_empty() {
        return field.value.clone();
    }
    match field.typed.as_deref() {
        None => String::new(),
        Some("email") => "somebody@buyer.example".to_owned(),
        Some("decimal" | "numeric" | "number") => "1".to_owned(),
        Some("date") => "2026-03-15".to_owned(),
        Some(_) => "Words".to_owned(),
    }
}

/// A text without ids and hashes, whose digits are nobody's.
fn without_ids(text: &str) -> String {
    let is_id = |word: &str| {
        let hex = word.chars().filter(|c| *c != '-');
        word.len() >= 32 && hex.clone().all(|c| c.is_ascii_hexdigit()) && hex.count() >= 32
    };
    text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-'))
        .filter(|word| is_id(word))
        .fold(text.to_owned(), |text, id| text.replace(id, "*"))
}

#[tokio::test]
async fn card_numbers_are_kept_nowhere() {
    assert!(NUMBERS.iter().all(|number| has_card_number(number)));
    let site = Site::new().await;
    let objects = site.world.fill().await;
    let logs = Logs::listen();
    let mut typist = Typist {
        site: &site,
        objects,
        typed: 0,
        taken: 0,
    };
    let mut found = 0;
    for party in PARTIES {
        let all = typist.forms_of(party).await;
        found += all.len();
        for form in &all {
            typist.fill_in(party, form).await;
        }
        for endpoint in TABLE {
            typist.call(party, endpoint).await;
        }
    }
    for party in ["Northwind", "Acme"] {
        typist.upload(party).await;
        typist.upload_statements(party).await;
    }
    typist.call_as_program().await;
    for _ in 0..3 {
        backend::jobs::run_due(&site.world.backend, &backend::jobs::standard())
            .await
            .unwrap();
        site.world.seconds_pass(120);
    }

    let texts = site.world.texts().await;
    let mut kept: BTreeMap<&str, &str> = BTreeMap::new();
    for (place, text) in &texts {
        if has_card_number(&without_ids(text)) {
            kept.insert(place, text);
        }
    }
    // What could not be sent back was taken with its digits hidden: the files were read, not refused.
    let hidden =
        |(place, text): &&(String, String)| place.starts_with("bank_entries") && text.contains("xxxxx");
    let hidden = texts.iter().filter(hidden).count();
    let said = logs.text();
    let logged: Vec<&str> = said
        .lines()
        .filter(|line| has_card_number(&without_ids(line)))
        .collect();
    let mailed: Vec<_> = site
        .world
        .mailer
        .sent()
        .into_iter()
        .filter(|mail| has_card_number(&mail.text) || has_card_number(&mail.subject))
        .collect();
    let _ = writeln!(
        std::io::stderr(),
        "card numbers: typed {} times into {found} forms and {} endpoints, {} of them taken, {} texts looked through",
        typist.typed,
        TABLE.len(),
        typist.taken,
        texts.len(),
    );
    assert!(
        found > 30 && typist.typed > 300,
        "{found} forms, {} times",
        typist.typed
    );
    assert!(hidden >= STATEMENTS.len(), "{hidden} entries of banks");
    assert!(kept.is_empty(), "kept: {kept:#?}");
    assert!(logged.is_empty(), "logged: {logged:#?}");
    assert!(mailed.is_empty(), "mailed: {mailed:#?}");
}
