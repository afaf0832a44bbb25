//! Somebody who pays with a browser without script: signs in, opens the form, posts it, looks how it came out.

use reqwest::{Client, RequestBuilder, Response, StatusCode, header};
use std::time::{Duration, Instant};
use uuid::Uuid;

/// With which card.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Card {
    /// The one that the form has chosen.
    Saved,
    /// A new one, by the gateway's token; it is to be kept.
    New(String),
}

/// What came back of a post.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// To the receipt of this payment.
    Receipt(Uuid),
    /// To the page that says how the form of this key came out.
    Result(Uuid),
    /// Back to the form, at this address.
    Refused(String),
    /// Something else.
    Other(StatusCode, String),
    /// Nothing, or not all of it.
    Lost,
}

/// How a form came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    /// Paid by this payment.
    Paid(Uuid),
    /// Nothing was charged.
    Refused,
    /// Not decided yet.
    Open,
}

/// The page `Make a payment`.
pub struct Page {
    /// All of it.
    pub html: String,
    /// Its form; none when there is nothing to pay.
    pub form: Option<Form>,
}

/// A form to pay one invoice.
#[derive(Clone, Debug)]
pub struct Form {
    /// Its hidden key.
    pub key: Uuid,
    /// What can be paid, in minor units.
    pub payable: i64,
    fields: Vec<(String, String)>,
}

impl Form {
    /// Reads it out of the page.
    pub fn read(html: &str) -> Option<Self> {
        let action = html.find(r#"action="/api/pay""#)?;
        let end = action + html[action..].find("</form>")?;
        let mut fields: Vec<(String, String)> = Vec::new();
        for tag in html[action..end].split("<input").skip(1) {
            let tag = &tag[..tag.find('>')?];
            // What belongs to another form is not of this one.
            if attribute(tag, "form").is_some() {
                continue;
            }
            let picked = matches!(attribute(tag, "type").as_deref(), Some("checkbox" | "radio"));
            if let (Some(name), true) = (attribute(tag, "name"), !picked || has(tag, "checked")) {
                fields.push((name, attribute(tag, "value").unwrap_or_default()));
            }
        }
        let value = |name: &str| {
            fields
                .iter()
                .find(|(known, _)| known == name)
                .map(|(_, value)| value.clone())
        };
        Some(Self {
            key: value("form[key]")?.parse().ok()?,
            payable: value("form[lines][0][seen]")?.parse().ok()?,
            fields,
        })
    }

    /// Filled in to pay so many minor units of a currency with two decimals.
    pub fn pay(&self, minor: i64, card: &Card) -> Vec<(String, String)> {
        let mut fields = self.fields.clone();
        let mut set = |name: &str, value: &str| {
            fields.retain(|(known, _)| known != name);
            fields.push((name.to_owned(), value.to_owned()));
        };
        set("form[lines][0][apply]", "1");
        set(
            "form[lines][0][amount]",
            &format!("{}.{:02}", minor / 100, minor % 100),
        );
        if let Card::New(token) = card {
            set("form[card]", "new");
            set("form[token]", token);
            set("form[save_card]", "1");
            set("form[make_default]", "1");
        }
        fields
    }
}

/// The value of an attribute of a tag.
fn attribute(tag: &str, name: &str) -> Option<String> {
    let rest = &tag[tag.find(&format!(" {name}=\""))? + name.len() + 3..];
    let value = &rest[..rest.find('"')?];
    Some(
        value
            .replace("&quot;", "\"")
            .replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&amp;", "&"),
    )
}

/// An attribute that is there or not.
fn has(tag: &str, name: &str) -> bool {
    tag.split([' ', '/'])
        .any(|word| word == name || word.starts_with(&format!("{name}=")))
}

/// A session.
#[derive(Clone)]
pub struct Payer {
    http: Client,
    portal: String,
    cookie: String,
}

impl Payer {
    /// Signs in by the form of the page `Log in`.
    pub async fn sign_in(http: &Client, portal: &str, email: &str, password: &str) -> Self {
        let fields = [("email", email), ("password", password), ("next", "")];
        let request = http
            .post(format!("{portal}/api/log_in"))
            .header(header::ACCEPT, "text/html");
        let answer = request.form(&fields).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::SEE_OTHER, "{email} cannot sign in");
        let cookie = answer.headers()[header::SET_COOKIE].to_str().unwrap();
        let cookie = cookie.split(';').next().unwrap().to_owned();
        Self {
            http: http.clone(),
            portal: portal.to_owned(),
            cookie,
        }
    }

    fn as_browser(&self, request: RequestBuilder) -> RequestBuilder {
        request
            .header(header::COOKIE, &self.cookie)
            .header(header::ACCEPT, "text/html,application/xhtml+xml")
    }

    /// Opens the page to pay an invoice.
    pub async fn open(&self, invoice: Uuid) -> Page {
        let (status, html) = self.get(&format!("/payments/new?invoice={invoice}")).await;
        assert_eq!(status, StatusCode::OK, "{html}");
        Page {
            form: Form::read(&html),
            html,
        }
    }

    /// Any page.
    pub async fn get(&self, path: &str) -> (StatusCode, String) {
        let answer = self
            .as_browser(self.http.get(format!("{}{path}", self.portal)))
            .send()
            .await
            .unwrap();
        (answer.status(), answer.text().await.unwrap())
    }

    /// Any page, and nothing when there was no answer.
    pub async fn try_get(&self, path: &str) -> Option<(StatusCode, String)> {
        let request = self.as_browser(self.http.get(format!("{}{path}", self.portal)));
        let answer = request.send().await.ok()?;
        Some((answer.status(), answer.text().await.ok()?))
    }

    /// Posts the form, to the portal itself or through a proxy.
    pub async fn post(&self, to: &str, fields: &[(String, String)]) -> Answer {
        let request = self
            .as_browser(self.http.post(format!("{to}/api/pay")))
            .form(fields);
        match request.send().await {
            Ok(answer) => read(answer).await,
            Err(_) => Answer::Lost,
        }
    }

    /// How the form of a key came out, as the page says that shows it.
    pub async fn outcome(&self, key: Uuid) -> Shown {
        let (status, html) = self.get(&format!("/payments/result/{key}")).await;
        assert_eq!(status, StatusCode::OK, "{html}");
        let heading = html
            .split("<h1")
            .nth(1)
            .and_then(|rest| rest.split("</h1>").next())
            .unwrap_or_default();
        let receipt = || {
            let links = html
                .split("href=\"/payments/")
                .skip(1)
                .filter_map(|rest| rest.split('"').next());
            links.filter_map(|id| id.parse().ok()).next()
        };
        match heading {
            text if text.contains("Payment received") => {
                Shown::Paid(receipt().expect("a link to the receipt"))
            }
            text if text.contains("Payment refused") => Shown::Refused,
            text if text.contains("Your bank is still confirming") => Shown::Open,
            other => panic!("no outcome in {other:?}: {html}"),
        }
    }

    /// Waits until the page says paid, with which payment, or refused.
    pub async fn decided(&self, key: Uuid) -> Option<Uuid> {
        let begun = Instant::now();
        loop {
            match self.outcome(key).await {
                Shown::Paid(payment) => return Some(payment),
                Shown::Refused => return None,
                Shown::Open => {}
            }
            assert!(begun.elapsed() < Duration::from_secs(60), "{key} has no outcome");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
}

async fn read(answer: Response) -> Answer {
    let status = answer.status();
    let to = answer
        .headers()
        .get(header::LOCATION)
        .and_then(|to| to.to_str().ok())
        .unwrap_or_default()
        .to_owned();
    // An answer that breaks off in the middle is none.
    let Ok(body) = answer.text().await else {
        return Answer::Lost;
    };
    if status != StatusCode::SEE_OTHER {
        return Answer::Other(status, body);
    }
    let path = to.split('?').next().unwrap_or_default();
    match path.strip_prefix("/payments/") {
        Some("new") => Answer::Refused(to),
        Some(rest) => match rest.strip_prefix("result/") {
            Some(key) => key.parse().map_or(Answer::Other(status, to), Answer::Result),
            None => rest.parse().map_or(Answer::Other(status, to), Answer::Receipt),
        },
        None => Answer::Other(status, to),
    }
}
