//! Bank accounts beside cards, and payments that a bank takes days for.
//!
//! What is saved says what it is; a bank account's mandate is kept as far as it is shown. An attempt that the bank works on
//! is looked up at `look_up_at`, further and further apart.

use crate::portable::{self, Check};
use sea_orm_migration::sea_orm::DeriveMigrationName;
use sea_orm_migration::{DbErr, MigrationTrait, SchemaManager, async_trait};

/// See the file's header.
#[derive(Debug, DeriveMigrationName)]
pub(crate) struct Migration;

const COLUMNS: &str = "
ALTER TABLE cards ADD COLUMN kind text NOT NULL DEFAULT 'card'
    CHECK (kind IN ('card', 'us_bank_account', 'sepa_debit'));
ALTER TABLE cards ADD COLUMN mandate text;
ALTER TABLE cards ADD COLUMN mandate_at INSTANT;
ALTER TABLE payment_attempts ADD COLUMN kind text NOT NULL DEFAULT 'card'
    CHECK (kind IN ('card', 'us_bank_account', 'sepa_debit'));
ALTER TABLE payment_attempts ADD COLUMN look_up_at INSTANT
";

/// After the constraint of the states, which some databases hold the index against.
const INDEX: &str = "
CREATE INDEX payment_attempts_processing ON payment_attempts (look_up_at) WHERE state = 'processing'
";

const STATES: Check = Check {
    name: "payment_attempts_state_check",
    before: "(state IN ('submitted', 'needs_action', 'unknown', 'succeeded', 'failed'))",
    after: "(state IN ('submitted', 'needs_action', 'unknown', 'processing', 'succeeded', 'failed'))",
};

const METHODS: [Check; 2] = [
    Check {
        name: "payments_method_check",
        before: "(method IN ('card', 'offline', 'opening'))",
        after: "(method IN ('card', 'bank_debit', 'offline', 'opening'))",
    },
    Check {
        name: "payments_check",
        before: "((method = 'card') = (brand IS NOT NULL AND last4 IS NOT NULL))",
        after: "((method IN ('card', 'bank_debit')) = (brand IS NOT NULL AND last4 IS NOT NULL))",
    },
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        portable::run(manager, COLUMNS).await?;
        portable::change_checks(manager, "payment_attempts", &[STATES]).await?;
        portable::change_checks(manager, "payments", &METHODS).await?;
        portable::run(manager, INDEX).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        portable::run(manager, "DROP INDEX payment_attempts_processing").await?;
        portable::change_checks(manager, "payments", &METHODS.map(Check::back)).await?;
        portable::change_checks(manager, "payment_attempts", &[STATES.back()]).await?;
        let columns = [
            ("cards", "kind"),
            ("cards", "mandate"),
            ("cards", "mandate_at"),
            ("payment_attempts", "kind"),
            ("payment_attempts", "look_up_at"),
        ];
        portable::drop_columns(manager, &columns).await
    }
}
