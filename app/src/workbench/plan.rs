//! The page of what was put to invoices as one act, and the way back.

use super::{
    PAGE,
    api::{UndoPlan, find_plan},
    history::badge,
};
use crate::loading::{Loading, load};
use crate::markup::view;
use crate::{
    css,
    error::AppError,
    ui::{
        amount::{Amount, Moment},
        form::{Failed, FormErrors, Said, typed_form},
        loaded::both,
        page::{Alert, PageHead, Tone},
        table::{Head, Table},
    },
    viewer::use_locale,
};
use domain::{
    Refusal,
    ids::PlanId,
    workbench::{PlanDetail, PlanPart, PlanRow},
};
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_router::hooks::use_params_map;

/// What the page loads.
struct Loads {
    plan: Loading<PlanDetail>,
    typed: Loading<Failed>,
}

impl Loads {
    fn new() -> Self {
        let params = use_params_map();
        let id = Memo::new(move |_| params.read().get("id").and_then(|id| id.parse::<PlanId>().ok()));
        Self {
            plan: load(
                move || id.get(),
                |id| async move {
                    match id {
                        Some(id) => find_plan(id).await,
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
    let Loads { plan, typed } = Loads::new();
    both(plan, typed, |plan: PlanDetail, failed: Failed| {
        view! { <Plan plan failed/> }
    })
    .into_any()
}

#[component]
fn Plan(plan: PlanDetail, failed: Failed) -> impl IntoView {
    let can_undo = plan.can_undo();
    let mark = badge(&plan.row);
    let PlanDetail {
        row,
        account,
        name,
        parts,
    } = plan;
    let PlanRow {
        id,
        at,
        by,
        rule,
        amount,
        undone,
    } = row;
    let moved = !can_undo && undone.is_none();
    let currency = amount.currency();
    let undone = undone.map(|(at, by)| {
        view! { <div><dt>"Undone"</dt><dd><Moment of=at/>" by "{by}</dd></div> }
    });
    let undo = can_undo.then(|| {
        view! {
            <form method="post" action=UndoPlan::url()>
                <input type="hidden" name="id" value=id.to_string()/>
                <div class="buttons"><button class=css::BUTTON>"Undo all of it"</button></div>
            </form>
        }
    });
    view! {
        <PageHead title=format!("Put to invoices: {name}") up=(PAGE, "Workbench")>
            <a class=css::BUTTON href=format!("{PAGE}?account={account}&currency={currency}")>"Workbench of this customer"</a>
        </PageHead>
        <div class="stack loose">
            <Said words=&[
                ("saved", "It was put to the invoices."),
                ("undone", "It was taken off. The invoices are open again by as much, and the money can be put elsewhere."),
            ]/>
            <FormErrors failed title="Nothing was changed"/>
            <dl class=format!("{} across", css::FACTS)>
                <div><dt>"State"</dt><dd>{mark}</dd></div>
                <div><dt>"Saved"</dt><dd><Moment of=at/>" by "{by}</dd></div>
                {undone}
                <div><dt>"Rule"</dt><dd>{rule.label()}</dd></div>
                <div><dt>"Amount"</dt><dd><Amount of=amount/></dd></div>
            </dl>
            <Parts parts/>
            {moved.then(|| view! { <Moved/> })}
            {undo}
        </div>
    }
}

/// Why it cannot be undone as one.
#[component]
fn Moved() -> impl IntoView {
    let why = Refusal::PlanMoved.message(use_locale());
    view! { <Alert tone=Tone::Info><p>{why}</p></Alert> }
}

#[component]
fn Parts(parts: Vec<PlanPart>) -> impl IntoView {
    let heads = vec![
        Head::of("Invoice"),
        Head::of("From"),
        Head::of("State"),
        Head::amount("Amount"),
    ];
    view! { <Table caption="What went where" heads>{parts.into_iter().map(part).collect_view()}</Table> }
}

fn part(part: PlanPart) -> impl IntoView {
    let PlanPart {
        from,
        is_credit,
        from_number,
        invoice,
        number,
        amount,
        stands,
    } = part;
    let paper = if is_credit {
        format!("/credits/{from}")
    } else {
        format!("/payments/{from}")
    };
    view! {
        <tr role="row">
            <th scope="row" role="rowheader"><a href=format!("/invoices/{invoice}")>{number}</a></th>
            <td role="cell" data-label="From"><a href=paper>{from_number}</a></td>
            <td role="cell" class="soft" data-label="State">{if stands { "Stands" } else { "Taken off" }}</td>
            <td role="cell" class="num lead" data-label="Amount"><Amount of=amount/></td>
        </tr>
    }
}
