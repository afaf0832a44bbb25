//! Stored words read back, and the words on the screen are those that were agreed.

use super::*;

macro_rules! every_code_is_read_back {
    ($($name:ident: $kind:ident)+) => {$(
        #[test]
        fn $name() {
            for value in $kind::ALL {
                assert_eq!($kind::from_code(value.code()), Some(*value));
                let twins = |other: &&$kind| other.code() == value.code() || other.label() == value.label();
                assert_eq!($kind::ALL.iter().filter(twins).count(), 1, "{value:?}");
            }
            assert_eq!($kind::from_code(""), None);
            assert_eq!($kind::from_code("no such word"), None);
        }
    )+};
}

every_code_is_read_back! {
    every_stage_is_read_back: Stage
    every_status_is_read_back: Status
    every_source_is_read_back: Source
    every_sort_key_is_read_back: SortKey
    every_tax_category_is_read_back: TaxCategory
}

#[test]
fn statuses_and_sources_have_the_agreed_words() {
    let statuses: Vec<&str> = Status::ALL.iter().map(|status| status.label()).collect();
    assert_eq!(
        statuses,
        [
            "Draft",
            "Open",
            "Partially paid",
            "Overdue",
            "Paid",
            "Void",
            "Written off"
        ]
    );
    let sources: Vec<&str> = Source::ALL.iter().map(|source| source.label()).collect();
    assert_eq!(sources, ["Order", "ERP import", "Manual"]);
}
