//! With which card: the saved ones, and a new one in the gateway's own fields (P4, P5).
//!
//! The new card is offered once the program is there, since its fields are the gateway's script; what is typed into
//! them never reaches this site, only the token that the gateway gives for it.

use super::{
    gateway::{self, GatewayScript, Told},
    payee::Payee,
};
use crate::markup::{flag, live, view};
use crate::{
    css,
    ui::{
        badge::Badge,
        icon::{Glyph, Icon},
        paper::card_name,
    },
    viewer::use_locale,
};
use domain::{
    payment_methods::SavedCard,
    payments::{GatewayForm, form::NEW_CARD},
};
use leptos::{html, prelude::*, task::spawn_local};

/// The choice of a card while the form is filled in.
#[derive(Clone, Copy)]
pub struct CardBox {
    place: usize,
    /// A new card is chosen.
    new: RwSignal<bool>,
    /// What is wrong with it.
    problem: RwSignal<Option<String>>,
    focused: RwSignal<bool>,
    ready: RwSignal<bool>,
    holder: NodeRef<html::Input>,
    token: NodeRef<html::Input>,
}

impl CardBox {
    /// The choice as the page begins with it.
    pub fn new(payee: &Payee) -> Self {
        let new = match &payee.card {
            Some(card) => card == NEW_CARD,
            None => payee.cards.is_empty(),
        };
        Self {
            place: payee.place,
            new: RwSignal::new(new || payee.cards.is_empty()),
            problem: RwSignal::new(None),
            focused: RwSignal::new(false),
            ready: RwSignal::new(false),
            holder: NodeRef::new(),
            token: NodeRef::new(),
        }
    }

    /// A new card is chosen and has no token yet.
    pub fn needs_token(self) -> bool {
        self.new.get_untracked()
            && self
                .token
                .get_untracked()
                .is_some_and(|token| token.value().is_empty())
    }

    /// Gets the token and puts it into the form. What is wrong is shown at the fields, and nothing typed is lost.
    pub async fn fetch_token(self) -> bool {
        self.problem.set(None);
        let holder = self
            .holder
            .get_untracked()
            .map(|input| input.value())
            .unwrap_or_default();
        match gateway::token(self.place, &holder).await {
            Ok(token) => {
                if let Some(input) = self.token.try_get_untracked().flatten() {
                    input.set_value(&token);
                }
                true
            }
            Err(problem) => {
                let _ = self.problem.try_set(Some(problem));
                gateway::focus(self.place);
                false
            }
        }
    }

    fn heard(self, told: Told) {
        // The page may be gone when the gateway speaks.
        let _ = match told {
            Told::Ready => self.ready.try_set(true),
            Told::Focused(focused) => self.focused.try_set(focused),
            Told::Problem(problem) => self.problem.try_set(problem).map(|_| true),
        };
    }
}

/// See the module.
#[component]
pub(super) fn Cards(
    /// What is paid.
    payee: Payee,
    /// The choice.
    state: CardBox,
    /// The program is there.
    awake: RwSignal<bool>,
) -> impl IntoView {
    let locale = use_locale();
    let place = payee.place;
    let id = Payee::card_id(place);
    let error_id = format!("{id}-error");
    let refused = payee.failed.refusal(&id).map(|why| {
        view! {
            <p class="error" id=error_id.clone() role="alert"><Icon of=Glyph::Alert/>{why.message(locale)}</p>
        }
    });
    let described = refused.is_some().then_some(error_id);
    let saved = payee.cards.iter().enumerate();
    let chosen = payee
        .cards
        .iter()
        .position(|card| payee.card.as_ref() == Some(&card.id.to_string()))
        .unwrap_or(0);
    let is_new = state.new.get_untracked();
    let options = saved
        .map(|(index, card)| view! { <Saved card=card.clone() chosen=!is_new && index == chosen state/> })
        .collect_view();
    let none = payee.cards.is_empty();
    view! {
        <div class=css::FIELD>
            <fieldset class=css::CARD_CHOICE id=id tabindex="-1" aria-describedby=described>
                <legend class="hide">"Card to charge"</legend>
                {options}
                <NewCard payee state awake/>
            </fieldset>
            {refused}
            <p class="help" hidden=flag(move || awake.get())>{if none {
                "No card is saved yet. Entering one needs JavaScript, since its number goes to the payment gateway alone."
            } else {
                "Entering a new card needs JavaScript, since its number goes to the payment gateway alone."
            }}</p>
        </div>
    }
}

#[component]
fn Saved(card: SavedCard, chosen: bool, state: CardBox) -> impl IntoView {
    let SavedCard {
        id,
        kind,
        brand,
        last4,
        exp_month,
        exp_year,
        is_default,
    } = card;
    let (short, expires) = if kind.is_bank_debit() {
        ("BANK".to_owned(), "Takes 3 to 5 banking days".to_owned())
    } else {
        (short(&brand), format!("Expires {exp_month:02}/{exp_year}"))
    };
    view! {
        <div class="option"><label>
            <input type="radio" name="form[card]" value=id.to_string() checked=chosen autocomplete="off"
                on:change=move |_| state.new.set(false)/>
            <span class="brand" aria-hidden="true">{short}</span>
            <span><b>{card_name(&brand, &last4)}</b><small>{expires}</small></span>
            {is_default.then(|| view! { <Badge kind="" glyph=Glyph::Check label="Default"/> })}
        </label></div>
    }
}

#[component]
fn NewCard(payee: Payee, state: CardBox, awake: RwSignal<bool>) -> impl IntoView {
    let place = payee.place;
    let id = move |part: &str| format!("{part}-{place}");
    view! {
        <div class="option" hidden=flag(move || !awake.get())>
            <label>
                <input type="radio" name="form[card]" value=NEW_CARD checked=state.new.get_untracked() autocomplete="off"
                    on:change=move |_| state.new.set(true)/>
                <span class="brand" aria-hidden="true"><Icon of=Glyph::Plus/></span>
                <span><b>"New card"</b><small>"Visa, Mastercard, American Express"</small></span>
            </label>
            <div class="new">
                <CardFields place gateway=payee.gateway state awake/>
                <div class=format!("{} check", css::FIELD)>
                    <input type="checkbox" id=id("save-card") name="form[save_card]" value="1" checked=payee.save_card autocomplete="off"/>
                    <label for=id("save-card")>"Save this card"</label>
                </div>
                <div class=format!("{} check", css::FIELD)>
                    <input type="checkbox" id=id("make-default") name="form[make_default]" value="1" checked=payee.make_default autocomplete="off"/>
                    <label for=id("make-default")>"Make default"</label>
                </div>
            </div>
        </div>
    }
}

/// The gateway's own fields for a card, shown while a new card is chosen, and the token that comes of them.
#[component]
pub(crate) fn CardFields(
    /// The form on the page, counted from zero.
    place: usize,
    /// Whose fields.
    gateway: GatewayForm,
    /// The choice.
    state: CardBox,
    /// The program is there.
    awake: RwSignal<bool>,
) -> impl IntoView {
    let id = move |part: &str| format!("{part}-{place}");
    let box_node = NodeRef::<html::Div>::new();
    let key = StoredValue::new(gateway.clone());
    Effect::new(move |mounted: Option<bool>| {
        let mounted = mounted.unwrap_or_default();
        let (true, false, Some(node)) = (awake.get() && state.new.get(), mounted, box_node.get()) else {
            return mounted;
        };
        let gateway = key.get_value();
        spawn_local(async move {
            if let Err(problem) = gateway::mount(place, &gateway, &node, move |told| state.heard(told)).await
            {
                state.heard(Told::Problem(Some(problem)));
            }
        });
        true
    });
    on_cleanup(move || gateway::unmount(place));
    let problem = move || {
        state.problem.get().map(|text| {
            view! {
                <p class="error" role="alert"><Icon of=Glyph::Alert/>{text}</p>
            }
        })
    };
    view! {
        <div class="fields">
            <div class=css::FIELD>
                <label for=id("holder")>"Name on card "<i>"(optional)"</i></label>
                <input class="input" id=id("holder") autocomplete="cc-name" node_ref=state.holder/>
            </div>
            <div class=css::FIELD>
                <span class="label" id=id("card-label")>"Card number, expiry and CVC"</span>
                <div class="box" class:focused=flag(move || state.focused.get()) class:wrong=flag(move || state.problem.with(Option::is_some))
                    role="group" aria-labelledby=id("card-label") aria-busy=move || (!state.ready.get()).then_some("true")
                    node_ref=box_node></div>
                {live(problem)}
                <p class="help">"Typed into the payment gateway's own field. The number never reaches this portal."</p>
            </div>
            <input type="hidden" name="form[token]" node_ref=state.token/>
            <GatewayScript gateway/>
        </div>
    }
}

/// A brand as it fits onto a little card.
fn short(brand: &str) -> String {
    match brand {
        "mastercard" => "MC".to_owned(),
        other => other.chars().take(4).collect::<String>().to_ascii_uppercase(),
    }
}
