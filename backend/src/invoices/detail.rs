//! The page of one invoice: the document as it was issued, what lowered it, what happened to it.

use super::{
    costs,
    parties::{Parties, parties},
    revisions::changed,
    rows::invoice_row,
};
use crate::{
    Error,
    codes::{self, Stored, money},
    database::Sql,
    rollups,
    scope::{Scope, SeesInvoices, time_zone},
};
use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use domain::{
    Money, Quantity, TaxRate, UnitPrice,
    access::Side,
    ids::{AttemptId, CreditNoteId, InvoiceId, PaymentId},
    invoices::{
        Happening, InvoiceDetail, InvoiceLine, Settlement, SettlementKind, TaxGroup, Totals, lifecycle,
    },
};
use entity::{
    audit_entry,
    codes::{ActorKind, AttemptState, Method},
    dispute, invoice, invoice_line, invoice_tax, tenant,
};
use sea_orm::{ActiveEnum, ColumnTrait, ConnectionTrait, QueryFilter, QueryOrder, QueryResult, QuerySelect};
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
        settlements: settlements(scope, &invoice, zone).await?,
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

/// Payments, credits and tries in one statement. What was taken back in full is left out. Of a parent's money and credit
/// others than the seller and itself see no more than its name (V27).
async fn settlements<P: SeesInvoices>(
    scope: &Scope<P>,
    invoice: &invoice::Model,
    zone: Tz,
) -> Result<Vec<Settlement>, Error> {
    const TEXT: &str = "\
        SELECT p.id AS id, p.method AS kind, p.brand AS brand, p.last4 AS last4, p.paid_on AS day, \
        p.created_at AS at, p.receipt_number AS reference, p.memo AS memo, \
        CAST(SUM(a.amount_minor) AS bigint) AS amount \
        FROM allocations a JOIN payments p ON p.seller_id = a.seller_id AND p.id = a.payment_id \
        WHERE a.seller_id = ? AND a.invoice_id = ? AND (a.payer_id IS NULL OR ? IN (a.seller_id, a.payer_id)) \
        GROUP BY p.id, p.method, p.brand, p.last4, p.paid_on, p.created_at, p.receipt_number, p.memo \
        HAVING SUM(a.amount_minor) <> 0 \
        UNION ALL \
        SELECT c.id, 'credit_note', NULL, NULL, c.issue_date, c.created_at, c.number, c.reason, \
        CAST(SUM(a.amount_minor) AS bigint) \
        FROM allocations a JOIN credit_notes c ON c.seller_id = a.seller_id AND c.id = a.credit_note_id \
        WHERE a.seller_id = ? AND a.invoice_id = ? AND (a.payer_id IS NULL OR ? IN (a.seller_id, a.payer_id)) \
        GROUP BY c.id, c.issue_date, c.created_at, c.number, c.reason HAVING SUM(a.amount_minor) <> 0 \
        UNION ALL \
        SELECT COALESCE(a.payment_id, a.credit_note_id), 'company', NULL, NULL, NULL, MAX(a.created_at), NULL, a.payer_name, \
        CAST(SUM(a.amount_minor) AS bigint) FROM allocations a \
        WHERE a.seller_id = ? AND a.invoice_id = ? AND ? NOT IN (a.seller_id, a.payer_id) \
        GROUP BY COALESCE(a.payment_id, a.credit_note_id), a.payer_name HAVING SUM(a.amount_minor) <> 0 \
        UNION ALL \
        SELECT t.id, t.state, t.brand, t.last4, NULL, t.created_at, t.gateway_intent, NULL, l.amount_minor \
        FROM attempt_lines l JOIN payment_attempts t ON t.seller_id = l.seller_id AND t.id = l.attempt_id \
        WHERE l.seller_id = ? AND l.invoice_id = ? AND t.state <> 'succeeded' \
        AND (t.account_id = ? OR ? IN (t.seller_id, t.buyer_id)) \
        ORDER BY 6 DESC, 1 DESC";
    let (seller, id, reader) = (invoice.seller_id, invoice.id, scope.tenant().0);
    let mut sql = Sql::new(scope.db().get_database_backend());
    let keys = [
        seller,
        id,
        reader,
        seller,
        id,
        reader,
        seller,
        id,
        reader,
        seller,
        id,
        invoice.account_id,
        reader,
    ];
    sql.fill(TEXT, keys.map(Into::into));
    let rows = run(scope, sql).await?;
    rows.iter()
        .map(|row| settlement(row, &invoice.currency, zone))
        .collect()
}

#[expect(
    clippy::disallowed_methods,
    reason = "one statement for three tables, by the key of a visible invoice"
)]
async fn run<P: SeesInvoices>(scope: &Scope<P>, sql: Sql) -> Result<Vec<QueryResult>, Error> {
    Ok(scope.db().query_all_raw(sql.statement()).await?)
}

fn settlement(row: &QueryResult, currency: &str, zone: Tz) -> Result<Settlement, Error> {
    let id: Uuid = row.try_get_by_index(0)?;
    let code: String = row.try_get_by_index(1)?;
    let brand: Option<String> = row.try_get_by_index(2)?;
    let last4: Option<String> = row.try_get_by_index(3)?;
    let day: Option<NaiveDate> = row.try_get_by_index(4)?;
    let at: DateTime<Utc> = row.try_get_by_index(5)?;
    let memo: Option<String> = row.try_get_by_index(7)?;
    if code == "company" {
        return Ok(Settlement {
            kind: SettlementKind::Company {
                name: memo.unwrap_or_default(),
            },
            date: at.with_timezone(&zone).date_naive(),
            amount: money(row.try_get_by_index(8)?, currency)?,
            reference: None,
            memo: None,
        });
    }
    let kind = if code == "credit_note" {
        SettlementKind::CreditNote {
            credit_note: CreditNoteId(id),
        }
    } else if let Ok(method) = Method::try_from_value(&code) {
        match method {
            Method::Card | Method::BankDebit => SettlementKind::Card {
                payment: PaymentId(id),
                brand: brand.unwrap_or_default(),
                last4: last4.unwrap_or_default(),
            },
            Method::Offline | Method::Opening => SettlementKind::Offline {
                payment: PaymentId(id),
            },
        }
    } else {
        match AttemptState::try_from_value(&code)? {
            AttemptState::Failed => SettlementKind::Failed {
                attempt: AttemptId(id),
            },
            AttemptState::Submitted
            | AttemptState::NeedsAction
            | AttemptState::Unknown
            | AttemptState::Processing
            | AttemptState::Succeeded => SettlementKind::Pending {
                attempt: AttemptId(id),
            },
        }
    };
    let amount: Money = money(row.try_get_by_index(8)?, currency)?;
    Ok(Settlement {
        kind,
        date: day.unwrap_or_else(|| at.with_timezone(&zone).date_naive()),
        amount,
        reference: row.try_get_by_index(6)?,
        memo,
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
        "pay_start" => "Payment by card started",
        "pay_fail" => "Payment by card refused",
        "pay_unknown" => "Payment by card is being confirmed",
        "pay_offline" => "Payment recorded",
        "apply" => "Money applied",
        "unpay" => "Money taken off",
        "credit" => "Credit applied",
        "void" => "Voided",
        "dispute" => "Disputed",
        "credit_dispute" => "Dispute answered with a credit note",
        "refuse_dispute" => "Dispute refused",
        "withdraw_dispute" => "Dispute withdrawn",
        "write_off" => "Written off",
        "recover" => "Write-off taken back",
        "remind" => "Reminded",
        "undo" => "Taken back with its import",
        other => other,
    };
    let mut letters = known.replace('_', " ").chars().collect::<Vec<_>>();
    if let Some(first) = letters.first_mut() {
        *first = first.to_ascii_uppercase();
    }
    letters.into_iter().collect()
}
