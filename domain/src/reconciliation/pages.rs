//! What the pages of Reconciliation show. What somebody sees who may not see the comparison holds no money (R12).

use super::{
    BillColumns, BillLine, CompanyMapping, ComparedRow, Expiring, Figures, Licence, LineKind, Month,
    ProductMapping, VendorRef, Window,
};
use crate::{
    address::{pairs, query_string},
    decimal::Quantity,
    ids::{AccountId, VendorBillId},
    invoices::codes::codes,
    money::Money,
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// Where a bill stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum VendorBillState {
    /// Its columns wait to be named.
    Columns,
    /// Is what its month is compared with.
    Current,
    /// A later version took its place.
    Replaced,
}

codes! {
    VendorBillState:
        Columns = "columns" "Columns to be named",
        Current = "current" "Compared",
        Replaced = "replaced" "Replaced";
}

/// A bill in the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VendorBillRow {
    /// Which.
    pub id: VendorBillId,
    /// Whose it is.
    pub vendor: String,
    /// For which month.
    pub month: Month,
    /// The first one of vendor and month is 1; none while its columns wait.
    pub version: Option<u32>,
    /// Where it stands.
    pub state: VendorBillState,
    /// Name of the file.
    pub name: String,
    /// Its lines.
    pub lines: u64,
    /// Who brought it.
    pub by: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// The page of all bills.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VendorBills {
    /// The latest, newest first.
    pub bills: Vec<VendorBillRow>,
    /// There are more.
    pub more: bool,
    /// Vendors that were named before.
    pub vendors: Vec<String>,
}

/// CSV columns to be named.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BillOffer {
    /// The file's headings.
    pub header: Vec<String>,
    /// Its first row.
    pub sample: Vec<String>,
    /// What is proposed.
    pub columns: BillColumns,
}

/// The page of one bill.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VendorBillDetail {
    /// What the list shows.
    pub row: VendorBillRow,
    /// While its columns wait.
    pub offer: Option<BillOffer>,
    /// Cost by kind and currency.
    pub sums: Vec<(LineKind, Money)>,
    /// Its first lines, in its order.
    pub lines: Vec<BillLine>,
}

/// What the address of the dashboard and of the settings asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReconciliationQuery {
    /// Which month; the latest one with a bill otherwise.
    pub month: Option<Month>,
    /// Also companies whose seats do not differ.
    pub all: bool,
    /// Subscriptions that expire so soon.
    pub window: Option<Window>,
    /// The company whose mapping is open.
    pub company: Option<VendorRef>,
    /// The product whose mapping is open.
    pub product: Option<VendorRef>,
}

impl ReconciliationQuery {
    /// Reads an address. What cannot be read asks for nothing.
    pub fn from_query(query: &str) -> Self {
        let mut read = Self::default();
        let (mut vendor, mut company, mut product) = (String::new(), None, None);
        for (key, value) in pairs(query) {
            match key.as_str() {
                "month" => read.month = value.parse().ok(),
                "show" => read.all = value == "all",
                "expiring" => read.window = Window::from_code(&value),
                "vendor" => vendor = value,
                "company" => company = Some(value),
                "product" => product = Some(value),
                _ => {}
            }
        }
        let about = |key: Option<String>| {
            let vendor = vendor.clone();
            key.map(|key| VendorRef { vendor, key })
        };
        read.company = about(company);
        read.product = about(product);
        read
    }

    /// Writes the address: what [`Self::from_query`] reads.
    pub fn to_query(&self) -> String {
        let Self {
            month,
            all,
            window,
            company,
            product,
        } = self;
        let about = company.as_ref().or(product.as_ref());
        let parts = [
            month.map(|month| ("month", month.to_string())),
            all.then(|| ("show", "all".to_owned())),
            window.map(|window| ("expiring", window.code().to_owned())),
            about.map(|about| ("vendor", about.vendor.clone())),
            company.as_ref().map(|about| ("company", about.key.clone())),
            product.as_ref().map(|about| ("product", about.key.clone())),
        ];
        query_string(parts.into_iter().flatten())
    }
}

/// Seats of a customer and product, without money.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeatRow {
    /// The customer.
    pub company: String,
    /// The product.
    pub product: String,
    /// Seats that the vendor billed.
    pub vendor_quantity: Quantity,
    /// What the seller billed.
    pub own_quantity: Quantity,
    /// X5.
    pub difference: Quantity,
}

impl SeatRow {
    /// A row whose seats are compared.
    pub fn of(row: &ComparedRow) -> Option<Self> {
        Some(Self {
            company: row.company.clone(),
            product: row.product.clone(),
            vendor_quantity: row.vendor_quantity,
            own_quantity: row.own_quantity,
            difference: row.difference()?,
        })
    }
}

/// The dashboard without its money.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dashboard {
    /// The month that is shown; none while no bill was read.
    pub month: Option<Month>,
    /// Months that have a bill, the latest first.
    pub months: Vec<Month>,
    /// Vendors whose bills of the month are here.
    pub vendors: Vec<String>,
    /// Products with their seats.
    pub licences: Vec<Licence>,
    /// Customers and products, those that differ first.
    pub seats: Vec<SeatRow>,
    /// How many of those differ.
    pub differing: u64,
    /// Customers with a difference.
    pub companies: u64,
    /// The vendor's companies that are not mapped.
    pub unmapped_companies: u64,
    /// The vendor's products that are not mapped.
    pub unmapped_products: u64,
    /// Subscriptions in each window.
    pub expiring: Vec<(Window, u64)>,
    /// Those of the window that is open.
    pub open: Vec<Expiring>,
}

/// The billing comparison.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Comparison {
    /// The first rows.
    pub rows: Vec<ComparedRow>,
    /// How many there are in all.
    pub total: u64,
    /// Sums of all that is mapped, by currency.
    pub sums: Vec<Figures>,
}

/// A company of a vendor on the page of settings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CompanyRow {
    /// Which.
    pub about: VendorRef,
    /// Name of the vendor.
    pub vendor: String,
    /// What the vendor calls it.
    pub name: String,
    /// What is known about it.
    pub mapping: CompanyMapping,
    /// Name of the customer that it is.
    pub customer: Option<String>,
    /// The customer that is proposed while there is none.
    pub proposed: Option<(AccountId, String)>,
}

/// A product of a vendor on the page of settings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProductRow {
    /// Which.
    pub about: VendorRef,
    /// Name of the vendor.
    pub vendor: String,
    /// What the vendor calls it.
    pub name: String,
    /// The vendor's article number.
    pub sku: Option<String>,
    /// What the vendor says about it.
    pub description: Option<String>,
    /// What is known about it.
    pub mapping: ProductMapping,
}

/// One of the seller's own products, as its invoices know it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnItem {
    /// Its item code.
    pub code: String,
    /// What an invoice said about it.
    pub description: String,
}

/// The page of settings.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    /// The month from which a change holds; none while no bill was read.
    pub month: Option<Month>,
    /// Months that have a bill, the latest first.
    pub months: Vec<Month>,
    /// The vendors' companies, those that are not mapped first.
    pub companies: Vec<CompanyRow>,
    /// The vendors' products, those that are not mapped first.
    pub products: Vec<ProductRow>,
    /// Customers to choose from, while a company is open.
    pub customers: Vec<(AccountId, String)>,
    /// Own products to choose from, while a product is open.
    pub items: Vec<OwnItem>,
}
