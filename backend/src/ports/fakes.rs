//! Stand-ins for tests: a clock that stands still, a gateway that can be told to fail, a mailer that remembers, a provider
//! that says what it is told.
//!
//! The gateway behaves like a real one as far as the payment core can tell: the same attempt gives the same intent,
//! and a lost reply loses the reply, not the effect.

mod gateway;
mod identity;

pub use gateway::{Call, FakeGateway, Fault};
pub use identity::FakeProviders;

use super::{Clock, MailError, Mailer, OutgoingMail};
use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use std::{
    collections::VecDeque,
    sync::{Mutex, MutexGuard, PoisonError},
};

fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A clock that stands still until it is moved.
#[derive(Debug)]
pub struct FixedClock(Mutex<DateTime<Utc>>);

impl FixedClock {
    /// Stands at a moment.
    pub const fn at(now: DateTime<Utc>) -> Self {
        Self(Mutex::new(now))
    }

    /// Moves it, backwards too.
    pub fn advance(&self, by: TimeDelta) {
        *held(&self.0) += by;
    }
}

impl Clock for FixedClock {
    fn now(&self) -> DateTime<Utc> {
        *held(&self.0)
    }
}

/// A mailer that remembers what it was given.
#[derive(Debug, Default)]
pub struct FakeMailer {
    sent: Mutex<Vec<OutgoingMail>>,
    faults: Mutex<VecDeque<MailFault>>,
}

/// How a scripted mail goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MailFault {
    /// Later it may work.
    Temporary,
    /// It never will.
    Permanent,
}

impl FakeMailer {
    /// The next mail goes wrong.
    pub fn script(&self, fault: MailFault) {
        held(&self.faults).push_back(fault);
    }

    /// What was sent, in order.
    pub fn sent(&self) -> Vec<OutgoingMail> {
        held(&self.sent).clone()
    }
}

#[async_trait]
impl Mailer for FakeMailer {
    async fn send(&self, mail: &OutgoingMail) -> Result<(), MailError> {
        match held(&self.faults).pop_front() {
            Some(MailFault::Temporary) => Err(MailError::Temporary("try later".into())),
            Some(MailFault::Permanent) => Err(MailError::Permanent("no such mailbox".into())),
            None => {
                held(&self.sent).push(mail.clone());
                Ok(())
            }
        }
    }
}
