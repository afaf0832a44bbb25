//! Inviting people: by mail, with a link that works once (T15).

use super::given::{Columns, Given, Words};
use crate::{
    Error, Scope,
    codes::Stored,
    mail::{
        letter::Letter,
        write::{NewMail, queue},
    },
    new_id, roles,
    scope::{Act, Tx},
    sessions::token,
    transact::transact,
};
use domain::{
    FieldErrors, Refusal,
    access::{BuyerReach, BuyerRole, ManagePeople, SellerRole, TenantKind},
    ids::{InvitationId, TenantId},
    locale::{Locale, format_date},
    people::{self, INVITATION_KEPT},
};
use entity::{
    codes::{self, MembershipState},
    invitation, membership, tenant, user,
};
use sea_orm::{ActiveValue::Set, ColumnTrait, QueryFilter, QuerySelect, QueryTrait};

/// An invitation as it was typed.
#[derive(Clone, Copy, Debug)]
pub struct NewInvitation<'a> {
    /// Name of the person.
    pub name: &'a str,
    /// Their address.
    pub email: &'a str,
    /// Their roles.
    pub roles: Words<'a>,
}

/// Invites somebody into the tenant.
///
/// # Errors
/// [`Error::Invalid`] with what is wrong with each field; [`Refusal::MoreThanOwn`].
pub async fn invite(scope: &Scope<ManagePeople>, new: NewInvitation<'_>) -> Result<InvitationId, Error> {
    let id = new_id();
    let fresh = token::fresh().map_err(|error| Error::Port(Box::new(error)))?;
    transact!(scope, tx => {
        let choices = roles::read::of_tx(tx).await?;
        let mut errors = FieldErrors::default();
        let mut keep = |field: &str, read: Result<String, Refusal>| {
            read.map_err(|refusal| errors.add(field, refusal)).unwrap_or_default()
        };
        let name = keep("name", people::name(new.name));
        let email = keep("email", people::email(new.email));
        let given = match Given::read(&choices, new.roles) {
            Ok(given) => given,
            Err(wrong) => {
                for (field, refusal) in wrong.iter() {
                    errors.add(field, refusal.clone());
                }
                Given::default()
            }
        };
        errors.unless(())?;
        given.allowed_to(tx)?;
        refuse_known(tx, &email).await?;
        let Columns { seller_role, buyer_role, seller_custom, buyer_custom, buyer_reach } = given.columns();
        let actor = tx.actor();
        let row = invitation::ActiveModel {
            tenant_id: Set(actor.tenant().0),
            id: Set(id),
            email: Set(email.clone()),
            name: Set(name.clone()),
            seller_role: Set(seller_role),
            buyer_role: Set(buyer_role),
            seller_custom: Set(seller_custom),
            buyer_custom: Set(buyer_custom),
            buyer_reach: Set(buyer_reach),
            token_hash: Set(hash(&fresh)?),
            invited_by: Set(actor.user().ok_or(Error::SignIn)?.0),
            inviter: Set(actor.name().to_owned()),
            created_at: Set(tx.now()),
            sent_at: Set(tx.now()),
            expires_at: Set(tx.now() + INVITATION_KEPT),
        };
        let row = tx.insert(row).await.map_err(|error| {
            if error.is_duplicate() { invited(&email) } else { error }
        })?;
        send(tx, &row, &fresh, own_mail(tx)).await?;
        let mut told = given.told();
        told["email"] = email.into();
        tx.audit(Act::new(row_tenant(&row), "invite", "invitation", id).after(told));
        Ok(InvitationId(id))
    })
}

/// The lead contact of a tenant that is being made, as read.
#[derive(Clone, Debug)]
pub(crate) struct Lead {
    /// Name of the person.
    pub(crate) name: String,
    /// Their address.
    pub(crate) email: String,
}

/// Invites the lead contact of a tenant that the actor made: its admin on every side that it has (R1). The mail goes out
/// in the actor's tenant's name. `fresh` is the invitation's id and the token of its link.
///
/// # Errors
/// [`Error::Invalid`] at `lead_email` for who is invited already; [`Error::Database`].
pub(crate) async fn invite_lead(
    tx: &mut Tx,
    tenant: TenantId,
    kind: TenantKind,
    lead: Lead,
    fresh: (entity::Uuid, &str),
) -> Result<(), Error> {
    let (id, token) = fresh;
    let Lead { name, email } = lead;
    let actor = tx.actor();
    let row = invitation::ActiveModel {
        tenant_id: Set(tenant.0),
        id: Set(id),
        email: Set(email.clone()),
        name: Set(name),
        seller_role: Set(kind
            .sells()
            .then(|| codes::SellerRole::from_domain(SellerRole::Admin))),
        buyer_role: Set(kind
            .buys()
            .then(|| codes::BuyerRole::from_domain(BuyerRole::Admin))),
        seller_custom: Set(None),
        buyer_custom: Set(None),
        buyer_reach: Set(codes::BuyerReach::from_domain(BuyerReach::at_first(Some(
            BuyerRole::Admin,
        )))),
        token_hash: Set(hash(token)?),
        invited_by: Set(actor.user().ok_or(Error::SignIn)?.0),
        inviter: Set(actor.name().to_owned()),
        created_at: Set(tx.now()),
        sent_at: Set(tx.now()),
        expires_at: Set(tx.now() + INVITATION_KEPT),
    };
    let row = tx.insert(row).await.map_err(|error| {
        if error.is_duplicate() {
            let email = email.clone();
            FieldErrors::one("lead_email", Refusal::AlreadyInvited { email }).into()
        } else {
            error
        }
    })?;
    send(tx, &row, token, (tx.actor().tenant(), Some(tenant))).await?;
    let told = serde_json::json!({ "email": email });
    tx.audit(Act::new(tenant, "invite", "invitation", id).after(told));
    Ok(())
}

/// Sends an invitation again, with a new link; the old one does not work any more.
///
/// # Errors
/// [`Error::NotFound`] when it was accepted or taken back; [`Refusal::MoreThanOwn`].
pub async fn send_again(scope: &Scope<ManagePeople>, id: InvitationId) -> Result<(), Error> {
    let fresh = token::fresh().map_err(|error| Error::Port(Box::new(error)))?;
    transact!(scope, tx => {
        let mut row = changeable(tx, id).await?;
        row.sent_at = tx.now();
        row.expires_at = tx.now() + INVITATION_KEPT;
        let change = invitation::ActiveModel {
            token_hash: Set(hash(&fresh)?),
            sent_at: Set(row.sent_at),
            expires_at: Set(row.expires_at),
            ..Default::default()
        };
        tx.update::<invitation::Entity>()
            .set(change)
            .filter(invitation::Column::Id.eq(id.0))
            .exec(tx.db())
            .await?;
        send(tx, &row, &fresh, own_mail(tx)).await?;
        tx.audit(Act::new(row_tenant(&row), "invite_again", "invitation", id.0));
        Ok(())
    })
}

/// Takes an invitation back: its link does not work any more.
///
/// # Errors
/// [`Error::NotFound`] when it was accepted or taken back; [`Refusal::MoreThanOwn`].
pub async fn take_back(scope: &Scope<ManagePeople>, id: InvitationId) -> Result<(), Error> {
    transact!(scope, tx => {
        let row = changeable(tx, id).await?;
        tx.delete::<invitation::Entity>()
            .filter(invitation::Column::Id.eq(id.0))
            .exec(tx.db())
            .await?;
        tx.audit(Act::new(row_tenant(&row), "take_back", "invitation", id.0));
        Ok(())
    })
}

async fn changeable(tx: &Tx, id: InvitationId) -> Result<invitation::Model, Error> {
    let row = tx
        .lock::<invitation::Entity>()
        .filter(invitation::Column::Id.eq(id.0))
        .one(tx.db())
        .await?
        .ok_or(Error::NotFound)?;
    let choices = roles::read::of_tx(tx).await?;
    Given::stored(&choices, &(&row).into()).allowed_to(tx)?;
    Ok(row)
}

/// Who can work in the tenant, or could until somebody shut them out, is not invited.
async fn refuse_known(tx: &Tx, email: &str) -> Result<(), Error> {
    let field = |refusal| Err(FieldErrors::one("email", refusal).into());
    let here = tx
        .find::<membership::Entity>()
        .select_only()
        .column(membership::Column::UserId)
        .filter(membership::Column::State.ne(MembershipState::Removed))
        .into_query();
    let member = tx
        .find::<user::Entity>()
        .filter(user::Column::Email.eq(email))
        .filter(user::Column::Id.in_subquery(here))
        .one(tx.db())
        .await?;
    if member.is_some() {
        return field(Refusal::AlreadyMember {
            email: email.to_owned(),
        });
    }
    let invited = tx
        .find::<invitation::Entity>()
        .filter(invitation::Column::Email.eq(email))
        .one(tx.db())
        .await?;
    match invited {
        Some(_) => field(Refusal::AlreadyInvited {
            email: email.to_owned(),
        }),
        None => Ok(()),
    }
}

fn invited(email: &str) -> Error {
    FieldErrors::one(
        "email",
        Refusal::AlreadyInvited {
            email: email.to_owned(),
        },
    )
    .into()
}

/// In whose name a tenant writes to its own people, and where it reads that: one that sells nothing reads its mail on the
/// buyer's side.
fn own_mail(tx: &Tx) -> (TenantId, Option<TenantId>) {
    let actor = tx.actor();
    let buys_only = actor.kind() == TenantKind::Customer;
    (actor.tenant(), buys_only.then(|| actor.tenant()))
}

/// Queues the mail of an invitation, in the name of a tenant and to another one's people.
async fn send(
    tx: &Tx,
    row: &invitation::Model,
    secret: &str,
    (seller, buyer): (TenantId, Option<TenantId>),
) -> Result<(), Error> {
    let tenant = tx
        .find::<tenant::Entity>()
        .filter(tenant::Column::Id.eq(row.tenant_id))
        .one(tx.db())
        .await?
        .ok_or(Error::NotFound)?;
    let locale = Locale::from_code(&tenant.locale).unwrap_or_default();
    let until = format_date(row.expires_at.date_naive(), locale);
    let backend = tx.actor().backend();
    let letter = Letter {
        subject: format!("{} invites you to its billing portal", tenant.name),
        lines: vec![
            format!("Hello {},", row.name),
            format!(
                "{} gives you access to the invoices and payments of {}.",
                row.inviter, tenant.name
            ),
        ],
        link: Some((
            "Accept the invitation",
            format!("{}/invitation/", backend.config().public_url),
        )),
        after: vec![
            format!("The link works once, until {until}."),
            "If you do not know what this is about, do nothing.".to_owned(),
        ],
    };
    let mail = NewMail {
        seller,
        buyer,
        kind: "invitation".into(),
        about: Some(row.id),
        from_name: tenant.name,
        reply_to: tenant.billing_email,
        recipient: row.email.clone(),
        words: letter.words(),
        secret: Some(secret.to_owned()),
    };
    queue(tx, mail).await.map(|_| ())
}

fn hash(token: &str) -> Result<String, Error> {
    token::stored(token).ok_or_else(|| Error::corrupt("a fresh token"))
}

fn row_tenant(row: &invitation::Model) -> TenantId {
    TenantId(row.tenant_id)
}
