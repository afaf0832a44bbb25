//! The page of one invoice: the document as it was issued, what lowered it, what happened to it.

use super::{
    costs,
    parties::{Parties, parties},
    revisions::changed,
    rows::invoice_row,
    settlements,
};
use crate::{
    Error,
    codes::{self, Stored, money},
    rollups,
    scope::{Scope, SeesInvoices, time_zone},
};
use chrono_tz::Tz;
use domain::{
    Quantity, TaxRate, UnitPrice,
    access::Side,
    ids::InvoiceId,
    invoices::{Happening, InvoiceDetail, InvoiceLine, TaxGroup, Totals, lifecycle},
};
use entity::{audit_entry, codes::ActorKind, dispute, invoice, invoice_line, invoice_tax, tenant};
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

/// Entries of the history that are shown.
const HISTORY: u64 = 200;

/// The page of an invoice.
///
/// # Errors
/// [`Error::NotFound`] when there is none that the scope may see; [`Error::Database`].
pub async fn find<P: SeesInvoices>(scope: &Scope<P>, id: InvoiceId) -> Result<InvoiceDetail, Error> {
    let found = scope
        .find::<invoice::Entity>()
        .filter(invoice::Column::Id.eq(id.0))
        .one(scope.db())
        .await?;
    let invoice = found.ok_or(Error::NotFound)?;
    let zone = sellers_zone(scope, invoice.seller_id).await?;
    let today = scope.now().with_timezone(&zone).date_naive();
    let counterparty = match scope.side() {
        Side::Seller => &invoice.buyer_name,
        Side::Buyer => &invoice.seller_name,
    };
    let company = scope.sees_several().then(|| invoice.buyer_name.clone());
    let row = invoice_row(&invoice, counterparty, company, today)?;
    let Parties {
        seller,
        buyer,
        profile,
    } = parties(scope, invoice.seller_id, invoice.id)
        .await?
        .unwrap_or_default();
    let can_pay = lifecycle::can_pay(codes::stage(invoice.stage), row.open, row.pending);
    let standing = super::void::standing(&invoice)?;
    Ok(InvoiceDetail {
        side: scope.side(),
        seller,
        buyer,
        profile,
        lines: lines(scope, &invoice).await?,
        costs: costs::of(&invoice, scope.find(), scope.db()).await?,
        totals: totals(scope, &invoice).await?,
        paid: money(invoice.paid_minor, &invoice.currency)?,
        credited: money(invoice.credited_minor, &invoice.currency)?,
        written_off: money(invoice.written_off_minor, &invoice.currency)?,
        settlements: settlements::of(scope, &invoice, zone).await?,
        history: history(scope, &invoice).await?,
        note: invoice.note.clone(),
        changed: changed(scope, id, zone).await?,
        was_disputed: was_disputed(scope, &invoice).await?,
        can_pay,
        billed_with: rollups::read::billed_with(scope, &invoice).await?,
        can_void: standing.voiding(),
        can_write_off: standing.writing_off().is_ok(),
        row,
    })
}

/// Whether a part of it is or was disputed.
async fn was_disputed<P: SeesInvoices>(scope: &Scope<P>, invoice: &invoice::Model) -> Result<bool, Error> {
    let found = scope
        .find::<dispute::Entity>()
        .filter(dispute::Column::SellerId.eq(invoice.seller_id))
        .filter(dispute::Column::InvoiceId.eq(invoice.id))
        .limit(1)
        .one(scope.db())
        .await?;
    Ok(found.is_some())
}

/// The time zone by which a seller's days are counted.
pub(crate) async fn sellers_zone<P: SeesInvoices>(scope: &Scope<P>, seller: Uuid) -> Result<Tz, Error> {
    let name: Option<String> = scope
        .find::<tenant::Entity>()
        .filter(tenant::Column::Id.eq(seller))
        .select_only()
        .column(tenant::Column::TimeZone)
        .into_tuple()
        .one(scope.db())
        .await?;
    time_zone(&name.ok_or(Error::NotFound)?)
}

async fn lines<P: SeesInvoices>(
    scope: &Scope<P>,
    invoice: &invoice::Model,
) -> Result<Vec<InvoiceLine>, Error> {
    let rows = scope
        .find::<invoice_line::Entity>()
        .filter(invoice_line::Column::SellerId.eq(invoice.seller_id))
        .filter(invoice_line::Column::InvoiceId.eq(invoice.id))
        .order_by_asc(invoice_line::Column::Position)
        .all(scope.db())
        .await?;
    rows.into_iter().map(|row| line(row, &invoice.currency)).collect()
}

fn line(row: invoice_line::Model, currency: &str) -> Result<InvoiceLine, Error> {
    let invoice_line::Model {
        seller_id: _,
        invoice_id: _,
        position,
        item_code,
        description,
        quantity,
        unit_price,
        discount_minor,
        net_minor,
        tax_category,
        tax_rate,
    } = row;
    Ok(InvoiceLine {
        position: u32::try_from(position).map_err(|_| Error::corrupt("a line's position"))?,
        item_code,
        description,
        quantity: Quantity::from_scaled(quantity),
        unit_price: UnitPrice::from_scaled(unit_price),
        discount: money(discount_minor, currency)?,
        net: money(net_minor, currency)?,
        tax_category: tax_category.to_domain(),
        tax_rate: TaxRate::from_scaled(tax_rate),
    })
}

async fn totals<P: SeesInvoices>(scope: &Scope<P>, invoice: &invoice::Model) -> Result<Totals, Error> {
    let rows = scope
        .find::<invoice_tax::Entity>()
        .filter(invoice_tax::Column::SellerId.eq(invoice.seller_id))
        .filter(invoice_tax::Column::InvoiceId.eq(invoice.id))
        .order_by_asc(invoice_tax::Column::Category)
        .order_by_desc(invoice_tax::Column::Rate)
        .all(scope.db())
        .await?;
    let amount = |minor| money(minor, &invoice.currency);
    let taxes = rows.into_iter().map(|row| {
        let invoice_tax::Model {
            seller_id: _,
            invoice_id: _,
            category,
            rate,
            base_minor,
            tax_minor,
            reason,
        } = row;
        Ok(TaxGroup {
            category: category.to_domain(),
            rate: TaxRate::from_scaled(rate),
            base: amount(base_minor)?,
            tax: amount(tax_minor)?,
            reason,
        })
    });
    Ok(Totals {
        taxes: taxes.collect::<Result<_, Error>>()?,
        lines: amount(invoice.lines_minor)?,
        discount: amount(invoice.discount_minor)?,
        charge: amount(invoice.charge_minor)?,
        net: amount(invoice.net_minor)?,
        tax: amount(invoice.tax_minor)?,
        rounding: amount(invoice.rounding_minor)?,
        total: amount(invoice.total_minor)?,
    })
}

async fn history<P: SeesInvoices>(
    scope: &Scope<P>,
    invoice: &invoice::Model,
) -> Result<Vec<Happening>, Error> {
    let rows = scope
        .find::<audit_entry::Entity>()
        .filter(audit_entry::Column::TenantId.eq(invoice.seller_id))
        .filter(audit_entry::Column::EntityKind.eq("invoice"))
        .filter(audit_entry::Column::EntityId.eq(invoice.id))
        .order_by_desc(audit_entry::Column::Seq)
        .limit(HISTORY)
        .all(scope.db())
        .await?;
    let happening = |row: audit_entry::Model| Happening {
        at: row.at,
        what: match reminded_at(&row).filter(|_| scope.side() == Side::Seller) {
            Some(step) => format!("Reminded, step {step}"),
            None => sentence(&row.action),
        },
        who: actor(row.actor_kind, row.actor_name),
    };
    Ok(rows.into_iter().map(happening).collect())
}

/// The step of a reminder, which is the seller's to know.
fn reminded_at(row: &audit_entry::Model) -> Option<u64> {
    let facts = row.after.as_ref().filter(|_| row.action == "remind")?;
    facts.get("step")?.as_u64()
}

/// Who did something, as people read it.
pub(crate) fn actor(kind: ActorKind, name: String) -> String {
    match kind {
        ActorKind::Job | ActorKind::System => "System".to_owned(),
        ActorKind::ApiKey => format!("{name} (API key)"),
        ActorKind::User | ActorKind::Operator | ActorKind::Import => name,
    }
}

/// An audit action as people read it.
fn sentence(action: &str) -> String {
    let known = match action {
        "draft" => "Written as a draft",
        "revise" => "Changed",
        "issue" => "Issued",
        "import" => "Imported",
        "pay" => "Paid",
        "pay_start" => "Payment started",
        "pay_fail" => "Payment refused",
        "pay_unknown" => "Payment is being confirmed",
        "pay_offline" => "Payment recorded",
        "apply" => "Money applied",
        "unpay" => "Money taken off",
        "credit" => "Credit applied",
        "refund" => "Money given back",
        "reversal" => "Payment reversed",
        "chargeback" => "Payment charged back by the bank",
        "return" => "Money came back",
        "reopen" => "Opened again instead of credited",
        "void" => "Voided",
        "dispute" => "Disputed",
        "credit_dispute" => "Dispute answered with a credit note",
        "refuse_dispute" => "Dispute refused",
        "withdraw_dispute" => "Dispute withdrawn",
        "reopen_dispute" => "Dispute open again",
        "write_off" => "Written off",
        "recover" => "Write-off taken back",
        "remind" => "Reminded",
        "roll_up" => "Billed with a roll-up bill",
        "take_out" => "Taken out of a roll-up bill",
        "undo" => "Taken back with its import",
        other => other,
    };
    let mut letters = known.replace('_', " ").chars().collect::<Vec<_>>();
    if let Some(first) = letters.first_mut() {
        *first = first.to_ascii_uppercase();
    }
    letters.into_iter().collect()
}
