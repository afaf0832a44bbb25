//! A credit note that was added up: its rows, its postings, and what it takes off invoices, all in the given transaction.

use super::parties;
use crate::{
    Error,
    codes::{Stored, currency},
    ledger::{Books, Entry, Journal, Origin, Put, put},
    numbering::{self, Numbered},
    scope::{Act, Tx},
};
use domain::{
    Money, Refusal,
    credit_notes::{Credited, Due},
    ids::{AccountId, CreditNoteId, InvoiceId, TenantId},
    invoices::{InvoiceLine, Totals},
    ledger::{self, EntryKind},
};
use entity::{
    Uuid,
    codes::{self, CreditNoteStage},
    credit_note, credit_note_line, credit_note_tax, invoice,
};
use sea_orm::ActiveValue::Set;

/// A credit note that is to be written.
pub(crate) struct Note<'a> {
    pub(crate) id: CreditNoteId,
    /// Whom it credits, and in whose books.
    pub(crate) books: Books,
    /// The invoice that it credits; none when it credits the account (V36).
    pub(crate) invoice: Option<InvoiceId>,
    /// As it stands on the document.
    pub(crate) reason: String,
    pub(crate) credited: &'a Credited,
    /// What it takes off which invoice, each part above zero (V37).
    pub(crate) lowers: Vec<(InvoiceId, Money)>,
}

impl<'a> Note<'a> {
    /// One over an invoice, which it lowers as far as that is due.
    ///
    /// # Errors
    /// [`Error::Corrupt`] for a currency that there is not.
    pub(crate) fn over(
        id: CreditNoteId,
        invoice: &invoice::Model,
        reason: String,
        credited: &'a Credited,
    ) -> Result<Self, Error> {
        let part = credited.totals.total.min(due(invoice)?.free)?;
        let of = InvoiceId(invoice.id);
        Ok(Self {
            id,
            books: Books {
                seller: invoice.seller_id,
                account: invoice.account_id,
                buyer: invoice.buyer_id,
            },
            invoice: Some(of),
            reason,
            credited,
            lowers: part.is_positive().then_some((of, part)).into_iter().collect(),
        })
    }

    /// Gives it a number and writes it.
    ///
    /// # Errors
    /// [`Refusal::DateBeforeLast`] (V22); [`Refusal::FormBroken`] when there is one with this id.
    pub(crate) async fn write(&self, tx: &mut Tx) -> Result<credit_note::Model, Error> {
        let today = tx.actor().today();
        let seller = TenantId(self.books.seller);
        let total = self.credited.totals.total;
        let applied = Money::sum(total.currency(), self.lowers.iter().map(|(_, part)| *part))?;
        let number = numbering::take(tx, seller, Numbered::CreditNote, today).await?;
        let parties = self.parties(tx).await?;
        let row = match tx.insert(self.row(tx, applied, number.clone(), parties)).await {
            // The key is older than what is remembered of it.
            Err(error) if error.is_duplicate() => return Err(Refusal::FormBroken.into()),
            inserted => inserted?,
        };
        self.write_content(tx).await?;
        self.book(tx).await?;
        self.lower(tx).await?;
        let facts = serde_json::json!({ "number": number, "total": total, "applied": applied });
        tx.audit(
            Act::new(seller, "issue", "credit_note", self.id.0)
                .after(facts)
                .because(&self.reason),
        );
        Ok(row)
    }

    /// Seller and buyer as they are now, for one over an account; one over an invoice prints that invoice's.
    async fn parties(&self, tx: &Tx) -> Result<Option<serde_json::Value>, Error> {
        if self.invoice.is_some() {
            return Ok(None);
        }
        let printed = parties::of_account(tx, AccountId(self.books.account)).await?;
        Ok(Some(serde_json::to_value(printed)?))
    }

    /// Lines and taxes.
    async fn write_content(&self, tx: &Tx) -> Result<(), Error> {
        let seller = TenantId(self.books.seller);
        let Credited { lines, totals } = self.credited;
        let lines = lines
            .iter()
            .map(|(of, line)| line_row(seller, self.id.0, *of, line));
        tx.insert_all(lines.collect()).await?;
        let taxes = totals.taxes.iter().map(|group| credit_note_tax::ActiveModel {
            seller_id: Set(seller.0),
            credit_note_id: Set(self.id.0),
            category: Set(codes::TaxCategory::from_domain(group.category)),
            rate: Set(group.rate.scaled()),
            base_minor: Set(group.base.minor()),
            tax_minor: Set(group.tax.minor()),
            reason: Set(group.reason.clone()),
        });
        tx.insert_all(taxes.collect()).await
    }

    async fn book(&self, tx: &Tx) -> Result<(), Error> {
        let Totals {
            net, tax, rounding, ..
        } = self.credited.totals;
        let mut journal = Journal::default();
        let entry = Entry::new(
            self.books,
            EntryKind::Credit,
            self.id.0,
            tx.actor().today(),
            tx.now(),
        );
        journal.book(
            &entry.credit_note(self.id.0),
            &ledger::credited(net, tax, rounding)?,
        );
        journal.write(tx).await
    }

    /// Takes it off the invoices.
    async fn lower(&self, tx: &mut Tx) -> Result<(), Error> {
        let (day, at) = (tx.actor().today(), tx.now());
        let to_invoice = |(invoice, amount): &(InvoiceId, Money)| Put {
            books: self.books,
            from: Origin::CreditNote(self.id.0),
            invoice: *invoice,
            amount: *amount,
            reverses: None,
            freed: 0,
            day,
            at,
        };
        let puts: Vec<Put> = self.lowers.iter().map(to_invoice).collect();
        put(tx, &puts).await?;
        for (invoice, amount) in &self.lowers {
            let facts = serde_json::json!({ "credit_note": self.id, "amount": amount });
            tx.audit(Act::new(TenantId(self.books.seller), "credit", "invoice", invoice.0).after(facts));
        }
        Ok(())
    }

    fn row(
        &self,
        tx: &Tx,
        applied: Money,
        number: String,
        parties: Option<serde_json::Value>,
    ) -> credit_note::ActiveModel {
        let Books {
            seller,
            account,
            buyer,
        } = self.books;
        let totals = &self.credited.totals;
        credit_note::ActiveModel {
            seller_id: Set(seller),
            id: Set(self.id.0),
            account_id: Set(account),
            buyer_id: Set(buyer),
            invoice_id: Set(self.invoice.map(|invoice| invoice.0)),
            stage: Set(CreditNoteStage::Issued),
            number: Set(number),
            reason: Set(self.reason.clone()),
            currency: Set(totals.total.currency().code().to_owned()),
            issue_date: Set(tx.actor().today()),
            lines_minor: Set(totals.lines.minor()),
            discount_minor: Set(totals.discount.minor()),
            charge_minor: Set(totals.charge.minor()),
            net_minor: Set(totals.net.minor()),
            tax_minor: Set(totals.tax.minor()),
            rounding_minor: Set(totals.rounding.minor()),
            total_minor: Set(totals.total.minor()),
            applied_minor: Set(applied.minor()),
            refunded_minor: Set(0),
            remaining_minor: Set(totals.total.minor() - applied.minor()),
            parties: Set(parties),
            import_id: Set(None),
            created_by: Set(tx.actor().user().map(|user| user.0)),
            created_by_name: Set(tx.actor().name().to_owned()),
            created_at: Set(tx.now()),
        }
    }
}

/// What a credit note can take off an invoice: what is open and not being paid right now (V31).
///
/// # Errors
/// [`Error::Corrupt`] for a currency that there is not.
pub(crate) fn due(invoice: &invoice::Model) -> Result<Due, Error> {
    let code = currency(&invoice.currency)?;
    let held = invoice.reserved_minor.min(invoice.open_minor);
    Ok(Due {
        free: Money::new(invoice.open_minor - held, code),
        held: Money::new(held, code),
    })
}

fn line_row(
    seller: TenantId,
    credit_note: Uuid,
    of: Option<u32>,
    line: &InvoiceLine,
) -> credit_note_line::ActiveModel {
    let position = |position: u32| i32::try_from(position).unwrap_or(i32::MAX);
    credit_note_line::ActiveModel {
        seller_id: Set(seller.0),
        credit_note_id: Set(credit_note),
        position: Set(position(line.position)),
        item_code: Set(line.item_code.clone()),
        description: Set(line.description.clone()),
        quantity: Set(line.quantity.scaled()),
        unit_price: Set(line.unit_price.scaled()),
        discount_minor: Set(line.discount.minor()),
        net_minor: Set(line.net.minor()),
        tax_category: Set(codes::TaxCategory::from_domain(line.tax_category)),
        tax_rate: Set(line.tax_rate.scaled()),
        invoice_position: Set(of.map(position)),
    }
}
