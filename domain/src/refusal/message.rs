//! The words for each refusal: plain and short, what happened and what to do next.
//!
//! This is the only place that turns a refusal into text, so the page, the mail and the command line say the same.

use super::{Figure, NotPayable, Refusal, declined::declined};
use crate::{
    invoices::TaxCategory,
    locale::{Locale, format_amount_with_code, format_date, format_rate},
    money::Money,
    payments::AttemptState,
};

impl Refusal {
    /// The refusal in words, with amounts and dates as the locale writes them.
    pub fn message(&self, locale: Locale) -> String {
        let amount = |money: &Money| format_amount_with_code(*money, locale);
        match self {
            Self::UnknownCurrency { code } => {
                format!("“{code}” is not a currency code. Use three letters such as EUR or USD.")
            }
            Self::MixedCurrencies { one, other } => {
                format!("{other} was given where {one} is needed. Enter the amount in {one}.")
            }
            Self::AmountTooLarge => "The amount is too large. Enter a smaller one.".to_owned(),
            Self::NothingToShareAmong => {
                "There is nothing to share the amount among. Choose at least one invoice.".to_owned()
            }
            Self::TooManyDecimals { kept: 0 } => {
                "No decimals are possible here. Enter a whole number, such as 250.".to_owned()
            }
            Self::TooManyDecimals { kept } => {
                format!("At most {kept} decimals are possible here. Shorten the number.")
            }
            Self::NotAnAmount { text } => {
                format!(
                    "“{text}” is not an amount. Enter a number such as {}.",
                    locale.sample_amount()
                )
            }
            Self::NotADate { text } => format!("“{text}” is not a date. Choose one, such as 2026-12-01."),
            Self::NotAMonth { text } => format!("“{text}” is not a month. Choose one, such as 2026-12."),
            Self::Missing => "This field is empty. Fill it in.".to_owned(),
            Self::UnknownChoice { text } => {
                format!("“{text}” is not one of the choices. Choose one that is.")
            }
            Self::NeedsCurrency => "An amount needs a currency. Choose the currency too.".to_owned(),
            Self::RangeReversed => "The end is before the beginning. Change one of the two.".to_owned(),
            Self::FormBroken => "The form did not arrive whole. Open it again and repeat.".to_owned(),
            Self::TooLong { at_most } => {
                format!("At most {at_most} characters are possible here. Shorten it.")
            }
            Self::CardNumber => {
                "This looks like a card number, which is never kept here. Take it out.".to_owned()
            }
            Self::InFuture { today } => format!(
                "This day has not come yet: today is {}. Choose an earlier one.",
                format_date(*today, locale)
            ),
            Self::NotPermitted { permission } => {
                format!("Your role does not allow this: {permission}. Ask an administrator for it.")
            }
            Self::LogInAgain => "Too much time has passed. Log in again with your password.".to_owned(),
            Self::OutOfRange { from, to } => format!("Enter a whole number from {from} to {to}."),
            Self::NameTaken { name } => {
                format!("The name “{name}” is taken already. Choose another one.")
            }
            Self::TooMany { at_most } => {
                format!("There are {at_most} already, and no more are possible. Remove one first.")
            }
            Self::NothingChosen => "Nothing is chosen. Choose at least one, or enter an amount.".to_owned(),
            Self::NotPayable { number, why } => not_payable(number, *why),
            Self::PaidWithRollup { number, rollup } => {
                format!(
                    "{number} is billed with {rollup} of the parent company, and only that company pays it."
                )
            }
            Self::OpenAmountMoved { number, seen, now } => format!(
                "{number} changed while this page was open: {} could be paid, now it is {}. Check the amount \
                 and submit again; nothing was charged.",
                amount(seen),
                amount(now)
            ),
            Self::OnAccountMoved { now, .. } => format!(
                "What lies on your account is {} now. Check the amounts and submit again; nothing was charged or used.",
                amount(now)
            ),
            Self::MoreThanOpen { number, open } => {
                format!("{number} has {} open. Enter at most that.", amount(open))
            }
            Self::NotPositive { number } if number.is_empty() => "Enter an amount above zero.".to_owned(),
            Self::NotPositive { number } => format!("The amount for {number} must be above zero."),
            Self::NoCard => "No card is chosen. Choose a saved card or enter a new one.".to_owned(),
            Self::UnknownCard => "This card cannot be used here any more. Choose another one.".to_owned(),
            Self::Declined { code } => declined(code).to_owned(),
            Self::MoreThanAvailable { available } => {
                format!("Only {} can be used. Lower the amounts.", amount(available))
            }
            Self::TotalDiffers {
                what,
                stated,
                computed,
            } => format!(
                "{} is stated as {}, but its parts give {}. Correct one of them.",
                figure(*what),
                amount(stated),
                amount(computed)
            ),
            Self::RateUnfit {
                category: TaxCategory::S,
                rate,
            } => format!(
                "The standard tax category needs a rate above zero, not {}. Choose another category for no tax.",
                format_rate(*rate, locale)
            ),
            Self::RateUnfit { category, rate } => format!(
                "The tax category “{}” has no rate, but {} was given. Set the rate to zero.",
                category.label(),
                format_rate(*rate, locale)
            ),
            Self::ReasonMissing { category } => {
                format!(
                    "The tax category “{}” needs a reason. Enter why no tax is due.",
                    category.label()
                )
            }
            Self::DateBeforeLast { last } => format!(
                "The last document of this series is of {}. Choose that date or a later one.",
                format_date(*last, locale)
            ),
            Self::AttemptIs { state } => attempt_is(*state).to_owned(),
            Self::ImportIs { state } => {
                format!("The import is {state}, so this cannot be done. Reload the page.")
            }
            Self::ImportInUse { numbers } => format!(
                "This import cannot be undone any more, since something was done with {}: a payment, a credit, a change, a dispute, a write-off or a roll-up bill. Withdraw or credit single invoices instead.",
                numbers.join(", ")
            ),
            Self::FileRefused { why } => {
                format!("The file was refused: {why} Correct it and upload it again.")
            }
            Self::CreditUsed
            | Self::RefundUnderWay
            | Self::PlanMoved
            | Self::RollupMoved { .. }
            | Self::NothingToRollUp
            | Self::NotOfFamily
            | Self::CardInUse
            | Self::LongAgo { .. }
            | Self::Locked { .. }
            | Self::ExpiryPast
            | Self::CardOfAutopay
            | Self::CardOfProfile { .. }
            | Self::ProfileIsDefault
            | Self::ProfileOwes { .. }
            | Self::ProfileArchived
            | Self::AutopayNeedsCard
            | Self::JobNotFailed
            | Self::JobReplaced
            | Self::MailHoldsSecret
            | Self::SentOften
            | Self::NothingToRemind
            | Self::NobodyToRemind
            | Self::NothingToCredit
            | Self::MoreThanLeft { .. }
            | Self::MoreThanRest { .. }
            | Self::DueMoved { .. }
            | Self::MoreThanDisputable { .. }
            | Self::AllDisputed { .. }
            | Self::DisputeEnded { .. }
            | Self::WrongCredentials
            | Self::TooManyTries { .. }
            | Self::WrongPassword
            | Self::PasswordsDiffer
            | Self::WeakPassword { .. }
            | Self::NotAnEmail { .. }
            | Self::NotAPhone { .. }
            | Self::TaxNumberUnfit { .. }
            | Self::NotDays { .. }
            | Self::NotAPicture
            | Self::PictureTooLarge { .. }
            | Self::NotAnAttachment
            | Self::AttachmentTooLarge { .. }
            | Self::ExternalIdTaken { .. }
            | Self::AlreadyMember { .. }
            | Self::AlreadyInvited { .. }
            | Self::LinkSpent
            | Self::WrongCode
            | Self::SecondFactorMissing
            | Self::NotAnIssuer { .. }
            | Self::NotADomain { .. }
            | Self::ProviderSilent
            | Self::ProviderUnfit
            | Self::NoKey
            | Self::CompanyFailed
            | Self::CompanyUnknown
            | Self::CompanyOnly
            | Self::CompanyMissing
            | Self::CompanyFirst
            | Self::OwnEmail
            | Self::OwnMembership
            | Self::MoreThanOwn { .. }
            | Self::LastAdmin
            | Self::NoRole
            | Self::AdminKeepsAll
            | Self::RoleInUse { .. }
            | Self::GroupInUse { .. }
            | Self::NotASubsidiary { .. }
            | Self::BelowSettled { .. }
            | Self::BankEntryIs { .. }
            | Self::ProposalMoved => self
                .on_plain_pages(locale)
                .unwrap_or_else(|| "It was not done. Open the page again to see why.".to_owned()),
        }
    }
}

fn not_payable(number: &str, why: NotPayable) -> String {
    match why {
        NotPayable::Draft => format!("{number} is not issued yet, so it cannot be paid."),
        NotPayable::Paid => format!("{number} is already paid. Nothing is open on it."),
        NotPayable::Void => format!("{number} was voided. Nothing is owed on it."),
        NotPayable::WrittenOff => {
            format!("{number} was written off. Its seller has to take the write-off back first.")
        }
        NotPayable::Pending => {
            format!("{number} is being paid right now. Wait for the result; do not pay it again.")
        }
    }
}

const fn figure(what: Figure) -> &'static str {
    match what {
        Figure::LineNet => "A line’s net amount",
        Figure::Lines => "The sum of the lines",
        Figure::Net => "The total without tax",
        Figure::TaxBase => "The amount that tax is computed on",
        Figure::Tax => "The tax",
        Figure::Total => "The total",
    }
}

const fn attempt_is(state: AttemptState) -> &'static str {
    match state {
        AttemptState::Submitted => "The payment is being sent. Wait for the result; do not pay again.",
        AttemptState::NeedsAction => "Your bank waits for your confirmation. Confirm the payment first.",
        AttemptState::Unknown => "Your bank is still confirming the payment. Do not pay again.",
        AttemptState::Processing => {
            "Your bank is transferring the money, which takes days. Do not pay again."
        }
        AttemptState::Succeeded => "The payment already succeeded. There is nothing left to do.",
        AttemptState::Failed => "The payment failed and nothing was charged. Start a new one.",
    }
}

/// The program in the browser wakes none of the pages that show these.
#[cfg(target_arch = "wasm32")]
impl Refusal {
    pub(super) const fn on_plain_pages(&self, _: Locale) -> Option<String> {
        None
    }
}
