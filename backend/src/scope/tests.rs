//! Foreign rows are not found, roles are refused, transactions are whole.

use super::{Act, Visible};
use crate::{
    Error, Scope,
    invoices::{balance, read},
    testing::World,
    transact::transact,
};
use domain::{
    Refusal,
    access::{
        BuyerRole, ImportInvoices, ManagePeople, PayInvoices, Permission, Permit, Roles, SellerRole,
        ViewIssuedInvoices, ViewReceivedInvoices,
    },
    ids::InvoiceId,
};
use entity::{
    account, account_currency, allocation, allocation_plan, api_key, attempt_line, audit_entry, autopay,
    bank_entry, bank_file, billing_profile, card, company_mapping, credit_note, credit_note_line,
    credit_note_part, credit_note_tax, dispute, dispute_part, form_draft, gateway_check, gateway_comparison,
    gateway_finding, idempotency, import, import_issue, import_mapping, import_row, invitation, invoice,
    invoice_cost, invoice_grant, invoice_line, invoice_party, invoice_revision, invoice_tax, job, mail,
    membership, number_counter, payment, payment_attachment, payment_attempt, posting, product_mapping,
    refund, refund_line, reminder, reminder_setting, reminder_stop, role, rollup, rollup_line,
    security_setting, session, sign_in_link, sign_in_provider, subsidiary, tenant, tenant_address,
    tenant_group, tenant_logo, tenant_tax_id, user, vendor_bill, vendor_bill_line, write_off,
};
use sea_orm::{ColumnTrait, ConnectionTrait, PaginatorTrait, QueryFilter};

mod reach;
mod walls;

/// Rows of a table: how many there are, how many a scope's condition finds among all, and how many the database shows
/// when there is no condition.
struct Seen {
    table: &'static str,
    all: u64,
    seen: u64,
    shown: u64,
}

#[expect(clippy::disallowed_methods, reason = "counts everybody's rows to compare")]
async fn seen<E: Visible, P: Permit>(scope: &Scope<P>, table: &'static str) -> Seen
where
    E::Model: Send + Sync,
{
    let everything = scope.backend().system().db();
    Seen {
        table,
        all: E::find().count(everything).await.unwrap(),
        seen: scope.find::<E>().count(everything).await.unwrap(),
        shown: E::find().count(scope.db()).await.unwrap(),
    }
}

macro_rules! every_table {
    ($scope:expr, $($table:ident)+) => {
        vec![$(seen::<$table::Entity, _>($scope, stringify!($table)).await),+]
    };
}

async fn all_tables<P: Permit>(scope: &Scope<P>) -> Vec<Seen> {
    every_table!(scope,
        account account_currency allocation allocation_plan api_key attempt_line audit_entry autopay bank_entry bank_file billing_profile card company_mapping
        credit_note credit_note_line credit_note_part credit_note_tax dispute dispute_part form_draft gateway_check gateway_comparison gateway_finding idempotency import
        import_issue import_mapping import_row invitation invoice invoice_cost invoice_grant invoice_line invoice_party invoice_revision invoice_tax job mail
        membership number_counter payment payment_attachment payment_attempt posting product_mapping refund refund_line reminder reminder_setting
        reminder_stop role rollup rollup_line security_setting session sign_in_link sign_in_provider subsidiary tenant tenant_address tenant_group tenant_logo
        tenant_tax_id user vendor_bill vendor_bill_line write_off
    )
}

/// One row in every table, all of them between the distributor and Acme.
pub(crate) async fn a_row_everywhere(world: &World) -> InvoiceId {
    let id = world.acme().invoice("100.00").tax(19).paid("40.00").await;
    for statement in rows(world, id) {
        let done = world.backend.system().writer().execute_unprepared(&statement);
        done.await.unwrap_or_else(|error| panic!("{statement}: {error}"));
    }
    id
}

/// The statements that write those rows.
fn rows(world: &World, invoice: InvoiceId) -> Vec<String> {
    let acme = world.acme();
    let postgres = world.backend.system().db().get_database_backend() == sea_orm::DbBackend::Postgres;
    let literal = |id: uuid::Uuid| {
        if postgres {
            format!("'{id}'::uuid")
        } else {
            format!("x'{}'", id.simple())
        }
    };
    include_str!("tests_rows.sql")
        .lines()
        .filter(|line| !line.starts_with("--") && !line.is_empty())
        .map(|line| {
            line.replace("$SELLER", &literal(acme.seller().0))
                .replace("$BUYER", &literal(acme.id().0))
                .replace("$ACCOUNT", &literal(acme.account().0))
                .replace("$INVOICE", &literal(invoice.0))
                .replace("$SIBLING", &literal(world.borealis().id().0))
                .replace("$CHILD", &literal(world.daisy().id().0))
                .replace("$OTHER", &literal(world.party("Elm").id().0))
                .replace("$USER", &literal(acme.user().0))
                .replace("$ID", &literal(uuid::Uuid::from_u128(77)))
                .replace("$NOW", "'2026-03-15T12:00:00+00:00'")
        })
        .collect()
}

#[tokio::test]
async fn a_stranger_sees_no_row_of_any_table() {
    let world = World::new().await;
    a_row_everywhere(&world).await;
    let strangers = world.borealis();
    // What a stranger has of its own: itself, its account with its profile, its people, the history of its making. The logos are
    // of who trades with one of them. Families name two of them, which gives them nothing by itself.
    let own = |table: &str| {
        matches!(
            table,
            "tenant"
                | "user"
                | "membership"
                | "account"
                | "billing_profile"
                | "audit_entry"
                | "tenant_logo"
                | "subsidiary"
        )
    };
    for tables in [
        all_tables(&strangers.scope::<ViewIssuedInvoices>()).await,
        all_tables(&strangers.scope::<ViewReceivedInvoices>()).await,
        all_tables(&world.party("Fjord").scope::<ViewReceivedInvoices>()).await,
        all_tables(&world.daisy().scope::<ViewReceivedInvoices>()).await,
    ] {
        for Seen { table, all, seen, .. } in tables {
            assert!(all > 0, "the test has no row of {table}");
            assert!(own(table) || seen == 0, "{table}: {seen} of {all} are seen");
            assert!(seen < all, "{table}: all {all} are seen");
        }
    }
}

#[tokio::test]
async fn the_two_sides_of_a_document_see_it() {
    let world = World::new().await;
    a_row_everywhere(&world).await;
    let of_the_seller_alone = [
        "bank_entry",
        "bank_file",
        "company_mapping",
        "product_mapping",
        "reminder",
        "reminder_setting",
        "reminder_stop",
        "vendor_bill",
        "vendor_bill_line",
        "import",
        "import_issue",
        "import_mapping",
        "import_row",
        "number_counter",
        "write_off",
        "job",
        "session",
    ];
    let of_the_tenant_alone = [
        "api_key",
        "form_draft",
        "idempotency",
        "invitation",
        "job",
        "role",
        "security_setting",
        "session",
        "sign_in_link",
        "sign_in_provider",
        "tenant_address",
        "tenant_group",
        "tenant_tax_id",
    ];
    for Seen { table, seen, .. } in all_tables(&world.distributor().scope::<ViewIssuedInvoices>()).await {
        assert!(
            seen > 0 || of_the_tenant_alone.contains(&table),
            "the seller does not see {table}"
        );
    }
    for Seen { table, seen, .. } in all_tables(&world.acme().scope::<ViewReceivedInvoices>()).await {
        assert!(
            seen > 0 || of_the_seller_alone.contains(&table) || table.starts_with("gateway_"),
            "the buyer does not see {table}"
        );
    }
}

#[tokio::test]
async fn who_looks_after_the_tenant_sees_no_document_for_that() {
    let world = World::new().await;
    a_row_everywhere(&world).await;
    let of_the_tenant = [
        "account",
        "api_key",
        "membership",
        "session",
        "form_draft",
        "idempotency",
        "job",
        "role",
        "security_setting",
        "sign_in_link",
        "sign_in_provider",
        "invitation",
        "user",
        "tenant",
        "audit_entry",
        "invoice_grant",
        "tenant_group",
        "tenant_logo",
        "tenant_address",
        "tenant_tax_id",
        "subsidiary",
    ];
    let acme = all_tables(&world.acme().scope::<ManagePeople>()).await;
    let distributor = all_tables(&world.distributor().scope::<ManagePeople>()).await;
    for Seen { table, seen, .. } in acme.iter().chain(&distributor) {
        assert!(
            *seen == 0 || of_the_tenant.contains(table),
            "{table}: {seen} are seen"
        );
    }
    for Seen { table, seen, .. } in acme {
        assert!(seen > 0 || !of_the_tenant.contains(&table), "{table} is not seen");
    }
}

#[tokio::test]
async fn a_foreign_invoice_is_not_found_and_neither_is_ones_own_from_the_other_side() {
    let world = World::new().await;
    let id = world.acme().invoice("100.00").await;
    let bought: Scope<ViewReceivedInvoices> = world.acme().scope();
    let sold: Scope<ViewIssuedInvoices> = world.distributor().scope();
    read::find(&bought, id).await.unwrap();
    read::find(&sold, id).await.unwrap();
    let own_other_side: Scope<ViewIssuedInvoices> = world.acme().scope();
    let stranger: Scope<ViewReceivedInvoices> = world.borealis().scope();
    let below: Scope<ViewReceivedInvoices> = world.daisy().scope();
    assert!(matches!(
        read::find(&own_other_side, id).await,
        Err(Error::NotFound)
    ));
    assert!(matches!(read::find(&stranger, id).await, Err(Error::NotFound)));
    assert!(matches!(read::find(&below, id).await, Err(Error::NotFound)));
}

#[tokio::test]
async fn an_upper_tier_does_not_see_the_trade_below_it() {
    let world = World::new().await;
    let id = world.daisy().invoice("12.00").await;
    let distributor: Scope<ViewIssuedInvoices> = world.distributor().scope();
    assert!(matches!(read::find(&distributor, id).await, Err(Error::NotFound)));
}

#[tokio::test]
async fn a_buyer_does_not_see_drafts_nor_their_parts() {
    let world = World::new().await;
    let id = world.acme().invoice("100.00").draft().await;
    let bought: Scope<ViewReceivedInvoices> = world.acme().scope();
    assert!(matches!(read::find(&bought, id).await, Err(Error::NotFound)));
    let lines = bought
        .find::<invoice_line::Entity>()
        .all(bought.db())
        .await
        .unwrap();
    assert!(lines.is_empty());
    let sold: Scope<ViewIssuedInvoices> = world.distributor().scope();
    read::find(&sold, id).await.unwrap();
}

#[tokio::test]
async fn a_role_without_the_permission_gets_no_scope() {
    let world = World::new().await;
    let roles = |seller, buyer| world.acme().actor(Roles { seller, buyer });
    let refused = |permission: Permission| Refusal::NotPermitted {
        permission: permission.label().to_owned(),
    };
    let sales = roles(Some(SellerRole::Sales), None);
    sales.permit::<ViewIssuedInvoices>().unwrap();
    assert!(
        matches!(sales.permit::<ImportInvoices>(), Err(Error::Forbidden(r)) if r == refused(Permission::ImportInvoices))
    );
    assert!(matches!(
        sales.permit::<ViewReceivedInvoices>(),
        Err(Error::Forbidden(_))
    ));
    let viewer = roles(None, Some(BuyerRole::Viewer));
    viewer.permit::<ViewReceivedInvoices>().unwrap();
    assert!(
        matches!(viewer.permit::<PayInvoices>(), Err(Error::Forbidden(r)) if r == refused(Permission::PayInvoices))
    );
    let distributor = world.distributor().actor(Roles {
        seller: None,
        buyer: Some(BuyerRole::Admin),
    });
    assert!(matches!(
        distributor.permit::<PayInvoices>(),
        Err(Error::Forbidden(_))
    ));
}

#[tokio::test]
async fn what_a_refused_transaction_wrote_is_gone_with_its_audit() {
    let world = World::new().await;
    let id = world.acme().invoice("100.00").await;
    let scope: Scope<ViewIssuedInvoices> = world.distributor().scope();
    let entries = async || {
        scope
            .find::<audit_entry::Entity>()
            .count(scope.db())
            .await
            .unwrap()
    };
    let owner = world.distributor().id();
    let before = entries().await;
    let outcome: Result<(), Error> = async {
        transact!(scope, tx => {
            let change = balance::Change { paid: 100, ..Default::default() };
            balance::change(tx, owner, id, change).await?;
            tx.audit(Act::new(owner, "pay", "invoice", id.0));
            Err(Refusal::NothingChosen.into())
        })
    }
    .await;
    assert!(matches!(outcome, Err(Error::Refused(Refusal::NothingChosen))));
    assert_eq!(read::find(&scope, id).await.unwrap().paid.minor(), 0);
    assert_eq!(entries().await, before);
}

#[tokio::test]
async fn a_balance_never_goes_below_nothing_nor_holds_more_than_is_open() {
    let world = World::new().await;
    let id = world.acme().invoice("100.00").await;
    let scope: Scope<ViewIssuedInvoices> = world.distributor().scope();
    let owner = world.distributor().id();
    for (paid, credited, reserved) in [
        (10_001, 0, 0),
        (0, 10_001, 0),
        (0, 0, 10_001),
        (9_000, 0, 1_001),
        (-1, 0, 0),
    ] {
        let change = balance::Change {
            paid,
            credited,
            reserved,
        };
        let outcome: Result<(), Error> =
            async { transact!(scope, tx => { balance::change(tx, owner, id, change).await.map(|_| ()) }) }
                .await;
        assert!(matches!(outcome, Err(Error::Conflict)), "{change:?}");
    }
}

#[tokio::test]
async fn numbers_of_what_happened_have_no_gap_though_many_write_at_once() {
    let world = World::new().await;
    let scope: Scope<ViewIssuedInvoices> = world.distributor().scope();
    let owner = world.distributor().id();
    let write = async || -> Result<(), Error> {
        transact!(scope, tx => {
            tx.audit(Act::new(owner, "note", "tenant", owner.0));
            tx.audit(Act::new(owner, "note", "tenant", owner.0));
            Ok(())
        })
    };
    let writes = (0..12).map(|_| write());
    for outcome in futures::future::join_all(writes).await {
        outcome.unwrap();
    }
    assert_eq!(crate::check::run(&world.backend).await.unwrap(), Vec::new());
    let notes = scope
        .find::<audit_entry::Entity>()
        .filter(audit_entry::Column::Action.eq("note"));
    assert_eq!(notes.count(scope.db()).await.unwrap(), 24);
}

/// A request handler must be able to wait for a transaction on any thread.
#[expect(dead_code, reason = "it is enough that it compiles")]
fn a_transaction_can_be_awaited_in_a_request(scope: &Scope<ViewIssuedInvoices>, id: InvoiceId) -> impl Send {
    let scope = scope.clone();
    async move {
        let new: Option<crate::invoices::write::NewInvoice> = None;
        if let Some(new) = new {
            let _ = crate::invoices::write::issue(&scope, &new).await;
        }
        let _ = read::find(&scope, id).await;
    }
}
