//! The words for each refusal: plain and short, what happened and what to do next.
//!
//! This is the only place that turns a refusal into text, so the page, the mail and the command line say the same.

use super::{Figure, Locked, NotASubsidiary, NotPayable, Refusal, declined::declined};
use crate::{
    bank_files::BankEntryState,
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
            Self::CreditUsed => {
                "Part of it was used. Take it off the invoices first, then it can be withdrawn.".to_owned()
            }
            Self::RefundUnderWay => {
                "Money of this payment is on its way back. Wait until that is decided, then repeat.".to_owned()
            }
            Self::CardInUse => {
                "A payment with this card is not decided yet. Wait until it is, then repeat.".to_owned()
            }
            Self::CardOfAutopay => {
                "Autopay pays with this card. Make another card the default first, or switch autopay off.".to_owned()
            }
            Self::AutopayNeedsCard => {
                "Autopay pays with the default card. Make a card the default that has not expired, then repeat.".to_owned()
            }
            Self::JobNotFailed => {
                "It runs or is done by now, so there is nothing to repeat. Look at the list again.".to_owned()
            }
            Self::JobReplaced => "Another job does the same by now. Wait for that one.".to_owned(),
            Self::MailHoldsSecret => {
                "The mail held a link for one person, which is not kept. Send a new one from the page that made it.".to_owned()
            }
            Self::SentOften => "It was sent ten times within a day. Wait until tomorrow.".to_owned(),
            Self::NothingToCredit => "All of it was credited already.".to_owned(),
            Self::MoreThanLeft { left } => format!(
                "Only {} can still be credited here. Lower the amount.",
                format_amount_with_code(*left, locale)
            ),
            Self::MoreThanDisputable { left } => format!(
                "Only {} can still be disputed here. Lower the amount.",
                format_amount_with_code(*left, locale)
            ),
            Self::AllDisputed { number } => {
                format!("All that is open of {number} is disputed. Wait for the seller’s answer.")
            }
            Self::DisputeEnded { state } => {
                format!("This dispute has ended: {}. Nothing was changed.", state.label().to_lowercase())
            }
            Self::CardNumber => {
                "This looks like a card number, which is never kept here. Take it out.".to_owned()
            }
            Self::InFuture { today } => format!(
                "This day has not come yet: today is {}. Choose an earlier one.",
                format_date(*today, locale)
            ),
            Self::NotPermitted { permission } => {
                format!("Your role does not allow this ({permission}). Ask an administrator for it.")
            }
            Self::WrongCredentials => {
                "The e-mail address or the password is wrong. Check both and try again.".to_owned()
            }
            Self::TooManyTries { seconds } => {
                format!(
                    "Too many wrong tries. Wait {} and try again.",
                    count(*seconds, "second", "seconds")
                )
            }
            Self::WrongPassword => "The present password is wrong. Enter it again.".to_owned(),
            Self::PasswordsDiffer => "The two new passwords differ. Type the same one twice.".to_owned(),
            Self::WeakPassword { at_least } => format!(
                "This password is too short or too common. Choose one of at least {at_least} characters that is \
                 not on the usual lists."
            ),
            Self::NotAnEmail { text } => {
                format!("“{text}” is not an e-mail address. Enter one such as ada@example.com.")
            }
            Self::NotAPhone { text } => {
                format!("“{text}” is not a phone number. Enter one such as +1 415 555 0100.")
            }
            Self::TaxNumberUnfit { number, like } => {
                format!("“{number}” cannot be such a number. They are {like}; look for a mistyped digit.")
            }
            Self::NotDays { at_most } => format!("Enter a whole number of days, from 0 to {at_most}."),
            Self::NotAPicture => "The file is not a PNG, JPEG or WebP picture. Choose one that is.".to_owned(),
            Self::PictureTooLarge { kilobytes, pixels } => format!(
                "The picture is too large. It may have {kilobytes} KB and {pixels} pixels on each side at most."
            ),
            Self::ExternalIdTaken { id } => {
                format!("Another one has the external ID “{id}” already. Choose one that nobody has.")
            }
            Self::AlreadyMember { email } => {
                format!("{email} belongs to your company already. Change the roles on the page of that person.")
            }
            Self::AlreadyInvited { email } => {
                format!("{email} is invited already. Send that invitation again, or take it back first.")
            }
            Self::LinkSpent => "This link was used, replaced or is too old. Ask for a new one.".to_owned(),
            Self::WrongCode => {
                "This code is wrong, was used already or is too old. Wait for the next one and enter that.".to_owned()
            }
            Self::LogInAgain => "Too much time has passed. Log in again with your password.".to_owned(),
            Self::SecondFactorMissing => {
                "Your company asks for a second factor. Set it up first; then you can go on.".to_owned()
            }
            Self::NotAnIssuer { text } => format!(
                "“{text}” is not an address of a sign-in provider. Enter one such as https://login.example.com, without \
                 anything after a question mark."
            ),
            Self::NotADomain { text } => {
                format!("“{text}” is not a mail domain. Enter what stands after the @ in your addresses.")
            }
            Self::ProviderSilent => {
                "Nothing answers there that the portal may call. Check the address, or ask who runs the portal whether it \
                 may be called."
                    .to_owned()
            }
            Self::ProviderUnfit => {
                "What answers there is no OpenID Connect provider of exactly this address. Copy the issuer letter by \
                 letter, with or without the slash at its end."
                    .to_owned()
            }
            Self::NoKey => {
                "The portal has no key to keep secrets with. Ask who runs the portal to set one.".to_owned()
            }
            Self::CompanyFailed => {
                "Your company’s sign-in did not let you in. Try again; if it goes on, ask your administrator.".to_owned()
            }
            Self::CompanyUnknown => {
                "Your company’s sign-in leads to no login here. People come in by invitation: ask your administrator for \
                 one, with the e-mail address that your company knows you by."
                    .to_owned()
            }
            Self::CompanyOnly => {
                "You came in with your company’s sign-in, which is good for this company alone. Log in with your e-mail \
                 and password to do this."
                    .to_owned()
            }
            Self::CompanyMissing => {
                "Your company asks you to come in with its own sign-in. Do that first; then you can go on.".to_owned()
            }
            Self::CompanyFirst => {
                "Come in with this sign-in yourself before you ask it of everybody, so that nobody is locked out.".to_owned()
            }
            Self::OwnEmail => "This is your address already. Enter another one.".to_owned(),
            Self::OutOfRange { from, to } => format!("Enter a whole number from {from} to {to}."),
            Self::OwnMembership => {
                "You cannot change your own roles or access. Ask another administrator to do it.".to_owned()
            }
            Self::MoreThanOwn { permission } => format!(
                "This takes a permission that you do not have yourself ({permission}). Ask an administrator who has it."
            ),
            Self::LastAdmin => {
                "Your company would have no administrator left. Make somebody else one first.".to_owned()
            }
            Self::NoRole => "No role is chosen. Choose at least one.".to_owned(),
            Self::AdminKeepsAll => {
                "An administrator keeps every permission. Make a role of your own for somebody who needs less.".to_owned()
            }
            Self::NameTaken { name } => {
                format!("The name “{name}” is taken already. Choose another one.")
            }
            Self::TooMany { at_most } => {
                format!("There are {at_most} already, and no more are possible. Remove one first.")
            }
            Self::RoleInUse { people } => format!(
                "{} this role. Give them another one first.",
                if *people == 1 { "One person has".to_owned() } else { format!("{people} people have") }
            ),
            Self::GroupInUse { tenants } => format!(
                "{} in this group. Move them to another one first.",
                if *tenants == 1 { "One is".to_owned() } else { format!("{tenants} are") }
            ),
            Self::NotASubsidiary { why } => not_a_subsidiary(*why).to_owned(),
            Self::NothingChosen => "Nothing is chosen. Choose at least one invoice to pay.".to_owned(),
            Self::NotPayable { number, why } => not_payable(number, *why),
            Self::OpenAmountMoved { number, seen, now } => format!(
                "{number} changed while this page was open: {} could be paid, now it is {}. Check the amount \
                 and submit again; nothing was charged.",
                amount(seen),
                amount(now)
            ),
            Self::MoreThanOpen { number, open } => {
                format!("{number} has {} open. Enter at most that.", amount(open))
            }
            Self::NotPositive { number } if number.is_empty() => "Enter an amount above zero.".to_owned(),
            Self::NotPositive { number } => format!("The amount for {number} must be above zero."),
            Self::NoCard => "No card is chosen. Choose a saved card or enter a new one.".to_owned(),
            Self::UnknownCard => "This card is no longer saved. Choose another one.".to_owned(),
            Self::Declined { code } => declined(code).to_owned(),
            Self::Locked { number, why } => locked(number, *why),
            Self::BelowSettled { settled } => format!(
                "{} was paid or credited already, so the total cannot be less. Raise it, or issue a credit note.",
                amount(settled)
            ),
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
            Self::BankEntryIs { state } => match state {
                BankEntryState::Waiting => "The entry waits to be recorded.",
                BankEntryState::Recorded => "A payment was recorded from this entry already.",
                BankEntryState::Aside => "The entry was set aside. Take it back first.",
                BankEntryState::NotIn => "No money came in with this entry, so it is not recorded.",
            }
            .to_owned(),
            Self::ProposalMoved => {
                "What fits has changed since the page was shown. Look at the entry and choose.".to_owned()
            }
            Self::ImportInUse { numbers } => format!(
                "This import cannot be undone, since payments or credits stand on {}. Take those back first.",
                numbers.join(", ")
            ),
            Self::FileRefused { why } => {
                format!("The file was refused: {why} Correct it and upload it again.")
            }
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

const fn not_a_subsidiary(why: NotASubsidiary) -> &'static str {
    match why {
        NotASubsidiary::Itself => "A company cannot be its own subsidiary. Name another one.",
        NotASubsidiary::HasSubsidiaries => {
            "This company has subsidiaries, so it cannot be one. Take them out of the family first."
        }
        NotASubsidiary::ParentBelongs => {
            "The company that you named is a subsidiary, so it cannot have any. Name its parent."
        }
        NotASubsidiary::Nobody => {
            "You have no customer of this external ID or name. Type it as in your list."
        }
        NotASubsidiary::Several => "Several of your customers have this name. Type the external ID.",
    }
}

fn locked(number: &str, why: Locked) -> String {
    let document = if number.is_empty() { "The draft" } else { number };
    match why {
        Locked::Draft => {
            format!("{document} was never issued, so there is nothing to void. Delete it instead.")
        }
        Locked::Void => format!("{document} is void and stays as it is."),
        Locked::WrittenOff => format!("{document} was written off. Take the write-off back first."),
        Locked::NotWrittenOff => {
            format!("Nothing of {document} is written off, so there is nothing to take back.")
        }
        Locked::Complete => {
            format!("{document} is paid in full and can no longer be changed. Issue a credit note instead.")
        }
        Locked::HasPayments => {
            format!("Payments stand on {document}. Take them back first, or issue a credit note.")
        }
        Locked::HasCredits => format!("A credit note stands on {document}. Take it back first."),
        Locked::Pending => format!("{document} is being paid right now. Try again when the result is known."),
        Locked::HasDisputes => format!("A part of {document} is disputed. Answer that first."),
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
        AttemptState::Succeeded => "The payment already succeeded. There is nothing left to do.",
        AttemptState::Failed => "The payment failed and nothing was charged. Start a new one.",
    }
}

fn count(n: u32, one: &str, many: &str) -> String {
    if n == 1 {
        format!("1 {one}")
    } else {
        format!("{n} {many}")
    }
}
