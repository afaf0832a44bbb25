//! What a file may cost. All limits of the crate stand here.
//!
//! They are there for the machine, not for the business: a file beyond one of them is refused at the byte where it
//! goes beyond, and the message names the limit.

/// Limits of reading one upload.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the upload as it came, and of each unpacked CSV file: 200 MiB.
    pub file_bytes: u64,
    /// Rows of a CSV file without its heading: 2,000,000.
    pub rows: u64,
    /// Columns of a CSV file: 512.
    pub columns: usize,
    /// Bytes of one CSV field in UTF-8: 64 KiB.
    pub field_bytes: usize,
    /// Bytes of one CSV row in UTF-8: 1 MiB.
    pub row_bytes: usize,
    /// Bytes of one XML document in UTF-8, attachments included: 16 MiB.
    pub xml_bytes: u64,
    /// Elements within elements of an XML document: 32. UBL needs about ten.
    pub xml_depth: usize,
    /// Elements of an XML document: 500,000.
    pub xml_elements: usize,
    /// Lines, discounts and tax groups of one document together: 10,000.
    pub rows_per_document: usize,
    /// Files of an archive: 10,000.
    pub archive_entries: usize,
    /// Unpacked bytes of all files of an archive: 1 GiB.
    pub archive_bytes: u64,
    /// Unpacked bytes for one packed byte of a file of an archive: 250. Counted from 1 MiB on.
    pub archive_ratio: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            file_bytes: 200 * 1024 * 1024,
            rows: 2_000_000,
            columns: 512,
            field_bytes: 64 * 1024,
            row_bytes: 1024 * 1024,
            xml_bytes: 16 * 1024 * 1024,
            xml_depth: 32,
            xml_elements: 500_000,
            rows_per_document: 10_000,
            archive_entries: 10_000,
            archive_bytes: 1024 * 1024 * 1024,
            archive_ratio: 250,
        }
    }
}
