//! The words of every refusal, in one file so that they are read as a whole before they change.

use super::*;
use crate::{
    locale::Locale,
    strategies::{day, eur},
};

#[test]
fn every_refusal_says_what_happened_and_what_to_do() {
    let messages: Vec<String> = every_refusal()
        .iter()
        .map(|refusal| format!("{refusal:?}\n    {}", refusal.message(Locale::EnUs)))
        .collect();
    insta::assert_snapshot!(messages.join("\n"));
}

#[test]
fn no_message_is_empty_or_unfinished() {
    for refusal in every_refusal() {
        for locale in Locale::ALL {
            let message = refusal.message(*locale);
            assert!(
                message.ends_with('.') && message.len() > 20,
                "{refusal:?}: {message}"
            );
        }
    }
}

#[test]
fn amounts_and_dates_follow_the_locale() {
    let refusal = Refusal::MoreThanOpen {
        number: "INV-7".to_owned(),
        open: eur(123_450),
    };
    assert_eq!(
        refusal.message(Locale::DeDe),
        "INV-7 has 1.234,50 EUR open. Enter at most that."
    );
    let refusal = Refusal::DateBeforeLast {
        last: day("2026-12-01"),
    };
    assert!(refusal.message(Locale::FrFr).contains("1 déc. 2026"));
}

#[test]
fn suspicion_of_theft_is_not_told_to_who_holds_the_card() {
    let words = |code: &str| {
        Refusal::Declined {
            code: code.to_owned(),
        }
        .message(Locale::EnUs)
    };
    for code in [
        "lost_card",
        "stolen_card",
        "fraudulent",
        "pickup_card",
        "do_not_honor",
        "",
        "no such code",
    ] {
        assert_eq!(words(code), words("card_declined"), "{code}");
    }
}

#[test]
fn the_first_error_of_a_field_stays() {
    let mut errors = FieldErrors::one("amount", Refusal::Missing);
    errors.add("amount", Refusal::AmountTooLarge);
    assert_eq!(errors.get("amount"), Some(&Refusal::Missing));
    assert_eq!(errors.iter().count(), 1);
    assert_eq!(errors.clone().unless(1), Err(errors));
    assert_eq!(FieldErrors::default().unless(1), Ok(1));
}

/// One of each, with each shade. The match makes sure that a new variant is added here too.
fn every_refusal() -> Vec<Refusal> {
    let number = || "INV-2026-00042".to_owned();
    let text = |text: &str| text.to_owned();
    let mut all = vec![
        Refusal::UnknownCurrency { code: text("XYZ") },
        Refusal::MixedCurrencies {
            one: Currency::EUR,
            other: Currency::USD,
        },
        Refusal::AmountTooLarge,
        Refusal::NothingToShareAmong,
        Refusal::TooManyDecimals { kept: 0 },
        Refusal::TooManyDecimals { kept: 2 },
        Refusal::NotAnAmount { text: text("twelve") },
        Refusal::NotADate {
            text: text("12/01/2026"),
        },
        Refusal::NotAMonth {
            text: text("December"),
        },
        Refusal::Missing,
        Refusal::UnknownChoice { text: text("later") },
        Refusal::NeedsCurrency,
        Refusal::RangeReversed,
        Refusal::FormBroken,
        Refusal::TooLong { at_most: 100 },
        Refusal::CardNumber,
        Refusal::CreditUsed,
        Refusal::RefundUnderWay,
        Refusal::PlanMoved,
        Refusal::NothingToRollUp,
        Refusal::RollupMoved {
            seen: eur(123_450),
            now: eur(10_000),
        },
        Refusal::PaidWithRollup {
            number: number(),
            rollup: text("ROL-2026-000003"),
        },
        Refusal::NotOfFamily,
        Refusal::CardInUse,
        Refusal::ExpiryPast,
        Refusal::CardOfAutopay,
        Refusal::CardOfProfile { name: text("Lab") },
        Refusal::ProfileIsDefault,
        Refusal::ProfileOwes { count: 1 },
        Refusal::ProfileOwes { count: 3 },
        Refusal::ProfileArchived,
        Refusal::AutopayNeedsCard,
        Refusal::JobNotFailed,
        Refusal::JobReplaced,
        Refusal::MailHoldsSecret,
        Refusal::SentOften,
        Refusal::NothingToRemind,
        Refusal::NobodyToRemind,
        Refusal::NothingToCredit,
        Refusal::MoreThanLeft {
            left: Money::new(12_50, Currency::EUR),
        },
        Refusal::MoreThanRest { rest: eur(12_50) },
        Refusal::DueMoved {
            seen: eur(12_50),
            now: eur(10_00),
        },
        Refusal::MoreThanDisputable { left: eur(12_50) },
        Refusal::AllDisputed { number: number() },
        Refusal::DisputeEnded {
            state: DisputeState::Refused,
        },
        Refusal::InFuture {
            today: NaiveDate::from_ymd_opt(2026, 3, 15).unwrap(),
        },
        Refusal::LongAgo {
            from: NaiveDate::from_ymd_opt(2021, 3, 15).unwrap(),
        },
        Refusal::NotPermitted {
            permission: text("Pay invoices"),
        },
        Refusal::WrongCredentials,
        Refusal::TooManyTries { seconds: 1 },
        Refusal::TooManyTries { seconds: 30 },
        Refusal::WrongPassword,
        Refusal::PasswordsDiffer,
        Refusal::WeakPassword { at_least: 10 },
        Refusal::NotAnEmail {
            text: "ada".to_owned(),
        },
        Refusal::NotAPhone {
            text: "call me".to_owned(),
        },
        Refusal::NotDays { at_most: 365 },
        Refusal::NotAPicture,
        Refusal::PictureTooLarge {
            kilobytes: 200,
            pixels: 1_024,
        },
        Refusal::NotAnAttachment,
        Refusal::AttachmentTooLarge { megabytes: 5 },
        Refusal::ExternalIdTaken {
            id: "P-101".to_owned(),
        },
        Refusal::NotASubsidiary {
            why: NotASubsidiary::Itself,
        },
        Refusal::NotASubsidiary {
            why: NotASubsidiary::HasSubsidiaries,
        },
        Refusal::NotASubsidiary {
            why: NotASubsidiary::ParentBelongs,
        },
        Refusal::NotASubsidiary {
            why: NotASubsidiary::Nobody,
        },
        Refusal::NotASubsidiary {
            why: NotASubsidiary::Several,
        },
        Refusal::TaxNumberUnfit {
            number: "DE12".to_owned(),
            like: "DE and 9 digits".to_owned(),
        },
        Refusal::GroupInUse { tenants: 1 },
        Refusal::GroupInUse { tenants: 3 },
        Refusal::AlreadyMember {
            email: "ada@example.com".to_owned(),
        },
        Refusal::AlreadyInvited {
            email: "ada@example.com".to_owned(),
        },
        Refusal::LinkSpent,
        Refusal::WrongCode,
        Refusal::LogInAgain,
        Refusal::SecondFactorMissing,
        Refusal::NotAnIssuer {
            text: text("login.example.com"),
        },
        Refusal::NotADomain {
            text: text("example"),
        },
        Refusal::ProviderSilent,
        Refusal::ProviderUnfit,
        Refusal::NoKey,
        Refusal::CompanyFailed,
        Refusal::CompanyUnknown,
        Refusal::CompanyOnly,
        Refusal::CompanyMissing,
        Refusal::CompanyFirst,
        Refusal::OwnEmail,
        Refusal::OutOfRange { from: 5, to: 720 },
        Refusal::OwnMembership,
        Refusal::MoreThanOwn {
            permission: "Manage people".to_owned(),
        },
        Refusal::LastAdmin,
        Refusal::NoRole,
        Refusal::AdminKeepsAll,
        Refusal::NameTaken {
            name: "Clerk".to_owned(),
        },
        Refusal::TooMany { at_most: 40 },
        Refusal::RoleInUse { people: 1 },
        Refusal::RoleInUse { people: 3 },
        Refusal::NothingChosen,
        Refusal::OpenAmountMoved {
            number: number(),
            seen: eur(123_450),
            now: eur(10_000),
        },
        Refusal::OnAccountMoved {
            seen: eur(123_450),
            now: eur(10_000),
        },
        Refusal::MoreThanOpen {
            number: number(),
            open: eur(10_000),
        },
        Refusal::NotPositive { number: text("") },
        Refusal::NotPositive { number: number() },
        Refusal::NoCard,
        Refusal::UnknownCard,
        Refusal::BelowSettled { settled: eur(10_000) },
        Refusal::MoreThanAvailable {
            available: eur(10_000),
        },
        Refusal::RateUnfit {
            category: TaxCategory::S,
            rate: TaxRate::from_scaled(0),
        },
        Refusal::RateUnfit {
            category: TaxCategory::AE,
            rate: TaxRate::from_scaled(190_000),
        },
        Refusal::ReasonMissing {
            category: TaxCategory::E,
        },
        Refusal::DateBeforeLast {
            last: day("2026-12-01"),
        },
        Refusal::ImportIs {
            state: text("published"),
        },
        Refusal::BankEntryIs {
            state: BankEntryState::Recorded,
        },
        Refusal::ProposalMoved,
        Refusal::ImportInUse {
            numbers: vec![number(), text("INV-2026-00043")],
        },
        Refusal::FileRefused {
            why: text("It is empty."),
        },
    ];
    for refusal in &all {
        assert!(known(refusal));
    }
    use NotPayable as P;
    all.extend(
        [P::Draft, P::Paid, P::Void, P::WrittenOff, P::Pending].map(|why| Refusal::NotPayable {
            number: number(),
            why,
        }),
    );
    use Locked as L;
    let locks = [
        L::Draft,
        L::Void,
        L::WrittenOff,
        L::NotWrittenOff,
        L::Complete,
        L::HasPayments,
        L::HasCredits,
        L::HasRounding,
        L::TaxedApart,
        L::Pending,
        L::HasDisputes,
        L::RolledUp,
    ];
    all.extend(locks.map(|why| Refusal::Locked {
        number: number(),
        why,
    }));
    all.push(Refusal::Locked {
        number: String::new(),
        why: L::Draft,
    });
    use Figure as F;
    all.extend(
        [F::LineNet, F::Lines, F::Net, F::TaxBase, F::Tax, F::Total].map(|what| Refusal::TotalDiffers {
            what,
            stated: eur(100),
            computed: eur(101),
        }),
    );
    all.extend(
        AttemptState::ALL
            .iter()
            .map(|state| Refusal::AttemptIs { state: *state }),
    );
    all.extend(DECLINES.iter().map(|code| Refusal::Declined { code: text(code) }));
    all
}

/// The codes that gateways send most.
const DECLINES: &[&str] = &[
    "card_declined",
    "insufficient_funds",
    "expired_card",
    "incorrect_cvc",
    "incorrect_number",
    "invalid_expiry_year",
    "incorrect_zip",
    "authentication_required",
    "authentication_failed",
    "processing_error",
    "card_not_supported",
    "card_velocity_exceeded",
    "amount_too_small",
    "amount_too_large",
];

fn known(refusal: &Refusal) -> bool {
    match refusal {
        Refusal::UnknownCurrency { .. }
        | Refusal::MixedCurrencies { .. }
        | Refusal::AmountTooLarge
        | Refusal::NothingToShareAmong
        | Refusal::TooManyDecimals { .. }
        | Refusal::NotAnAmount { .. }
        | Refusal::NotADate { .. }
        | Refusal::NotAMonth { .. }
        | Refusal::Missing
        | Refusal::UnknownChoice { .. }
        | Refusal::NeedsCurrency
        | Refusal::RangeReversed
        | Refusal::FormBroken
        | Refusal::TooLong { .. }
        | Refusal::CardNumber
        | Refusal::CreditUsed
        | Refusal::RefundUnderWay
        | Refusal::PlanMoved
        | Refusal::NothingToRollUp
        | Refusal::RollupMoved { .. }
        | Refusal::PaidWithRollup { .. }
        | Refusal::NotOfFamily
        | Refusal::CardInUse
        | Refusal::ExpiryPast
        | Refusal::CardOfAutopay
        | Refusal::CardOfProfile { .. }
        | Refusal::ProfileIsDefault
        | Refusal::ProfileOwes { .. }
        | Refusal::ProfileArchived
        | Refusal::AutopayNeedsCard
        | Refusal::JobNotFailed
        | Refusal::JobReplaced
        | Refusal::MailHoldsSecret
        | Refusal::SentOften
        | Refusal::NothingToRemind
        | Refusal::NobodyToRemind
        | Refusal::NothingToCredit
        | Refusal::MoreThanLeft { .. }
        | Refusal::MoreThanRest { .. }
        | Refusal::DueMoved { .. }
        | Refusal::MoreThanDisputable { .. }
        | Refusal::AllDisputed { .. }
        | Refusal::DisputeEnded { .. }
        | Refusal::InFuture { .. }
        | Refusal::LongAgo { .. }
        | Refusal::NotPermitted { .. }
        | Refusal::WrongCredentials
        | Refusal::TooManyTries { .. }
        | Refusal::WrongPassword
        | Refusal::PasswordsDiffer
        | Refusal::WeakPassword { .. }
        | Refusal::NotAnEmail { .. }
        | Refusal::NotAPhone { .. }
        | Refusal::NotDays { .. }
        | Refusal::TaxNumberUnfit { .. }
        | Refusal::NotAPicture
        | Refusal::PictureTooLarge { .. }
        | Refusal::NotAnAttachment
        | Refusal::AttachmentTooLarge { .. }
        | Refusal::ExternalIdTaken { .. }
        | Refusal::AlreadyMember { .. }
        | Refusal::AlreadyInvited { .. }
        | Refusal::LinkSpent
        | Refusal::WrongCode
        | Refusal::LogInAgain
        | Refusal::SecondFactorMissing
        | Refusal::NotAnIssuer { .. }
        | Refusal::NotADomain { .. }
        | Refusal::ProviderSilent
        | Refusal::ProviderUnfit
        | Refusal::NoKey
        | Refusal::CompanyFailed
        | Refusal::CompanyUnknown
        | Refusal::CompanyOnly
        | Refusal::CompanyMissing
        | Refusal::CompanyFirst
        | Refusal::OwnEmail
        | Refusal::OutOfRange { .. }
        | Refusal::OwnMembership
        | Refusal::MoreThanOwn { .. }
        | Refusal::LastAdmin
        | Refusal::NoRole
        | Refusal::AdminKeepsAll
        | Refusal::NameTaken { .. }
        | Refusal::TooMany { .. }
        | Refusal::RoleInUse { .. }
        | Refusal::GroupInUse { .. }
        | Refusal::NotASubsidiary { .. }
        | Refusal::NothingChosen
        | Refusal::NotPayable { .. }
        | Refusal::OpenAmountMoved { .. }
        | Refusal::OnAccountMoved { .. }
        | Refusal::MoreThanOpen { .. }
        | Refusal::NotPositive { .. }
        | Refusal::NoCard
        | Refusal::UnknownCard
        | Refusal::Declined { .. }
        | Refusal::Locked { .. }
        | Refusal::BelowSettled { .. }
        | Refusal::MoreThanAvailable { .. }
        | Refusal::TotalDiffers { .. }
        | Refusal::RateUnfit { .. }
        | Refusal::ReasonMissing { .. }
        | Refusal::DateBeforeLast { .. }
        | Refusal::AttemptIs { .. }
        | Refusal::ImportIs { .. }
        | Refusal::BankEntryIs { .. }
        | Refusal::ProposalMoved
        | Refusal::ImportInUse { .. }
        | Refusal::FileRefused { .. } => true,
    }
}
