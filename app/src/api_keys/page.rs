//! The page `API keys`: the key that was made just now, the others, and a form for another one.

use super::api::{MakeApiKey, RevokeApiKey, list_api_keys};
use crate::loading::{Loading, load};
use crate::markup::view;
use crate::{
    css,
    ui::{
        amount::Moment,
        badge::Badge,
        form::{Choice, Failed, Field, FormErrors, Said, typed_form},
        icon::{Glyph, Icon},
        loaded::both,
        page::{Empty, PageHead},
        table::{Head, Table},
    },
    viewer::use_locale,
};
use domain::{
    access::Permission,
    api_keys::{ApiKeyRow, ApiKeyState, ApiKeys, Lasting},
    ids::ApiKeyId,
};
use leptos::{prelude::*, server_fn::ServerFn};

/// What the page loads.
struct Loads {
    keys: Loading<(ApiKeys, Option<String>)>,
    typed: Loading<Failed>,
}

impl Loads {
    fn new() -> Self {
        Self {
            keys: load(|| (), |()| list_api_keys()),
            typed: typed_form(),
        }
    }
}

/// The page.
pub(crate) fn view() -> AnyView {
    let Loads { keys, typed } = Loads::new();
    view! {
        <PageHead title="API keys" up=("/company", "Company")
            note="With a key a program of yours reads and records through the portal’s API. It does what you tick, as long as you may do it yourself."/>
        <div class="stack loose">
            <Said words=&[
                ("made", "The key was made."),
                ("revoked", "The key was revoked. Nothing opens with it any more."),
            ]/>
            {both(keys, typed, |(keys, fresh): (ApiKeys, Option<String>), failed: Failed| {
                let ApiKeys { form, keys, offered } = keys;
                view! {
                    {fresh.map(|key| view! { <Fresh key/> })}
                    <FormErrors failed=failed.clone() title="Nothing was changed"/>
                    <All keys/>
                    <New form offered failed/>
                }
            })}
        </div>
    }
    .into_any()
}

/// The key itself, which nothing shows again.
#[component]
fn Fresh(key: String) -> impl IntoView {
    view! {
        <section class="part">
            <h2>"Your new key"</h2>
            <p>"Copy it now to where your program keeps its secrets: it is shown this once."</p>
            <p class=css::SECRET><code id="secret">{key}</code></p>
        </section>
    }
}

#[component]
fn All(keys: Vec<ApiKeyRow>) -> impl IntoView {
    if keys.is_empty() {
        return view! {
            <Empty glyph=Glyph::Lock title="There is no key yet">
                <p>"Make one below for each program, so that you can revoke one without the others."</p>
            </Empty>
        }
        .into_any();
    }
    let heads = vec![
        Head::of("Name"),
        Head::of("Begins with"),
        Head::of("May"),
        Head::of("Made"),
        Head::of("Ends"),
        Head::of("Last used"),
        Head::of("State"),
        Head::acts(),
    ];
    view! { <Table caption="API keys" heads>{keys.into_iter().map(row).collect_view()}</Table> }.into_any()
}

fn row(row: ApiKeyRow) -> impl IntoView {
    let ApiKeyRow {
        id,
        name,
        shown,
        rights,
        given_by,
        given_at,
        used_at,
        expires_at,
        state,
    } = row;
    let may: Vec<&str> = rights.iter().map(Permission::label).collect();
    let label = format!("Revoke {name}");
    let moment = |at: Option<_>, otherwise: &'static str| match at {
        Some(at) => view! { <Moment of=at/> }.into_any(),
        None => otherwise.into_any(),
    };
    let act = (state != ApiKeyState::Revoked).then(|| {
        view! {
            <form method="post" action=RevokeApiKey::url()>
                <input type="hidden" name="id" value=id.to_string()/>
                <button class=format!("{} small bad", css::BUTTON) aria-label=label>"Revoke"</button>
            </form>
        }
    });
    view! {
        <tr role="row">
            <th scope="row" role="rowheader">{name}</th>
            <td role="cell" data-label="Begins with"><code>{shown}"…"</code></td>
            <td role="cell" data-label="May">{may.join(", ")}</td>
            <td role="cell" class="soft" data-label="Made"><Moment of=given_at/><small>{given_by}</small></td>
            <td role="cell" class="soft" data-label="Ends">{moment(expires_at, "Never")}</td>
            <td role="cell" class="soft" data-label="Last used">{moment(used_at, "Never")}</td>
            <td role="cell" data-label="State">{badge(state)}</td>
            <td role="cell" class="acts"><div>{act}</div></td>
        </tr>
    }
}

fn badge(state: ApiKeyState) -> impl IntoView {
    let (kind, glyph, label) = match state {
        ApiKeyState::Works => ("good", Glyph::CheckCircle, "Works"),
        ApiKeyState::Rests => ("warn", Glyph::Lock, "Rests"),
        ApiKeyState::Expired => ("void", Glyph::Ban, "Expired"),
        ApiKeyState::Revoked => ("void", Glyph::Ban, "Revoked"),
    };
    view! { <Badge kind glyph label/> }
}

#[component]
fn New(form: ApiKeyId, offered: Vec<Permission>, failed: Failed) -> impl IntoView {
    let locale = use_locale();
    let typed = |name: &str| failed.text(name).unwrap_or_default();
    let lasting = Lasting::ALL.iter();
    let lasting = lasting
        .map(|one| (one.code().to_owned(), one.label().to_owned()))
        .collect();
    // After a post that failed the ticks are those that were posted.
    let ticked = |one: Permission| failed.fields.values().any(|value| value == one.code());
    let wrong = failed.refusal("may").map(|refusal| refusal.message(locale));
    let described = wrong.is_some().then_some("may-error");
    let ticks = offered
        .into_iter()
        .enumerate()
        .map(|(position, one)| {
            let id = format!("may-{position}");
            view! {
                <div class=format!("{} check", css::FIELD)>
                    <input type="checkbox" id=id.clone() name="may[]" value=one.code() checked=ticked(one) autocomplete="off"/>
                    <label for=id>{one.label()}</label>
                </div>
            }
        })
        .collect_view();
    view! {
        <section class="part ruled">
            <h2>"Make a key"</h2>
            <form class=css::FORM method="post" action=MakeApiKey::url()>
                <input type="hidden" name="key" value=form.to_string()/>
                <div class="pair">
                    <Field name="name" label="Name" autocomplete="off" required=true help="Such as the program that gets it."
                        value=typed("name") error=failed.refusal("name")/>
                    <Choice name="lasts" label="It works for" options=lasting value=typed("lasts") error=failed.refusal("lasts")/>
                </div>
                <fieldset id="may" aria-describedby=described>
                    <legend>"What it may do"</legend>
                    {ticks}
                    {wrong.map(|text| view! { <p class="error" id="may-error"><Icon of=Glyph::Alert/>{text}</p> })}
                </fieldset>
                <p class="muted">"The key stops when you leave, and does no more than your role does at that moment. Nobody needs your password or a code for it: keep it as you keep those."</p>
                <div class="buttons"><button class=format!("{} primary", css::BUTTON)>"Make the key"</button></div>
            </form>
        </section>
    }
}
