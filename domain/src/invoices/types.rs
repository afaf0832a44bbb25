//! The words of invoices that rules, storage and screens share.

use super::columns::{Column, default_columns};
use crate::{
    access::Side,
    decimal::{Quantity, TaxRate, UnitPrice},
    disputes::offered,
    ids::{AccountId, InvoiceId, TenantId},
    list::{DEFAULT_PER_PAGE, Direction, Position},
    money::{Currency, Money},
    refusal::Refusal,
};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// Where an invoice stands in its life (V14). Stored; open and paid are kept in step with the allocations and
/// `quittance check` proves it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Not issued, no number.
    Draft,
    /// Issued, something is open.
    Open,
    /// Issued, nothing is open.
    Paid,
    /// Withdrawn; keeps its number.
    Void,
    /// Issued; what was open of it is given up, and may still be hoped for again.
    WrittenOff,
}

/// What the badge says: the first that fits of draft, void, written off, paid, overdue, partially paid, open (D14).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Not issued.
    Draft,
    /// Issued, nothing paid yet, not late.
    Open,
    /// Something paid, something open, not late.
    PartiallyPaid,
    /// Something open after the due date (V19).
    Overdue,
    /// Nothing open.
    Paid,
    /// Withdrawn.
    Void,
    /// Given up.
    WrittenOff,
}

/// Where an invoice came from (I2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// Written in the portal.
    Manual,
    /// Made from a shop order.
    Order,
    /// Imported from an ERP.
    Import,
}

/// Tax categories by their EN 16931 letter (V10).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum TaxCategory {
    /// Standard or reduced rate.
    S,
    /// Zero rate.
    Z,
    /// Exempt.
    E,
    /// Reverse charge.
    AE,
    /// Intra-community supply.
    K,
    /// Export.
    G,
    /// Out of scope.
    O,
}

/// A row of the invoice grid, as the viewer's side sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvoiceRow {
    /// Its id.
    pub id: InvoiceId,
    /// Who issued it.
    pub seller: TenantId,
    /// The account it stands on.
    pub account: AccountId,
    /// Its number; none on drafts (V21).
    pub number: Option<String>,
    /// Name of the other side.
    pub counterparty: String,
    /// Which of the companies that the viewer sees received it; none where they see one only.
    pub company: Option<String>,
    /// What the seller's books call the buyer.
    pub external_id: Option<String>,
    /// The order it was made from.
    pub order_id: Option<String>,
    /// Where it came from.
    pub source: Source,
    /// When it was issued; none on drafts.
    pub issue_date: Option<NaiveDate>,
    /// When it is due.
    pub due_date: NaiveDate,
    /// What was billed.
    pub total: Money,
    /// What is still open: total less payments, credits and what was written off (V25).
    pub open: Money,
    /// Part of `open` that is being paid right now (V31).
    pub pending: Money,
    /// What of it waits for an answer to a dispute.
    pub disputed: Money,
    /// The badge.
    pub status: Status,
}

impl InvoiceRow {
    /// What can be paid now: open and not being paid already.
    pub fn payable(&self) -> Money {
        Money::new(
            self.open.minor().saturating_sub(self.pending.minor()),
            self.open.currency(),
        )
    }

    /// What of that is offered: what is not disputed.
    pub fn offered(&self) -> Money {
        offered(self.open, self.pending, self.disputed)
    }
}

/// By which column the grid is sorted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum SortKey {
    /// Due date.
    #[default]
    Due,
    /// Issue date; drafts last.
    Issued,
    /// Number.
    Number,
    /// Name of the other side.
    Counterparty,
    /// Order id.
    Order,
    /// Source.
    Source,
    /// Billed amount, in minor units.
    Total,
    /// Open amount, in minor units.
    Open,
    /// Status: the stage, then the due date.
    Status,
}

/// What the grid is narrowed to; all of it must hold. Empty means everything.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvoiceFilter {
    /// The number begins with this, in any case.
    pub number: Option<String>,
    /// Name or external id of the other side contains this, in any case.
    pub customer: Option<String>,
    /// The order id begins with this, in any case.
    pub order_id: Option<String>,
    /// Any of these sources; empty: all.
    pub sources: Vec<Source>,
    /// Any of these; each is matched by itself: overdue finds partly paid ones too (D14). Empty: all.
    pub statuses: Vec<Status>,
    /// Due on this day or later.
    pub due_from: Option<NaiveDate>,
    /// Due on this day or earlier.
    pub due_to: Option<NaiveDate>,
    /// Issued on this day or later.
    pub issued_from: Option<NaiveDate>,
    /// Issued on this day or earlier.
    pub issued_to: Option<NaiveDate>,
    /// In this currency.
    pub currency: Option<Currency>,
    /// Total at least this many minor units; needs `currency`.
    pub total_from: Option<i64>,
    /// Total at most this many minor units; needs `currency`.
    pub total_to: Option<i64>,
    /// Received by this company, for who sees several.
    pub company: Option<TenantId>,
    /// Only what is disputed and waits for an answer.
    pub disputed: bool,
}

/// The whole state of the invoice grid, read from and written to the address by `form`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvoiceQuery {
    /// Which side of the money.
    pub side: Side,
    /// Narrowed to.
    pub filter: InvoiceFilter,
    /// Sorted by.
    pub sort: SortKey,
    /// In which direction.
    pub direction: Direction,
    /// Which page.
    pub position: Position,
    /// Rows a page.
    pub per_page: u16,
    /// Count beyond [`crate::list::COUNTED_TO`].
    pub count_all: bool,
    /// These columns, in this order; empty: the side's usual ones. See [`InvoiceQuery::shown`].
    pub columns: Vec<Column>,
    /// The list can hold papers of several companies: the viewer's reach, not part of the address.
    pub several: bool,
}

impl InvoiceQuery {
    /// The grid as it opens: everything, by due date, the first page.
    pub fn new(side: Side) -> Self {
        Self {
            side,
            filter: InvoiceFilter::default(),
            sort: SortKey::default(),
            direction: Direction::default(),
            position: Position::default(),
            per_page: DEFAULT_PER_PAGE,
            count_all: false,
            columns: Vec::new(),
            several: false,
        }
    }

    /// Says whether the viewer sees papers of several companies; the column that tells them apart is for them alone.
    pub fn seen_by(&mut self, several: bool) {
        self.several = several;
        if !several {
            self.columns.retain(|column| *column != Column::Company);
        }
    }

    /// The columns to show.
    pub fn shown(&self) -> &[Column] {
        if self.columns.is_empty() {
            default_columns(self.side, self.several)
        } else {
            &self.columns
        }
    }
}

/// A line of an invoice, as stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvoiceLine {
    /// 1, 2, 3 in the order of the document.
    pub position: u32,
    /// The seller's code of the item.
    pub item_code: Option<String>,
    /// What it is.
    pub description: String,
    /// How many.
    pub quantity: Quantity,
    /// Price of one, before line discount.
    pub unit_price: UnitPrice,
    /// Taken off the line; negative for a surcharge.
    pub discount: Money,
    /// Quantity times price less discount, rounded once (V6).
    pub net: Money,
    /// Tax category.
    pub tax_category: TaxCategory,
    /// Tax rate.
    pub tax_rate: TaxRate,
}

/// A cost of an invoice as a whole, such as freight (I9). It bears the tax of the lines, in proportion to them (V5).
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Cost {
    /// What it is for.
    pub description: String,
    /// Added to the lines, without tax.
    pub amount: Money,
}

impl Cost {
    /// The costs of a document of which some brought only their sum: what has no name is called a charge.
    ///
    /// # Errors
    /// [`Refusal::AmountTooLarge`], [`Refusal::MixedCurrencies`].
    pub fn all_of(charge: Money, mut named: Vec<Self>) -> Result<Vec<Self>, Refusal> {
        let known = Money::sum(charge.currency(), named.iter().map(|cost| cost.amount))?;
        let amount = charge.checked_sub(known)?;
        if !amount.is_zero() {
            let description = "Charge".to_owned();
            named.push(Self { description, amount });
        }
        Ok(named)
    }
}

/// Tax of one (category, rate) group (V8).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaxGroup {
    /// Category.
    pub category: TaxCategory,
    /// Rate.
    pub rate: TaxRate,
    /// What it is computed on.
    pub base: Money,
    /// The tax.
    pub tax: Money,
    /// Why no tax is due, for the categories that need a reason (V10).
    pub reason: Option<String>,
}

/// What a document adds up to (V7 to V9).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Totals {
    /// Sum of the rounded line nets.
    pub lines: Money,
    /// Taken off the document as a whole.
    pub discount: Money,
    /// Added to the document as a whole: the sum of its costs (I9).
    pub charge: Money,
    /// Without tax.
    pub net: Money,
    /// Tax by group.
    pub taxes: Vec<TaxGroup>,
    /// Sum of the groups' tax.
    pub tax: Money,
    /// Named cash rounding, mostly zero.
    pub rounding: Money,
    /// With tax.
    pub total: Money,
}
