//! What the portal acknowledged, and whether a database still has it.

use crate::{events::Event, ledger::Ledger, world::World};
use std::{
    collections::BTreeSet,
    path::Path,
    sync::Arc,
    time::{SystemTime, UNIX_EPOCH},
};
use tokio::sync::Mutex;

/// What was acknowledged, and when, in seconds since 1970.
#[derive(Clone, Debug)]
pub struct Acknowledged {
    /// The event that the portal said it has.
    pub id: String,
    /// When it said so.
    pub at: f64,
}

/// Tells so many events one after the other, of which nobody need know anything more than that they were kept, and returns
/// those that were; with how many answers there were that said "later", and how many of any other kind.
pub async fn tell(world: &World, port: u16, count: usize) -> (Vec<Acknowledged>, usize, usize) {
    let (mut kept, mut later, mut other) = (Vec::with_capacity(count), 0, 0);
    for _ in 0..count {
        let event = Event::of_intent("payment_intent.created", "pi_nobodys");
        match world
            .tell(port, &event, &event.signature())
            .await
            .map(|status| status.as_u16())
        {
            Some(200) => kept.push(Acknowledged {
                id: event.id,
                at: now(),
            }),
            Some(503) | None => later += 1,
            Some(_) => other += 1,
        }
    }
    (kept, later, other)
}

/// The same from several senders at once.
pub async fn tell_at_once(
    world: &Arc<World>,
    senders: usize,
    count: usize,
) -> (Vec<Acknowledged>, usize, usize) {
    let all = Arc::new(Mutex::new((Vec::new(), 0, 0)));
    let senders = (0..senders).map(|_| {
        let (world, all) = (world.clone(), all.clone());
        tokio::spawn(async move {
            let (kept, later, other) = tell(&world, world.port, count).await;
            let mut all = all.lock().await;
            all.0.extend(kept);
            all.1 += later;
            all.2 += other;
        })
    });
    for sender in futures::future::join_all(senders).await {
        sender.unwrap();
    }
    Arc::into_inner(all).unwrap().into_inner()
}

/// Seconds since 1970.
pub fn now() -> f64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap()
        .as_secs_f64()
}

/// What is missing of these.
pub async fn missing<'a>(ledger: &Ledger, acknowledged: impl Iterator<Item = &'a Acknowledged>) -> usize {
    let there: BTreeSet<_> = ledger
        .texts("SELECT id FROM gateway_events")
        .await
        .into_iter()
        .collect();
    acknowledged.filter(|event| !there.contains(&event.id)).count()
}

/// What a database file is worth after an accident.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Worth {
    /// SQLite finds it sound.
    pub sound: bool,
    /// Acknowledged, and not there.
    pub lost: usize,
}

/// Opens a database file as the portal would, and looks.
pub async fn look<'a>(file: &Path, acknowledged: impl Iterator<Item = &'a Acknowledged>) -> Worth {
    let url = format!("sqlite://{}", file.display());
    let Some(ledger) = Ledger::try_open(&url).await else {
        return Worth {
            sound: false,
            lost: acknowledged.count(),
        };
    };
    let sound = ledger.is_sound().await;
    let lost = if sound {
        missing(&ledger, acknowledged).await
    } else {
        acknowledged.count()
    };
    ledger.close().await;
    Worth { sound, lost }
}
