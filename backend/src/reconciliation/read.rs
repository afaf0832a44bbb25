//! What the pages of Reconciliation show.

use super::{
    bills::suggested,
    month::{Billed, customers, items, months},
    stored,
};
use crate::{Error, bank_files::write::Rows, scope::Scope};
use domain::{
    Currency, Money,
    access::{CompareBilling, OpenReconciliation, Permit, SetUpReconciliation},
    ids::{AccountId, VendorBillId},
    reconciliation::{
        BillOffer, CompanyRow, Comparison, Dashboard, LineKind, Month, ProductRow, ReconciliationQuery,
        SeatRow, Settings, VendorBillDetail, VendorBillRow, VendorBillState, VendorBills, VendorRef, Window,
        expiring, export_lines, licences, propose_customers, sums,
    },
};
use entity::{vendor_bill, vendor_bill_line};
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder, QuerySelect};
use std::collections::{BTreeMap, BTreeSet};

/// Bills that the list shows.
const MOST_BILLS: usize = 50;
/// Lines of a bill that its page shows.
const MOST_LINES: u64 = 100;
/// Rows of a table of the dashboard.
const MOST_ROWS: usize = 200;

/// The dashboard without its money. Without a bill it has no month (X16).
///
/// # Errors
/// [`Error::Database`].
pub async fn dashboard(
    scope: &Scope<OpenReconciliation>,
    query: &ReconciliationQuery,
) -> Result<Dashboard, Error> {
    let (month, months) = chosen(scope, query.month).await?;
    let Some(month) = month else {
        return Ok(Dashboard::default());
    };
    let billed = Billed::load(scope, month).await?;
    let rows = billed.compared(scope).await?;
    let mut seats: Vec<SeatRow> = rows.iter().filter_map(SeatRow::of).collect();
    let differs = |row: &&SeatRow| row.difference.scaled() != 0;
    let companies: BTreeSet<&str> = seats
        .iter()
        .filter(differs)
        .map(|row| row.company.as_str())
        .collect();
    let (differing, companies) = (
        count(seats.iter().filter(differs).count()),
        count(companies.len()),
    );
    seats.sort_by_key(|row| std::cmp::Reverse(row.difference.scaled().unsigned_abs()));
    seats.retain(|row| query.all || differs(&row));
    seats.truncate(MOST_ROWS);
    let ending = expiring(&billed.vendor_lines(), &billed.mappings, scope.today());
    let in_window = |window: &Window| count(ending.iter().filter(|one| window.holds(one.days)).count());
    let windows = Window::ALL
        .iter()
        .map(|window| (*window, in_window(window)))
        .collect();
    let (no_company, no_product) = billed.unmapped();
    let mut licences = licences(&rows);
    licences.truncate(MOST_ROWS);
    Ok(Dashboard {
        month: Some(month),
        months,
        vendors: billed.vendors.values().cloned().collect(),
        licences,
        seats,
        differing,
        companies,
        unmapped_companies: count(no_company.len()),
        unmapped_products: count(no_product.len()),
        expiring: windows,
        open: match query.window {
            Some(window) => {
                let mut open: Vec<_> = ending.into_iter().filter(|one| window.holds(one.days)).collect();
                open.truncate(MOST_ROWS);
                open
            }
            None => Vec::new(),
        },
    })
}

/// What vendors and seller billed (R12).
///
/// # Errors
/// [`Error::Database`].
pub async fn comparison(
    scope: &Scope<CompareBilling>,
    query: &ReconciliationQuery,
) -> Result<Comparison, Error> {
    let (Some(month), _) = chosen(scope, query.month).await? else {
        return Ok(Comparison::default());
    };
    let mut rows = Billed::load(scope, month).await?.compared(scope).await?;
    let (total, sums) = (count(rows.len()), sums(&rows)?);
    rows.truncate(MOST_ROWS);
    Ok(Comparison { rows, total, sums })
}

/// The whole comparison as lines of CSV, and of which month it is.
///
/// # Errors
/// [`Error::Database`].
pub async fn export(
    scope: &Scope<CompareBilling>,
    query: &ReconciliationQuery,
) -> Result<(Option<Month>, Vec<String>), Error> {
    let (Some(month), _) = chosen(scope, query.month).await? else {
        return Ok((None, Vec::new()));
    };
    let rows = Billed::load(scope, month).await?.compared(scope).await?;
    let lines = rows.iter().map(export_lines).collect::<Result<_, _>>()?;
    Ok((Some(month), lines))
}

/// The latest bills.
///
/// # Errors
/// [`Error::Database`].
pub async fn bills(scope: &Scope<SetUpReconciliation>) -> Result<VendorBills, Error> {
    let mut rows = scope
        .find::<vendor_bill::Entity>()
        .order_by_desc(vendor_bill::Column::CreatedAt)
        .order_by_desc(vendor_bill::Column::Id)
        .limit(u64::try_from(MOST_BILLS).unwrap_or_default() + 1)
        .all(scope.db())
        .await?;
    let more = rows.len() > MOST_BILLS;
    rows.truncate(MOST_BILLS);
    let vendors: BTreeSet<String> = rows.iter().map(|row| row.vendor.clone()).collect();
    Ok(VendorBills {
        bills: rows.into_iter().map(bill_row).collect(),
        more,
        vendors: vendors.into_iter().collect(),
    })
}

/// One bill with its first lines, or with its columns while they wait to be named.
///
/// # Errors
/// [`Error::NotFound`].
pub async fn bill(scope: &Scope<SetUpReconciliation>, id: VendorBillId) -> Result<VendorBillDetail, Error> {
    let found = scope
        .find::<vendor_bill::Entity>()
        .filter(vendor_bill::Column::Id.eq(id.0))
        .one(scope.db())
        .await?;
    let row = found.ok_or(Error::NotFound)?;
    let offer = match &row.staged {
        Some(staged) => {
            let Rows { header, rows } = serde_json::from_value(staged.clone())?;
            Some(BillOffer {
                columns: suggested(scope, &header).await?,
                sample: rows
                    .into_iter()
                    .next()
                    .map(|(_, fields)| fields)
                    .unwrap_or_default(),
                header,
            })
        }
        None => None,
    };
    let lines = scope
        .find::<vendor_bill_line::Entity>()
        .filter(vendor_bill_line::Column::BillId.eq(id.0))
        .order_by_asc(vendor_bill_line::Column::Line)
        .all(scope.db())
        .await?;
    let mut lines = lines.into_iter().map(stored).collect::<Result<Vec<_>, _>>()?;
    let mut sums: BTreeMap<(LineKind, Currency), Money> = BTreeMap::new();
    for line in &lines {
        let currency = line.cost.currency();
        let sum = sums.entry((line.kind, currency)).or_insert(Money::zero(currency));
        *sum = sum.checked_add(line.cost)?;
    }
    lines.truncate(usize::try_from(MOST_LINES).unwrap_or_default());
    Ok(VendorBillDetail {
        row: bill_row(row),
        offer,
        sums: sums.into_iter().map(|((kind, _), sum)| (kind, sum)).collect(),
        lines,
    })
}

/// The vendors' companies and products of a month, with what is known about them.
///
/// # Errors
/// [`Error::NotFound`] when the open company or product is not billed in the month.
pub async fn settings(
    scope: &Scope<SetUpReconciliation>,
    query: &ReconciliationQuery,
) -> Result<Settings, Error> {
    let (month, months) = chosen(scope, query.month).await?;
    let Some(month) = month else {
        return Ok(Settings::default());
    };
    let billed = Billed::load(scope, month).await?;
    let names = customers(scope).await?;
    let companies = company_rows(&billed, &names);
    let products = product_rows(&billed);
    let no_company = |about: &VendorRef| !companies.iter().any(|row| row.about == *about);
    let no_product = |about: &VendorRef| !products.iter().any(|row| row.about == *about);
    if query.company.as_ref().is_some_and(no_company) || query.product.as_ref().is_some_and(no_product) {
        return Err(Error::NotFound);
    }
    let mut by_name: Vec<(AccountId, String)> = Vec::new();
    if query.company.is_some() {
        by_name = names.into_iter().collect();
        by_name.sort_by_cached_key(|(_, name)| name.to_lowercase());
    }
    Ok(Settings {
        month: Some(month),
        months,
        companies,
        products,
        customers: by_name,
        items: match &query.product {
            Some(_) => items(scope, month).await?,
            None => Vec::new(),
        },
    })
}

/// The vendors' companies of a month, those first about which something is to be done.
pub(super) fn company_rows(billed: &Billed, names: &BTreeMap<AccountId, String>) -> Vec<CompanyRow> {
    let mut found: BTreeMap<VendorRef, CompanyRow> = BTreeMap::new();
    for line in billed.vendor_lines() {
        let about = line.company();
        found.entry(about.clone()).or_insert_with(|| {
            let mapping = billed.mappings.companies.get(&about).cloned().unwrap_or_default();
            let customer = mapping.account.and_then(|account| names.get(&account).cloned());
            CompanyRow {
                vendor: vendor_name(billed, &about),
                name: line.line.company.clone(),
                mapping,
                customer,
                proposed: None,
                about,
            }
        });
    }
    let mut rows: Vec<CompanyRow> = found.into_values().collect();
    let customers = names.iter().map(|(account, name)| (*account, name.as_str()));
    let proposed = propose_customers(rows.iter().map(|row| row.name.as_str()), customers);
    for (row, proposed) in rows.iter_mut().zip(proposed) {
        let proposed = proposed.filter(|_| row.mapping.account.is_none() && !row.mapping.excluded);
        row.proposed = proposed.and_then(|account| Some((account, names.get(&account)?.clone())));
    }
    rows.sort_by_cached_key(|row| {
        let done = row.mapping.account.is_some() || row.mapping.excluded;
        (done, row.name.to_lowercase())
    });
    rows
}

/// The vendors' products of a month, those first about which something is to be done.
pub(super) fn product_rows(billed: &Billed) -> Vec<ProductRow> {
    let mut found: BTreeMap<VendorRef, ProductRow> = BTreeMap::new();
    for line in billed.vendor_lines() {
        let about = line.product();
        found.entry(about.clone()).or_insert_with(|| ProductRow {
            vendor: vendor_name(billed, &about),
            name: line.line.product.clone(),
            sku: line.line.sku.clone(),
            description: line.line.description.clone(),
            mapping: billed.mappings.products.get(&about).cloned().unwrap_or_default(),
            about,
        });
    }
    let mut rows: Vec<ProductRow> = found.into_values().collect();
    rows.sort_by_cached_key(|row| {
        let done = !row.mapping.items.is_empty() || row.mapping.excluded;
        (done, row.name.to_lowercase())
    });
    rows
}

fn vendor_name(billed: &Billed, about: &VendorRef) -> String {
    billed.vendors.get(&about.vendor).cloned().unwrap_or_default()
}

/// The month that is asked for, or the latest that has a bill; and all that have one.
async fn chosen<P: Permit>(
    scope: &Scope<P>,
    wanted: Option<Month>,
) -> Result<(Option<Month>, Vec<Month>), Error> {
    let months = months(scope).await?;
    let latest = months.first().copied();
    Ok((wanted.filter(|month| months.contains(month)).or(latest), months))
}

fn bill_row(row: vendor_bill::Model) -> VendorBillRow {
    VendorBillRow {
        id: VendorBillId(row.id),
        vendor: row.vendor,
        month: Month::of(row.month),
        version: row.version.and_then(|version| u32::try_from(version).ok()),
        state: match (row.version, row.replaced_at) {
            (None, _) => VendorBillState::Columns,
            (Some(_), None) => VendorBillState::Current,
            (Some(_), Some(_)) => VendorBillState::Replaced,
        },
        name: row.name,
        lines: u64::try_from(row.line_count).unwrap_or_default(),
        by: row.created_by_name,
        at: row.created_at,
    }
}

fn count(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}
