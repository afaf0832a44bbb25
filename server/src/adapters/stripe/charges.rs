//! The list of what was taken, whoever asked for it.

use std::collections::HashMap;

use backend::ports::{Charges, GatewayCharge};
use chrono::{DateTime, Utc};
use domain::Money;
use domain::ids::TenantId;
use serde::Deserialize;

use super::http::Failure;
use super::wire::{Reference, WireList, WireSettled, from_wire};
use super::{Dialect, StripeGateway, id};

impl StripeGateway {
    pub(super) async fn taken(
        &self,
        seller: TenantId,
        since: DateTime<Utc>,
        after: Option<&str>,
    ) -> Result<Charges, Failure> {
        let oldest = since.timestamp();
        let from = oldest.to_string();
        let mut query = vec![("limit", "100")];
        if self.dialect == Dialect::Full {
            query.push(("created[gte]", &from));
            query.push(("expand[]", "data.balance_transaction"));
        }
        if let Some(after) = after {
            query.push(("starting_after", id(after)?));
        }
        let page: WireList<WireCharge> = self.http.get(self.secret(seller), "charges", &query).await?;
        // One that knows no range lists all there are.
        let last = page.data.last().filter(|charge| charge.created >= oldest);
        Ok(Charges {
            next: last.filter(|_| page.has_more).map(|charge| charge.id.clone()),
            taken: page
                .data
                .into_iter()
                .filter(|charge| charge.paid && charge.created >= oldest)
                // What was authorised and not taken yet is no money.
                .filter(|charge| charge.amount_captured != Some(0))
                .filter_map(WireCharge::into_charge)
                .collect(),
        })
    }
}

/// A charge.
#[derive(Deserialize)]
struct WireCharge {
    id: String,
    created: i64,
    #[serde(default)]
    paid: bool,
    amount: i64,
    amount_captured: Option<i64>,
    #[serde(default)]
    amount_refunded: i64,
    currency: String,
    customer: Option<Reference>,
    payment_intent: Option<Reference>,
    payment_method_details: Option<WireDetails>,
    balance_transaction: Option<WireSettled>,
    description: Option<String>,
    metadata: Option<HashMap<String, String>>,
}

/// With what it was paid: a card, or one of many other things of which the kind is all that is read.
#[derive(Deserialize)]
struct WireDetails {
    #[serde(rename = "type")]
    kind: String,
    card: Option<WireCard>,
    us_bank_account: Option<WireBank>,
    sepa_debit: Option<WireBank>,
}

#[derive(Deserialize)]
struct WireCard {
    brand: Option<String>,
    last4: Option<String>,
}

#[derive(Deserialize)]
struct WireBank {
    bank_name: Option<String>,
    last4: Option<String>,
}

impl WireDetails {
    /// Whether a bank was debited, its name or the card's brand, and the last digits.
    fn into_words(self) -> (bool, String, String) {
        let Self {
            kind,
            card,
            us_bank_account,
            sepa_debit,
        } = self;
        match (card, us_bank_account.or(sepa_debit)) {
            (_, Some(WireBank { bank_name, last4 })) => (
                true,
                bank_name.unwrap_or_else(|| "Bank account".to_owned()),
                last4.unwrap_or_default(),
            ),
            (Some(WireCard { brand, last4 }), None) => {
                (false, brand.unwrap_or(kind), last4.unwrap_or_default())
            }
            (None, None) => (false, kind, String::new()),
        }
    }
}

impl WireCharge {
    /// The charge in our words; none in a currency that cannot be read, which must not hide all others.
    fn into_charge(self) -> Option<GatewayCharge> {
        let Self {
            id,
            created,
            paid: _,
            amount,
            amount_captured,
            amount_refunded,
            currency,
            customer,
            payment_intent,
            payment_method_details,
            balance_transaction,
            description,
            metadata,
        } = self;
        let money = |minor| from_wire(minor, &currency).inspect_err(|failure| unreadable(&id, failure));
        let (amount, refunded) = (
            money(amount_captured.unwrap_or(amount)).ok()?,
            money(amount_refunded).ok()?,
        );
        let (is_debit, brand, last4) = payment_method_details
            .map(WireDetails::into_words)
            .unwrap_or_default();
        Some(GatewayCharge {
            made_at: DateTime::from_timestamp(created, 0)?,
            attempt: metadata.and_then(|notes| notes.get("attempt")?.parse().ok()),
            customer: customer.map(Reference::into_id),
            amount,
            refunded,
            fee: balance_transaction.and_then(|settled| fee(&settled)),
            is_debit,
            brand,
            last4,
            description: description.unwrap_or_default(),
            reference: payment_intent.map_or(id, Reference::into_id),
        })
    }
}

fn fee(settled: &WireSettled) -> Option<Money> {
    settled.fee().and_then(Result::ok)
}

fn unreadable(charge: &str, failure: &Failure) {
    tracing::error!(charge, %failure, "a charge at the gateway cannot be read");
}
