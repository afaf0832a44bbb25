//! The receipt as a mail: text, and the same as HTML for programs that show it.
//!
//! Everything that comes from people is escaped; the HTML loads nothing from anywhere and carries its own style.

use super::{letter::escape, write::Words};
use domain::{
    locale::{Locale, format_amount_with_code, format_date},
    payments::{Method, Receipt, ReceiptLine},
};
use std::fmt::Write;

/// Subject and both parts.
pub(super) fn words(receipt: &Receipt, locale: Locale) -> Words {
    let subject = format!("Receipt {} from {}", receipt.number, receipt.seller.name);
    Words {
        subject,
        text: text(receipt, locale),
        html: html(receipt, locale),
    }
}

/// Heading and value of what stands above the lines.
fn facts(receipt: &Receipt, locale: Locale) -> Vec<(&'static str, String)> {
    let mut facts = vec![
        ("Receipt", receipt.number.clone()),
        ("Date", format_date(receipt.date, locale)),
        ("Paid to", receipt.seller.name.clone()),
        ("Paid for", receipt.buyer.name.clone()),
    ];
    facts.extend(receipt.paid_by.clone().map(|name| ("Paid by", name)));
    let method = match &receipt.method {
        Method::Card { brand, last4 } => Some(("Card", format!("{} ending {last4}", brand_name(brand)))),
        Method::BankDebit { bank, last4 } => Some(("Bank account", format!("{bank} ending {last4}"))),
        Method::Offline | Method::Opening => None,
    };
    facts.extend(method);
    facts.extend(
        receipt
            .reference
            .clone()
            .map(|reference| ("Reference", reference)),
    );
    facts.extend(receipt.memo.clone().map(|memo| ("Note", memo)));
    facts
}

/// The gateway writes brands in lower case.
fn brand_name(brand: &str) -> String {
    match brand {
        "visa" => "Visa".to_owned(),
        "mastercard" => "Mastercard".to_owned(),
        "amex" => "American Express".to_owned(),
        "discover" => "Discover".to_owned(),
        "jcb" => "JCB".to_owned(),
        "diners" => "Diners Club".to_owned(),
        "unionpay" => "UnionPay".to_owned(),
        other => other.to_owned(),
    }
}

fn left(line: &ReceiptLine, locale: Locale) -> String {
    match line.open {
        None => "of a subsidiary".to_owned(),
        Some(open) if open.is_zero() => "paid in full".to_owned(),
        Some(open) => format!("{} left to pay", format_amount_with_code(open, locale)),
    }
}

fn text(receipt: &Receipt, locale: Locale) -> String {
    let amount = |money| format_amount_with_code(money, locale);
    let mut text = format!(
        "Thank you. {} received {}.\n\n",
        receipt.seller.name,
        amount(receipt.amount)
    );
    for (heading, value) in facts(receipt, locale) {
        let _ = writeln!(text, "{heading}: {value}");
    }
    text.push_str("\nInvoices\n");
    for line in &receipt.lines {
        let _ = writeln!(
            text,
            "{}: {}, {}",
            line.number,
            amount(line.amount),
            left(line, locale)
        );
    }
    if receipt.unapplied.is_positive() {
        let _ = writeln!(text, "Kept for the next invoice: {}", amount(receipt.unapplied));
    }
    let _ = writeln!(text, "\nTotal: {}", amount(receipt.amount));
    if let Some(email) = &receipt.seller.email {
        let _ = writeln!(text, "\nQuestions about this payment? Write to {email}.");
    }
    text
}

fn html(receipt: &Receipt, locale: Locale) -> String {
    const CELL: &str = "padding:8px 0;border-top:1px solid #e4e4e7";
    let amount = |money| escape(&format_amount_with_code(money, locale));
    let mut rows = String::new();
    for line in &receipt.lines {
        let _ = write!(
            rows,
            "<tr><td style=\"{CELL}\">{}<br><small style=\"color:#71717a\">{}</small></td>\
             <td style=\"{CELL};text-align:right\">{}</td></tr>",
            escape(&line.number),
            escape(&left(line, locale)),
            amount(line.amount)
        );
    }
    if receipt.unapplied.is_positive() {
        let _ = write!(
            rows,
            "<tr><td style=\"{CELL}\">Kept for the next invoice</td>\
             <td style=\"{CELL};text-align:right\">{}</td></tr>",
            amount(receipt.unapplied)
        );
    }
    let mut facts_rows = String::new();
    for (heading, value) in facts(receipt, locale) {
        let _ = write!(
            facts_rows,
            "<tr><th style=\"text-align:left;font-weight:400;color:#71717a;padding:2px 16px 2px 0\">{}</th>\
             <td>{}</td></tr>",
            escape(heading),
            escape(&value)
        );
    }
    let questions = receipt.seller.email.as_ref().map_or_else(String::new, |email| {
        format!(
            "<p style=\"color:#71717a\">Questions about this payment? Write to {}.</p>",
            escape(email)
        )
    });
    format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Receipt {number}</title></head>\
         <body style=\"margin:0;background:#ffffff;color:#18181b;font:14px/20px sans-serif\">\
         <div style=\"max-width:560px;margin:0 auto;padding:24px\">\
         <h1 style=\"font-size:20px;line-height:28px\">Payment received</h1>\
         <p>Thank you. {seller} received <b>{total}</b>.</p>\
         <table role=\"presentation\">{facts_rows}</table>\
         <table style=\"width:100%;border-collapse:collapse;margin-top:24px\">\
         <thead><tr><th style=\"text-align:left;padding:8px 0\">Invoice</th>\
         <th style=\"text-align:right;padding:8px 0\">Paid</th></tr></thead>\
         <tbody>{rows}</tbody>\
         <tfoot><tr><th style=\"{CELL};text-align:left\">Total</th>\
         <th style=\"{CELL};text-align:right\">{total}</th></tr></tfoot></table>{questions}</div></body></html>",
        number = escape(&receipt.number),
        seller = escape(&receipt.seller.name),
        total = amount(receipt.amount),
    )
}
