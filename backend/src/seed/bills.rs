//! Roll-up bills of the demo customer over its subsidiaries' invoices: the oldest that are open are in one that is paid, the next in one
//! that is open. The rest is left for who tries the demo.

use crate::{
    Backend, Error, new_id, payments,
    rollups::{read::prepare, write::issue_in},
    transact::transact,
};
use chrono::NaiveDate;
use domain::{
    Currency, Money,
    access::{RecordPayments, WriteInvoices},
    ids::{AccountId, FormKey, TenantId},
    payments::{
        SubmitLine,
        offline::{PutTo, RecordPayment},
    },
    reconciliation::Month,
    rollups::{IssueRollup, Preview, RollupFields},
};
use entity::account;
use sea_orm::{ColumnTrait, QueryFilter};
use std::collections::BTreeSet;

/// So many months back the first invoice may be.
const MONTHS: u32 = 12;

/// Makes both, as far as there is anything to bill.
pub(super) async fn create(
    backend: &Backend,
    partner: TenantId,
    customer: TenantId,
    today: NaiveDate,
) -> Result<(), Error> {
    let operator = backend.operator(partner, "Demo data").await?;
    let scope = operator.permit::<WriteInvoices>()?;
    let found = scope
        .find::<account::Entity>()
        .filter(account::Column::BuyerId.eq(customer.0))
        .one(scope.db())
        .await?;
    let parent = AccountId(found.ok_or(Error::NotFound)?.id);
    let begin = Month::of(today).earlier(MONTHS).first();
    let all = prepare(&scope, fields(parent, begin, today)).await?.preview;
    let lines = all
        .iter()
        .flat_map(|all| &all.blocks)
        .flat_map(|block| &block.lines);
    let days: BTreeSet<NaiveDate> = lines.map(|line| line.issue_date).collect();
    let (mut bills, mut from) = (Vec::new(), None);
    for day in days.into_iter().take(2) {
        let fields = fields(parent, from.unwrap_or_else(|| Month::of(day).first()), day);
        from = day.succ_opt();
        if let Some(preview) = prepare(&scope, fields.clone()).await?.preview {
            let wanted = as_shown(fields, &preview)?;
            transact!(scope, tx => { issue_in(tx, &wanted).await })?;
            bills.push(preview);
        }
    }
    let Some(first) = bills.first() else { return Ok(()) };
    let scope = operator.permit::<RecordPayments>()?;
    let record = payment(parent, first, scope.today());
    transact!(scope, tx => { payments::offline::write(tx, &record).await.map(|_| ()) })
}

fn fields(parent: AccountId, from: NaiveDate, to: NaiveDate) -> RollupFields {
    RollupFields {
        account: parent.to_string(),
        currency: Currency::USD.code().to_owned(),
        period_from: from.to_string(),
        period_to: to.to_string(),
        ..RollupFields::default()
    }
}

/// The bill that the page would post.
fn as_shown(fields: RollupFields, preview: &Preview) -> Result<IssueRollup, Error> {
    let fields = RollupFields {
        key: preview.key.to_string(),
        due_date: preview.due_date.to_string(),
        seen: preview.total.minor().to_string(),
        shown: preview.shown.clone(),
        ..fields
    };
    Ok(fields.parse()?)
}

/// All of a bill, paid beside the portal.
fn payment(parent: AccountId, bill: &Preview, today: NaiveDate) -> RecordPayment {
    let lines = bill.blocks.iter().flat_map(|block| &block.lines);
    let whole = |amount: Money, invoice| SubmitLine {
        invoice,
        seen: amount,
        amount,
    };
    RecordPayment {
        key: FormKey(new_id()),
        account: parent,
        amount: bill.total,
        paid_on: today,
        memo: Some("Wire for the family".to_owned()),
        put: PutTo::Chosen,
        lines: lines.map(|line| whole(line.open, line.invoice)).collect(),
    }
}
