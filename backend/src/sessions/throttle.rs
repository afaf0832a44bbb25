//! The brake on guessing passwords and codes, in the database so that all nodes brake together.
//!
//! A try is counted before the password is looked at, or a thousand at once would all be the first. Three counters
//! stand against each other: one person at one address may err five times, then waits ever longer; an address may err
//! twenty times, whoever it tries; and an account, tried from everywhere, is slowed but never closed, so that a
//! stranger cannot lock anybody out.

use crate::{Backend, Error, database::Transaction, scope::System};
use chrono::{DateTime, TimeDelta, Utc};
use domain::Refusal;
use entity::sign_in_throttle::{ActiveModel, Column, Entity, Model};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QuerySelect, sea_query::OnConflict};

/// A counter is forgotten when nobody erred for so long.
const FORGOTTEN_AFTER: TimeDelta = TimeDelta::hours(1);
/// The first wait, in seconds.
const FIRST_WAIT: i64 = 30;
/// The longest, in seconds.
const LONGEST_WAIT: i64 = 15 * 60;

/// What tries are counted by.
#[derive(Clone, Debug)]
pub(super) struct Key {
    text: String,
    free: i32,
    growth: Growth,
}

impl Key {
    /// One whose waits double after the free tries.
    const fn doubling(text: String, free: i32) -> Self {
        Self {
            text,
            free,
            growth: Growth::Doubling,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Growth {
    /// Each wait is twice the one before.
    Doubling,
    /// All waits are alike.
    Flat,
}

/// The counters of a try to sign in.
pub(super) fn sign_in_keys(email: &str, address: Option<&str>) -> Vec<Key> {
    let address = address.unwrap_or("unknown");
    let mut keys = vec![
        Key {
            text: format!("account:{email}"),
            free: 50,
            growth: Growth::Flat,
        },
        Key::doubling(format!("address:{address}"), 20),
        Key::doubling(format!("pair:{email}|{address}"), 5),
    ];
    // One order for everybody, so that two tries cannot wait for each other.
    keys.sort_by(|a, b| a.text.cmp(&b.text));
    keys
}

/// The counter of tries to name one's own password.
pub(super) fn own_password_key(user: domain::ids::UserId) -> Vec<Key> {
    vec![Key::doubling(format!("password:{user}"), 5)]
}

/// The counters of tries to give the code of a second factor. There are a million codes and three of them are right at a
/// time, so who knows the password gets a few tries an hour.
pub(super) fn code_keys(user: domain::ids::UserId, address: Option<&str>) -> Vec<Key> {
    let address = address.unwrap_or("unknown");
    vec![
        Key::doubling(format!("code:address:{address}"), 20),
        Key::doubling(format!("code:person:{user}"), 5),
    ]
}

/// The counter of going to a company's provider. A whole office may come from one address in the morning, and whoever
/// comes back as somebody is not counted.
pub(super) fn company_keys(address: Option<&str>) -> Vec<Key> {
    let address = address.unwrap_or("unknown");
    vec![Key::doubling(format!("company:address:{address}"), 100)]
}

/// The counters of asking for another address: neither its owner nor whoever else has it is flooded with mails.
pub(super) fn email_keys(user: domain::ids::UserId, email: &str) -> Vec<Key> {
    vec![
        Key::doubling(format!("email:address:{email}"), 3),
        Key::doubling(format!("email:person:{user}"), 5),
    ]
}

/// The counters of asking for a new password: a person is not flooded with mails, nor the mail system from one address.
pub(super) fn reset_keys(email: &str, address: Option<&str>) -> Vec<Key> {
    let address = address.unwrap_or("unknown");
    vec![
        Key::doubling(format!("reset:address:{address}"), 20),
        Key::doubling(format!("reset:person:{email}"), 3),
    ]
}

/// The counter of keys of programs that open nothing. There is no guessing one; this spares the log and the database.
pub(super) fn api_key_keys(address: Option<&str>) -> Vec<Key> {
    let address = address.unwrap_or("unknown");
    vec![Key::doubling(format!("key:address:{address}"), 20)]
}

/// Refuses a try that would be refused, without counting it.
///
/// # Errors
/// As [`admit`].
#[expect(clippy::disallowed_methods, reason = "counters belong to no tenant")]
pub(super) async fn look(backend: &Backend, keys: &[Key]) -> Result<(), Error> {
    let texts = keys.iter().map(|key| key.text.as_str());
    let rows = Entity::find()
        .filter(Column::Key.is_in(texts))
        .all(backend.system().db());
    open(&rows.await?, backend.now())
}

/// Counts a try, or refuses it.
///
/// # Errors
/// [`Refusal::TooManyTries`]; [`Error::Database`].
pub(super) async fn admit(backend: &Backend, keys: &[Key]) -> Result<(), Error> {
    let system = backend.system();
    let now = backend.now();
    let tx = begin(&system).await?;
    for key in keys {
        make(&tx, key, now).await?;
    }
    let rows = lock(&tx, keys).await?;
    if let Err(refused) = open(&rows, now) {
        tx.rollback().await?;
        return Err(refused);
    }
    for key in keys {
        let known = rows.iter().find(|row| row.key == key.text);
        let tries = known
            .filter(|row| now - row.tried_at < FORGOTTEN_AFTER)
            .map_or(0, |row| row.tries)
            + 1;
        save(&tx, key, tries, now).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// Takes a counted try back, since it was right: the pair starts anew, the others lose this one.
///
/// # Errors
/// [`Error::Database`].
#[expect(clippy::disallowed_methods, reason = "counters belong to no tenant")]
pub(super) async fn forgive(backend: &Backend, keys: &[Key]) -> Result<(), Error> {
    let system = backend.system();
    let tx = begin(&system).await?;
    for row in lock(&tx, keys).await? {
        let shared = keys.iter().any(|key| key.text == row.key && key.free > 5);
        if shared && row.tries > 1 {
            let change = ActiveModel {
                tries: Set(row.tries - 1),
                until: Set(row.tried_at),
                ..Default::default()
            };
            Entity::update_many()
                .set(change)
                .filter(Column::Key.eq(row.key))
                .exec(&tx)
                .await?;
        } else {
            Entity::delete_by_id(row.key).exec(&tx).await?;
        }
    }
    let old = backend.now() - FORGOTTEN_AFTER;
    Entity::delete_many()
        .filter(Column::TriedAt.lt(old))
        .filter(Column::Until.lt(old))
        .exec(&tx)
        .await?;
    tx.commit().await?;
    Ok(())
}

/// Whether nobody has to wait.
fn open(rows: &[Model], now: DateTime<Utc>) -> Result<(), Error> {
    let waits = rows.iter().map(|row| (row.until - now).num_milliseconds());
    let wait = waits.max().unwrap_or(0);
    if wait > 0 {
        let seconds = u32::try_from((wait + 999) / 1_000).unwrap_or(u32::MAX);
        return Err(Refusal::TooManyTries { seconds }.into());
    }
    Ok(())
}

async fn begin(system: &System<'_>) -> Result<Transaction, Error> {
    system.begin().await
}

/// Makes a counter that is not there yet, so that there is a row to lock: two first tries at once are two.
async fn make(tx: &Transaction, key: &Key, now: DateTime<Utc>) -> Result<(), Error> {
    let row = ActiveModel {
        key: Set(key.text.clone()),
        tries: Set(0),
        tried_at: Set(now),
        until: Set(now),
    };
    Entity::insert(row)
        .on_conflict(OnConflict::new().do_nothing().to_owned())
        .exec_without_returning(tx)
        .await?;
    Ok(())
}

#[expect(clippy::disallowed_methods, reason = "counters belong to no tenant")]
async fn lock(tx: &Transaction, keys: &[Key]) -> Result<Vec<Model>, Error> {
    let mut rows = Vec::with_capacity(keys.len());
    for key in keys {
        rows.extend(
            Entity::find_by_id(key.text.clone())
                .lock_exclusive()
                .one(tx)
                .await?,
        );
    }
    Ok(rows)
}

async fn save(tx: &Transaction, key: &Key, tries: i32, now: DateTime<Utc>) -> Result<(), Error> {
    let row = ActiveModel {
        key: Set(key.text.clone()),
        tries: Set(tries),
        tried_at: Set(now),
        until: Set(now + wait_after(key, tries)),
    };
    let replace = [Column::Tries, Column::TriedAt, Column::Until];
    Entity::insert(row)
        .on_conflict(OnConflict::column(Column::Key).update_columns(replace).to_owned())
        .exec_without_returning(tx)
        .await?;
    Ok(())
}

/// How long nobody may try after a try.
fn wait_after(key: &Key, tries: i32) -> TimeDelta {
    let over = tries - key.free;
    let seconds = match key.growth {
        _ if over < 0 => 0,
        Growth::Flat => FIRST_WAIT,
        Growth::Doubling => FIRST_WAIT.saturating_mul(1 << over.min(10)).min(LONGEST_WAIT),
    };
    TimeDelta::seconds(seconds)
}
