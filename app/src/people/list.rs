//! The page `People`: everybody of the tenant, and who was invited (R8).

use super::{
    StateBadge,
    api::{InviteAgain, TakeInvitationBack, list_people},
    roles_in_words,
};
use crate::loading::{Loading, load};
use crate::markup::view;
use crate::{
    css,
    ui::{
        amount::Moment,
        badge::Badge,
        form::{FormErrors, Said, typed_form},
        icon::{Glyph, Icon},
        loaded::loaded,
        page::PageHead,
        table::{Head, Table},
    },
};
use domain::{
    access::BuyerReach,
    people::{InvitationRow, People, PersonRow},
};
use leptos::{prelude::*, server_fn::ServerFn};

/// What the page loads. Made in the lazy part, so that a page brings the decoding of its own data and no other's.
struct Loads {
    people: Loading<People>,
    typed: Loading<crate::ui::form::Failed>,
}

impl Loads {
    fn new() -> Self {
        Self {
            people: load(|| (), |()| list_people()),
            typed: typed_form(),
        }
    }
}

/// The page.
pub(crate) fn view() -> AnyView {
    let this = Loads::new();
    view! {
        <PageHead title="People" note="Who works in your company’s portal, and what they may do.">
            <a class=format!("{} primary", css::BUTTON) href="/people/new"><Icon of=Glyph::Plus/>"Invite somebody"</a>
        </PageHead>
        <div class="stack loose">
            <Said words=&[
                ("invited", "The invitation is on its way."),
                ("sent", "The invitation is on its way again. The link sent before does not work any more."),
                ("taken", "The invitation was taken back. Its link does not work any more."),
                ("removed", "The person was removed and logged out everywhere."),
            ]/>
            {loaded(this.typed, |failed| view! { <FormErrors failed title="Nothing was changed"/> })}
            {loaded(this.people, |people: People| view! { <Lists people/> })}
        </div>
    }
    .into_any()
}

#[component]
fn Lists(people: People) -> impl IntoView {
    let People {
        people,
        invitations,
        has_subsidiaries,
    } = people;
    let shown = move |reach| if has_subsidiaries { reach } else { BuyerReach::Own };
    let heads = vec![
        Head::sorted("Name", "ascending"),
        Head::of("State"),
        Head::of("E-mail"),
        Head::of("Role"),
        Head::of("Last login"),
    ];
    let invited = vec![
        Head::of("Name"),
        Head::of("State"),
        Head::of("E-mail"),
        Head::of("Role"),
        Head::sorted("Sent", "descending"),
        Head::acts(),
    ];
    let waiting = !invitations.is_empty();
    view! {
        <Table caption="People" heads>{people.into_iter().map(|mut person| {
            person.reach = shown(person.reach);
            person_row(person)
        }).collect_view()}</Table>
        {waiting.then(|| view! {
            <section class="part">
                <h2>"Invited"</h2>
                <p>"They have not answered yet."</p>
                <Table caption="Invited" heads=invited>
                    {invitations.into_iter().map(|mut invitation| {
                        invitation.reach = shown(invitation.reach);
                        invitation_row(invitation)
                    }).collect_view()}
                </Table>
            </section>
        })}
    }
}

fn person_row(person: PersonRow) -> impl IntoView {
    let PersonRow {
        id,
        name,
        email,
        seller,
        buyer,
        reach,
        state,
        signed_in_at,
        oneself,
    } = person;
    let mark = oneself.then(|| view! { " "<Badge kind="open" glyph=Glyph::User label="You"/> });
    let roles = roles_in_words(seller.as_deref(), buyer.as_deref(), reach);
    let last = match signed_in_at {
        Some(at) => view! { <Moment of=at/> }.into_any(),
        None => "Never".into_any(),
    };
    view! {
        <tr role="row">
            <th scope="row" role="rowheader"><a href=format!("/people/{id}")>{name}</a>{mark}</th>
            <td role="cell" class="state" data-label="State"><StateBadge of=state/></td>
            <td role="cell" data-label="E-mail">{email}</td>
            <td role="cell" data-label="Role">{roles}</td>
            <td role="cell" class="soft nowrap" data-label="Last login">{last}</td>
        </tr>
    }
}

fn invitation_row(invitation: InvitationRow) -> impl IntoView {
    let InvitationRow {
        id,
        name,
        email,
        seller,
        buyer,
        reach,
        inviter,
        sent_at,
        over,
        expires_at: _,
    } = invitation;
    let badge = if over {
        view! { <Badge kind="bad" glyph=Glyph::Alert label="Too old"/> }
    } else {
        view! { <Badge kind="warn" glyph=Glyph::Clock label="Waiting"/> }
    };
    let roles = roles_in_words(seller.as_deref(), buyer.as_deref(), reach);
    let small = format!("{} small", css::BUTTON);
    view! {
        <tr role="row">
            <th scope="row" role="rowheader">{name.clone()}<small>{format!("by {inviter}")}</small></th>
            <td role="cell" class="state" data-label="State">{badge}</td>
            <td role="cell" data-label="E-mail">{email}</td>
            <td role="cell" data-label="Role">{roles}</td>
            <td role="cell" class="soft nowrap" data-label="Sent"><Moment of=sent_at/></td>
            <td role="cell" class="acts"><div>
                <form method="post" action=InviteAgain::url()>
                    <input type="hidden" name="id" value=id.to_string()/>
                    <button class=small.clone() aria-label=format!("Send again to {name}")>"Send again"</button>
                </form>
                <form method="post" action=TakeInvitationBack::url()>
                    <input type="hidden" name="id" value=id.to_string()/>
                    <button class=small aria-label=format!("Take back the invitation of {name}")>"Take back"</button>
                </form>
            </div></td>
        </tr>
    }
}
