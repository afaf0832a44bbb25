//! What a charge does to the account at the gateway: the gateway keeps its fee of what was paid.

use serde_json::{Value, json};

use crate::objects::Charge;
use crate::payment_methods;

/// Of a card: this many thousandths, and so many minor units on top.
const OF_A_CARD: (i64, i64) = (29, 30);
/// Of a debit: this many thousandths, and never more than so many minor units.
const OF_A_DEBIT: (i64, i64) = (8, 500);

/// The balance transaction of a charge; nothing while a bank has not paid it.
pub fn of_charge(charge: &Charge) -> Value {
    if !charge.paid {
        return Value::Null;
    }
    let fee = fee(charge);
    json!({
        "id": charge.id.replacen("ch_", "txn_", 1), "object": "balance_transaction", "type": "charge",
        "source": charge.id, "created": charge.created, "amount": charge.amount, "fee": fee,
        "net": charge.amount - fee, "currency": charge.currency,
    })
}

fn fee(charge: &Charge) -> i64 {
    // Half a unit counts as one, as at Stripe.
    let share = |thousandths: i64| (charge.amount * thousandths + 500) / 1_000;
    match charge.payment_method_details["type"].as_str() {
        Some(payment_methods::US_ACCOUNT | payment_methods::SEPA_DEBIT) => {
            let (thousandths, most) = OF_A_DEBIT;
            share(thousandths).min(most)
        }
        _ => {
            let (thousandths, fixed) = OF_A_CARD;
            (share(thousandths) + fixed).min(charge.amount)
        }
    }
}
