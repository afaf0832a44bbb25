//! How values travel between server and browser: in postcard's compact form, decoded by one piece of code a type.
//!
//! JSON costs the browser a parser for every field name of every type, and twice, since answers and what is written
//! into the page come in two kinds of text. This form has no names; server and browser are built from the same types,
//! and a page of another build is loaded anew (docs/SIZE.md has the figures).

use bytes::Bytes;
use leptos::server_fn::{ContentType, Decodes, Encodes, Format, FormatType, codec::Post};
use serde::{Serialize, de::DeserializeOwned};

/// The form.
#[derive(Debug)]
pub struct Wire;

/// Answers of server functions; their arguments stay form fields, so that plain forms can post them.
pub type Answer = Post<Wire>;

impl ContentType for Wire {
    const CONTENT_TYPE: &'static str = "application/x-postcard";
}

impl FormatType for Wire {
    const FORMAT_TYPE: Format = Format::Binary;
}

impl<T: Serialize> Encodes<T> for Wire {
    type Error = postcard::Error;

    fn encode(value: &T) -> Result<Bytes, Self::Error> {
        postcard::to_allocvec(value).map(Bytes::from)
    }
}

impl<T: DeserializeOwned> Decodes<T> for Wire {
    type Error = postcard::Error;

    fn decode(bytes: Bytes) -> Result<T, Self::Error> {
        postcard::from_bytes(&bytes)
    }
}

/// Writes a value as text that can stand in a page.
#[cfg(feature = "ssr")]
pub fn to_text(value: &impl Serialize) -> String {
    use base64::{Engine, engine::general_purpose::STANDARD_NO_PAD};
    STANDARD_NO_PAD.encode(postcard::to_allocvec(value).unwrap_or_default())
}

/// Reads a value out of the page.
#[cfg(not(feature = "ssr"))]
pub fn from_text<T: DeserializeOwned>(text: &str) -> Option<T> {
    use base64::{Engine, engine::general_purpose::STANDARD_NO_PAD};
    postcard::from_bytes(&STANDARD_NO_PAD.decode(text).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use domain::imports::Problem;

    #[test]
    fn what_is_wrong_with_a_row_comes_back() {
        let problem = Problem::RaggedRow {
            expected: 9,
            found: 7,
        };
        let bytes = postcard::to_allocvec(&problem).expect("it can be written");
        assert_eq!(postcard::from_bytes::<Problem>(&bytes), Ok(problem));
    }
}
