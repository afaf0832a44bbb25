//! The search for an intent whose id never arrived (D6).

use backend::ports::{GatewayError, Intent};
use domain::ids::{AttemptId, TenantId};

use super::wire::{self, WireIntent, WireList};
use super::{Dialect, StripeGateway, id};

impl StripeGateway {
    /// Lists the customer's intents, the newest first, and compares the attempt in their metadata.
    pub(super) async fn intent_of(
        &self,
        seller: TenantId,
        customer: &str,
        attempt: AttemptId,
    ) -> Result<Option<Intent>, GatewayError> {
        let wanted = attempt.to_string();
        let oldest = wire::not_before(attempt);
        let mut after: Option<String> = None;
        loop {
            let mut query = vec![("limit", "100")];
            match self.dialect {
                Dialect::Full => query.push(("customer", id(customer)?)),
                Dialect::Portable => {}
            }
            query.extend(after.as_deref().map(|id| ("starting_after", id)));
            let page: WireList<WireIntent> = self
                .http
                .get(self.secret(seller), "payment_intents", &query)
                .await?;
            let last = page.data.last().map(|intent| (intent.id.clone(), intent.created));
            let found = page
                .data
                .into_iter()
                .filter(|intent| intent.is_of(customer, &wanted));
            let found = found
                .map(WireIntent::into_intent)
                .collect::<Result<Vec<_>, _>>()?;
            // A gateway that honours keys has one at most. Where there are more, the one with money in it counts.
            if let Some(best) = found.into_iter().max_by_key(|intent| wire::weight(intent.state)) {
                return Ok(Some(best));
            }
            match last {
                Some((id, created)) if page.has_more && created >= oldest => after = Some(id),
                Some(_) | None => return Ok(None),
            }
        }
    }
}
