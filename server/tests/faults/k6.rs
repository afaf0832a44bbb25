//! K6: forged, stale and altered webhooks do nothing, and a secret can be exchanged.
//!
//! Every forgery is about money that really was given back, so that the portal would write something if it believed it.

use crate::{
    events::{Event, SECRET, now, sign},
    figures::{Size, seed},
    returns::{effects, give_back, prepare},
    world::{Engine, World},
};
use rand::{Rng, SeedableRng, rngs::StdRng};

const OLD: &str = "whsec_the_old_one";
const NEW: &str = "whsec_the_new_one";
/// Older, and newer, than is believed, in seconds.
const STALE: u64 = 360;

/// Runs it.
pub async fn run() {
    let (seed, rounds) = (seed(), Size::of_run().pick(20, 200));
    let mut random = StdRng::seed_from_u64(seed);
    let rotating = format!("{OLD},{NEW}");
    let mut world = World::with(&Engine::Sqlite, |program| {
        program.with("gateway__webhook_secrets", rotating)
    })
    .await;
    let (payer, invoices) = prepare(&world).await;
    let events = give_back(&world, &payer, invoices[0], 4).await;
    let (mut forgeries, mut accepted) = (0, 0);
    for _ in 0..rounds {
        for (event, signature) in forge(&events[0], &mut random) {
            let answer = world.tell(world.port, &event, &signature).await.unwrap();
            forgeries += 1;
            accepted += usize::from(answer.is_success());
        }
    }
    world.settle().await;
    let kept = world.ledger.count("gateway_events").await;
    let nothing = effects(&world, 0).await;
    let good = |event: &Event, secret: &str| sign(secret, now(), &event.body);
    let mut rotation = Vec::new();
    for (event, secret) in [(&events[0], OLD), (&events[1], NEW)] {
        rotation.push(
            world
                .tell(world.port, event, &good(event, secret))
                .await
                .unwrap()
                .is_success(),
        );
    }
    world.settle().await;
    // Caught on its way and sent again: it is the gateway's own word, and known.
    for _ in 0..rounds {
        world
            .tell(world.port, &events[0], &good(&events[0], OLD))
            .await
            .unwrap();
    }
    world.settle().await;
    let replays = world.ledger.count("gateway_events").await - 2;
    world.kill();
    world.portal_program = world.portal_program.clone().with("gateway__webhook_secrets", NEW);
    world.start().await;
    rotation.push(
        !world
            .tell(world.port, &events[2], &good(&events[2], OLD))
            .await
            .unwrap()
            .is_success(),
    );
    rotation.push(
        world
            .tell(world.port, &events[3], &good(&events[3], NEW))
            .await
            .unwrap()
            .is_success(),
    );
    let rotated = rotation.iter().all(|&right| right);
    world.check().await;
    println!(
        "K6: SQLite, seed {seed}: {forgeries} forgeries; accepted = {accepted}; kept of them = {kept}; refunds, entries and \
         minor units that they caused = {} {} {}; {rounds} replays of a good one, kept of them = {replays}; both secrets good \
         during rotation and the old one bad after it = {}; check passes",
        nothing.refunds,
        nothing.entries,
        nothing.minor,
        if rotated { "yes" } else { "no" }
    );
    assert_eq!(
        (accepted, kept, replays, rotated),
        (0, 0, 0, true),
        "{rotation:?}"
    );
    assert_eq!(nothing, crate::returns::ONCE);
}

/// What somebody without the secret, or with an old post, can send.
fn forge(event: &Event, random: &mut StdRng) -> Vec<(Event, String)> {
    let body = &event.body;
    let right = sign(OLD, now(), body);
    let with_body = |body: String| Event {
        id: event.id.clone(),
        body,
    };
    let mut altered = body.clone().into_bytes();
    let place = random.random_range(0..altered.len());
    // Another byte of the same kind, so that it stays text.
    altered[place] = if altered[place] == b'x' { b'y' } else { b'x' };
    let altered = with_body(String::from_utf8(altered).unwrap());
    let digest = right.find("v1=").unwrap() + 3 + random.random_range(0..64);
    let mut signature = right.clone().into_bytes();
    signature[digest] = if signature[digest] == b'0' { b'1' } else { b'0' };
    let signature = String::from_utf8(signature).unwrap();
    let old = sign(OLD, now() - STALE, body);
    let restamped = format!("t={},{}", now(), old.split_once(',').unwrap().1);
    vec![
        (event.clone(), sign("whsec_somebody_elses", now(), body)),
        // Everybody knows the sandbox's.
        (event.clone(), sign(SECRET, now(), body)),
        (event.clone(), sign("", now(), body)),
        (altered, right.clone()),
        (event.clone(), signature),
        (event.clone(), old),
        (event.clone(), sign(NEW, now() + STALE, body)),
        (event.clone(), restamped),
        (event.clone(), String::new()),
        (event.clone(), format!("t={}", now())),
        (with_body(format!("{body} ")), right),
    ]
}
