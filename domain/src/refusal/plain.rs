//! The words for refusals that only plain pages show: those the server draws and no program wakes.
//!
//! They stand apart because the program in the browser does without them; they were a hundredth of its largest page.

use super::{Locked, NotASubsidiary, Refusal};
use crate::{
    bank_files::BankEntryState,
    locale::{Locale, format_amount_with_code, format_date},
    money::Money,
};

impl Refusal {
    /// The words, for a refusal of a plain page.
    pub(super) fn on_plain_pages(&self, locale: Locale) -> Option<String> {
        let amount = |money: &Money| format_amount_with_code(*money, locale);
        let words = match self {
            Self::Locked { number, why } => locked(number, *why),
            Self::LongAgo { from } => format!(
                "This day is very long ago. Look at its year; days since {} are taken.",
                format_date(*from, locale)
            ),
            Self::CreditUsed => {
                "Part of it was used. Take it off the invoices first, then it can be withdrawn.".to_owned()
            }
            Self::RefundUnderWay => {
                "Money of this payment is on its way back. Wait until that is decided, then repeat.".to_owned()
            }
            Self::PlanMoved => {
                "A part of it was taken off since. What is still there is taken off one by one, from the payment or credit note."
                    .to_owned()
            }
            Self::RollupMoved { seen, now } => format!(
                "What the bill would hold changed since the page was shown: it was {}, now it is {}. Look at it again; \
                 nothing was issued.",
                amount(seen),
                amount(now)
            ),
            Self::NothingToRollUp => {
                "No invoice of the subsidiaries fits: issued in the period, open, and in no other bill. Choose another period."
                    .to_owned()
            }
            Self::NotOfFamily => {
                "A company in this plan is not, or no longer, a subsidiary of this customer. Nothing was saved. Open the page \
                 anew to see what can be paid now."
                    .to_owned()
            }
            Self::CardInUse => {
                "A payment with this card is not decided yet. Wait until it is, then repeat.".to_owned()
            }
            Self::ExpiryPast => {
                "That month is over, and so would be the card. Enter the date that stands on the new one.".to_owned()
            }
            Self::CardOfAutopay => {
                "Autopay pays with this card. Make another card the default first, or switch autopay off.".to_owned()
            }
            Self::CardOfProfile { name } => {
                format!("The billing profile “{name}” prefers this card. Choose another one there first.")
            }
            Self::ProfileIsDefault => {
                "New invoices are bound to this profile. Make another one the default first.".to_owned()
            }
            Self::ProfileOwes { count: 1 } => {
                "An invoice that is not settled is bound to this profile. Archive it when that is paid.".to_owned()
            }
            Self::ProfileOwes { count } => {
                format!("{count} invoices that are not settled are bound to this profile. Archive it when they are paid.")
            }
            Self::ProfileArchived => {
                "This profile was archived and is kept for old invoices alone. Choose another one.".to_owned()
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
            Self::NothingToRemind => {
                "Nothing was sent. Choose an invoice that is overdue, asks for an amount and was not reminded of today.".to_owned()
            }
            Self::NobodyToRemind => {
                "Nobody can be written to. Add a contact with an e-mail address to the customer’s billing profile.".to_owned()
            }
            Self::NothingToCredit => "All of it was credited already.".to_owned(),
            Self::MoreThanLeft { left } => format!(
                "Only {} can still be credited here. Lower the amount.",
                format_amount_with_code(*left, locale)
            ),
            Self::MoreThanRest { rest } => format!(
                "What is due goes down first, which leaves {} to be paid back. Lower the amount.",
                format_amount_with_code(*rest, locale)
            ),
            Self::DueMoved { seen, now } => format!(
                "What is due on the account went from {} to {} meanwhile. Look again, then repeat.",
                amount(seen),
                amount(now)
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
            Self::NotAnAttachment => "The file is no PDF, PNG or JPEG. Choose one that is.".to_owned(),
            Self::AttachmentTooLarge { megabytes } => {
                format!("The file is larger than {megabytes} MB. Choose a smaller one.")
            }
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
            Self::RoleInUse { people } => format!(
                "{} this role. Give them another one first.",
                if *people == 1 { "One person has".to_owned() } else { format!("{people} people have") }
            ),
            Self::GroupInUse { tenants } => format!(
                "{} in this group. Move them to another one first.",
                if *tenants == 1 { "One is".to_owned() } else { format!("{tenants} are") }
            ),
            Self::NotASubsidiary { why } => not_a_subsidiary(*why).to_owned(),
            Self::BelowSettled { settled } => format!(
                "{} was paid or credited already, so the total cannot be less. Raise it, or issue a credit note.",
                amount(settled)
            ),
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
            _ => return None,
        };
        Some(words)
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

fn count(n: u32, one: &str, many: &str) -> String {
    if n == 1 {
        format!("1 {one}")
    } else {
        format!("{n} {many}")
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
        Locked::HasRounding => format!(
            "{document} has a rounding on the whole of it, which other lines would change. Credit it and write a new one."
        ),
        Locked::TaxedApart => format!(
            "{document} has a discount or a cost that is taxed by a rate of its own, which no field of this form keeps. \
             Credit it and write a new one."
        ),
        Locked::Pending => format!("{document} is being paid right now. Try again when the result is known."),
        Locked::HasDisputes => format!("A part of {document} is disputed. Answer that first."),
        Locked::RolledUp => {
            format!("{document} stands in a bill of the parent company. Withdraw that one first.")
        }
    }
}
