//! Money that goes back, as the gateway tells it: refunds and disputes.

use std::collections::HashMap;

use backend::ports::{DisputeState, GatewayDispute, GatewayRefund, GatewayRefundState, RefundRequest};
use domain::{Money, ids::TenantId};
use serde::Deserialize;

use super::http::Failure;
use super::wire::{Reference, WireList, from_wire, to_wire};
use super::{StripeGateway, id};

impl StripeGateway {
    pub(super) async fn give_back(
        &self,
        seller: TenantId,
        request: &RefundRequest,
    ) -> Result<GatewayRefund, Failure> {
        let RefundRequest {
            refund,
            intent,
            amount,
        } = request;
        let (minor, _) = to_wire(*amount)?;
        let (minor, refund) = (minor.to_string(), refund.to_string());
        let form = [
            (named(intent), id(intent)?),
            ("amount", &minor),
            ("metadata[refund]", &refund),
        ];
        let key = format!("refund-{refund}");
        let made: WireRefund = self
            .http
            .post(self.secret(seller), "refunds", &form, Some(&key))
            .await?;
        made.into_refund()
    }

    pub(super) async fn given_back(
        &self,
        seller: TenantId,
        intent: &str,
    ) -> Result<Vec<GatewayRefund>, Failure> {
        let mut found = Vec::new();
        let mut after: Option<String> = None;
        loop {
            let mut query = vec![("limit", "100"), (named(intent), id(intent)?)];
            query.extend(after.as_deref().map(|id| ("starting_after", id)));
            let page: WireList<WireRefund> = self.http.get(self.secret(seller), "refunds", &query).await?;
            let last = page.data.last().map(|refund| refund.id.clone());
            for refund in page.data {
                found.push(refund.into_refund()?);
            }
            match last {
                Some(id) if page.has_more => after = Some(id),
                Some(_) | None => return Ok(found),
            }
        }
    }

    pub(super) async fn dispute(
        &self,
        account: &str,
        dispute: &str,
    ) -> Result<Option<GatewayDispute>, Failure> {
        let Some(keys) = self.account(account) else {
            return Ok(None);
        };
        let path = format!("disputes/{}", id(dispute)?);
        match self.http.get::<WireDispute>(&keys.secret, &path, &[]).await {
            Ok(found) => found.into_dispute(),
            Err(Failure::Misuse { status: 404, .. }) => Ok(None),
            Err(failure) => Err(failure),
        }
    }
}

/// What the gateway calls the thing that was paid: what was charged at the gateway itself may have no intent, and is known
/// here by its charge.
fn named(paid: &str) -> &'static str {
    if paid.starts_with("ch_") || paid.starts_with("py_") {
        "charge"
    } else {
        "payment_intent"
    }
}

/// A refund.
#[derive(Deserialize)]
struct WireRefund {
    id: String,
    amount: i64,
    currency: String,
    status: Option<String>,
    failure_reason: Option<String>,
    metadata: Option<HashMap<String, String>>,
}

impl WireRefund {
    /// The refund in our words.
    ///
    /// # Errors
    /// When state or amount are not understood; then nothing is known.
    fn into_refund(self) -> Result<GatewayRefund, Failure> {
        let Self {
            id,
            amount,
            currency,
            status,
            failure_reason,
            metadata,
        } = self;
        let ours = metadata.and_then(|notes| notes.get("refund").and_then(|id| id.parse().ok()));
        Ok(GatewayRefund {
            id,
            refund: ours,
            amount: from_wire(amount, &currency)?,
            state: match status.as_deref() {
                Some("succeeded") => GatewayRefundState::Succeeded,
                Some("pending" | "requires_action") => GatewayRefundState::Pending,
                Some("failed" | "canceled") => GatewayRefundState::Failed,
                Some(_) | None => return Err(Failure::untrusted("a refund in an unknown state")),
            },
            failure: failure_reason,
        })
    }
}

/// A dispute.
#[derive(Deserialize)]
struct WireDispute {
    id: String,
    amount: i64,
    currency: String,
    status: String,
    reason: Option<String>,
    payment_intent: Option<Reference>,
    charge: Option<Reference>,
    #[serde(default)]
    balance_transactions: Vec<WireMovement>,
}

/// What a dispute did to the account at the gateway.
#[derive(Deserialize)]
struct WireMovement {
    fee: i64,
    currency: String,
}

impl WireDispute {
    /// The dispute in our words; none when it is about no charge.
    ///
    /// # Errors
    /// When state or amount are not understood.
    fn into_dispute(self) -> Result<Option<GatewayDispute>, Failure> {
        let Self {
            id,
            amount,
            currency,
            status,
            reason,
            payment_intent,
            charge,
            balance_transactions,
        } = self;
        let Some(intent) = payment_intent.or(charge).map(Reference::into_id) else {
            return Ok(None);
        };
        let amount = from_wire(amount, &currency)?;
        // A fee in another currency cannot stand beside this payment in the books.
        let fees = balance_transactions
            .into_iter()
            .filter(|movement| movement.currency.eq_ignore_ascii_case(&currency))
            .map(|movement| movement.fee)
            .fold(0, i64::saturating_add);
        Ok(Some(GatewayDispute {
            id,
            intent,
            state: match status.as_str() {
                "warning_needs_response" => DisputeState::Inquiry,
                "warning_under_review" | "warning_closed" | "prevented" => DisputeState::InquiryAnswered,
                "needs_response" | "under_review" => DisputeState::Open,
                "won" => DisputeState::Won,
                "lost" => DisputeState::Lost,
                _ => return Err(Failure::untrusted("a dispute in an unknown state")),
            },
            fee: Money::new(fees.max(0), amount.currency()),
            reason: reason.unwrap_or_default(),
            amount,
        }))
    }
}
