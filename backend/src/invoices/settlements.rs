//! What lowered the open amount of an invoice, or tried to: payments, credits and tries, and what of payments went back or
//! came back (I15, V34).
//!
//! The rows add up to what was paid and credited: a payment stands with what was put to the invoice, and what went back of it
//! is a row of its own, below zero.

use crate::{
    Error,
    codes::{Stored, money},
    database::Sql,
    scope::{Scope, SeesInvoices},
};
use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use domain::{
    Money,
    ids::{AttemptId, CreditNoteId, PaymentId},
    invoices::{Settlement, SettlementKind},
};
use entity::{
    allocation,
    codes::{AttemptState, Method, RefundState},
    invoice, refund, refund_line,
};
use sea_orm::{ActiveEnum, ColumnTrait, ConnectionTrait, QueryFilter, QueryResult};
use std::{cmp::Reverse, collections::BTreeMap};
use uuid::Uuid;

/// A settlement and the moment by which it is sorted.
struct Row {
    at: DateTime<Utc>,
    settlement: Settlement,
}

impl Row {
    /// The payment whose money was put to the invoice.
    const fn payment(&self) -> Option<PaymentId> {
        match self.settlement.kind {
            SettlementKind::Card { payment, .. } | SettlementKind::Offline { payment } => Some(payment),
            SettlementKind::CreditNote { .. }
            | SettlementKind::Company { .. }
            | SettlementKind::WentBack { .. }
            | SettlementKind::CameBack { .. }
            | SettlementKind::Pending { .. }
            | SettlementKind::Failed { .. } => None,
        }
    }
}

/// The settlements of an invoice, the newest first. What was put to it and taken off by hand is left out.
///
/// # Errors
/// [`Error::Database`].
pub(super) async fn of<P: SeesInvoices>(
    scope: &Scope<P>,
    invoice: &invoice::Model,
    zone: Tz,
) -> Result<Vec<Settlement>, Error> {
    let mut put = put(scope, invoice, zone).await?;
    let mut rows = Vec::with_capacity(put.len());
    for back in gone(scope, invoice, &put).await? {
        let paid = put.iter_mut().find(|row| row.payment() == Some(back.payment));
        let Some(paid) = paid else { continue };
        rows.extend(back.off(&mut paid.settlement, zone)?);
    }
    // What is written in one transaction bears one moment: what went back stands above what it is of.
    rows.extend(put);
    rows.retain(|row| !row.settlement.amount.is_zero());
    rows.sort_by_key(|row| Reverse(row.at));
    Ok(rows.into_iter().map(|row| row.settlement).collect())
}

/// Money of a payment that went back off an invoice.
struct Gone {
    payment: PaymentId,
    refund: refund::Model,
    went: Money,
    /// What of it is on the invoice again, if it came back.
    came: Money,
}

impl Gone {
    /// Takes it out of the row of its payment, which has all that lies on the invoice now, and gives it rows of its own.
    fn off(self, paid: &mut Settlement, zone: Tz) -> Result<[Row; 2], Error> {
        let Self {
            payment,
            refund,
            went,
            came,
        } = self;
        paid.amount = paid.amount.checked_add(went)?.checked_sub(came)?;
        let why = refund.kind.to_domain();
        let row = |at: DateTime<Utc>, kind, amount, memo| Row {
            at,
            settlement: Settlement {
                kind,
                date: at.with_timezone(&zone).date_naive(),
                amount,
                reference: paid.reference.clone(),
                memo,
            },
        };
        let resolved = refund.resolved_at.unwrap_or(refund.created_at);
        let went_at = if refund.state == RefundState::Returned {
            // When it was decided is when it came back.
            refund.created_at
        } else {
            resolved
        };
        let way = refund.way.to_domain();
        let back = SettlementKind::WentBack { payment, why, way };
        let again = SettlementKind::CameBack { payment, why };
        Ok([
            row(resolved, again, came, None),
            row(went_at, back, went.checked_neg()?, Some(refund.reason)),
        ])
    }
}

/// What went back off an invoice, of the payments whose rows are there.
async fn gone<P: SeesInvoices>(
    scope: &Scope<P>,
    invoice: &invoice::Model,
    put: &[Row],
) -> Result<Vec<Gone>, Error> {
    let payments: Vec<Uuid> = put.iter().filter_map(Row::payment).map(|id| id.0).collect();
    if payments.is_empty() {
        return Ok(Vec::new());
    }
    let lines = scope
        .find::<refund_line::Entity>()
        .filter(refund_line::Column::SellerId.eq(invoice.seller_id))
        .filter(refund_line::Column::InvoiceId.eq(invoice.id))
        .all(scope.db())
        .await?;
    if lines.is_empty() {
        return Ok(Vec::new());
    }
    let amounts: BTreeMap<Uuid, i64> = lines
        .iter()
        .map(|line| (line.refund_id, line.amount_minor))
        .collect();
    let refunds = scope
        .find::<refund::Entity>()
        .filter(refund::Column::SellerId.eq(invoice.seller_id))
        .filter(refund::Column::Id.is_in(amounts.keys().copied()))
        .filter(refund::Column::PaymentId.is_in(payments))
        .filter(refund::Column::State.is_in([RefundState::Succeeded, RefundState::Returned]))
        .all(scope.db())
        .await?;
    let again = again(scope, invoice, &refunds).await?;
    let mut gone = Vec::with_capacity(refunds.len());
    for refund in refunds {
        let Some(payment) = refund.payment_id else {
            continue;
        };
        let went = amounts.get(&refund.id).copied().unwrap_or_default();
        let came = again.get(&refund.id).copied().unwrap_or_default();
        gone.push(Gone {
            payment: PaymentId(payment),
            refund,
            went: money(went, &invoice.currency)?,
            came: money(Ord::min(came, went), &invoice.currency)?,
        });
    }
    Ok(gone)
}

/// How much of each refund that came back was put to the invoice with it, which is done at one moment.
async fn again<P: SeesInvoices>(
    scope: &Scope<P>,
    invoice: &invoice::Model,
    refunds: &[refund::Model],
) -> Result<BTreeMap<Uuid, i64>, Error> {
    let returned = refunds
        .iter()
        .filter(|refund| refund.state == RefundState::Returned);
    let payments: Vec<Uuid> = returned.clone().filter_map(|refund| refund.payment_id).collect();
    if payments.is_empty() {
        return Ok(BTreeMap::new());
    }
    let puts = scope
        .find::<allocation::Entity>()
        .filter(allocation::Column::SellerId.eq(invoice.seller_id))
        .filter(allocation::Column::InvoiceId.eq(invoice.id))
        .filter(allocation::Column::PaymentId.is_in(payments))
        .filter(allocation::Column::AmountMinor.gt(0))
        .all(scope.db())
        .await?;
    let amount = |refund: &refund::Model| {
        let with_it = puts
            .iter()
            .filter(|put| put.payment_id == refund.payment_id && Some(put.created_at) == refund.resolved_at);
        (refund.id, with_it.map(|put| put.amount_minor).sum())
    };
    Ok(returned.map(amount).collect())
}

/// Payments, credits and tries in one statement, the newest first, each with what lies on the invoice now. Of a parent's money
/// and credit others than the seller and itself see no more than its name (V27).
async fn put<P: SeesInvoices>(
    scope: &Scope<P>,
    invoice: &invoice::Model,
    zone: Tz,
) -> Result<Vec<Row>, Error> {
    const TEXT: &str = "\
        SELECT p.id AS id, p.method AS kind, p.brand AS brand, p.last4 AS last4, p.paid_on AS day, \
        p.created_at AS at, p.receipt_number AS reference, p.memo AS memo, \
        CAST(SUM(a.amount_minor) AS bigint) AS amount \
        FROM allocations a JOIN payments p ON p.seller_id = a.seller_id AND p.id = a.payment_id \
        WHERE a.seller_id = ? AND a.invoice_id = ? AND (a.payer_id IS NULL OR ? IN (a.seller_id, a.payer_id)) \
        GROUP BY p.id, p.method, p.brand, p.last4, p.paid_on, p.created_at, p.receipt_number, p.memo \
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
        .map(|row| read(row, &invoice.currency, zone))
        .collect()
}

#[expect(
    clippy::disallowed_methods,
    reason = "one statement for three tables, by the key of a visible invoice"
)]
async fn run<P: SeesInvoices>(scope: &Scope<P>, sql: Sql) -> Result<Vec<QueryResult>, Error> {
    Ok(scope.db().query_all_raw(sql.statement()).await?)
}

fn read(row: &QueryResult, currency: &str, zone: Tz) -> Result<Row, Error> {
    let id: Uuid = row.try_get_by_index(0)?;
    let code: String = row.try_get_by_index(1)?;
    let brand: Option<String> = row.try_get_by_index(2)?;
    let last4: Option<String> = row.try_get_by_index(3)?;
    let day: Option<NaiveDate> = row.try_get_by_index(4)?;
    let at: DateTime<Utc> = row.try_get_by_index(5)?;
    let memo: Option<String> = row.try_get_by_index(7)?;
    let amount: Money = money(row.try_get_by_index(8)?, currency)?;
    let settlement = if code == "company" {
        Settlement {
            kind: SettlementKind::Company {
                name: memo.unwrap_or_default(),
            },
            date: at.with_timezone(&zone).date_naive(),
            amount,
            reference: None,
            memo: None,
        }
    } else {
        Settlement {
            kind: kind(&code, id, brand, last4)?,
            date: day.unwrap_or_else(|| at.with_timezone(&zone).date_naive()),
            amount,
            reference: row.try_get_by_index(6)?,
            memo,
        }
    };
    Ok(Row { at, settlement })
}

/// What a row is by its stored word: a credit note, the way of a payment or the state of a try.
fn kind(code: &str, id: Uuid, brand: Option<String>, last4: Option<String>) -> Result<SettlementKind, Error> {
    if code == "credit_note" {
        return Ok(SettlementKind::CreditNote {
            credit_note: CreditNoteId(id),
        });
    }
    let stored = code.to_owned();
    if let Ok(method) = Method::try_from_value(&stored) {
        let payment = PaymentId(id);
        return Ok(match method {
            Method::Card | Method::BankDebit => SettlementKind::Card {
                payment,
                brand: brand.unwrap_or_default(),
                last4: last4.unwrap_or_default(),
            },
            Method::Offline | Method::Opening => SettlementKind::Offline { payment },
        });
    }
    let attempt = AttemptId(id);
    Ok(match AttemptState::try_from_value(&stored)? {
        AttemptState::Failed => SettlementKind::Failed { attempt },
        AttemptState::Submitted
        | AttemptState::NeedsAction
        | AttemptState::Unknown
        | AttemptState::Processing
        | AttemptState::Succeeded => SettlementKind::Pending { attempt },
    })
}
