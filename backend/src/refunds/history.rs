//! What the histories of a payment and of its invoices say of money that went back or came back.

use crate::scope::{Act, Tx};
use domain::{
    Money,
    ids::{InvoiceId, TenantId},
};
use entity::{payment, refund};
use serde_json::json;

/// What came back is called, in the history of both.
const RETURN: &str = "return";

/// Money of a payment went back.
pub(super) fn went(tx: &mut Tx, refund: &refund::Model, payment: &payment::Model) {
    let action = refund.kind.code();
    tx.audit(of_payment(action, refund, payment).because(&refund.reason));
}

/// So much of it came off these invoices.
pub(super) fn came_off(
    tx: &mut Tx,
    refund: &refund::Model,
    payment: &payment::Model,
    lost: &[(InvoiceId, Money)],
) {
    for line in lost {
        let act = of_invoice(refund.kind.code(), refund, payment, *line);
        tx.audit(act.because(&refund.reason));
    }
}

/// Money of a payment that was gone came back.
pub(super) fn returned(tx: &mut Tx, refund: &refund::Model, payment: &payment::Model) {
    tx.audit(of_payment(RETURN, refund, payment));
}

/// So much of it is on these invoices again.
pub(super) fn is_back_on(
    tx: &mut Tx,
    refund: &refund::Model,
    payment: &payment::Model,
    again: &[(InvoiceId, Money)],
) {
    for line in again {
        tx.audit(of_invoice(RETURN, refund, payment, *line));
    }
}

fn of_payment(action: &'static str, refund: &refund::Model, payment: &payment::Model) -> Act {
    let facts = json!({
        "refund": refund.id, "amount_minor": refund.amount_minor, "currency": refund.currency,
    });
    Act::new(TenantId(payment.seller_id), action, "payment", payment.id).after(facts)
}

fn of_invoice(
    action: &'static str,
    refund: &refund::Model,
    payment: &payment::Model,
    (invoice, amount): (InvoiceId, Money),
) -> Act {
    let facts = json!({ "refund": refund.id, "payment": payment.receipt_number, "amount": amount });
    Act::new(TenantId(payment.seller_id), action, "invoice", invoice.0).after(facts)
}
