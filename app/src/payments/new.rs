//! The page `Make a payment`: which invoices, how much of each, with which card (P1 to P9).
//!
//! It is always loaded as a whole, since the gateway's script needs a policy of its own (D11). Each account is one
//! form that the browser posts by itself; with script the sums follow what is typed and a new card can be used.

use super::{
    api::{OpenedForm, Pay, open_payment},
    cards::{CardBox, Cards},
    lines::Lines,
    on_account::UseFirst,
    opening::{Opening, PAGE},
    payee::Payee,
    submission::{Submission, wake},
    summary::Summary,
};
use crate::loading::{Loading, load};
use crate::markup::view;
use crate::{
    css,
    ui::{
        form::FormErrors,
        icon::{Glyph, Icon},
        loaded::loaded,
        page::{Alert, Empty, PageHead, Tone},
    },
    viewer::{use_locale, use_viewer},
};
use domain::{Refusal, money::Currency};
use leptos::{ev::SubmitEvent, html, prelude::*, server_fn::ServerFn};
use leptos_router::hooks::use_location;

/// Id of the form that spreads a total.
const SPREAD: &str = "spread";

/// What the page loads. Made in the lazy part, so that a page brings the decoding of its own data and no other's.
struct Loads {
    search: Memo<String>,
    opened: Loading<OpenedForm>,
}

impl Loads {
    fn new() -> Self {
        let search = use_location().search;
        Self {
            search,
            opened: load(move || search.get(), open_payment),
        }
    }
}

/// The page.
pub(crate) fn view() -> AnyView {
    let this = Loads::new();
    let Loads { search, opened } = this;
    loaded(opened, move |opened: OpenedForm| {
        let opening = Opening::read(&search.get_untracked());
        view! { <Payment opened opening/> }
    })
    .into_any()
}

#[component]
fn Payment(opened: OpenedForm, opening: Opening) -> impl IntoView {
    let locale = use_locale();
    let awake = RwSignal::new(false);
    Effect::new(move |_| awake.set(true));
    let spread = opening.total.is_some() && opened.not_spread.is_none();
    let payees = Payee::all(&opened, opening.is_chosen(), spread, locale);
    let left_out = left_out(&opened.form.left_out);
    let alone = match payees.as_slice() {
        [payee] => match payee.sums.as_slice() {
            [sum] => Some(sum.currency),
            _ => None,
        },
        _ => None,
    };
    let in_proportion = opened.form.in_proportion;
    let total = alone.map(|currency| {
        (
            currency,
            in_proportion,
            opening.total.clone(),
            opened.not_spread.clone(),
        )
    });
    let many = payees.len() > 1;
    let forms = payees
        .iter()
        .map(|payee| view! { <PayeeForm payee=payee.clone() total=total.clone() from=opening.query() many awake/> })
        .collect_view();
    let nothing = payees.is_empty().then(|| {
        view! {
            <Empty glyph=Glyph::CheckCircle title="Nothing to pay">
                <p>"No invoice is open, or what is open is being paid already."</p>
                <p><a class=css::BUTTON href="/invoices">"Back to invoices"</a></p>
            </Empty>
        }
    });
    view! {
        <PageHead title="Make a payment" up=("/invoices", "Invoices") note=between(&payees)/>
        <div class="stack loose">
            {left_out}
            {several(&payees)}
            {total.map(|_| view! {
                <form id=SPREAD method="get" action=PAGE hidden>
                    {opening.chosen().into_iter().map(|(name, value)| view! { <input type="hidden" name=name value=value/> }).collect_view()}
                </form>
            })}
            {forms}
            {nothing}
        </div>
    }
}

/// What was chosen and cannot be paid, with the reason.
fn left_out(all: &[(String, Refusal)]) -> Option<impl IntoView + use<>> {
    let locale = use_locale();
    let lines: Vec<_> = all
        .iter()
        .map(|(number, why)| {
            let why = why.message(locale);
            let text = if why.contains(number.as_str()) {
                why
            } else {
                format!("{number}: {why}")
            };
            view! { <p>{text}</p> }
        })
        .collect();
    (!lines.is_empty()).then(|| view! { <Alert tone=Tone::Warning>{lines}</Alert> })
}

/// Who pays whom.
fn between(payees: &[Payee]) -> String {
    let buyer = use_viewer().map(|viewer| viewer.tenant.name).unwrap_or_default();
    match payees {
        [] => String::new(),
        [payee] => {
            let currencies: Vec<_> = payee.sums.iter().map(|sum| sum.currency.code()).collect();
            format!(
                "From {buyer} to {}, in {}",
                payee.seller,
                currencies.join(" and ")
            )
        }
        many => format!("From {buyer}, on {} accounts", many.len()),
    }
}

/// Said when one payment cannot pay it all: a payment is of one account and one currency (D5).
fn several(payees: &[Payee]) -> Option<impl IntoView + use<>> {
    let payments: usize = payees.iter().map(|payee| payee.sums.len()).sum();
    let how = match payees.len() {
        0 | 1 => "One for each currency, all by one submit.",
        _ => {
            "One for each account and currency. Every account has its own form with its own cards: submit one after the other."
        }
    };
    (payments > 1).then(|| {
        view! {
            <Alert tone=Tone::Info><p><b>{format!("This makes {payments} payments.")}</b>" "{how}</p></Alert>
        }
    })
}

/// The one form of an account.
#[component]
fn PayeeForm(
    payee: Payee,
    total: Option<(Currency, bool, Option<String>, Option<Refusal>)>,
    from: String,
    many: bool,
    awake: RwSignal<bool>,
) -> impl IntoView {
    let locale = use_locale();
    let place = payee.place;
    let state = CardBox::new(&payee);
    let busy = RwSignal::new(None);
    let stopped = RwSignal::new(None);
    let form = NodeRef::<html::Form>::new();
    wake(payee.clone(), busy);
    let alone = payee.sums.len() == 1;
    let tables = payee
        .sums
        .iter()
        .enumerate()
        .map(|(index, sum)| {
            let first = sum.first.map(|first| view! { <UseFirst first place index/> });
            view! { <Lines sum=sum.clone() alone awake/>{first} }
        })
        .collect_view();
    let others = Opening {
        invoices: payee.others.clone(),
        ..Opening::default()
    }
    .query();
    let (what, how) = (format!("what-{place}"), format!("how-{place}"));
    let heading = if many {
        format!("What to pay to {}", payee.seller)
    } else {
        "What to pay".to_owned()
    };
    let submit = {
        let payee = payee.clone();
        move |event: SubmitEvent| {
            Submission {
                form,
                state,
                busy,
                stopped,
                locale,
            }
            .go(&event, &payee)
        }
    };
    view! {
        <FormErrors failed=payee.failed.clone() title="Nothing was charged. Please check the form."/>
        <form class=format!("{} columns", css::NEW_PAYMENT) method="post" action=Pay::url() autocomplete="off"
            node_ref=form on:submit=submit>
            // The first button answers the Enter key: it never pays.
            <button class=format!("{} small hide", css::BUTTON) name="update" value="1">"Update summary"</button>
            <input type="hidden" name="form[key]" value=payee.key.to_string()/>
            <input type="hidden" name="from" value=from/>
            <input type="hidden" name="others" value=others/>
            <div class="stack loose">
                <section class="part" aria-labelledby=what.clone()>
                    <h2 id=what.clone()>{heading}</h2>
                    {total.map(|(currency, in_proportion, typed, refused)| view! { <Spread currency in_proportion typed refused/> })}
                    {tables}
                </section>
                <section class="part" aria-labelledby=how.clone()>
                    <h2 id=how.clone()>"Card or bank account"</h2>
                    <Cards payee=payee.clone() state awake/>
                </section>
            </div>
            <aside class="stick"><Summary payee busy stopped awake/></aside>
        </form>
    }
}

/// One amount that is spread over the lines below (P2, V28, V41). It is a form of its own, beside the one it stands in.
#[component]
fn Spread(
    currency: Currency,
    in_proportion: bool,
    typed: Option<String>,
    refused: Option<Refusal>,
) -> impl IntoView {
    let locale = use_locale();
    let act = if in_proportion {
        "Spread in proportion"
    } else {
        "Spread oldest first"
    };
    let described = if refused.is_some() {
        "total-error total-help"
    } else {
        "total-help"
    };
    view! {
        <div class="by-total">
            <div class=css::FIELD>
                <label for="total">"Total to pay"</label>
                <div class="row">
                    <span class="money">
                        <input class="input" id="total" name="total" form=SPREAD value=typed inputmode="decimal" autocomplete="off"
                            aria-describedby=described aria-invalid=refused.is_some().then_some("true")/>
                        <span class="unit">{currency.code()}</span>
                    </span>
                    <button class=css::BUTTON form=SPREAD>{act}</button>
                </div>
                {refused.map(|why| view! { <p class="error" id="total-error"><Icon of=Glyph::Alert/>{why.message(locale)}</p> })}
                <p class="help" id="total-help">"Fills in the amounts below. You can still change them."</p>
            </div>
        </div>
    }
}
