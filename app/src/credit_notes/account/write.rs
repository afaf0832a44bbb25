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
        currencies::Currencies,
        customers::FindCustomer,
        form::{Choice, Failed, Field, FormErrors, typed_form},
        loaded::both,
        page::PageHead,
    },
    viewer::use_locale,
};
use domain::{
    credit_notes::{
        CreditReason, Preview,
        account::{AccountCreditFields, AccountCreditForm},
    },
    locale::Locale,
    payments::offline::FoundPayers,
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
            OpenedCredit::Search(found) => find(found),
            OpenedCredit::Form(form) => view! { <Credit form=*form failed/> }.into_any(),
        },
    )
    .into_any()
}

fn find(found: FoundPayers) -> AnyView {
    view! {
        <PageHead title="New credit note" up=("/credits?side=issued", "Credit notes") note="Over an account, without an invoice. Whom does it credit?"/>
        <div class="stack">
            <FindCustomer page=PAGE found columns=&[("Open", |sums| sums.open)]/>
        </div>
    }
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
            <Currencies page=PAGE account currency likely=currencies/>
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
