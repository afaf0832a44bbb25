//! A tenant's logo: a small picture that stands beside its name.

use crate::{
    Actor, Error, Scope,
    scope::{Act, Subsidiaries, Tx, Viewpoint, Visible},
    transact::transact,
};
use domain::{
    FieldErrors, Refusal,
    access::{Area, ManageSettings},
    ids::TenantId,
};
use entity::{tenant, tenant_logo};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};
use serde_json::json;
use sha2::{Digest, Sha256};

/// Most bytes of a logo.
pub const LOGO_BYTES: usize = 200 * 1024;
/// Most pixels of a logo on each side.
const LOGO_PIXELS: usize = 1_024;

/// A picture as browsers are to take it.
#[derive(Clone, Debug)]
pub struct Picture {
    /// `image/png`, `image/jpeg` or `image/webp`.
    pub media_type: String,
    /// The file.
    pub bytes: Vec<u8>,
}

/// Judges a picture by what it is, not by what it is called.
///
/// # Errors
/// [`Refusal::NotAPicture`] or [`Refusal::PictureTooLarge`].
fn judge(bytes: &[u8]) -> Result<&'static str, Refusal> {
    let too_large = Refusal::PictureTooLarge {
        kilobytes: 200,
        pixels: 1_024,
    };
    if bytes.len() > LOGO_BYTES {
        return Err(too_large);
    }
    let media_type = match imagesize::image_type(bytes) {
        Ok(imagesize::ImageType::Png) => "image/png",
        Ok(imagesize::ImageType::Jpeg) => "image/jpeg",
        Ok(imagesize::ImageType::Webp) => "image/webp",
        Ok(_) | Err(_) => return Err(Refusal::NotAPicture),
    };
    let size = imagesize::blob_size(bytes).map_err(|_| Refusal::NotAPicture)?;
    if size.width == 0 || size.height == 0 {
        return Err(Refusal::NotAPicture);
    }
    if size.width > LOGO_PIXELS || size.height > LOGO_PIXELS {
        return Err(too_large);
    }
    Ok(media_type)
}

/// Takes a new logo.
///
/// # Errors
/// [`Error::Invalid`] at `logo` when it is no picture or too large.
pub async fn change(scope: &Scope<ManageSettings>, bytes: Vec<u8>) -> Result<(), Error> {
    let media_type = judge(&bytes).map_err(|refusal| FieldErrors::one("logo", refusal))?;
    let hash: String = Sha256::digest(&bytes)
        .iter()
        .take(16)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    transact!(scope, tx => {
        let me = tx.actor().tenant();
        tx.delete::<tenant_logo::Entity>()
            .filter(tenant_logo::Column::TenantId.eq(me.0))
            .exec(tx.db())
            .await?;
        tx.insert(tenant_logo::ActiveModel {
            tenant_id: Set(me.0),
            media_type: Set(media_type.to_owned()),
            picture: Set(bytes.clone()),
            created_at: Set(tx.now()),
        })
        .await?;
        name(tx, Some(hash.clone())).await?;
        tx.audit(Act::new(me, "change_logo", "tenant", me.0).after(json!({ "logo": hash })));
        Ok(())
    })
}

/// Takes the logo away.
///
/// # Errors
/// [`Error::Database`].
pub async fn remove(scope: &Scope<ManageSettings>) -> Result<(), Error> {
    transact!(scope, tx => {
        let me = tx.actor().tenant();
        let gone = tx
            .delete::<tenant_logo::Entity>()
            .filter(tenant_logo::Column::TenantId.eq(me.0))
            .exec(tx.db())
            .await?;
        if gone.rows_affected == 0 {
            return Ok(());
        }
        name(tx, None).await?;
        tx.audit(Act::new(me, "remove_logo", "tenant", me.0));
        Ok(())
    })
}

async fn name(tx: &Tx, hash: Option<String>) -> Result<(), Error> {
    tx.update::<tenant::Entity>()
        .set(tenant::ActiveModel {
            logo_hash: Set(hash),
            ..Default::default()
        })
        .exec(tx.db())
        .await?;
    Ok(())
}

/// The logo of the actor's tenant, or of one that it trades with.
///
/// # Errors
/// [`Error::NotFound`].
#[expect(clippy::disallowed_methods, reason = "narrowed in the same breath")]
pub async fn picture(actor: &Actor, of: TenantId) -> Result<Picture, Error> {
    let viewpoint = Viewpoint {
        tenant: actor.tenant(),
        area: Area::Tenant,
        subsidiaries: Subsidiaries::default(),
    };
    let reader = actor
        .backend()
        .inner
        .connections
        .reader
        .for_tenant(viewpoint.clone());
    let found = tenant_logo::Entity::find()
        .filter(tenant_logo::Entity::visible(&viewpoint))
        .filter(tenant_logo::Column::TenantId.eq(of.0))
        .one(&reader)
        .await?
        .ok_or(Error::NotFound)?;
    Ok(Picture {
        media_type: found.media_type,
        bytes: found.picture,
    })
}
