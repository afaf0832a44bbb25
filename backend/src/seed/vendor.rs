//! The bill of a vendor for the demo partner: last month's seats of its customers as the vendor counts them, which is not
//! everywhere as they were billed. It comes in as anybody's bill does.

use super::catalogue::PRODUCTS;
use crate::{
    Backend, Error,
    bank_files::write::Rows,
    reconciliation::{
        bills::{NewBill, name_columns, take_in},
        mapping::{map_product, map_proposed},
        month::{customers, own_sums},
    },
};
use chrono::{Days, NaiveDate};
use domain::{
    Currency,
    access::SetUpReconciliation,
    ids::TenantId,
    reconciliation::{BillColumns, Month, OwnSum, VendorRef, vendor_key},
};
use std::collections::BTreeSet;

const VENDOR: &str = "Aurora Marketplace";
const HEADER: [&str; 12] = [
    "Company",
    "Product",
    "SKU",
    "Subscription ID",
    "Quantity",
    "Total cost",
    "Total price",
    "Currency",
    "Type",
    "Billing term",
    "Start date",
    "End date",
];
/// Sold by the vendor, and left for who tries the demo to map.
const NOT_MAPPED: &str = "NET-VPN";

/// Brings the bill in and maps most of it.
pub(super) async fn create(backend: &Backend, partner: TenantId, today: NaiveDate) -> Result<(), Error> {
    let scope = backend
        .operator(partner, "Demo data")
        .await?
        .permit::<SetUpReconciliation>()?;
    let month = Month::of(today).earlier(1);
    let names = customers(&scope).await?;
    let mut sold: Vec<(String, OwnSum)> = own_sums(&scope, month)
        .await?
        .into_iter()
        .filter(is_seats)
        .map(|sum| (names.get(&sum.account).cloned().unwrap_or_default(), sum))
        .collect();
    sold.sort_by_cached_key(|(name, sum)| (name.clone(), sum.item.clone()));
    let mut lines: Vec<Vec<String>> = sold
        .iter()
        .enumerate()
        .map(|(place, (name, sum))| line(place, name, sum, month, today))
        .collect();
    lines.extend(odd_ones(sold.first().map(|(name, _)| name.as_str()), month));
    let rows = Rows {
        header: HEADER.map(str::to_owned).to_vec(),
        rows: (2..).zip(lines).collect(),
    };
    let new = NewBill {
        vendor: VENDOR,
        month: &month.to_string(),
        name: "aurora-marketplace.csv",
        bytes: VENDOR.as_bytes(),
        rows: &rows,
    };
    let bill = take_in(&scope, new).await?;
    let columns = BillColumns::suggest(&rows.header, Currency::USD);
    name_columns(&scope, bill, &columns).await?;
    map_proposed(&scope, month).await?;
    let items: BTreeSet<String> = sold.into_iter().map(|(_, sum)| sum.item).collect();
    for item in items.into_iter().filter(|item| item != NOT_MAPPED) {
        let about = VendorRef {
            vendor: vendor_key(VENDOR),
            key: format!("id:{}", sku(&item).to_lowercase()),
        };
        map_product(&scope, month, &about, &[item], false).await?;
    }
    Ok(())
}

/// Measured products are not sold by this vendor.
fn is_seats(sum: &OwnSum) -> bool {
    sum.quantity.scaled() >= 1_000_000 && sum.quantity.scaled() % 1_000_000 == 0
}

/// What the vendor bills for seats that were sold. Every fifth time it counts two more, every seventh time one less.
fn line(place: usize, company: &str, sum: &OwnSum, month: Month, today: NaiveDate) -> Vec<String> {
    let sold = sum.quantity.scaled() / 1_000_000;
    let seats = match (place % 5, place % 7) {
        (1, _) => sold + 2,
        (_, 3) => sold - 1,
        _ => sold,
    };
    let price = sum.price.minor() / sold * seats;
    let product = PRODUCTS.iter().find(|product| product.code == sum.item);
    let (term, days) = match place % 6 {
        0 => ("Annual", Some(9)),
        2 => ("Annual", Some(24)),
        3 => ("3 Year", Some(71)),
        4 => ("Annual", Some(200)),
        _ => ("Monthly", None),
    };
    let ends_on = days.and_then(|days| today.checked_add_days(Days::new(days)));
    [
        company.to_owned(),
        product
            .map_or(sum.item.as_str(), |product| product.name)
            .to_owned(),
        sku(&sum.item),
        format!("AUR-SUB-{:05}", 10_001 + place),
        seats.to_string(),
        amount(price * 8 / 10),
        amount(price),
        sum.price.currency().code().to_owned(),
        "Subscription".to_owned(),
        term.to_owned(),
        month.first().to_string(),
        ends_on.map(|day| day.to_string()).unwrap_or_default(),
    ]
    .to_vec()
}

/// What is no seats, and a company that is nobody's customer.
fn odd_ones(company: Option<&str>, month: Month) -> Vec<Vec<String>> {
    let company = company.unwrap_or("Lakeside Bakery");
    let all = [
        (
            "Lakeside Bakery",
            "Quill Office Basic",
            "OF-BAS",
            "4",
            1_920,
            "Subscription",
        ),
        (
            company,
            "Quill Office Professional",
            "OF-PRO",
            "2",
            1_173,
            "Proration",
        ),
        (company, "Onboarding", "ONBOARD", "1", 15_000, "One-time"),
        (company, "Quill Office Standard", "OF-STD", "1", -1_000, "Credit"),
    ];
    let line = |(company, product, item, quantity, cost, kind): (&str, &str, &str, &str, i64, &str)| {
        let start = month.first().to_string();
        let texts = [
            company,
            product,
            &sku(item),
            "",
            quantity,
            &amount(cost),
            "",
            "USD",
            kind,
            "Monthly",
            &start,
            "",
        ];
        texts.map(str::to_owned).to_vec()
    };
    all.into_iter().map(line).collect()
}

fn sku(item: &str) -> String {
    format!("AUR-{item}")
}

/// Cents with their decimal point.
fn amount(minor: i64) -> String {
    domain::Money::new(minor, Currency::USD).to_decimal().to_string()
}
