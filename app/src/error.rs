//! What goes wrong, as it travels to the browser: a reason that can be acted on or an id to quote, never more.

use crate::wire::Wire;
use domain::{FieldErrors, Refusal};
use leptos::{prelude::FromServerFnError, server_fn::error::ServerFnErrorErr};
use serde::{Deserialize, Serialize};

/// An error of a server function.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum AppError {
    /// Nobody is signed in, or not any more.
    SignIn,
    /// Known, but not allowed to this person.
    Forbidden(Refusal),
    /// Not there, or not theirs to see.
    NotFound,
    /// Somebody else changed it in the meantime.
    Conflict,
    /// A business no.
    Refused(Refusal),
    /// What was typed cannot be taken.
    Invalid(FieldErrors),
    /// The database or a neighbour does not answer right now; the id stands in the log.
    Unavailable {
        /// Correlation id.
        id: String,
    },
    /// Our fault; the id stands in the log.
    Failed {
        /// Correlation id.
        id: String,
    },
    /// The browser could not reach the portal.
    Offline,
}

impl FromServerFnError for AppError {
    type Encoder = Wire;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        match error {
            ServerFnErrorErr::Request(_) => Self::Offline,
            #[cfg(feature = "ssr")]
            ServerFnErrorErr::Args(_) | ServerFnErrorErr::MissingArg(_) => crate::server::malformed(),
            _ => Self::Failed { id: String::new() },
        }
    }
}

impl std::fmt::Display for AppError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::SignIn => "sign in",
            Self::Forbidden(_) => "forbidden",
            Self::NotFound => "not found",
            Self::Conflict => "conflict",
            Self::Refused(_) => "refused",
            Self::Invalid(_) => "invalid",
            Self::Unavailable { .. } => "unavailable",
            Self::Failed { .. } => "failed",
            Self::Offline => "offline",
        })
    }
}

impl std::error::Error for AppError {}
