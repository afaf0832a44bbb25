//! One partner or customer: who it is, what one's books say of it, its people's access.

use super::{
    DoorBadge, LeadFields, TermsFields,
    api::{ChangeParent, ChangeTenantState, ChangeTerms, InviteLead, find_tenant},
    made_in_words,
};
use crate::loading::{Loading, load};
use crate::markup::view;
use crate::{
    css,
    error::AppError,
    ui::{
        amount::Moment,
        badge::Badge,
        form::{Failed, Field, FormErrors, Said, typed_form},
        icon::{Glyph, Icon},
        loaded::both,
        page::{Alert, PageHead, Tone},
        paper::PartyBlock,
    },
};
use domain::{
    ids::TenantId,
    tenants::{Door, Family, LeadInvitation, TenantDetail, TenantState},
};
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_router::hooks::use_params_map;

/// What the page loads.
struct Loads {
    tenant: Loading<TenantDetail>,
    typed: Loading<Failed>,
}

impl Loads {
    fn new() -> Self {
        let params = use_params_map();
        let id = Memo::new(move |_| params.read().get("id").and_then(|id| id.parse::<TenantId>().ok()));
        Self {
            tenant: load(
                move || id.get(),
                |id| async move {
                    match id {
                        Some(id) => find_tenant(id).await,
                        None => Err(AppError::NotFound),
                    }
                },
            ),
            typed: typed_form(),
        }
    }
}

/// The page.
pub(crate) fn view() -> AnyView {
    let Loads { tenant, typed } = Loads::new();
    both(tenant, typed, |tenant: TenantDetail, failed: Failed| {
        view! { <Tenant tenant failed/> }
    })
    .into_any()
}

#[component]
fn Tenant(tenant: TenantDetail, failed: Failed) -> impl IntoView {
    let TenantDetail {
        row,
        company,
        terms_days,
        group,
        reason,
        people,
        signed_in_at,
        invitations,
        groups,
        shares,
        family,
    } = tenant;
    let (_, many) = made_in_words();
    let (id, state, door) = (row.id, row.state, row.door);
    let last = match signed_in_at {
        Some(at) => view! { <Moment of=at/> }.into_any(),
        None => "Never".into_any(),
    };
    let terms = (
        row.external_id.clone().unwrap_or_default(),
        terms_days.to_string(),
        group.map(|group| group.to_string()).unwrap_or_default(),
    );
    let people = match people {
        0 => "Nobody yet".to_owned(),
        1 => "1 person".to_owned(),
        many => format!("{many} people"),
    };
    view! {
        <PageHead title=row.name up=("/tenants", many) mark=move || view! { <DoorBadge of=door/> }>
            <a class=css::BUTTON href=format!("/profiles/of/{id}")>"Billing profiles"</a>
            {shares.then(|| view! { <a class=css::BUTTON href=format!("/shared/{id}")><Icon of=Glyph::Eye/>"Invoices that they share"</a> })}
        </PageHead>
        <div class="stack loose">
            <Said words=&[
                ("made", "It is made, and the invitation is on its way."),
                ("terms", "The changes were saved."),
                ("parent", "The family was changed. No document moved."),
                ("invited", "The invitation is on its way."),
                ("suspended", "It is suspended. Its people are told why."),
                ("closed", "It is closed. Every document stays."),
                ("active", "Its people can work again."),
            ]/>
            <FormErrors failed=failed.clone() title="Nothing was changed"/>
            {(door == Door::Waiting).then(|| view! {
                <Alert tone=Tone::Info><p>"Its group is not switched on yet, so its people are told to wait and whom to ask. "<a href="/groups">"Switch the group on"</a></p></Alert>
            })}
            {reason.map(|reason| view! { <Alert tone=Tone::Warning><p>{reason}</p></Alert> })}
            <div class=css::PARTIES>
                <PartyBlock title="Company" party=company.party.clone()/>
                <div>
                    <h2>"In the portal"</h2>
                    <dl class=css::FACTS>
                        <div><dt>"People"</dt><dd>{people}</dd></div>
                        <div><dt>"Last login"</dt><dd>{last}</dd></div>
                        <div><dt>"Since"</dt><dd><Moment of=row.created_at/></dd></div>
                    </dl>
                </div>
            </div>
            <section class="part ruled">
                <h2>"In your books"</h2>
                <form class=css::FORM method="post" action=ChangeTerms::url()>
                    <input type="hidden" name="id" value=id.to_string()/>
                    <TermsFields terms groups failed=failed.clone()/>
                    <div class="buttons"><button class=format!("{} primary", css::BUTTON)>"Save"</button></div>
                </form>
            </section>
            <Belongs id family failed=failed.clone()/>
            <section class="part ruled">
                <h2>"Lead contact"</h2>
                <p>"A lead contact is an administrator there and looks after the other people."</p>
                <Invitations invitations/>
                <form class=css::FORM method="post" action=InviteLead::url()>
                    <input type="hidden" name="id" value=id.to_string()/>
                    <LeadFields failed=failed.clone()/>
                    <div class="buttons"><button class=css::BUTTON>"Send an invitation"</button></div>
                </form>
            </section>
            <Access id state failed/>
        </div>
    }
}

/// Whose subsidiary it is, and which ones it has.
#[component]
fn Belongs(id: TenantId, family: Family, failed: Failed) -> impl IntoView {
    let Family { parent, subsidiaries } = family;
    let is_parent = !subsidiaries.is_empty();
    let own = subsidiaries
        .into_iter()
        .map(|one| view! { <li><a href=format!("/tenants/{}", one.id)>{one.name}</a></li> });
    let typed = failed.text("parent");
    let named = parent.as_ref().map(|one| one.name.clone()).unwrap_or_default();
    view! {
        <section class="part ruled">
            <h2>"Family"</h2>
            {if is_parent {
                view! {
                    <p>"These are its subsidiaries. Its people can be let see and pay their invoices."</p>
                    <ul>{own.collect_view()}</ul>
                }
                .into_any()
            } else {
                view! {
                    {parent.map(|one| view! { <p>"It is a subsidiary of "<a href=format!("/tenants/{}", one.id)>{one.name}</a>"."</p> })}
                    <form class=css::FORM method="post" action=ChangeParent::url()>
                        <input type="hidden" name="id" value=id.to_string()/>
                        <Field name="parent" label="Subsidiary of (optional)" autocomplete="off"
                            help="External ID or name of another customer. People there whom their company lets see and pay these invoices do so; empty ends it."
                            value=typed.unwrap_or(named) error=failed.refusal("parent")/>
                        <div class="buttons"><button class=css::BUTTON>"Change the family"</button></div>
                    </form>
                }
                .into_any()
            }}
        </section>
    }
}

#[component]
fn Invitations(invitations: Vec<LeadInvitation>) -> impl IntoView {
    let lines = invitations.into_iter().map(|invitation| {
        let mark = if invitation.over {
            view! { <Badge kind="bad" glyph=Glyph::Alert label="Too old"/> }
        } else {
            view! { <Badge kind="warn" glyph=Glyph::Clock label="Waiting"/> }
        };
        view! { <li>{format!("{} <{}> ", invitation.name, invitation.email)}{mark}</li> }
    });
    view! { <ul>{lines.collect_view()}</ul> }
}

/// Suspending, closing, letting in.
#[component]
fn Access(id: TenantId, state: TenantState, failed: Failed) -> impl IntoView {
    let button = |to: &'static str, name: &'static str, class: &'static str| {
        view! { <button class=format!("{} {class}", css::BUTTON) name="state" value=to>{name}</button> }
    };
    let acts = match state {
        TenantState::Active => vec![
            button("Suspended", "Suspend", ""),
            button("Closed", "Close", "bad"),
        ],
        TenantState::Suspended => vec![
            button("Active", "Let in again", ""),
            button("Closed", "Close", "bad"),
        ],
        TenantState::Closed => vec![button("Active", "Let in again", "")],
    };
    let asks = state != TenantState::Closed;
    view! {
        <section class="part ruled">
            <h2>"Access"</h2>
            <p>"Its people are shut out with their next click and are told the reason. No document is lost, and what they owe stays owed."</p>
            <form class=css::FORM method="post" action=ChangeTenantState::url()>
                <input type="hidden" name="id" value=id.to_string()/>
                {asks.then(|| view! {
                    <Field name="reason" label="Reason" autocomplete="off" help="Needed to suspend or close; its people read it."
                        value=failed.text("reason").unwrap_or_default() error=failed.refusal("reason")/>
                })}
                <div class="row">{acts.collect_view()}</div>
            </form>
        </section>
    }
}
