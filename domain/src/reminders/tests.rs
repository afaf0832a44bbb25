//! When an invoice is reminded of, and which forms say so.

use super::*;
use crate::refusal::{FieldErrors, Refusal};
use proptest::prelude::*;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn rules(days: &[u32]) -> ReminderRules {
    let step = |after_days: &u32| ReminderStep {
        after_days: *after_days,
        words: format!("after {after_days}"),
    };
    ReminderRules {
        is_on: true,
        steps: days.iter().map(step).collect(),
    }
}

fn fields(days: [&str; 3]) -> ReminderFields {
    let [days_1, days_2, days_3] = days.map(str::to_owned);
    ReminderFields {
        is_on: "true".to_owned(),
        days_1,
        days_2,
        days_3,
        ..ReminderFields::default()
    }
}

#[test]
fn an_invoice_reaches_a_step_on_its_very_day() {
    let rules = rules(&[3, 14, 30]);
    let reached = |due: &str| rules.reached(day(due), day("2026-03-31"));
    assert_eq!(reached("2026-03-29"), None);
    assert_eq!(reached("2026-03-28"), Some(1));
    assert_eq!(reached("2026-03-18"), Some(1));
    assert_eq!(reached("2026-03-17"), Some(2));
    assert_eq!(reached("2026-03-01"), Some(3));
    assert_eq!(reached("2025-03-01"), Some(3));
    assert_eq!(rules.words(2), "after 14");
    assert_eq!((rules.words(0), rules.words(4)), ("", ""));
}

#[test]
fn nobody_is_reminded_twice_of_a_step_nor_twice_a_day_nor_of_what_lies_behind() {
    let today = day("2026-03-31");
    let before = |on: &str, step| vec![Reminded { on: day(on), step }];
    assert_eq!(step_now(None, today, &[]), None);
    assert_eq!(step_now(Some(3), today, &[]), Some(3));
    assert_eq!(step_now(Some(2), today, &before("2026-03-20", Some(1))), Some(2));
    assert_eq!(step_now(Some(2), today, &before("2026-03-20", Some(2))), None);
    assert_eq!(step_now(Some(1), today, &before("2026-03-20", Some(3))), None);
    // By hand it is no step, but it is enough for a day.
    assert_eq!(step_now(Some(1), today, &before("2026-03-31", None)), None);
    assert_eq!(step_now(Some(1), today, &before("2026-03-30", None)), Some(1));
}

#[test]
fn steps_rise_and_are_there_when_reminders_are_on() {
    let read = fields([" 3 ", "", "14"]).read().unwrap();
    let days: Vec<u32> = read.steps.iter().map(|step| step.after_days).collect();
    assert_eq!((read.is_on, days), (true, vec![3, 14]));
    let falls = Refusal::OutOfRange {
        from: 15,
        to: DAYS_MAX,
    };
    assert_eq!(
        fields(["14", "14", ""]).read(),
        Err(FieldErrors::one("days_2", falls))
    );
    let whole = Refusal::OutOfRange {
        from: 1,
        to: DAYS_MAX,
    };
    for wrong in ["0", "-3", "3.5", "soon", "366", "99999999999"] {
        assert_eq!(
            fields([wrong, "", ""]).read(),
            Err(FieldErrors::one("days_1", whole.clone()))
        );
    }
    assert_eq!(
        fields(["", "", ""]).read(),
        Err(FieldErrors::one("days_1", Refusal::Missing))
    );
    assert_eq!(ReminderFields::default().read(), Ok(ReminderRules::default()));
}

#[test]
fn text_needs_its_days_and_never_holds_a_card_number() {
    let form = ReminderFields {
        words_2: "Please pay".to_owned(),
        words_3: "4242 4242 4242 4242".to_owned(),
        ..ReminderFields::default()
    };
    let FieldErrors(errors) = form.read().unwrap_err();
    assert_eq!(errors.get("days_2"), Some(&Refusal::Missing));
    assert_eq!(errors.get("words_3"), Some(&Refusal::CardNumber));
}

proptest! {
    #[test]
    fn each_due_date_lies_in_the_window_of_its_step_and_in_no_other(
        steps in proptest::collection::btree_set(1_u32..=DAYS_MAX, 0..=STEPS_MAX),
        late in -10_i64..800,
    ) {
        let rules = rules(&steps.into_iter().collect::<Vec<_>>());
        let today = day("2026-03-31");
        let due = today - chrono::TimeDelta::days(late);
        let inside = |window: &Window| due <= window.until && window.after.is_none_or(|after| due > after);
        let windows: Vec<u32> = rules.windows(today).iter().filter(|window| inside(window)).map(|window| window.step).collect();
        prop_assert_eq!(windows, rules.reached(due, today).into_iter().collect::<Vec<_>>());
    }
}
