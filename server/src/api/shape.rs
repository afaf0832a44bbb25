//! How things look in JSON: names in snake case, amounts as whole minor units beside their currency, days as ISO dates.
//!
//! Each thing is taken apart whole, so that a field which the portal gets does not reach programs, nor stay away from them,
//! by chance.

use domain::{
    credit_notes::CreditNoteRow,
    invoices::{Cost, InvoiceDetail, InvoiceLine, InvoiceRow, Settlement, SettlementKind, TaxGroup, Totals},
    list::{Cursor, Page},
    payments::{Method, PaymentRow, Receipt, ReceiptLine, by_program::RecordedPayment},
    tenants::Party,
};
use serde_json::{Value, json};

/// A part of a list, and where it goes on.
pub(super) fn page<Row>(page: Page<Row>, shape: impl FnMut(Row) -> Value) -> Value {
    let Page {
        rows,
        total: _,
        previous: _,
        next,
    } = page;
    let data: Vec<Value> = rows.into_iter().map(shape).collect();
    let next = next.as_ref().map(Cursor::to_token);
    json!({ "data": data, "has_more": next.is_some(), "next_cursor": next })
}

/// An invoice in a list.
pub(super) fn invoice_row(row: InvoiceRow) -> Value {
    let InvoiceRow {
        id,
        seller,
        account,
        number,
        counterparty,
        company: _,
        external_id,
        order_id,
        source,
        issue_date,
        due_date,
        total,
        open,
        pending,
        disputed,
        status,
    } = row;
    json!({
        "id": id,
        "seller_id": seller,
        "account_id": account,
        "number": number,
        "counterparty": counterparty,
        "external_id": external_id,
        "order_id": order_id,
        "source": source.code(),
        "status": status.code(),
        "issue_date": issue_date,
        "due_date": due_date,
        "currency": total.currency(),
        "total": total.minor(),
        "open": open.minor(),
        "pending": pending.minor(),
        "disputed": disputed.minor(),
    })
}

/// An invoice with all that stands on it.
pub(super) fn invoice(invoice: InvoiceDetail) -> Value {
    let InvoiceDetail {
        row,
        side,
        seller,
        buyer,
        profile: _,
        lines,
        costs,
        totals,
        paid,
        credited,
        written_off,
        was_disputed: _,
        settlements,
        history: _,
        note,
        changed,
        can_pay: _,
        billed_with: _,
        can_void: _,
        can_write_off: _,
    } = invoice;
    let Totals {
        lines: sum_of_lines,
        discount,
        charge,
        net,
        taxes,
        tax,
        rounding,
        total: _,
    } = totals;
    let mut shape = invoice_row(row);
    let more = json!({
        "side": side.code(),
        "seller": party(seller),
        "buyer": party(buyer),
        "lines": lines.into_iter().map(line).collect::<Vec<_>>(),
        "costs": costs.into_iter().map(cost).collect::<Vec<_>>(),
        "sum_of_lines": sum_of_lines.minor(),
        "discount": discount.minor(),
        "charge": charge.minor(),
        "net": net.minor(),
        "taxes": taxes.into_iter().map(tax_group).collect::<Vec<_>>(),
        "tax": tax.minor(),
        "rounding": rounding.minor(),
        "paid": paid.minor(),
        "credited": credited.minor(),
        "written_off": written_off.minor(),
        "settlements": settlements.into_iter().map(settlement).collect::<Vec<_>>(),
        "note": note,
        "revised": changed.is_some(),
    });
    if let (Value::Object(shape), Value::Object(more)) = (&mut shape, more) {
        shape.extend(more);
    }
    shape
}

fn cost(cost: Cost) -> Value {
    let Cost { description, amount } = cost;
    json!({ "description": description, "amount": amount.minor() })
}

fn line(line: InvoiceLine) -> Value {
    let InvoiceLine {
        position,
        item_code,
        description,
        quantity,
        unit_price,
        discount,
        net,
        tax_category,
        tax_rate,
    } = line;
    // Decimals are texts: a number of JSON would pass through a float at most readers.
    json!({
        "position": position,
        "item_code": item_code,
        "description": description,
        "quantity": quantity.to_string(),
        "unit_price": unit_price.to_string(),
        "discount": discount.minor(),
        "net": net.minor(),
        "tax_category": tax_category.code(),
        "tax_rate": tax_rate.to_string(),
    })
}

fn tax_group(group: TaxGroup) -> Value {
    let TaxGroup {
        category,
        rate,
        base,
        tax,
        reason,
    } = group;
    json!({
        "category": category.code(),
        "rate": rate.to_string(),
        "base": base.minor(),
        "tax": tax.minor(),
        "reason": reason,
    })
}

fn settlement(settlement: Settlement) -> Value {
    let Settlement {
        kind,
        date,
        amount,
        reference,
        memo,
    } = settlement;
    let (kind, id) = match kind {
        SettlementKind::Card { payment, .. } => ("card", Some(payment.0)),
        SettlementKind::Offline { payment } => ("offline", Some(payment.0)),
        SettlementKind::CreditNote { credit_note } => ("credit_note", Some(credit_note.0)),
        SettlementKind::Company { .. } => ("company", None),
        SettlementKind::WentBack { payment, why, .. } => (why.code(), Some(payment.0)),
        SettlementKind::CameBack { payment, .. } => ("returned", Some(payment.0)),
        SettlementKind::Pending { attempt } => ("pending", Some(attempt.0)),
        SettlementKind::Failed { attempt } => ("failed", Some(attempt.0)),
    };
    json!({
        "kind": kind,
        "id": id,
        "date": date,
        "amount": amount.minor(),
        "reference": reference,
        "memo": memo,
    })
}

fn party(party: Party) -> Value {
    let Party {
        name,
        street,
        city,
        postal_code,
        country,
        tax_id,
        email,
    } = party;
    json!({
        "name": name,
        "street": street,
        "city": city,
        "postal_code": postal_code,
        "country": country,
        "tax_id": tax_id,
        "email": email,
    })
}

/// A payment in a list.
pub(super) fn payment_row(row: PaymentRow) -> Value {
    let status = row.status();
    let PaymentRow {
        id,
        receipt,
        counterparty,
        company: _,
        method,
        memo,
        paid_on,
        amount,
        unapplied,
        refunded,
        back: _,
        reference: _,
        fee: _,
    } = row;
    let (method, card) = how(method);
    json!({
        "id": id,
        "receipt_number": receipt,
        "counterparty": counterparty,
        "method": method,
        "card": card,
        "memo": memo,
        "paid_on": paid_on,
        "status": status.code(),
        "currency": amount.currency(),
        "amount": amount.minor(),
        "unapplied": unapplied.minor(),
        "refunded": refunded.minor(),
    })
}

/// A payment with what became of it.
pub(super) fn payment(receipt: Receipt) -> Value {
    let Receipt {
        payment,
        number,
        date,
        seller,
        buyer,
        paid_by,
        method,
        reference,
        memo,
        lines,
        amount,
        unapplied,
        mailed_to: _,
        attachment: _,
        fee: _,
    } = receipt;
    let (method, card) = how(method);
    let invoices = lines.into_iter().map(|line| {
        let ReceiptLine {
            invoice,
            number,
            amount,
            open,
        } = line;
        json!({ "id": invoice, "number": number, "amount": amount.minor(), "open": open.map(|open| open.minor()) })
    });
    json!({
        "id": payment,
        "receipt_number": number,
        "paid_on": date,
        "seller": party(seller),
        "buyer": party(buyer),
        "paid_by": paid_by,
        "method": method,
        "card": card,
        "reference": reference,
        "memo": memo,
        "currency": amount.currency(),
        "amount": amount.minor(),
        "unapplied": unapplied.minor(),
        "invoices": invoices.collect::<Vec<_>>(),
    })
}

/// How money came in, and what is known of the card.
fn how(method: Method) -> (&'static str, Value) {
    match method {
        Method::Card { brand, last4 } => ("card", json!({ "brand": brand, "last4": last4 })),
        Method::BankDebit { bank, last4 } => ("bank_debit", json!({ "bank": bank, "last4": last4 })),
        Method::Offline => ("offline", Value::Null),
        Method::Opening => ("opening", Value::Null),
    }
}

/// What was recorded.
pub(super) fn recorded(recorded: RecordedPayment) -> Value {
    let RecordedPayment {
        payment,
        receipt,
        amount,
        unapplied,
        paid_on,
        memo,
        parts,
    } = recorded;
    let invoices = parts
        .into_iter()
        .map(|part| json!({ "id": part.invoice, "amount": part.amount.minor() }));
    json!({
        "id": payment,
        "receipt_number": receipt,
        "method": "offline",
        "memo": memo,
        "paid_on": paid_on,
        "currency": amount.currency(),
        "amount": amount.minor(),
        "unapplied": unapplied.minor(),
        "invoices": invoices.collect::<Vec<_>>(),
    })
}

/// A credit note in a list.
pub(super) fn credit_note_row(row: CreditNoteRow) -> Value {
    let CreditNoteRow {
        id,
        number,
        counterparty,
        company: _,
        reason,
        issue_date,
        void,
        total,
        remaining,
    } = row;
    json!({
        "id": id,
        "number": number,
        "counterparty": counterparty,
        "reason": reason,
        "issue_date": issue_date,
        "void": void,
        "currency": total.currency(),
        "total": total.minor(),
        "remaining": remaining.minor(),
    })
}
