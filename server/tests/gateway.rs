//! The adapter for the payment gateway, against the embedded sandbox and against an independent stand-in.
//!
//! The cases of `gateway/suite.rs` run against both, so a misunderstanding that adapter and sandbox share shows. What
//! the stand-in lacks (idempotency, faults) is in `gateway/faults.rs`, against the sandbox alone; idempotency is judged once
//! more by another stand-in that knows it, in `gateway/keys.rs`.

#![expect(clippy::unwrap_used, reason = "a test whose step fails has failed")]

#[path = "gateway/bench.rs"]
mod bench;
#[path = "gateway/faults.rs"]
mod faults;
#[path = "gateway/keys.rs"]
mod keys;
#[path = "gateway/parameters.rs"]
mod parameters;
#[path = "gateway/suite.rs"]
mod suite;
#[path = "gateway/taken.rs"]
mod taken;

macro_rules! on_both {
    ($($case:ident)+) => {
        mod on_the_sandbox {
            $(#[tokio::test]
            async fn $case() {
                crate::suite::$case(&crate::bench::Bench::sandbox().await).await;
            })+
        }
        mod on_localstripe {
            $(#[tokio::test]
            async fn $case() {
                crate::suite::$case(&crate::bench::Bench::localstripe()).await;
            })+
        }
    };
}

on_both! {
    a_payment_goes_from_customer_to_charge
    money_moves_at_the_confirmation_and_not_before
    a_card_can_be_attached_and_detached_again_and_again
    a_card_refused_at_attach_is_declined
    a_card_refused_at_charge_is_declined_and_the_intent_asks_for_another
    three_d_secure_ends_in_a_payment
    three_d_secure_ends_in_none
    an_unknown_intent_is_none
    a_lost_intent_is_found_by_its_attempt
    cancelling_twice_is_cancelled
    confirming_and_cancelling_what_is_paid_tell_that_it_is_paid
    amounts_without_decimals_arrive_as_they_are
    a_token_cannot_lead_to_another_call
    money_goes_back_and_is_found_again
    a_card_is_set_up_without_paying
    a_bank_account_is_set_up_and_debited_days_later
}

/// The other gateway does not know the parameter.
#[tokio::test]
async fn nobody_is_asked_off_session() {
    suite::nobody_is_asked_off_session(&bench::Bench::sandbox().await).await;
}

/// The other gateway cannot change a card that it keeps.
#[tokio::test]
async fn what_is_kept_of_a_card_can_be_changed() {
    suite::what_is_kept_of_a_card_can_be_changed(&bench::Bench::sandbox().await).await;
}

#[tokio::test]
async fn what_was_taken_is_listed_whoever_asked_for_it() {
    for bench in [bench::Bench::sandbox().await, bench::Bench::localstripe()] {
        taken::what_was_taken_is_listed_whoever_asked_for_it(&bench).await;
    }
}

/// The other gateway notes less on a charge.
#[tokio::test]
async fn a_listed_charge_says_whose_it_is_and_what_was_kept() {
    taken::a_listed_charge_says_whose_it_is_and_what_was_kept(&bench::Bench::sandbox().await).await;
}

/// The other gateway keeps nothing.
#[tokio::test]
async fn what_the_gateway_keeps_is_known_once_it_has_the_money() {
    taken::what_the_gateway_keeps_is_known_once_it_has_the_money(&bench::Bench::sandbox().await).await;
}

/// The other gateway knows no accounts in the United States, no mandates and no disputes.
#[tokio::test]
async fn a_mandate_is_kept_and_a_returned_debit_is_a_lost_dispute() {
    suite::a_mandate_is_kept_and_a_returned_debit_is_a_lost_dispute(&bench::Bench::sandbox().await).await;
}

/// The other gateway refuses such a debit at once instead of after days.
#[tokio::test]
async fn a_debit_that_the_bank_refuses_asks_for_another_method() {
    suite::a_debit_that_the_bank_refuses_asks_for_another_method(&bench::Bench::sandbox().await).await;
}
