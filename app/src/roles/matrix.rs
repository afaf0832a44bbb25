//! The page `Roles & Permissions`: a switch for each role and permission.
//!
//! A column is a form of its own: its switches lie in the table and name the form that they belong to, so each role is
//! saved by itself, with or without script.

use super::api::{ChangeRole, CreateRole, DeleteRole, list_roles};
use crate::loading::{Loading, load};
use crate::markup::view;
use crate::{
    css,
    ui::{
        form::{Choice, Failed, Field, FormErrors, Said, typed_form},
        loaded::both,
        page::PageHead,
    },
    viewer::use_viewer,
};
use domain::{
    access::{Area, Permission, Rights, Side, TenantKind},
    people::{RoleChoices, TenantRole},
};
use leptos::{prelude::*, server_fn::ServerFn};

/// What the page loads. Made in the lazy part, so that a page brings the decoding of its own data and no other's.
struct Loads {
    roles: Loading<RoleChoices>,
    typed: Loading<Failed>,
}

impl Loads {
    fn new() -> Self {
        Self {
            roles: load(|| (), |()| list_roles()),
            typed: typed_form(),
        }
    }
}

/// Who looks at the matrix.
#[derive(Clone, Copy)]
struct Looker {
    kind: TenantKind,
    rights: Rights,
}

/// The page.
pub(crate) fn view() -> AnyView {
    let Loads { roles, typed } = Loads::new();
    let Some(looker) = use_viewer().map(|viewer| Looker {
        kind: viewer.tenant.kind,
        rights: viewer.rights,
    }) else {
        return ().into_any();
    };
    view! {
        <PageHead title="Roles & Permissions" note="A change acts on the next click of everybody who has the role."/>
        <div class="stack loose">
            <Said words=&[
                ("changed", "The permissions were changed."),
                ("made", "The role was made. Switch on what it may do, and give it to people."),
                ("deleted", "The role was deleted."),
            ]/>
            {both(roles, typed, move |roles: RoleChoices, failed: Failed| {
                let both = !roles.seller.is_empty() && !roles.buyer.is_empty();
                let new = roles.clone();
                view! {
                    <Matrix side=Side::Seller roles=roles.seller both looker/>
                    <Matrix side=Side::Buyer roles=roles.buyer both looker/>
                    <section class="part ruled">
                        <h2>"Make a role"</h2>
                        <p>"It begins with what another role may do."</p>
                        <New roles=new failed/>
                    </section>
                }
            })}
        </div>
    }
    .into_any()
}

/// The roles of one side.
#[component]
fn Matrix(side: Side, roles: Vec<TenantRole>, both: bool, looker: Looker) -> impl IntoView {
    if roles.is_empty() {
        return ().into_any();
    }
    let title = match (both, side) {
        (false, _) => "Roles",
        (true, Side::Seller) => "Roles when selling",
        (true, Side::Buyer) => "Roles when buying",
    };
    let forms = roles.iter().map(|role| form(side, role)).collect_view();
    let heads = roles
        .iter()
        .map(|role| view! { <th scope="col" role="columnheader" class="switch">{role.name.clone()}</th> })
        .collect_view();
    let areas = [Area::from(side), Area::Tenant];
    let rows = areas
        .into_iter()
        .flat_map(|area| TenantRole::possible_in(area, side, looker.kind))
        .map(|permission| row(permission, side, &roles, looker))
        .collect_view();
    let acts = roles.iter().map(|role| buttons(side, role)).collect_view();
    view! {
        <section class="part">
            <h2>{title}</h2>
            {forms}
            <div class=format!("{} {}", css::DATA_TABLE, css::MATRIX)>
                <table role="table">
                    <caption>{title}</caption>
                    <thead role="rowgroup"><tr role="row"><th scope="col" role="columnheader">"Permission"</th>{heads}</tr></thead>
                    <tbody role="rowgroup">{rows}</tbody>
                    <tfoot role="rowgroup"><tr role="row">
                        <th scope="row" role="rowheader"><span class="hide">"Actions"</span></th>{acts}
                    </tr></tfoot>
                </table>
            </div>
        </section>
    }
    .into_any()
}

/// Names the form of a role.
fn form_id(side: Side, role: &TenantRole) -> String {
    format!("{}-{}", side.code(), role.code)
}

/// The built-in admins cannot be changed.
fn is_fixed(role: &TenantRole) -> bool {
    role.base.is_admin() && !role.is_own()
}

/// The form of a role, without anything to be seen. What the viewer may not switch is posted as it is.
fn form(side: Side, role: &TenantRole) -> impl IntoView + use<> {
    (!is_fixed(role)).then(|| {
        view! {
            <form method="post" id=form_id(side, role) action=ChangeRole::url()>
                <input type="hidden" name="side" value=side_word(side)/>
                <input type="hidden" name="code" value=role.code.clone()/>
            </form>
        }
    })
}

/// A side as the server function reads it.
const fn side_word(side: Side) -> &'static str {
    match side {
        Side::Seller => "seller",
        Side::Buyer => "buyer",
    }
}

fn row(permission: Permission, side: Side, roles: &[TenantRole], looker: Looker) -> impl IntoView + use<> {
    let own = looker.rights.has(permission);
    let cells = roles
        .iter()
        .map(|role| {
            let on = role.rights.has(permission);
            let fixed = is_fixed(role) || !own;
            let id = form_id(side, role);
            let label = format!("{}: {}", role.name, permission.label());
            let kept = (fixed && on && !is_fixed(role)).then(|| {
                view! { <input type="hidden" name="may[]" value=permission.code() form=id.clone()/> }
            });
            view! {
                <td role="cell" class="switch" data-label=role.name.clone()>
                    <label class="tick">
                        <input type="checkbox" name="may[]" value=permission.code() form=id checked=on disabled=fixed
                            aria-label=label/>
                    </label>
                    {kept}
                </td>
            }
        })
        .collect_view();
    view! {
        <tr role="row"><th scope="row" role="rowheader">{permission.label()}</th>{cells}</tr>
    }
}

fn buttons(side: Side, role: &TenantRole) -> impl IntoView + use<> {
    let small = format!("{} small", css::BUTTON);
    let save = (!is_fixed(role)).then(|| {
        view! {
            <button class=small.clone() form=form_id(side, role) aria-label=format!("Save {}", role.name)>
                {format!("Save {}", role.name)}
            </button>
        }
    });
    let delete = role.is_own().then(|| {
        view! {
            <form method="post" action=DeleteRole::url()>
                <input type="hidden" name="side" value=side_word(side)/>
                <input type="hidden" name="code" value=role.code.clone()/>
                <button class=format!("{small} bad") aria-label=format!("Delete {}", role.name)>"Delete"</button>
            </form>
        }
    });
    view! { <td role="cell" class="switch"><div class="stack tight">{save}{delete}</div></td> }
}

#[component]
fn New(roles: RoleChoices, failed: Failed) -> impl IntoView {
    let both = !roles.seller.is_empty() && !roles.buyer.is_empty();
    let options: Vec<(String, String)> = [Side::Seller, Side::Buyer]
        .into_iter()
        .flat_map(|side| {
            let when = match (both, side) {
                (false, _) => "",
                (true, Side::Seller) => " when selling",
                (true, Side::Buyer) => " when buying",
            };
            roles.on(side).iter().map(move |role| {
                (
                    format!("{} {}", side.code(), role.code),
                    format!("{}{when}", role.name),
                )
            })
        })
        .collect();
    let first = options.first().map(|(code, _)| code.clone()).unwrap_or_default();
    view! {
        <form class=css::FORM method="post" action=CreateRole::url()>
            <FormErrors failed=failed.clone() title="Nothing was changed"/>
            <Field name="name" label="Name" autocomplete="off" required=true
                value=failed.text("name").unwrap_or_default() error=failed.refusal("name")/>
            <Choice name="like" label="Begins as" options value=failed.text("like").unwrap_or(first)
                error=failed.refusal("like")/>
            <div class="buttons"><button class=css::BUTTON>"Make the role"</button></div>
        </form>
    }
}
