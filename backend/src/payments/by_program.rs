//! Recording a payment for a program (P12): the page's command, under a key that the program chose.

use super::{offline, reserve::lock_invoices};
use crate::{
    Error,
    codes::money,
    new_id,
    once::{self, Once},
    scope::Scope,
    transact::transact,
};
use domain::{
    Refusal,
    access::RecordPayments,
    ids::{InvoiceId, PaymentId},
    payments::by_program::{ProgramPayment, RecordedPayment},
};

/// Records a payment once under a key of the program's, for as long as the key is remembered. What is refused leaves the key
/// as it was.
///
/// # Errors
/// As [`offline::record`]; [`Error::SignIn`] when it is no program.
pub async fn record(
    scope: &Scope<RecordPayments>,
    key: &str,
    wanted: &ProgramPayment,
) -> Result<Once<RecordedPayment>, Error> {
    let (program, giver) = scope.actor().api_key().ok_or(Error::SignIn)?;
    let name = format!("api:{program}:{key}");
    let id = PaymentId(new_id());
    transact!(scope, tx => {
        if let Some(known) = once::answered(tx, giver, &name, wanted).await? {
            return Ok(known);
        }
        let chosen: Vec<InvoiceId> = wanted.parts.iter().map(|part| part.invoice).collect();
        let (_, current) = lock_invoices(tx, &chosen).await?;
        let first = current.iter().find(|now| chosen.first() == Some(&now.invoice));
        let account = first.ok_or(Refusal::NothingChosen)?.account;
        let row = offline::write(tx, &wanted.as_seen(id, account, &current)).await?;
        let ProgramPayment { amount, paid_on, memo, parts } = wanted.clone();
        let recorded = RecordedPayment {
            payment: id,
            receipt: row.receipt_number,
            amount,
            unapplied: money(row.unapplied_minor, &row.currency)?,
            paid_on,
            memo,
            parts,
        };
        once::keep_answer(tx, giver, &name, &recorded).await?;
        Ok(Once::Now(recorded))
    })
}
