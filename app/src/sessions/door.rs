//! The page that a tenant's people find while its pages are shut: why, and whom to ask (T15).

use crate::company::api::find_door;
use crate::loading::load;
use crate::markup::view;
use crate::{
    css,
    sessions::api::LogOut,
    ui::{
        icon::{Glyph, Icon},
        loaded::loaded,
        page::Empty,
    },
};
use domain::tenants::{Door, DoorNotice};
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_meta::Title;

/// The page.
pub(crate) fn view() -> AnyView {
    let notice = load(|| (), |()| find_door());
    loaded(notice, |notice: DoorNotice| view! { <Notice notice/> }).into_any()
}

#[component]
fn Notice(notice: DoorNotice) -> impl IntoView {
    let DoorNotice {
        door,
        tenant,
        reason,
        contact,
        phone,
        email,
    } = notice;
    let (title, what) = match door {
        Door::Open => (format!("{tenant} is open"), "You can work here."),
        Door::Waiting => (
            format!("{tenant} is not switched on yet"),
            "Until it is, bills reach you the way they did before, and you pay them that way.",
        ),
        Door::Suspended => (
            format!("{tenant} is suspended"),
            "You cannot work here for now. Nothing is lost.",
        ),
        Door::Closed => (
            format!("{tenant} is closed"),
            "You cannot work here any more. Every document is kept.",
        ),
    };
    let who = contact.unwrap_or_else(|| "who runs this portal".to_owned());
    let button = css::BUTTON;
    view! {
        <Title text=title.clone()/>
        <Empty glyph=Glyph::Lock title whole=true>
            <p>{what}</p>
            {reason.map(|reason| view! { <p>{format!("The reason given: {reason}")}</p> })}
            <p>{format!("Questions? Ask {who}.")}</p>
            <div class="row">
                {phone.map(|phone| view! { <a class=button href=format!("tel:{}", phone.replace(' ', ""))><Icon of=Glyph::Help/>{phone.clone()}</a> })}
                {email.map(|email| view! { <a class=button href=format!("mailto:{email}")><Icon of=Glyph::Mail/>{email.clone()}</a> })}
                {(door == Door::Open).then(|| view! { <a class=button href="/">"Go to the start"</a> })}
                <a class=button href="/switch">"Choose where to work"</a>
                <form method="post" action=LogOut::url()><button class=button>"Log out"</button></form>
            </div>
        </Empty>
    }
}
