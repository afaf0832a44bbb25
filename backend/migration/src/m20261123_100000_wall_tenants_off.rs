//! Row security on all tables, as `backend/src/scope/visibility.rs` has it. A wall is wider than the view where a
//! transaction writes for the other side: a buyer's payment takes its receipt's number, tells the audit and leaves a job
//! at the seller whom it pays.

use crate::walls::{ME, Wall, by_area, in_any_area, sells_to_me};

crate::portable::migration! { walls: walls() }

fn walls() -> Vec<Wall> {
    let mut walls = vec![accounts(), mails(), invoices(), number_counters(), jobs()];
    walls.extend([users(), tenants(), tenant_paths()]);
    walls.extend(audit());
    walls.extend(
        [
            "account_currencies",
            "cards",
            "payment_attempts",
            "payments",
            "credit_notes",
        ]
        .map(Wall::two_sided),
    );
    walls.extend(
        [
            ("invoice_lines", "invoice_id", "invoices"),
            ("invoice_taxes", "invoice_id", "invoices"),
            ("invoice_parties", "invoice_id", "invoices"),
            ("attempt_lines", "attempt_id", "payment_attempts"),
            ("credit_note_lines", "credit_note_id", "credit_notes"),
            ("credit_note_taxes", "credit_note_id", "credit_notes"),
            ("allocations", "invoice_id", "invoices"),
        ]
        .map(|(table, key, whole)| Wall::part_of(table, key, whole)),
    );
    walls.extend(["imports", "import_rows", "import_issues", "import_mappings"].map(Wall::sellers_own));
    walls.extend(
        [
            "memberships",
            "sessions",
            "form_drafts",
            "idempotency",
            "roles",
            "invitations",
        ]
        .map(Wall::tenants_own),
    );
    walls.extend(["sign_in_throttle", "typed_forms", "password_resets"].map(Wall::systems_own));
    walls
}

/// With whom the tenant trades: on a side of the money those of that side, for the tenant itself all.
fn accounts() -> Wall {
    let (sold, bought) = (format!("seller_id = {ME}"), format!("buyer_id = {ME}"));
    let both = format!("({sold} OR {bought})");
    Wall::around("accounts").and("ALL", by_area(&sold, &bought, &both))
}

/// Who looks after the tenant's people writes letters to them in its name.
fn mails() -> Wall {
    let (sent, received) = (format!("seller_id = {ME}"), format!("buyer_id = {ME}"));
    Wall::around("mails").and(
        "ALL",
        by_area(&sent, &received, &format!("{sent} AND buyer_id IS NULL")),
    )
}

/// A buyer has no drafts.
fn invoices() -> Wall {
    let (sold, bought) = (
        format!("seller_id = {ME}"),
        format!("buyer_id = {ME} AND stage <> 'draft'"),
    );
    Wall::around("invoices").and("ALL", by_area(&sold, &bought, "false"))
}

/// A buyer's payment takes a receipt's number.
fn number_counters() -> Wall {
    let receipts = format!(
        "kind = 'receipt' AND {}",
        sells_to_me("number_counters.seller_id")
    );
    let own = format!("seller_id = {ME}");
    Wall::around("number_counters").and("ALL", by_area(&own, &receipts, "false"))
}

/// Entries are added and never changed, by nobody. Each names the tenant that acted.
fn audit() -> [Wall; 2] {
    let own = format!("tenant_id = {ME}");
    let of = |table: &str| format!("({own} OR {})", sells_to_me(&format!("{table}.tenant_id")));
    let document = "EXISTS (SELECT 1 FROM invoices whole \
         WHERE whole.seller_id = audit_entries.tenant_id AND whole.id = audit_entries.entity_id)";
    let seen = format!("({own} OR (entity_kind = 'invoice' AND {document}))");
    let acted = format!("actor_tenant_id = {ME} AND");
    let (told, told_to) = (
        format!("{acted} {own}"),
        format!("{acted} {}", of("audit_entries")),
    );
    [
        Wall::around("audit_entries")
            .and("SELECT", by_area(&own, &seen, &own))
            .and("INSERT", by_area(&told, &told_to, &told)),
        Wall::around("audit_heads").and("ALL", by_area(&own, &of("audit_heads"), &own)),
    ]
}

/// A buyer's payment leaves the mail to be sent at its seller.
fn jobs() -> Wall {
    let own = format!("tenant_id = {ME}");
    let left = format!("({own} OR {})", sells_to_me("jobs.tenant_id"));
    Wall::around("jobs")
        .and("SELECT", in_any_area(&own))
        .and("INSERT", by_area(&own, &left, &own))
        .and("UPDATE", in_any_area(&own))
        .and("DELETE", in_any_area(&own))
}

/// A person may belong to other tenants as well, so none of them changes what is the person's.
fn users() -> Wall {
    let member =
        format!("EXISTS (SELECT 1 FROM memberships m WHERE m.user_id = users.id AND m.tenant_id = {ME})");
    let system = in_any_area("false");
    Wall::around("users")
        .and("SELECT", in_any_area(&member))
        .and("INSERT", system.clone())
        .and("UPDATE", system.clone())
        .and("DELETE", system)
}

/// A tenant sees itself and whom it trades with on the side that it acts on, and changes itself.
fn tenants() -> Wall {
    let me = format!("id = {ME}");
    let buys_from_me = format!(
        "({me} OR EXISTS (SELECT 1 FROM accounts mine WHERE mine.seller_id = {ME} AND mine.buyer_id = tenants.id))"
    );
    let sells = format!("({me} OR {})", sells_to_me("tenants.id"));
    let system = in_any_area("false");
    Wall::around("tenants")
        .and("SELECT", by_area(&buys_from_me, &sells, &me))
        .and("INSERT", system.clone())
        .and("UPDATE", in_any_area(&me))
        .and("DELETE", system)
}

/// Where a tenant stands: above and below itself.
fn tenant_paths() -> Wall {
    let stands = format!("{ME} IN (ancestor_id, descendant_id)");
    let system = in_any_area("false");
    Wall::around("tenant_paths")
        .and("SELECT", in_any_area(&stands))
        .and("INSERT", system.clone())
        .and("UPDATE", system.clone())
        .and("DELETE", system)
}
