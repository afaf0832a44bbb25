//! The page `How it adds up` of an account: what made its balance until a day, by kinds of acts.

use super::api::explain_account;
use crate::loading::{Loading, load};
use crate::markup::view;
use crate::{
    css,
    error::AppError,
    ui::{
        amount::Day,
        form::Field,
        icon::Glyph,
        loaded::loaded,
        page::{Empty, PageHead},
        steps::steps,
    },
    viewer::use_viewer,
};
use domain::{
    access::{Permission, Side},
    books::account::{ExplainedAccount, explain},
    ids::AccountId,
};
use leptos::prelude::*;
use leptos_router::hooks::{use_location, use_params_map};

/// What the page loads.
struct Loads {
    account: Loading<ExplainedAccount>,
}

impl Loads {
    fn new() -> Self {
        let (params, search) = (use_params_map(), use_location().search);
        let id = Memo::new(move |_| {
            params
                .read()
                .get("id")
                .and_then(|id| id.parse::<AccountId>().ok())
        });
        let account = load(
            move || (id.get(), search.get()),
            |(id, query)| async move {
                match id {
                    Some(id) => explain_account(id, query).await,
                    None => Err(AppError::NotFound),
                }
            },
        );
        Self { account }
    }
}

/// The page.
pub(crate) fn view() -> AnyView {
    let Loads { account } = Loads::new();
    loaded(account, |account: ExplainedAccount| {
        let title = match account.side {
            Side::Seller => format!("What {} owes", account.counterparty),
            Side::Buyer => format!("What is owed to {}", account.counterparty),
        };
        let company = account.company.clone().map(|(_, name)| view! { " by "<b>{name}</b> });
        let page = format!("/explain/account/{}", account.account);
        let viewer = use_viewer().filter(|_| account.side == Side::Seller);
        let may = |permission| viewer.as_ref().is_some_and(|viewer| viewer.may(permission));
        let reminders = may(Permission::SendMail).then(|| {
            let to = format!("/reminders/{}", account.account);
            view! { <a class=css::BUTTON href=to>"Reminders"</a> }
        });
        let credit = may(Permission::IssueCreditNotes).then(|| {
            let to = format!("/credit?account={}", account.account);
            view! { <a class=css::BUTTON href=to>"New credit note"</a> }
        });
        let (on, past) = (account.on, account.on != account.today);
        let currencies = account.currencies();
        let nothing = currencies.is_empty();
        let opened = currencies
            .into_iter()
            .map(|currency| steps(explain(&account, currency).unwrap_or_default()))
            .collect_view();
        let today = past.then(|| view! { <a class=format!("{} plain", css::BUTTON) href=page.clone()>"Today"</a> });
        view! {
            <PageHead title up=("/invoices", "Invoices")
                note="What is open less unapplied money and unused credit, by what was done. It is summed from the ledger.">
                {reminders}{credit}
            </PageHead>
            <div class="stack loose">
                <form class=css::SIEVE method="get" action=page>
                    <Field name="on" label="As of" kind="date" value=on.to_string()/>
                    <div class="buttons"><button class=css::BUTTON>"Show"</button>{today}</div>
                </form>
                <p>"As of the end of "<b><Day of=on/></b>{company}"."</p>
                {opened}
                {nothing.then(|| view! {
                    <Empty glyph=Glyph::List title="Nothing was booked by then"><p>"Choose a later day."</p></Empty>
                })}
            </div>
        }
    })
    .into_any()
}
