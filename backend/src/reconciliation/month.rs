//! What there is about a month: current bills, what the seller billed, and the mappings that hold.

use super::stored;
use crate::{
    Error,
    codes::money,
    database::{Pool, Sql},
    scope::Scope,
};
use domain::{
    Quantity,
    access::Permit,
    ids::AccountId,
    reconciliation::{
        BillLine, CompanyMapping, ComparedRow, Mappings, Month, OwnItem, OwnSum, ProductMapping, VendorLine,
        VendorRef, compare, in_force,
    },
};
use entity::{Uuid, account, company_mapping, product_mapping, vendor_bill, vendor_bill_line};
use sea_orm::{ColumnTrait, ConnectionTrait, QueryFilter, QueryOrder, QueryResult, QuerySelect};
use std::collections::{BTreeMap, BTreeSet};

/// Months that can be chosen.
const MOST_MONTHS: usize = 120;
/// Own products that can be chosen.
const MOST_ITEMS: i64 = 500;
/// Months back in which a product counts as sold.
const SOLD_IN: u32 = 12;

/// A month's side of the vendors, with what is known about it.
pub(super) struct Billed {
    pub(super) month: Month,
    /// Names of the vendors by their keys.
    pub(super) vendors: BTreeMap<String, String>,
    /// Lines with the key of their vendor, in the order of the bills.
    pub(super) lines: Vec<(String, BillLine)>,
    pub(super) mappings: Mappings,
}

impl Billed {
    /// Loads a month.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub(super) async fn load<P: Permit>(scope: &Scope<P>, month: Month) -> Result<Self, Error> {
        let bills = scope
            .find::<vendor_bill::Entity>()
            .filter(vendor_bill::Column::Month.eq(month.first()))
            .filter(vendor_bill::Column::Version.is_not_null())
            .filter(vendor_bill::Column::ReplacedAt.is_null())
            .order_by_asc(vendor_bill::Column::VendorKey)
            .all(scope.db())
            .await?;
        let (mut vendors, mut lines) = (BTreeMap::new(), Vec::new());
        for bill in bills {
            let rows = scope
                .find::<vendor_bill_line::Entity>()
                .filter(vendor_bill_line::Column::BillId.eq(bill.id))
                .order_by_asc(vendor_bill_line::Column::Line)
                .all(scope.db())
                .await?;
            for row in rows {
                lines.push((bill.vendor_key.clone(), stored(row)?));
            }
            vendors.insert(bill.vendor_key, bill.vendor);
        }
        Ok(Self {
            month,
            vendors,
            lines,
            mappings: mappings(scope, month).await?,
        })
    }

    /// The lines as the comparison takes them.
    pub(super) fn vendor_lines(&self) -> Vec<VendorLine<'_>> {
        let line = |(vendor, line)| VendorLine { vendor, line };
        self.lines
            .iter()
            .map(|(vendor, found)| line((vendor.as_str(), found)))
            .collect()
    }

    /// The comparison of the month.
    ///
    /// # Errors
    /// [`domain::Refusal::AmountTooLarge`]; [`Error::Database`].
    pub(super) async fn compared<P: Permit>(&self, scope: &Scope<P>) -> Result<Vec<ComparedRow>, Error> {
        let own = own_sums(scope, self.month).await?;
        let names = customers(scope).await?;
        Ok(compare(&self.vendor_lines(), &own, &self.mappings, &names)?)
    }

    /// The vendors' companies and products that are not left out and not mapped.
    pub(super) fn unmapped(&self) -> (BTreeSet<VendorRef>, BTreeSet<VendorRef>) {
        let (mut companies, mut products) = (BTreeSet::new(), BTreeSet::new());
        for line in self.vendor_lines() {
            let (company, product) = (line.company(), line.product());
            if self.mappings.leaves_out(&company, &product) {
                continue;
            }
            let known = self.mappings.companies.get(&company);
            if known.is_none_or(|mapping| mapping.account.is_none()) {
                companies.insert(company);
            }
            let known = self.mappings.products.get(&product);
            if known.is_none_or(|mapping| mapping.items.is_empty()) {
                products.insert(product);
            }
        }
        (companies, products)
    }
}

/// The months that have a bill, the latest first.
///
/// # Errors
/// [`Error::Database`].
pub(super) async fn months<P: Permit>(scope: &Scope<P>) -> Result<Vec<Month>, Error> {
    let days: Vec<entity::Date> = scope
        .find::<vendor_bill::Entity>()
        .filter(vendor_bill::Column::Version.is_not_null())
        .filter(vendor_bill::Column::ReplacedAt.is_null())
        .select_only()
        .column(vendor_bill::Column::Month)
        .distinct()
        .order_by_desc(vendor_bill::Column::Month)
        .limit(u64::try_from(MOST_MONTHS).unwrap_or_default())
        .into_tuple()
        .all(scope.db())
        .await?;
    Ok(days.into_iter().map(Month::of).collect())
}

/// Names of the customers.
///
/// # Errors
/// [`Error::Database`].
pub(crate) async fn customers<P: Permit>(scope: &Scope<P>) -> Result<BTreeMap<AccountId, String>, Error> {
    let rows: Vec<(Uuid, String)> = scope
        .find::<account::Entity>()
        .select_only()
        .column(account::Column::Id)
        .column(account::Column::BuyerName)
        .into_tuple()
        .all(scope.db())
        .await?;
    Ok(rows.into_iter().map(|(id, name)| (AccountId(id), name)).collect())
}

/// The seller's own products of the last months, by their code.
///
/// # Errors
/// [`Error::Database`].
pub(super) async fn items<P: Permit>(scope: &Scope<P>, month: Month) -> Result<Vec<OwnItem>, Error> {
    let mut sql = Sql::new(scope.db().get_database_backend());
    sql.push("SELECT l.item_code, MAX(l.description)");
    push_lines(&mut sql, scope, month.earlier(SOLD_IN), month);
    sql.push(" GROUP BY l.item_code ORDER BY l.item_code LIMIT ")
        .bind(MOST_ITEMS);
    let item = |row: &QueryResult| {
        Ok(OwnItem {
            code: row.try_get_by_index(0)?,
            description: row.try_get_by_index(1)?,
        })
    };
    rows(scope.db(), sql).await?.iter().map(item).collect()
}

/// What the seller billed in a month, by customer, product and currency. What gives something back is money and no
/// quantity (V58).
pub(crate) async fn own_sums<P: Permit>(scope: &Scope<P>, month: Month) -> Result<Vec<OwnSum>, Error> {
    let mut sql = Sql::new(scope.db().get_database_backend());
    sql.push(
        "SELECT i.account_id, l.item_code, i.currency, \
         CAST(SUM(CASE WHEN l.quantity > 0 AND l.net_minor >= 0 THEN l.quantity ELSE 0 END) AS bigint), \
         CAST(SUM(l.net_minor) AS bigint)",
    );
    push_lines(&mut sql, scope, month, month);
    sql.push(" GROUP BY i.account_id, l.item_code, i.currency");
    let sum = |row: &QueryResult| {
        let code: String = row.try_get_by_index(2)?;
        Ok(OwnSum {
            account: AccountId(row.try_get_by_index(0)?),
            item: row.try_get_by_index(1)?,
            quantity: Quantity::from_scaled(row.try_get_by_index(3)?),
            price: money(row.try_get_by_index(4)?, &code)?,
        })
    };
    rows(scope.db(), sql).await?.iter().map(sum).collect()
}

/// The lines that have an item code, of the seller's issued invoices that bear a date in these months.
fn push_lines<P: Permit>(sql: &mut Sql, scope: &Scope<P>, from: Month, to: Month) {
    sql.push(
        " FROM invoices i JOIN invoice_lines l ON l.seller_id = i.seller_id AND l.invoice_id = i.id \
         WHERE i.seller_id = ",
    );
    sql.bind(scope.tenant().0);
    sql.push(" AND i.issue_key >= ").bind(from.first());
    sql.push(" AND i.issue_key < ").bind(to.later(1).first());
    sql.push(" AND i.stage IN ('open', 'partly_paid', 'paid') AND l.item_code IS NOT NULL");
}

#[expect(
    clippy::disallowed_methods,
    reason = "sums that the query builder cannot say; the seller is in each"
)]
async fn rows(db: &Pool, sql: Sql) -> Result<Vec<QueryResult>, Error> {
    Ok(db.query_all_raw(sql.statement()).await?)
}

/// The mappings that hold in a month.
async fn mappings<P: Permit>(scope: &Scope<P>, month: Month) -> Result<Mappings, Error> {
    let companies = scope
        .find::<company_mapping::Entity>()
        .filter(company_mapping::Column::FromMonth.lte(month.first()))
        .all(scope.db())
        .await?;
    let products = scope
        .find::<product_mapping::Entity>()
        .filter(product_mapping::Column::FromMonth.lte(month.first()))
        .all(scope.db())
        .await?;
    let company = |row: company_mapping::Model| {
        let about = VendorRef {
            vendor: row.vendor_key,
            key: row.company_key,
        };
        let mapping = CompanyMapping {
            name: row.name,
            account: row.account_id.map(AccountId),
            excluded: row.excluded,
        };
        (about, Month::of(row.from_month), mapping)
    };
    let product = |row: product_mapping::Model| -> Result<_, Error> {
        let about = VendorRef {
            vendor: row.vendor_key,
            key: row.product_key,
        };
        let mapping = ProductMapping {
            name: row.name,
            items: serde_json::from_value(row.items)?,
            excluded: row.excluded,
        };
        Ok((about, Month::of(row.from_month), mapping))
    };
    let products = products.into_iter().map(product).collect::<Result<Vec<_>, _>>()?;
    Ok(Mappings {
        companies: in_force(companies.into_iter().map(company), month),
        products: in_force(products, month),
    })
}
