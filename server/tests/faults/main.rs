//! The promises of docs/RELIABILITY.md, against real processes.
//!
//! Each test starts `quittance sandbox` and `quittance serve` on ports and a database of its own, works with them as a browser
//! without script and a gateway do, and breaks something meanwhile: replies through a proxy of ours, processes by signals, the
//! disk, the clock, the database. What came of it is then compared between the gateway's own count and the portal's database,
//! and `quittance check` must pass. Each prints its figures in lines of their own.
//!
//! K1, K2, K3 and K7 run with the other tests, all of them by setup/faults. `FAULTS=full` runs the counts of the promises, anything else a tenth or less of them. `QUITTANCE_BIN` names the
//! program to test, `FAULTS_SEED` another seed. With `TEST_DATABASE_URL` some run on PostgreSQL too; those that stop or kill
//! one start their own.

#![expect(clippy::unwrap_used, reason = "a test whose step fails has failed")]

mod browse;
mod clock;
mod cluster;
mod events;
mod figures;
mod gateway;
mod history;
mod k1;
mod k10;
mod k11;
mod k12;
mod k13;
mod k14;
mod k15;
mod k16;
mod k2;
mod k21;
mod k3;
mod k4;
mod k5;
mod k6;
mod k7;
mod k8;
mod k9;
mod ledger;
mod payer;
mod power;
mod program;
mod proxy;
mod returns;
mod seeded;
mod survivors;
mod world;

use figures::Size;
use std::{future::Future, time::Duration};
use tokio::sync::Mutex;
use world::Engine;

/// The tests take turns, since they measure.
static TURN: Mutex<()> = Mutex::const_new(());

/// Runs one test when it is its turn, in bounded time.
async fn in_turn(work: impl Future<Output = ()>) {
    let _turn = TURN.lock().await;
    let minutes = if Size::of_run() == Size::Full { 90 } else { 10 };
    tokio::time::timeout(Duration::from_secs(60 * minutes), work)
        .await
        .expect("took too long");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn k1_one_payment_per_key_whatever_is_retried() {
    in_turn(async {
        for engine in Engine::all() {
            k1::run(engine).await;
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn k2_a_lost_reply_of_the_gateway_is_never_shown_as_failed() {
    in_turn(k2::run()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn k3_a_crash_between_charge_and_commit_loses_nothing() {
    in_turn(k3::run()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes minutes and real processes: setup/faults"]
async fn k4_webhooks_that_come_more_than_once_change_nothing() {
    in_turn(async {
        for engine in Engine::all() {
            k4::run(engine).await;
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes minutes and real processes: setup/faults"]
async fn k5_webhooks_in_any_order_end_at_the_same_state() {
    in_turn(async {
        for engine in Engine::all() {
            k5::run(engine).await;
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes minutes and real processes: setup/faults"]
async fn k6_forged_stale_and_altered_webhooks_do_nothing() {
    in_turn(k6::run()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn k7_two_people_cannot_pay_one_invoice_twice() {
    in_turn(async {
        for engine in Engine::all() {
            k7::run(engine).await;
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes minutes and real processes: setup/faults"]
async fn k12_a_slow_or_dead_gateway_does_not_take_the_portal_down() {
    in_turn(k12::run()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes minutes and real processes: setup/faults"]
async fn k13_a_database_that_is_down_is_said_clearly_and_soon() {
    in_turn(k13::run()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes minutes and real processes: setup/faults"]
async fn k14_what_is_frozen_is_handled_as_dead() {
    in_turn(k14::run()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes minutes and real processes: setup/faults"]
async fn k21_a_job_has_its_effect_once() {
    in_turn(async {
        for engine in Engine::all() {
            k21::run(engine).await;
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes minutes and real processes: setup/faults"]
async fn k9_what_was_committed_survives_a_power_cut() {
    in_turn(k9::run()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes minutes and real processes: setup/faults"]
async fn k16_a_disk_that_cannot_write_loses_nothing_acknowledged() {
    in_turn(k16::run()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes minutes and real processes: setup/faults"]
async fn k8_an_import_is_all_of_its_file_or_nothing() {
    in_turn(k8::run()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes minutes and real processes: setup/faults"]
async fn k10_what_was_committed_survives_the_death_of_postgresql() {
    in_turn(k10::run()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes minutes and real processes: setup/faults"]
async fn k11_wrong_clocks_do_not_corrupt() {
    in_turn(k11::run()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes minutes and real processes: setup/faults"]
async fn k15_a_full_disk_is_a_clear_error_and_no_loss() {
    in_turn(k15::run()).await;
}
