//! The form on which parts of an invoice are disputed.

use super::api::DisputeInvoice;
use crate::markup::view;
use crate::{
    css,
    ui::{
        amount::Amount,
        form::{Failed, Field, FormErrors},
        page::{Alert, Tone},
        part::{Part, line_name},
        table::{Head, Table},
    },
    viewer::use_locale,
};
use domain::{
    disputes::{DisputableLine, Disputes},
    payments::form::line_field,
};
use leptos::{prelude::*, server_fn::ServerFn};

/// The form, or why nothing can be disputed.
#[component]
pub(super) fn NewDispute(
    /// The invoice and what is disputed of it.
    of: Disputes,
    /// What was typed before.
    failed: Failed,
) -> impl IntoView {
    let locale = use_locale();
    match of.possible.clone() {
        Err(why) => view! { <Alert tone=Tone::Info><p>{why.message(locale)}</p></Alert> }.into_any(),
        Ok(()) => view! { <Fields of failed/> }.into_any(),
    }
}

#[component]
fn Fields(of: Disputes, failed: Failed) -> impl IntoView {
    let Disputes {
        key,
        invoice,
        open,
        lines,
        ..
    } = of;
    // What was typed into the answer of a dispute is not of this form.
    let failed = if failed.text("answer").is_some() {
        Failed::default()
    } else {
        failed
    };
    let heads = vec![
        Head::of("Line"),
        Head::amount("With tax"),
        Head::amount("Not disputed yet"),
        Head::amount("Dispute"),
    ];
    let rows = {
        let failed = failed.clone();
        let rows = lines.into_iter().enumerate();
        rows.map(move |(index, line)| row(index, line, &failed))
            .collect_view()
    };
    view! {
        <section class=css::DISPUTE aria-labelledby="new-dispute">
            <h2 id="new-dispute">"Dispute a part"</h2>
            <p class="soft">"The seller is told. Until it has answered, that part is not asked for; the rest stays payable."</p>
            <form method="post" action=DisputeInvoice::url()>
                <FormErrors failed=failed.clone() title="Nothing was disputed"/>
                <input type="hidden" name="id" value=invoice.to_string()/>
                <input type="hidden" name="form[key]" value=key.to_string()/>
                <input type="hidden" name="form[currency]" value=open.currency().code()/>
                <Table caption="Lines of the invoice" heads>{rows}</Table>
                <div class="why">
                    <Field name="reason" inside="form" label="What is wrong" autocomplete="off" value=failed.text("reason").unwrap_or_default()
                        error=failed.refusal("reason") required=true help="The seller sees it."/>
                </div>
                <div class="buttons"><button class=format!("{} primary", css::BUTTON)>"Dispute"</button></div>
            </form>
        </section>
    }
}

fn row(index: usize, line: DisputableLine, failed: &Failed) -> impl IntoView + use<> {
    let locale = use_locale();
    let DisputableLine {
        position,
        description,
        gross,
        left,
    } = line;
    let field = line_field(index, "amount");
    let why = failed.refusal(&field).map(|why| why.message(locale));
    let text = failed.text(&field).unwrap_or_default();
    let label = format!("Dispute of {description}");
    let input = if left.is_positive() {
        view! { <Part index text currency=left.currency() label why/> }.into_any()
    } else {
        view! { <span class="soft">"–"</span> }.into_any()
    };
    view! {
        <tr role="row">
            <th scope="row" role="rowheader">{description}</th>
            <td role="cell" class="num soft" data-label="With tax"><Amount of=gross/></td>
            <td role="cell" class="num" data-label="Not disputed yet"><Amount of=left/></td>
            <td role="cell" class="num" data-label="Dispute">
                <input type="hidden" name=line_name(index, "position") value=position.to_string()/>
                {input}
            </td>
        </tr>
    }
}
