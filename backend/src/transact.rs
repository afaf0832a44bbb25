//! Whole transactions that are run again when the database gave them up in favour of another one.
//!
//! A macro and not a function with an asynchronous closure: the future of such a closure that captures references is
//! not `Send`, and every command must run on any thread.

use crate::{Error, scope::Tx};
use rand::Rng;
use std::time::Duration;

/// Runs a body with an open transaction of a scope, commits it, and runs it again when another transaction got in its
/// way. The body must do nothing outside of the transaction. It is an asynchronous block that gives a
/// `Result<_, Error>`; the whole is such a result too.
///
/// `transact!(scope, tx => { tx.insert(row).await?; Ok(()) })`
macro_rules! transact {
    ($scope:expr, $tx:ident => $body:block) => {{
        let mut tries = $crate::transact::Tries::new();
        loop {
            let mut open = match $scope.begin().await {
                Ok(open) => open,
                Err(error) => break Err::<_, $crate::Error>(error),
            };
            let outcome = async {
                let $tx = &mut open;
                $body
            }
            .await;
            match tries.end(open, outcome).await {
                Ok(Some(value)) => break Ok(value),
                Ok(None) => {}
                Err(error) => break Err(error),
            }
        }
    }};
}
pub(crate) use transact;

/// How often a transaction may still be run.
pub(crate) struct Tries {
    left: u32,
}

impl Tries {
    pub(crate) const fn new() -> Self {
        Self { left: 8 }
    }

    /// Commits or rolls back. Nothing comes back when the transaction is to be run again.
    ///
    /// # Errors
    /// What the body said; [`Error::Database`].
    pub(crate) async fn end<T>(&mut self, tx: Tx, outcome: Result<T, Error>) -> Result<Option<T>, Error> {
        let outcome = match outcome {
            Ok(value) => tx.commit().await.map(|()| value),
            Err(error) => {
                // The database may have done it already, and why the body failed says more.
                if let Err(failed) = tx.rollback().await {
                    tracing::warn!(%failed, "a transaction was not rolled back");
                }
                Err(error)
            }
        };
        match outcome {
            Err(error) if error.is_serialization() && self.left > 0 => {
                self.left -= 1;
                // So that two that met do not meet again.
                let pause = Duration::from_millis(rand::rng().random_range(2..40));
                tokio::time::sleep(pause).await;
                Ok(None)
            }
            Ok(value) => Ok(Some(value)),
            Err(error) => Err(error),
        }
    }
}
