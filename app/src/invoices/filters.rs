//! The filter form above the grid: a plain GET form, chips of what is set, and how many there are.

use super::{address, api::ChooseColumns};
use crate::markup::view;
use crate::{
    css,
    error::AppError,
    ui::{
        form::{Choice, Failed, Field, FormErrors, stay_in_page},
        icon::{Glyph, Icon},
    },
    viewer::{use_companies, use_locale, use_subsidiaries},
};
use domain::{
    FieldErrors, Money,
    access::Side,
    invoices::{FilterChoices, InvoiceQuery, Source, Status, columns::Column, form},
    list::Total,
    locale::format_amount,
};
use leptos::{prelude::*, server_fn::ServerFn};

/// See the module.
#[component]
pub(super) fn Filters(
    query: InvoiceQuery,
    errors: FieldErrors,
    total: Total,
    choices: FilterChoices,
) -> impl IntoView {
    let locale = use_locale();
    let side = query.side;
    let go = stay_in_page();
    let filter = query.filter.clone();
    let amount = |minor: Option<i64>| {
        filter
            .currency
            .zip(minor)
            .map(|(currency, minor)| format_amount(Money::new(minor, currency), locale))
            .unwrap_or_default()
    };
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let date = |date: Option<chrono::NaiveDate>| date.map(|date| date.to_string()).unwrap_or_default();
    let keep = form::view_pairs(&query)
        .into_iter()
        .map(|(name, value)| view! { <input type="hidden" name=name value=value/> })
        .collect_view();
    let failed = Failed {
        error: (!errors.is_empty()).then_some(AppError::Invalid(errors)),
        fields: Default::default(),
    };
    let customer = match side {
        Side::Seller => "Customer",
        Side::Buyer => "Seller",
    };
    let statuses = [
        Status::Draft,
        Status::Open,
        Status::PartiallyPaid,
        Status::Overdue,
        Status::Paid,
        Status::Void,
        Status::WrittenOff,
    ]
    .into_iter()
    .filter(|status| side == Side::Seller || *status != Status::Draft);
    let one = (filter.statuses.len() == 1).then(|| filter.statuses[0]);
    let several = filter.statuses.len() > 1;
    let others = several.then(|| {
        filter
            .statuses
            .iter()
            .map(|status| view! { <input type="hidden" name="status" value=status.code()/> })
            .collect_view()
    });
    let rare = usize::from(filter.order_id.is_some())
        + filter.sources.len()
        + [
            filter.due_from,
            filter.due_to,
            filter.issued_from,
            filter.issued_to,
        ]
        .iter()
        .flatten()
        .count()
        + usize::from(filter.currency.is_some())
        + usize::from(filter.company.is_some())
        + usize::from(filter.disputed);
    let companies = if query.several {
        use_companies()
    } else {
        Vec::new()
    };
    let chips = form::chips(&query, locale, &use_subsidiaries());
    let names = choices
        .counterparties
        .iter()
        .map(|name| view! { <option value=name.clone()></option> })
        .collect_view();
    let error_of = |field: &str| failed.refusal(field);
    let several_companies = query.several;
    let offered = Column::ALL
        .iter()
        .filter(move |column| several_companies || **column != Column::Company);
    view! {
        <div class=css::INVOICE_FILTERS>
            <form method="get" action="/invoices" role="search" aria-label="Filter invoices" on:submit=go.clone()>
                <input type="hidden" name="side" value=side.code()/>
                {keep}{others}
                <FormErrors failed=failed.clone() title="Some filters could not be read and were left out"/>
                <div class="fields">
                    <Field name="number" label="Number" value=text(&filter.number) error=error_of("number") autocomplete="off"/>
                    <div class=css::FIELD>
                        <label for="customer">{customer}</label>
                        <input class="input" id="customer" name="customer" list="customers" autocomplete="off" value=text(&filter.customer)/>
                        <datalist id="customers">{names}</datalist>
                    </div>
                    <div class=css::FIELD>
                        <label for="status">"Status"</label>
                        <select class="input" id="status" name="status">
                            <option value="" selected=one.is_none()>{if several { "Several" } else { "Any" }}</option>
                            {statuses.map(|status| view! {
                                <option value=status.code() selected=one == Some(status)>{status.label()}</option>
                            }).collect_view()}
                        </select>
                    </div>
                    <div class="buttons">
                        <button class=css::BUTTON type="button" popovertarget="more-filters">
                            "More"{(rare > 0).then(|| view! { <b><span class="hide">", set: "</span>{rare}</b> })}
                        </button>
                        <button class=css::BUTTON><Icon of=Glyph::Filter/>"Filter"</button>
                    </div>
                </div>
                <div class="more" id="more-filters" popover="auto" role="group" aria-label="More filters">
                    {(!companies.is_empty()).then(|| view! {
                        <Choice name="company" label="Company" options=companies
                            value=filter.company.map(|id| id.to_string()).unwrap_or_default()/>
                        <span></span>
                    })}
                    <Field name="order" label="Order ID" value=text(&filter.order_id) autocomplete="off"/>
                    <div class=css::FIELD>
                        <label for="source">"Source"</label>
                        <select class="input" id="source" name="source">
                            <option value="" selected=filter.sources.is_empty()>"Any"</option>
                            {Source::ALL.iter().map(|source| view! {
                                <option value=source.code() selected=filter.sources == [*source]>{source.label()}</option>
                            }).collect_view()}
                        </select>
                    </div>
                    <label><input type="checkbox" name="disputed" value="yes" checked=filter.disputed/>"Disputed"</label>
                    <span></span>
                    <Field name="due_from" label="Due from" kind="date" value=date(filter.due_from) error=error_of("due_from")/>
                    <Field name="due_to" label="Due to" kind="date" value=date(filter.due_to) error=error_of("due_to")/>
                    <Field name="issued_from" label="Issued from" kind="date" value=date(filter.issued_from) error=error_of("issued_from")/>
                    <Field name="issued_to" label="Issued to" kind="date" value=date(filter.issued_to) error=error_of("issued_to")/>
                    <div class=css::FIELD>
                        <label for="currency">"Currency"</label>
                        <select class="input" id="currency" name="currency">
                            <option value="" selected=filter.currency.is_none()>"Any"</option>
                            {choices.currencies.iter().map(|currency| view! {
                                <option value=currency.code() selected=filter.currency == Some(*currency)>{currency.code()}</option>
                            }).collect_view()}
                        </select>
                    </div>
                    <span></span>
                    <Field name="total_from" label="Amount from" inputmode="decimal" value=amount(filter.total_from) error=error_of("total_from")/>
                    <Field name="total_to" label="Amount to" inputmode="decimal" value=amount(filter.total_to) error=error_of("total_to")/>
                    <p class="help">"Amounts are compared in the chosen currency."</p>
                    <div class="buttons">
                        <button class=format!("{} plain", css::BUTTON) type="button" popovertarget="more-filters" popovertargetaction="hide">"Close"</button>
                        <button class=format!("{} primary", css::BUTTON)>"Apply"</button>
                    </div>
                </div>
            </form>
            <div class="set">
                {(!chips.is_empty()).then(|| view! {
                    <ul aria-label="Filters set">
                        {chips.into_iter().map(|chip| view! {
                            <li><a href=address(side, &chip.query_without_it) aria-label=format!("Remove filter {}", chip.label)>
                                {chip.label.clone()}<Icon of=Glyph::X/>
                            </a></li>
                        }).collect_view()}
                    </ul>
                    <form method="get" action="/invoices" on:submit=go.clone()>
                        <input type="hidden" name="side" value=side.code()/>
                        {form::view_pairs(&query).into_iter().map(|(name, value)| view! { <input type="hidden" name=name value=value/> }).collect_view()}
                        <button class="clear">"Clear all"</button>
                    </form>
                })}
                <span class="push">
                    <output role="status">{count(total, locale)}</output>
                    {matches!(total, Total::MoreThan(_)).then(|| view! {
                        " "<a href=address(side, &form::count_link(&query))>"Count all"</a>
                    })}
                </span>
                <button class=format!("{} plain small", css::BUTTON) type="button" popovertarget="columns">"Columns"</button>
                <form class="more" id="columns" popover="auto" method="post" action=ChooseColumns::url() aria-label="Columns">
                    <input type="hidden" name="side" value=side_value(side)/>
                    <input type="hidden" name="query" value=form::to_query(&query)/>
                    {offered.enumerate().map(|(index, column)| view! {
                        <label><input type="checkbox" name=format!("columns[{index}]") value=column.code()
                            aria-label=format!("Column {}", column.heading(side)) checked=query.shown().contains(column)/>{column.heading(side)}</label>
                    }).collect_view()}
                    <div class="buttons"><button class=format!("{} primary", css::BUTTON)>"Show these columns"</button></div>
                </form>
                <form method="get" action="/invoices/export.csv">
                    <input type="hidden" name="side" value=side.code()/>
                    {form::filter_pairs(&query).into_iter().chain(form::view_pairs(&query))
                        .map(|(name, value)| view! { <input type="hidden" name=name value=value/> }).collect_view()}
                    <button class=format!("{} small", css::BUTTON)><Icon of=Glyph::Download/>"Export"</button>
                </form>
            </div>
        </div>
    }
}

/// As serde writes it into a form.
const fn side_value(side: Side) -> &'static str {
    match side {
        Side::Seller => "seller",
        Side::Buyer => "buyer",
    }
}

fn count(total: Total, locale: domain::locale::Locale) -> String {
    let word = if total == Total::Exactly(1) {
        "invoice"
    } else {
        "invoices"
    };
    format!("{} {word}", total.label(locale))
}
