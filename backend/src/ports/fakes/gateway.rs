//! A gateway that can be told to fail.
//!
//! It behaves like a real one as far as the payment core can tell: the same attempt gives the same intent, the same refund
//! is one, and a lost reply loses the reply, not the effect.

mod calls;
mod charges;
mod scripts;
mod setups;

pub use calls::{Call, Fault};

use super::held;
use crate::ports::{
    About, Charges, EventRefused, GatewayCard, GatewayCharge, GatewayDispute, GatewayError, GatewayEvent,
    GatewayRefund, GatewayRefundState, Intent, IntentRequest, IntentState, PaymentGateway, Presence,
    RefundRequest, Setup,
};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::{
    Money,
    ids::{AccountId, AttemptId, TenantId},
    payment_methods::{CardChange, MethodKind},
    payments::GatewayForm,
};
use std::{
    collections::{BTreeMap, VecDeque},
    sync::Mutex,
};

/// A gateway in memory. Tokens that contain `refuse` are declined at attach, `decline` and `lost` at charge, `3ds` asks
/// for the payer, `process` leaves the bank thinking; all others pay. Those that contain `bank` are accounts in the United
/// States, those with `iban` in Europe, and their banks always think first.
#[derive(Debug, Default)]
pub struct FakeGateway(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    calls: Vec<Call>,
    script: VecDeque<(Call, Fault)>,
    intents: BTreeMap<String, (String, AttemptId, Intent)>,
    attached: BTreeMap<String, String>,
    changed: BTreeMap<String, CardChange>,
    refunds: Vec<(String, GatewayRefund)>,
    next_refund: Option<GatewayRefundState>,
    next_fee: Option<Money>,
    foreign: Vec<GatewayCharge>,
    disputes: BTreeMap<String, GatewayDispute>,
    setups: BTreeMap<String, Setup>,
}

impl FakeGateway {
    /// The next call of this kind goes wrong.
    pub fn script(&self, call: Call, fault: Fault) {
        held(&self.0).script.push_back((call, fault));
    }

    /// What was called, in order.
    pub fn calls(&self) -> Vec<Call> {
        held(&self.0).calls.clone()
    }

    /// How often a call was made.
    pub fn count(&self, call: Call) -> usize {
        held(&self.0).calls.iter().filter(|made| **made == call).count()
    }

    /// The intents that were paid.
    pub fn charges(&self) -> Vec<Intent> {
        let state = held(&self.0);
        let intents = state.intents.values().map(|(_, _, intent)| intent);
        intents
            .filter(|intent| intent.state == IntentState::Succeeded)
            .cloned()
            .collect()
    }

    /// The payer confirms at the bank, or the bank makes up its mind.
    pub fn settle(&self, intent: &str, state: IntentState) {
        if let Some((_, _, intent)) = held(&self.0).intents.get_mut(intent) {
            intent.state = state;
        }
    }

    /// Whether a card is attached to a customer.
    pub fn is_attached(&self, token: &str) -> bool {
        held(&self.0).attached.contains_key(token)
    }

    /// Notes the call, takes effect unless the request is lost, answers unless the reply is.
    fn answer<T>(
        &self,
        call: Call,
        effect: impl FnOnce(&mut State) -> Result<T, GatewayError>,
    ) -> Result<T, GatewayError> {
        let mut state = held(&self.0);
        state.calls.push(call);
        let position = state.script.iter().position(|(scripted, _)| *scripted == call);
        let fault = position
            .and_then(|position| state.script.remove(position))
            .map(|(_, fault)| fault);
        match fault {
            None => effect(&mut state),
            Some(Fault::LoseReply) => effect(&mut state).and_then(|_| Err(unreachable("the reply was lost"))),
            Some(Fault::LoseRequest) => Err(unreachable("the request was lost")),
            Some(Fault::RateLimit) => Err(GatewayError::RateLimited),
        }
    }
}

fn unreachable(why: &str) -> GatewayError {
    GatewayError::Unreachable(why.into())
}

fn intent_of(state: &State, id: &str) -> Result<Intent, GatewayError> {
    let (_, _, intent) = state
        .intents
        .get(id)
        .ok_or_else(|| GatewayError::Misuse(format!("no intent {id}")))?;
    Ok(intent.clone())
}

#[async_trait]
impl PaymentGateway for FakeGateway {
    fn form(&self, seller: TenantId) -> GatewayForm {
        GatewayForm {
            script: "http://127.0.0.1:1/v3/".to_owned(),
            publishable_key: format!("pk_test_{}", seller.0.simple()),
        }
    }

    async fn create_customer(
        &self,
        _seller: TenantId,
        account: AccountId,
        _name: &str,
        _email: Option<&str>,
    ) -> Result<String, GatewayError> {
        self.answer(Call::CreateCustomer, |_| {
            Ok(format!("cus_{}", account.0.simple()))
        })
    }

    async fn attach_card(
        &self,
        _seller: TenantId,
        customer: &str,
        token: &str,
    ) -> Result<GatewayCard, GatewayError> {
        self.answer(Call::AttachCard, |state| {
            if token.contains("refuse") {
                return Err(GatewayError::Declined {
                    code: "card_declined".to_owned(),
                });
            }
            state.attached.insert(token.to_owned(), customer.to_owned());
            Ok(setups::kept(token))
        })
    }

    async fn begin_setup(
        &self,
        _seller: TenantId,
        customer: &str,
        kind: MethodKind,
    ) -> Result<Setup, GatewayError> {
        self.answer(Call::BeginSetup, |state| Ok(setups::begin(state, customer, kind)))
    }

    async fn find_setup(&self, _seller: TenantId, setup: &str) -> Result<Option<Setup>, GatewayError> {
        self.answer(Call::FindSetup, |state| Ok(state.setups.get(setup).cloned()))
    }

    async fn change_card(
        &self,
        _seller: TenantId,
        customer: &str,
        token: &str,
        change: &CardChange,
    ) -> Result<GatewayCard, GatewayError> {
        self.answer(Call::ChangeCard, |state| {
            setups::change(state, customer, token, change)
        })
    }

    async fn detach_card(&self, _seller: TenantId, token: &str) -> Result<(), GatewayError> {
        self.answer(Call::DetachCard, |state| {
            state.attached.remove(token);
            Ok(())
        })
    }

    async fn create_intent(
        &self,
        _seller: TenantId,
        request: &IntentRequest,
    ) -> Result<Intent, GatewayError> {
        self.answer(Call::CreateIntent, |state| {
            let id = format!("pi_{}", request.attempt.0.simple());
            let made = || Intent {
                id: id.clone(),
                state: IntentState::RequiresConfirmation,
                amount: request.amount,
                client_secret: Some(format!("{id}_secret")),
                charge: None,
                fee: None,
                failure: None,
            };
            let entry = state.intents.entry(id.clone());
            let (_, _, intent) = entry.or_insert_with(|| (request.customer.clone(), request.attempt, made()));
            Ok(intent.clone())
        })
    }

    async fn confirm_intent(
        &self,
        _seller: TenantId,
        _attempt: AttemptId,
        intent: &str,
        card: &str,
        payer: Presence,
    ) -> Result<Intent, GatewayError> {
        self.answer(Call::ConfirmIntent, |state| {
            let mut found = intent_of(state, intent)?;
            let refusal = if card.contains("decline") {
                Some("card_declined")
            } else if card.contains("lost") {
                Some("lost_card")
            } else if card.contains("3ds") && payer == Presence::OffSession {
                Some("authentication_required")
            } else {
                None
            };
            if found.state == IntentState::RequiresConfirmation {
                found.state = if let Some(code) = refusal {
                    found.failure = Some(code.to_owned());
                    IntentState::RequiresPaymentMethod
                } else if card.contains("3ds") {
                    IntentState::RequiresAction
                } else if card.contains("process") || setups::kind_of(card).is_bank_debit() {
                    IntentState::Processing
                } else {
                    found.charge = Some(format!("ch_{intent}"));
                    found.fee = state.next_fee.take();
                    IntentState::Succeeded
                };
                if let Some((_, _, kept)) = state.intents.get_mut(intent) {
                    *kept = found.clone();
                }
            }
            match found.state {
                IntentState::RequiresPaymentMethod => Err(match found.failure.unwrap_or_default() {
                    code if code == "authentication_required" => GatewayError::NeedsAuthentication,
                    code => GatewayError::Declined { code },
                }),
                IntentState::Canceled => Err(GatewayError::Misuse("the intent was cancelled".to_owned())),
                IntentState::RequiresConfirmation
                | IntentState::RequiresAction
                | IntentState::Processing
                | IntentState::Succeeded => Ok(found),
            }
        })
    }

    async fn find_intent(&self, _seller: TenantId, intent: &str) -> Result<Option<Intent>, GatewayError> {
        self.answer(Call::FindIntent, |state| Ok(intent_of(state, intent).ok()))
    }

    async fn find_intent_of(
        &self,
        _seller: TenantId,
        customer: &str,
        attempt: AttemptId,
    ) -> Result<Option<Intent>, GatewayError> {
        self.answer(Call::FindIntentOf, |state| {
            let mut intents = state.intents.values();
            let found = intents.find(|(owner, of, _)| owner == customer && *of == attempt);
            Ok(found.map(|(_, _, intent)| intent.clone()))
        })
    }

    async fn list_charges(
        &self,
        _seller: TenantId,
        since: DateTime<Utc>,
        after: Option<&str>,
    ) -> Result<Charges, GatewayError> {
        self.answer(Call::ListCharges, |state| Ok(charges::page(state, since, after)))
    }

    async fn cancel_intent(&self, _seller: TenantId, intent: &str) -> Result<Intent, GatewayError> {
        self.answer(Call::CancelIntent, |state| {
            let Some((_, _, kept)) = state.intents.get_mut(intent) else {
                return Err(GatewayError::Misuse(format!("no intent {intent}")));
            };
            if kept.state == IntentState::Succeeded {
                return Err(GatewayError::Misuse("the intent was paid".to_owned()));
            }
            kept.state = IntentState::Canceled;
            Ok(kept.clone())
        })
    }

    async fn create_refund(
        &self,
        _seller: TenantId,
        request: &RefundRequest,
    ) -> Result<GatewayRefund, GatewayError> {
        self.answer(Call::CreateRefund, |state| {
            let known = |(_, refund): &&(String, GatewayRefund)| refund.refund == Some(request.refund);
            if let Some((_, refund)) = state.refunds.iter().find(known) {
                return Ok(refund.clone());
            }
            let intent = intent_of(state, &request.intent)?;
            let of_intent = state
                .refunds
                .iter()
                .filter(|(of, refund)| *of == request.intent && refund.state != GatewayRefundState::Failed);
            let before: i64 = of_intent.map(|(_, refund)| refund.amount.minor()).sum();
            if before + request.amount.minor() > intent.amount.minor() {
                return Err(GatewayError::Misuse("more than was charged".to_owned()));
            }
            let refund = GatewayRefund {
                id: format!("re_{}", request.refund.0.simple()),
                refund: Some(request.refund),
                amount: request.amount,
                state: state.next_refund.take().unwrap_or(GatewayRefundState::Succeeded),
                failure: None,
            };
            state.refunds.push((request.intent.clone(), refund.clone()));
            Ok(refund)
        })
    }

    async fn refunds_of(&self, _seller: TenantId, intent: &str) -> Result<Vec<GatewayRefund>, GatewayError> {
        self.answer(Call::RefundsOf, |state| {
            let of_intent = state.refunds.iter().filter(|(of, _)| of == intent);
            Ok(of_intent.map(|(_, refund)| refund.clone()).collect())
        })
    }

    async fn find_dispute(
        &self,
        _account: &str,
        dispute: &str,
    ) -> Result<Option<GatewayDispute>, GatewayError> {
        self.answer(Call::FindDispute, |state| {
            Ok(state.disputes.get(dispute).cloned())
        })
    }

    fn is_shared(&self, _seller: TenantId) -> bool {
        true
    }

    fn account_of(&self, _seller: TenantId) -> String {
        "default".to_owned()
    }

    /// An account that is called like a seller is that seller's alone.
    fn seller_of(&self, account: &str) -> Option<TenantId> {
        account.parse().ok().map(TenantId)
    }

    /// A body is `ID intent|refunds|dispute OBJECT`, perhaps with more behind it, and the right signature is `good`.
    fn read_event(
        &self,
        _account: &str,
        signature: &str,
        body: &[u8],
        _now: DateTime<Utc>,
    ) -> Result<GatewayEvent, EventRefused> {
        if signature != "good" {
            return Err(EventRefused::Forged);
        }
        let text = std::str::from_utf8(body).map_err(|_| EventRefused::Unreadable)?;
        let words: Vec<&str> = text.split(' ').collect();
        let [id, about, object, ..] = words.as_slice() else {
            return Err(EventRefused::Unreadable);
        };
        let object = (*object).to_owned();
        Ok(GatewayEvent {
            id: (*id).to_owned(),
            about: match *about {
                "intent" => About::Intent(object),
                "refunds" => About::Refunds(object),
                "dispute" => About::Dispute(object),
                _ => About::Nothing,
            },
        })
    }
}
