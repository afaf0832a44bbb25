//! How a submitted form came out: paid, refused, waiting for the payer or for the bank.
//!
//! As long as the bank thinks, the page asks again by itself; without script there is a link. What waits for the
//! payer is started once by itself, then by a button.

use super::{api::find_payment_result, confirm::Confirm, gateway::pause, opening::PAGE};
use crate::loading::{Loading, load};
use crate::markup::{live, view};
use crate::{
    css,
    error::AppError,
    ui::{
        amount::Amount,
        icon::{Glyph, Icon},
        loaded::loaded,
    },
    viewer::use_locale,
};
use domain::{
    ids::{DraftId, FormKey},
    locale::Locale,
    payments::{AttemptState, Outcome, PaymentResult, PendingAction, on_account::FromAccount},
};
use leptos::{prelude::*, task::spawn_local};
use leptos_meta::Title;
use leptos_router::{
    NavigateOptions,
    hooks::{use_navigate, use_params_map, use_query_map},
};
use std::time::Duration;

/// How often the page asks whether the bank has decided.
const ASK_EVERY: Duration = Duration::from_secs(2);

/// What the page loads. Made in the lazy part, so that a page brings the decoding of its own data and no other's.
struct Loads {
    key: Memo<Option<FormKey>>,
    /// Choices to go on with: the same again after a refusal, the next one after a success.
    again: Option<DraftId>,
    next: Option<DraftId>,
    result: Loading<PaymentResult>,
}

impl Loads {
    fn new() -> Self {
        let params = use_params_map();
        let query = use_query_map();
        let draft = |name: &str| query.read_untracked().get(name).and_then(|id| id.parse().ok());
        let key = Memo::new(move |_| params.read().get("key").and_then(|key| key.parse().ok()));
        let result = load(
            move || key.get(),
            |key| async move {
                match key {
                    Some(key) => find_payment_result(key).await,
                    None => Err(AppError::NotFound),
                }
            },
        );
        Self {
            key,
            again: draft("again"),
            next: draft("next"),
            result,
        }
    }
}

/// The page.
pub(crate) fn view() -> AnyView {
    let this = Loads::new();
    let Loads {
        key,
        again,
        next,
        result,
    } = this;
    view! {
        <Title text="Your payment"/>
        {loaded(result, move |result: PaymentResult| {
            key.get_untracked().map(|key| view! { <Outcomes result key again next/> })
        })}
    }
    .into_any()
}

/// What is known by now, asked for again without taking the page away.
#[derive(Clone, Copy)]
pub(super) struct Latest {
    key: FormKey,
    result: RwSignal<PaymentResult>,
}

impl Latest {
    /// Asks once. False when there was no answer, or the same one.
    pub(super) async fn ask(self) -> bool {
        let Ok(result) = find_payment_result(self.key).await else {
            return false;
        };
        let is_known = self
            .result
            .try_with_untracked(|known| *known == result)
            .unwrap_or(true);
        !is_known && self.result.try_set(result).is_none()
    }
}

#[component]
fn Outcomes(
    result: PaymentResult,
    key: FormKey,
    again: Option<DraftId>,
    next: Option<DraftId>,
) -> impl IntoView {
    let latest = Latest {
        key,
        result: RwSignal::new(result),
    };
    let started = RwSignal::new(false);
    show_receipt(latest, next);
    let button = css::BUTTON;
    let outcomes = move || {
        let PaymentResult {
            from_account,
            outcomes,
        } = latest.result.get();
        let here = address(key, again, next);
        let waiting = outcomes
            .iter()
            .any(|one| matches!(Shown::of(one), Shown::Waiting));
        let failed = outcomes.iter().any(|one| one.state == AttemptState::Failed);
        let many = outcomes.len() + from_account.len() > 1;
        let used = from_account
            .into_iter()
            .map(|used| view! { <Used used many/> })
            .collect_view();
        let all = outcomes
            .into_iter()
            .map(|outcome| view! { <One outcome many here=here.clone() latest started/> })
            .collect_view();
        let try_again =
            failed.then(|| view! { <a class=button href=choice(again) rel="external">"Try again"</a> });
        let go_on = next.map(|next| {
            view! {
                <a class=button href=choice(Some(next)) rel="external">"Go on to the next seller"</a>
            }
        });
        let check = waiting.then(|| {
            view! {
                <a class=button href=here rel="external"><Icon of=Glyph::Refresh/>"Check again"</a>
                <AskAgain latest/>
            }
        });
        view! {
            {many.then(|| view! { <h1>"Your payments"</h1> })}
            {used}
            {all}
            <div class="buttons">
                {try_again}
                {go_on}
                {check}
                <a class=format!("{button} primary") href="/invoices">"Back to invoices"</a>
            </div>
        }
    };
    view! { <div class=format!("{} stack loose", css::RECEIPT)>{live(outcomes)}</div> }
}

/// Goes on to the receipt when there is exactly one and it is all, as a form does whose payment succeeds at once.
fn show_receipt(latest: Latest, next: Option<DraftId>) {
    let go = use_navigate();
    Effect::new(move |_| {
        let result = latest.result.read();
        if !result.from_account.is_empty() {
            return;
        }
        let [
            Outcome {
                state: AttemptState::Succeeded,
                payment: Some(payment),
                ..
            },
        ] = result.outcomes.as_slice()
        else {
            return;
        };
        let next = next.map(|next| format!("&next={next}")).unwrap_or_default();
        let to = format!("/payments/{payment}?new=1{next}");
        go(
            &to,
            NavigateOptions {
                replace: true,
                ..NavigateOptions::default()
            },
        );
    });
}

/// Asks for the result again and again, as long as it stands in the page and there is nothing new; what is new
/// draws the page anew.
#[component]
fn AskAgain(latest: Latest) -> impl IntoView {
    let here = RwSignal::new(());
    Effect::new(move |_| {
        spawn_local(async move {
            loop {
                pause(ASK_EVERY).await;
                if here.try_get_untracked().is_none() || latest.ask().await {
                    break;
                }
            }
        });
    });
}

/// What an outcome means to the payer.
enum Shown {
    Paid,
    Refused,
    /// The bank asks the payer.
    Asked(PendingAction),
    /// Nobody here can do anything. That the payer is asked and no question has come is the same.
    Waiting,
    /// The bank takes days, so nobody waits here.
    Processing,
}

impl Shown {
    fn of(outcome: &Outcome) -> Self {
        match (outcome.state, &outcome.action) {
            (AttemptState::Succeeded, _) => Self::Paid,
            (AttemptState::Failed, _) => Self::Refused,
            (AttemptState::Processing, _) => Self::Processing,
            (AttemptState::NeedsAction, Some(action)) => Self::Asked(action.clone()),
            (AttemptState::NeedsAction, None) | (AttemptState::Submitted | AttemptState::Unknown, _) => {
                Self::Waiting
            }
        }
    }

    /// Class of the sign, the sign, and the heading.
    const fn head(&self) -> (&'static str, Glyph, &'static str) {
        match self {
            Self::Paid => ("sign", Glyph::Check, "Payment received"),
            Self::Refused => ("sign failed", Glyph::X, "Payment refused"),
            Self::Asked(_) => ("sign waiting", Glyph::Lock, "Your bank asks you to confirm"),
            Self::Waiting => ("sign waiting", Glyph::Clock, "Your bank is still confirming"),
            Self::Processing => ("sign waiting", Glyph::Clock, "Payment under way"),
        }
    }

    fn text(&self, outcome: &Outcome, locale: Locale) -> String {
        match self {
            Self::Paid => "Thank you.".to_owned(),
            Self::Refused => {
                let why = outcome
                    .failure
                    .as_ref()
                    .map(|why| why.message(locale))
                    .unwrap_or_default();
                // Most reasons say so themselves.
                if why.contains("othing was charged") {
                    why
                } else {
                    format!("{why} Nothing was charged.")
                }
            }
            Self::Asked(_) => "Nothing is charged before you do.".to_owned(),
            Self::Processing => {
                "Your bank takes 3 to 5 banking days. Don't pay again: you hear of it if it fails.".to_owned()
            }
            Self::Waiting => {
                "Don't pay again. The outcome is shown here as soon as it is decided.".to_owned()
            }
        }
    }
}

fn choice(draft: Option<DraftId>) -> String {
    draft.map_or_else(|| PAGE.to_owned(), |draft| format!("{PAGE}?draft={draft}"))
}

fn address(key: FormKey, again: Option<DraftId>, next: Option<DraftId>) -> String {
    let drafts = [("again", again), ("next", next)];
    let drafts: Vec<_> = drafts
        .into_iter()
        .filter_map(|(name, id)| Some(format!("{name}={}", id?)))
        .collect();
    let mark = if drafts.is_empty() { "" } else { "?" };
    format!("/payments/result/{key}{mark}{}", drafts.join("&"))
}

/// What the form used from an account. It stands, whatever became of the card.
#[component]
fn Used(used: FromAccount, many: bool) -> impl IntoView {
    let title = "Paid from your account";
    let heading = if many {
        view! { <h2>{title}</h2> }.into_any()
    } else {
        view! { <h1>{title}</h1> }.into_any()
    };
    view! {
        <section>
            <div class="outcome" role="status">
                <span class="sign"><Icon of=Glyph::Check large=true/></span>
                {heading}
                <p class="figure"><Amount of=used.amount/></p>
                <p>"Credit and money that lay on your account went to the invoices due first."</p>
            </div>
            <dl class=css::FACTS><div><dt>"Paid to"</dt><dd>{used.seller_name}</dd></div></dl>
        </section>
    }
}

/// One payment of the form.
#[component]
fn One(outcome: Outcome, many: bool, here: String, latest: Latest, started: RwSignal<bool>) -> impl IntoView {
    let locale = use_locale();
    let shown = Shown::of(&outcome);
    let (sign, glyph, title) = shown.head();
    let text = shown.text(&outcome, locale);
    let heading = if many {
        view! { <h2>{title}</h2> }.into_any()
    } else {
        view! { <h1>{title}</h1> }.into_any()
    };
    let receipt = outcome.payment.map(|payment| {
        let number = outcome.receipt.clone().unwrap_or_default();
        view! { <p><a href=format!("/payments/{payment}")>{format!("Receipt {number}")}</a></p> }
    });
    let attempt = outcome.attempt;
    let question = match shown {
        Shown::Asked(action) => Some(view! { <Confirm action attempt here latest started/> }),
        Shown::Paid | Shown::Refused | Shown::Waiting | Shown::Processing => None,
    };
    view! {
        <section>
            <div class="outcome" role="status">
                <span class=sign><Icon of=glyph large=true/></span>
                {heading}
                <p class="figure"><Amount of=outcome.amount/></p>
                <p>{text.trim().to_owned()}</p>
                {receipt}
            </div>
            {question}
            <dl class=css::FACTS>
                <div><dt>"Paid to"</dt><dd>{outcome.seller_name}</dd></div>
                <div><dt>"Reference"</dt><dd class="code">{outcome.reference}</dd></div>
            </dl>
        </section>
    }
}
