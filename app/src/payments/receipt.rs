//! A receipt, for the one who paid and the one who was paid (P6, P15). It prints by itself.

use super::{api::find_receipt, opening::PAGE};
use crate::loading::{Loading, load};
use crate::markup::view;
use crate::{
    css,
    error::AppError,
    ui::{
        amount::{Amount, Day},
        form::Said,
        given_back::GivenBack,
        icon::{Glyph, Icon},
        loaded::loaded,
        paper::{InvoiceNumber, PartyBlock, PrintButton, card_name},
    },
    viewer::use_viewer,
};
use domain::{
    access::{Permission, Side},
    ids::{DraftId, PaymentId},
    payments::{Method, Receipt, ReceiptLine},
    refunds::{Refund, RefundState},
};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_params_map, use_query_map};

/// What the page loads. Made in the lazy part, so that a page brings the decoding of its own data and no other's.
struct Loads {
    /// It was paid just now.
    new: Memo<bool>,
    /// What can be paid next.
    next: Memo<Option<DraftId>>,
    receipt: Loading<(Side, Receipt, Vec<Refund>)>,
}

impl Loads {
    fn new() -> Self {
        let params = use_params_map();
        let query = use_query_map();
        let id = Memo::new(move |_| {
            params
                .read()
                .get("id")
                .and_then(|id| id.parse::<PaymentId>().ok())
        });
        let receipt = load(
            move || id.get(),
            |id| async move {
                match id {
                    Some(id) => find_receipt(id).await,
                    None => Err(AppError::NotFound),
                }
            },
        );
        Self {
            new: Memo::new(move |_| query.read().get("new").is_some()),
            next: Memo::new(move |_| query.read().get("next").and_then(|id| id.parse().ok())),
            receipt,
        }
    }
}

/// The page.
pub(crate) fn view() -> AnyView {
    let this = Loads::new();
    let Loads { new, next, receipt } = this;
    loaded(
        receipt,
        move |(side, receipt, refunds): (Side, Receipt, Vec<Refund>)| {
            view! {
                <Paper side receipt refunds new=new.get_untracked() next=next.get_untracked()/>
            }
        },
    )
    .into_any()
}

#[component]
fn Paper(
    side: Side,
    receipt: Receipt,
    refunds: Vec<Refund>,
    new: bool,
    next: Option<DraftId>,
) -> impl IntoView {
    let title = format!("Receipt {}", receipt.number);
    let viewer = use_viewer();
    let may = |permission| viewer.as_ref().is_some_and(|viewer| viewer.may(permission));
    let mailed = receipt
        .mailed_to
        .as_ref()
        .map(|to| format!("A copy went to {to}."));
    let thanks = new.then(|| match side {
        Side::Buyer => "Payment received. Thank you.".to_owned(),
        Side::Seller => "The payment was recorded.".to_owned(),
    });
    let gone = gone(&refunds);
    let all_gone = gone >= receipt.amount.minor();
    let mut said = thanks.into_iter().chain(mailed).collect::<Vec<_>>().join(" ");
    let (mut sign, mut glyph) = ("sign", Glyph::Check);
    if all_gone {
        // It is no matter of thanks any more.
        (sign, glyph) = ("sign failed", Glyph::Refresh);
        said = "All of it went back.".to_owned();
    }
    let rows = receipt.lines.iter().map(line).collect_view();
    let back = crate::invoices::address(side, "");
    let apply = (side == Side::Seller && !all_gone && may(Permission::RecordPayments)).then(|| {
        view! {
            <a class=css::BUTTON href=format!("/allocate/{}", receipt.payment)>"Apply or take off"</a>
        }
    });
    let on_workbench = (apply.is_some() && receipt.unapplied.is_positive()).then(|| {
        view! { <a class=css::BUTTON href=format!("/workbench?of={}", receipt.payment)>"Workbench"</a> }
    });
    let attach = (side == Side::Seller
        && receipt.method == Method::Offline
        && may(Permission::RecordPayments))
    .then(|| {
        view! { <a class=css::BUTTON href=format!("/attach/{}", receipt.payment)>"Attach a file"</a> }
    });
    let back_link = (side == Side::Seller && !all_gone && may(Permission::RefundPayments)).then(|| {
        view! { <a class=css::BUTTON href=format!("/refund/{}", receipt.payment)>"Give back"</a> }
    });
    let sends = match side {
        Side::Buyer => Permission::PayInvoices,
        Side::Seller => Permission::SendMail,
    };
    let send = may(sends).then(|| {
        view! { <a class=css::BUTTON href=format!("/receipt/{}", receipt.payment)>"Send by mail"</a> }
    });
    let on = next.map(|next| view! {
        <a class=css::BUTTON href=format!("{PAGE}?draft={next}") rel="external">"Go on to the next seller"</a>
    });
    view! {
        <Title text=title.clone()/>
        <Said words=&[("sent", "The receipt is on its way.")]/>
        <div class=format!("{} stack loose", css::RECEIPT)>
            <div class="outcome" role=new.then_some("status")>
                <span class=sign><Icon of=glyph large=true/></span>
                <h1>{title}</h1>
                <p class="figure"><Amount of=receipt.amount/></p>
                <p>{said}</p>
                <p class="no-print"><a href=format!("/explain/payment/{}", receipt.payment)>"How it adds up"</a></p>
            </div>
            <div class=css::DATA_TABLE hidden=receipt.lines.is_empty()>
                <table role="table">
                    <caption>"Invoices of this payment"</caption>
                    <thead role="rowgroup"><tr role="row">
                        <th scope="col" role="columnheader">"Invoice"</th>
                        <th scope="col" role="columnheader" class="num">"Still open"</th>
                        <th scope="col" role="columnheader" class="num">"Applied"</th>
                    </tr></thead>
                    <tbody role="rowgroup">{rows}</tbody>
                </table>
            </div>
            {(!refunds.is_empty()).then(|| view! { <GivenBack refunds/> })}
            <Facts receipt=receipt.clone() whole={gone == 0}/>
            <div class=css::PARTIES>
                <PartyBlock title="Paid by" party=receipt.buyer/>
                <PartyBlock title="Paid to" party=receipt.seller/>
            </div>
            <div class="buttons no-print">
                <PrintButton/>
                {send}
                {on}
                {on_workbench}
                {apply}
                {attach}
                {back_link}
                <a class=format!("{} primary", css::BUTTON) href=back>"Back to invoices"</a>
            </div>
        </div>
    }
}

/// What went back of a payment, in minor units.
fn gone(refunds: &[Refund]) -> i64 {
    let went = refunds.iter().filter(|one| one.state == RefundState::Succeeded);
    went.map(|one| one.amount.minor()).sum()
}

#[component]
fn Facts(
    receipt: Receipt,
    /// Nothing of it went back.
    whole: bool,
) -> impl IntoView {
    // What is left of a payment that went back is no matter of the fee alone.
    let net = receipt.net().filter(|_| whole);
    let Receipt {
        number,
        date,
        paid_by,
        method,
        reference,
        memo,
        unapplied,
        attachment,
        payment,
        fee,
        ..
    } = receipt;
    let (kind, method) = match method {
        Method::Card { brand, last4 } => ("Card", card_name(&brand, &last4)),
        Method::BankDebit { bank, last4 } => ("Bank account", card_name(&bank, &last4)),
        Method::Offline => ("Method", "Recorded by the seller".to_owned()),
        Method::Opening => ("Method", "Paid before the invoice was imported".to_owned()),
    };
    let rest = unapplied.is_positive().then(|| {
        view! {
            <div><dt>"Not applied yet"</dt><dd><Amount of=unapplied/></dd></div>
        }
    });
    view! {
        <dl class=css::FACTS>
            <div><dt>"Receipt"</dt><dd>{number}</dd></div>
            <div><dt>"Paid on"</dt><dd><Day of=date/></dd></div>
            {paid_by.map(|name| view! { <div><dt>"Paid by"</dt><dd>{name}</dd></div> })}
            <div><dt>{kind}</dt><dd>{method}</dd></div>
            {reference.map(|text| view! { <div><dt>"Reference"</dt><dd class="code">{text}</dd></div> })}
            {memo.map(|text| view! { <div><dt>"Memo"</dt><dd>{text}</dd></div> })}
            {attachment.map(|name| view! {
                <div><dt>"Attachment"</dt><dd><a href=format!("/attachment/{payment}") rel="external" download="">{name}</a></dd></div>
            })}
            {rest}
            {fee.map(|fee| view! { <div><dt>"Fee of the gateway"</dt><dd><Amount of=fee/></dd></div> })}
            {net.map(|net| view! { <div><dt>"Net of the fee"</dt><dd><Amount of=net/></dd></div> })}
        </dl>
    }
}

fn line(line: &ReceiptLine) -> impl IntoView + use<> {
    let ReceiptLine {
        invoice,
        number,
        amount,
        open,
    } = line.clone();
    view! {
        <tr role="row">
            <th scope="row" role="rowheader"><InvoiceNumber id=invoice number reached=open.is_some()/></th>
            <td role="cell" class="num soft" data-label="Still open">{open.map(|open| view! { <Amount of=open/> })}</td>
            <td role="cell" class="num lead" data-label="Applied"><Amount of=amount/></td>
        </tr>
    }
}
