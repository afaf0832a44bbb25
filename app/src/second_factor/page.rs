//! The page `Second factor`: off, about to be confirmed, or on.

use super::{
    api::{
        BeginSecondFactor, ConfirmSecondFactor, RenewRecoveryCodes, SwitchSecondFactorOff, find_second_factor,
    },
    qr::Qr,
};
use crate::loading::{Loading, load};
use crate::markup::view;
use crate::{
    css,
    ui::{
        amount::Moment,
        badge::Badge,
        form::{Failed, Field, FormErrors, Said, typed_form},
        icon::Glyph,
        loaded::both,
        page::{Alert, PageHead, Tone},
    },
    viewer::use_viewer,
};
use chrono::{DateTime, Utc};
use domain::{
    second_factor::{SecondFactor, Setup},
    sessions::Confined,
};
use leptos::{prelude::*, server_fn::ServerFn};

/// What the page loads. Made in the lazy part, so that a page brings the decoding of its own data and no other's.
struct Loads {
    factor: Loading<(SecondFactor, Vec<String>)>,
    typed: Loading<Failed>,
}

impl Loads {
    fn new() -> Self {
        Self {
            factor: load(|| (), |()| find_second_factor()),
            typed: typed_form(),
        }
    }
}

/// The page.
pub(crate) fn view() -> AnyView {
    let Loads { factor, typed } = Loads::new();
    let company = use_viewer().is_some_and(|viewer| viewer.method.is_company());
    let confined = use_viewer().is_some_and(|viewer| viewer.confined == Some(Confined::SecondFactor));
    view! {
        <PageHead title="Second factor" up=("/account", "My Account")
            note="A code of an app on your phone, asked for after the password."/>
        <div class="stack loose">
            <Said words=&[
                ("on", "The second factor is on. You were logged out everywhere else."),
                ("renewed", "New recovery codes were made. Those before do not work any more."),
                ("off", "The second factor is off. You were logged out everywhere else."),
            ]/>
            {confined.then(|| view! {
                <Alert tone=Tone::Warning>
                    <p>{if company {
                        "Your company asks for a second factor. Log out, log in with your e-mail and password to set one up, and come in with your company again."
                    } else {
                        "Your company asks for a second factor. Set it up here; then you can go on."
                    }}</p>
                </Alert>
            })}
            {both(factor, typed, |(factor, fresh): (SecondFactor, Vec<String>), failed: Failed| {
                let SecondFactor { on_since, recovery_left, setup, required } = factor;
                match (on_since, setup) {
                    (Some(since), _) => view! { <On since left=recovery_left fresh required failed/> }.into_any(),
                    (None, Some(setup)) => view! { <Confirm setup failed/> }.into_any(),
                    (None, None) => view! { <Off failed/> }.into_any(),
                }
            })}
        </div>
    }
    .into_any()
}

#[component]
fn Off(failed: Failed) -> impl IntoView {
    view! {
        <section class="part">
            <h2>"It is off"</h2>
            <p>"Whoever knows your password can log in as you. With a second factor they also need your phone."</p>
            <FormErrors failed title="Nothing was changed"/>
            <form method="post" action=BeginSecondFactor::url()>
                <button class=format!("{} primary", css::BUTTON)>"Set up"</button>
            </form>
        </section>
    }
}

#[component]
fn Confirm(setup: Setup, failed: Failed) -> impl IntoView {
    let Setup { secret, uri } = setup;
    view! {
        <section class="part">
            <h2>"1. Add the portal to your app"</h2>
            <p>"Any app for codes works, such as the one of your phone or of your password manager. Scan the picture, or type the key."</p>
            <div class="stack">
                <Qr text=uri label="Picture for your app. It says the same as the key below."/>
                <dl class=css::FACTS>
                    <div><dt>"Key"</dt><dd class="code" id="key">{secret}</dd></div>
                    <div><dt>"Kind"</dt><dd>"By time, six digits, every 30 seconds"</dd></div>
                </dl>
            </div>
        </section>
        <section class="part ruled">
            <h2>"2. Enter the code that the app shows"</h2>
            <p>"You are logged out everywhere else when you switch it on."</p>
            <form class=css::FORM method="post" action=ConfirmSecondFactor::url()>
                <FormErrors failed=failed.clone() title="The second factor is still off"/>
                <Field name="code" label="Code" autocomplete="one-time-code" inputmode="numeric" required=true
                    error=failed.refusal("code")/>
                <div class="buttons"><button class=format!("{} primary", css::BUTTON)>"Switch on"</button></div>
            </form>
        </section>
        <section class="part ruled">
            <h2>"Start over"</h2>
            <p>"Draws another key; the one above does not work any more."</p>
            <form method="post" action=BeginSecondFactor::url()><button class=css::BUTTON>"Draw another key"</button></form>
        </section>
    }
}

#[component]
fn On(since: DateTime<Utc>, left: u32, fresh: Vec<String>, required: bool, failed: Failed) -> impl IntoView {
    let shown = (!fresh.is_empty()).then(|| {
        let codes = fresh.into_iter().map(|code| view! { <li>{code}</li> }).collect_view();
        view! {
            <section class="part">
                <h2>"Your recovery codes"</h2>
                <p>"Write them down or print them now: they are shown this once. Each lets you in once without your phone."</p>
                <ul class=css::RECOVERY aria-label="Recovery codes">{codes}</ul>
            </section>
        }
    });
    let left = if left == 1 {
        "1 recovery code is left.".to_owned()
    } else {
        format!("{left} recovery codes are left.")
    };
    let note = if required {
        "Your company asks for one: when it is off, you can do nothing until you set it up again, as on a new phone."
    } else {
        "From then on the password alone is enough."
    };
    view! {
        {shown}
        <section class="part">
            <h2>"It is on "<Badge kind="good" glyph=Glyph::CheckCircle label="On"/></h2>
            <p>"Since "<Moment of=since/>". "{left}</p>
        </section>
        <section class="part ruled">
            <h2>"New recovery codes"</h2>
            <p>"The ones before do not work any more."</p>
            <form class=css::FORM method="post" action=RenewRecoveryCodes::url()>
                <FormErrors failed=failed.clone() title="Nothing was changed"/>
                <Field name="code" label="Code" autocomplete="one-time-code" required=true error=failed.refusal("code")/>
                <div class="buttons"><button class=css::BUTTON>"Make new recovery codes"</button></div>
            </form>
        </section>
        <section class="part ruled">
            <h2>"Switch off"</h2>
            <p>{note}</p>
            <form class=css::FORM method="post" action=SwitchSecondFactorOff::url()>
                <Field name="password" label="Password" kind="password" autocomplete="current-password" required=true
                    error=failed.refusal("password")/>
                <Field name="off_code" label="Code or recovery code" autocomplete="one-time-code" required=true
                    error=failed.refusal("off_code")/>
                <div class="buttons"><button class=format!("{} bad", css::BUTTON)>"Switch off"</button></div>
            </form>
        </section>
    }
}
