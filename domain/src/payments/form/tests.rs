//! A posted form is read as it was typed, and what is wrong is said at its field.

use super::*;
use crate::{
    ids::{CardId, FormKey, Uuid},
    strategies::{eur, invoice, locale, money},
};
use proptest::prelude::*;

#[test]
fn a_form_without_script_is_read() {
    let fields = PaymentFields::from_pairs(post(&[
        ("lines[0][invoice]", &id(1)),
        ("lines[0][apply]", "on"),
        ("lines[0][seen]", "123450"),
        ("lines[0][currency]", "EUR"),
        ("lines[0][amount]", " 1.000,50 "),
        ("lines[1][invoice]", &id(2)),
        ("lines[1][seen]", "100"),
        ("lines[1][currency]", "EUR"),
        ("lines[1][amount]", "1,00"),
        ("card", &id(5)),
        ("save_card", "on"),
        ("email_receipt", ""),
        ("unknown", "x"),
    ]));
    assert_eq!(
        fields.parse(Locale::DeDe),
        Ok(SubmitPayment {
            key: FormKey(Uuid::from_u128(9)),
            lines: vec![SubmitLine {
                invoice: invoice(1),
                seen: eur(123_450),
                amount: eur(100_050)
            }],
            card: CardChoice::Saved(CardId(Uuid::from_u128(5))),
            save_card: true,
            make_default: false,
            email_receipt: true,
            uses: Vec::new(),
        })
    );
}

#[test]
fn an_outer_name_does_not_matter() {
    let plain = PaymentFields::from_pairs(post(&[("lines[0][amount]", "1"), ("card", "new")]));
    let pairs = post(&[("form[lines][0][amount]", "1"), ("form[card]", "new")]);
    assert_eq!(PaymentFields::from_pairs(pairs), plain);
}

#[test]
fn nothing_chosen_is_said_for_the_whole_form() {
    let errors = fields(&[("lines[0][apply]", None)])
        .parse(Locale::EnUs)
        .unwrap_err();
    assert_eq!(errors, FieldErrors::one("", Refusal::NothingChosen));
}

#[test]
fn each_wrong_field_is_named() {
    let refusal = |changed: &[(&str, Option<&str>)]| fields(changed).parse(Locale::EnUs).unwrap_err();
    let at = |field: &str, refusal| FieldErrors::one(field, refusal);
    let amount = "lines[0][amount]";
    let cases = [
        (amount, "", at(amount, Refusal::Missing)),
        (
            amount,
            "abc",
            at(
                amount,
                Refusal::NotAnAmount {
                    text: "abc".to_owned(),
                },
            ),
        ),
        (amount, "1.005", at(amount, Refusal::TooManyDecimals { kept: 2 })),
        (
            amount,
            "0",
            at(
                amount,
                Refusal::NotPositive {
                    number: String::new(),
                },
            ),
        ),
        (
            amount,
            "-1",
            at(
                amount,
                Refusal::NotPositive {
                    number: String::new(),
                },
            ),
        ),
        ("lines[0][invoice]", "7", at(amount, Refusal::FormBroken)),
        ("lines[0][seen]", "1.00", at(amount, Refusal::FormBroken)),
        ("lines[0][currency]", "???", at(amount, Refusal::FormBroken)),
        ("key", "", at("key", Refusal::FormBroken)),
        ("card", "", at("card", Refusal::NoCard)),
        ("card", NEW_CARD, at("card", Refusal::NoCard)),
        ("card", "4242", at("card", Refusal::UnknownCard)),
    ];
    for (field, value, expected) in cases {
        assert_eq!(refusal(&[(field, Some(value))]), expected, "{field} = {value}");
    }
    let both = refusal(&[(amount, Some("x")), ("card", Some(""))]);
    assert_eq!(both.iter().count(), 2);
}

#[test]
fn a_new_card_is_a_token_and_never_a_sentence() {
    let with = |token: &str| fields(&[("card", Some(NEW_CARD)), ("token", Some(token))]).parse(Locale::EnUs);
    assert_eq!(
        with("pm_1abc").unwrap().card,
        CardChoice::Token("pm_1abc".to_owned())
    );
    for token in ["pm 1", "pm/../x", "<script>", &"x".repeat(300)] {
        assert_eq!(
            with(token),
            Err(FieldErrors::one("card", Refusal::FormBroken)),
            "{token:.20}"
        );
    }
}

#[test]
fn a_token_is_not_kept_with_what_was_typed() {
    let kept = fields(&[("card", Some(NEW_CARD)), ("token", Some("pm_1"))]).without_token();
    assert_eq!((kept.card.as_str(), kept.token.as_str()), (NEW_CARD, ""));
    assert_eq!(kept.lines[0].amount, "1.00");
}

#[test]
fn an_error_of_a_submitted_line_is_shown_where_it_was_typed() {
    let fields = PaymentFields::from_pairs(post(&[
        ("lines[0][amount]", "1"),
        ("lines[1][apply]", "on"),
        ("lines[2][amount]", "1"),
        ("lines[3][apply]", "on"),
    ]));
    let mut errors = FieldErrors::one("lines[1][amount]", Refusal::Missing);
    errors.add("lines[0][amount]", Refusal::FormBroken);
    errors.add("card", Refusal::NoCard);
    let mut placed = FieldErrors::one("lines[3][amount]", Refusal::Missing);
    placed.add("lines[1][amount]", Refusal::FormBroken);
    placed.add("card", Refusal::NoCard);
    assert_eq!(fields.place(errors), placed);
}

#[test]
fn a_form_of_countless_lines_is_refused_without_keeping_them() {
    let far = PaymentFields::from_pairs(post(&[("lines[4000000000][apply]", "on")]));
    assert!(far.lines.is_empty());
    let one_too_many = PaymentFields::from_pairs(post(&[("lines[500][apply]", "on"), ("card", &id(5))]));
    assert_eq!(
        one_too_many.parse(Locale::EnUs),
        Err(FieldErrors::one("", Refusal::FormBroken))
    );
}

proptest! {
    #[test]
    fn what_is_prefilled_is_read_back(amount in money(), locale in locale()) {
        prop_assume!(amount.is_positive());
        let text = crate::locale::format_amount(amount, locale);
        let fields = fields(&[
            ("lines[0][amount]", Some(&text)),
            ("lines[0][currency]", Some(amount.currency().code())),
            ("lines[0][seen]", Some(&amount.minor().to_string())),
        ]);
        let line = SubmitLine { invoice: invoice(1), seen: amount, amount };
        prop_assert_eq!(fields.parse(locale).unwrap().lines, vec![line]);
    }

    #[test]
    fn any_post_is_read_or_refused_without_panic(
        pairs in prop::collection::vec(("[a-z\\[\\]0-9]{0,20}|lines\\[[0-9]{1,3}\\]\\[(amount|seen|apply)\\]", ".{0,12}"), 0..12),
        locale in locale(),
    ) {
        let _ = PaymentFields::from_pairs(pairs).parse(locale);
    }
}

/// A form that is right, with some fields changed or left out.
fn fields(changed: &[(&str, Option<&str>)]) -> PaymentFields {
    let right = [
        ("key", id(9)),
        ("lines[0][invoice]", id(1)),
        ("lines[0][apply]", "on".to_owned()),
        ("lines[0][seen]", "100".to_owned()),
        ("lines[0][currency]", "EUR".to_owned()),
        ("lines[0][amount]", "1.00".to_owned()),
        ("card", id(5)),
    ];
    let kept = right
        .into_iter()
        .filter(|(name, _)| changed.iter().all(|(other, _)| other != name));
    let kept = kept.map(|(name, value)| (name.to_owned(), value));
    let new = changed
        .iter()
        .filter_map(|(name, value)| Some(((*name).to_owned(), (*value)?.to_owned())));
    PaymentFields::from_pairs(kept.chain(new))
}

fn post(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    let key = [("key".to_owned(), id(9))];
    key.into_iter()
        .chain(pairs.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())))
        .collect()
}

fn id(n: u128) -> String {
    Uuid::from_u128(n).to_string()
}

#[test]
fn what_lies_on_the_account_needs_no_card_where_it_pays_all() {
    let use_first = |seen: &str| {
        let account = id(7);
        let post = post(&[
            ("lines[0][invoice]", &id(1)),
            ("lines[0][apply]", "on"),
            ("lines[0][seen]", "10000"),
            ("lines[0][currency]", "EUR"),
            ("lines[0][amount]", "60.00"),
            ("form[uses][0][apply]", "1"),
            ("form[uses][0][account]", &account),
            ("form[uses][0][currency]", "EUR"),
            ("form[uses][0][seen]", seen),
            ("card", "new"),
        ]);
        PaymentFields::from_pairs(post).parse(Locale::EnUs)
    };
    let form = use_first("6000").unwrap();
    let uses = vec![UseFirst {
        account: crate::ids::AccountId(Uuid::from_u128(7)),
        seen: eur(6_000),
    }];
    assert_eq!((form.uses, form.card), (uses, CardChoice::Token(String::new())));
    let less = use_first("5999").unwrap_err();
    assert_eq!(less, FieldErrors::one("card", Refusal::NoCard));
    let broken = use_first("much").unwrap_err();
    assert_eq!(broken.get(""), Some(&Refusal::FormBroken));
}
