//! Cards and bank accounts that are entered without paying, the mandates of the latter, and changes of both.

use std::collections::HashMap;

use backend::ports::{GatewayCard, GatewayMandate, Setup, SetupState};
use chrono::{DateTime, Utc};
use domain::ids::TenantId;
use domain::payment_methods::{CardChange, MethodKind};
use serde::Deserialize;

use super::http::Failure;
use super::methods::WireMethod;
use super::wire::{Reference, WireFailure};
use super::{Dialect, NO_REDIRECTS, StripeGateway, id};

/// An account is proven while it is chosen. Proof by two small amounts takes days, in which nobody waits for it.
const AT_ONCE: (&str, &str) = (
    "payment_method_options[us_bank_account][verification_method]",
    "instant",
);

impl StripeGateway {
    /// Without an idempotency key: one that is begun twice and never entered is nothing.
    pub(super) async fn new_setup(
        &self,
        seller: TenantId,
        customer: &str,
        kind: MethodKind,
    ) -> Result<Setup, Failure> {
        let mut form = vec![("customer", id(customer)?), ("usage", "off_session")];
        match self.dialect {
            Dialect::Full => {
                form.extend(NO_REDIRECTS);
                form.push(("metadata[kind]", kind.code()));
                if kind == MethodKind::UsBankAccount {
                    form.push(AT_ONCE);
                }
            }
            Dialect::Portable => form.push(("payment_method_types[0]", kind.code())),
        }
        let secret = self.secret(seller);
        let made: WireSetup = self.http.post(secret, "setup_intents", &form, None).await?;
        made.into_setup(None)
    }

    /// Without an idempotency key: changing to the same again is harmless, and an old refusal must not be played back.
    pub(super) async fn change(
        &self,
        seller: TenantId,
        customer: &str,
        token: &str,
        change: &CardChange,
    ) -> Result<GatewayCard, Failure> {
        let CardChange { expiry, holder } = change;
        let expiry = expiry.map(|(month, year)| (month.to_string(), year.to_string()));
        let mut form = Vec::new();
        if let Some((month, year)) = &expiry {
            form.push(("card[exp_month]", month.as_str()));
            form.push(("card[exp_year]", year.as_str()));
        }
        form.extend(holder.as_deref().map(|name| ("billing_details[name]", name)));
        let path = format!("payment_methods/{}", id(token)?);
        let changed: WireMethod = self.http.post(self.secret(seller), &path, &form, None).await?;
        changed.into_card(customer)
    }

    pub(super) async fn setup(&self, seller: TenantId, setup: &str) -> Result<Option<Setup>, Failure> {
        let secret = self.secret(seller);
        let path = format!("setup_intents/{}", id(setup)?);
        let found: WireSetup = match self.http.get(secret, &path, &[]).await {
            Ok(found) => found,
            Err(Failure::Misuse { status: 404, .. }) => return Ok(None),
            Err(failure) => return Err(failure),
        };
        let mandate: Option<WireMandate> = match &found.mandate {
            Some(mandate) => {
                let path = format!("mandates/{}", id(mandate.id())?);
                Some(self.http.get(secret, &path, &[]).await?)
            }
            None => None,
        };
        found.into_setup(mandate).map(Some)
    }
}

#[derive(Deserialize)]
struct WireSetup {
    id: String,
    created: i64,
    status: String,
    customer: Option<Reference>,
    client_secret: Option<String>,
    payment_method: Option<Reference>,
    payment_method_types: Vec<String>,
    metadata: Option<HashMap<String, String>>,
    mandate: Option<Reference>,
    last_setup_error: Option<WireFailure>,
}

#[derive(Deserialize)]
struct WireMandate {
    id: String,
    customer_acceptance: Option<WireAcceptance>,
    payment_method_details: Option<WireDetails>,
}

#[derive(Deserialize)]
struct WireAcceptance {
    accepted_at: Option<i64>,
}

#[derive(Deserialize)]
struct WireDetails {
    sepa_debit: Option<WireSepa>,
}

#[derive(Deserialize)]
struct WireSepa {
    reference: String,
}

impl WireSetup {
    /// What was begun in our words.
    ///
    /// # Errors
    /// When state or kind are not understood, or it is nobody's.
    fn into_setup(self, mandate: Option<WireMandate>) -> Result<Setup, Failure> {
        let Self {
            id,
            created,
            status,
            customer,
            client_secret,
            payment_method,
            payment_method_types,
            metadata,
            mandate: _,
            last_setup_error,
        } = self;
        let noted = metadata.as_ref().and_then(|notes| notes.get("kind"));
        let kind = noted.or(payment_method_types.first());
        let kind = kind.and_then(|kind| MethodKind::from_code(kind));
        let token = payment_method.map(Reference::into_id);
        let state = match (status.as_str(), token, last_setup_error) {
            ("succeeded", Some(token), _) => SetupState::Done(token),
            ("requires_payment_method", _, Some(why)) => SetupState::Refused(why.into_code()),
            (
                "requires_payment_method" | "requires_confirmation" | "requires_action" | "processing",
                _,
                _,
            ) => SetupState::Open,
            ("canceled", _, _) => SetupState::Canceled,
            _ => return Err(Failure::untrusted("a setup in an unknown state")),
        };
        Ok(Setup {
            id,
            customer: customer
                .map(Reference::into_id)
                .ok_or_else(|| Failure::untrusted("a setup of nobody"))?,
            kind: kind.ok_or_else(|| Failure::untrusted("a setup of an unknown kind"))?,
            state,
            client_secret,
            mandate: mandate.map(|mandate| mandate.into_mandate(created)),
        })
    }
}

impl WireMandate {
    /// Banks of the United States quote no reference of their own; the gateway's id stands for it.
    fn into_mandate(self, begun: i64) -> GatewayMandate {
        let Self {
            id,
            customer_acceptance,
            payment_method_details,
        } = self;
        let sepa = payment_method_details.and_then(|details| details.sepa_debit);
        let given = customer_acceptance.and_then(|acceptance| acceptance.accepted_at);
        GatewayMandate {
            reference: sepa.map_or(id, |sepa| sepa.reference),
            given_at: DateTime::<Utc>::from_timestamp(given.unwrap_or(begun), 0).unwrap_or_default(),
        }
    }
}
