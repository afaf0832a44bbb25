//! One mail: to whom, how far it has come, and its text.

use super::{
    MailBadge,
    api::{SendMailAgain, find_mail},
};
use crate::loading::{Loading, load};
use crate::markup::view;
use crate::{
    css,
    error::AppError,
    ui::{
        amount::Moment,
        form::{Failed, FormErrors, Said, typed_form},
        loaded::both,
        page::PageHead,
    },
    viewer::use_viewer,
};
use domain::{
    access::Permission,
    ids::MailId,
    mail::{MailDetail, MailRow},
};
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_router::hooks::use_params_map;

/// What the page loads. Made in the lazy part, so that a page brings the decoding of its own data and no other's.
struct Loads {
    mail: Loading<MailDetail>,
    typed: Loading<Failed>,
}

impl Loads {
    fn new() -> Self {
        let params = use_params_map();
        let id = Memo::new(move |_| params.read().get("id").and_then(|id| id.parse::<MailId>().ok()));
        let mail = load(
            move || id.get(),
            |id| async move {
                match id {
                    Some(id) => find_mail(id).await,
                    None => Err(AppError::NotFound),
                }
            },
        );
        Self {
            mail,
            typed: typed_form(),
        }
    }
}

/// The page.
pub(crate) fn view() -> AnyView {
    let Loads { mail, typed } = Loads::new();
    both(mail, typed, |mail: MailDetail, failed: Failed| {
        view! { <Mail mail failed/> }
    })
    .into_any()
}

#[component]
fn Mail(mail: MailDetail, failed: Failed) -> impl IntoView {
    let MailDetail {
        row:
            MailRow {
                id,
                to,
                subject,
                state,
                created_at,
                ..
            },
        text,
    } = mail;
    let sends = use_viewer().is_some_and(|viewer| viewer.may(Permission::SendMail));
    view! {
        <PageHead title=subject up=("/mail", "Sent mail") mark=move || view! { <MailBadge of=state/> }>
            {sends.then(|| view! {
                <form method="post" action=SendMailAgain::url()>
                    <input type="hidden" name="id" value=id.to_string()/>
                    <button class=css::BUTTON>"Send again"</button>
                </form>
            })}
        </PageHead>
        <Said words=&[("again", "It is on its way again; this is the new mail.")]/>
        <FormErrors failed title="It was not sent again"/>
        <div class=format!("{} stack loose", css::MAIL)>
            <dl class=format!("{} across", css::FACTS)>
                <div><dt>"To"</dt><dd>{to}</dd></div>
                <div><dt>"Written"</dt><dd><Moment of=created_at/></dd></div>
            </dl>
            <div class="text">{text}</div>
        </div>
    }
}
