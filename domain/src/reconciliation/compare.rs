//! The comparison of a month: each customer and product with what the vendor and the seller billed for it.
//!
//! Every line of a bill that is not left out is in one row, and every line of the seller for a mapped product is, so that
//! rows add up to both sides. A quantity is compared only where both sides are known and it is seats.

use super::{BillLine, Figures, Mappings, VendorRef, groups::Groups};
use crate::{
    decimal::Quantity,
    ids::AccountId,
    invoices::codes::codes,
    money::{Currency, Money},
    refusal::Refusal,
};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// A line of a vendor's bill, and whose bill it is.
#[derive(Clone, Copy, Debug)]
pub struct VendorLine<'a> {
    /// The vendor, by [`super::vendor_key`].
    pub vendor: &'a str,
    /// The line.
    pub line: &'a BillLine,
}

impl VendorLine<'_> {
    /// The company.
    pub fn company(&self) -> VendorRef {
        self.about(self.line.company_key())
    }

    /// The product.
    pub fn product(&self) -> VendorRef {
        self.about(self.line.product_key())
    }

    fn about(&self, key: String) -> VendorRef {
        VendorRef {
            vendor: self.vendor.to_owned(),
            key,
        }
    }
}

/// What the seller billed a customer for one of its products in a month, in one currency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnSum {
    /// The customer.
    pub account: AccountId,
    /// The product's item code.
    pub item: String,
    /// How many; lines that give something back are money only.
    pub quantity: Quantity,
    /// For how much.
    pub price: Money,
}

/// Which side of a row is not mapped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Missing {
    /// The company.
    Company,
    /// The product.
    Product,
    /// Both.
    Both,
}

/// How a row is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Class {
    /// By seats and money.
    Seats,
    /// By money: the vendor billed prorations, credits or one-time items alone (V58).
    Money,
    /// Not at all (V55).
    Unmapped(Missing),
}

codes! {
    Missing:
        Company = "company" "Company not mapped",
        Product = "product" "Product not mapped",
        Both = "both" "Company and product not mapped";
}

impl Class {
    /// The words on the screen.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Seats => "Compared",
            Self::Money => "Compared by money",
            Self::Unmapped(missing) => missing.label(),
        }
    }
}

/// A customer and a product, or several products that are compared as one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ComparedRow {
    /// The customer, unless the company is not mapped.
    pub account: Option<AccountId>,
    /// The customer's name, or what the vendor calls the company.
    pub company: String,
    /// What the vendor calls the product; several with a sign between them.
    pub product: String,
    /// How it is compared.
    pub class: Class,
    /// Seats that the vendor billed.
    pub vendor_quantity: Quantity,
    /// What the seller billed.
    pub own_quantity: Quantity,
    /// The money, one for each currency.
    pub figures: Vec<Figures>,
}

impl ComparedRow {
    /// X5: seats that the vendor billed less those that the seller billed; none where they are not compared.
    pub fn difference(&self) -> Option<Quantity> {
        match self.class {
            Class::Seats => {
                let difference = self
                    .vendor_quantity
                    .scaled()
                    .checked_sub(self.own_quantity.scaled());
                difference.map(Quantity::from_scaled)
            }
            Class::Money | Class::Unmapped(_) => None,
        }
    }

    /// The seats are compared and not the same.
    pub fn differs(&self) -> bool {
        self.difference()
            .is_some_and(|difference| difference.scaled() != 0)
    }
}

/// Compares a month.
///
/// # Errors
/// [`Refusal::AmountTooLarge`].
pub fn compare(
    bills: &[VendorLine<'_>],
    own: &[OwnSum],
    mappings: &Mappings,
    customers: &BTreeMap<AccountId, String>,
) -> Result<Vec<ComparedRow>, Refusal> {
    // Of a vendor who did not bill yet nothing is known, not that it billed nothing.
    let vendors: BTreeSet<&str> = bills.iter().map(|line| line.vendor).collect();
    let groups = Groups::of(mappings, &vendors);
    let mut table = Table {
        mappings,
        groups: &groups,
        rows: BTreeMap::new(),
        names: BTreeMap::new(),
        of_seats: BTreeMap::new(),
    };
    for line in bills {
        table.add_vendor(line)?;
    }
    for sum in own {
        table.add_own(sum)?;
    }
    Ok(table.finish(customers))
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Who {
    Customer(AccountId),
    Unmapped(VendorRef),
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum What {
    Group(usize),
    Unmapped(VendorRef),
}

#[derive(Clone, Debug, Default)]
struct Gathered {
    seat_lines: usize,
    other_lines: usize,
    vendor: i64,
    own: i64,
    figures: BTreeMap<Currency, Figures>,
}

struct Table<'a> {
    mappings: &'a Mappings,
    groups: &'a Groups,
    rows: BTreeMap<(Who, What), Gathered>,
    /// What the bills call companies and products.
    names: BTreeMap<VendorRef, String>,
    /// Whether a vendor bills seats of a group at all.
    of_seats: BTreeMap<usize, bool>,
}

impl Table<'_> {
    fn add_vendor(&mut self, from: &VendorLine<'_>) -> Result<(), Refusal> {
        let (company, product) = (from.company(), from.product());
        if self.mappings.leaves_out(&company, &product) {
            return Ok(());
        }
        let line = from.line;
        // The smallest, so that the order of lines says nothing.
        for (about, name) in [(&company, &line.company), (&product, &line.product)] {
            let known = self.names.entry(about.clone()).or_insert_with(|| name.clone());
            if name < known {
                known.clone_from(name);
            }
        }
        let account = self
            .mappings
            .companies
            .get(&company)
            .and_then(|found| found.account);
        let who = account.map_or(Who::Unmapped(company), Who::Customer);
        let group = self.groups.of_product(&product);
        if let Some(group) = group {
            *self.of_seats.entry(group).or_default() |= line.counts_seats();
        }
        let what = group.map_or(What::Unmapped(product), What::Group);
        let row = self.rows.entry((who, what)).or_default();
        let figures = figures_in(row, line.cost.currency());
        figures.cost = figures.cost.checked_add(line.cost)?;
        let price = figures.price.zip(line.price);
        figures.price = price.map(|(sum, price)| sum.checked_add(price)).transpose()?;
        if line.counts_seats() {
            figures.seat_cost = figures.seat_cost.checked_add(line.cost)?;
            figures.seats = Quantity::from_scaled(plus(figures.seats.scaled(), line.quantity)?);
            row.vendor = plus(row.vendor, line.quantity)?;
            row.seat_lines += 1;
        } else {
            row.other_lines += 1;
        }
        Ok(())
    }

    fn add_own(&mut self, sum: &OwnSum) -> Result<(), Refusal> {
        let Some(group) = self.groups.of_item(&sum.item) else {
            return Ok(());
        };
        if self.is_left_out(sum.account, group) {
            return Ok(());
        }
        let row = self.rows.entry((Who::Customer(sum.account), What::Group(group)));
        let row = row.or_default();
        let figures = figures_in(row, sum.price.currency());
        figures.own_price = figures.own_price.checked_add(sum.price)?;
        figures.own_quantity = Quantity::from_scaled(plus(figures.own_quantity.scaled(), sum.quantity)?);
        row.own = plus(row.own, sum.quantity)?;
        Ok(())
    }

    /// Companies of a customer at the vendors of a group.
    fn companies(&self, account: AccountId, group: usize) -> impl Iterator<Item = bool> {
        let of_group = move |vendor: &str| self.groups.members(group).any(|product| product.vendor == vendor);
        let companies = self.mappings.companies.iter();
        companies
            .filter(move |(company, mapping)| mapping.account == Some(account) && of_group(&company.vendor))
            .map(|(_, mapping)| mapping.excluded)
    }

    /// A customer is left out with the last of its companies that is not.
    fn is_left_out(&self, account: AccountId, group: usize) -> bool {
        let mut companies = self.companies(account, group).peekable();
        companies.peek().is_some() && companies.all(|excluded| excluded)
    }

    fn finish(self, customers: &BTreeMap<AccountId, String>) -> Vec<ComparedRow> {
        let mut rows: Vec<ComparedRow> = self
            .rows
            .iter()
            .map(|((who, what), gathered)| self.row(who, what, gathered, customers))
            .collect();
        rows.sort_by_cached_key(|row| {
            (
                row.company.to_lowercase(),
                row.product.to_lowercase(),
                row.account,
            )
        });
        rows
    }

    fn row(
        &self,
        who: &Who,
        what: &What,
        gathered: &Gathered,
        customers: &BTreeMap<AccountId, String>,
    ) -> ComparedRow {
        let class = self.class(who, what, gathered);
        let mapped = !matches!(class, Class::Unmapped(_));
        let name = |about: &VendorRef| self.names.get(about).cloned();
        let (account, company) = match who {
            Who::Customer(account) => (Some(*account), customers.get(account).cloned()),
            Who::Unmapped(company) => (None, name(company)),
        };
        let product = match what {
            What::Group(group) => {
                let mapping = |product| {
                    self.mappings
                        .products
                        .get(product)
                        .map(|found| found.name.clone())
                };
                let names = self.groups.members(*group);
                let names: BTreeSet<String> = names
                    .filter_map(|product| name(product).or_else(|| mapping(product)))
                    .collect();
                names.into_iter().collect::<Vec<_>>().join(" + ")
            }
            What::Unmapped(product) => name(product).unwrap_or_default(),
        };
        let figures = gathered.figures.values();
        ComparedRow {
            account,
            company: company.unwrap_or_default(),
            product,
            class,
            vendor_quantity: Quantity::from_scaled(gathered.vendor),
            own_quantity: Quantity::from_scaled(gathered.own),
            figures: figures.map(|figures| Figures { mapped, ..*figures }).collect(),
        }
    }

    fn class(&self, who: &Who, what: &What, gathered: &Gathered) -> Class {
        match (who, what) {
            (Who::Unmapped(_), What::Unmapped(_)) => Class::Unmapped(Missing::Both),
            (Who::Unmapped(_), What::Group(_)) => Class::Unmapped(Missing::Company),
            (Who::Customer(_), What::Unmapped(_)) => Class::Unmapped(Missing::Product),
            // Billed by the seller, to a customer who is nobody's company at the vendor.
            (Who::Customer(account), What::Group(group))
                if self.companies(*account, *group).next().is_none() =>
            {
                Class::Unmapped(Missing::Company)
            }
            (Who::Customer(_), What::Group(group)) => {
                let seats = match (gathered.seat_lines, gathered.other_lines) {
                    (0, 0) => self.of_seats.get(group).copied().unwrap_or(true),
                    (seats, _) => seats > 0,
                };
                if seats { Class::Seats } else { Class::Money }
            }
        }
    }
}

fn figures_in(row: &mut Gathered, currency: Currency) -> &mut Figures {
    row.figures.entry(currency).or_insert(Figures::none(currency))
}

fn plus(sum: i64, quantity: Quantity) -> Result<i64, Refusal> {
    sum.checked_add(quantity.scaled()).ok_or(Refusal::AmountTooLarge)
}
