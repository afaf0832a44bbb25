//! The page `Addresses & tax IDs`: what a company keeps beside what its documents print (T18).

use super::api::{AddAddress, AddTaxId, RemoveAddress, RemoveTaxId, find_particulars};
use crate::loading::{Loading, load};
use crate::markup::view;
use crate::{
    css,
    ui::{
        form::{Choice, Failed, Field, FormErrors, Said, typed_form},
        loaded::both,
        page::PageHead,
        table::{Head, Table},
    },
};
use domain::tenants::{AddressKind, AddressRow, COUNTRIES, Particulars, TaxIdRow, TaxScheme, country};
use leptos::{prelude::*, server_fn::ServerFn};

/// What the page loads.
struct Loads {
    particulars: Loading<Particulars>,
    typed: Loading<Failed>,
}

impl Loads {
    fn new() -> Self {
        Self {
            particulars: load(|| (), |()| find_particulars()),
            typed: typed_form(),
        }
    }
}

/// The page.
pub(crate) fn view() -> AnyView {
    let Loads { particulars, typed } = Loads::new();
    view! {
        <PageHead title="Addresses & tax IDs" up=("/company", "Company") note="Documents print the main address and tax ID. These stand beside them."/>
        <div class="stack loose">
            <Said words=&[
                ("added", "The address was added."),
                ("removed", "The address was removed."),
                ("number", "The tax ID was added."),
                ("unnumbered", "The tax ID was removed."),
            ]/>
            {both(particulars, typed, |particulars: Particulars, failed: Failed| view! { <All particulars failed/> })}
        </div>
    }
    .into_any()
}

#[component]
fn All(particulars: Particulars, failed: Failed) -> impl IntoView {
    let Particulars {
        main,
        addresses,
        tax_ids,
    } = particulars;
    // One error belongs to one of the two forms, told by its fields.
    let of_number = ["scheme", "tax_country", "number"]
        .iter()
        .any(|field| failed.refusal(field).is_some() || failed.text(field).is_some());
    let (on_address, on_number) = if of_number {
        (Failed::default(), failed.clone())
    } else {
        (failed.clone(), Failed::default())
    };
    let lines = addresses.into_iter().map(address_row).collect_view();
    let numbers = tax_ids.into_iter().map(tax_id_row).collect_view();
    let place = [main.street, main.postal_code, main.city]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(", ");
    let at_home = country(&main.country).unwrap_or_default();
    view! {
        <FormErrors failed title="Nothing was changed"/>
        <section class="part">
            <h2>"Addresses"</h2>
            <Table caption="Addresses" heads=vec![Head::of("Name"), Head::of("For"), Head::of("Address"), Head::of("Country"), Head::acts()]>
                <tr role="row">
                    <th scope="row" role="rowheader">{main.name}</th>
                    <td role="cell" data-label="For">"Main, on documents"</td>
                    <td role="cell" data-label="Address">{place}</td>
                    <td role="cell" data-label="Country">{at_home}</td>
                    <td role="cell" class="acts"><div><a class=format!("{} small", css::BUTTON) href="/company">"Change"</a></div></td>
                </tr>
                {lines}
            </Table>
            <NewAddress failed=on_address/>
        </section>
        <section class="part ruled">
            <h2>"Tax IDs"</h2>
            <Table caption="Tax IDs" heads=vec![Head::of("Number"), Head::of("Kind"), Head::of("Country"), Head::acts()]>
                <tr role="row">
                    <th scope="row" role="rowheader">{main.tax_id.unwrap_or_else(|| "None".to_owned())}</th>
                    <td role="cell" data-label="Kind">"Main, on documents"</td>
                    <td role="cell" data-label="Country">{at_home}</td>
                    <td role="cell" class="acts"><div><a class=format!("{} small", css::BUTTON) href="/company">"Change"</a></div></td>
                </tr>
                {numbers}
            </Table>
            <NewTaxId failed=on_number/>
        </section>
    }
}

fn address_row(row: AddressRow) -> impl IntoView {
    let AddressRow { id, address } = row;
    let label = format!("Remove {}", address.name);
    let place = [address.street, address.postal_code, address.city]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(", ");
    view! {
        <tr role="row">
            <th scope="row" role="rowheader">{address.name}</th>
            <td role="cell" data-label="For">{address.kind.label()}</td>
            <td role="cell" data-label="Address">{place}</td>
            <td role="cell" data-label="Country">{country(&address.country).unwrap_or_default()}</td>
            <td role="cell" class="acts"><div>
                <form method="post" action=RemoveAddress::url()>
                    <input type="hidden" name="id" value=id.to_string()/>
                    <button class=format!("{} small", css::BUTTON) aria-label=label>"Remove"</button>
                </form>
            </div></td>
        </tr>
    }
}

fn tax_id_row(row: TaxIdRow) -> impl IntoView {
    let TaxIdRow { id, tax_id } = row;
    let label = format!("Remove {}", tax_id.number);
    view! {
        <tr role="row">
            <th scope="row" role="rowheader">{tax_id.number}</th>
            <td role="cell" data-label="Kind">{tax_id.scheme.label()}</td>
            <td role="cell" data-label="Country">{country(&tax_id.country).unwrap_or_default()}</td>
            <td role="cell" class="acts"><div>
                <form method="post" action=RemoveTaxId::url()>
                    <input type="hidden" name="id" value=id.to_string()/>
                    <button class=format!("{} small", css::BUTTON) aria-label=label>"Remove"</button>
                </form>
            </div></td>
        </tr>
    }
}

fn countries() -> Vec<(String, String)> {
    let known = COUNTRIES
        .iter()
        .map(|(code, name)| ((*code).to_owned(), (*name).to_owned()));
    std::iter::once((String::new(), "Choose one".to_owned()))
        .chain(known)
        .collect()
}

#[component]
fn NewAddress(failed: Failed) -> impl IntoView {
    const GROUP: &str = "address";
    let typed = |name: &str| failed.text(name).unwrap_or_default();
    let kinds = AddressKind::ALL.iter();
    let kinds = kinds
        .map(|kind| (kind.code().to_owned(), kind.label().to_owned()))
        .collect();
    view! {
        <form class=css::FORM method="post" action=AddAddress::url()>
            <h3>"Add an address"</h3>
            <div class="pair">
                <Field name="name" inside=GROUP label="Name of the address" autocomplete="off" required=true
                    value=typed("name") error=failed.refusal("name")/>
                <Choice name="kind" inside=GROUP label="For" options=kinds value=typed("kind") error=failed.refusal("kind")/>
            </div>
            <Field name="street" inside=GROUP label="Street and number" autocomplete="off" required=true
                value=typed("street") error=failed.refusal("street")/>
            <div class="pair">
                <Field name="postal_code" inside=GROUP label="Postal code (optional)" autocomplete="off"
                    value=typed("postal_code") error=failed.refusal("postal_code")/>
                <Field name="city" inside=GROUP label="City" autocomplete="off" required=true
                    value=typed("city") error=failed.refusal("city")/>
            </div>
            <Choice name="country" inside=GROUP label="Country" options=countries()
                value=typed("country") error=failed.refusal("country")/>
            <div class="buttons"><button class=css::BUTTON>"Add the address"</button></div>
        </form>
    }
}

#[component]
fn NewTaxId(failed: Failed) -> impl IntoView {
    const GROUP: &str = "tax_id";
    let typed = |name: &str| failed.text(name).unwrap_or_default();
    let schemes = TaxScheme::ALL.iter();
    let schemes = schemes
        .map(|scheme| (scheme.code().to_owned(), scheme.label().to_owned()))
        .collect();
    view! {
        <form class=css::FORM method="post" action=AddTaxId::url()>
            <h3>"Add a tax ID"</h3>
            <div class="pair">
                <Choice name="scheme" inside=GROUP label="Kind" options=schemes value=typed("scheme") error=failed.refusal("scheme")/>
                <Choice name="tax_country" inside=GROUP label="Country that gave it" options=countries()
                    value=typed("tax_country") error=failed.refusal("tax_country")/>
            </div>
            <Field name="number" inside=GROUP label="Number" autocomplete="off" required=true
                help="VAT numbers of the EU, Switzerland, Norway and the United Kingdom are checked for typing errors."
                value=typed("number") error=failed.refusal("number")/>
            <div class="buttons"><button class=css::BUTTON>"Add the tax ID"</button></div>
        </form>
    }
}
