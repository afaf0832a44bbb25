//! The page `Choose where to work`: the companies that one's login works in, and the applications of this one (T19).

use super::api::{SwitchTenant, list_workplaces};
use crate::loading::{Loading, load};
use crate::markup::view;
use crate::{
    css,
    frame::{administration, billing, reconciliation},
    ui::{
        badge::Badge,
        icon::{Glyph, Icon},
        loaded::loaded,
        page::PageHead,
        table::{Head, Table},
    },
    viewer::use_viewer,
};
use domain::{access::TenantKind, sessions::Workplace};
use leptos::{prelude::*, server_fn::ServerFn};

/// The page.
pub(crate) fn view() -> AnyView {
    let places: Loading<Vec<Workplace>> = load(|| (), |()| list_workplaces());
    let viewer = use_viewer();
    let bills = viewer.as_ref().and_then(billing).map(|_| "/");
    let compares = viewer.as_ref().and_then(reconciliation);
    let office = viewer.as_ref().and_then(administration);
    let company = viewer.is_some_and(|viewer| viewer.method.is_company());
    view! {
        <PageHead title="Choose where to work" note="Your choice is remembered for the next login."/>
        <div class="stack loose">
            <section class="part">
                <h2>"Companies"</h2>
                {company.then(|| view! {
                    <p class="muted">"You came in with your company’s sign-in, which is good for this company alone. To work in another one, log in with your e-mail and password."</p>
                })}
                {loaded(places, |places: Vec<Workplace>| view! {
                    <Table caption="Companies" heads=vec![Head::sorted("Name", "ascending"), Head::of("Tier"), Head::acts()]>
                        {places.into_iter().map(row).collect_view()}
                    </Table>
                })}
            </section>
            <section class="part ruled">
                <h2>"Applications"</h2>
                <div class="row">
                    {bills.map(|to| view! { <a class=css::BUTTON href=to><Icon of=Glyph::File/>"Billing"</a> })}
                    {compares.map(|to| view! { <a class=css::BUTTON href=to><Icon of=Glyph::List/>"Reconciliation"</a> })}
                    {office.map(|to| view! { <a class=css::BUTTON href=to><Icon of=Glyph::Building/>"Administration"</a> })}
                </div>
            </section>
        </div>
    }
    .into_any()
}

fn row(place: Workplace) -> impl IntoView {
    let Workplace {
        tenant,
        name,
        kind,
        here,
    } = place;
    let tier = match kind {
        TenantKind::Distributor => "Distributor",
        TenantKind::Partner => "Partner",
        TenantKind::Customer => "Customer",
    };
    let mark = here.then(|| view! { " "<Badge kind="good" glyph=Glyph::CheckCircle label="You are here"/> });
    let go = (!here).then(|| view! {
        <form method="post" action=SwitchTenant::url()>
            <input type="hidden" name="tenant" value=tenant.to_string()/>
            <button class=format!("{} small", css::BUTTON) aria-label=format!("Work in {name}")>"Work here"</button>
        </form>
    });
    view! {
        <tr role="row">
            <th scope="row" role="rowheader">{name.clone()}{mark}</th>
            <td role="cell" class="soft" data-label="Tier">{tier}</td>
            <td role="cell" class="acts"><div>{go}</div></td>
        </tr>
    }
}
