//! Disputing: a part waits for its answer, the rest stays payable, and each end leaves the invoice as it should be.

mod list;
mod reopen;
mod rules;

use super::{
    read,
    write::{open, refuse, withdraw},
};
use crate::{
    Error, Scope, check, credit_notes,
    invoices::{self, write_off},
    payments,
    testing::World,
};
use domain::{
    Currency, FieldErrors, Money, Refusal,
    access::{
        AnswerDisputes, BuyerRole, DisputeInvoices, IssueCreditNotes, PayInvoices, Roles, Side, ViewBooks,
        ViewIssuedInvoices, ViewReceivedInvoices,
    },
    credit_notes::{CreditReason, HowMuch, IssueCredit},
    disputes::{DisputeState, Disputes, OpenDispute},
    ids::{DisputeId, InvoiceId},
    invoices::InvoiceQuery,
    payments::{CardChoice, PaymentChoice, SubmitLine, SubmitPayment},
    refusal::Locked,
};
use entity::mail;
use sea_orm::EntityTrait;

fn usd(minor: i64) -> Money {
    Money::new(minor, Currency::USD)
}

fn buyer(world: &World) -> Scope<DisputeInvoices> {
    world.acme().scope()
}

fn seller(world: &World) -> Scope<AnswerDisputes> {
    world.distributor().scope()
}

async fn seen(world: &World, id: InvoiceId) -> Disputes {
    let scope: Scope<ViewReceivedInvoices> = world.acme().scope();
    read::of_invoice(&scope, id, None).await.unwrap()
}

async fn wanted(world: &World, id: InvoiceId, amount: i64) -> OpenDispute {
    OpenDispute {
        key: seen(world, id).await.key,
        invoice: id,
        reason: "It never came".to_owned(),
        parts: vec![(1, usd(amount))],
    }
}

async fn disputed(world: &World, id: InvoiceId, amount: i64) -> DisputeId {
    open(&buyer(world), &wanted(world, id, amount).await)
        .await
        .unwrap()
}

/// What the payment page can take of an invoice and what it offers.
async fn offered(world: &World, id: InvoiceId) -> (i64, i64) {
    let scope: Scope<PayInvoices> = world.acme().scope();
    let choice = PaymentChoice {
        invoices: vec![id],
        ..PaymentChoice::default()
    };
    let form = payments::read::form(&scope, &choice).await.unwrap();
    let line = &form.groups[0].lines[0];
    (line.payable.minor(), line.amount.minor())
}

#[expect(clippy::disallowed_methods, reason = "the test looks behind the scopes")]
async fn mails(world: &World) -> Vec<(String, String)> {
    let rows = mail::Entity::find()
        .all(world.backend.system().db())
        .await
        .unwrap();
    let mut all: Vec<_> = rows
        .into_iter()
        .filter(|row| row.kind == "dispute")
        .map(|row| (row.recipient, row.subject))
        .collect();
    all.sort();
    all
}

async fn sound(world: &World) {
    assert_eq!(check::run(&world.backend).await.unwrap(), Vec::new());
}

#[tokio::test]
async fn a_disputed_part_is_not_offered_and_the_rest_is() {
    let world = World::new().await;
    let id = world.acme().invoice("100.00").tax(19).await;
    let form = wanted(&world, id, 4_000).await;
    let dispute = open(&buyer(&world), &form).await.unwrap();
    // Posted again it is the same one.
    assert_eq!(open(&buyer(&world), &form).await.unwrap(), dispute);
    let now = seen(&world, id).await;
    assert_eq!(
        (now.all.len(), now.open, now.disputed),
        (1, usd(11_900), usd(4_000))
    );
    assert_eq!((now.lines[0].gross, now.lines[0].left), (usd(11_900), usd(7_900)));
    assert_eq!(offered(&world, id).await, (11_900, 7_900));
    assert_eq!(mails(&world).await.len(), 1);
    sound(&world).await;
    let theirs: Scope<ViewIssuedInvoices> = world.distributor().scope();
    let theirs = read::of_invoice(&theirs, id, None).await.unwrap();
    assert_eq!((theirs.side, theirs.all), (Side::Seller, now.all));
}

#[tokio::test]
async fn on_a_day_before_it_stands_as_it_stood_then() {
    let world = World::new().await;
    let id = world.acme().invoice("100.00").await;
    let before = world.today();
    world.days_pass(2);
    let dispute = disputed(&world, id, 4_000).await;
    let opened = world.today();
    world.days_pass(2);
    let scope = world.acme().scope();
    withdraw(&scope, dispute).await.unwrap();

    let scope: Scope<ViewReceivedInvoices> = world.acme().scope();
    let on = async |day| read::of_invoice(&scope, id, Some(day)).await.unwrap();
    let stood = |then: &Disputes| {
        let states: Vec<_> = then
            .all
            .iter()
            .map(|one| (one.state, one.end.is_some()))
            .collect();
        (states, then.open, then.disputed)
    };
    assert_eq!(stood(&on(before).await), (vec![], usd(10_000), usd(0)));
    let waits = vec![(DisputeState::Open, false)];
    assert_eq!(stood(&on(opened).await), (waits, usd(10_000), usd(4_000)));
    let ended = vec![(DisputeState::Withdrawn, true)];
    assert_eq!(stood(&on(world.today()).await), (ended, usd(10_000), usd(0)));
}

#[tokio::test]
async fn who_pays_the_disputed_part_too_closes_nothing() {
    let world = World::new().await;
    let id = world.acme().invoice("100.00").await;
    disputed(&world, id, 4_000).await;
    let scope: Scope<PayInvoices> = world.acme().scope();
    let choice = PaymentChoice {
        invoices: vec![id],
        ..PaymentChoice::default()
    };
    let form = payments::read::form(&scope, &choice).await.unwrap();
    let submit = SubmitPayment {
        key: form.key,
        lines: vec![SubmitLine {
            invoice: id,
            seen: usd(10_000),
            amount: usd(10_000),
        }],
        card: CardChoice::Token("pm_ok".to_owned()),
        save_card: false,
        make_default: false,
        email_receipt: false,
        uses: Vec::new(),
    };
    payments::write::submit(&scope, &submit).await.unwrap();
    let now = seen(&world, id).await;
    assert_eq!((now.open, now.all[0].state), (usd(0), DisputeState::Open));
    sound(&world).await;
    withdraw(&buyer(&world), now.all[0].id).await.unwrap();
    assert_eq!(seen(&world, id).await.disputed, usd(0));
    sound(&world).await;
}

#[tokio::test]
async fn a_refusal_makes_it_owed_like_the_rest() {
    let world = World::new().await;
    let id = world.acme().invoice("100.00").await;
    let dispute = disputed(&world, id, 4_000).await;
    let no_words = refuse(&seller(&world), dispute, " ").await;
    assert!(matches!(no_words, Err(Error::Invalid(_))));
    refuse(&seller(&world), dispute, "It was delivered")
        .await
        .unwrap();
    let now = seen(&world, id).await;
    assert_eq!((now.disputed, now.all[0].state), (usd(0), DisputeState::Refused));
    let end = now.all[0].end.clone().unwrap();
    assert_eq!(end.words, "It was delivered");
    assert_eq!(offered(&world, id).await, (10_000, 10_000));
    let told = mails(&world).await;
    assert!(told.iter().any(|(to, _)| to == "admin@acme.example"), "{told:?}");
    // It has ended once.
    let state = DisputeState::Refused;
    for again in [
        refuse(&seller(&world), dispute, "No").await,
        withdraw(&buyer(&world), dispute).await,
    ] {
        assert!(
            matches!(&again, Err(Error::Refused(Refusal::DisputeEnded { state: is })) if *is == state),
            "{again:?}"
        );
    }
    sound(&world).await;
}

#[tokio::test]
async fn a_credit_note_that_answers_ends_it_in_the_same_transaction() {
    let world = World::new().await;
    let id = world.acme().invoice("100.00").tax(19).await;
    let dispute = disputed(&world, id, 5_950).await;
    let scope: Scope<IssueCreditNotes> = world.distributor().scope();
    let form = credit_notes::read::answer_form(&scope, id, dispute)
        .await
        .unwrap();
    // Half of the line with its tax is half of its net.
    assert_eq!(form.lines[0].asked, Some(usd(5_000)));
    let credit = IssueCredit {
        key: form.key,
        invoice: id,
        seen: form.left,
        reason: CreditReason::Correction,
        note: "Sorry".to_owned(),
        how_much: HowMuch::Parts,
        parts: vec![(1, usd(5_000))],
        pay_back: None,
    };
    let note = credit_notes::write::answer(&scope, &credit, dispute)
        .await
        .unwrap();
    let now = seen(&world, id).await;
    assert_eq!((now.open, now.disputed), (usd(5_950), usd(0)));
    assert_eq!(now.all[0].state, DisputeState::Credited);
    let end = now.all[0].end.clone().unwrap();
    assert_eq!(end.credit_note.map(|(id, _)| id), Some(note));
    sound(&world).await;
    // Another credit note cannot answer it again, and none is issued.
    let form = credit_notes::read::form(&scope, id).await.unwrap();
    let again = IssueCredit {
        key: form.key,
        seen: form.left,
        parts: vec![(1, usd(100))],
        ..credit
    };
    let refused = credit_notes::write::answer(&scope, &again, dispute).await;
    assert!(matches!(
        refused,
        Err(Error::Refused(Refusal::DisputeEnded { .. }))
    ));
    assert_eq!(seen(&world, id).await.open, usd(5_950));
}

#[tokio::test]
async fn no_more_than_the_line_has_and_than_is_open() {
    let world = World::new().await;
    let id = world.acme().invoice("100.00").paid("70.00").await;
    let left = |error| match error {
        Err(Error::Invalid(FieldErrors(errors))) => errors.into_iter().next().unwrap(),
        other => panic!("{other:?}"),
    };
    let much = wanted(&world, id, 10_001).await;
    let (field, why) = left(open(&buyer(&world), &much).await);
    assert_eq!(field, "lines[0][amount]");
    assert_eq!(why, Refusal::MoreThanDisputable { left: usd(10_000) });
    let more = wanted(&world, id, 3_001).await;
    let (field, why) = left(open(&buyer(&world), &more).await);
    assert_eq!(
        (field.as_str(), why),
        ("", Refusal::MoreThanDisputable { left: usd(3_000) })
    );
    disputed(&world, id, 3_000).await;
    let refused = open(&buyer(&world), &wanted(&world, id, 1).await).await;
    assert!(matches!(
        refused,
        Err(Error::Refused(Refusal::AllDisputed { .. }))
    ));
}

#[tokio::test]
async fn who_disputes_is_who_received_it_and_may_pay() {
    let world = World::new().await;
    let id = world.acme().invoice("100.00").await;
    let dispute = disputed(&world, id, 1_000).await;
    let stranger: Scope<DisputeInvoices> = world.borealis().scope();
    let form = OpenDispute {
        key: domain::ids::FormKey(crate::new_id()),
        ..wanted(&world, id, 1_000).await
    };
    assert!(matches!(open(&stranger, &form).await, Err(Error::NotFound)));
    assert!(matches!(withdraw(&stranger, dispute).await, Err(Error::NotFound)));
    let other: Scope<AnswerDisputes> = world.acme().scope();
    assert!(matches!(
        refuse(&other, dispute, "No").await,
        Err(Error::NotFound)
    ));
    let viewer = world.acme().actor(Roles {
        seller: None,
        buyer: Some(BuyerRole::Viewer),
    });
    assert!(viewer.permit::<DisputeInvoices>().is_err());
}

#[tokio::test]
async fn what_waits_for_an_answer_is_neither_changed_nor_given_up() {
    let world = World::new().await;
    let id = world.acme().invoice("100.00").await;
    disputed(&world, id, 1_000).await;
    let outcomes = [
        invoices::void::void(&world.distributor().scope(), id, "x").await,
        write_off::write_off(&world.distributor().scope(), id, "x").await,
    ];
    for outcome in outcomes {
        assert!(
            matches!(
                &outcome,
                Err(Error::Refused(Refusal::Locked {
                    why: Locked::HasDisputes,
                    ..
                }))
            ),
            "{outcome:?}"
        );
    }
}

#[tokio::test]
async fn lists_find_what_is_disputed_and_ages_leave_it_apart() {
    let world = World::new().await;
    let late = world.acme().invoice("100.00").issued_ago(90).due(-60).await;
    let other = world.acme().invoice("50.00").await;
    disputed(&world, late, 4_000).await;
    let scope: Scope<ViewIssuedInvoices> = world.distributor().scope();
    let mut query = InvoiceQuery::new(Side::Seller);
    let all = invoices::read::list(&scope, &query).await.unwrap().rows;
    assert_eq!(all.len(), 2);
    query.filter.disputed = true;
    for sort in domain::invoices::SortKey::ALL {
        query.sort = *sort;
        let found = invoices::read::list(&scope, &query).await.unwrap().rows;
        let found: Vec<_> = found.iter().map(|row| (row.id, row.disputed)).collect();
        assert_eq!(found, [(late, usd(4_000))], "{sort:?}");
    }
    let received: Scope<ViewReceivedInvoices> = world.acme().scope();
    let chosen = invoices::read::select(&received, &[late, other]).await.unwrap();
    assert_eq!(chosen[0].payable, usd(6_000));
    let books = world.distributor().scope::<ViewBooks>();
    let on = async |day| {
        let books = crate::ledger::read::books(&books, Some(day)).await.unwrap();
        let customer = &books.customers[0];
        (
            customer
                .owed
                .ages
                .iter()
                .map(|age| age.minor())
                .collect::<Vec<_>>(),
            customer.owed.disputed.minor(),
        )
    };
    let sum = |ages: &[i64]| ages.iter().sum::<i64>();
    let (now, apart) = on(world.today()).await;
    assert_eq!((sum(&now), apart), (11_000, 4_000));
    // Yesterday nobody had said anything.
    let (before, apart) = on(world.today().pred_opt().unwrap()).await;
    assert_eq!((sum(&before), apart), (10_000, 0));
}
