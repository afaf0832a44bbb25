//! The tables as SeaORM entities, nothing else: no rule, no query.
//!
//! A crate of its own because its macros are slow and it seldom changes. What columns mean stands in `migration`.
#![expect(
    missing_docs,
    reason = "columns are explained where they are created, in the migration crate"
)]

pub mod account;
pub mod account_currency;
pub mod allocation;
pub mod allocation_plan;
pub mod api_key;
pub mod attempt_line;
pub mod audit_entry;
pub mod audit_head;
pub mod autopay;
pub mod bank_entry;
pub mod bank_file;
pub mod billing_profile;
pub mod card;
pub mod codes;
pub mod company_mapping;
pub mod credit_note;
pub mod credit_note_line;
pub mod credit_note_part;
pub mod credit_note_tax;
pub mod dispute;
pub mod dispute_part;
pub mod email_change;
pub mod form_draft;
pub mod gateway_check;
pub mod gateway_comparison;
pub mod gateway_event;
pub mod gateway_finding;
pub mod idempotency;
pub mod import;
pub mod import_issue;
pub mod import_mapping;
pub mod import_row;
pub mod invitation;
pub mod invoice;
pub mod invoice_cost;
pub mod invoice_grant;
pub mod invoice_line;
pub mod invoice_party;
pub mod invoice_revision;
pub mod invoice_tax;
pub mod job;
pub mod mail;
pub mod membership;
pub mod number_counter;
pub mod password_reset;
pub mod payment;
pub mod payment_attachment;
pub mod payment_attempt;
pub mod pending_sign_in;
pub mod posting;
pub mod product_mapping;
pub mod recovery_code;
pub mod refund;
pub mod refund_line;
pub mod reminder;
pub mod reminder_setting;
pub mod reminder_stop;
pub mod role;
pub mod rollup;
pub mod rollup_line;
pub mod second_factor;
pub mod security_setting;
pub mod session;
pub mod sign_in_link;
pub mod sign_in_provider;
pub mod sign_in_request;
pub mod sign_in_throttle;
pub mod subsidiary;
pub mod tenant;
pub mod tenant_address;
pub mod tenant_group;
pub mod tenant_logo;
pub mod tenant_path;
pub mod tenant_tax_id;
pub mod typed_form;
pub mod user;
pub mod vendor_bill;
pub mod vendor_bill_line;
pub mod write_off;

pub use sea_orm::entity::prelude::{Date, DateTimeUtc, Json, Uuid};
