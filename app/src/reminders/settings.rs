//! The page `Reminders`: whether they are sent by themselves, when, and what the seller says itself.

use super::api::{ChangeReminders, find_reminders};
use crate::loading::{Loading, load};
use crate::markup::view;
use crate::{
    css,
    ui::{
        form::{Failed, Field, FormErrors, Said, typed_form},
        loaded::both,
        page::PageHead,
    },
};
use domain::reminders::{ReminderRules, ReminderStep, STEP_FIELDS};
use leptos::{prelude::*, server_fn::ServerFn};

/// The group in which the fields are posted.
const GROUP: &str = "rules";
/// What each step is called.
const STEPS: [&str; STEP_FIELDS.len()] = ["First reminder", "Second reminder", "Third reminder"];

/// The page.
pub(crate) fn view() -> AnyView {
    let rules: Loading<ReminderRules> = load(|| (), |()| find_reminders());
    view! {
        <PageHead title="Reminders" up=("/mail?side=issued", "Sent mail")
            note="What is overdue is asked for once at each step, from eight in the morning where you are."/>
        <div class="stack loose">
            <Said words=&[("saved", "The changes were saved.")]/>
            {both(rules, typed_form(), |rules: ReminderRules, failed: Failed| view! { <Rules rules failed/> })}
        </div>
    }
    .into_any()
}

#[component]
fn Rules(rules: ReminderRules, failed: Failed) -> impl IntoView {
    let ReminderRules { is_on, steps } = rules;
    // After a post that failed the tick is the one that was posted.
    let ticked = match failed.error {
        Some(_) => failed.text("is_on").is_some_and(|typed| !typed.is_empty()),
        None => is_on,
    };
    let fields = {
        let failed = failed.clone();
        let mut steps = steps.into_iter();
        let fields = STEPS.into_iter().zip(STEP_FIELDS);
        fields
            .map(move |(name, fields)| step(name, fields, steps.next(), &failed))
            .collect_view()
    };
    view! {
        <FormErrors failed title="Nothing was changed"/>
        <form class=css::FORM method="post" action=ChangeReminders::url()>
            <div class=format!("{} check", css::FIELD)>
                <input type="checkbox" id="is_on" name="rules[is_on]" value="true" checked=ticked autocomplete="off"/>
                <label for="is_on">"Send reminders by themselves"</label>
            </div>
            <p class="help">"What is disputed or being paid is not asked for. Autopay’s invoices are left to it. Who is reminded late is reminded of the last step reached, not of those before it."</p>
            {fields}
            <div class="buttons"><button class=format!("{} primary", css::BUTTON)>"Save"</button></div>
        </form>
    }
}

fn step(
    name: &'static str,
    (days, words): (&'static str, &'static str),
    kept: Option<ReminderStep>,
    failed: &Failed,
) -> impl IntoView + use<> {
    let (kept_days, kept_words) =
        kept.map_or_else(Default::default, |step| (step.after_days.to_string(), step.words));
    view! {
        <fieldset>
            <legend>{name}</legend>
            <Field name=days inside=GROUP label="Days after the due date" inputmode="numeric" autocomplete="off"
                value=failed.text(days).unwrap_or(kept_days) error=failed.refusal(days)/>
            <Field name=words inside=GROUP label="What you say first (optional)" autocomplete="off"
                value=failed.text(words).unwrap_or(kept_words) error=failed.refusal(words)/>
        </fieldset>
    }
}
