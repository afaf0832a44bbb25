//! The page `Sharing`: whether the tier above may see what the tenant bills its customers (V50).

use super::api::{ShareInvoices, StopSharing, list_sharing};
use crate::loading::{Loading, load};
use crate::markup::view;
use crate::{
    css,
    ui::{
        amount::Moment,
        form::{Failed, FormErrors, Said, typed_form},
        icon::Glyph,
        loaded::both,
        page::{Empty, PageHead},
        table::{Head, Table},
    },
};
use domain::tenants::{GrantRow, Sharing};
use leptos::{prelude::*, server_fn::ServerFn};

/// What the page loads.
struct Loads {
    sharing: Loading<Sharing>,
    typed: Loading<Failed>,
}

impl Loads {
    fn new() -> Self {
        Self {
            sharing: load(|| (), |()| list_sharing()),
            typed: typed_form(),
        }
    }
}

/// The page.
pub(crate) fn view() -> AnyView {
    let Loads { sharing, typed } = Loads::new();
    view! {
        <PageHead title="Sharing" note="Nobody sees what you bill your customers, unless you let them. You can end it at any time."/>
        <div class="stack loose">
            <Said words=&[
                ("shared", "They can see the invoices that you issue from now on and those you issued."),
                ("stopped", "They cannot see your invoices any more."),
            ]/>
            {both(sharing, typed, |sharing: Sharing, failed: Failed| view! {
                <FormErrors failed title="Nothing was changed"/>
                <Grants sharing/>
            })}
        </div>
    }
    .into_any()
}

#[component]
fn Grants(sharing: Sharing) -> impl IntoView {
    let Sharing { given, possible } = sharing;
    let nothing = given.is_empty() && possible.is_none();
    if nothing {
        return view! {
            <Empty glyph=Glyph::Lock title="There is nobody to share with">
                <p>"Only a company above yours could be let see your invoices."</p>
            </Empty>
        }
        .into_any();
    }
    let heads = vec![
        Head::of("Company"),
        Head::of("Sees"),
        Head::of("Given by"),
        Head::of("Since"),
        Head::acts(),
    ];
    let shares = !given.is_empty();
    let rows = given.into_iter().map(|grant| {
        let GrantRow {
            id,
            tenant: _,
            name,
            given_by,
            given_at,
        } = grant;
        let label = format!("Stop sharing with {name}");
        view! {
            <tr role="row">
                <th scope="row" role="rowheader">{name}</th>
                <td role="cell" data-label="Sees">"Invoices that you issue"</td>
                <td role="cell" data-label="Given by">{given_by}</td>
                <td role="cell" class="soft nowrap" data-label="Since"><Moment of=given_at/></td>
                <td role="cell" class="acts"><div>
                    <form method="post" action=StopSharing::url()>
                        <input type="hidden" name="id" value=id.to_string()/>
                        <button class=format!("{} small", css::BUTTON) aria-label=label>"Stop sharing"</button>
                    </form>
                </div></td>
            </tr>
        }
    });
    view! {
        {shares.then(|| view! { <Table caption="Who sees your invoices" heads>{rows.collect_view()}</Table> })}
        {possible.map(|(_, name)| view! {
            <section class="part">
                <h2>{format!("Share with {name}")}</h2>
                <p>"They see the invoices that you issue: to whom, for what, at what price, and what is open. They cannot change or pay anything."</p>
                <form method="post" action=ShareInvoices::url()>
                    <button class=format!("{} primary", css::BUTTON)>{format!("Let {name} see our invoices")}</button>
                </form>
            </section>
        })}
    }
    .into_any()
}
