//! The schema, one change a file, the same text for SQLite and PostgreSQL.
//!
//! [`run`] applies what is missing in one transaction behind a lock row, so two nodes may start at once and a killed
//! start leaves nothing half done (K19). A landed migration is never edited: expand, move, contract.

mod lock;
mod m20261121_090000_create_tenants;
mod m20261121_090100_create_users;
mod m20261121_090200_create_accounts;
mod m20261121_090300_create_imports;
mod m20261121_090400_create_invoices;
mod m20261121_090500_index_invoice_lists;
mod m20261121_090600_create_payments;
mod m20261121_090700_create_credit_notes;
mod m20261121_090800_create_allocations;
mod m20261121_090900_create_jobs;
mod m20261121_091000_create_audit_entries;
mod m20261121_091100_create_typed_forms;
mod m20261121_091200_index_attempts_of_buyers;
mod m20261122_100000_chain_audit_entries;
mod m20261122_110000_create_roles_and_invitations;
mod m20261122_120000_index_audit;
mod m20261123_100000_wall_tenants_off;
mod m20261123_100100_cover_the_wall;
mod m20261123_110000_open_and_close_tenants;
mod m20261124_090000_create_second_factors;
mod m20261124_100000_let_customers_invite;
mod m20261125_090000_create_sign_in_providers;
mod m20261126_090000_open_the_ledger;
mod m20261126_100000_index_payments;
mod m20261126_110000_credit_lines;
mod m20261127_090000_let_parents_reach_subsidiaries;
mod m20261127_100000_keep_more_addresses_and_tax_ids;
mod m20261128_090000_create_refunds;
mod m20261128_100000_create_revisions;
mod m20261129_090000_create_bank_files;
mod m20261130_090000_pay_by_itself;
mod m20261201_090000_create_vendor_bills;
mod m20261201_100000_let_users_reconcile;
mod m20261202_090000_create_api_keys;
mod m20261203_090000_write_invoices_off;
mod m20261203_100000_dispute_invoices;
mod m20261204_090000_list_jobs;
mod m20261205_090000_create_allocation_plans;
mod m20261206_090000_create_billing_profiles;
mod m20261206_100000_attach_files_to_payments;
mod m20261207_090000_debit_banks;
mod m20261208_090000_let_parents_pay_for_subsidiaries;
mod m20261209_090000_index_credit_of_refunds;
mod m20261210_090000_compare_with_the_gateway;
mod m20261211_090000_let_buyers_use_what_lies_there;
mod m20261211_100000_list_tries_of_a_day;
mod m20261212_090000_create_invoice_costs;
mod m20261213_090000_create_rollups;
mod m20261214_090000_remind_of_overdue_invoices;
mod m20261215_090000_find_recorded_charges;
mod m20261215_100000_plan_the_walls_quickly;
mod m20261217_090000_freeze_parties_of_credit_notes;
mod m20261218_090000_credit_several_invoices;
mod m20261219_090000_date_withdrawn_rollups;
mod m20261220_090000_list_disputes;
mod m20261220_100000_reopen_disputes;
mod portable;
mod rights;
mod walls;

pub use lock::{expected_version, run};
pub use m20261126_090000_open_the_ledger::of_documents;

use sea_orm_migration::{MigrationTrait, MigratorTrait, async_trait};

/// The list of changes, oldest first.
#[derive(Debug)]
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261121_090000_create_tenants::Migration),
            Box::new(m20261121_090100_create_users::Migration),
            Box::new(m20261121_090200_create_accounts::Migration),
            Box::new(m20261121_090300_create_imports::Migration),
            Box::new(m20261121_090400_create_invoices::Migration),
            Box::new(m20261121_090500_index_invoice_lists::Migration),
            Box::new(m20261121_090600_create_payments::Migration),
            Box::new(m20261121_090700_create_credit_notes::Migration),
            Box::new(m20261121_090800_create_allocations::Migration),
            Box::new(m20261121_090900_create_jobs::Migration),
            Box::new(m20261121_091000_create_audit_entries::Migration),
            Box::new(m20261121_091100_create_typed_forms::Migration),
            Box::new(m20261121_091200_index_attempts_of_buyers::Migration),
            Box::new(m20261122_100000_chain_audit_entries::Migration),
            Box::new(m20261122_110000_create_roles_and_invitations::Migration),
            Box::new(m20261122_120000_index_audit::Migration),
            Box::new(m20261123_100000_wall_tenants_off::Migration),
            Box::new(m20261123_100100_cover_the_wall::Migration),
            Box::new(m20261123_110000_open_and_close_tenants::Migration),
            Box::new(m20261124_090000_create_second_factors::Migration),
            Box::new(m20261124_100000_let_customers_invite::Migration),
            Box::new(m20261125_090000_create_sign_in_providers::Migration),
            Box::new(m20261126_090000_open_the_ledger::Migration),
            Box::new(m20261126_100000_index_payments::Migration),
            Box::new(m20261126_110000_credit_lines::Migration),
            Box::new(m20261127_090000_let_parents_reach_subsidiaries::Migration),
            Box::new(m20261127_100000_keep_more_addresses_and_tax_ids::Migration),
            Box::new(m20261128_090000_create_refunds::Migration),
            Box::new(m20261128_100000_create_revisions::Migration),
            Box::new(m20261129_090000_create_bank_files::Migration),
            Box::new(m20261130_090000_pay_by_itself::Migration),
            Box::new(m20261201_090000_create_vendor_bills::Migration),
            Box::new(m20261201_100000_let_users_reconcile::Migration),
            Box::new(m20261202_090000_create_api_keys::Migration),
            Box::new(m20261203_090000_write_invoices_off::Migration),
            Box::new(m20261203_100000_dispute_invoices::Migration),
            Box::new(m20261204_090000_list_jobs::Migration),
            Box::new(m20261205_090000_create_allocation_plans::Migration),
            Box::new(m20261206_090000_create_billing_profiles::Migration),
            Box::new(m20261206_100000_attach_files_to_payments::Migration),
            Box::new(m20261207_090000_debit_banks::Migration),
            Box::new(m20261208_090000_let_parents_pay_for_subsidiaries::Migration),
            Box::new(m20261209_090000_index_credit_of_refunds::Migration),
            Box::new(m20261210_090000_compare_with_the_gateway::Migration),
            Box::new(m20261211_090000_let_buyers_use_what_lies_there::Migration),
            Box::new(m20261211_100000_list_tries_of_a_day::Migration),
            Box::new(m20261212_090000_create_invoice_costs::Migration),
            Box::new(m20261213_090000_create_rollups::Migration),
            Box::new(m20261214_090000_remind_of_overdue_invoices::Migration),
            Box::new(m20261215_090000_find_recorded_charges::Migration),
            Box::new(m20261215_100000_plan_the_walls_quickly::Migration),
            Box::new(m20261217_090000_freeze_parties_of_credit_notes::Migration),
            Box::new(m20261218_090000_credit_several_invoices::Migration),
            Box::new(m20261219_090000_date_withdrawn_rollups::Migration),
            Box::new(m20261220_090000_list_disputes::Migration),
            Box::new(m20261220_100000_reopen_disputes::Migration),
        ]
    }
}
