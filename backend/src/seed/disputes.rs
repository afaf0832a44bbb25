//! What the demo's buyers say is not owed: disputes that wait, and such as were answered or taken back.

use crate::{
    Backend, Error,
    codes::currency,
    credit_notes,
    disputes::write::{open_in, refuse, withdraw},
    invoices::line_of,
    new_id,
    scope::Scope,
    transact::transact,
};
use domain::{
    Money,
    access::{AnswerDisputes, DisputeInvoices, IssueCreditNotes},
    credit_notes::{CreditReason, HowMuch, IssueCredit},
    disputes::OpenDispute,
    ids::{CreditNoteId, DisputeId, FormKey, InvoiceId, TenantId},
    invoices::totals::percentage,
};
use entity::{codes::Stage, invoice, invoice_line};
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect};

/// What becomes of a dispute.
#[derive(Clone, Copy)]
enum Fate {
    Waits,
    Credited,
    Refused,
    Withdrawn,
}

/// Disputes of the demo partner and of its customer.
pub(super) async fn create(backend: &Backend, partner: TenantId, customer: TenantId) -> Result<(), Error> {
    of_buyer(backend, partner, &[Fate::Waits, Fate::Credited, Fate::Refused]).await?;
    of_buyer(backend, customer, &[Fate::Waits, Fate::Withdrawn]).await
}

/// Disputes half a line of each of some invoices, those that are due last.
async fn of_buyer(backend: &Backend, buyer: TenantId, fates: &[Fate]) -> Result<(), Error> {
    let scope = backend
        .operator(buyer, "Demo data")
        .await?
        .permit::<DisputeInvoices>()?;
    let invoices = scope
        .find::<invoice::Entity>()
        .filter(invoice::Column::BuyerId.eq(buyer.0))
        .filter(invoice::Column::Currency.eq("USD"))
        .filter(invoice::Column::Stage.eq(Stage::Open))
        .filter(invoice::Column::ReservedMinor.eq(0))
        .order_by_desc(invoice::Column::DueDate)
        .order_by_desc(invoice::Column::Id)
        .limit(u64::try_from(fates.len()).unwrap_or_default())
        .all(scope.db())
        .await?;
    for (invoice, fate) in invoices.iter().zip(fates) {
        let id = open(&scope, invoice).await?;
        end(backend, &scope, invoice, id, *fate).await?;
    }
    Ok(())
}

async fn open(scope: &Scope<DisputeInvoices>, invoice: &invoice::Model) -> Result<DisputeId, Error> {
    let first = scope
        .find::<invoice_line::Entity>()
        .filter(invoice_line::Column::SellerId.eq(invoice.seller_id))
        .filter(invoice_line::Column::InvoiceId.eq(invoice.id))
        .order_by_asc(invoice_line::Column::Position)
        .one(scope.db())
        .await?;
    let line = line_of(&first.ok_or(Error::NotFound)?, currency(&invoice.currency)?);
    let whole = line.net.checked_add(percentage(line.net, line.tax_rate)?)?;
    let wanted = OpenDispute {
        key: FormKey(new_id()),
        invoice: InvoiceId(invoice.id),
        reason: "Half of it never came".to_owned(),
        parts: vec![(line.position, Money::new(whole.minor() / 2, whole.currency()))],
    };
    transact!(scope, tx => { open_in(tx, &wanted).await })
}

async fn end(
    backend: &Backend,
    scope: &Scope<DisputeInvoices>,
    invoice: &invoice::Model,
    id: DisputeId,
    fate: Fate,
) -> Result<(), Error> {
    let seller = backend.operator(TenantId(invoice.seller_id), "Demo data").await?;
    match fate {
        Fate::Waits => Ok(()),
        Fate::Withdrawn => withdraw(scope, id).await,
        Fate::Refused => {
            let scope = seller.permit::<AnswerDisputes>()?;
            refuse(&scope, id, "All of it was delivered on time").await
        }
        Fate::Credited => credit(&seller.permit::<IssueCreditNotes>()?, InvoiceId(invoice.id), id).await,
    }
}

/// Credits what a dispute asks for.
async fn credit(scope: &Scope<IssueCreditNotes>, invoice: InvoiceId, id: DisputeId) -> Result<(), Error> {
    let form = credit_notes::read::answer_form(scope, invoice, id).await?;
    let asked = form
        .lines
        .iter()
        .filter_map(|line| Some((line.of.position, line.asked?)));
    let credit = IssueCredit {
        key: form.key,
        invoice,
        seen: form.left,
        reason: CreditReason::Correction,
        note: "Sorry, the rest was not delivered".to_owned(),
        how_much: HowMuch::Parts,
        parts: asked.collect(),
        pay_back: None,
    };
    let note = CreditNoteId(credit.key.0);
    transact!(scope, tx => {
        credit_notes::write::issue_in(tx, note, &credit, Some(id)).await.map(|_| ())
    })
}
