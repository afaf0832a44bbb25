//! The page from which one goes to one's company's sign-in. It names no company: whoever has its address may open it.

use super::api::find_way_in;
use crate::loading::{Loading, load};
use crate::markup::view;
use crate::{
    css,
    server::with_next,
    sessions::{Doorway, api::LogOut},
    ui::{
        form::{Failed, typed_form},
        loaded::{both, message},
        page::{Alert, NotFound, Tone},
    },
    viewer::{use_locale, use_viewer},
};
use domain::{sessions::Confined, single_sign_on::WayIn};
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_router::hooks::{use_params_map, use_query_map};

/// What the page loads.
struct Loads {
    tenant: Memo<String>,
    next: Memo<Option<String>>,
    way: Loading<Option<WayIn>>,
    typed: Loading<Failed>,
}

impl Loads {
    fn new() -> Self {
        let (params, query) = (use_params_map(), use_query_map());
        let tenant = Memo::new(move |_| params.read().get("tenant").unwrap_or_default());
        Self {
            tenant,
            next: Memo::new(move |_| query.read().get("next")),
            way: load(move || Some(tenant.get()), find_way_in),
            typed: typed_form(),
        }
    }
}

/// The page.
pub(crate) fn view() -> AnyView {
    let Loads {
        tenant,
        next,
        way,
        typed,
    } = Loads::new();
    let locale = use_locale();
    let viewer = use_viewer();
    let asked = viewer
        .as_ref()
        .is_some_and(|viewer| viewer.confined == Some(Confined::Company));
    let signed_in = viewer.is_some();
    view! {
        <Doorway title="Log in with your company">
            {both(way, typed, move |way: Option<WayIn>, failed: Failed| {
                let Some(way) = way else {
                    return NotFound().into_any();
                };
                let to = with_next(&format!("/login/with/{}/go", tenant.get_untracked()), next.get_untracked().as_deref());
                view! {
                    <div class="panel">
                        <div><h1>"Log in with your company"</h1><p>{format!("at {}", way.host)}</p></div>
                        {failed.error.clone().map(|error| view! {
                            <Alert tone=Tone::Error><p>{message(&error, locale)}</p></Alert>
                        })}
                        {(asked && failed.error.is_none()).then(|| view! {
                            <Alert tone=Tone::Warning>
                                <p>"Your company asks you to come in with its own sign-in. Do that here; then you can go on."</p>
                            </Alert>
                        })}
                        <a class=format!("{} primary large wide", css::BUTTON) href=to rel="external">"Continue"</a>
                    </div>
                }
                .into_any()
            })}
            {if signed_in {
                view! {
                    <p class="hint"><a href="/switch">"Choose where to work"</a></p>
                    <form class="hint" method="post" action=LogOut::url()><button class=format!("{} small", css::BUTTON)>"Log out"</button></form>
                }.into_any()
            } else {
                view! { <p class="hint"><a href="/login">"Log in with e-mail and password"</a></p> }.into_any()
            }}
        </Doorway>
    }
    .into_any()
}
