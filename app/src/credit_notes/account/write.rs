//! The page `New credit note`: whom it credits, then why and over what (C1, C2, V36).

use super::{
    super::rest::{Acts, Comes, Rest},
    api::{CreditAccount, OpenedCredit, open_new_credit},
};
use crate::loading::{Loading, load};
use crate::markup::view;
use crate::{
    css,
    invoices::editor::{Lines, typed_lines},
    ui::{
        amount::Amount,
        form::{Choice, Failed, Field, FormErrors, typed_form},
        icon::{Glyph, Icon},
        loaded::both,
        page::{Empty, PageHead},
        table::{Head, Table},
    },
    viewer::use_locale,
};
use domain::{
    Currency,
    credit_notes::{
        CreditReason, Preview,
        account::{AccountCreditFields, AccountCreditForm},
    },
    ids::AccountId,
    locale::Locale,
    payments::offline::{Payer, PayerBalance},
};
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_router::hooks::use_location;

const PAGE: &str = "/credit";

/// What the page loads.
struct Loads {
    opened: Loading<OpenedCredit>,
    typed: Loading<Failed>,
}

impl Loads {
    fn new() -> Self {
        let search = use_location().search;
        Self {
            opened: load(move || search.get(), open_new_credit),
            typed: typed_form(),
        }
    }
}

/// The page.
pub(crate) fn view() -> AnyView {
    let Loads { opened, typed } = Loads::new();
    both(
        opened,
        typed,
        |opened: OpenedCredit, failed: Failed| match opened {
            OpenedCredit::Search { text, found } => view! { <Search text found/> }.into_any(),
            OpenedCredit::Form(form) => view! { <Credit form=*form failed/> }.into_any(),
        },
    )
    .into_any()
}

#[component]
fn Search(text: String, found: Vec<Payer>) -> impl IntoView {
    let nothing = found.is_empty();
    let rows = found.into_iter().map(|payer| {
        let Payer {
            account,
            name,
            external_id,
            balances,
        } = payer;
        view! {
            <tr role="row">
                <th scope="row" role="rowheader"><a href=format!("{PAGE}?account={account}")>{name}</a></th>
                <td role="cell" data-label="External ID">{external_id}</td>
                <td role="cell" class="num" data-label="Open">{open(&balances)}</td>
            </tr>
        }
    });
    let heads = vec![
        Head::sorted("Customer", "ascending"),
        Head::of("External ID"),
        Head::amount("Open"),
    ];
    view! {
        <PageHead title="New credit note" up=("/credits?side=issued", "Credit notes")
            note="Over an account, without an invoice. Whom does it credit?"/>
        <div class="stack">
            <form class=css::SIEVE method="get" action=PAGE role="search">
                <Field name="search" label="Name or external ID" autocomplete="off" value=text.clone()/>
                <div class="buttons"><button class=css::BUTTON><Icon of=Glyph::Search/>"Find"</button></div>
            </form>
            {if nothing {
                view! {
                    <Empty glyph=Glyph::Search title="Nobody was found">
                        <p>{format!("No customer has “{text}” in its name or external ID.")}</p>
                        <p><a class=css::BUTTON href=PAGE>"Show all"</a></p>
                    </Empty>
                }.into_any()
            } else {
                view! { <Table caption="Customers" heads>{rows.collect_view()}</Table> }.into_any()
            }}
        </div>
    }
}

/// What a customer owes, by currency.
fn open(balances: &[PayerBalance]) -> AnyView {
    let owed: Vec<_> = balances
        .iter()
        .map(|sums| sums.open)
        .filter(|sum| !sum.is_zero())
        .collect();
    if owed.is_empty() {
        return view! { <span class="soft">"–"</span> }.into_any();
    }
    owed.into_iter()
        .map(|sum| view! { <div><Amount of=sum/></div> })
        .collect_view()
        .into_any()
}

#[component]
fn Credit(form: AccountCreditForm, failed: Failed) -> impl IntoView {
    let locale = use_locale();
    let preview = preview(&form, &failed, locale);
    let AccountCreditForm {
        key,
        account,
        buyer,
        currency,
        currencies,
        due,
        usual,
    } = form;
    let typed = |field: &str| failed.text(field).unwrap_or_default();
    let reasons = CreditReason::ALL
        .iter()
        .map(|reason| (reason.code().to_owned(), reason.label().to_owned()))
        .collect::<Vec<_>>();
    view! {
        <PageHead title="New credit note" up=("/credits?side=issued", "Credit notes") note=buyer/>
        <div class="stack loose">
            <Currencies account currency currencies/>
            <dl class=format!("{} across", css::FACTS)>
                <div><dt>"Due on the account"</dt><dd><Amount of=due.free/></dd></div>
            </dl>
            <FormErrors failed=failed.clone() title="Nothing was credited"/>
            <form class=css::WRITING method="post" action=CreditAccount::url()>
                <input type="hidden" name="form[key]" value=key.to_string()/>
                <input type="hidden" name="form[account]" value=account.to_string()/>
                <input type="hidden" name="form[currency]" value=currency.code()/>
                <input type="hidden" name="form[seen]" value=due.free.minor().to_string()/>
                <div class=css::CREDITING>
                    <div class="why">
                        <Choice name="reason" inside="form" label="Reason" options=reasons value=typed("reason") error=failed.refusal("reason")/>
                        <Field name="note" inside="form" label="What happened" autocomplete="off" value=typed("note")
                            error=failed.refusal("note") help="It stands on the credit note."/>
                    </div>
                </div>
                <section class="stack">
                    <h2>"Lines"</h2>
                    <p class="soft">"What is taken off, as it would be billed. Lines that are left empty are not meant."</p>
                    <Lines lines=Vec::new() usual currency failed=failed.clone()/>
                </section>
                <div class=css::CREDITING><Rest currency cards=None failed/></div>
                {preview.map(|preview| view! { <Comes preview/> })}
                <Acts cancel="/credits?side=issued".to_owned()/>
            </form>
        </div>
    }
}

/// Links to the same form in other currencies.
#[component]
fn Currencies(account: AccountId, currency: Currency, currencies: Vec<Currency>) -> impl IntoView {
    let link = move |code: Currency| {
        let here = (code == currency).then_some("page");
        view! { <a href=format!("{PAGE}?account={account}&currency={code}") aria-current=here>{code.code()}</a> }
    };
    (currencies.len() > 1).then(|| {
        view! { <nav class=css::TABS aria-label="Currency">{currencies.into_iter().map(link).collect_view()}</nav> }
    })
}

/// What was typed adds up to, when that was asked for.
fn preview(form: &AccountCreditForm, failed: &Failed, locale: Locale) -> Option<Preview> {
    if failed.error.is_some() || failed.fields.is_empty() {
        return None;
    }
    let credit = fields(failed).parse(locale).ok()?;
    form.add_up(&credit).ok()
}

/// The form as it was posted.
fn fields(failed: &Failed) -> AccountCreditFields {
    let text = |field: &str| failed.text(field).unwrap_or_default();
    AccountCreditFields {
        key: text("key"),
        act: text("act"),
        account: text("account"),
        currency: text("currency"),
        seen: text("seen"),
        reason: text("reason"),
        note: text("note"),
        back: text("back"),
        way: text("way"),
        reference: text("reference"),
        lines: typed_lines(failed),
    }
}
