//! UBL 2.1 invoices and credit notes into drafts.
//!
//! The root's children are taken one by one as they come, so only one of them is held besides the draft. Amounts stay
//! as stated; whether they agree is for `domain::imports::check` to say. What the draft has no place for is dropped,
//! except the names of attachments.

use super::{
    limits::Limits,
    party::{Party, one_line},
    refused::FileRefused,
    ubl_parts::Reading,
    xml::{Element, Kept, XmlReader},
};
use domain::imports::{DocumentKind, DraftDocument, Field, ImportIssue, LinePrices, Problem, settle_lines};
use domain::{Currency, Money};
use serde::{Deserialize, Serialize};
use std::io::BufRead;

/// A document as it came, with its parties.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IncomingDocument {
    /// The document.
    pub draft: DraftDocument,
    /// Who issued it; none for CSV.
    pub seller: Option<Party>,
    /// Who was billed; none for CSV.
    pub buyer: Option<Party>,
    /// Files that were attached; their contents are not imported.
    pub attachments: Vec<Attachment>,
    /// Worth showing in the preview, but no reason to refuse: lines whose net amount is not quantity times price.
    pub notices: Vec<ImportIssue>,
}

impl IncomingDocument {
    /// A document of a CSV file, which has nothing but the draft.
    pub fn of_rows(draft: DraftDocument) -> Self {
        Self {
            draft,
            seller: None,
            buyer: None,
            attachments: Vec::new(),
            notices: Vec::new(),
        }
    }
}

/// An attached file or link.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    /// The document's name for it.
    pub id: String,
    /// File name or address.
    pub name: Option<String>,
    /// Bytes of it in base 64; 0 for a link.
    pub encoded_bytes: usize,
}

/// Reads one document; the issues if it has any.
///
/// # Errors
/// [`FileRefused`] when it is no UBL, not well-formed, or beyond a limit.
pub fn read_ubl(
    text: impl BufRead,
    limits: Limits,
) -> Result<Result<IncomingDocument, Vec<ImportIssue>>, FileRefused> {
    let mut xml = XmlReader::new(text, Kept::Ubl, limits);
    let (space, root) = xml.root()?;
    let kind = match (space.as_str(), root.as_str()) {
        ("urn:oasis:names:specification:ubl:schema:xsd:Invoice-2", "Invoice") => DocumentKind::Invoice,
        ("urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2", "CreditNote") => {
            DocumentKind::CreditNote
        }
        ("", _) => return Err(FileRefused::WrongRoot { root: shown(&root) }),
        _ => {
            return Err(FileRefused::WrongRoot {
                root: format!("{} of {}", shown(&root), shown(&space)),
            });
        }
    };
    let mut document = Document::new(kind, limits);
    while let Some(child) = xml.child()? {
        document.take(&child);
    }
    Ok(document.finish(xml.line()))
}

/// What has been read so far.
struct Document {
    kind: DocumentKind,
    reading: Reading,
    number: Option<String>,
    issue_date: Option<chrono::NaiveDate>,
    due_date: Option<chrono::NaiveDate>,
    notes: Vec<String>,
    order_id: Option<String>,
    invoices: Vec<String>,
    seller: Option<Party>,
    buyer: Option<Party>,
    attachments: Vec<Attachment>,
    tax_currency: Option<Currency>,
    prices: LinePrices,
    rows: usize,
}

impl Document {
    fn new(kind: DocumentKind, limits: Limits) -> Self {
        Self {
            kind,
            reading: Reading::new(limits.rows_per_document),
            number: None,
            issue_date: None,
            due_date: None,
            notes: Vec::new(),
            order_id: None,
            invoices: Vec::new(),
            seller: None,
            buyer: None,
            attachments: Vec::new(),
            tax_currency: None,
            prices: LinePrices::Informative,
            rows: 0,
        }
    }

    fn take(&mut self, child: &Element) {
        let is_row = matches!(
            child.name.as_str(),
            "AllowanceCharge" | "TaxTotal" | "InvoiceLine" | "CreditNoteLine"
        );
        if is_row && !self.room(child) {
            return;
        }
        let reading = &mut self.reading;
        match child.name.as_str() {
            "CustomizationID" if child.text.contains("peppol") => self.prices = LinePrices::Binding,
            "ID" => self.number = reading.short(child, Field::Number),
            "IssueDate" => self.issue_date = reading.date(child, Field::IssueDate),
            "DueDate" => self.due_date = reading.date(child, Field::DueDate),
            "InvoiceTypeCode" | "CreditNoteTypeCode" => self.take_type_code(child),
            "Note" if !child.text.is_empty() => self.notes.push(child.text.clone()),
            "DocumentCurrencyCode" => reading.document_currency(child),
            "TaxCurrencyCode" => self.tax_currency = reading.currency(child),
            "OrderReference" => {
                // Peppol's placeholder for an order that only the seller numbered.
                let own = child.find("ID").filter(|id| id.text != "NA");
                let order = own.or_else(|| child.find("SalesOrderID"));
                self.order_id = order.and_then(|order| reading.short(order, Field::OrderId));
            }
            "BillingReference" => {
                let number = child.find("InvoiceDocumentReference/ID");
                self.invoices
                    .extend(number.and_then(|number| reading.short(number, Field::Invoices)));
            }
            "AdditionalDocumentReference" => self.attachments.extend(attachment(child)),
            "AccountingSupplierParty" => self.seller = Some(Party::of(child)),
            "AccountingCustomerParty" => self.buyer = Some(Party::of(child)),
            "PaymentMeans" if self.due_date.is_none() => {
                let due = child.find("PaymentDueDate");
                self.due_date = due.and_then(|due| reading.date(due, Field::DueDate));
            }
            "AllowanceCharge" => reading.adjustment(child),
            "TaxTotal" => reading.tax_total(child, self.tax_currency),
            "LegalMonetaryTotal" => reading.totals(child),
            "InvoiceLine" | "CreditNoteLine" => reading.line(child),
            _ => {}
        }
    }

    /// An invoice may call itself a credit note by its code; the other way round is not used.
    fn take_type_code(&mut self, code: &Element) {
        if self.kind == DocumentKind::Invoice
            && matches!(code.text.as_str(), "381" | "396" | "261" | "81" | "83")
        {
            self.kind = DocumentKind::CreditNote;
        }
    }

    /// Whether one more line, discount or tax total may come; told once.
    fn room(&mut self, child: &Element) -> bool {
        self.rows += 1;
        let limit = self.reading.limit;
        if self.rows == limit + 1 {
            self.reading
                .issues
                .push(ImportIssue::at(child.line, Problem::TooManyLines { limit }));
        }
        self.rows <= limit
    }

    fn finish(self, last_line: u64) -> Result<IncomingDocument, Vec<ImportIssue>> {
        let Self {
            reading,
            number,
            issue_date,
            seller,
            buyer,
            ..
        } = self;
        let Reading {
            currency,
            lines,
            adjustments,
            stated,
            prepaid,
            rounding,
            tax_currency_total,
            mut issues,
            ..
        } = reading;
        let key = buyer.as_ref().map(Party::key).unwrap_or_default();
        // A value that was there and wrong has its own issue already.
        let mut lacks = |field: Field, name: &str, is_missing: bool| {
            if is_missing && !issues.iter().any(|issue| issue.field == Some(field)) {
                issues.push(ImportIssue::of(
                    1,
                    field,
                    Problem::MissingElement {
                        name: name.to_owned(),
                    },
                ));
            }
        };
        lacks(Field::Number, "ID", number.is_none());
        lacks(Field::IssueDate, "IssueDate", issue_date.is_none());
        lacks(Field::Currency, "DocumentCurrencyCode", currency.is_none());
        lacks(Field::CustomerName, "AccountingCustomerParty", key.is_empty());
        if lines.is_empty() && issues.is_empty() {
            issues.push(ImportIssue::at(1, Problem::NoLines));
        }
        let (Some(number), Some(issue_date), Some(currency), true) =
            (number, issue_date, currency, issues.is_empty())
        else {
            return Err(issues);
        };
        let draft = DraftDocument {
            kind: self.kind,
            number,
            customer: key,
            profile: None,
            order_id: self.order_id,
            invoices: self.invoices,
            currency,
            issue_date,
            due_date: self.due_date,
            note: Some(self.notes.join("\n")).filter(|note| !note.is_empty()),
            lines,
            adjustments,
            stated,
            prepaid: prepaid.unwrap_or(Money::zero(currency)),
            rounding: rounding.unwrap_or(Money::zero(currency)),
            tax_currency_total,
            first_line: 1,
            last_line,
        };
        let (draft, notices) = settle_lines(draft, self.prices);
        Ok(IncomingDocument {
            draft,
            seller,
            buyer,
            attachments: self.attachments,
            notices,
        })
    }
}

fn attachment(reference: &Element) -> Option<Attachment> {
    let binary = reference.find("Attachment/EmbeddedDocumentBinaryObject");
    let link = reference.text_of("Attachment/ExternalReference/URI");
    let name = binary.and_then(|binary| binary.attribute("filename")).or(link);
    (binary.is_some() || link.is_some()).then(|| Attachment {
        id: reference.text_of("ID").map(one_line).unwrap_or_default(),
        name: name.map(one_line),
        encoded_bytes: binary.map_or(0, |binary| binary.dropped),
    })
}

fn shown(name: &str) -> String {
    name.chars().take(80).collect()
}
