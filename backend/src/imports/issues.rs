//! Collects what is wrong with a file: all of it is counted, the first of it is kept.

use crate::{Error, scope::Tx};
use domain::{ids::ImportId, imports::ImportIssue};
use entity::{codes::Severity, import_issue};
use sea_orm::{ActiveValue::Set, ColumnTrait, QueryFilter};

/// The most issues of each kind that are kept.
const KEPT: usize = 1_000;

/// See the module.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Issues {
    errors: Vec<ImportIssue>,
    warnings: Vec<ImportIssue>,
    error_count: i64,
    warning_count: i64,
}

impl Issues {
    pub(super) fn error(&mut self, issue: ImportIssue) {
        self.error_count = self.error_count.saturating_add(1);
        if self.errors.len() < KEPT {
            self.errors.push(issue);
        }
    }

    pub(super) fn warning(&mut self, issue: ImportIssue) {
        self.warning_count = self.warning_count.saturating_add(1);
        if self.warnings.len() < KEPT {
            self.warnings.push(issue);
        }
    }

    /// Errors and warnings.
    pub(super) const fn counts(&self) -> (i64, i64) {
        (self.error_count, self.warning_count)
    }

    pub(super) const fn has_errors(&self) -> bool {
        self.error_count > 0
    }

    /// Writes them in place of what was found before, errors first, each kind in the order of the file.
    ///
    /// # Errors
    /// [`Error::Database`].
    pub(super) async fn write(&self, tx: &Tx, import: ImportId) -> Result<(), Error> {
        let seller = tx.actor().tenant();
        tx.delete::<import_issue::Entity>()
            .filter(import_issue::Column::SellerId.eq(seller.0))
            .filter(import_issue::Column::ImportId.eq(import.0))
            .exec(tx.db())
            .await?;
        let sorted = |issues: &[ImportIssue]| {
            let mut issues = issues.to_vec();
            issues.sort_by_key(|issue| issue.line);
            issues
        };
        let errors = sorted(&self.errors)
            .into_iter()
            .map(|issue| (Severity::Error, issue));
        let warnings = sorted(&self.warnings)
            .into_iter()
            .map(|issue| (Severity::Warning, issue));
        let mut rows = Vec::new();
        for ((severity, issue), seq) in errors.chain(warnings).zip(1_i64..) {
            rows.push(import_issue::ActiveModel {
                seller_id: Set(seller.0),
                import_id: Set(import.0),
                seq: Set(seq),
                severity: Set(severity),
                line: Set(i64::try_from(issue.line).ok()),
                field: Set(issue.field.map(|field| field.own_heading().to_owned())),
                content: Set(serde_json::to_value(&issue)?),
            });
        }
        tx.insert_all(rows).await
    }
}
