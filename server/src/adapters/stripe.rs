//! The payment gateway behind Stripe's API: Stripe itself, the embedded sandbox, or a stand-in of the tests.
//!
//! It sends the narrow set of parameters that all of them know, and reads only the fields that it needs. What must
//! stay true: an answer that did not arrive, or cannot be trusted, is never taken for a refusal; nothing here
//! repeats a request by itself; and no card data passes through.

mod back;
mod breaker;
mod charges;
mod http;
mod ids;
mod methods;
mod search;
mod setup;
mod webhook;
mod wire;

use std::collections::HashMap;
use std::time::Duration;

use async_trait::async_trait;
use backend::ports::{
    Charges, EventRefused, GatewayCard, GatewayDispute, GatewayError, GatewayEvent, GatewayRefund, Intent,
    IntentRequest, IntentState, PaymentGateway, Presence, RefundRequest, Setup,
};
use chrono::{DateTime, Utc};
use domain::ids::{AccountId, AttemptId, TenantId};
use domain::payment_methods::{CardChange, MethodKind};
use domain::payments::GatewayForm;

use crate::config;
use http::{Failure, Http};
use ids::{digest, id};
use methods::WireMethod;
use wire::WireIntent;

/// After so long without a complete answer, the outcome of a call is unknown. What stands around the call fits into the second
/// that is left of the ten that a payer waits at most (K12).
const TIMEOUT: Duration = Duration::from_secs(9);

/// How much of the API the gateway knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// All that the adapter uses.
    Full,
    /// Stand-ins that take cards only, know the card of an intent only from its creation, keep no fees, and list all
    /// intents alike.
    Portable,
}

/// What one account at the gateway is reached with. It has no `Debug`, so it cannot be logged.
struct Keys {
    publishable: String,
    secret: String,
    webhooks: Vec<String>,
}

/// The name of the account whose keys all sellers use that have none of their own.
pub const DEFAULT_ACCOUNT: &str = "default";

/// All that is switched on at the gateway, but no way of paying that would leave the page, for which a return address would
/// be needed.
const NO_REDIRECTS: [(&str, &str); 2] = [
    ("automatic_payment_methods[enabled]", "true"),
    ("automatic_payment_methods[allow_redirects]", "never"),
];

/// Has the gateway tell what it kept of a charge, in the answer with the charge's intent.
const WITH_FEE: (&str, &str) = ("expand[]", "latest_charge.balance_transaction");

/// The adapter.
pub struct StripeGateway {
    http: Http,
    script: String,
    keys: Keys,
    sellers: HashMap<TenantId, Keys>,
    dialect: Dialect,
}

impl StripeGateway {
    /// Makes the adapter; nothing is sent yet. It gives up on a call after ten seconds.
    ///
    /// # Errors
    /// When the HTTP client cannot be made, for want of root certificates for example.
    pub fn new(settings: &config::Gateway) -> Result<Self, reqwest::Error> {
        let config::Gateway {
            api_url,
            script_url,
            publishable_key,
            secret_key,
            webhook_secrets,
            sellers,
        } = settings;
        let keys = |publishable: &str, secret: &str, webhooks: &[String]| Keys {
            publishable: publishable.to_owned(),
            secret: secret.to_owned(),
            webhooks: webhooks.to_vec(),
        };
        let own =
            |config::GatewayKeys {
                 publishable_key,
                 secret_key,
                 webhook_secrets,
             }: &config::GatewayKeys| { keys(publishable_key, secret_key, webhook_secrets) };
        Ok(Self {
            http: Http::new(api_url, TIMEOUT)?,
            script: script_url.clone(),
            keys: keys(publishable_key, secret_key, webhook_secrets),
            sellers: sellers
                .iter()
                .map(|(seller, pair)| (TenantId(*seller), own(pair)))
                .collect(),
            dialect: Dialect::Full,
        })
    }

    /// The same, for a gateway that knows less of the API.
    pub fn speaking(mut self, dialect: Dialect) -> Self {
        self.dialect = dialect;
        self
    }

    /// The same with another time-out for a whole call.
    pub fn giving_up_after(mut self, timeout: Duration) -> Self {
        self.http.set_timeout(timeout);
        self
    }

    fn keys(&self, seller: TenantId) -> &Keys {
        self.sellers.get(&seller).unwrap_or(&self.keys)
    }

    fn secret(&self, seller: TenantId) -> &str {
        &self.keys(seller).secret
    }

    /// The keys of an account by its name.
    fn account(&self, name: &str) -> Option<&Keys> {
        let own = self.seller_of(name).map(|seller| self.keys(seller));
        own.or((name == DEFAULT_ACCOUNT).then_some(&self.keys))
    }

    async fn read_intent(&self, seller: TenantId, intent: &str) -> Result<Intent, Failure> {
        let path = format!("payment_intents/{}", id(intent)?);
        let query: &[_] = match self.dialect {
            Dialect::Full => &[WITH_FEE],
            Dialect::Portable => &[],
        };
        let found: WireIntent = self.http.get(self.secret(seller), &path, query).await?;
        found.into_intent()
    }

    /// The answer to a refused change of an intent: one that had ended before is told as it ended, since the change
    /// may have been asked for twice.
    async fn ended_or(
        &self,
        seller: TenantId,
        intent: &str,
        failure: Failure,
    ) -> Result<Intent, GatewayError> {
        let Failure::Misuse { status: 400, .. } = failure else {
            return Err(failure.into());
        };
        let found = self.read_intent(seller, intent).await?;
        match found.state {
            IntentState::Succeeded | IntentState::Canceled => Ok(found),
            IntentState::RequiresConfirmation
            | IntentState::RequiresAction
            | IntentState::Processing
            | IntentState::RequiresPaymentMethod => Err(failure.into()),
        }
    }
}

#[async_trait]
impl PaymentGateway for StripeGateway {
    fn form(&self, seller: TenantId) -> GatewayForm {
        GatewayForm {
            script: self.script.clone(),
            publishable_key: self.keys(seller).publishable.clone(),
        }
    }

    async fn create_customer(
        &self,
        seller: TenantId,
        account: AccountId,
        name: &str,
        email: Option<&str>,
    ) -> Result<String, GatewayError> {
        let account = account.to_string();
        let mut form = vec![("name", name), ("metadata[account]", &account)];
        form.extend(email.map(|email| ("email", email)));
        // A key may be used with one set of parameters only, and a name may change between two tries.
        let key = format!(
            "customer-{account}-{}",
            digest(&[name, email.unwrap_or_default()])
        );
        let made: wire::Named = self
            .http
            .post(self.secret(seller), "customers", &form, Some(&key))
            .await?;
        Ok(made.id)
    }

    async fn begin_setup(
        &self,
        seller: TenantId,
        customer: &str,
        kind: MethodKind,
    ) -> Result<Setup, GatewayError> {
        Ok(self.new_setup(seller, customer, kind).await?)
    }

    async fn find_setup(&self, seller: TenantId, setup: &str) -> Result<Option<Setup>, GatewayError> {
        Ok(self.setup(seller, setup).await?)
    }

    async fn attach_card(
        &self,
        seller: TenantId,
        customer: &str,
        token: &str,
    ) -> Result<GatewayCard, GatewayError> {
        let path = format!("payment_methods/{}/attach", id(token)?);
        // Without an idempotency key: attaching again is harmless, and an old refusal must not be played back.
        let form = [("customer", id(customer)?)];
        let attached: WireMethod = self.http.post(self.secret(seller), &path, &form, None).await?;
        attached.into_card(customer).map_err(GatewayError::from)
    }

    async fn change_card(
        &self,
        seller: TenantId,
        customer: &str,
        token: &str,
        change: &CardChange,
    ) -> Result<GatewayCard, GatewayError> {
        Ok(self.change(seller, customer, token, change).await?)
    }

    async fn detach_card(&self, seller: TenantId, token: &str) -> Result<(), GatewayError> {
        let path = format!("payment_methods/{}", id(token)?);
        let secret = self.secret(seller);
        let detached = self
            .http
            .post::<WireMethod>(secret, &format!("{path}/detach"), &[], None)
            .await;
        match detached {
            Ok(_) | Err(Failure::Misuse { status: 404, .. }) => Ok(()),
            // It may have been taken off before; only the card itself can tell.
            Err(failure @ Failure::Misuse { status: 400, .. }) => {
                let found: WireMethod = self.http.get(secret, &path, &[]).await?;
                if found.customer.is_none() {
                    Ok(())
                } else {
                    Err(failure.into())
                }
            }
            Err(failure) => Err(failure.into()),
        }
    }

    async fn create_intent(&self, seller: TenantId, request: &IntentRequest) -> Result<Intent, GatewayError> {
        let IntentRequest {
            attempt,
            customer,
            card_token,
            kind,
            amount,
        } = request;
        let (minor, currency) = wire::to_wire(*amount)?;
        let (minor, attempt) = (minor.to_string(), attempt.to_string());
        let mut form = vec![
            ("amount", minor.as_str()),
            ("currency", &currency),
            ("customer", id(customer)?),
            ("payment_method", id(card_token)?),
            ("metadata[attempt]", &attempt),
        ];
        match self.dialect {
            Dialect::Full => form.extend(NO_REDIRECTS),
            Dialect::Portable => form.push(("payment_method_types[0]", kind.code())),
        }
        let key = format!("intent-{attempt}");
        let made: WireIntent = self
            .http
            .post(self.secret(seller), "payment_intents", &form, Some(&key))
            .await?;
        Ok(made.into_intent()?)
    }

    async fn confirm_intent(
        &self,
        seller: TenantId,
        attempt: AttemptId,
        intent: &str,
        card: &str,
        payer: Presence,
    ) -> Result<Intent, GatewayError> {
        let path = format!("payment_intents/{}/confirm", id(intent)?);
        let form = [WITH_FEE, ("payment_method", id(card)?), ("off_session", "true")];
        let form = match (self.dialect, payer) {
            (Dialect::Full, Presence::OnSession) => &form[..2],
            (Dialect::Full, Presence::OffSession) => form.as_slice(),
            (Dialect::Portable, _) => &[],
        };
        let key = format!("confirm-{attempt}-{card}");
        let confirmed: Result<WireIntent, Failure> =
            self.http.post(self.secret(seller), &path, form, Some(&key)).await;
        match confirmed {
            Ok(confirmed) => Ok(confirmed.into_intent()?),
            Err(failure) => self.ended_or(seller, intent, failure).await,
        }
    }

    async fn find_intent(&self, seller: TenantId, intent: &str) -> Result<Option<Intent>, GatewayError> {
        match self.read_intent(seller, intent).await {
            Ok(found) => Ok(Some(found)),
            Err(Failure::Misuse { status: 404, .. }) => Ok(None),
            Err(failure) => Err(failure.into()),
        }
    }

    async fn find_intent_of(
        &self,
        seller: TenantId,
        customer: &str,
        attempt: AttemptId,
    ) -> Result<Option<Intent>, GatewayError> {
        self.intent_of(seller, customer, attempt).await
    }

    async fn list_charges(
        &self,
        seller: TenantId,
        since: DateTime<Utc>,
        after: Option<&str>,
    ) -> Result<Charges, GatewayError> {
        Ok(self.taken(seller, since, after).await?)
    }

    async fn cancel_intent(&self, seller: TenantId, intent: &str) -> Result<Intent, GatewayError> {
        let path = format!("payment_intents/{}/cancel", id(intent)?);
        let canceled: Result<WireIntent, Failure> =
            self.http.post(self.secret(seller), &path, &[], None).await;
        match canceled {
            Ok(canceled) => Ok(canceled.into_intent()?),
            Err(failure) => self.ended_or(seller, intent, failure).await,
        }
    }

    async fn create_refund(
        &self,
        seller: TenantId,
        request: &RefundRequest,
    ) -> Result<GatewayRefund, GatewayError> {
        Ok(self.give_back(seller, request).await?)
    }

    async fn refunds_of(&self, seller: TenantId, intent: &str) -> Result<Vec<GatewayRefund>, GatewayError> {
        Ok(self.given_back(seller, intent).await?)
    }

    async fn find_dispute(
        &self,
        account: &str,
        dispute: &str,
    ) -> Result<Option<GatewayDispute>, GatewayError> {
        Ok(self.dispute(account, dispute).await?)
    }

    fn is_shared(&self, seller: TenantId) -> bool {
        !self.sellers.contains_key(&seller)
    }

    fn account_of(&self, seller: TenantId) -> String {
        if self.sellers.contains_key(&seller) {
            seller.to_string()
        } else {
            DEFAULT_ACCOUNT.to_owned()
        }
    }

    fn seller_of(&self, account: &str) -> Option<TenantId> {
        let seller = TenantId(account.parse().ok()?);
        self.sellers.contains_key(&seller).then_some(seller)
    }

    fn read_event(
        &self,
        account: &str,
        signature: &str,
        body: &[u8],
        now: DateTime<Utc>,
    ) -> Result<GatewayEvent, EventRefused> {
        let keys = self.account(account).ok_or(EventRefused::NoSecret)?;
        webhook::read(&keys.webhooks, signature, body, now)
    }
}
