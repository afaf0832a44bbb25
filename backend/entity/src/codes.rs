//! Words that are stored: each column with a fixed set of values has an enum here, so a typing error does not compile.

use sea_orm::entity::prelude::*;

macro_rules! codes {
    ($($name:ident { $($variant:ident = $code:literal),+ $(,)? })+) => {$(
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, DeriveActiveEnum)]
        #[sea_orm(rs_type = "String", db_type = "Text")]
        pub enum $name {
            $(#[sea_orm(string_value = $code)] $variant,)+
        }

        impl $name {
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code),+ }
            }
        }
    )+};
}

codes! {
    TenantKind { Distributor = "distributor", Partner = "partner", Customer = "customer" }
    TenantState { Active = "active", Suspended = "suspended", Closed = "closed" }
    SellerRole { Sales = "sales", Finance = "finance", Admin = "admin", User = "user" }
    MembershipState { Active = "active", Disabled = "disabled", Removed = "removed" }
    BuyerRole { Viewer = "viewer", Payer = "payer", Admin = "admin" }
    BuyerReach { Own = "own", Subsidiaries = "subsidiaries" }
    ImportState {
        Staged = "staged", Checked = "checked", Publishing = "publishing",
        Published = "published", Failed = "failed", Undone = "undone",
    }
    Severity { Error = "error", Warning = "warning" }
    Stage { Draft = "draft", Open = "open", PartlyPaid = "partly_paid", Paid = "paid", Void = "void", WrittenOff = "written_off" }
    Source { Manual = "manual", Order = "order", Import = "import" }
    TaxCategory { S = "S", Z = "Z", E = "E", AE = "AE", K = "K", G = "G", O = "O" }
    PartyRole { Seller = "seller", Buyer = "buyer" }
    AttemptState {
        Submitted = "submitted", NeedsAction = "needs_action", Unknown = "unknown", Processing = "processing",
        Succeeded = "succeeded", Failed = "failed",
    }
    Method { Card = "card", BankDebit = "bank_debit", Offline = "offline", Opening = "opening" }
    MethodKind { Card = "card", UsBankAccount = "us_bank_account", SepaDebit = "sepa_debit" }
    Book {
        Receivable = "receivable", CardCash = "cash_card", DebitCash = "cash_debit",
        OfflineCash = "cash_offline", Opening = "opening", Unapplied = "unapplied", Credit = "credit", Revenue = "revenue", Tax = "tax", Rounding = "rounding",
        WriteOff = "write_off", Fees = "fees", Transfer = "transfer",
    }
    FindingKind {
        Unasked = "unasked", Refused = "refused", Missing = "missing", Amount = "amount", GivenBack = "given_back",
    }
    FindingState { Open = "open", Gone = "gone", Recorded = "recorded", Settled = "settled" }
    EntryKind {
        Issue = "issue", Revise = "revise", Void = "void", Receive = "receive", Allocate = "allocate", Credit = "credit",
        Refund = "refund", Chargeback = "chargeback", WonBack = "won_back", Fee = "fee", WriteOff = "write_off",
        Undo = "undo",
    }
    RefundKind { Refund = "refund", Reversal = "reversal", Chargeback = "chargeback" }
    RefundWay { Gateway = "gateway", ByHand = "by_hand" }
    RefundThen { Reopen = "reopen", Credit = "credit" }
    RefundState {
        Submitted = "submitted", Pending = "pending", Unknown = "unknown", Succeeded = "succeeded",
        Failed = "failed", Returned = "returned",
    }
    DisputeState { Open = "open", Credited = "credited", Refused = "refused", Withdrawn = "withdrawn" }
    AllocationRule {
        Due = "due", Oldest = "oldest", Smallest = "smallest", Exact = "exact", ProRata = "pro_rata",
        Company = "company",
    }
    EventState { Waiting = "waiting", Done = "done", Ignored = "ignored" }
    CreditNoteStage { Issued = "issued", Void = "void" }
    JobState { Queued = "queued", Running = "running", Done = "done", Dead = "dead" }
    MailState { Queued = "queued", Sent = "sent", Failed = "failed" }
    BankFileState { Columns = "columns", Read = "read" }
    BankEntryState { Waiting = "waiting", Recorded = "recorded", Aside = "aside", NotIn = "not_in" }
    BankEntryKind { MoneyIn = "in", MoneyOut = "out", Reversal = "reversal", Pending = "pending" }
    LineKind { Recurring = "recurring", Proration = "proration", Credit = "credit", OneTime = "one_time" }
    ActorKind {
        User = "user", ApiKey = "api_key", Operator = "operator", Job = "job", Import = "import", System = "system",
    }
}
