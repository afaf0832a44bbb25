//! The people of a tenant: who they are, what they may do, and how new ones come in.

pub mod api;
mod detail;
mod invite;
mod list;
mod welcome;

pub(crate) use detail::view as person_page;
pub(crate) use invite::view as invite_page;
pub(crate) use list::view as people_page;
pub(crate) use welcome::view as invitation_page;

use crate::markup::view;
use crate::ui::{
    badge::Badge,
    form::{Choice, Failed},
    icon::Glyph,
};
use domain::{
    access::{BuyerReach, Side},
    people::{MembershipState, RoleChoices, TenantRole},
};
use leptos::prelude::*;

/// Whether somebody can work in the tenant.
#[component]
fn StateBadge(of: MembershipState) -> impl IntoView {
    let (kind, glyph, label) = match of {
        MembershipState::Active => ("good", Glyph::CheckCircle, "Active"),
        MembershipState::Disabled => ("warn", Glyph::Lock, "Disabled"),
        MembershipState::Removed => ("void", Glyph::Ban, "Removed"),
    };
    view! { <Badge kind glyph label/> }
}

/// Both roles in a few words: `Sales`, or `Sales when selling, Payer for subsidiaries too when buying`.
fn roles_in_words(seller: Option<&str>, buyer: Option<&str>, reach: BuyerReach) -> String {
    let far = buyer.map(|buyer| match reach {
        BuyerReach::Own => buyer.to_owned(),
        BuyerReach::Subsidiaries => format!("{buyer}, subsidiaries too"),
    });
    match (seller, far.as_deref()) {
        (Some(seller), Some(buyer)) if seller == buyer => seller.to_owned(),
        (Some(seller), Some(buyer)) => format!("{seller} when selling, {buyer} when buying"),
        (Some(one), None) | (None, Some(one)) => one.to_owned(),
        (None, None) => "None".to_owned(),
    }
}

/// The fields for the role on each side that the tenant has.
#[component]
fn RoleFields(
    /// Which roles there are.
    choices: RoleChoices,
    /// What is chosen at first: the words of the roles on the seller's side and on the buyer's side, and how far the latter
    /// reaches.
    chosen: (Option<String>, Option<String>, BuyerReach),
    /// What came back of a post that failed.
    failed: Failed,
) -> impl IntoView {
    let both = !choices.seller.is_empty() && !choices.buyer.is_empty();
    let field = |name: &'static str, side: Side, chosen: Option<String>| {
        let roles = choices.on(side);
        if roles.is_empty() {
            return ().into_any();
        }
        let label = match (both, side) {
            (false, _) => "Role",
            (true, Side::Seller) => "Role when selling",
            (true, Side::Buyer) => "Role when buying",
        };
        let mut options = vec![(String::new(), "No role".to_owned())];
        options.extend(
            roles
                .iter()
                .map(|role: &TenantRole| (role.code.clone(), role.name.clone())),
        );
        let value = failed.text(name).or(chosen).unwrap_or_default();
        view! { <Choice name label options value error=failed.refusal(name)/> }.into_any()
    };
    let (seller, buyer, reach) = chosen;
    let label = if both { "Reach when buying" } else { "Reach" };
    let options = BuyerReach::ALL.map(|reach| (reach.code().to_owned(), reach.label().to_owned()));
    let reach = failed
        .text("buyer_reach")
        .unwrap_or_else(|| reach.code().to_owned());
    let buys = !choices.buyer.is_empty();
    let differs = choices.has_subsidiaries;
    view! {
        {field("seller_role", Side::Seller, seller)}
        {field("buyer_role", Side::Buyer, buyer)}
        {buys.then(|| if differs {
            view! {
                <Choice name="buyer_reach" label options=options.to_vec() value=reach error=failed.refusal("buyer_reach")/>
                <p class="muted">"Whose received invoices the role is about: your company’s, or those of its subsidiaries too."</p>
            }
            .into_any()
        } else {
            // It stays as it is, for the day when there are subsidiaries.
            view! { <input type="hidden" name="buyer_reach" value=reach/> }.into_any()
        })}
    }
}
