//! A hash of every table, to see that a request changed nothing.

use crate::testing::World;
use sea_orm::EntityTrait;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

impl World {
    /// A fingerprint of each table that a request could change, but of what sign-in and failed forms leave behind.
    #[expect(clippy::disallowed_methods, reason = "everybody's rows, to compare")]
    pub async fn fingerprint(&self) -> BTreeMap<&'static str, String> {
        let mut all = BTreeMap::new();
        macro_rules! add {
            ($($table:ident)+) => {$(
                let rows = entity::$table::Entity::find()
                    .into_json()
                    .all(self.backend.system().db())
                    .await
                    .unwrap();
                let mut rows: Vec<String> = rows.iter().map(ToString::to_string).collect();
                rows.sort_unstable();
                let hash = Sha256::digest(rows.join("\n"));
                all.insert(stringify!($table), hash.iter().map(|byte| format!("{byte:02x}")).collect());
            )+};
        }
        add!(
        account account_currency allocation allocation_plan api_key attempt_line audit_entry audit_head
        autopay bank_entry bank_file billing_profile card company_mapping credit_note credit_note_line
        credit_note_part credit_note_tax dispute dispute_part email_change form_draft gateway_check gateway_comparison
        gateway_event gateway_finding idempotency import import_issue import_mapping import_row
        invitation invoice invoice_cost invoice_grant invoice_line invoice_party invoice_revision
        invoice_tax job mail membership number_counter password_reset payment payment_attachment
        payment_attempt posting product_mapping recovery_code refund refund_line reminder
        reminder_setting reminder_stop role rollup rollup_line second_factor security_setting
        sign_in_link sign_in_provider subsidiary tenant tenant_address tenant_group tenant_logo
        tenant_path tenant_tax_id user vendor_bill vendor_bill_line write_off
        );
        all
    }
}
