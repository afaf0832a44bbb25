//! The page `My Account`: the way to Billing for partners and customers (T4, T5), `Change password` (T17), and the ways
//! to the second factor and another address.

use super::api::{ChangePassword, EndOtherSessions, EndSession, find_typed, list_own_sessions};
use crate::loading::{Loading, load};
use crate::markup::view;
use crate::{
    css,
    ui::{
        amount::Moment,
        badge::Badge,
        form::{Failed, Field, FormErrors, Said},
        icon::{Glyph, Icon},
        loaded::loaded,
        page::{Alert, PageHead, Tone},
        table::{Head, Table},
    },
    viewer::use_viewer,
};
use domain::sessions::{OwnSession, PASSWORD_MIN};
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_router::hooks::use_query_map;

/// What the page loads. Made in the lazy part, so that a page brings the decoding of its own data and no other's.
struct Loads {
    typed: Loading<Failed>,
    saved: Memo<bool>,
    sessions: Loading<Vec<OwnSession>>,
    ended: Memo<bool>,
}

impl Loads {
    fn new() -> Self {
        let query = use_query_map();
        let id = Memo::new(move |_| query.read().get("typed"));
        Self {
            typed: load(move || id.get(), find_typed),
            saved: Memo::new(move |_| query.read().get("saved").is_some()),
            sessions: load(|| (), |()| list_own_sessions()),
            ended: Memo::new(move |_| query.read().get("ended").is_some()),
        }
    }
}

/// The page.
pub(crate) fn view() -> AnyView {
    let this = Loads::new();
    let (saved, ended) = (this.saved, this.ended);
    let company = use_viewer().is_some_and(|viewer| viewer.method.is_company());
    let who =
        use_viewer().map(|viewer| format!("{} · {} · {}", viewer.name, viewer.email, viewer.tenant.name));
    view! {
        <PageHead title="My Account" note=who.unwrap_or_default()/>
        <div class="stack loose">
            <Said words=&[("email", "Your e-mail address was changed. You were logged out everywhere else.")]/>
            <section class="part">
                <h2>"Billing"</h2>
                <p>"Invoices, payments and receipts of your company."</p>
                <p><a class=css::BUTTON href="/invoices"><Icon of=Glyph::File/>"Billing"</a></p>
            </section>
            {company.then(|| view! {
                <Alert tone=Tone::Info>
                    <p>"You came in with your company’s sign-in, which is good for this company alone. To change your password, second factor or e-mail address, log in with your e-mail and password."</p>
                </Alert>
            })}
            {(!company).then(|| own_login(this.typed, saved))}
            <section class="part ruled" id="sessions">
                <h2>"Where you are signed in"</h2>
                <p>"End what you do not know, and change your password then."</p>
                {loaded(this.sessions, move |sessions: Vec<OwnSession>| view! {
                    {ended.get_untracked().then(|| view! {
                        <Alert tone=Tone::Success><p>"Ended. Whoever used it has to log in again."</p></Alert>
                    })}
                    <Sessions sessions/>
                })}
            </section>
        </div>
    }
    .into_any()
}

/// What the owner of a login may change of it.
fn own_login(typed: Loading<Failed>, saved: Memo<bool>) -> AnyView {
    view! {
        <section class="part ruled">
            <h2>"Change password"</h2>
            <p>"You are logged out everywhere else when you save."</p>
            {loaded(typed, move |failed: Failed| view! {
                {saved.get_untracked().then(|| view! {
                    <Alert tone=Tone::Success><p>"The password was changed."</p></Alert>
                })}
                <form class=css::FORM method="post" action=ChangePassword::url()>
                    <FormErrors failed=failed.clone() title="The password was not changed"/>
                    <Field name="current" label="Password now" kind="password" autocomplete="current-password"
                        required=true error=failed.refusal("current")/>
                    <Field name="new" label="New password" kind="password" autocomplete="new-password" required=true
                        help=format!("At least {PASSWORD_MIN} characters. A few words are good; a password manager is better.")
                        error=failed.refusal("new")/>
                    <Field name="again" label="New password again" kind="password" autocomplete="new-password"
                        required=true error=failed.refusal("again")/>
                    <div class="buttons"><button class=format!("{} primary", css::BUTTON)>"Save"</button></div>
                </form>
            })}
        </section>
        <section class="part ruled">
            <h2>"Second factor"</h2>
            <p>"A code of an app on your phone, asked for after the password."</p>
            <p><a class=css::BUTTON href="/account/second-factor"><Icon of=Glyph::Lock/>"Second factor"</a></p>
        </section>
        <section class="part ruled">
            <h2>"E-mail address"</h2>
            <p>"What you log in with, and where mails about your login go."</p>
            <p><a class=css::BUTTON href="/account/email"><Icon of=Glyph::Mail/>"Change e-mail address"</a></p>
        </section>
    }
    .into_any()
}

#[component]
fn Sessions(sessions: Vec<OwnSession>) -> impl IntoView {
    let others = sessions.iter().any(|session| !session.here);
    let rows = sessions.into_iter().map(session_row).collect_view();
    let heads = vec![
        Head::of("Device"),
        Head::of("Works in"),
        Head::of("Address"),
        Head::sorted("Last used", "descending"),
        Head::acts(),
    ];
    view! {
        <div class="stack">
            <Table caption="Where you are signed in" heads>{rows}</Table>
            {others.then(|| view! {
                <form method="post" action=EndOtherSessions::url()><button class=css::BUTTON>"End all others"</button></form>
            })}
        </div>
    }
}

fn session_row(session: OwnSession) -> impl IntoView {
    let OwnSession {
        id,
        here,
        device,
        address,
        tenant,
        method,
        seen_at,
    } = session;
    let end = (!here).then(|| view! {
        <form method="post" action=EndSession::url()>
            <input type="hidden" name="id" value=id/>
            <button class=format!("{} small", css::BUTTON) aria-label=format!("End {device}")>"End"</button>
        </form>
    });
    let mark = here.then(|| view! { " "<Badge kind="good" glyph=Glyph::CheckCircle label="This one"/> });
    let by = method
        .is_company()
        .then(|| view! { <span class="muted">" · signed in with your company"</span> });
    view! {
        <tr role="row">
            <th scope="row" role="rowheader">{device.clone()}{mark}{by}</th>
            <td role="cell" class="soft" data-label="Works in">{tenant}</td>
            <td role="cell" class="soft" data-label="Address">{address.unwrap_or_else(|| "Unknown".to_owned())}</td>
            <td role="cell" class="when" data-label="Last used"><Moment of=seen_at/></td>
            <td role="cell" class="acts"><div>{end}</div></td>
        </tr>
    }
}
