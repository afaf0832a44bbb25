//! The words of the enums: those that are stored and written into addresses, and those on the screen.
//!
//! The two are apart, so that a heading can be reworded without a migration.

use super::{SortKey, Source, Stage, Status, TaxCategory};

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident: $($variant:ident = $code:literal $label:literal),+;)+) => {$(
        impl $name {
            /// All of them, in the order of a choice.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word that is stored and stands in addresses.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code),+ }
            }

            /// Reads the stored word.
            pub fn from_code(code: &str) -> Option<Self> {
                match code { $($code => Some(Self::$variant),)+ _ => None }
            }

            /// The words on the screen.
            pub const fn label(self) -> &'static str {
                match self { $(Self::$variant => $label),+ }
            }
        }
    )+};
}
pub(crate) use codes;

codes! {
    Stage:
        Draft = "draft" "Draft",
        Open = "open" "Open",
        Paid = "paid" "Paid",
        Void = "void" "Void",
        WrittenOff = "written_off" "Written off";
    Status:
        Draft = "draft" "Draft",
        Open = "open" "Open",
        PartiallyPaid = "partially_paid" "Partially paid",
        Overdue = "overdue" "Overdue",
        Paid = "paid" "Paid",
        Void = "void" "Void",
        WrittenOff = "written_off" "Written off";
    Source:
        Order = "order" "Order",
        Import = "import" "ERP import",
        Manual = "manual" "Manual";
    SortKey:
        Due = "due" "Due",
        Issued = "issued" "Issued",
        Number = "number" "Invoice",
        Counterparty = "counterparty" "Customer",
        Order = "order" "Order",
        Source = "source" "Source",
        Total = "total" "Total",
        Open = "open" "Open",
        Status = "status" "Status";
    TaxCategory:
        S = "S" "Standard rate",
        Z = "Z" "Zero rate",
        E = "E" "Exempt",
        AE = "AE" "Reverse charge",
        K = "K" "Intra-community supply",
        G = "G" "Export",
        O = "O" "Outside the scope of tax";
}

#[cfg(test)]
mod tests;
