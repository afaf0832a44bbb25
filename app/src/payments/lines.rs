//! The invoices of a payment: which ones, and how much of each. What the server would refuse is said while typing,
//! by the same rules of `domain`.

use super::payee::{Payee, Sum};
use crate::markup::{flag, live, view};
use crate::{
    css,
    ui::{
        amount::{Amount, Day},
        badge::StatusBadge,
        icon::{Glyph, Icon},
    },
    viewer::use_locale,
};
use domain::{
    Money, Refusal,
    ids::AccountId,
    invoices::{Stage, Status},
    locale::{Locale, format_amount, parse_amount},
    payments::{
        PayLine, SubmitLine,
        allocation::{Current, check_lines},
    },
};
use leptos::{html, prelude::*};

/// A line of the form while it is filled in.
#[derive(Clone, Copy)]
pub struct Line {
    place: usize,
    index: usize,
    facts: StoredValue<Facts>,
    ticked: RwSignal<bool>,
    text: RwSignal<String>,
    /// Something was typed since the page came, so what the server said is old.
    touched: RwSignal<bool>,
    tick: NodeRef<html::Input>,
    amount: NodeRef<html::Input>,
}

struct Facts {
    account: AccountId,
    line: PayLine,
    refused: Option<Refusal>,
}

impl Line {
    /// A line as the page begins with it: `text` is what was typed before, if the form comes back.
    #[expect(clippy::too_many_arguments, reason = "a plain constructor, called once")]
    pub fn new(
        place: usize,
        index: usize,
        account: AccountId,
        line: PayLine,
        ticked: bool,
        text: Option<String>,
        refused: Option<Refusal>,
        locale: Locale,
    ) -> Self {
        // A line that got nothing of a total can still be ticked, and is then paid as far as it is not disputed.
        let amount = if line.amount.is_positive() {
            line.amount
        } else {
            line.offered
        };
        Self {
            place,
            index,
            ticked: RwSignal::new(ticked),
            text: RwSignal::new(text.unwrap_or_else(|| format_amount(amount, locale))),
            touched: RwSignal::new(false),
            facts: StoredValue::new(Facts {
                account,
                line,
                refused,
            }),
            tick: NodeRef::new(),
            amount: NodeRef::new(),
        }
    }

    /// The invoice and what can be paid on it.
    pub fn facts(self) -> PayLine {
        self.facts.with_value(|facts| facts.line.clone())
    }

    /// What the server said about the amount.
    pub fn refused(self) -> Option<Refusal> {
        self.facts.with_value(|facts| facts.refused.clone())
    }

    /// It is to be paid.
    pub fn is_ticked(self) -> bool {
        self.ticked.get()
    }

    /// What is to be paid on it, if it may be.
    ///
    /// # Errors
    /// What the server would say.
    pub fn judge(self, locale: Locale) -> Result<Money, Refusal> {
        let text = self.text.get();
        if text.trim().is_empty() {
            return Err(Refusal::Missing);
        }
        self.facts.with_value(|Facts { account, line, .. }| {
            let amount = parse_amount(&text, line.payable.currency(), locale)?;
            let typed = SubmitLine {
                invoice: line.invoice,
                seen: line.payable,
                amount,
            };
            let now = Current {
                invoice: line.invoice,
                rollup: None,
                account: *account,
                number: line.number.clone(),
                stage: Stage::Open,
                open: line.payable,
                pending: Money::zero(line.payable.currency()),
                disputed: Money::zero(line.payable.currency()),
            };
            match check_lines(&[typed], &[now]) {
                Ok(_) => Ok(amount),
                Err(errors) => Err(errors
                    .iter()
                    .map(|(_, why)| why.clone())
                    .next()
                    .unwrap_or(Refusal::FormBroken)),
            }
        })
    }

    /// Shows what is wrong with it and takes the caret there.
    pub fn point_out(self) {
        self.touched.set(true);
        if let Some(input) = self.amount.get_untracked() {
            let _ = input.focus();
        }
    }

    /// Takes over what was ticked and typed before the program arrived.
    pub fn catch_up(self) {
        if let Some(input) = self.tick.get_untracked() {
            self.ticked.set(input.checked());
        }
        if let Some(input) = self.amount.get_untracked()
            && input.value() != self.text.get_untracked()
        {
            self.text.set(input.value());
            self.touched.set(true);
        }
    }

    fn set(self, ticked: bool) {
        if let Some(input) = self.tick.get_untracked() {
            input.set_checked(ticked);
        }
        self.ticked.set(ticked);
    }

    fn name(self, field: &str) -> String {
        format!("form[lines][{}][{field}]", self.index)
    }
}

/// The lines of one currency.
#[component]
pub(super) fn Lines(
    /// The lines.
    sum: Sum,
    /// The only currency on the page: its code need not be in the caption.
    alone: bool,
    /// The program is there.
    awake: RwSignal<bool>,
) -> impl IntoView {
    let Sum { currency, lines, .. } = sum;
    let caption = if alone {
        "Invoices to pay".to_owned()
    } else {
        format!("Invoices to pay in {currency}")
    };
    let all = if alone {
        "Apply to all".to_owned()
    } else {
        format!("Apply to all in {currency}")
    };
    let rows = lines
        .iter()
        .map(|line| view! { <Row line=*line/> })
        .collect_view();
    let all_ticked = lines.iter().all(|line| line.ticked.get_untracked());
    let set_all = move |event| {
        let ticked = event_target_checked(&event);
        lines.iter().for_each(|line| line.set(ticked));
    };
    view! {
        <div class=format!("{} by-invoice", css::DATA_TABLE)>
            <table role="table">
                <caption>{caption}</caption>
                <thead role="rowgroup"><tr role="row">
                    <td role="cell" class="pick">
                        <label hidden=flag(move || !awake.get())><input type="checkbox" aria-label=all autocomplete="off" checked=all_ticked on:change=set_all/></label>
                    </td>
                    <th scope="col" role="columnheader">"Invoice"</th>
                    <th scope="col" role="columnheader">"Status"</th>
                    <th scope="col" role="columnheader">"Due"</th>
                    <th scope="col" role="columnheader" class="num">"Open"</th>
                    <th scope="col" role="columnheader" class="num">"Pay now"</th>
                </tr></thead>
                <tbody role="rowgroup">{rows}</tbody>
            </table>
        </div>
    }
}

#[component]
fn Row(line: Line) -> impl IntoView {
    let locale = use_locale();
    let PayLine {
        invoice,
        number,
        due_date,
        status,
        payable,
        offered,
        ..
    } = line.facts();
    let disputed = (offered != payable).then(|| view! { <small>"partly disputed"</small> });
    let due = if status == Status::Overdue {
        "when late"
    } else {
        "when"
    };
    let id = Payee::amount_id(line.place, line.index);
    let error_id = format!("{id}-error");
    let wrong = Memo::new(move |_| {
        if line.touched.get() {
            line.judge(locale).err()
        } else {
            line.refused()
        }
    });
    let described = {
        let error_id = error_id.clone();
        move || wrong.with(Option::is_some).then(|| error_id.clone())
    };
    let error = move || {
        wrong.get().map(|why| {
            view! {
                <p class="error" id=error_id.clone()><Icon of=Glyph::Alert/>{why.message(locale)}</p>
            }
        })
    };
    let typed = move |event| {
        line.text.set(event_target_value(&event));
        line.touched.set(true);
    };
    view! {
        <tr role="row" class:wrong=flag(move || line.ticked.get() && wrong.with(Option::is_some))>
            <td role="cell" class="pick"><label>
                <input type="checkbox" name=line.name("apply") value="1" autocomplete="off"
                    aria-label=format!("Apply invoice {number}") checked=line.ticked.get_untracked() node_ref=line.tick
                    on:change=move |event| line.ticked.set(event_target_checked(&event))/>
            </label></td>
            <th scope="row" role="rowheader"><a href=format!("/invoices/{invoice}") rel="external">{number.clone()}</a></th>
            <td role="cell" class="state" data-label="Status"><StatusBadge of=status/></td>
            <td role="cell" class=due data-label="Due"><Day of=due_date/></td>
            <td role="cell" class="num" data-label="Open"><Amount of=payable/>{disputed}</td>
            <td role="cell" class="num" data-label="Pay now">
                <input type="hidden" name=line.name("invoice") value=invoice.to_string()/>
                <input type="hidden" name=line.name("seen") value=payable.minor().to_string()/>
                <input type="hidden" name=line.name("currency") value=payable.currency().code()/>
                <div class=format!("{} pay-amount", css::FIELD)>
                    <span class="money">
                        <input class="input" id=id name=line.name("amount") value=line.text.get_untracked()
                            inputmode="decimal" autocomplete="off" aria-label=format!("Amount for {number}")
                            aria-invalid=move || wrong.with(Option::is_some).then_some("true")
                            aria-describedby=described node_ref=line.amount on:input=typed/>
                        <span class="unit">{payable.currency().code()}</span>
                    </span>
                    {live(error)}
                </div>
            </td>
        </tr>
    }
}
