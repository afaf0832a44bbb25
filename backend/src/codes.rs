//! Stored words and ids to the domain's and back. Every variant is matched, so a new one breaks the build here.

use crate::Error;
use domain::{Currency, Money, access::Side};

/// A stored word that the domain has a word for.
pub(crate) trait Stored: Copy {
    /// The domain's type.
    type Domain: Copy;

    /// As the domain says it.
    fn to_domain(self) -> Self::Domain;

    /// As it is stored.
    fn from_domain(value: Self::Domain) -> Self;
}

macro_rules! stored {
    ($($name:ident => $domain:ty { $($variant:ident),+ })+) => {$(
        impl Stored for entity::codes::$name {
            type Domain = $domain;

            fn to_domain(self) -> Self::Domain {
                match self { $(Self::$variant => <$domain>::$variant),+ }
            }

            fn from_domain(value: Self::Domain) -> Self {
                match value { $(<$domain>::$variant => Self::$variant),+ }
            }
        }
    )+};
}

stored! {
    TenantKind => domain::access::TenantKind { Distributor, Partner, Customer }
    TenantState => domain::tenants::TenantState { Active, Suspended, Closed }
    SellerRole => domain::access::SellerRole { Sales, Finance, Admin, User }
    BuyerRole => domain::access::BuyerRole { Viewer, Payer, Admin }
    BuyerReach => domain::access::BuyerReach { Own, Subsidiaries }
    MembershipState => domain::people::MembershipState { Active, Disabled, Removed }
    Source => domain::invoices::Source { Manual, Order, Import }
    TaxCategory => domain::invoices::TaxCategory { S, Z, E, AE, K, G, O }
    AttemptState => domain::payments::AttemptState {
        Submitted, NeedsAction, Unknown, Processing, Succeeded, Failed
    }
    MethodKind => domain::payment_methods::MethodKind { Card, UsBankAccount, SepaDebit }
    Book => domain::ledger::Book {
        Receivable, CardCash, DebitCash, OfflineCash, Opening, Unapplied, Credit, Revenue, Tax, Rounding,
        WriteOff, Fees, Transfer
    }
    EntryKind => domain::ledger::EntryKind {
        Issue, Revise, Void, Receive, Allocate, Credit, Refund, Chargeback, WonBack, Fee, WriteOff, Undo
    }
    FindingKind => domain::gateway::FindingKind { Unasked, Refused, Missing, Amount, GivenBack }
    FindingState => domain::gateway::FindingState { Open, Gone, Recorded, Settled }
    RefundKind => domain::refunds::RefundKind { Refund, Reversal, Chargeback }
    RefundWay => domain::refunds::RefundWay { Gateway, ByHand }
    RefundThen => domain::refunds::Then { Reopen, Credit }
    RefundState => domain::refunds::RefundState { Submitted, Pending, Unknown, Succeeded, Failed, Returned }
    AllocationRule => domain::payments::allocation::Rule { Due, Oldest, Smallest, Exact, ProRata, Company }
    JobState => domain::jobs::JobState { Queued, Running, Done, Dead }
    DisputeState => domain::disputes::DisputeState { Open, Credited, Refused, Withdrawn }
    MailState => domain::mail::MailState { Queued, Sent, Failed }
    BankFileState => domain::bank_files::BankFileState { Columns, Read }
    BankEntryState => domain::bank_files::BankEntryState { Waiting, Recorded, Aside, NotIn }
    LineKind => domain::reconciliation::LineKind { Recurring, Proration, Credit, OneTime }
    BankEntryKind => domain::bank_files::EntryKind { MoneyIn, MoneyOut, Reversal, Pending }
}

/// The domain's stage: an invoice that is partly paid is open.
pub(crate) fn stage(stored: entity::codes::Stage) -> domain::invoices::Stage {
    use domain::invoices::Stage;
    use entity::codes::Stage as Stored;
    match stored {
        Stored::Draft => Stage::Draft,
        Stored::Open | Stored::PartlyPaid => Stage::Open,
        Stored::Paid => Stage::Paid,
        Stored::Void => Stage::Void,
        Stored::WrittenOff => Stage::WrittenOff,
    }
}

/// Whether money came in through the gateway, so that it can go back through it.
pub(crate) const fn is_through_gateway(method: entity::codes::Method) -> bool {
    use entity::codes::Method;
    match method {
        Method::Card | Method::BankDebit => true,
        Method::Offline | Method::Opening => false,
    }
}

/// A stored currency.
pub(crate) fn currency(code: &str) -> Result<Currency, Error> {
    code.parse()
        .map_err(|_| Error::corrupt(format!("currency {code}")))
}

/// A stored amount.
pub(crate) fn money(minor: i64, code: &str) -> Result<Money, Error> {
    Ok(Money::new(minor, currency(code)?))
}

/// The word by which a side is stored.
pub(crate) const fn side_code(side: Side) -> &'static str {
    match side {
        Side::Seller => "seller",
        Side::Buyer => "buyer",
    }
}
