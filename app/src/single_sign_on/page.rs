//! The page `Single sign-on`: the tenant's provider, who must come by it, and who is linked.

use super::api::{ChangeSingleSignOn, SwitchSingleSignOnOff, UnlinkPerson, find_single_sign_on};
use crate::loading::{Loading, load};
use crate::markup::view;
use crate::{
    css,
    ui::{
        amount::Moment,
        form::{Failed, Field, FormErrors, Said, typed_form},
        icon::{Glyph, Icon},
        loaded::both,
        page::PageHead,
        table::{Head, Table},
    },
    viewer::use_locale,
};
use domain::single_sign_on::{LINKED_SHOWN, Linked, SingleSignOn};
use leptos::{prelude::*, server_fn::ServerFn};

/// What the page loads.
struct Loads {
    settings: Loading<SingleSignOn>,
    typed: Loading<Failed>,
}

impl Loads {
    fn new() -> Self {
        Self {
            settings: load(|| (), |()| find_single_sign_on()),
            typed: typed_form(),
        }
    }
}

/// The page.
pub(crate) fn view() -> AnyView {
    let Loads { settings, typed } = Loads::new();
    view! {
        <PageHead title="Single sign-on" up=("/security", "Security")
            note="Your people come in with the sign-in of your company, by OpenID Connect."/>
        <div class="stack loose">
            <Said words=&[
                ("changed", "The single sign-on was changed."),
                ("off", "Single sign-on is off. Your people log in with e-mail and password."),
                ("unlinked", "The link was removed. Who comes that way again is linked again."),
            ]/>
            {both(settings, typed, |settings: SingleSignOn, failed: Failed| view! { <Whole settings failed/> })}
        </div>
    }
    .into_any()
}

#[component]
fn Whole(settings: SingleSignOn, failed: Failed) -> impl IntoView {
    let on = settings.provider.is_some();
    let linked = settings.linked.clone();
    view! {
        <FormErrors failed=failed.clone() title="Nothing was changed"/>
        <Addresses settings=settings.clone()/>
        <Settings settings failed/>
        {on.then(|| view! { <LinkedPeople linked/><Off/> })}
    }
}

/// What the provider must know of the portal, and what people must know of both.
#[component]
fn Addresses(settings: SingleSignOn) -> impl IntoView {
    let SingleSignOn {
        provider,
        return_address,
        login_address,
        ..
    } = settings;
    let login = provider.map(|_| {
        view! {
            <div><dt>"Your people log in at"</dt><dd class="code"><a href=login_address.clone() rel="external">{login_address.clone()}</a></dd></div>
        }
    });
    view! {
        <section class="part">
            <h2>"What your provider needs"</h2>
            <p>"Add the portal there as a web application with a secret, and allow it this one return address."</p>
            <dl class=css::FACTS>
                <div><dt>"Return address"</dt><dd class="code">{return_address}</dd></div>
                <div><dt>"Flow"</dt><dd>"Authorization code with PKCE (S256)"</dd></div>
                <div><dt>"Scopes"</dt><dd>"openid, email"</dd></div>
                {login}
            </dl>
        </section>
    }
}

#[component]
fn Settings(settings: SingleSignOn, failed: Failed) -> impl IntoView {
    let on = settings.provider.is_some();
    let provider = settings.provider.unwrap_or_default();
    // After a post that failed the fields are those that were posted.
    let posted = failed.error.is_some() && !failed.fields.is_empty();
    let shown = |field: &str, set: String| {
        if posted {
            failed.text(field).unwrap_or_default()
        } else {
            set
        }
    };
    let ticked = |field: &str, set: bool| {
        if posted {
            failed.text(field).as_deref() == Some("true")
        } else {
            set
        }
    };
    let secret_help = if on {
        "It is set and is not shown. Leave this empty to keep it; another issuer or client needs one of its own."
    } else {
        "It is kept sealed and never shown again."
    };
    view! {
        <form class=css::FORM method="post" action=ChangeSingleSignOn::url()>
            <fieldset>
                <legend>"Provider"</legend>
                <Field name="issuer" label="Issuer" kind="url" autocomplete="off" required=true
                    value=shown("issuer", provider.issuer.clone()) error=failed.refusal("issuer")
                    help="Its address exactly as it names itself, such as https://login.example.com. It is looked up when you save."/>
                <Field name="client_id" label="Client ID" autocomplete="off" required=true
                    value=shown("client_id", provider.client_id.clone()) error=failed.refusal("client_id")/>
                <Field name="client_secret" label="Client secret" kind="password" autocomplete="new-password" required=!on
                    error=failed.refusal("client_secret") help=secret_help/>
            </fieldset>
            <fieldset>
                <legend>"Who comes in"</legend>
                <Field name="domains" label="E-mail domains" autocomplete="off" required=true
                    value=shown("domains", provider.domains_text()) error=failed.refusal("domains")
                    help="Whoever comes the first time must have a verified address of one of these, and be invited here with it. With blanks between them."/>
                <Tick name="second_factor" on=ticked("second_factor", provider.second_factor)
                    label="Ask for no code where the provider asked for a second factor"
                    help="Only where it says so with each login (amr contains mfa). Otherwise the portal asks as after a password."
                    failed=failed.clone()/>
                <Tick name="required" on=ticked("required", provider.required)
                    label="People of this company must come in this way"
                    help="Come in this way yourself first, so that nobody is locked out. From then on a password opens nothing here."
                    failed=failed.clone()/>
            </fieldset>
            <div class="buttons"><button class=format!("{} primary", css::BUTTON)>"Check and save"</button></div>
        </form>
    }
}

/// A box to tick with what it means.
#[component]
fn Tick(
    name: &'static str,
    on: bool,
    label: &'static str,
    help: &'static str,
    failed: Failed,
) -> impl IntoView {
    let locale = use_locale();
    let wrong = failed.refusal(name).map(|refusal| refusal.message(locale));
    let help_id = format!("{name}-help");
    let error_id = wrong.as_ref().map(|_| format!("{name}-error"));
    let described = match &error_id {
        Some(error) => format!("{help_id} {error}"),
        None => help_id.clone(),
    };
    view! {
        <div class=css::FIELD>
            <div class=format!("{} check", css::FIELD)>
                <input type="checkbox" id=name name=name value="true" checked=on autocomplete="off"
                    aria-invalid=wrong.is_some().then_some("true") aria-describedby=described/>
                <label for=name>{label}</label>
            </div>
            <p class="help" id=help_id>{help}</p>
            {wrong.map(|text| view! { <p class="error" id=error_id><Icon of=Glyph::Alert/>{text}</p> })}
        </div>
    }
}

#[component]
fn LinkedPeople(linked: Vec<Linked>) -> impl IntoView {
    let many = linked.len() as u64 >= LINKED_SHOWN;
    let none = linked.is_empty();
    let heads = vec![
        Head::sorted("Name", "ascending"),
        Head::of("E-mail"),
        Head::of("Since"),
        Head::acts(),
    ];
    view! {
        <section class="part ruled" id="linked">
            <h2>"Who is linked"</h2>
            <p>"Whoever came in this way once is known by what the provider calls them, not by their e-mail address any more."</p>
            {many.then(|| view! { <p class="muted">{format!("The {LINKED_SHOWN} who were linked last.")}</p> })}
            {if none {
                view! { <p class="muted">"Nobody came in this way yet."</p> }.into_any()
            } else {
                view! { <Table caption="Who is linked" heads>{linked.into_iter().map(row).collect_view()}</Table> }.into_any()
            }}
        </section>
    }
}

fn row(linked: Linked) -> impl IntoView {
    let Linked {
        user,
        name,
        email,
        since,
    } = linked;
    view! {
        <tr role="row">
            <th scope="row" role="rowheader">{name.clone()}</th>
            <td role="cell" class="soft" data-label="E-mail">{email}</td>
            <td role="cell" class="when" data-label="Since"><Moment of=since/></td>
            <td role="cell" class="acts"><div>
                <form method="post" action=UnlinkPerson::url()>
                    <input type="hidden" name="id" value=user.to_string()/>
                    <button class=format!("{} small", css::BUTTON) aria-label=format!("Remove the link of {name}")>"Remove link"</button>
                </form>
            </div></td>
        </tr>
    }
}

#[component]
fn Off() -> impl IntoView {
    view! {
        <section class="part ruled">
            <h2>"Switch off"</h2>
            <p>"The provider, its secret and all links are forgotten, and whoever came in this way is logged out."</p>
            <form method="post" action=SwitchSingleSignOnOff::url()>
                <button class=css::BUTTON>"Switch single sign-on off"</button>
            </form>
        </section>
    }
}
