//! Spares a gateway that does not answer, and whoever would wait for it: after some failures in a row nothing is sent for a
//! while, then one call at a time finds out whether it is well again (K12).

use std::{
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

/// Failures in a row that open it.
const FAILURES: u32 = 5;
/// How long nothing is sent; then one call in each such span.
const PAUSE: Duration = Duration::from_secs(10);

/// See the module.
#[derive(Debug, Default)]
pub struct Breaker(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    /// Since the last call that went well.
    failures: u32,
    /// Once there were too many: when the next call may go.
    next: Option<Instant>,
}

/// Nothing is sent at the moment.
#[derive(Debug, PartialEq, Eq)]
pub struct Open;

impl Breaker {
    /// Whether a call may go now.
    ///
    /// # Errors
    /// [`Open`].
    pub fn pass(&self, now: Instant) -> Result<(), Open> {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match state.next {
            None => Ok(()),
            Some(next) if now < next => Err(Open),
            Some(_) => {
                // This one finds out. Should it never come back, another one may go after the same pause.
                state.next = Some(now + PAUSE);
                tracing::info!("asking the gateway whether it is well again");
                Ok(())
            }
        }
    }

    /// How a call went: whether the gateway itself answered.
    pub fn note(&self, well: bool, now: Instant) {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if well {
            if state.next.take().is_some() {
                tracing::info!("the gateway answers again");
            }
            state.failures = 0;
            return;
        }
        state.failures = state.failures.saturating_add(1);
        if state.failures >= FAILURES && state.next.replace(now + PAUSE).is_none() {
            tracing::warn!("the gateway does not answer and is left alone for a while");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn opened(now: Instant) -> Breaker {
        let breaker = Breaker::default();
        for _ in 0..FAILURES {
            assert_eq!(breaker.pass(now), Ok(()));
            breaker.note(false, now);
        }
        breaker
    }

    #[test]
    fn it_opens_after_failures_in_a_row_and_not_before() {
        let now = Instant::now();
        let breaker = Breaker::default();
        for _ in 0..20 {
            for _ in 1..FAILURES {
                breaker.note(false, now);
            }
            assert_eq!(breaker.pass(now), Ok(()));
            breaker.note(true, now);
        }
        assert_eq!(opened(now).pass(now), Err(Open));
    }

    #[test]
    fn one_call_finds_out_and_closes_it() {
        let now = Instant::now();
        let (breaker, later) = (opened(now), now + PAUSE);
        assert_eq!(breaker.pass(later), Ok(()));
        assert_eq!(breaker.pass(later), Err(Open), "one at a time");
        breaker.note(true, later);
        assert_eq!((breaker.pass(later), breaker.pass(later)), (Ok(()), Ok(())));
    }

    #[test]
    fn a_call_that_never_came_back_keeps_it_open_for_one_pause_only() {
        let now = Instant::now();
        let breaker = opened(now);
        assert_eq!(breaker.pass(now + PAUSE), Ok(()));
        assert_eq!(breaker.pass(now + 2 * PAUSE), Ok(()));
        breaker.note(false, now + 2 * PAUSE);
        assert_eq!(breaker.pass(now + 2 * PAUSE), Err(Open));
    }
}
