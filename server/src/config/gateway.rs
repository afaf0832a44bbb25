//! Settings of the payment gateway: keys, and the secrets that prove what it posts.

use serde::Deserialize;
use std::collections::BTreeMap;

/// `[gateway]`: one that speaks Stripe's API.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Gateway {
    /// Base address of the API.
    pub api_url: String,
    /// Address of the script for card fields.
    pub script_url: String,
    /// Key for browsers.
    pub publishable_key: String,
    /// Key for the server.
    pub secret_key: String,
    /// Secrets that sign what the gateway posts to `/gateway/events/default`; two while one is exchanged.
    #[serde(deserialize_with = "list")]
    pub webhook_secrets: Vec<String>,
    /// Sellers with keys of their own, by tenant id.
    pub sellers: BTreeMap<uuid::Uuid, GatewayKeys>,
}

/// Keys of one seller.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GatewayKeys {
    /// Key for browsers.
    pub publishable_key: String,
    /// Key for the server.
    pub secret_key: String,
    /// Secrets that sign what the gateway posts to `/gateway/events/` and the tenant's id.
    #[serde(default, deserialize_with = "list")]
    pub webhook_secrets: Vec<String>,
}

impl Default for Gateway {
    fn default() -> Self {
        Self {
            api_url: "http://127.0.0.1:3001".to_owned(),
            script_url: "http://127.0.0.1:3001/v3/".to_owned(),
            publishable_key: "pk_test_quittance_sandbox".to_owned(),
            secret_key: "sk_test_quittance_sandbox".to_owned(),
            webhook_secrets: vec![SANDBOX_SECRET.to_owned()],
            sellers: BTreeMap::new(),
        }
    }
}

/// What the sandbox signs with.
pub(super) const SANDBOX_SECRET: &str = "whsec_quittance_sandbox";

/// A list, or a text with commas, which is all that the environment can hold.
fn list<'de, D: serde::Deserializer<'de>>(source: D) -> Result<Vec<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Words {
        Text(String),
        List(Vec<String>),
    }
    Ok(match Words::deserialize(source)? {
        Words::List(list) => list,
        Words::Text(text) => {
            let words = text.split(',').map(str::trim).filter(|word| !word.is_empty());
            words.map(str::to_owned).collect()
        }
    })
}
