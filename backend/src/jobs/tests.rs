//! The queue: once each, again after a failure, taken over from the dead, parked in the end.

use super::{
    Job, JobContext, Ran, Registry, Retry, enqueue, enqueue_in, operator, operator::Which, queue, read,
    release_all, run_due, run_one, waiting, write,
};
use crate::{Backend, Error, scope::Scope, testing::World, transact::transact};
use chrono::TimeDelta;
use domain::{
    Refusal,
    access::{ManageSettings, ViewIssuedInvoices},
    ids::JobId,
    jobs::{JobQuery, JobRow, JobState},
    list::{Page, Position},
};
use entity::audit_entry;
use futures::future::join_all;
use sea_orm::{ColumnTrait, QueryFilter};
use serde::{Deserialize, Serialize};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{LazyLock, Mutex},
};

/// How often each work was done; tests use names of their own.
static DONE: LazyLock<Mutex<BTreeMap<String, u32>>> = LazyLock::new(Mutex::default);

fn done(name: &str) -> u32 {
    DONE.lock().unwrap().get(name).copied().unwrap_or_default()
}

#[derive(Serialize, Deserialize)]
struct Work {
    name: String,
    fails: u32,
}

impl Job for Work {
    const KIND: &'static str = "test.work";
    const WORDS: &'static str = "Work of a test";
    const RETRY: Retry = Retry {
        at_most: 3,
        first: TimeDelta::seconds(10),
        longest: TimeDelta::seconds(15),
    };

    async fn run(&self, _: &JobContext) -> Result<(), Error> {
        let times = {
            let mut all = DONE.lock().unwrap();
            let times = all.entry(self.name.clone()).or_default();
            *times += 1;
            *times
        };
        assert_ne!(self.name, "panics");
        if times <= self.fails {
            Err(Error::Conflict)
        } else {
            Ok(())
        }
    }
}

fn registry() -> Registry {
    Registry::default().with::<Work>()
}

async fn enqueue_work(world: &World, name: &str, fails: u32, unique: Option<&str>) {
    let scope: Scope<ViewIssuedInvoices> = world.acme().scope();
    let work = Work {
        name: name.to_owned(),
        fails,
    };
    let enqueued: Result<(), Error> = transact!(scope, tx => {
        enqueue(tx, Some(world.acme().id()), &work, unique.map(str::to_owned)).await
    });
    enqueued.unwrap();
}

fn unique_name() -> String {
    crate::new_id().to_string()
}

#[tokio::test]
async fn a_job_runs_once() {
    let world = World::new().await;
    let name = unique_name();
    enqueue_work(&world, &name, 0, None).await;
    assert_eq!(
        run_one(&world.backend, &registry()).await.unwrap(),
        Some(Ran::Done)
    );
    assert_eq!(run_one(&world.backend, &registry()).await.unwrap(), None);
    assert_eq!(done(&name), 1);
}

#[tokio::test]
async fn no_commit_means_no_job() {
    let world = World::new().await;
    let scope: Scope<ViewIssuedInvoices> = world.acme().scope();
    let tx = scope.begin().await.unwrap();
    enqueue(
        &tx,
        Some(world.acme().id()),
        &Work {
            name: unique_name(),
            fails: 0,
        },
        None,
    )
    .await
    .unwrap();
    tx.rollback().await.unwrap();
    assert_eq!(run_due(&world.backend, &registry()).await.unwrap(), 0);
}

#[tokio::test]
async fn of_jobs_with_one_key_only_one_waits() {
    let world = World::new().await;
    let (first, second) = (unique_name(), unique_name());
    enqueue_work(&world, &first, 0, Some("key")).await;
    enqueue_work(&world, &second, 0, Some("key")).await;
    run_due(&world.backend, &registry()).await.unwrap();
    assert_eq!((done(&first), done(&second)), (1, 0));
    enqueue_work(&world, &second, 0, Some("key")).await;
    run_due(&world.backend, &registry()).await.unwrap();
    assert_eq!(done(&second), 1);
}

#[tokio::test]
async fn a_failed_job_comes_back_later_and_is_parked_in_the_end() {
    let world = World::new().await;
    let name = unique_name();
    enqueue_work(&world, &name, 99, None).await;
    for (times, pause) in [(1, 9), (2, 14), (3, 60)] {
        assert_eq!(run_due(&world.backend, &registry()).await.unwrap(), 1);
        assert_eq!(done(&name), times);
        // Too early.
        assert_eq!(run_due(&world.backend, &registry()).await.unwrap(), 0);
        world.seconds_pass(pause);
        assert_eq!(run_due(&world.backend, &registry()).await.unwrap(), 0);
        world.seconds_pass(20);
    }
    let left = waiting(&world.backend).await.unwrap();
    assert_eq!((left.jobs, left.dead), (0, 1));
}

#[tokio::test]
async fn a_panic_is_a_failure() {
    let world = World::new().await;
    enqueue_work(&world, "panics", 0, None).await;
    assert_eq!(
        run_one(&world.backend, &registry()).await.unwrap(),
        Some(Ran::Failed)
    );
    assert_eq!(waiting(&world.backend).await.unwrap().jobs, 1);
}

async fn claim(backend: &Backend) -> Option<queue::Claim> {
    queue::claim(backend, &[Work::KIND], TimeDelta::seconds(30))
        .await
        .unwrap()
}

#[tokio::test]
async fn what_a_dead_worker_held_is_taken_over_and_the_dead_cannot_finish_it() {
    let world = World::new().await;
    enqueue_work(&world, &unique_name(), 0, None).await;
    let first = claim(&world.backend).await.unwrap();
    assert!(claim(&world.backend).await.is_none());
    world.seconds_pass(31);
    let second = claim(&world.backend).await.unwrap();
    assert_eq!((second.id, second.token), (first.id, first.token + 1));
    assert!(!queue::finish(&world.backend, &first, Retry::USUAL).await.unwrap());
    assert!(
        queue::finish(&world.backend, &second, Retry::USUAL)
            .await
            .unwrap()
    );
    assert_eq!(waiting(&world.backend).await.unwrap().jobs, 0);
}

#[tokio::test]
async fn a_node_that_is_alone_need_not_wait_for_leases() {
    let world = World::new().await;
    enqueue_work(&world, &unique_name(), 0, None).await;
    claim(&world.backend).await.unwrap();
    assert_eq!(release_all(&world.backend).await.unwrap(), 1);
    assert!(claim(&world.backend).await.is_some());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_workers_do_each_job_once() {
    let world = World::new().await;
    let names: Vec<String> = (0..40).map(|_| unique_name()).collect();
    for name in &names {
        enqueue_work(&world, name, 0, None).await;
    }
    let workers = (0..4).map(|_| {
        let backend = world.backend.clone();
        tokio::spawn(async move { run_due(&backend, &registry()).await.unwrap() })
    });
    let ran: u32 = join_all(workers).await.into_iter().map(Result::unwrap).sum();
    assert_eq!(ran, 40);
    assert!(names.iter().all(|name| done(name) == 1));
}

/// The tenant's jobs, as its admin sees them.
async fn shown(world: &World, query: &str) -> Page<JobRow> {
    let scope = world.acme().scope::<ManageSettings>();
    read::list(&scope, &JobQuery::from_query(query)).await.unwrap()
}

async fn repeat(world: &World, id: JobId) -> Result<(), Error> {
    write::repeat(&world.acme().scope(), id).await
}

#[tokio::test]
async fn what_was_given_up_is_seen_and_run_again_with_all_its_tries() {
    let world = World::new().await;
    let name = unique_name();
    enqueue_work(&world, &name, 4, Some("key")).await;
    // Waits for its first run, so there is nothing to repeat.
    let waits = shown(&world, "").await.rows.remove(0);
    assert_eq!((waits.state, waits.runs), (JobState::Queued, 0));
    assert!(waits.next_run.is_some());
    assert!(matches!(
        repeat(&world, waits.id).await,
        Err(Error::Refused(Refusal::JobNotFailed))
    ));

    for _ in 0..3 {
        run_due(&world.backend, &registry()).await.unwrap();
        world.seconds_pass(60);
    }
    let dead = shown(&world, "?state=given-up").await.rows.remove(0);
    assert_eq!((dead.id, dead.runs), (waits.id, 3));
    assert!(shown(&world, "?state=waiting").await.rows.is_empty());

    repeat(&world, dead.id).await.unwrap();
    run_due(&world.backend, &registry()).await.unwrap();
    // It failed a fourth time, which was the first of its new tries; nobody has to wait for the next one.
    let again = shown(&world, "").await.rows.remove(0);
    assert_eq!((again.state, again.runs), (JobState::Queued, 1));
    repeat(&world, dead.id).await.unwrap();
    run_due(&world.backend, &registry()).await.unwrap();
    let done = shown(&world, "?state=done").await.rows.remove(0);
    assert_eq!(done.id, dead.id);
    assert!(matches!(
        repeat(&world, dead.id).await,
        Err(Error::Refused(Refusal::JobNotFailed))
    ));
}

#[tokio::test]
async fn a_job_is_not_repeated_beside_one_that_does_the_same() {
    let world = World::new().await;
    enqueue_work(&world, &unique_name(), 99, Some("key")).await;
    for _ in 0..3 {
        run_due(&world.backend, &registry()).await.unwrap();
        world.seconds_pass(60);
    }
    let dead = shown(&world, "").await.rows.remove(0);
    enqueue_work(&world, &unique_name(), 0, Some("key")).await;
    assert!(matches!(
        repeat(&world, dead.id).await,
        Err(Error::Refused(Refusal::JobReplaced))
    ));
}

#[tokio::test]
async fn jobs_of_others_are_neither_seen_nor_repeated() {
    let world = World::new().await;
    enqueue_work(&world, &unique_name(), 0, None).await;
    let id = shown(&world, "").await.rows.remove(0).id;
    let other = world.borealis().scope::<ManageSettings>();
    assert!(
        read::list(&other, &JobQuery::default())
            .await
            .unwrap()
            .rows
            .is_empty()
    );
    assert!(matches!(write::repeat(&other, id).await, Err(Error::NotFound)));
}

#[tokio::test]
async fn a_long_list_comes_in_pages_without_gaps() {
    let world = World::new().await;
    for _ in 0..60 {
        enqueue_work(&world, &unique_name(), 0, None).await;
    }
    let mut seen = Vec::new();
    let mut query = JobQuery::default();
    loop {
        let page = shown(&world, &query.to_query()).await;
        seen.extend(page.rows.iter().map(|row| row.id));
        let Some(next) = page.next else { break };
        query = query.at(Position::After(next));
    }
    let once: BTreeSet<_> = seen.iter().copied().collect();
    assert_eq!((seen.len(), once.len()), (60, 60));
}

#[tokio::test]
async fn what_is_of_no_tenant_is_listed_and_repeated_by_the_operator() {
    let world = World::new().await;
    let work = Work {
        name: unique_name(),
        fails: 3,
    };
    let db = world.backend.system().writer();
    enqueue_in(db, world.backend.now(), None, &work).await.unwrap();
    let open = operator::list(&world.backend, Which::Open)
        .await
        .unwrap()
        .remove(0);
    assert_eq!((open.state, open.runs), (JobState::Queued, 0));
    assert!(
        operator::list(&world.backend, Which::Parked)
            .await
            .unwrap()
            .is_empty()
    );
    assert!(matches!(
        operator::repeat(&world.backend, open.id).await,
        Err(Error::Refused(Refusal::JobNotFailed))
    ));

    for _ in 0..3 {
        run_due(&world.backend, &registry()).await.unwrap();
        world.seconds_pass(60);
    }
    let parked = operator::list(&world.backend, Which::Parked)
        .await
        .unwrap()
        .remove(0);
    assert_eq!((parked.id, parked.runs), (open.id, 3));
    assert!(parked.error.is_some());
    assert!(shown(&world, "").await.rows.is_empty());
    operator::repeat(&world.backend, parked.id).await.unwrap();
    run_due(&world.backend, &registry()).await.unwrap();
    assert_eq!(done(&work.name), 4);
    assert!(
        operator::list(&world.backend, Which::Open)
            .await
            .unwrap()
            .is_empty()
    );
}

#[tokio::test]
async fn a_tenants_job_that_the_operator_repeats_is_in_its_audit() {
    let world = World::new().await;
    enqueue_work(&world, &unique_name(), 3, None).await;
    for _ in 0..3 {
        run_due(&world.backend, &registry()).await.unwrap();
        world.seconds_pass(60);
    }
    let id = shown(&world, "").await.rows.remove(0).id;
    operator::repeat(&world.backend, id).await.unwrap();
    assert_eq!(shown(&world, "").await.rows[0].state, JobState::Queued);
    let scope = world.acme().scope::<ManageSettings>();
    let entry = scope
        .find::<audit_entry::Entity>()
        .filter(audit_entry::Column::EntityId.eq(id.0))
        .one(scope.db())
        .await
        .unwrap()
        .unwrap();
    assert!(format!("{entry:?}").contains("quittance jobs repeat"));
    let unknown = JobId(crate::new_id());
    assert!(matches!(
        operator::repeat(&world.backend, unknown).await,
        Err(Error::NotFound)
    ));
}
