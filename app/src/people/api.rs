//! Server functions of people and invitations.
#![expect(
    missing_docs,
    reason = "the macro makes a struct of the arguments; the function says what they mean"
)]

#[cfg(feature = "ssr")]
use crate::server::{browser, serve, serve_form};
use crate::wire::Answer;
use crate::{Done, error::AppError};
#[cfg(feature = "ssr")]
use backend::people::{
    Words, accept,
    invite::{self, NewInvitation},
    read, write,
};
#[cfg(feature = "ssr")]
use domain::{FieldErrors, Refusal, access::ManagePeople};
use domain::{
    ids::{InvitationId, UserId},
    people::{MembershipState, OpenInvitation, People, PersonDetail, RoleChoices},
};
use leptos::prelude::*;

/// Everybody of the tenant, and who was invited.
///
/// # Errors
/// When the viewer does not look after people, or the database does not answer.
#[server(prefix = "/api", endpoint = "list_people", output = Answer)]
pub async fn list_people() -> Result<People, AppError> {
    serve(|caller| async move { read::list(&caller.permit::<ManagePeople>()?).await }).await
}

/// One person of the tenant.
///
/// # Errors
/// Not found, or as [`list_people`].
#[server(prefix = "/api", endpoint = "find_person", output = Answer)]
pub async fn find_person(id: UserId) -> Result<PersonDetail, AppError> {
    serve(|caller| async move { read::find(&caller.permit::<ManagePeople>()?, id).await }).await
}

/// Which roles can be given.
///
/// # Errors
/// As [`list_people`].
#[server(prefix = "/api", endpoint = "list_role_choices", output = Answer)]
pub async fn list_role_choices() -> Result<RoleChoices, AppError> {
    serve(|caller| async move { read::choices(&caller.permit::<ManagePeople>()?).await }).await
}

/// Invites somebody.
///
/// # Errors
/// What is wrong with each field, what the viewer may not give, or the database does not answer.
#[server(prefix = "/api", endpoint = "invite_person", output = Answer)]
pub async fn invite_person(
    name: String,
    email: String,
    seller_role: Option<String>,
    buyer_role: Option<String>,
    buyer_reach: Option<String>,
) -> Result<Done, AppError> {
    let fields = serde_json::json!({
        "name": name, "email": email, "seller_role": seller_role, "buyer_role": buyer_role,
        "buyer_reach": buyer_reach,
    });
    serve_form("/people/new", &fields, |caller| async move {
        let roles = Words {
            seller: seller_role.as_deref(),
            buyer: buyer_role.as_deref(),
            reach: buyer_reach.as_deref(),
        };
        let new = NewInvitation {
            name: &name,
            email: &email,
            roles,
        };
        invite::invite(&caller.permit::<ManagePeople>()?, new).await?;
        Ok("/people?done=invited".to_owned())
    })
    .await
}

/// Sends an invitation again, with a new link.
///
/// # Errors
/// Not found when it was accepted or taken back, or the database does not answer.
#[server(prefix = "/api", endpoint = "invite_again", output = Answer)]
pub async fn invite_again(id: InvitationId) -> Result<Done, AppError> {
    serve_form("/people", &(), |caller| async move {
        invite::send_again(&caller.permit::<ManagePeople>()?, id).await?;
        Ok("/people?done=sent".to_owned())
    })
    .await
}

/// Takes an invitation back.
///
/// # Errors
/// Not found when it was accepted or taken back, or the database does not answer.
#[server(prefix = "/api", endpoint = "take_invitation_back", output = Answer)]
pub async fn take_invitation_back(id: InvitationId) -> Result<Done, AppError> {
    serve_form("/people", &(), |caller| async move {
        invite::take_back(&caller.permit::<ManagePeople>()?, id).await?;
        Ok("/people?done=taken".to_owned())
    })
    .await
}

/// Gives a person other roles.
///
/// # Errors
/// What the rules refuse, not found, or the database does not answer.
#[server(prefix = "/api", endpoint = "change_roles", output = Answer)]
pub async fn change_roles(
    id: UserId,
    seller_role: Option<String>,
    buyer_role: Option<String>,
    buyer_reach: Option<String>,
) -> Result<Done, AppError> {
    let page = format!("/people/{id}");
    let fields = serde_json::json!({
        "seller_role": seller_role, "buyer_role": buyer_role, "buyer_reach": buyer_reach,
    });
    serve_form(&page, &fields, |caller| async move {
        let words = Words {
            seller: seller_role.as_deref(),
            buyer: buyer_role.as_deref(),
            reach: buyer_reach.as_deref(),
        };
        write::change_roles(&caller.permit::<ManagePeople>()?, id, words).await?;
        Ok(format!("/people/{id}?done=roles"))
    })
    .await
}

/// Shuts a person out for now or for good, or lets them in again.
///
/// # Errors
/// What the rules refuse, not found, or the database does not answer.
#[server(prefix = "/api", endpoint = "change_membership", output = Answer)]
pub async fn change_membership(id: UserId, state: MembershipState) -> Result<Done, AppError> {
    let page = format!("/people/{id}");
    serve_form(&page, &(), |caller| async move {
        write::change_state(&caller.permit::<ManagePeople>()?, id, state).await?;
        Ok(match state {
            MembershipState::Active => format!("/people/{id}?done=enabled"),
            MembershipState::Disabled => format!("/people/{id}?done=disabled"),
            MembershipState::Removed => "/people?done=removed".to_owned(),
        })
    })
    .await
}

/// What an invitation says to who holds its link.
///
/// # Errors
/// When the link was used, replaced or is too old, or the database does not answer.
#[server(prefix = "/api", endpoint = "find_invitation", output = Answer)]
pub async fn find_invitation(token: String) -> Result<OpenInvitation, AppError> {
    serve(|caller| async move { accept::find(&caller.backend, &token).await }).await
}

/// Accepts an invitation and signs the person in.
///
/// # Errors
/// When the link is spent, the name or the password cannot be taken, or the database does not answer.
#[server(prefix = "/api", endpoint = "accept_invitation", output = Answer)]
pub async fn accept_invitation(
    token: String,
    name: Option<String>,
    password: String,
    again: Option<String>,
) -> Result<Done, AppError> {
    let token: String = token
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .take(64)
        .collect();
    let page = format!("/invitation/{token}");
    let fields = serde_json::json!({ "name": name });
    serve_form(&page, &fields, |caller| async move {
        if again.is_some_and(|again| again != password) {
            return Err(FieldErrors::one("again", Refusal::PasswordsDiffer).into());
        }
        let (agent, address) = browser(&caller);
        let acceptance = accept::Acceptance {
            token: &token,
            name: name.as_deref().unwrap_or_default(),
            password: &password,
            browser: backend::sessions::write::Browser {
                user_agent: agent.as_deref(),
                address: address.as_deref(),
                replaces: caller.token.as_deref(),
            },
        };
        let entry = accept::accept(&caller.backend, acceptance).await?;
        caller.enter(&entry, Some("/?done=welcome".to_owned())).await
    })
    .await
}
