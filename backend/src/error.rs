//! What a backend function answers when it does not answer what was asked for.
//!
//! Sources are kept: whoever turns this into an answer for people logs it once, with its chain.

use crate::ports::{GatewayError, MailError};
use domain::{FieldErrors, Refusal};
use sea_orm::{DbErr, RuntimeErr, SqlErr};
use thiserror::Error;

/// Why there is no answer.
#[derive(Debug, Error)]
pub enum Error {
    /// The business says no.
    #[error("refused: {0:?}")]
    Refused(Refusal),
    /// A form has fields that are wrong.
    #[error("invalid form")]
    Invalid(FieldErrors),
    /// There is no such thing, or none that the actor may know of.
    #[error("not found")]
    NotFound,
    /// Somebody else changed it meanwhile.
    #[error("changed meanwhile")]
    Conflict,
    /// Nobody is signed in.
    #[error("not signed in")]
    SignIn,
    /// The actor may know of it and may not do it.
    #[error("forbidden: {0:?}")]
    Forbidden(Refusal),
    /// The database failed.
    #[error("database")]
    Database(#[source] DbErr),
    /// Something outside failed.
    #[error("port")]
    Port(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl Error {
    /// Stored data that no rule of ours could have written.
    pub(crate) fn corrupt(what: impl Into<String>) -> Self {
        Self::Database(DbErr::Custom(what.into()))
    }

    /// A unique index refused a row.
    pub fn is_duplicate(&self) -> bool {
        matches!(self, Self::Database(error) if is_duplicate(error))
    }

    /// The database cannot be reached or is too busy: asking again later makes sense.
    pub fn is_unavailable(&self) -> bool {
        match self {
            Self::Database(error) => {
                matches!(error, DbErr::ConnectionAcquire(_) | DbErr::Conn(_))
                    || is_io(error)
                    || code(error).is_some_and(|code| is_passing(&code))
            }
            Self::Refused(_)
            | Self::Invalid(_)
            | Self::NotFound
            | Self::Conflict
            | Self::SignIn
            | Self::Forbidden(_)
            | Self::Port(_) => false,
        }
    }

    /// The database gave the whole transaction up because of another one; doing it all again makes sense.
    pub(crate) fn is_serialization(&self) -> bool {
        match self {
            Self::Database(error) => {
                matches!(
                    code(error).as_deref(),
                    Some("40001" | "40P01" | "5" | "517" | "261")
                )
            }
            Self::Refused(_)
            | Self::Invalid(_)
            | Self::NotFound
            | Self::Conflict
            | Self::SignIn
            | Self::Forbidden(_)
            | Self::Port(_) => false,
        }
    }
}

/// A unique index refused a row.
pub(crate) fn is_duplicate(error: &DbErr) -> bool {
    matches!(error.sql_err(), Some(SqlErr::UniqueConstraintViolation(_)))
}

fn sqlx_error(error: &DbErr) -> Option<&sea_orm::sqlx::Error> {
    match error {
        DbErr::Exec(RuntimeErr::SqlxError(error))
        | DbErr::Query(RuntimeErr::SqlxError(error))
        | DbErr::Conn(RuntimeErr::SqlxError(error)) => Some(error),
        _ => None,
    }
}

fn code(error: &DbErr) -> Option<String> {
    Some(sqlx_error(error)?.as_database_error()?.code()?.into_owned())
}

fn is_io(error: &DbErr) -> bool {
    use sea_orm::sqlx::Error as Sqlx;
    matches!(
        sqlx_error(error),
        Some(Sqlx::Io(_) | Sqlx::PoolTimedOut | Sqlx::PoolClosed)
    )
}

/// Codes of what passes by itself or by an operator's hand: PostgreSQL ends or starts, has no connection, memory or disk
/// left; SQLite's file is busy, its disk is full or fails.
fn is_passing(code: &str) -> bool {
    if code.len() == 5 {
        return ["08", "53", "57P"].iter().any(|class| code.starts_with(class));
    }
    // The low byte of SQLite's codes is the kind of error, the rest says more about it.
    let kind = code.parse::<u32>().map(|code| code & 0xff);
    matches!(kind, Ok(5 | 6 | 10 | 13 | 14))
}

impl From<DbErr> for Error {
    fn from(error: DbErr) -> Self {
        match error {
            DbErr::RecordNotFound(_) => Self::NotFound,
            other => Self::Database(other),
        }
    }
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<FieldErrors> for Error {
    fn from(errors: FieldErrors) -> Self {
        Self::Invalid(errors)
    }
}

impl From<GatewayError> for Error {
    fn from(error: GatewayError) -> Self {
        Self::Port(Box::new(error))
    }
}

impl From<MailError> for Error {
    fn from(error: MailError) -> Self {
        Self::Port(Box::new(error))
    }
}

impl From<serde_json::Error> for Error {
    fn from(error: serde_json::Error) -> Self {
        Self::corrupt(format!("stored JSON: {error}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_database_that_ends_or_has_no_room_is_unavailable() {
        for code in [
            "57P01", "57P03", "08006", "53100", "53300", "5", "13", "10", "1034", "14",
        ] {
            assert!(is_passing(code), "{code}");
        }
    }

    #[test]
    fn a_statement_that_is_wrong_is_our_fault() {
        for code in ["57014", "42P01", "23505", "2067", "1", "787"] {
            assert!(!is_passing(code), "{code}");
        }
    }
}
