//! What gateways say when a card is refused, in words.

/// The gateway's decline codes in words. Where the bank suspects theft or fraud, the words are the general ones, so
/// that who holds the card learns nothing.
pub(super) fn declined(code: &str) -> &'static str {
    match code {
        "insufficient_funds" => {
            "The card has not enough funds. Nothing was charged. Use another card or pay a smaller amount."
        }
        "expired_card" => "The card has expired. Nothing was charged. Use another card.",
        "incorrect_cvc" | "invalid_cvc" => {
            "The card’s security code is wrong. Nothing was charged. Enter the card again."
        }
        "incorrect_number" | "invalid_number" => {
            "The card number is wrong. Nothing was charged. Enter the card again."
        }
        "invalid_expiry_month" | "invalid_expiry_year" => {
            "The card’s expiry date is wrong. Nothing was charged. Enter the card again."
        }
        "incorrect_zip" | "incorrect_address" => {
            "The address does not match the card’s. Nothing was charged. Check the address and try again."
        }
        "authentication_required" => {
            "Your bank wants you to confirm this payment. Nothing was charged. Pay again and follow your bank’s steps."
        }
        "payment_intent_authentication_failure" | "authentication_failed" => {
            "The payment was not confirmed at your bank. Nothing was charged. Try again or use another card."
        }
        "processing_error" | "try_again_later" | "issuer_not_available" | "approve_with_id" => {
            "The bank could not process the payment. Nothing was charged. Try again in a few minutes."
        }
        "card_not_supported" | "currency_not_supported" | "transaction_not_allowed" => {
            "The card cannot be used for this payment. Nothing was charged. Use another card."
        }
        "card_velocity_exceeded" | "withdrawal_count_limit_exceeded" => {
            "The card’s limit is reached. Nothing was charged. Use another card or ask your bank."
        }
        "no_card" => "There was no default card. Nothing was charged. Make a card the default.",
        "amount_too_small" => {
            "The amount is too small for a card payment. Nothing was charged. Pay more invoices together."
        }
        "amount_too_large" => {
            "The amount is too large for a card payment. Nothing was charged. Pay it in smaller parts."
        }
        _ => "The card was declined. Nothing was charged. Use another card or ask your bank.",
    }
}
