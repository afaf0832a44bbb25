//! The form of a credit note over an invoice: why, and how much of which lines (C1, C2).

use super::{
    api::{IssueCredit, open_credit},
    rest::{Acts, Comes, Rest},
};
use crate::loading::{Loading, load};
use crate::markup::view;
use crate::{
    css,
    error::AppError,
    ui::{
        amount::Amount,
        form::{Choice, Failed, Field, FormErrors, typed_form},
        loaded::both,
        page::{Alert, PageHead, Tone},
        part::{Part, line_name},
        table::{Head, Table},
    },
    viewer::use_locale,
};
use domain::{
    Refusal,
    credit_notes::{CreditFields, CreditForm, CreditLine, CreditReason, HowMuch, PartFields, Preview},
    ids::{DisputeId, InvoiceId},
    locale::{Locale, format_amount},
    payments::form::line_field,
};
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_router::hooks::{use_params_map, use_query_map};

/// What the page loads.
struct Loads {
    form: Loading<CreditForm>,
    typed: Loading<Failed>,
}

impl Loads {
    fn new() -> Self {
        let params = use_params_map();
        let query = use_query_map();
        let id = Memo::new(move |_| {
            params
                .read()
                .get("id")
                .and_then(|id| id.parse::<InvoiceId>().ok())
        });
        // Of an old or broken link, it is a credit note that answers nothing.
        let dispute = Memo::new(move |_| {
            query
                .read()
                .get("dispute")
                .and_then(|id| id.parse::<DisputeId>().ok())
        });
        Self {
            form: load(
                move || (id.get(), dispute.get()),
                |(id, dispute)| async move {
                    match id {
                        Some(id) => open_credit(id, dispute).await,
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
    let Loads { form, typed } = Loads::new();
    both(form, typed, |form: CreditForm, failed: Failed| {
        view! { <Credit form failed/> }
    })
    .into_any()
}

#[component]
fn Credit(form: CreditForm, failed: Failed) -> impl IntoView {
    let locale = use_locale();
    let title = format!("Credit note over {}", form.number);
    let (buyer, invoice) = (form.buyer.clone(), form.invoice);
    let refusal = match form.refused {
        Some(why) => Some(Refusal::NotPayable {
            number: form.number.clone(),
            why,
        }),
        None if !form.left.is_positive() => Some(Refusal::NothingToCredit),
        None => None,
    };
    let act = match refusal {
        Some(refusal) => view! {
            <Alert tone=Tone::Warning><p>{refusal.message(locale)}</p></Alert>
            <p><a class=css::BUTTON href=format!("/invoices/{invoice}")>"Back to the invoice"</a></p>
        }
        .into_any(),
        None => view! { <Fields form failed/> }.into_any(),
    };
    view! {
        <PageHead title up=("/invoices", "Invoices") note=buyer/>
        <div class="stack loose">{act}</div>
    }
}

#[component]
fn Fields(form: CreditForm, failed: Failed) -> impl IntoView {
    let preview = preview(&form, &failed, use_locale());
    let CreditForm {
        key,
        invoice,
        number: _,
        buyer: _,
        total,
        due,
        left,
        parts: _,
        cards,
        lines,
        answers,
        refused: _,
    } = form;
    let typed = |field: &str| failed.text(field).unwrap_or_default();
    let reasons = CreditReason::ALL
        .iter()
        .map(|reason| (reason.code().to_owned(), reason.label().to_owned()))
        .collect::<Vec<_>>();
    let chosen = HowMuch::from_code(&typed("how_much")).unwrap_or(HowMuch::Parts);
    let ways = HowMuch::ALL
        .iter()
        .map(|way| {
            let checked = *way == chosen;
            view! {
                <label><input type="radio" name="form[how_much]" value=way.code() checked=checked autocomplete="off"/>{way.label()}</label>
            }
        })
        .collect_view();
    let heads = vec![
        Head::of("Line"),
        Head::amount("Billed"),
        Head::amount("Left"),
        Head::amount("Credit, without tax"),
    ];
    let rows = {
        let failed = failed.clone();
        let rows = lines.into_iter().enumerate();
        rows.map(move |(index, line)| row(index, line, &failed))
            .collect_view()
    };
    view! {
        <dl class=format!("{} across", css::FACTS)>
            <div><dt>"Billed"</dt><dd><Amount of=total/></dd></div>
            <div><dt>"Open"</dt><dd><Amount of=due.free/></dd></div>
            <div><dt>"Can be credited"</dt><dd><Amount of=left/></dd></div>
        </dl>
        <form class=css::CREDITING method="post" action=IssueCredit::url()>
            <FormErrors failed=failed.clone() title="Nothing was credited"/>
            <input type="hidden" name="id" value=invoice.to_string()/>
            <input type="hidden" name="form[key]" value=key.to_string()/>
            <input type="hidden" name="form[currency]" value=left.currency().code()/>
            <input type="hidden" name="form[seen]" value=left.minor().to_string()/>
            <input type="hidden" name="form[dispute]" value=answers.map(|id| id.to_string()).unwrap_or_default()/>
            <div class="why">
                <Choice name="reason" inside="form" label="Reason" options=reasons value=typed("reason") error=failed.refusal("reason")/>
                <Field name="note" inside="form" label="What happened" autocomplete="off" value=typed("note")
                    error=failed.refusal("note") help="It stands on the credit note."/>
            </div>
            <fieldset>
                <legend>"How much"</legend>
                <div class="ways">{ways}</div>
                <div class="parts"><Table caption="Lines of the invoice" heads>{rows}</Table></div>
            </fieldset>
            {answers.is_some().then(|| view! {
                <Alert tone=Tone::Info><p>"This answers the dispute, whatever the amount: the lines are filled with what is asked for."</p></Alert>
            })}
            <Rest currency=left.currency() cards failed/>
            {preview.map(|preview| view! { <Comes preview/> })}
            <Acts cancel=format!("/invoices/{invoice}")/>
        </form>
    }
}

/// What was typed adds up to, when that was asked for.
fn preview(form: &CreditForm, failed: &Failed, locale: Locale) -> Option<Preview> {
    if failed.error.is_some() || failed.fields.is_empty() {
        return None;
    }
    let credit = fields(failed).parse(form.invoice, locale).ok()?;
    form.add_up(&credit).ok()
}

/// The form as it was posted.
fn fields(failed: &Failed) -> CreditFields {
    let text = |field: &str| failed.text(field).unwrap_or_default();
    let line = |index: usize| {
        let amount = failed.text(&line_field(index, "amount"));
        Some(PartFields {
            position: failed.text(&line_field(index, "position"))?,
            amount: amount.unwrap_or_default(),
        })
    };
    CreditFields {
        key: text("key"),
        currency: text("currency"),
        seen: text("seen"),
        reason: text("reason"),
        note: text("note"),
        how_much: text("how_much"),
        dispute: text("dispute"),
        act: text("act"),
        back: text("back"),
        way: text("way"),
        reference: text("reference"),
        lines: (0..).map_while(line).collect(),
    }
}

fn row(index: usize, line: CreditLine, failed: &Failed) -> impl IntoView + use<> {
    let locale = use_locale();
    let CreditLine { of, left, asked } = line;
    let field = line_field(index, "amount");
    let why = failed.refusal(&field).map(|why| why.message(locale));
    let asked = asked.filter(|amount| amount.is_positive());
    let text = failed
        .text(&field)
        .or(asked.map(|amount| format_amount(amount, locale)))
        .unwrap_or_default();
    let input = if left.is_positive() {
        view! {
            <input type="hidden" name=line_name(index, "position") value=of.position.to_string()/>
            <Part index text currency=left.currency() label=format!("Credit for {}", of.description) why/>
        }
        .into_any()
    } else {
        view! {
            <input type="hidden" name=line_name(index, "position") value=of.position.to_string()/>
            <span class="soft">"–"</span>
        }
        .into_any()
    };
    view! {
        <tr role="row">
            <th scope="row" role="rowheader">{of.description}</th>
            <td role="cell" class="num soft" data-label="Billed"><Amount of=of.net/></td>
            <td role="cell" class="num" data-label="Left"><Amount of=left/></td>
            <td role="cell" class="num" data-label="Credit, without tax">{input}</td>
        </tr>
    }
}
