//! What the page `Make a payment` is opened with: its address, read and written.
//!
//! `/payments/new?invoice=ID&invoice=ID`, `?draft=ID` for a choice that is kept, or nothing for all that is open. A
//! `total` is spread over what was chosen; `typed` finds the fields of a post that failed. What cannot be read is
//! ignored: an old link opens the page with what is left of it.

#[cfg(feature = "ssr")]
use domain::payments::PaymentChoice;
use domain::{
    address::{pairs, query_string},
    ids::{DraftId, InvoiceId},
};

/// Address of the page.
pub const PAGE: &str = "/payments/new";

/// See the module.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Opening {
    /// These invoices.
    pub invoices: Vec<InvoiceId>,
    /// The invoices of a kept choice.
    pub draft: Option<DraftId>,
    /// To be spread oldest due first, as typed.
    pub total: Option<String>,
    /// Fields of a post that failed.
    pub typed: Option<String>,
}

impl Opening {
    /// Reads a query string.
    pub fn read(query: &str) -> Self {
        let mut opening = Self::default();
        for (key, value) in pairs(query) {
            match key.as_str() {
                "invoice" => opening.invoices.extend(value.parse::<InvoiceId>()),
                "draft" => opening.draft = value.parse().ok(),
                "total" => opening.total = Some(value).filter(|total| !total.trim().is_empty()),
                "typed" => opening.typed = Some(value),
                _ => {}
            }
        }
        opening
    }

    /// Something was chosen before the page was opened.
    pub const fn is_chosen(&self) -> bool {
        !self.invoices.is_empty() || self.draft.is_some()
    }

    /// The choice as pairs: hidden fields of the form that spreads a total.
    pub fn chosen(&self) -> Vec<(&'static str, String)> {
        let draft = self.draft.iter().map(|draft| ("draft", draft.to_string()));
        self.invoices
            .iter()
            .map(|invoice| ("invoice", invoice.to_string()))
            .chain(draft)
            .collect()
    }

    /// The choice as a query string.
    pub fn query(&self) -> String {
        let pairs = self.chosen();
        query_string(pairs.iter().map(|(key, value)| (*key, value.as_str())))
    }

    /// Address of the page with the same choice.
    #[cfg(feature = "ssr")]
    pub fn page(&self) -> String {
        let query = self.query();
        if query.is_empty() {
            PAGE.to_owned()
        } else {
            format!("{PAGE}?{query}")
        }
    }

    /// The choice as the backend takes it.
    #[cfg(feature = "ssr")]
    pub fn choice(&self) -> PaymentChoice {
        PaymentChoice {
            invoices: self.invoices.clone(),
            draft: self.draft,
            spread: self.total.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Opening;

    const INVOICE: &str = "01930000-0000-7000-8000-000000000001";

    #[test]
    fn an_address_is_read_and_written_alike() {
        let query = format!("invoice={INVOICE}&draft={INVOICE}");
        let opening = Opening::read(&format!("?{query}&total=1.234%2C50+EUR&typed=abc"));
        assert_eq!(opening.query(), query);
        assert_eq!(opening.total.as_deref(), Some("1.234,50 EUR"));
        assert_eq!(opening.typed.as_deref(), Some("abc"));
        assert!(opening.is_chosen());
    }

    #[test]
    fn what_cannot_be_read_is_left_out() {
        let opening = Opening::read("invoice=1&draft=%2F&total=+&other=x");
        assert_eq!(opening, Opening::default());
        assert!(!opening.is_chosen());
    }
}
