//! Commands of vendors' bills: take one in, and say what its columns are.
//!
//! A bill of a vendor and month that is there already gets a new version, and the old one stays: vendors correct their
//! bills, and what was compared before must still be explained. The same file again is the bill that it is.

use crate::{
    Error,
    bank_files::write::Rows,
    codes::{Stored, currency},
    hidden, new_id,
    scope::{Act, Scope, Tx},
    transact::transact,
};
use domain::{
    FieldErrors, Refusal,
    access::SetUpReconciliation,
    ids::VendorBillId,
    imports::labels,
    reconciliation::{BillColumns, BillLine, Month, VENDOR_MAX, vendor_key},
    text,
};
use entity::{codes::LineKind, tenant, vendor_bill, vendor_bill_line};
use sea_orm::{ActiveValue::Set, ColumnTrait, QueryFilter, QueryOrder, QuerySelect, sea_query::ExprTrait};
use sha2::{Digest, Sha256};

/// Longest name of a file that is kept.
const LONGEST_NAME: usize = 300;

/// A file and what was typed beside it.
#[derive(Clone, Copy, Debug)]
pub struct NewBill<'a> {
    /// Whose bill it is.
    pub vendor: &'a str,
    /// For which month, such as `2026-10`.
    pub month: &'a str,
    /// Name of the file.
    pub name: &'a str,
    /// The file.
    pub bytes: &'a [u8],
    /// What is in it.
    pub rows: &'a Rows,
}

/// Takes a bill in. A heading whose columns were named before is read with the same names.
///
/// # Errors
/// [`Error::Invalid`] for vendor and month; [`Error::Conflict`] when somebody brings the same month at the same moment;
/// [`Error::Database`].
pub async fn take_in(scope: &Scope<SetUpReconciliation>, new: NewBill<'_>) -> Result<VendorBillId, Error> {
    let (vendor, month) = vendor_and_month(&new)?;
    let name: String = new
        .name
        .chars()
        .filter(|c| !c.is_control())
        .take(LONGEST_NAME)
        .collect();
    let (name, rows) = (hidden::in_text(name), hidden::in_rows(new.rows));
    let (sha256, heading) = (hex(new.bytes), heading(&rows.header));
    let id = new_id();
    transact!(scope, tx => {
        if let Some(same) = same_file(tx, &vendor, month, &sha256).await? {
            return Ok(same);
        }
        let row = vendor_bill::ActiveModel {
            seller_id: Set(tx.actor().tenant().0),
            id: Set(id),
            vendor: Set(vendor.clone()),
            vendor_key: Set(vendor_key(&vendor)),
            month: Set(month.first()),
            version: Set(None),
            replaced_at: Set(None),
            name: Set(name.clone()),
            sha256: Set(sha256.clone()),
            heading: Set(heading.clone()),
            staged: Set(Some(serde_json::to_value(&rows)?)),
            columns: Set(None),
            line_count: Set(0),
            created_by: Set(tx.actor().user().map(|user| user.0)),
            created_by_name: Set(tx.actor().name().to_owned()),
            created_at: Set(tx.now()),
        };
        let row = tx.insert(row).await?;
        let seller = tx.actor().tenant();
        let facts = serde_json::json!({
            "vendor": vendor, "month": month.to_string(), "file": name, "sha256": sha256,
        });
        tx.audit(Act::new(seller, "upload", "vendor_bill", id).after(facts));
        if let Some(columns) = named_before(tx, &heading).await?
            && let Ok(lines) = lines_of(&rows, &columns)
        {
            write_bill(tx, &row, &lines, &columns).await?;
        }
        Ok(VendorBillId(id))
    })
}

/// Says what the columns of a bill are, and reads it with that.
///
/// # Errors
/// [`Error::NotFound`]; [`Error::Conflict`] when it was read already; [`Refusal::FileRefused`] with what is missing or
/// with the row that cannot be read.
pub async fn name_columns(
    scope: &Scope<SetUpReconciliation>,
    bill: VendorBillId,
    columns: &BillColumns,
) -> Result<(), Error> {
    transact!(scope, tx => {
        let row = tx
            .lock::<vendor_bill::Entity>()
            .filter(vendor_bill::Column::Id.eq(bill.0))
            .one(tx.db())
            .await?;
        let row = row.ok_or(Error::NotFound)?;
        let staged = row.staged.clone().ok_or(Error::Conflict)?;
        let rows: Rows = serde_json::from_value(staged)?;
        let refused = |why: String| Error::from(Refusal::FileRefused { why });
        if let Some(why) = columns.missing(&rows.header) {
            return Err(refused(why));
        }
        let lines = lines_of(&rows, columns).map_err(refused)?;
        write_bill(tx, &row, &lines, columns).await?;
        let seller = tx.actor().tenant();
        tx.audit(Act::new(seller, "name_columns", "vendor_bill", bill.0));
        Ok(())
    })
}

/// The seller's currency and the columns that are proposed for a heading.
pub(super) async fn suggested(
    scope: &Scope<SetUpReconciliation>,
    header: &[String],
) -> Result<BillColumns, Error> {
    let own = scope
        .find::<tenant::Entity>()
        .filter(tenant::Column::Id.eq(scope.actor().tenant().0))
        .one(scope.db())
        .await?;
    let own = own.ok_or(Error::NotFound)?;
    Ok(BillColumns::suggest(header, currency(&own.currency)?))
}

/// Writes the lines of a bill that waits, as the newest version of its vendor and month.
///
/// # Errors
/// [`Error::Conflict`] when another version is written at the same moment.
async fn write_bill(
    tx: &Tx,
    bill: &vendor_bill::Model,
    lines: &[BillLine],
    columns: &BillColumns,
) -> Result<(), Error> {
    let of_month = vendor_bill::Column::VendorKey
        .eq(bill.vendor_key.as_str())
        .and(vendor_bill::Column::Month.eq(bill.month));
    let latest = tx
        .lock::<vendor_bill::Entity>()
        .filter(of_month.clone())
        .filter(vendor_bill::Column::Version.is_not_null())
        .order_by_desc(vendor_bill::Column::Version)
        .one(tx.db())
        .await?;
    let version = latest.and_then(|row| row.version).unwrap_or_default() + 1;
    let replaced = vendor_bill::ActiveModel {
        replaced_at: Set(Some(tx.now())),
        ..Default::default()
    };
    tx.update::<vendor_bill::Entity>()
        .set(replaced)
        .filter(of_month)
        .filter(vendor_bill::Column::Version.is_not_null())
        .filter(vendor_bill::Column::ReplacedAt.is_null())
        .exec(tx.db())
        .await?;
    let read = vendor_bill::ActiveModel {
        version: Set(Some(version)),
        staged: Set(None),
        columns: Set(Some(serde_json::to_value(columns)?)),
        line_count: Set(i64::try_from(lines.len()).unwrap_or(i64::MAX)),
        ..Default::default()
    };
    let written = tx
        .update::<vendor_bill::Entity>()
        .set(read)
        .filter(vendor_bill::Column::Id.eq(bill.id))
        .exec(tx.db())
        .await;
    written.map_err(|error| {
        let error = Error::from(error);
        if error.is_duplicate() {
            Error::Conflict
        } else {
            error
        }
    })?;
    let rows = lines.iter().map(|line| row(bill, line)).collect();
    tx.insert_all(rows).await
}

fn row(bill: &vendor_bill::Model, line: &BillLine) -> vendor_bill_line::ActiveModel {
    let BillLine {
        line,
        kind,
        company,
        company_id,
        product,
        sku,
        subscription,
        description,
        quantity,
        cost,
        price,
        term,
        cancelled,
        starts_on,
        ends_on,
    } = line.clone();
    vendor_bill_line::ActiveModel {
        seller_id: Set(bill.seller_id),
        bill_id: Set(bill.id),
        line: Set(i64::try_from(line).unwrap_or(i64::MAX)),
        kind: Set(LineKind::from_domain(kind)),
        company: Set(company),
        company_id: Set(company_id),
        product: Set(product),
        sku: Set(sku),
        subscription: Set(subscription),
        description: Set(description),
        quantity: Set(quantity.scaled()),
        currency: Set(cost.currency().code().to_owned()),
        cost_minor: Set(cost.minor()),
        price_minor: Set(price.map(domain::Money::minor)),
        term: Set(term),
        cancelled: Set(cancelled),
        starts_on: Set(starts_on),
        ends_on: Set(ends_on),
    }
}

fn vendor_and_month(new: &NewBill<'_>) -> Result<(String, Month), Error> {
    let mut errors = FieldErrors::default();
    let vendor = text::needed(new.vendor, VENDOR_MAX);
    // A name of signs alone would tell no vendors apart.
    let vendor = vendor.and_then(|vendor| {
        if vendor_key(&vendor).is_empty() {
            Err(Refusal::Missing)
        } else {
            Ok(vendor)
        }
    });
    let month = new.month.parse::<Month>();
    if let Err(refusal) = &vendor {
        errors.add("vendor", refusal.clone());
    }
    if let Err(refusal) = &month {
        errors.add("month", refusal.clone());
    }
    match (vendor, month) {
        (Ok(vendor), Ok(month)) => Ok((vendor, month)),
        (Err(_), _) | (_, Err(_)) => Err(errors.into()),
    }
}

/// The bill that a file is, if it was brought for the same month and nothing took its place.
async fn same_file(tx: &Tx, vendor: &str, month: Month, sha256: &str) -> Result<Option<VendorBillId>, Error> {
    let row = tx
        .find::<vendor_bill::Entity>()
        .filter(vendor_bill::Column::VendorKey.eq(vendor_key(vendor)))
        .filter(vendor_bill::Column::Month.eq(month.first()))
        .filter(vendor_bill::Column::Sha256.eq(sha256))
        .filter(vendor_bill::Column::ReplacedAt.is_null())
        .one(tx.db())
        .await?;
    Ok(row.map(|row| VendorBillId(row.id)))
}

/// Reads rows with named columns; in words what is wrong with the first row that cannot be read.
fn lines_of(rows: &Rows, columns: &BillColumns) -> Result<Vec<BillLine>, String> {
    let read = rows.rows.iter().map(|(line, fields)| {
        columns.row(&rows.header, *line, fields).map_err(|problem| {
            let column = problem.column.map(|column| format!(", column {column}"));
            format!(
                "Line {}{}: {}",
                problem.line,
                column.unwrap_or_default(),
                problem.what
            )
        })
    });
    read.collect()
}

/// The columns that were named last for the same heading.
async fn named_before(tx: &Tx, heading: &str) -> Result<Option<BillColumns>, Error> {
    let before = tx
        .find::<vendor_bill::Entity>()
        .filter(vendor_bill::Column::Heading.eq(heading))
        .filter(vendor_bill::Column::Version.is_not_null())
        .order_by_desc(vendor_bill::Column::CreatedAt)
        .limit(1)
        .one(tx.db())
        .await?;
    let columns = before.and_then(|bill| bill.columns);
    Ok(columns.map(serde_json::from_value).transpose()?)
}

/// Headings are told apart as the page names them.
fn heading(header: &[String]) -> String {
    hex(labels(header).join("\u{1f}").as_bytes())
}

fn hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}
