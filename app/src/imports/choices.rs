//! What the column mapper's form posts, read into a mapping. Only the server reads it.

use super::mapper::{CREDIT, MARKS, ORDERS, SIGNS};
use domain::{
    FieldErrors, Refusal, TaxRate,
    imports::{ColumnMap, DecimalMark, DraftTax, Field, NegativeDocuments, category, percent},
    invoices::TaxCategory,
};
use std::collections::BTreeMap;

/// What the mapper's form posts.
#[derive(Clone, Debug, Default)]
pub(super) struct Choices {
    /// Heading for each field's own heading; empty for none.
    pub columns: BTreeMap<String, String>,
    /// `dmy`, `mdy` or `ymd`.
    pub date_order: String,
    /// `point` or `comma`.
    pub decimal_mark: String,
    /// A [`SignRule`] by its word.
    pub signs: String,
    /// `refuse` or `as_credit_note`.
    pub negative_documents: String,
    /// Code, or empty.
    pub default_currency: String,
    /// One `code = rate` or `code = category` a line.
    pub tax_codes: String,
}

impl Choices {
    /// Reads them over the mapping that was in force.
    ///
    /// # Errors
    /// By field, what cannot be read.
    pub fn read(&self, before: ColumnMap) -> Result<ColumnMap, FieldErrors> {
        let mut errors = FieldErrors::default();
        let columns = Field::ALL
            .iter()
            .filter_map(|field| {
                let heading = self.columns.get(field.own_heading())?;
                (!heading.is_empty()).then(|| (*field, heading.clone()))
            })
            .collect();
        let mut map = ColumnMap { columns, ..before };
        match ORDERS.iter().find(|(word, _)| *word == self.date_order) {
            Some((_, order)) => map.date_order = *order,
            None => errors.add(
                "date_order",
                Refusal::UnknownChoice {
                    text: self.date_order.clone(),
                },
            ),
        }
        match MARKS.iter().find(|(word, _)| *word == self.decimal_mark) {
            Some((_, mark)) => map.decimal_mark = *mark,
            None => errors.add(
                "decimal_mark",
                Refusal::UnknownChoice {
                    text: self.decimal_mark.clone(),
                },
            ),
        }
        match SIGNS.iter().find(|(word, ..)| *word == self.signs) {
            Some((_, signs, _)) => map.signs = *signs,
            None => errors.add(
                "signs",
                Refusal::UnknownChoice {
                    text: self.signs.clone(),
                },
            ),
        }
        map.negative_documents = if self.negative_documents == CREDIT {
            NegativeDocuments::AsCreditNote
        } else {
            NegativeDocuments::Refuse
        };
        map.default_currency = match self.default_currency.trim() {
            "" => None,
            code => match code.parse() {
                Ok(currency) => Some(currency),
                Err(refusal) => {
                    errors.add("default_currency", refusal);
                    None
                }
            },
        };
        match tax_codes(&self.tax_codes, map.decimal_mark) {
            Ok(codes) => map.tax_codes = codes,
            Err(refusal) => errors.add("tax_codes", refusal),
        }
        if errors.is_empty() { Ok(map) } else { Err(errors) }
    }
}

/// Reads `USt19 = 19 %` or `EXP = G`, one a line.
fn tax_codes(text: &str, mark: DecimalMark) -> Result<BTreeMap<String, DraftTax>, Refusal> {
    text.lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .map(|line| {
            let unknown = || Refusal::UnknownChoice {
                text: line.to_owned(),
            };
            let (code, meaning) = line.split_once('=').ok_or_else(unknown)?;
            let meaning = meaning.trim();
            let tax = match category(meaning) {
                Some(category) => DraftTax {
                    category,
                    rate: TaxRate::from_scaled(0),
                    reason: None,
                },
                None => DraftTax {
                    category: TaxCategory::S,
                    rate: percent(meaning, mark).map_err(|_| unknown())?,
                    reason: None,
                },
            };
            Ok((code.trim().to_owned(), tax))
        })
        .collect()
}
