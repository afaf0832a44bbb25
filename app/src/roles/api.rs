//! Server functions of roles.
#![expect(
    missing_docs,
    reason = "the macro makes a struct of the arguments; the function says what they mean"
)]

#[cfg(feature = "ssr")]
use crate::server::{serve, serve_form};
use crate::wire::Answer;
use crate::{Done, error::AppError};
#[cfg(feature = "ssr")]
use backend::{
    Error,
    roles::{read, write},
};
#[cfg(feature = "ssr")]
use domain::{
    Refusal,
    access::{ManageRoles, Permission},
};
use domain::{access::Side, people::RoleChoices};
use leptos::prelude::*;

/// All roles of the tenant with what they may do.
///
/// # Errors
/// When the viewer does not look after roles, or the database does not answer.
#[server(prefix = "/api", endpoint = "list_roles", output = Answer)]
pub async fn list_roles() -> Result<RoleChoices, AppError> {
    serve(|caller| async move { read::list(&caller.permit::<ManageRoles>()?).await }).await
}

/// Sets what a role may do: all that is ticked, by code.
///
/// # Errors
/// What the rules refuse, not found, or the database does not answer.
#[server(prefix = "/api", endpoint = "change_role", output = Answer)]
pub async fn change_role(
    side: Side,
    code: String,
    #[server(default)] may: Vec<String>,
) -> Result<Done, AppError> {
    serve_form("/roles", &(), |caller| async move {
        let scope = caller.permit::<ManageRoles>()?;
        let mut wanted = Vec::with_capacity(may.len());
        for word in &may {
            let known = Permission::ALL.iter().find(|one| one.code() == word);
            let unknown = || Error::Refused(Refusal::FormBroken);
            wanted.push(*known.ok_or_else(unknown)?);
        }
        write::change(&scope, side, &code, &wanted).await?;
        Ok("/roles?done=changed".to_owned())
    })
    .await
}

/// Makes a role that begins with what another one may do; `like` is the side and the word of that one.
///
/// # Errors
/// What is wrong with the name, what the rules refuse, or the database does not answer.
#[server(prefix = "/api", endpoint = "create_role", output = Answer)]
pub async fn create_role(name: String, like: String) -> Result<Done, AppError> {
    let fields = serde_json::json!({ "name": name, "like": like });
    serve_form("/roles", &fields, |caller| async move {
        let scope = caller.permit::<ManageRoles>()?;
        let (side, code) = like.split_once(' ').unwrap_or_default();
        let side = Side::from_code(side).ok_or(Refusal::FormBroken)?;
        write::create(&scope, side, code, &name).await?;
        Ok("/roles?done=made".to_owned())
    })
    .await
}

/// Takes a role of the tenant's own away.
///
/// # Errors
/// When somebody has it, not found, or the database does not answer.
#[server(prefix = "/api", endpoint = "delete_role", output = Answer)]
pub async fn delete_role(side: Side, code: String) -> Result<Done, AppError> {
    serve_form("/roles", &(), |caller| async move {
        write::delete(&caller.permit::<ManageRoles>()?, side, &code).await?;
        Ok("/roles?done=deleted".to_owned())
    })
    .await
}
