//! The words of payments that rules, storage and screens share.

use super::on_account::{FromAccount, OnAccount, UseFirst};
use crate::{
    ids::{AccountId, AttemptId, CardId, DraftId, FormKey, InvoiceId, PaymentId, TenantId},
    invoices::Status,
    money::{Currency, Money},
    payment_methods::SavedCard,
    refusal::Refusal,
    tenants::Party,
};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// Where an attempt to pay by card or bank debit stands. Final states never go back; `Unknown` is a state of its own and becomes
/// final only by the gateway's word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AttemptState {
    /// Written down, the gateway is being asked.
    Submitted,
    /// The bank wants the payer to confirm (3-D Secure).
    NeedsAction,
    /// The gateway's answer was lost; it is being looked up.
    Unknown,
    /// The bank has the order to debit an account, which takes days.
    Processing,
    /// Paid.
    Succeeded,
    /// Refused, nothing was charged.
    Failed,
}

/// How money came in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Method {
    /// By card: brand and last four digits are all that is kept (V35).
    Card {
        /// Brand.
        brand: String,
        /// Last four digits.
        last4: String,
    },
    /// By debit of a bank account: bank and last four digits are all that is kept.
    BankDebit {
        /// Name of the bank.
        bank: String,
        /// Last four digits.
        last4: String,
    },
    /// Recorded by hand.
    Offline,
    /// Paid before the invoice was imported (D18).
    Opening,
}

/// A chosen invoice on the payment page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PayLine {
    /// The invoice.
    pub invoice: InvoiceId,
    /// Its number.
    pub number: String,
    /// When it is due.
    pub due_date: NaiveDate,
    /// The badge.
    pub status: Status,
    /// What can be paid now; the form sends it back as what the payer saw (V30).
    pub payable: Money,
    /// What of that is offered: what is not disputed.
    pub offered: Money,
    /// What the payer wants to pay, prefilled with what is offered.
    pub amount: Money,
}

/// What is paid in one payment: one account, one currency (D5).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PayGroup {
    /// The trading account.
    pub account: AccountId,
    /// Who is paid.
    pub seller: TenantId,
    /// Its name.
    pub seller_name: String,
    /// For which of the companies that the payer sees; none where they see one only.
    pub company: Option<String>,
    /// The currency.
    pub currency: Currency,
    /// The invoices, oldest due first.
    pub lines: Vec<PayLine>,
    /// Sum of the lines' amounts.
    pub total: Money,
    /// What lies unused on the account; none when there is nothing.
    pub on_account: Option<OnAccount>,
    /// Cards saved on the account, and bank accounts that pay in the currency, the default first.
    pub cards: Vec<SavedCard>,
    /// What the browser needs to show the seller's gateway's card fields.
    pub gateway: GatewayForm,
}

/// What the browser needs for a gateway's card fields. Nothing in it is secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GatewayForm {
    /// Address of the gateway's script.
    pub script: String,
    /// Publishable key.
    pub publishable_key: String,
}

/// The page `Make a payment`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaymentForm {
    /// Key of this rendering: however often it is posted, it is one act (V29).
    pub key: FormKey,
    /// One payment each.
    pub groups: Vec<PayGroup>,
    /// One total is spread over it in proportion, as over one bill of a parent (V41), not to what is due first.
    pub in_proportion: bool,
    /// What was chosen and cannot be paid, with the reason.
    pub left_out: Vec<(String, Refusal)>,
}

/// What the payment page is opened with.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaymentChoice {
    /// These invoices; empty with no draft: all that are open, oldest first, none chosen.
    pub invoices: Vec<InvoiceId>,
    /// A stored choice.
    pub draft: Option<DraftId>,
    /// One total to be spread oldest due first (V28), as typed.
    pub spread: Option<String>,
}

/// What the form posts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubmitPayment {
    /// Key of the rendering.
    pub key: FormKey,
    /// The lines as seen and typed.
    pub lines: Vec<SubmitLine>,
    /// What lies on the account and is used first.
    pub uses: Vec<UseFirst>,
    /// With which card; an empty token will do where nothing is left to be charged.
    pub card: CardChoice,
    /// Keep the new card on the account.
    pub save_card: bool,
    /// Use it next time by default.
    pub make_default: bool,
    /// Send the receipt by mail (P6).
    pub email_receipt: bool,
}

/// A line of [`SubmitPayment`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubmitLine {
    /// The invoice.
    pub invoice: InvoiceId,
    /// What could be paid when the form was shown (V30).
    pub seen: Money,
    /// What to pay.
    pub amount: Money,
}

/// The card of a payment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum CardChoice {
    /// A saved one.
    Saved(CardId),
    /// A new one: the gateway's token. The number never came here (M2).
    Token(String),
}

/// How one payment of a submitted form came out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    /// The attempt.
    pub attempt: AttemptId,
    /// Who is paid.
    pub seller_name: String,
    /// How much.
    pub amount: Money,
    /// Where it stands.
    pub state: AttemptState,
    /// The payment, once it succeeded.
    pub payment: Option<PaymentId>,
    /// Receipt number, once it succeeded.
    pub receipt: Option<String>,
    /// Why it failed.
    pub failure: Option<Refusal>,
    /// For the gateway's script, while the bank waits for the payer.
    pub action: Option<PendingAction>,
    /// Reference to quote when asking about it.
    pub reference: String,
}

/// What the gateway's script needs to let the payer confirm.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PendingAction {
    /// Client secret of the intent: good for confirming it, for nothing else.
    pub client_secret: String,
    /// The gateway's script and key.
    pub gateway: GatewayForm,
}

/// The result page of a submitted form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaymentResult {
    /// What was used first, for each account and currency of which something was.
    pub from_account: Vec<FromAccount>,
    /// One for each account and currency of which something was left to be charged.
    pub outcomes: Vec<Outcome>,
}

/// A receipt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// The payment.
    pub payment: PaymentId,
    /// Its number.
    pub number: String,
    /// On which day, in the seller's time zone.
    pub date: NaiveDate,
    /// Who was paid.
    pub seller: Party,
    /// Who paid.
    pub buyer: Party,
    /// The person who did it.
    pub paid_by: Option<String>,
    /// How.
    pub method: Method,
    /// The gateway's reference.
    pub reference: Option<String>,
    /// Check number or other comment (P14).
    pub memo: Option<String>,
    /// What each invoice got and what stays open on it.
    pub lines: Vec<ReceiptLine>,
    /// The whole payment.
    pub amount: Money,
    /// Part that is not applied to any invoice (V24).
    pub unapplied: Money,
    /// To whom the receipt was mailed.
    pub mailed_to: Option<String>,
    /// Name of the file that the seller keeps beside it.
    pub attachment: Option<String>,
    /// What the gateway kept, for the seller alone and once it is known.
    pub fee: Option<Money>,
}

impl Receipt {
    /// What is left for the seller when the gateway has kept its fee; none when the fee is in another currency.
    pub fn net(&self) -> Option<Money> {
        self.amount.checked_sub(self.fee?).ok()
    }
}

/// A line of a [`Receipt`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReceiptLine {
    /// The invoice.
    pub invoice: InvoiceId,
    /// Its number.
    pub number: String,
    /// What it got.
    pub amount: Money,
    /// What is open on it now; none for the invoice of a subsidiary that the reader does not reach.
    pub open: Option<Money>,
}
