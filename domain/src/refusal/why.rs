//! Reasons that refusals name.

use serde::{Deserialize, Serialize};

/// Why an invoice cannot be paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum NotPayable {
    /// Not issued yet.
    Draft,
    /// Nothing is open.
    Paid,
    /// It was voided.
    Void,
    /// What was open of it was written off, and that was not taken back.
    WrittenOff,
    /// All of what is open is being paid right now (V31).
    Pending,
}

/// Why a customer cannot become another one's subsidiary (V43).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum NotASubsidiary {
    /// It was to be its own.
    Itself,
    /// It has some of its own.
    HasSubsidiaries,
    /// The other one is somebody's subsidiary.
    ParentBelongs,
    /// No customer is called so.
    Nobody,
    /// Several customers are called so.
    Several,
}

/// Why a document cannot be edited, deleted, voided or written off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Locked {
    /// It was never issued, so there is nothing to void.
    Draft,
    /// It is void already.
    Void,
    /// What was open of it, or a part of that, was written off.
    WrittenOff,
    /// Nothing of it was written off.
    NotWrittenOff,
    /// It is complete (I7, V16).
    Complete,
    /// Money was allocated to it (I6, V16, V18).
    HasPayments,
    /// Credit was applied to it (V18).
    HasCredits,
    /// A rounding stands on the whole of it, which belongs to its lines as they are.
    HasRounding,
    /// A discount or cost of the whole bears a tax of its own, not that of the lines in proportion.
    TaxedApart,
    /// It is being paid right now (V31).
    Pending,
    /// A part of it is disputed and not answered (V18).
    HasDisputes,
    /// It stands in a bill of its parent (V40).
    RolledUp,
}

/// A number that a document states.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Figure {
    /// A line's net.
    LineNet,
    /// Sum of the line nets.
    Lines,
    /// Total without tax.
    Net,
    /// The base of a tax group.
    TaxBase,
    /// The tax of a group, or all of it.
    Tax,
    /// Total with tax.
    Total,
}
