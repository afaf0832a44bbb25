//! The business "no": typed, with the data that explains it, the same on the server and in the browser.
//!
//! A [`Refusal`] is never a string: [`Refusal::message`] turns it into words in one place. It is one file: one list.

mod declined;
mod fields;
mod message;
#[cfg(not(target_arch = "wasm32"))]
mod plain;
mod why;

pub use fields::FieldErrors;
pub use why::{Figure, Locked, NotASubsidiary, NotPayable};

use crate::{
    bank_files::BankEntryState,
    decimal::TaxRate,
    disputes::DisputeState,
    invoices::TaxCategory,
    money::{Currency, Money},
    payments::AttemptState,
};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// Why an act was refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Refusal {
    /// The code is no ISO 4217 currency.
    UnknownCurrency {
        /// What was given.
        code: String,
    },
    /// Two amounts of different currencies met (V3).
    MixedCurrencies {
        /// The first one's.
        one: Currency,
        /// The other one's.
        other: Currency,
    },
    /// An amount outside of what 64 bits of minor units hold.
    AmountTooLarge,
    /// An amount must be shared and there is nobody to share among.
    NothingToShareAmong,
    /// More decimals than are kept.
    TooManyDecimals {
        /// How many are kept.
        kept: u32,
    },
    /// The text is no amount.
    NotAnAmount {
        /// What was given.
        text: String,
    },
    /// The text is no date that a date input could have sent.
    NotADate {
        /// What was given.
        text: String,
    },
    /// A text that is not a month.
    NotAMonth {
        /// What was given.
        text: String,
    },
    /// A field that must be filled is empty.
    Missing,
    /// The text is none of the offered choices.
    UnknownChoice {
        /// What was given.
        text: String,
    },
    /// An amount was given to narrow a list, and no currency to read it in (V3).
    NeedsCurrency,
    /// The first of a range is after its last.
    RangeReversed,
    /// The form was taken apart or changed on its way, so it cannot be read; it must be opened again.
    FormBroken,
    /// The text is longer than is kept.
    TooLong {
        /// Characters that are kept.
        at_most: u32,
    },
    /// The text has a card's number in it, which is never kept (V35).
    CardNumber,
    /// The day has not come yet.
    InFuture {
        /// Today, where the tenant is.
        today: NaiveDate,
    },
    /// The day is so long ago that its year is probably a slip.
    LongAgo {
        /// The first day that is taken.
        from: NaiveDate,
    },
    /// The role does not include the permission.
    NotPermitted {
        /// The permission, as its label says it.
        permission: String,
    },
    /// The e-mail or the password is wrong; which, is not said.
    WrongCredentials,
    /// Too many wrong tries; the next one is taken after some seconds.
    TooManyTries {
        /// Seconds to wait.
        seconds: u32,
    },
    /// The present password given with a change is wrong.
    WrongPassword,
    /// The new password and its repetition differ.
    PasswordsDiffer,
    /// The new password is too short or too common.
    WeakPassword {
        /// How many characters it must have at least.
        at_least: u32,
    },
    /// The text is no e-mail address.
    NotAnEmail {
        /// What was given.
        text: String,
    },
    /// The text is no phone number.
    NotAPhone {
        /// What was given.
        text: String,
    },
    /// The text is no number of the kind and the country.
    TaxNumberUnfit {
        /// What was given.
        number: String,
        /// What such numbers look like.
        like: String,
    },
    /// The text is no number of days.
    NotDays {
        /// Most days that are possible.
        at_most: u32,
    },
    /// The file is no picture that browsers show: PNG, JPEG or WebP.
    NotAPicture,
    /// The picture is too large.
    PictureTooLarge {
        /// Most kilobytes.
        kilobytes: u32,
        /// Most pixels on each side.
        pixels: u32,
    },
    /// The file is none that is kept beside a payment: PDF, PNG or JPEG.
    NotAnAttachment,
    /// The file is too large to be kept beside a payment.
    AttachmentTooLarge {
        /// Most megabytes.
        megabytes: u32,
    },
    /// Another customer of the seller has this external id.
    ExternalIdTaken {
        /// The id.
        id: String,
    },
    /// The person belongs to the tenant already.
    AlreadyMember {
        /// Their address.
        email: String,
    },
    /// The person was invited and did not answer yet.
    AlreadyInvited {
        /// Their address.
        email: String,
    },
    /// The link of a mail was used, replaced, taken back, or is too old.
    LinkSpent,
    /// The code is none of the second factor's, was used before, or is too old.
    WrongCode,
    /// Too much time passed between the password and the code, or the login was begun in another browser.
    LogInAgain,
    /// The tenant asks for a second factor, and the person has none yet.
    SecondFactorMissing,
    /// The text is no address of a sign-in provider.
    NotAnIssuer {
        /// What was given.
        text: String,
    },
    /// The text is no mail domain.
    NotADomain {
        /// What was given.
        text: String,
    },
    /// Nothing that may be called answers at the provider's address.
    ProviderSilent,
    /// What answers at the provider's address is no provider of that name.
    ProviderUnfit,
    /// A secret is to be kept, and the operator gave the portal no key for it.
    NoKey,
    /// The provider did not let the person in, or what it says cannot be believed.
    CompanyFailed,
    /// The provider let somebody in who has no login in the tenant that it could be linked to.
    CompanyUnknown,
    /// Who came by their company's provider cannot do this: it concerns the person's login everywhere.
    CompanyOnly,
    /// The tenant's people must come by its provider, and this person did not.
    CompanyMissing,
    /// Nobody demands a way in that they did not come by.
    CompanyFirst,
    /// The address is the one that the person has already.
    OwnEmail,
    /// The number is outside of what can be set.
    OutOfRange {
        /// The smallest that can.
        from: u32,
        /// The largest that can.
        to: u32,
    },
    /// Nobody changes their own roles or state.
    OwnMembership,
    /// Nobody gives or takes what they may not do themselves.
    MoreThanOwn {
        /// What is missing, as the matrix calls it.
        permission: String,
    },
    /// The tenant would have no admin left who can work (R1).
    LastAdmin,
    /// Somebody needs a role on at least one side.
    NoRole,
    /// The built-in admins keep every permission (R6).
    AdminKeepsAll,
    /// The tenant has a role of this name.
    NameTaken {
        /// The name.
        name: String,
    },
    /// There are as many of its kind as there can be.
    TooMany {
        /// How many that are.
        at_most: u32,
    },
    /// The role is given to people or promised in invitations.
    RoleInUse {
        /// How many.
        people: u32,
    },
    /// The group has tenants in it.
    GroupInUse {
        /// How many.
        tenants: u32,
    },
    /// The customer cannot become a subsidiary of the one that was named (V43).
    NotASubsidiary {
        /// Why.
        why: NotASubsidiary,
    },
    /// Nothing was chosen to be paid.
    NothingChosen,
    /// The invoice is not in a state in which it can be paid.
    NotPayable {
        /// Its number.
        number: String,
        /// Why.
        why: NotPayable,
    },
    /// The invoice stands in a bill of its parent, and only the parent pays it (V40).
    PaidWithRollup {
        /// Its number.
        number: String,
        /// The bill's number.
        rollup: String,
    },
    /// A bill of a parent would hold something else than what was shown (V30).
    RollupMoved {
        /// The sum that was shown.
        seen: Money,
        /// The sum as it is now.
        now: Money,
    },
    /// There is no invoice that a bill of a parent could hold.
    NothingToRollUp,
    /// The open amount is no longer the one that the payer saw (V30).
    OpenAmountMoved {
        /// The invoice's number.
        number: String,
        /// What was shown.
        seen: Money,
        /// What is open now and not being paid by somebody else.
        now: Money,
    },
    /// What lies unused on the account is no longer what the payer saw (V30).
    OnAccountMoved {
        /// What was shown.
        seen: Money,
        /// What lies there now.
        now: Money,
    },
    /// The amount is more than what is open (V25, V26).
    MoreThanOpen {
        /// The invoice's number.
        number: String,
        /// What is open.
        open: Money,
    },
    /// The amount is zero or less.
    NotPositive {
        /// The invoice's number.
        number: String,
    },
    /// No card was chosen.
    NoCard,
    /// The card is gone or belongs to another account, or it is a bank account that does not pay in the currency.
    UnknownCard,
    /// The gateway or the bank said no to the card.
    Declined {
        /// The gateway's reason, one of the codes that [`Refusal::message`] knows, else shown in general words.
        code: String,
    },
    /// The document cannot be edited, deleted or voided as it stands (V14 to V18).
    Locked {
        /// Its number; empty for a draft.
        number: String,
        /// Why.
        why: Locked,
    },
    /// The new total would be less than what was paid and credited already (I11, V25).
    BelowSettled {
        /// Paid and credited so far.
        settled: Money,
    },
    /// More was allocated than there is (V24, V25).
    MoreThanAvailable {
        /// What there is.
        available: Money,
    },
    /// Part of the credit note was used, so it cannot be withdrawn (V39).
    CreditUsed,
    /// Money of the payment is on its way back; until that is decided nothing else is done with it (V32).
    RefundUnderWay,
    /// A part of what was put to invoices as one act was moved since, so the act is not undone as one (V34).
    PlanMoved,
    /// Money is to go to a company that is no subsidiary of the payer, perhaps no longer (V27, V42).
    NotOfFamily,
    /// A payment that is not decided yet is made with the card.
    CardInUse,
    /// The month in which the card would expire is over.
    ExpiryPast,
    /// Autopay pays with the card, so it stays until another one is the default or autopay is off.
    CardOfAutopay,
    /// A billing profile prefers the card.
    CardOfProfile {
        /// What the profile is called.
        name: String,
    },
    /// The profile is the one that new invoices are bound to.
    ProfileIsDefault,
    /// Invoices that are not settled are bound to the profile.
    ProfileOwes {
        /// How many, drafts too.
        count: u64,
    },
    /// The profile is kept for old invoices alone.
    ProfileArchived,
    /// Autopay pays with the default card, and there is none or it has expired.
    AutopayNeedsCard,
    /// The job did not fail, so there is nothing to repeat.
    JobNotFailed,
    /// Another job does the same by now.
    JobReplaced,
    /// The mail holds a link for one person, which is made anew where it was asked for.
    MailHoldsSecret,
    /// The receipt was sent as often as it may be in a day.
    SentOften,
    /// None of the chosen invoices can be reminded of today.
    NothingToRemind,
    /// Neither profile nor company nor anybody who may pay has an address.
    NobodyToRemind,
    /// Nothing of the invoice is left to be credited (V12).
    NothingToCredit,
    /// More than is left to be credited of a line, of its tax group or of the invoice (V12).
    MoreThanLeft {
        /// What is left.
        left: Money,
    },
    /// More is to be paid back than a credit note leaves over when it has lowered what is due (V37).
    MoreThanRest {
        /// What it leaves over.
        rest: Money,
    },
    /// What is due on an account is not what the writer of a credit note saw (V30).
    DueMoved {
        /// What it was.
        seen: Money,
        /// What it is now.
        now: Money,
    },
    /// More than can still be disputed of a line or of the invoice.
    MoreThanDisputable {
        /// What is left.
        left: Money,
    },
    /// All that is open of the invoice waits for an answer already.
    AllDisputed {
        /// Its number.
        number: String,
    },
    /// The dispute does not wait for an answer any more.
    DisputeEnded {
        /// How it ended.
        state: DisputeState,
    },
    /// A number that the document states is not the one that its parts give (V6 to V9).
    TotalDiffers {
        /// Which number.
        what: Figure,
        /// What the document states.
        stated: Money,
        /// What its parts give.
        computed: Money,
    },
    /// The rate does not go with the tax category: only the standard category has one, and always has one (V10).
    RateUnfit {
        /// The category.
        category: TaxCategory,
        /// The rate.
        rate: TaxRate,
    },
    /// The tax category needs a reason for taking no tax (V10).
    ReasonMissing {
        /// The category.
        category: TaxCategory,
    },
    /// Numbers and issue dates of a series rise together, so this date is too early (V22).
    DateBeforeLast {
        /// Issue date of the last document of the series.
        last: NaiveDate,
    },
    /// The attempt is in a state in which the act makes no sense.
    AttemptIs {
        /// The state.
        state: AttemptState,
    },
    /// The import is in a state in which the act makes no sense.
    ImportIs {
        /// The state, as a word.
        state: String,
    },
    /// The import cannot be undone since something was built on it.
    ImportInUse {
        /// Numbers of documents with which something was done, the first few.
        numbers: Vec<String>,
    },
    /// The entry of a bank's file is in a state in which the act makes no sense.
    BankEntryIs {
        /// The state.
        state: BankEntryState,
    },
    /// What is proposed for an entry of a bank's file is not what was seen, or is nothing that can be recorded unseen.
    ProposalMoved,
    /// The uploaded file was refused as a whole.
    FileRefused {
        /// What is wrong with it, in words.
        why: String,
    },
}

#[cfg(test)]
mod tests;
