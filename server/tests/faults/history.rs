//! What clients were told, replayed into a model: an answer that no order of the calls allows is a contradiction.
//!
//! The model of one invoice is a counter of what can still be paid. A payment takes its amount off at one moment between its call
//! and its answer, and is let through only when its form showed what the counter says at that moment (V30). So the payments that
//! went through are in one order only, by what their forms showed; everything else that was said must fit somewhere into it.

use std::time::Instant;

/// One call and its answer.
#[derive(Clone, Debug)]
pub struct Call {
    pub begun: Instant,
    pub answered: Instant,
    pub said: Said,
}

/// What the answer says, in minor units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Said {
    /// So much can be paid.
    Payable(i64),
    /// Of a form that showed `shown`, `amount` was paid.
    Paid { shown: i64, amount: i64 },
    /// A form that showed so much was refused, since that is not what can be paid.
    Refused { shown: i64 },
}

/// The answers that cannot be, of calls about one invoice of which `payable` could be paid at first.
pub fn contradictions(payable: i64, calls: &[Call]) -> Vec<&Call> {
    let mut paid: Vec<(&Call, i64, i64)> = calls
        .iter()
        .filter_map(|call| match call.said {
            Said::Paid { shown, amount } => Some((call, shown, amount)),
            Said::Payable(_) | Said::Refused { .. } => None,
        })
        .collect();
    paid.sort_by_key(|(_, shown, _)| std::cmp::Reverse(*shown));
    let mut wrong = Vec::new();
    // What could be paid after none of them, one of them, and so on.
    let mut after = vec![payable];
    let mut last_begun = None;
    for (call, shown, amount) in &paid {
        let now = after[after.len() - 1];
        let too_early = last_begun.is_some_and(|begun| call.answered < begun);
        if *shown != now || *amount > now || too_early {
            wrong.push(*call);
        }
        last_begun = last_begun.max(Some(call.begun));
        after.push(now - amount);
    }
    for call in calls {
        let before = paid.iter().rposition(|(paid, ..)| paid.answered < call.begun);
        let behind = paid.iter().position(|(paid, ..)| paid.begun > call.answered);
        let possible = before.map_or(0, |last| last + 1)..=behind.unwrap_or(paid.len());
        let mut values = possible.filter_map(|taken| after.get(taken));
        let can_be = match call.said {
            Said::Payable(said) => values.any(|value| *value == said),
            Said::Refused { shown } => values.any(|value| *value != shown),
            Said::Paid { .. } => true,
        };
        if !can_be {
            wrong.push(call);
        }
    }
    wrong
}

/// Calls by the tenths of a second in which they began and were answered.
#[cfg(test)]
fn wrong(payable: i64, calls: &[(u64, u64, Said)]) -> Vec<Said> {
    let zero = Instant::now();
    let at = |tenths: u64| zero + std::time::Duration::from_millis(tenths * 100);
    let calls: Vec<Call> = calls
        .iter()
        .map(|(begun, answered, said)| Call {
            begun: at(*begun),
            answered: at(*answered),
            said: *said,
        })
        .collect();
    contradictions(payable, &calls)
        .into_iter()
        .map(|call| call.said)
        .collect()
}

#[test]
fn what_some_order_allows_is_no_contradiction() {
    let calls = [
        (0, 1, Said::Payable(100)),
        // Two at once: either could have come first, the forms say which did.
        (
            2,
            6,
            Said::Paid {
                shown: 100,
                amount: 30,
            },
        ),
        (
            5,
            9,
            Said::Paid {
                shown: 70,
                amount: 70,
            },
        ),
        // At the same time as both.
        (3, 8, Said::Payable(70)),
        (3, 8, Said::Refused { shown: 100 }),
        (9, 10, Said::Payable(0)),
    ];
    assert_eq!(wrong(100, &calls), []);
}

#[test]
fn what_no_order_allows_is_found() {
    let first = (
        2,
        3,
        Said::Paid {
            shown: 100,
            amount: 30,
        },
    );
    // Two payments of one and the same rest.
    let second = (
        4,
        5,
        Said::Paid {
            shown: 100,
            amount: 60,
        },
    );
    assert_eq!(wrong(100, &[first, second]), [second.2]);
    // More than there is.
    let more = (
        4,
        5,
        Said::Paid {
            shown: 70,
            amount: 80,
        },
    );
    assert_eq!(wrong(100, &[first, more]), [more.2]);
    // A page that knows nothing of what was answered before it was opened.
    let stale = (4, 5, Said::Payable(100));
    assert_eq!(wrong(100, &[first, stale]), [stale.2]);
    // A page that knows what was not asked for yet.
    let early = (0, 1, Said::Payable(70));
    assert_eq!(wrong(100, &[first, early]), [early.2]);
    // A refusal although nobody else paid.
    let groundless = (0, 1, Said::Refused { shown: 100 });
    assert_eq!(wrong(100, &[first, groundless]), [groundless.2]);
    // The later one took what the earlier one should have seen.
    let later = (
        6,
        7,
        Said::Paid {
            shown: 100,
            amount: 30,
        },
    );
    let sooner = (
        2,
        3,
        Said::Paid {
            shown: 70,
            amount: 10,
        },
    );
    assert_eq!(wrong(100, &[later, sooner]), [sooner.2]);
}
