//! Random sequences of what sellers, payers, banks and time do, against a small model of the sums.
//!
//! After every act the database must say what the model says, to the cent. Once in a sequence the portal dies at one of the
//! awaits of an act, and what was sent is sent again. At the end everything must have come to rest, `quittance check` and
//! the gateway must agree, and strangers must see nothing. Twenty-four sequences run with the other tests; `setup/model`
//! runs many, in a build whose dependencies are optimised.

mod acts;
mod back;
mod bills;
mod credits;
mod days;
mod facts;
mod files;
mod plans;
mod play;
mod written;

use super::*;
use acts::{CARDS, FAULTY};
use credits::Back;
use files::Brought;
use play::Play;
use proptest::{
    prelude::*,
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};
use std::{
    sync::atomic::{AtomicUsize, Ordering},
    thread,
};

/// One thing that happens.
#[derive(Clone, Copy, Debug)]
enum Happening {
    Issue {
        cents: i64,
    },
    /// Pays parts of some invoices, with a card that behaves in one of four ways; parts beyond a hundred are too much.
    Pay {
        first: usize,
        count: usize,
        part: i64,
        card: usize,
        fault: Option<(usize, bool)>,
    },
    /// Posts the last form again.
    Repeat,
    /// The bank decides the oldest payment that waits for it.
    Bank {
        yes: bool,
    },
    Minutes {
        count: i64,
    },
    /// Days pass; what stood that evening can be asked for ever after.
    Days {
        count: i64,
    },
    Reconcile,
    /// The seller records money and puts part of it to an invoice, or all of it to the oldest.
    Record {
        cents: i64,
        at: usize,
        part: i64,
    },
    /// The seller puts what is unapplied of a payment or a credit note to an invoice.
    Put {
        pot: usize,
        at: usize,
        part: i64,
    },
    /// The seller puts all that is unused to invoices by one of the workbench's rules, or takes the last such act back.
    Workbench {
        rule: usize,
        back: bool,
    },
    /// The seller takes off the oldest that is put of a payment or a credit note.
    TakeOff {
        pot: usize,
    },
    /// The seller credits a part of an invoice, or everything that is left of it, and may pay back what that leaves over.
    Credit {
        at: usize,
        part: i64,
        back: Option<Back>,
    },
    /// The seller credits the payer without an invoice, and may pay back a part of what that leaves over.
    CreditAccount {
        cents: i64,
        back: Option<i64>,
    },
    /// The seller gives money of a payment back, with the gateway in one of several moods.
    GiveBack {
        payment: usize,
        part: i64,
        credits: bool,
        mood: usize,
    },
    /// A payer's bank takes a card payment back, or decides about one that it took.
    ChargeBack {
        payment: usize,
        part: i64,
        won: bool,
    },
    /// The seller changes an issued invoice to another price.
    Revise {
        at: usize,
        cents: i64,
    },
    /// The seller withdraws an invoice or a credit note, if nothing hangs on it.
    Withdraw {
        at: usize,
        note: bool,
    },
    /// The buyer disputes a part of an invoice, or the dispute before that ends in one of three ways.
    Complain {
        at: usize,
        part: i64,
        how: usize,
    },
    /// The seller gives up what is open of an invoice, or hopes for it again.
    WriteOff {
        at: usize,
        back: bool,
    },
    /// The seller imports a file with an invoice of one of two customers, of which a part may be paid or credited.
    Import(Brought),
    /// The seller takes an import back, if nothing hangs on it.
    Undo {
        at: usize,
    },
    /// Another customer is billed, whose invoices the payer's money reaches while it is its subsidiary.
    IssueBelow {
        cents: i64,
    },
    /// That customer becomes the payer's subsidiary, or stands alone again.
    ChangeParent {
        into: bool,
    },
    /// The seller bills the payer for its subsidiary's invoices, or withdraws such a bill.
    RollUp {
        back: bool,
    },
    /// The payer pays a part of the last such bill.
    PayBill {
        part: i64,
        card: usize,
    },
}

fn happening() -> impl Strategy<Value = Happening> {
    use Happening::*;
    let fault = prop::option::weighted(0.4, (0..FAULTY.len(), any::<bool>()));
    let back = (1_i64..=100, any::<bool>(), 0_usize..4);
    let back = prop::option::of(back.prop_map(|(part, by_hand, mood)| Back { part, by_hand, mood }));
    let charge = prop_oneof![Just(0), 1_i64..3_000];
    let prepaid = prop_oneof![Just(0), 1_i64..30_000];
    let credited = prop_oneof![Just(0), 1_i64..=100];
    let brought = (1_i64..30_000, charge, prepaid, credited, any::<bool>());
    prop_oneof![
        3 => (1_i64..50_000).prop_map(|cents| Issue { cents }),
        6 => (0_usize..8, 1_usize..4, 1_i64..=110, 0..CARDS.len(), fault)
            .prop_map(|(first, count, part, card, fault)| Pay { first, count, part, card, fault }),
        1 => Just(Repeat),
        2 => any::<bool>().prop_map(|yes| Bank { yes }),
        1 => (1_i64..90).prop_map(|count| Minutes { count }),
        3 => (1_i64..40).prop_map(|count| Days { count }),
        2 => Just(Reconcile),
        3 => (1_i64..60_000, 0_usize..8, 0_i64..=100).prop_map(|(cents, at, part)| Record { cents, at, part }),
        3 => (0_usize..6, 0_usize..8, 1_i64..=100).prop_map(|(pot, at, part)| Put { pot, at, part }),
        2 => (0_usize..8, any::<bool>()).prop_map(|(rule, back)| Workbench { rule, back }),
        2 => (0_usize..6).prop_map(|pot| TakeOff { pot }),
        4 => (0_usize..8, 1_i64..=100, back).prop_map(|(at, part, back)| Credit { at, part, back }),
        2 => (1_i64..30_000, prop::option::of(1_i64..=100))
            .prop_map(|(cents, back)| CreditAccount { cents, back }),
        2 => (0_usize..8, any::<bool>()).prop_map(|(at, note)| Withdraw { at, note }),
        4 => (0_usize..6, 1_i64..=100, any::<bool>(), 0_usize..4)
            .prop_map(|(payment, part, credits, mood)| GiveBack { payment, part, credits, mood }),
        2 => (0_usize..4, 1_i64..=100, any::<bool>())
            .prop_map(|(payment, part, won)| ChargeBack { payment, part, won }),
        2 => (0_usize..8, 1_i64..60_000).prop_map(|(at, cents)| Revise { at, cents }),
        2 => (0_usize..8, any::<bool>()).prop_map(|(at, back)| WriteOff { at, back }),
        2 => (0_usize..8, 1_i64..=100, 0_usize..5).prop_map(|(at, part, how)| Complain { at, part, how }),
        2 => brought.prop_map(|(cents, charge, prepaid, credited, below)|
            Import(Brought { cents, charge, prepaid, credited, below })),
        2 => (0_usize..4).prop_map(|at| Undo { at }),
        2 => (1_i64..30_000).prop_map(|cents| IssueBelow { cents }),
        2 => prop::bool::weighted(0.7).prop_map(|into| ChangeParent { into }),
        3 => prop::bool::weighted(0.3).prop_map(|back| RollUp { back }),
        2 => (1_i64..=110, 0..CARDS.len()).prop_map(|(part, card)| PayBill { part, card }),
    ]
}

/// A sequence, and where in it the portal dies: in which act, and after how many of its awaits.
#[derive(Clone, Debug)]
struct Sequence {
    happenings: Vec<Happening>,
    dies: (usize, usize),
}

/// The most acts of a sequence.
const LONGEST: usize = 12;
/// Most acts wait less often.
const AWAITS: usize = 40;

fn sequence() -> impl Strategy<Value = Sequence> {
    // Early deaths as often as late ones: short acts are many.
    let after = prop_oneof![0..8_usize, 0..AWAITS];
    (
        prop::collection::vec(happening(), 1..=LONGEST),
        (0..LONGEST, after),
    )
        .prop_map(|(happenings, dies)| Sequence { happenings, dies })
}

/// One sequence is named by the seed of its run and its place in it.
#[derive(Clone, Copy, Debug)]
struct Named {
    seed: u64,
    place: u64,
}

/// What one thread has for its calls: where nothing is optimised, the future of a whole sequence is larger than is usual.
const STACK: usize = 16 * 1024 * 1024;

/// Sequences that once failed: `seed place`, one a line. They run first.
const KEPT: &str = include_str!("model/kept_seeds.txt");

fn kept() -> impl Iterator<Item = Named> {
    let lines = KEPT
        .lines()
        .filter(|line| !line.starts_with('#') && !line.trim().is_empty());
    lines.map(|line| {
        let (seed, place) = line.split_once(' ').expect("seed and place");
        Named {
            seed: seed.parse().unwrap(),
            place: place.parse().unwrap(),
        }
    })
}

fn of_the_environment(name: &str, otherwise: u64) -> u64 {
    std::env::var(name)
        .ok()
        .map_or(otherwise, |text| text.parse().expect("a number"))
}

/// How often the portal died.
static DEATHS: AtomicUsize = AtomicUsize::new(0);

#[test]
fn random_sequences_keep_the_sums() {
    let count = of_the_environment("MODEL_SEQUENCES", 24);
    let seed = of_the_environment("MODEL_SEED", 1);
    let first = of_the_environment("MODEL_FIRST", 0);
    let threads = if count > 100 {
        thread::available_parallelism().map_or(1, usize::from)
    } else {
        1
    };
    let from = std::time::Instant::now();
    let new = (first..first + count).map(|place| Named { seed, place });
    let all: Vec<Named> = kept().chain(new).collect();
    let next = AtomicUsize::new(0);
    thread::scope(|scope| {
        for _ in 0..threads {
            let play = || {
                while let Some(named) = all.get(next.fetch_add(1, Ordering::Relaxed)) {
                    run(*named);
                }
            };
            let thread = thread::Builder::new().stack_size(STACK);
            thread.spawn_scoped(scope, play).unwrap();
        }
    });
    let (deaths, seconds) = (DEATHS.load(Ordering::Relaxed), from.elapsed().as_secs());
    println!(
        "model: seed {seed}, {count} sequences and {} kept ones, {deaths} deaths, {seconds} s",
        kept().count()
    );
}

/// Plays one; a failure is told with its name and the shortest sequence that fails as well.
fn run(named: Named) {
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&named.seed.to_le_bytes());
    bytes[8..16].copy_from_slice(&named.place.to_le_bytes());
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
    let config = Config {
        failure_persistence: None,
        max_shrink_iters: 200,
        ..Config::default()
    };
    let mut runner = TestRunner::new_with_rng(config, rng);
    let tree = sequence().new_tree(&mut runner).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let played = runner.run_one(tree, |sequence| {
        runtime.block_on(play(&sequence));
        Ok(())
    });
    if let Err(failed) = played {
        panic!("MODEL_SEED={} MODEL_FIRST={}: {failed}", named.seed, named.place);
    }
}

async fn play(sequence: &Sequence) {
    let mut play = Play::new().await;
    play.issue(10_000).await;
    let (dies_in, after) = sequence.dies;
    for (place, happening) in sequence.happenings.iter().enumerate() {
        if place == dies_in % sequence.happenings.len() {
            play.crash = Some(after);
        }
        one(&mut play, *happening).await;
        play.crash = None;
    }
    play.settle_all().await;
    play.assert_gateway_agrees().await;
    play.assert_days_stand().await;
    assert_eq!(crate::check::run(&play.world.backend).await.unwrap(), Vec::new());
    assert_strangers_see_nothing(&play).await;
    play.world.give_back().await;
}

async fn one(play: &mut Play, happening: Happening) {
    match happening {
        Happening::Issue { cents } => play.issue(cents).await,
        Happening::Pay {
            first,
            count,
            part,
            card,
            fault,
        } => play.pay((first, count), part, card, fault).await,
        Happening::Repeat => play.repeat().await,
        Happening::Bank { yes } => play.bank_decides(yes).await,
        Happening::Minutes { count } => play.world.seconds_pass(60 * count),
        Happening::Days { count } => play.days(count).await,
        Happening::Reconcile => play.reconcile().await,
        Happening::Record { cents, at, part } => play.record(cents, at, part).await,
        Happening::Put { pot, at, part } => play.put(pot, at, part).await,
        Happening::Workbench { rule, back } => play.work_bench(rule, back).await,
        Happening::TakeOff { pot } => play.take_off(pot).await,
        Happening::Credit { at, part, back } => play.credit(at, part, back).await,
        Happening::CreditAccount { cents, back } => play.credit_account(cents, back).await,
        Happening::GiveBack {
            payment,
            part,
            credits,
            mood,
        } => {
            play.give_back(payment, part, credits, mood).await;
        }
        Happening::ChargeBack { payment, part, won } => play.charge_back(payment, part, won).await,
        Happening::Revise { at, cents } => play.revise(at, cents).await,
        Happening::Withdraw { at, note: false } => play.void_invoice(at).await,
        Happening::Withdraw { at, note: true } => play.void_note(at).await,
        Happening::Complain { at, part, how } => play.complain(at, part, how).await,
        Happening::WriteOff { at, back } => play.write_off(at, back).await,
        Happening::Import(brought) => play.import(brought).await,
        Happening::Undo { at } => play.undo(at).await,
        Happening::IssueBelow { cents } => {
            let below = play.world.party("Elm").account();
            play.issue_to(below, cents).await;
        }
        Happening::ChangeParent { into } => play.change_parent(into).await,
        Happening::RollUp { back: false } => play.roll_up().await,
        Happening::RollUp { back: true } => play.withdraw_bill().await,
        Happening::PayBill { part, card } => play.pay_bill(part, card).await,
    }
}

/// Neither the other partner nor its customer finds an invoice or a payment of the play (V49).
async fn assert_strangers_see_nothing(play: &Play) {
    async fn nothing<P: crate::scope::SeesInvoices>(play: &Play, stranger: &Scope<P>) {
        for id in &play.known {
            let found = crate::invoices::read::find(stranger, *id).await;
            assert!(matches!(found, Err(Error::NotFound)), "V49: {found:?}");
        }
        for pot in &play.pots {
            let found = read::receipt(stranger, domain::ids::PaymentId(*pot)).await;
            assert!(matches!(found, Err(Error::NotFound)), "V49: {found:?}");
        }
    }
    nothing::<ViewIssuedInvoices>(play, &play.world.borealis().scope()).await;
    nothing::<ViewReceivedInvoices>(play, &play.world.party("Fjord").scope()).await;
}
