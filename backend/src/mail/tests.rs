//! The outbox: what is written with a payment goes out once, or is told to have failed.

use super::{deliver_due, read, write};
use crate::{Error, jobs, payments, ports::fakes::MailFault, testing::World};
use domain::{
    Refusal,
    access::{PayInvoices, SendMail, ViewIssuedInvoices, ViewReceivedMail, ViewSentMail},
    list::{Position, Total},
    mail::MailState,
    payments::{CardChoice, PaymentChoice, PaymentQuery, SubmitLine, SubmitPayment},
};

/// Daisy pays an invoice and wants the receipt.
async fn pay_with_receipt(world: &World, amount: &str) {
    let scope = world.daisy().scope::<PayInvoices>();
    let invoice = world.daisy().invoice(amount).await;
    let choice = PaymentChoice {
        invoices: vec![invoice],
        ..PaymentChoice::default()
    };
    let form = payments::read::form(&scope, &choice).await.unwrap();
    let line = &form.groups[0].lines[0];
    let form = SubmitPayment {
        key: form.key,
        lines: vec![SubmitLine {
            invoice,
            seen: line.payable,
            amount: line.amount,
        }],
        card: CardChoice::Token("pm_ok".to_owned()),
        save_card: true,
        make_default: false,
        email_receipt: true,
        uses: Vec::new(),
    };
    payments::write::submit(&scope, &form).await.unwrap();
}

#[tokio::test]
async fn a_receipt_goes_to_the_payer_once() {
    let world = World::new().await;
    pay_with_receipt(&world, "1,234.50").await;
    assert!(world.mailer.sent().is_empty());
    assert_eq!(deliver_due(&world.backend).await.unwrap(), 1);
    assert_eq!(deliver_due(&world.backend).await.unwrap(), 0);
    let sent = world.mailer.sent();
    assert_eq!(sent.len(), 1);
    assert_eq!(sent[0].to, "admin@daisy.example");
    assert_eq!(
        (sent[0].from_name.as_str(), sent[0].reply_to.as_deref()),
        ("Acme", Some("billing@acme.example"))
    );
    assert!(sent[0].text.contains("1,234.50 USD") && sent[0].text.contains("Visa ending 4242"));
    assert!(sent[0].text.contains("paid in full"));

    let page = read::list(&world.acme().scope::<ViewSentMail>(), &Position::First)
        .await
        .unwrap();
    assert_eq!(
        (page.rows.len(), page.total, page.rows[0].state),
        (1, Total::Exactly(1), MailState::Sent)
    );
    let id = page.rows[0].id;
    let theirs = read::find(&world.daisy().scope::<ViewReceivedMail>(), id)
        .await
        .unwrap();
    assert_eq!(theirs.text, sent[0].text);
    assert!(matches!(
        read::find(&world.borealis().scope::<ViewSentMail>(), id).await,
        Err(Error::NotFound)
    ));
    assert!(matches!(
        read::find(&world.party("Elm").scope::<ViewReceivedMail>(), id).await,
        Err(Error::NotFound)
    ));
}

#[tokio::test]
async fn a_mail_that_is_not_taken_now_is_tried_again_with_the_same_id() {
    let world = World::new().await;
    world.mailer.script(MailFault::Temporary);
    pay_with_receipt(&world, "1.00").await;
    deliver_due(&world.backend).await.unwrap();
    assert!(world.mailer.sent().is_empty());
    let scope = world.acme().scope::<ViewSentMail>();
    let page = read::list(&scope, &Position::First).await.unwrap();
    assert_eq!(page.rows[0].state, MailState::Queued);
    // Not before its time.
    assert_eq!(deliver_due(&world.backend).await.unwrap(), 0);
    world.seconds_pass(60);
    assert_eq!(deliver_due(&world.backend).await.unwrap(), 1);
    assert_eq!(world.mailer.sent().len(), 1);
    assert!(world.mailer.sent()[0].message_id.starts_with("receipt."));
}

#[tokio::test]
async fn a_mail_that_is_refused_for_good_is_told_to_have_failed() {
    let world = World::new().await;
    world.mailer.script(MailFault::Permanent);
    pay_with_receipt(&world, "1.00").await;
    deliver_due(&world.backend).await.unwrap();
    let page = read::list(&world.acme().scope::<ViewSentMail>(), &Position::First)
        .await
        .unwrap();
    assert_eq!(page.rows[0].state, MailState::Failed);
    assert_eq!(jobs::waiting(&world.backend).await.unwrap().jobs, 0);
}

#[tokio::test]
async fn a_mail_that_is_never_taken_is_given_up() {
    let world = World::new().await;
    pay_with_receipt(&world, "1.00").await;
    for _ in 0..12 {
        world.mailer.script(MailFault::Temporary);
        deliver_due(&world.backend).await.unwrap();
        world.seconds_pass(60 * 60 * 8);
    }
    assert_eq!(deliver_due(&world.backend).await.unwrap(), 0);
    let page = read::list(&world.acme().scope::<ViewSentMail>(), &Position::First)
        .await
        .unwrap();
    assert_eq!(page.rows[0].state, MailState::Failed);
}

#[tokio::test]
async fn pages_of_mails_meet_without_gap_or_twin() {
    let world = World::new().await;
    for _ in 0..5 {
        pay_with_receipt(&world, "1.00").await;
        world.seconds_pass(1);
    }
    let scope = world.acme().scope::<ViewSentMail>();
    let all = read::list(&scope, &Position::First).await.unwrap();
    assert!(all.rows.is_sorted_by(|a, b| a.created_at >= b.created_at));
    let cursor = domain::list::Cursor::new(
        &all.rows[1]
            .created_at
            .to_rfc3339_opts(chrono::SecondsFormat::Micros, true),
        all.rows[1].id.0,
    );
    let after = read::list(&scope, &Position::After(cursor.clone()))
        .await
        .unwrap();
    let before = read::list(&scope, &Position::Before(cursor)).await.unwrap();
    assert_eq!(after.rows, all.rows[2..]);
    assert_eq!(before.rows, all.rows[..1]);
    assert!(after.previous.is_some() && after.next.is_none() && before.previous.is_none());
}

#[test]
fn what_people_write_is_escaped_in_the_html_part() {
    use domain::{
        Currency, Money,
        ids::{InvoiceId, PaymentId, Uuid},
        locale::Locale,
        payments::{Method, Receipt, ReceiptLine},
        tenants::Party,
    };
    let money = |minor| Money::new(minor, Currency::EUR);
    let party = |name: &str| Party {
        name: name.to_owned(),
        ..Party::default()
    };
    let receipt = Receipt {
        payment: PaymentId(Uuid::nil()),
        number: "REC-1".to_owned(),
        date: "2026-03-15".parse().unwrap(),
        seller: party("<b>Acme</b> & Sons"),
        buyer: party("\"Daisy\""),
        paid_by: Some("O'Hara".to_owned()),
        method: Method::Card {
            brand: "visa".to_owned(),
            last4: "4242".to_owned(),
        },
        reference: Some("pi_1".to_owned()),
        memo: None,
        lines: vec![ReceiptLine {
            invoice: InvoiceId(Uuid::nil()),
            number: "<script>".to_owned(),
            amount: money(1_000),
            open: Some(money(500)),
        }],
        amount: money(1_500),
        unapplied: money(500),
        mailed_to: None,
        attachment: None,
        fee: None,
    };
    let words = super::receipt::words(&receipt, Locale::DeDe);
    assert!(!words.html.contains("<script>") && !words.html.contains("<b>Acme"));
    assert!(words.html.contains("&lt;b&gt;Acme&lt;/b&gt; &amp; Sons"));
    assert!(words.text.contains("15,00 EUR") && words.text.contains("5,00 EUR left to pay"));
    insta::assert_snapshot!(words.text, @r#"
    Thank you. <b>Acme</b> & Sons received 15,00 EUR.

    Receipt: REC-1
    Date: 15. März 2026
    Paid to: <b>Acme</b> & Sons
    Paid for: "Daisy"
    Paid by: O'Hara
    Card: Visa ending 4242
    Reference: pi_1

    Invoices
    <script>: 10,00 EUR, 5,00 EUR left to pay
    Kept for the next invoice: 5,00 EUR

    Total: 15,00 EUR
    "#);
}

#[tokio::test]
async fn a_receipt_is_sent_again_by_both_sides_and_not_without_end() {
    let world = World::new().await;
    pay_with_receipt(&world, "12.00").await;
    deliver_due(&world.backend).await.unwrap();
    let received = world.acme().scope::<ViewIssuedInvoices>();
    let payment = payments::list::list(&received, &PaymentQuery::default())
        .await
        .unwrap()
        .rows[0]
        .id;
    let seller = world.acme().scope::<SendMail>();
    let wrong = payments::resend::send(&seller, payment, "nobody")
        .await
        .unwrap_err();
    let Error::Invalid(errors) = wrong else {
        panic!("{wrong}")
    };
    assert!(errors.get("to").is_some());
    payments::resend::send(&seller, payment, "books@daisy.example")
        .await
        .unwrap();
    let buyer = world.daisy().scope::<PayInvoices>();
    payments::resend::send(&buyer, payment, "boss@daisy.example")
        .await
        .unwrap();
    deliver_due(&world.backend).await.unwrap();
    let sent = world.mailer.sent();
    let to: Vec<&str> = sent.iter().map(|mail| mail.to.as_str()).collect();
    assert_eq!(
        to,
        ["admin@daisy.example", "books@daisy.example", "boss@daisy.example"]
    );
    assert_eq!(sent[0].text, sent[1].text);
    // The buyer reads all three, whoever sent them.
    let theirs = world.daisy().scope::<ViewReceivedMail>();
    assert_eq!(read::list(&theirs, &Position::First).await.unwrap().rows.len(), 3);
    assert!(matches!(
        payments::resend::send(&world.borealis().scope::<SendMail>(), payment, "a@b.example").await,
        Err(Error::NotFound)
    ));
    for _ in 3..10 {
        payments::resend::send(&seller, payment, "books@daisy.example")
            .await
            .unwrap();
    }
    assert!(matches!(
        payments::resend::send(&seller, payment, "books@daisy.example").await,
        Err(Error::Refused(Refusal::SentOften))
    ));
    world.days_pass(2);
    payments::resend::send(&seller, payment, "books@daisy.example")
        .await
        .unwrap();
}

#[tokio::test]
async fn a_refused_mail_is_sent_again_as_a_new_one() {
    let world = World::new().await;
    world.mailer.script(MailFault::Permanent);
    pay_with_receipt(&world, "1.00").await;
    deliver_due(&world.backend).await.unwrap();
    let scope = world.acme().scope::<ViewSentMail>();
    let refused = read::list(&scope, &Position::First).await.unwrap().rows.remove(0);
    assert_eq!(refused.state, MailState::Failed);
    let again = write::send_again(&world.acme().scope::<SendMail>(), refused.id)
        .await
        .unwrap();
    deliver_due(&world.backend).await.unwrap();
    assert_eq!(
        read::find(&scope, again).await.unwrap().row.state,
        MailState::Sent
    );
    assert_eq!(
        read::find(&scope, refused.id).await.unwrap().row.state,
        MailState::Failed
    );
    assert_eq!(world.mailer.sent().len(), 1);
    let other = world.borealis().scope::<SendMail>();
    assert!(matches!(
        write::send_again(&other, refused.id).await,
        Err(Error::NotFound)
    ));
}
