//! Failures on demand, for tests of what the portal does when the gateway misbehaves.
//!
//! A fault names the requests (or events) that it strikes, what it does to them and how often. It lives in memory:
//! a restarted sandbox is a healthy one.

use std::sync::Mutex;

use serde::{Deserialize, Serialize};

use crate::state::lock;

/// What a fault does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// Waits `milliseconds`.
    Delay,
    /// Answers `status` instead of the real answer.
    Status,
    /// Closes the connection without a reply.
    Drop,
    /// Never answers.
    Hang,
    /// Delivers an event `copies` times, each `milliseconds` late; `path` matches the event's type.
    Webhook,
}

/// Whether the request has its effect before it goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum When {
    /// First the fault. Anything but a delay then keeps the effect from happening.
    Before,
    /// First the effect, which is committed; then the fault.
    After,
}

/// One order of the control API.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    /// What it does.
    pub action: Action,
    /// Which paths (or event types) it strikes; `*` stands for anything.
    pub path: String,
    /// Which method it strikes; none means any.
    #[serde(default)]
    pub method: Option<String>,
    /// Before or after the effect; needed by all but webhooks.
    #[serde(default)]
    pub when: Option<When>,
    /// For delays and late webhooks.
    #[serde(default)]
    pub milliseconds: u64,
    /// For `status`: 500 unless said otherwise.
    #[serde(default = "internal_error")]
    pub status: u16,
    /// For webhooks: how often each event is sent; 0 loses it.
    #[serde(default = "twice")]
    pub copies: u32,
    /// How many matching requests pass before the first one is struck.
    #[serde(default)]
    pub skip: u32,
    /// How many are struck.
    #[serde(default = "once")]
    pub count: u32,
}

fn internal_error() -> u16 {
    500
}

fn twice() -> u32 {
    2
}

fn once() -> u32 {
    1
}

impl Fault {
    /// Says what is wrong with an order.
    pub fn check(&self) -> Result<(), &'static str> {
        if self.action != Action::Webhook && self.when.is_none() {
            return Err("`when` must be \"before\" or \"after\"");
        }
        if !(400..=599).contains(&self.status) {
            return Err("`status` must be an error");
        }
        Ok(())
    }
}

/// The orders that still have something to do.
#[derive(Default)]
pub struct Faults(Mutex<Vec<Fault>>);

impl Faults {
    /// Adds an order.
    pub fn add(&self, fault: Fault) {
        lock(&self.0).push(fault);
    }

    /// Forgets all orders.
    pub fn clear(&self) {
        lock(&self.0).clear();
    }

    /// The orders that are left, with what is left of their counts.
    pub fn list(&self) -> Vec<Fault> {
        lock(&self.0).clone()
    }

    /// The faults that strike this request, each counted down.
    pub fn strike_request(&self, method: &str, path: &str) -> Vec<Fault> {
        self.strike(|fault| {
            let method_fits = fault
                .method
                .as_deref()
                .is_none_or(|wanted| wanted.eq_ignore_ascii_case(method));
            fault.action != Action::Webhook && method_fits && matches(&fault.path, path)
        })
    }

    /// The fault that strikes this event, counted down.
    pub fn strike_event(&self, kind: &str) -> Option<Fault> {
        self.strike(|fault| fault.action == Action::Webhook && matches(&fault.path, kind))
            .into_iter()
            .next()
    }

    fn strike(&self, fits: impl Fn(&Fault) -> bool) -> Vec<Fault> {
        let mut struck = Vec::new();
        let mut faults = lock(&self.0);
        for fault in faults.iter_mut().filter(|fault| fits(fault)) {
            if fault.skip > 0 {
                fault.skip -= 1;
            } else {
                fault.count = fault.count.saturating_sub(1);
                struck.push(fault.clone());
            }
        }
        faults.retain(|fault| fault.count > 0);
        struck
    }
}

/// Compares with a pattern in which `*` stands for any text, also an empty one.
fn matches(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(mut rest) = parts.next().and_then(|first| text.strip_prefix(first)) else {
        return false;
    };
    let mut parts = parts.peekable();
    if parts.peek().is_none() {
        return rest.is_empty();
    }
    while let Some(part) = parts.next() {
        if parts.peek().is_none() {
            return rest.ends_with(part);
        }
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_whole_paths() {
        for (pattern, text, expected) in [
            ("/v1/refunds", "/v1/refunds", true),
            ("/v1/refunds", "/v1/refunds/re_1", false),
            (
                "/v1/payment_intents/*/confirm",
                "/v1/payment_intents/pi_1/confirm",
                true,
            ),
            (
                "/v1/payment_intents/*/confirm",
                "/v1/payment_intents/pi_1/cancel",
                false,
            ),
            ("*", "", true),
            ("a*b*c", "a1b2c", true),
            ("a*b*c", "a1c", false),
        ] {
            assert_eq!(matches(pattern, text), expected, "{pattern} {text}");
        }
    }

    #[test]
    fn a_fault_strikes_as_often_as_it_was_told() {
        let faults = Faults::default();
        let order = r#"{"action":"drop","path":"/x","when":"after","skip":1,"count":2}"#;
        faults.add(serde_json::from_str(order).unwrap());
        let struck = [0; 5].map(|_| faults.strike_request("POST", "/x").len());
        assert_eq!(struck, [0, 1, 1, 0, 0]);
    }
}
