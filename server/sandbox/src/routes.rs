//! Every call of the API on one screen, and which of them a browser may make.

use http::Method;
use serde_json::Value;

use crate::auth::Access;
use crate::error::ApiError;
use crate::objects::{Charge, Event, Mandate};
use crate::state::Call;
use crate::{charges, customers, debits, disputes, payment_intents, payment_methods, refunds, setup_intents};

/// Finds and makes the call.
///
/// # Errors
/// What the call answers; 404 for a path that is not listed here, 401 for a browser where it has no business.
pub async fn run(call: &mut Call, method: &Method, path: &str) -> Result<Value, ApiError> {
    let segments: Vec<&str> = path.trim_start_matches("/v1/").split('/').collect();
    let verb = method.as_str();
    if call.access == Access::Publishable && !open_to_browsers(verb, &segments) {
        return Err(ApiError::secret_key_required());
    }
    match (verb, segments.as_slice()) {
        ("POST", ["customers"]) => customers::create(call).await,
        ("GET", ["customers"]) => customers::list(call).await,
        ("GET", ["customers", id]) => customers::find(call, id).await,
        ("POST", ["customers", id]) => customers::update(call, id).await,
        ("DELETE", ["customers", id]) => customers::delete(call, id).await,
        ("GET", ["customers", id, "payment_methods"]) => payment_methods::list(call, Some(id)).await,

        ("POST", ["payment_methods"]) => payment_methods::create(call).await,
        ("GET", ["payment_methods"]) => payment_methods::list(call, None).await,
        ("GET", ["payment_methods", id]) => payment_methods::find(call, id).await,
        ("POST", ["payment_methods", id]) => payment_methods::update(call, id).await,
        ("POST", ["payment_methods", id, "attach"]) => payment_methods::attach(call, id).await,
        ("POST", ["payment_methods", id, "detach"]) => payment_methods::detach(call, id).await,

        ("POST", ["payment_intents"]) => payment_intents::create(call).await,
        ("GET", ["payment_intents"]) => payment_intents::list(call).await,
        ("GET", ["payment_intents", id]) => payment_intents::find(call, id).await,
        ("POST", ["payment_intents", id, "confirm"]) => payment_intents::confirm(call, id).await,
        ("POST", ["payment_intents", id, "cancel"]) => payment_intents::cancel(call, id).await,
        ("POST", ["payment_intents", id, "_authenticate"]) => payment_intents::authenticate(call, id).await,
        ("POST", ["payment_intents", id, "_settle"]) => debits::settle(call, id).await,

        ("POST", ["setup_intents"]) => setup_intents::create(call).await,
        ("GET", ["setup_intents", id]) => setup_intents::find(call, id).await,
        ("POST", ["setup_intents", id, "confirm"]) => setup_intents::confirm(call, id).await,
        ("POST", ["setup_intents", id, "cancel"]) => setup_intents::cancel(call, id).await,
        ("POST", ["setup_intents", id, "_authenticate"]) => setup_intents::authenticate(call, id).await,

        ("GET", ["mandates", id]) => charges::find::<Mandate>(call, id).await,

        ("POST", ["refunds"]) => refunds::create(call).await,
        ("GET", ["refunds"]) => refunds::list(call).await,
        ("GET", ["refunds", id]) => refunds::find(call, id).await,

        ("GET", ["disputes", id]) => disputes::find(call, id).await,
        ("POST", ["_disputes"]) => disputes::raise(call).await,
        ("POST", ["_disputes", id]) => disputes::decide(call, id).await,

        ("GET", ["charges"]) => charges::list(call).await,
        ("GET", ["charges", id]) => charges::find::<Charge>(call, id).await,
        ("GET", ["events"]) => charges::list_events(call).await,
        ("GET", ["events", id]) => charges::find::<Event>(call, id).await,

        _ => Err(ApiError::route(verb, path)),
    }
}

/// What the publishable key is good for: naming a card, and going on with an intent whose secret the page was given.
fn open_to_browsers(verb: &str, segments: &[&str]) -> bool {
    matches!(
        (verb, segments),
        ("POST", ["payment_methods"])
            | ("GET", ["payment_intents" | "setup_intents", _])
            | (
                "POST",
                [
                    "payment_intents" | "setup_intents",
                    _,
                    "confirm" | "_authenticate"
                ]
            )
    )
}
