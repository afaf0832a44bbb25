//! A JSON body, field by field: all that is wrong is named by its place, not only the first of it.

use super::problem::{LOCALE, Place, Problem, Wrong};
use axum::{
    body::Bytes,
    extract::{FromRequest, Request},
};
use chrono::NaiveDate;
use domain::locale::parse_date;
use http::{HeaderMap, header};
use serde_json::{Map, Value};
use std::str::FromStr;

/// The bytes of a JSON body.
pub(super) struct Sent(Bytes);

impl<S: Send + Sync> FromRequest<S> for Sent {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        if !is_json(request.headers()) {
            return Err(Problem::not_json());
        }
        // A body that broke off is told as one that is too large: nobody is there to read it.
        let read = Bytes::from_request(request, state).await;
        read.map(Self).map_err(|_| Problem::too_large())
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let Some(kind) = headers
        .get(header::CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok())
    else {
        return false;
    };
    let mut parts = kind.split(';').map(|part| part.trim().to_ascii_lowercase());
    let json = parts.next().is_some_and(|kind| kind == "application/json");
    json && parts
        .all(|part| part.is_empty() || matches!(part.as_str(), "charset=utf-8" | "charset=\"utf-8\""))
}

/// An object of the body, with what nobody asked for yet.
pub(super) struct Object {
    at: String,
    fields: Map<String, Value>,
}

/// What is wrong with a body so far.
#[derive(Default)]
pub(super) struct Reader {
    wrong: Vec<Wrong>,
}

impl Sent {
    /// The object that the body is.
    ///
    /// # Errors
    /// When it is no JSON, or no object.
    pub(super) fn object(&self) -> Result<Object, Problem> {
        let unreadable =
            |message: String| Problem::unreadable(vec![Wrong::at(Place::Body(String::new()), message)]);
        let read: Value = serde_json::from_slice(&self.0).map_err(|error| {
            unreadable(format!(
                "This is no JSON: line {}, column {}.",
                error.line(),
                error.column()
            ))
        })?;
        match read {
            Value::Object(fields) => Ok(Object {
                at: String::new(),
                fields,
            }),
            _ => Err(unreadable("The body must be an object.".to_owned())),
        }
    }
}

impl Object {
    /// Takes a field; `null` is none.
    fn take(&mut self, name: &str) -> Option<Value> {
        self.fields.remove(name).filter(|value| !value.is_null())
    }

    /// The place of a field.
    pub(super) fn place(&self, name: &str) -> String {
        format!("{}/{}", self.at, name.replace('~', "~0").replace('/', "~1"))
    }
}

impl Reader {
    /// A text that may be left out.
    pub(super) fn text(&mut self, of: &mut Object, name: &str) -> Option<String> {
        match of.take(name)? {
            Value::String(text) => Some(text),
            _ => {
                self.refuse(of.place(name), "This must be a text.");
                None
            }
        }
    }

    /// A whole number.
    pub(super) fn whole(&mut self, of: &mut Object, name: &str) -> Option<i64> {
        let value = self.needed(of, name)?;
        let whole = value.as_i64();
        if whole.is_none() {
            self.refuse(
                of.place(name),
                "This must be a whole number of minor units, such as 12500.",
            );
        }
        whole
    }

    /// A day.
    pub(super) fn day(&mut self, of: &mut Object, name: &str) -> Option<NaiveDate> {
        let text = self.needed_text(of, name)?;
        let read = parse_date(&text);
        read.map_err(|refusal| self.refuse(of.place(name), refusal.message(LOCALE)))
            .ok()
    }

    /// What a text stands for, such as an id.
    pub(super) fn parsed<T: FromStr>(&mut self, of: &mut Object, name: &str, what: &str) -> Option<T> {
        let text = self.needed_text(of, name)?;
        let read = text.parse();
        read.map_err(|_| self.refuse(of.place(name), format!("This must be {what}.")))
            .ok()
    }

    /// A list of objects, at least one.
    pub(super) fn objects(&mut self, of: &mut Object, name: &str) -> Vec<Object> {
        let at = of.place(name);
        let values = match self.needed(of, name) {
            Some(Value::Array(values)) if !values.is_empty() => values,
            Some(_) => {
                self.refuse(at, "This must be a list of at least one object.");
                return Vec::new();
            }
            None => return Vec::new(),
        };
        let mut objects = Vec::with_capacity(values.len());
        for (place, value) in values.into_iter().enumerate() {
            let at = format!("{at}/{place}");
            match value {
                Value::Object(fields) => objects.push(Object { at, fields }),
                _ => self.refuse(at, "This must be an object."),
            }
        }
        objects
    }

    /// Names what nobody asked for.
    pub(super) fn end(&mut self, of: Object) {
        for name in of.fields.keys().take(20) {
            let name: String = name.chars().take(60).collect();
            self.refuse(of.place(&name), "There is no such field.");
        }
    }

    /// Something is wrong at a place.
    pub(super) fn refuse(&mut self, at: String, message: impl Into<String>) {
        self.wrong.push(Wrong::at(Place::Body(at), message));
    }

    /// The value, if nothing is wrong.
    ///
    /// # Errors
    /// All that is wrong.
    pub(super) fn done<T>(self, value: Option<T>) -> Result<T, Problem> {
        value
            .filter(|_| self.wrong.is_empty())
            .ok_or_else(|| Problem::invalid(self.wrong))
    }

    fn needed(&mut self, of: &mut Object, name: &str) -> Option<Value> {
        let value = of.take(name);
        if value.is_none() {
            self.refuse(of.place(name), "This is missing.");
        }
        value
    }

    fn needed_text(&mut self, of: &mut Object, name: &str) -> Option<String> {
        match self.needed(of, name)? {
            Value::String(text) => Some(text),
            _ => {
                self.refuse(of.place(name), "This must be a text.");
                None
            }
        }
    }
}
