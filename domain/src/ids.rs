//! One type per kind of id, so that an invoice's id cannot be handed to a function that wants a payment's.
//!
//! Ids are UUIDv7 and made by the backend; here they are only parsed, compared and shown.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};
pub use uuid::Uuid;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id)
            }
        }
    )+};
}

ids! {
    /// A tenant: distributor, partner or customer.
    TenantId
    /// A person who can sign in.
    UserId
    /// A trading account: one seller, one buyer.
    AccountId
    /// An invoice.
    InvoiceId
    /// A credit note.
    CreditNoteId
    /// A payment that was received.
    PaymentId
    /// Money or credit that is put to an invoice.
    AllocationId
    /// Money and credit that was put to invoices as one act.
    PlanId
    /// A bill of a parent over its subsidiaries' invoices.
    RollupId
    /// What a buyer says is not owed.
    DisputeId
    /// Money that goes back.
    RefundId
    /// A try to pay by card; becomes a payment when the gateway says yes.
    AttemptId
    /// A saved card.
    CardId
    /// A billing profile of an account (B1).
    ProfileId
    /// One form as it was rendered; its posts are one act, however often they arrive (V29).
    FormKey
    /// What was chosen or typed and waits for the next page.
    DraftId
    /// One imported file.
    ImportId
    /// A saved column mapping of an import.
    MappingId
    /// A file that a bank gave.
    BankFileId
    /// One entry of a bank's file.
    BankEntryId
    /// Something in which the portal and the payment gateway differ.
    FindingId
    /// A bill of a vendor for a month.
    VendorBillId
    /// A mail in the outbox.
    MailId
    /// An audit entry.
    AuditId
    /// An invitation.
    InvitationId
    /// A group of tenants that is switched on as one (T16).
    GroupId
    /// A permission to look at another tenant's documents (V50).
    GrantId
    /// A further address of a company.
    AddressId
    /// A further tax identifier of a company.
    TaxIdId
    /// A key with which a program calls.
    ApiKeyId
    /// A job of the queue.
    JobId
}
