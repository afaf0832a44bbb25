//! Whose names come to light where: logs name nobody, and a mail names nobody that its reader does not trade with.
//! Answers and exports are looked through by the matrix itself.

use super::{principals::strangers, site::Site};
use http::{Method, StatusCode};
use std::{
    io::{self, Write},
    sync::{Arc, Mutex},
};
use tracing::subscriber::DefaultGuard;
use tracing_subscriber::fmt::MakeWriter;

/// Whether a text has a name as a word of its own: a random token may have its letters somewhere.
pub fn names(text: &str, name: &str) -> bool {
    let part_of_word = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric());
    text.match_indices(name).any(|(place, _)| {
        let before = text[..place].chars().next_back();
        let after = text[place + name.len()..].chars().next();
        !part_of_word(before) && !part_of_word(after)
    })
}

/// All that is logged on this thread while it is held, down to the debugging lines.
pub struct Logs {
    text: Text,
    _guard: DefaultGuard,
}

#[derive(Clone, Default)]
struct Text(Arc<Mutex<Vec<u8>>>);

impl Logs {
    /// From now on.
    pub fn listen() -> Self {
        let text = Text::default();
        let subscriber = tracing_subscriber::fmt()
            .with_max_level(tracing::Level::DEBUG)
            .with_writer(text.clone())
            .finish();
        Self {
            text,
            _guard: tracing::subscriber::set_default(subscriber),
        }
    }

    /// All that was said.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.text.0.lock().unwrap()).into_owned()
    }

    /// How many lines there are, and those that name a tenant, a person or an address of mail.
    pub fn judge(&self, site: &Site) -> (usize, Vec<String>) {
        let text = self.text();
        let tenants: Vec<&str> = site.world.parties().map(backend::testing::Party::name).collect();
        let told = |line: &str| line.contains(".example") || tenants.iter().any(|name| names(line, name));
        let wrong = text.lines().filter(|line| told(line)).map(str::to_owned);
        (text.lines().count(), wrong.collect())
    }
}

impl<'a> MakeWriter<'a> for Text {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

impl Write for Text {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn logs_name_nobody_and_mails_nobody_that_is_a_stranger() {
    let site = Site::new().await;
    let logs = Logs::listen();
    for name in ["Northwind", "Acme", "Daisy"] {
        let party = site.world.party(name);
        let role = if party.kind().sells() {
            "seller_role=sales"
        } else {
            "buyer_role=viewer"
        };
        let asks = [
            (
                "/api/invite_person",
                format!("name=Nora&email=nora@{name}.example&{role}"),
            ),
            (
                "/api/invite_person",
                format!("name=Nora&email=nora@{name}.example&{role}"),
            ),
            (
                "/api/ask_for_password",
                format!("email=admin@{}.example", name.to_lowercase()),
            ),
            (
                "/api/log_in",
                format!("email=admin@{}.example&password=wrong", name.to_lowercase()),
            ),
        ];
        for (path, body) in asks {
            site.ask(Some(name), Method::POST, path, &body).await;
        }
        let export = site
            .ask(Some(name), Method::GET, "/invoices/export.csv", "")
            .await;
        assert_eq!(export.status(), StatusCode::OK);
        let lead = "company[name]=Hansa&company[street]=Quay&company[city]=Bergen&company[country]=NO\
                    &company[locale]=en-GB&company[time_zone]=Europe/Oslo&company[currency]=EUR&company[accent]=teal\
                    &terms_days=30&lead_name=Lena&lead_email=";
        let body = format!("{lead}lena@{name}.example");
        let made = site
            .ask(Some(name), Method::POST, "/api/make_tenant", &body)
            .await;
        assert_eq!(made.status() == StatusCode::OK, party.kind().sells(), "{name}");
    }
    site.world.daisy().invoice("12.00").paid("2.00").await;
    backend::jobs::run_due(&site.world.backend, &backend::jobs::standard())
        .await
        .unwrap();

    let sent = site.world.mailer.sent();
    assert!(sent.len() >= 8, "only {} mails", sent.len());
    for mail in &sent {
        let reader = site
            .world
            .parties()
            .find(|party| mail.to.contains(&party.name().to_lowercase()) || mail.to.contains(party.name()))
            .unwrap();
        for stranger in strangers(&site, reader) {
            assert!(
                !names(&mail.text, &stranger),
                "{} reads of {stranger}: {}",
                mail.to,
                mail.text
            );
        }
    }
    let (lines, wrong) = logs.judge(&site);
    assert!(lines > 0, "nothing was logged");
    assert!(wrong.is_empty(), "logs name somebody: {wrong:#?}");
    let _ = writeln!(
        io::stderr(),
        "canary: {} mails and {lines} lines of log, 0 names where they do not belong",
        sent.len()
    );
}
