//! Tables of what an invoice shows and allows, and that paid and open are always the total.

use super::*;
use crate::strategies::{date, day, eur};
use proptest::{prelude::*, sample::select};

const TODAY: &str = "2026-12-01";

#[test]
fn the_badge_is_the_first_that_fits() {
    use Status as B;
    // stage, due, open, settled, badge
    let cases: &[(Stage, &str, i64, i64, B)] = &[
        (Stage::Draft, "2026-11-01", 100, 0, B::Draft),
        (Stage::Void, "2026-11-01", 100, 0, B::Void),
        (Stage::Void, "2026-11-01", 0, 100, B::Void),
        (Stage::WrittenOff, "2026-11-01", 0, 40, B::WrittenOff),
        (Stage::Paid, "2026-11-01", 0, 100, B::Paid),
        (Stage::Open, "2026-11-30", 100, 0, B::Overdue),
        (Stage::Open, "2026-11-30", 40, 60, B::Overdue),
        (Stage::Open, "2026-12-01", 100, 0, B::Open),
        (Stage::Open, "2026-12-01", 40, 60, B::PartiallyPaid),
        (Stage::Open, "2026-12-02", 100, 0, B::Open),
        (Stage::Open, "2026-12-02", 40, 60, B::PartiallyPaid),
        (Stage::Open, "2026-11-30", 0, 100, B::Paid),
    ];
    for (stage, due, open, settled, badge) in cases {
        let shown = status(*stage, day(due), eur(*open), eur(*settled), day(TODAY));
        assert_eq!(shown, *badge, "{stage:?} due {due}, {open} open");
    }
}

#[test]
fn only_what_is_open_and_not_being_paid_can_be_paid() {
    // stage, open, pending
    let cases = [
        (Stage::Draft, 100, 0, Err(NotPayable::Draft)),
        (Stage::Void, 100, 0, Err(NotPayable::Void)),
        (Stage::WrittenOff, 0, 0, Err(NotPayable::WrittenOff)),
        (Stage::Paid, 0, 0, Err(NotPayable::Paid)),
        (Stage::Open, 0, 0, Err(NotPayable::Paid)),
        (Stage::Open, 100, 100, Err(NotPayable::Pending)),
        (Stage::Open, 100, 101, Err(NotPayable::Pending)),
        (Stage::Open, 100, 99, Ok(())),
        (Stage::Open, 100, 0, Ok(())),
    ];
    for (stage, open, pending, answer) in cases {
        assert_eq!(
            can_pay(stage, eur(open), eur(pending)),
            answer,
            "{stage:?} {open} {pending}"
        );
    }
}

#[test]
fn a_draft_can_be_edited_and_deleted_and_has_nothing_to_void() {
    let draft = standing(Stage::Draft);
    assert_eq!(draft.editing(), Ok(Editing::InPlace));
    assert_eq!(draft.deletion(), Ok(Deletion::Remove));
    assert_eq!(draft.voiding(), Err(Locked::Draft));
}

#[test]
fn an_unpaid_invoice_can_be_revised_and_is_deleted_by_voiding_it() {
    let unpaid = standing(Stage::Open);
    assert_eq!(unpaid.editing(), Ok(Editing::NewRevision));
    assert_eq!(unpaid.deletion(), Ok(Deletion::Void));
    assert_eq!(unpaid.voiding(), Ok(()));
}

#[test]
fn a_partially_paid_invoice_can_be_revised_and_cannot_be_deleted() {
    let partly = Standing {
        paid: eur(40),
        ..standing(Stage::Open)
    };
    assert_eq!(partly.editing(), Ok(Editing::NewRevision));
    assert_eq!(partly.deletion(), Err(Locked::HasPayments));
    assert_eq!(partly.voiding(), Err(Locked::HasPayments));
}

#[test]
fn a_complete_invoice_can_be_neither_edited_nor_deleted_nor_voided() {
    let complete = Standing {
        paid: eur(100),
        ..standing(Stage::Paid)
    };
    assert_eq!(complete.editing(), Err(Locked::Complete));
    assert_eq!(complete.deletion(), Err(Locked::Complete));
    assert_eq!(complete.voiding(), Err(Locked::HasPayments));
}

#[test]
fn a_void_invoice_stays_as_it_is() {
    let void = standing(Stage::Void);
    assert_eq!(void.editing(), Err(Locked::Void));
    assert_eq!(void.deletion(), Err(Locked::Void));
    assert_eq!(void.voiding(), Err(Locked::Void));
}

#[test]
fn only_what_is_open_and_not_being_paid_is_written_off() {
    let cases = [
        (Stage::Draft, 0, Err(Locked::Draft)),
        (Stage::Void, 0, Err(Locked::Void)),
        (Stage::Paid, 0, Err(Locked::Complete)),
        (Stage::WrittenOff, 0, Err(Locked::WrittenOff)),
        (Stage::Open, 1, Err(Locked::Pending)),
        (Stage::Open, 0, Ok(())),
    ];
    for (stage, pending, answer) in cases {
        let it = Standing {
            paid: eur(40),
            credited: eur(10),
            pending: eur(pending),
            ..standing(stage)
        };
        assert_eq!(it.writing_off(), answer, "{stage:?} {pending}");
    }
}

#[test]
fn what_was_written_off_stays_until_that_is_taken_back() {
    let gone = Standing {
        written_off: eur(60),
        ..standing(Stage::WrittenOff)
    };
    // A bank took money back since: part of it is open again.
    let opened = Standing {
        stage: Stage::Open,
        ..gone
    };
    for it in [gone, opened] {
        assert_eq!(it.editing(), Err(Locked::WrittenOff));
        assert_eq!(it.deletion(), Err(Locked::WrittenOff));
        assert_eq!(it.voiding(), Err(Locked::WrittenOff));
        assert_eq!(it.writing_off(), Err(Locked::WrittenOff));
        assert_eq!(it.taking_back(), Ok(()));
    }
    assert_eq!(standing(Stage::Open).taking_back(), Err(Locked::NotWrittenOff));
    assert_eq!(standing(Stage::Paid).taking_back(), Err(Locked::Complete));
}

#[test]
fn what_hangs_on_an_invoice_keeps_it_from_being_voided() {
    let open = standing(Stage::Open);
    assert_eq!(
        Standing {
            credited: eur(1),
            ..open
        }
        .voiding(),
        Err(Locked::HasCredits)
    );
    assert_eq!(
        Standing {
            pending: eur(1),
            ..open
        }
        .voiding(),
        Err(Locked::Pending)
    );
    assert_eq!(
        Standing {
            disputed: eur(1),
            ..open
        }
        .voiding(),
        Err(Locked::HasDisputes)
    );
    assert_eq!(
        Standing {
            disputed: eur(1),
            ..open
        }
        .editing(),
        Err(Locked::HasDisputes)
    );
    assert_eq!(
        Standing {
            pending: eur(1),
            ..open
        }
        .editing(),
        Err(Locked::Pending)
    );
}

#[test]
fn an_invoice_of_nothing_is_complete_and_can_be_voided() {
    let nothing = Standing {
        stage: Stage::Paid,
        total: eur(0),
        ..standing(Stage::Paid)
    };
    assert_eq!(stage_after(eur(0), eur(0), eur(0)), Ok(Stage::Paid));
    assert_eq!(nothing.voiding(), Ok(()));
}

#[test]
fn an_edit_may_not_go_below_what_was_settled() {
    let partly = Standing {
        paid: eur(40),
        credited: eur(10),
        ..standing(Stage::Open)
    };
    assert_eq!(partly.open_with_total(eur(80)), Ok(eur(30)));
    assert_eq!(partly.open_with_total(eur(50)), Ok(eur(0)));
    assert_eq!(
        partly.open_with_total(eur(49)),
        Err(Refusal::BelowSettled { settled: eur(50) })
    );
}

#[test]
fn more_than_the_total_is_never_settled() {
    assert_eq!(
        open_amount(eur(100), eur(60), eur(41)),
        Err(Refusal::MoreThanAvailable { available: eur(100) })
    );
    assert_eq!(
        open_amount(eur(i64::MIN), eur(1), eur(0)),
        Err(Refusal::AmountTooLarge)
    );
}

proptest! {
    #[test]
    fn paid_credited_and_open_are_the_total(total in 0_i64..=i64::MAX, a in any::<u64>(), b in any::<u64>()) {
        let paid = share(total, a);
        let credited = share(total - paid, b);
        let open = open_amount(eur(total), eur(paid), eur(credited)).unwrap();
        prop_assert_eq!(open.minor() + paid + credited, total);
        let stage = stage_after(eur(total), eur(paid), eur(credited)).unwrap();
        prop_assert_eq!(stage == Stage::Paid, open.is_zero());
    }

    #[test]
    fn no_badge_says_paid_while_something_is_open(
        open in 1_i64..=i64::MAX, settled in 0_i64..=i64::MAX, due in date(), today in date(),
    ) {
        let badge = status(Stage::Open, due, eur(open), eur(settled), today);
        prop_assert_ne!(badge, Status::Paid);
        prop_assert_eq!(badge == Status::Overdue, due < today);
        prop_assert_eq!(can_pay(Stage::Open, eur(open), eur(0)), Ok(()));
    }

    #[test]
    fn what_can_be_deleted_can_be_edited(
        stage in select(Stage::ALL), paid in 0_i64..3, credited in 0_i64..3, pending in 0_i64..3, disputed in 0_i64..2,
    ) {
        let it = Standing {
            paid: eur(paid), credited: eur(credited), pending: eur(pending), disputed: eur(disputed), ..standing(stage)
        };
        if it.deletion().is_ok() {
            prop_assert!(it.editing().is_ok());
        }
        if it.deletion() == Ok(Deletion::Void) {
            prop_assert_eq!(it.voiding(), Ok(()));
        }
    }
}

fn standing(stage: Stage) -> Standing {
    Standing {
        stage,
        total: eur(100),
        paid: eur(0),
        credited: eur(0),
        written_off: eur(0),
        pending: eur(0),
        disputed: eur(0),
        is_rolled_up: false,
    }
}

#[test]
fn what_stands_in_a_bill_of_its_parent_stays_as_it_was_billed() {
    let billed = Standing {
        is_rolled_up: true,
        ..standing(Stage::Open)
    };
    assert_eq!(billed.voiding(), Err(Locked::RolledUp));
    assert_eq!(billed.deletion(), Err(Locked::RolledUp));
    assert_eq!(billed.editing(), Err(Locked::RolledUp));
    assert_eq!(billed.writing_off(), Ok(()));
}

/// A part of a whole, from nothing to all of it.
fn share(whole: i64, part: u64) -> i64 {
    i64::try_from(i128::from(part) % (i128::from(whole) + 1)).unwrap()
}
