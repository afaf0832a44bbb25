//! The payment form: what it offers, and what a posted one is refused for.

use super::*;

#[tokio::test]
async fn what_cannot_be_paid_is_refused_by_line() {
    let world = World::new().await;
    let daisy = world.daisy();
    let scope = daisy.scope();
    let invoice = daisy.invoice("100.00").number("A-1").await;
    let number = || "A-1".to_owned();
    let field = "lines[0][amount]";
    let good = filled(&scope, &[invoice], new_card("pm_ok")).await;
    let with = |seen: Money, amount: Money| SubmitPayment {
        lines: vec![SubmitLine {
            invoice,
            seen,
            amount,
        }],
        ..good.clone()
    };
    let moved = Refusal::OpenAmountMoved {
        number: number(),
        seen: usd(9_000),
        now: usd(10_000),
    };
    assert_refused(
        write::submit(&scope, &with(usd(9_000), usd(9_000))).await,
        field,
        &moved,
    );
    let more = Refusal::MoreThanOpen {
        number: number(),
        open: usd(10_000),
    };
    assert_refused(
        write::submit(&scope, &with(usd(10_000), usd(10_001))).await,
        field,
        &more,
    );
    let nothing = Refusal::NotPositive { number: number() };
    assert_refused(
        write::submit(&scope, &with(usd(10_000), usd(0))).await,
        field,
        &nothing,
    );
    let empty = SubmitPayment {
        lines: Vec::new(),
        ..good.clone()
    };
    assert_refused(write::submit(&scope, &empty).await, "", &Refusal::NothingChosen);

    // Somebody else's invoice does not exist.
    let foreign = world.party("Elm").invoice("5.00").await;
    let line = SubmitLine {
        invoice: foreign,
        seen: usd(500),
        amount: usd(500),
    };
    let form = SubmitPayment {
        lines: vec![line],
        ..good.clone()
    };
    assert!(matches!(write::submit(&scope, &form).await, Err(Error::NotFound)));
    assert!(matches!(
        read::form(&scope, &choose(&[foreign])).await,
        Err(Error::NotFound)
    ));
    // Nothing of this took the form's key.
    assert!(matches!(
        read::result(&scope, good.key).await,
        Err(Error::NotFound)
    ));
    write::submit(&scope, &good).await.unwrap();
    assert!(matches!(
        read::result(&world.party("Elm").scope(), good.key).await,
        Err(Error::NotFound)
    ));
    let paid = Refusal::NotPayable {
        number: number(),
        why: NotPayable::Paid,
    };
    let again = SubmitPayment {
        key: FormKey(crate::new_id()),
        ..good
    };
    assert_refused(write::submit(&scope, &again).await, field, &paid);
    assert_sound(&world).await;
}

#[tokio::test]
async fn the_form_offers_what_can_be_paid_oldest_due_first() {
    let world = World::new().await;
    let daisy = world.daisy();
    let scope = daisy.scope();
    let late = daisy.invoice("30.00").due(20).number("L").await;
    let early = daisy.invoice("10.00").due(5).number("E").await;
    let paid = daisy.invoice("10.00").number("P").paid("10.00").await;
    let form = read::form(&scope, &PaymentChoice::default()).await.unwrap();
    let lines = &form.groups[0].lines;
    assert_eq!(
        lines.iter().map(|line| line.invoice).collect::<Vec<_>>(),
        [early, late]
    );
    assert_eq!(form.groups[0].total, usd(0));

    let draft = write::keep_choice(&scope, &[paid, late]).await.unwrap();
    let kept = PaymentChoice {
        draft: Some(draft),
        ..PaymentChoice::default()
    };
    let form = read::form(&scope, &kept).await.unwrap();
    assert_eq!(form.groups[0].total, usd(3_000));
    let why = Refusal::NotPayable {
        number: "P".to_owned(),
        why: NotPayable::Paid,
    };
    assert_eq!(form.left_out, [("P".to_owned(), why)]);
    assert!(matches!(
        read::form(&world.party("Elm").scope(), &kept).await,
        Err(Error::NotFound)
    ));

    let spread = |text: &str| PaymentChoice {
        spread: Some(text.to_owned()),
        ..PaymentChoice::default()
    };
    let form = read::form(&scope, &spread("15")).await.unwrap();
    let amounts: Vec<_> = form.groups[0].lines.iter().map(|line| line.amount).collect();
    assert_eq!(amounts, [usd(1_000), usd(500)]);
    let too_much = Refusal::MoreThanAvailable {
        available: usd(4_000),
    };
    assert_refused(read::form(&scope, &spread("41")).await, "spread", &too_much);

    daisy.invoice("900").currency(Currency::JPY).await;
    assert_refused(
        read::form(&scope, &spread("15")).await,
        "spread",
        &Refusal::NeedsCurrency,
    );
    let form = read::form(&scope, &spread("100 JPY")).await.unwrap();
    let yen = form
        .groups
        .iter()
        .find(|group| group.currency == Currency::JPY)
        .unwrap();
    assert_eq!(yen.total, Money::new(100, Currency::JPY));
}
