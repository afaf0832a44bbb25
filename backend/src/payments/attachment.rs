//! The file beside a recorded payment, such as the picture of a check (P14). Both sides of the payment may read it.
//!
//! It is judged by its content before anything is written, and kept in the database, since nodes keep no state. A payment has
//! one; another one takes its place, and the audit keeps the names and fingerprints of both.

use crate::{
    Error,
    scope::{Act, Scope, Tx},
    transact::transact,
};
use domain::{
    FieldErrors, Refusal,
    access::{OnSide, RecordPayments},
    ids::{PaymentId, TenantId},
    text::without_card_numbers,
};
use entity::{codes::Method, payment, payment_attachment};
use sea_orm::{ActiveValue::Set, ColumnTrait, QueryFilter, QuerySelect};
use serde_json::json;
use sha2::{Digest, Sha256};

/// Most bytes of a file.
pub const MOST_BYTES: usize = 5 * 1024 * 1024;
/// The same in the words of [`Refusal::AttachmentTooLarge`].
const MEGABYTES: u32 = 5;
/// Most characters of its name.
const NAME_MAX: usize = 100;

/// A file that can be kept.
#[derive(Clone, Debug)]
pub struct NewFile {
    name: String,
    media_type: &'static str,
    sha256: String,
    bytes: Vec<u8>,
}

/// A file that was kept.
#[derive(Clone, Debug)]
pub struct KeptFile {
    /// What it was called.
    pub name: String,
    /// `application/pdf`, `image/png` or `image/jpeg`.
    pub media_type: String,
    /// Its content.
    pub bytes: Vec<u8>,
}

impl NewFile {
    /// Judges a file by what it is, not by what it is called.
    ///
    /// # Errors
    /// Under `file`: [`Refusal::Missing`], [`Refusal::AttachmentTooLarge`] or [`Refusal::NotAnAttachment`].
    pub fn judge(name: &str, bytes: Vec<u8>) -> Result<Self, Error> {
        let media_type = media_type(&bytes).map_err(|refusal| FieldErrors::one("file", refusal))?;
        let digest = Sha256::digest(&bytes);
        Ok(Self {
            name: plain_name(name),
            media_type,
            sha256: digest.iter().map(|byte| format!("{byte:02x}")).collect(),
            bytes,
        })
    }

    /// What the audit says of it.
    fn told(&self) -> serde_json::Value {
        json!({ "name": self.name, "sha256": self.sha256, "bytes": self.bytes.len() })
    }
}

/// What is said of a file that is too large, also while it is still being sent.
pub const fn too_large() -> Refusal {
    Refusal::AttachmentTooLarge { megabytes: MEGABYTES }
}

fn media_type(bytes: &[u8]) -> Result<&'static str, Refusal> {
    if bytes.is_empty() {
        return Err(Refusal::Missing);
    }
    if bytes.len() > MOST_BYTES {
        return Err(too_large());
    }
    if bytes.starts_with(b"%PDF-") {
        return Ok("application/pdf");
    }
    match imagesize::image_type(bytes) {
        Ok(imagesize::ImageType::Png) => Ok("image/png"),
        Ok(imagesize::ImageType::Jpeg) => Ok("image/jpeg"),
        Ok(_) | Err(_) => Err(Refusal::NotAnAttachment),
    }
}

/// The last part of a path, on one line; browsers send no more than that, other programs might.
fn plain_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let line: String = last
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    let short: String = without_card_numbers(line.trim()).chars().take(NAME_MAX).collect();
    if short.is_empty() {
        "attachment".to_owned()
    } else {
        short
    }
}

/// The number of the receipt of a recorded payment, for who may keep a file beside it, and the name of the file there is.
///
/// # Errors
/// [`Error::NotFound`], also for a payment that came through the portal; [`Error::Database`].
pub async fn open(scope: &Scope<RecordPayments>, id: PaymentId) -> Result<(String, Option<String>), Error> {
    let row = scope
        .find::<payment::Entity>()
        .filter(payment::Column::Id.eq(id.0))
        .filter(payment::Column::Method.eq(Method::Offline))
        .one(scope.db())
        .await?
        .ok_or(Error::NotFound)?;
    Ok((row.receipt_number, name(scope, id).await?))
}

/// Keeps a file beside a recorded payment, in the place of the one there is. The same file again changes nothing.
///
/// # Errors
/// As [`open`].
pub async fn attach(scope: &Scope<RecordPayments>, id: PaymentId, file: &NewFile) -> Result<(), Error> {
    transact!(scope, tx => {
        let payment = tx
            .lock::<payment::Entity>()
            .filter(payment::Column::Id.eq(id.0))
            .filter(payment::Column::Method.eq(Method::Offline))
            .one(tx.db())
            .await?
            .ok_or(Error::NotFound)?;
        let before = take_away(tx, &payment, file).await?;
        if matches!(before, Before::Same) {
            return Ok(());
        }
        tx.insert(payment_attachment::ActiveModel {
            seller_id: Set(payment.seller_id),
            payment_id: Set(payment.id),
            name: Set(file.name.clone()),
            media_type: Set(file.media_type.to_owned()),
            byte_count: Set(i64::try_from(file.bytes.len()).unwrap_or(i64::MAX)),
            sha256: Set(file.sha256.clone()),
            content: Set(file.bytes.clone()),
            created_by_name: Set(tx.actor().name().to_owned()),
            created_at: Set(tx.now()),
        })
        .await?;
        let mut act = Act::new(TenantId(payment.seller_id), "attach", "payment", payment.id).after(file.told());
        if let Before::Other { name, sha256 } = before {
            act.before = Some(json!({ "name": name, "sha256": sha256 }));
        }
        tx.audit(act);
        Ok(())
    })
}

/// What stood in a file's place.
enum Before {
    Nothing,
    Same,
    Other { name: String, sha256: String },
}

/// Takes another file away for the new one.
async fn take_away(tx: &Tx, payment: &payment::Model, file: &NewFile) -> Result<Before, Error> {
    let found: Option<(String, String)> = tx
        .find::<payment_attachment::Entity>()
        .filter(payment_attachment::Column::SellerId.eq(payment.seller_id))
        .filter(payment_attachment::Column::PaymentId.eq(payment.id))
        .select_only()
        .column(payment_attachment::Column::Name)
        .column(payment_attachment::Column::Sha256)
        .into_tuple()
        .one(tx.db())
        .await?;
    let Some((name, sha256)) = found else {
        return Ok(Before::Nothing);
    };
    if sha256 == file.sha256 && name == file.name {
        return Ok(Before::Same);
    }
    tx.delete::<payment_attachment::Entity>()
        .filter(payment_attachment::Column::SellerId.eq(payment.seller_id))
        .filter(payment_attachment::Column::PaymentId.eq(payment.id))
        .exec(tx.db())
        .await?;
    Ok(Before::Other { name, sha256 })
}

/// Name of the file beside a payment, if there is one.
///
/// # Errors
/// [`Error::Database`].
pub(super) async fn name<P: OnSide>(scope: &Scope<P>, id: PaymentId) -> Result<Option<String>, Error> {
    let name = scope
        .find::<payment_attachment::Entity>()
        .filter(payment_attachment::Column::PaymentId.eq(id.0))
        .select_only()
        .column(payment_attachment::Column::Name)
        .into_tuple()
        .one(scope.db())
        .await?;
    Ok(name)
}

/// The file beside a payment that one sees.
///
/// # Errors
/// [`Error::NotFound`], also when there is none; [`Error::Database`].
pub async fn file<P: OnSide>(scope: &Scope<P>, id: PaymentId) -> Result<KeptFile, Error> {
    let row = scope
        .find::<payment_attachment::Entity>()
        .filter(payment_attachment::Column::PaymentId.eq(id.0))
        .one(scope.db())
        .await?
        .ok_or(Error::NotFound)?;
    Ok(KeptFile {
        name: row.name,
        media_type: row.media_type,
        bytes: row.content,
    })
}
