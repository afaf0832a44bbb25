//! One mail: to whom, how far it has come, and its text.

use super::{MailBadge, api::find_mail};
use crate::loading::{Loading, load};
use crate::markup::view;
use crate::{
    css,
    error::AppError,
    ui::{amount::Moment, loaded::loaded, page::PageHead},
};
use domain::{
    ids::MailId,
    mail::{MailDetail, MailRow},
};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

/// What the page loads. Made in the lazy part, so that a page brings the decoding of its own data and no other's.
struct Loads {
    mail: Loading<MailDetail>,
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
        Self { mail }
    }
}

/// The page.
pub(crate) fn view() -> AnyView {
    let this = Loads::new();
    loaded(this.mail, |mail: MailDetail| view! { <Mail mail/> }).into_any()
}

#[component]
fn Mail(mail: MailDetail) -> impl IntoView {
    let MailDetail {
        row:
            MailRow {
                to,
                subject,
                state,
                created_at,
                ..
            },
        text,
    } = mail;
    view! {
        <PageHead title=subject up=("/mail", "Sent mail") mark=move || view! { <MailBadge of=state/> }/>
        <div class=format!("{} stack loose", css::MAIL)>
            <dl class=format!("{} across", css::FACTS)>
                <div><dt>"To"</dt><dd>{to}</dd></div>
                <div><dt>"Written"</dt><dd><Moment of=created_at/></dd></div>
            </dl>
            <div class="text">{text}</div>
        </div>
    }
}
