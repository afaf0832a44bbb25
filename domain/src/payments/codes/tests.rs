//! The steps of an attempt, as a table, and that nothing leaves a final state.

use super::*;

#[test]
fn an_attempt_steps_as_the_table_says() {
    use AttemptState as A;
    let steps: &[(A, &[A])] = &[
        (
            A::Submitted,
            &[A::NeedsAction, A::Unknown, A::Processing, A::Succeeded, A::Failed],
        ),
        (
            A::NeedsAction,
            &[A::Unknown, A::Processing, A::Succeeded, A::Failed],
        ),
        (
            A::Unknown,
            &[A::NeedsAction, A::Processing, A::Succeeded, A::Failed],
        ),
        (A::Processing, &[A::Succeeded, A::Failed]),
        (A::Succeeded, &[]),
        (A::Failed, &[]),
    ];
    assert_eq!(steps.len(), A::ALL.len());
    for (from, to) in steps {
        for next in A::ALL {
            assert_eq!(from.may_become(*next), to.contains(next), "{from:?} to {next:?}");
        }
    }
}

#[test]
fn there_is_no_way_back_from_a_final_state() {
    for state in AttemptState::ALL {
        let way_on = AttemptState::ALL.iter().any(|next| state.may_become(*next));
        assert_eq!(way_on, !state.is_final(), "{state:?}");
    }
}

#[test]
fn every_open_state_can_end_both_ways() {
    for state in AttemptState::ALL.iter().filter(|state| !state.is_final()) {
        assert!(
            state.may_become(AttemptState::Succeeded) && state.may_become(AttemptState::Failed),
            "{state:?}"
        );
    }
}

#[test]
fn codes_are_read_back_and_labels_differ() {
    for state in AttemptState::ALL {
        assert_eq!(AttemptState::from_code(state.code()), Some(*state));
        assert_eq!(
            AttemptState::ALL
                .iter()
                .filter(|other| other.label() == state.label())
                .count(),
            1
        );
    }
}
