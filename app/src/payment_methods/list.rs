//! The page `Payment methods`: for each seller the saved cards and bank accounts, and whether what falls due is paid by itself.

use super::api::{PreferCard, RemoveCard, SwitchAutopay, list_methods};
use crate::loading::{Loading, load};
use crate::markup::view;
use crate::{
    css,
    ui::{
        badge::Badge,
        form::{Failed, FormErrors, Said, typed_form},
        icon::Glyph,
        loaded::both,
        page::{Empty, PageHead},
        paper::card_name,
        table::{Head, Table},
    },
    viewer::{use_locale, use_viewer},
};
use chrono::NaiveDate;
use domain::{
    access::Permission,
    ids::AccountId,
    locale::format_date,
    payment_methods::{
        AccountMethods, Expiry, Mandate, MethodKind, SavedCard,
        autopay::{AutopaySetting, AutopayState},
    },
};
use leptos::{prelude::*, server_fn::ServerFn};

/// What the page loads.
struct Loads {
    methods: Loading<Vec<AccountMethods>>,
    typed: Loading<Failed>,
}

impl Loads {
    fn new() -> Self {
        Self {
            methods: load(|| (), |()| list_methods()),
            typed: typed_form(),
        }
    }
}

const WORDS: &[(&str, &str)] = &[
    ("added", "It was saved."),
    ("changed", "It was changed."),
    ("preferred", "The default was changed."),
    ("removed", "It was removed."),
    ("on", "Autopay is on: what falls due is paid with the default."),
    ("off", "Autopay is off: nothing is paid by itself."),
];

/// The page.
pub(crate) fn view() -> AnyView {
    let Loads { methods, typed } = Loads::new();
    let changes_profiles = use_viewer().is_some_and(|viewer| viewer.may(Permission::ChangeProfiles));
    view! {
        <PageHead title="Payment methods" note="Only brand or bank, last four digits and expiry are kept here.">
            {changes_profiles.then(|| view! { <a class=css::BUTTON href="/profiles">"Billing profiles"</a> })}
        </PageHead>
        <div class="stack loose">
            <Said words=WORDS/>
            {both(methods, typed, |methods: Vec<AccountMethods>, failed: Failed| view! {
                <FormErrors failed title="Nothing was changed"/>
                {accounts(methods)}
            })}
        </div>
    }
    .into_any()
}

fn accounts(methods: Vec<AccountMethods>) -> AnyView {
    if methods.is_empty() {
        return view! {
            <Empty glyph=Glyph::Card title="Nobody bills you yet">
                <p>"Cards and bank accounts are saved for each seller who sends you invoices."</p>
            </Empty>
        }
        .into_any();
    }
    let all = methods.into_iter().map(|of| view! { <Account of/> });
    all.collect_view().into_any()
}

#[component]
fn Account(of: AccountMethods) -> impl IntoView {
    let AccountMethods {
        account,
        seller: _,
        seller_name,
        today,
        cards,
        mandates,
        autopay,
    } = of;
    let id = format!("account-{account}");
    let none = cards.is_empty().then(|| {
        view! { <p class="muted">"Nothing is saved for this seller."</p> }
    });
    let table = (!cards.is_empty()).then(|| {
        let heads = vec![
            Head::of("Card or account"),
            Head::of("Expires"),
            Head::of("State"),
            Head::acts(),
        ];
        let rows = cards
            .iter()
            .map(|card| {
                row(
                    card,
                    mandates.iter().find(|mandate| mandate.card == card.id),
                    today,
                )
            })
            .collect_view();
        view! { <Table caption="Saved cards and bank accounts" heads>{rows}</Table> }
    });
    let good = |setting: &AutopaySetting| {
        let pays =
            |card: &SavedCard| card.kind.pays(setting.currency) && card.expiry(today) != Expiry::Expired;
        cards.iter().any(|card| card.is_default && pays(card))
    };
    let settings = autopay
        .into_iter()
        .map(|setting| {
            let good = good(&setting);
            view! { <Autopay account setting good seller=seller_name.clone()/> }
        })
        .collect_view();
    let add = format!("/methods/new?account={account}");
    let what = format!("Add a payment method for {seller_name}");
    view! {
        <section class="part stack" aria-labelledby=id.clone()>
            <h2 id=id.clone()>{seller_name.clone()}</h2>
            {none}
            {table}
            <p><a class=css::BUTTON href=add aria-label=what>"Add a payment method"</a></p>
            {settings}
        </section>
    }
}

fn row(card: &SavedCard, mandate: Option<&Mandate>, today: NaiveDate) -> impl IntoView + use<> {
    let locale = use_locale();
    let name = card_name(&card.brand, &card.last4);
    let id = card.id.to_string();
    let preferred = card
        .is_default
        .then(|| view! { <Badge kind="info" glyph=Glyph::Check label="Default"/>" " });
    let expiry = match card.expiry(today) {
        Expiry::Good => None,
        Expiry::Soon => Some(view! { <Badge kind="warn" glyph=Glyph::Clock label="Expires soon"/> }),
        Expiry::Expired => Some(view! { <Badge kind="bad" glyph=Glyph::Alert label="Expired"/> }),
    };
    let expires = match card.kind {
        MethodKind::Card => format!("{:02}/{}", card.exp_month, card.exp_year),
        MethodKind::UsBankAccount | MethodKind::SepaDebit => "Never".to_owned(),
    };
    let account = card.kind.is_bank_debit().then(|| {
        let mandate = mandate.map(|mandate| {
            let given = format_date(mandate.given_on, locale);
            format!(", mandate {} of {given}", mandate.reference)
        });
        let text = format!("{}{}", card.kind.label(), mandate.unwrap_or_default());
        view! { <small class="block">{text}</small> }
    });
    let prefer = (!card.is_default).then(|| {
        view! {
            <form method="post" action=PreferCard::url()>
                <input type="hidden" name="card" value=id.clone()/>
                <button class=format!("{} small", css::BUTTON) aria-label=format!("Make {name} the default")>"Make default"</button>
            </form>
        }
    });
    let change = format!("/methods/change/{id}");
    view! {
        <tr role="row">
            <th scope="row" role="rowheader">{name.clone()}{account}</th>
            <td role="cell" data-label="Expires">{expires}</td>
            <td role="cell" data-label="State">{preferred}{expiry}</td>
            <td role="cell" class="acts"><div>
                {prefer}
                <a class=format!("{} small", css::BUTTON) href=change aria-label=format!("Change {name}")>"Change"</a>
                <form method="post" action=RemoveCard::url()>
                    <input type="hidden" name="card" value=id/>
                    <button class=format!("{} small", css::BUTTON) aria-label=format!("Remove {name}")>"Remove"</button>
                </form>
            </div></td>
        </tr>
    }
}

/// Autopay in one currency: what it does, and the button that changes it.
#[component]
fn Autopay(account: AccountId, setting: AutopaySetting, good: bool, seller: String) -> impl IntoView {
    let locale = use_locale();
    let AutopaySetting { currency, state } = setting;
    let (badge, said) = match &state {
        AutopayState::Off if good => (
            ("", Glyph::Circle, "Off"),
            "Invoices are paid by hand. Autopay pays each with the default on the day it is due, and at once what is due already."
                .to_owned(),
        ),
        AutopayState::Off => (
            ("", Glyph::Circle, "Off"),
            "Autopay needs a default that has not expired and pays in this currency.".to_owned(),
        ),
        AutopayState::On { by, since } => (
            ("good", Glyph::CheckCircle, "On"),
            format!(
                "What is due is paid with the default. {by} switched it on, {}.",
                format_date(*since, locale)
            ),
        ),
        AutopayState::Retrying { on } => (
            ("warn", Glyph::Clock, "Trying again"),
            format!(
                "The last payment was refused. It is tried again on {}.",
                format_date(*on, locale)
            ),
        ),
        AutopayState::Paused { why } => (
            ("bad", Glyph::Alert, "Paused"),
            format!(
                "{} Switch autopay on again when a card is in order.",
                why.message(locale)
            ),
        ),
    };
    let (kind, glyph, label) = badge;
    let on = matches!(state, AutopayState::Off | AutopayState::Paused { .. });
    let off = state != AutopayState::Off;
    let button = move |to: &'static str, label: &'static str| {
        let what = format!("{label} for {seller} in {currency}");
        view! {
            <form method="post" action=SwitchAutopay::url()>
                <input type="hidden" name="account" value=account.to_string()/>
                <input type="hidden" name="currency" value=currency.code()/>
                <input type="hidden" name="to" value=to/>
                <button class=css::BUTTON aria-label=what>{label}</button>
            </form>
        }
    };
    view! {
        <h3>{format!("Autopay in {currency} ")}<Badge kind glyph label/></h3>
        <p>{said}</p>
        <div class="row">
            {(on && good).then(|| button("on", "Switch autopay on"))}
            {off.then(|| button("off", "Switch autopay off"))}
        </div>
    }
}
