//! Fills an empty database: one seller, its buyers, and as many invoices as are asked for, with their lines, taxes,
//! parties, payments and audit, in a few statements over a series of numbers.
//!
//! Indexes are taken away first and made again afterwards, which is several times faster. One invoice in ten goes to
//! the largest buyer; one in ten is open, a third of those overdue; most are paid.

use crate::{
    Outcome,
    db::{Db, Kind, Statement, Value},
    people::{self, BUYERS, ID_TIME, Made, People, id, largest},
};
use entity::{
    audit_entry::{self, NOTHING_BEFORE, link},
    codes::ActorKind,
};
use sea_orm::DbBackend;
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// Entries of the audit that are written at once.
const AT_ONCE: usize = 1_000;

/// Words in which the two databases differ.
struct Words {
    sqlite: bool,
    now: String,
    today: String,
}

impl Words {
    fn id(&self, kind: Made, number: &str) -> String {
        let kind = kind as u8;
        if self.sqlite {
            format!("unhex(printf('%012x700{kind}8000%012x', {ID_TIME} + {number}, {number}))")
        } else {
            format!(
                "(lpad(to_hex({ID_TIME} + ({number})::bigint), 12, '0') || '700{kind}8000' \
                 || lpad(to_hex(({number})::bigint), 12, '0'))::uuid"
            )
        }
    }

    fn known(&self, id: Uuid) -> String {
        if self.sqlite {
            format!("x'{}'", id.simple())
        } else {
            format!("'{id}'::uuid")
        }
    }

    fn day(&self, days: &str) -> String {
        if self.sqlite {
            format!("date('{}', ({days}) || ' days')", self.today)
        } else {
            format!("(date '{}' + ({days})::int)", self.today)
        }
    }

    fn now(&self) -> String {
        if self.sqlite {
            format!("'{}'", self.now)
        } else {
            format!("'{}'::timestamptz", self.now)
        }
    }

    fn digits(&self, number: &str, width: usize) -> String {
        if self.sqlite {
            format!("printf('%0{width}d', {number})")
        } else {
            format!("lpad(({number})::text, {width}, '0')")
        }
    }

    /// Numbers from 1 to a count, as `n`.
    fn numbers(&self, count: u64) -> String {
        if self.sqlite {
            format!(
                "WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {count})"
            )
        } else {
            format!("WITH numbers AS (SELECT n FROM generate_series(1::bigint, {count}::bigint) AS n)")
        }
    }
}

/// Fills the database and returns who is signed in there.
pub(crate) async fn fill(db: &Db, count: u64, people: &People) -> Outcome {
    let words = Words {
        sqlite: db.is_sqlite(),
        now: people.now.to_rfc3339(),
        today: people.now.date_naive().to_string(),
    };
    let indexes = take_indexes(db).await?;
    trade(db, &words, people).await?;
    invoices(db, &words, count).await?;
    parts(db).await?;
    audit(db, &words, count, people).await?;
    settle(db, &words, count).await?;
    let backend = if db.is_sqlite() {
        DbBackend::Sqlite
    } else {
        DbBackend::Postgres
    };
    for statement in migration::of_documents(backend) {
        db.script(&statement).await?;
    }
    for index in indexes {
        db.script(&index).await?;
    }
    if !db.is_sqlite() {
        // What the server does by itself after a while.
        db.script("VACUUM ANALYZE").await?;
    }
    Ok(())
}

/// Drops the indexes of the large tables that are no constraints, and returns how they are made again.
async fn take_indexes(db: &Db) -> Outcome<Vec<String>> {
    const TABLES: &str = "('invoices', 'payments', 'allocations', 'postings', 'audit_entries')";
    let text = if db.is_sqlite() {
        format!(
            "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN {TABLES}"
        )
    } else {
        format!(
            "SELECT indexname::text, indexdef FROM pg_indexes WHERE tablename IN {TABLES} AND schemaname = 'public' \
             AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conname = indexname)"
        )
    };
    let found = db
        .rows(&Statement::new(text, Vec::new(), &[Kind::Text, Kind::Text]))
        .await?;
    let mut made = Vec::with_capacity(found.len());
    for row in found {
        if let [Value::Text(name), Value::Text(text)] = row.as_slice() {
            db.script(&format!("DROP INDEX {name}")).await?;
            made.push(text.clone());
        }
    }
    Ok(made)
}

/// Tenants, accounts, two people with a session each, and a saved card.
async fn trade(db: &Db, words: &Words, people: &People) -> Outcome {
    let now = words.now();
    let buyers = words.numbers(u64::from(BUYERS));
    let (seller, buyer, account) = (
        words.id(Made::Tenant, "0"),
        words.id(Made::Tenant, "n"),
        words.id(Made::Account, "n"),
    );
    let name = format!(
        "CASE WHEN n = 1 THEN 'Largest Trading' ELSE 'Customer ' || {} END",
        words.digits("n", 3)
    );
    db.script(&format!(
        "INSERT INTO tenants (id, parent_id, kind, name, locale, time_zone, currency, accent, billing_email, street, \
         city, postal_code, country, created_at) VALUES ({seller}, NULL, 'distributor', 'Northwind Supply', 'en-US', \
         'UTC', 'USD', 'indigo', 'billing@northwind.example', '1 Main Street', 'Springfield', '12345', 'US', {now})"
    ))
    .await?;
    db.script(&format!(
        "INSERT INTO tenants (id, parent_id, kind, name, external_id, locale, time_zone, currency, accent, \
         billing_email, street, city, postal_code, country, created_at) {buyers} SELECT {buyer}, {seller}, 'partner', \
         {name}, 'C-' || n, 'en-US', 'UTC', 'USD', 'indigo', 'billing@buyer.example', '2 Side Street', 'Shelbyville', \
         '54321', 'US', {now} FROM numbers"
    ))
    .await?;
    db.script("INSERT INTO tenant_paths (ancestor_id, descendant_id, depth) SELECT id, id, 0 FROM tenants")
        .await?;
    db.script(
        "INSERT INTO tenant_paths (ancestor_id, descendant_id, depth) SELECT parent_id, id, 1 FROM tenants \
         WHERE parent_id IS NOT NULL",
    )
    .await?;
    db.script(&format!(
        "INSERT INTO accounts (seller_id, id, buyer_id, external_id, terms_days, gateway_customer, seller_name, \
         buyer_name, seller_search, buyer_search, created_at) {buyers} SELECT {seller}, {account}, {buyer}, 'C-' || n, \
         30, 'cus_' || n, 'Northwind Supply', {name}, 'northwind supply', lower({name}) || ' c-' || n, {now} \
         FROM numbers"
    ))
    .await?;
    db.script(
        "INSERT INTO billing_profiles (seller_id, id, account_id, buyer_id, name, content, is_default, created_at) \
         SELECT seller_id, id, id, buyer_id, 'Main', '{\"name\":\"Main\",\"contacts\":[]}', TRUE, created_at FROM accounts",
    )
    .await?;
    db.script(
        "INSERT INTO account_currencies (seller_id, account_id, buyer_id, currency) \
         SELECT seller_id, id, buyer_id, 'USD' FROM accounts",
    )
    .await?;
    let card = words.id(Made::Card, "1");
    let first_account = words.id(Made::Account, "1");
    let first_buyer = words.id(Made::Tenant, "1");
    db.script(&format!(
        "INSERT INTO cards (seller_id, id, account_id, buyer_id, gateway_token, brand, last4, exp_month, exp_year, \
         is_default, created_at) VALUES ({seller}, {card}, {first_account}, {first_buyer}, 'pm_saved', 'visa', '4242', \
         12, 2034, true, {now})"
    ))
    .await?;
    for (number, tenant, role, token) in [
        (0, id(Made::Tenant, 0), "seller_role", &people.seller_token),
        (1, largest(), "buyer_role", &people.buyer_token),
    ] {
        sign_in(db, words, id(Made::User, number), tenant, role, token).await?;
    }
    Ok(())
}

async fn sign_in(db: &Db, words: &Words, user: Uuid, tenant: Uuid, role: &str, token: &str) -> Outcome {
    let now = words.now();
    let later = if words.sqlite {
        "'2999-01-01T00:00:00+00:00'"
    } else {
        "timestamptz '2999-01-01T00:00:00+00:00'"
    };
    let hash: String = Sha256::digest(token.as_bytes())
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let statements = [
        (
            format!(
                "INSERT INTO users (id, email, name, password_hash, created_at) \
                 VALUES ($1, $2, 'Somebody', 'no password', {now})"
            ),
            vec![Value::Id(user), Value::Text(format!("{role}@bench.example"))],
        ),
        (
            format!(
                "INSERT INTO memberships (user_id, tenant_id, {role}, created_at) VALUES ($1, $2, 'admin', {now})"
            ),
            vec![Value::Id(user), Value::Id(tenant)],
        ),
        (
            format!(
                "INSERT INTO sessions (token_hash, user_id, tenant_id, created_at, seen_at, expires_at) \
                 VALUES ($1, $2, $3, {now}, {now}, {later})"
            ),
            vec![Value::Text(hash), Value::Id(user), Value::Id(tenant)],
        ),
    ];
    for (text, values) in statements {
        db.rows(&Statement::write(text, values)).await?;
    }
    Ok(())
}

async fn invoices(db: &Db, words: &Words, count: u64) -> Outcome {
    let buyer_number = format!(
        "CASE WHEN n % 10 = 3 THEN 1 ELSE 2 + (n * 7919) % {} END",
        BUYERS - 1
    );
    // The largest buyer has no drafts, so that it sees exactly a tenth of all.
    let stage = "CASE WHEN n / 10 % 100 < 10 THEN 'open' WHEN n / 10 % 100 < 13 THEN 'partly_paid' \
                 WHEN n / 10 % 100 < 98 OR n % 10 = 3 THEN 'paid' WHEN n / 10 % 100 < 99 THEN 'void' ELSE 'draft' END";
    let due_days =
        "CASE WHEN n / 10 % 100 < 13 THEN (n * 31) % 90 - 30 ELSE 0 - 30 - (n * 7919) % 700 END".to_owned();
    let (due, issued) = (words.day("due_days"), words.day("due_days - 30"));
    let number = format!("'INV-' || {}", words.digits("n", 8));
    let (seller, invoice) = (words.id(Made::Tenant, "0"), words.id(Made::Invoice, "n"));
    let (account, buyer) = (words.id(Made::Account, "b"), words.id(Made::Tenant, "b"));
    let name = format!(
        "CASE WHEN b = 1 THEN 'Largest Trading' ELSE 'Customer ' || {} END",
        words.digits("b", 3)
    );
    let now = words.now();
    let day_or_null = if words.sqlite { "NULL" } else { "NULL::date" };
    db.script(&format!(
        "INSERT INTO invoices (seller_id, id, account_id, profile_id, buyer_id, stage, source, number, order_id, currency, \
         issue_date, due_date, lines_minor, discount_minor, charge_minor, net_minor, tax_minor, rounding_minor, \
         total_minor, paid_minor, credited_minor, open_minor, reserved_minor, buyer_name, buyer_external_id, \
         seller_name, number_key, order_key, buyer_key, seller_key, issue_key, version, created_at) \
         {numbers}, facts AS (SELECT n, {buyer_number} AS b, {stage} AS stage, {due_days} AS due_days, \
         1000 + (n * 7919) % 900000 AS net FROM numbers), \
         sums AS (SELECT n, b, stage, due_days, net, net * 8 / 100 AS tax, net + net * 8 / 100 AS total, \
         CASE stage WHEN 'paid' THEN net + net * 8 / 100 WHEN 'partly_paid' THEN 500 ELSE 0 END AS paid, \
         CASE WHEN stage = 'draft' THEN NULL ELSE {number} END AS number FROM facts) \
         SELECT {seller}, {invoice}, {account}, {account}, {buyer}, stage, CASE WHEN n % 3 = 0 THEN 'order' ELSE 'import' END, \
         number, CASE WHEN n % 3 = 0 THEN 'ORD-' || n ELSE NULL END, 'USD', \
         CASE WHEN stage = 'draft' THEN {day_or_null} ELSE {issued} END, {due}, net, 0, 0, net, tax, 0, total, paid, 0, \
         CASE WHEN stage = 'void' THEN 0 ELSE total - paid END, 0, {name}, 'C-' || b, 'Northwind Supply', \
         coalesce(lower(number), ''), CASE WHEN n % 3 = 0 THEN 'ord-' || n ELSE '' END, lower({name}), \
         'northwind supply', {issued}, 1, {now} FROM sums",
        numbers = words.numbers(count),
    ))
    .await
}

/// Two lines, a tax and two parties for each invoice.
async fn parts(db: &Db) -> Outcome {
    for (position, net) in [(1, "net_minor / 2"), (2, "net_minor - net_minor / 2")] {
        db.script(&format!(
            "INSERT INTO invoice_lines (seller_id, invoice_id, position, item_code, description, quantity, unit_price, \
             discount_minor, net_minor, tax_category, tax_rate) SELECT seller_id, id, {position}, 'SVC-{position}', \
             'Service of the month', 1000000, ({net}) * 10000, 0, {net}, 'S', 80000 FROM invoices"
        ))
        .await?;
    }
    db.script(
        "INSERT INTO invoice_taxes (seller_id, invoice_id, category, rate, base_minor, tax_minor) \
         SELECT seller_id, id, 'S', 80000, net_minor, tax_minor FROM invoices",
    )
    .await?;
    for role in ["seller", "buyer"] {
        db.script(&format!(
            "INSERT INTO invoice_parties (seller_id, invoice_id, role, name, street, city, postal_code, country) \
             SELECT seller_id, id, '{role}', {role}_name, '1 Main Street', 'Springfield', '12345', 'US' FROM invoices"
        ))
        .await?;
    }
    Ok(())
}

/// An entry for each invoice, each with the hash of the one before, so that the chain holds.
async fn audit(db: &Db, words: &Words, count: u64, people: &People) -> Outcome {
    let (seller, now) = (words.known(people::seller()), words.now());
    let mut last = NOTHING_BEFORE.to_owned();
    let mut rows = Vec::with_capacity(AT_ONCE);
    for number in 1..=count {
        let entry = audit_entry::Model {
            tenant_id: people::seller(),
            seq: i64::try_from(number)?,
            id: id(Made::Audit, number),
            at: people.now,
            actor_kind: ActorKind::Import,
            actor_id: None,
            actor_name: "Import".to_owned(),
            actor_tenant_id: Some(people::seller()),
            action: "import".to_owned(),
            entity_kind: "invoice".to_owned(),
            entity_id: id(Made::Invoice, number),
            before: None,
            after: None,
            reason: None,
            request_id: None,
            address: None,
            prev_hash: None,
            hash: None,
        };
        let hash = link(&last, &entry.covered());
        rows.push(format!(
            "({seller}, {number}, {}, {now}, 'import', 'Import', {seller}, 'import', 'invoice', {}, '{last}', '{hash}')",
            words.known(entry.id),
            words.known(entry.entity_id)
        ));
        last = hash;
        if rows.len() == AT_ONCE || number == count {
            db.script(&format!(
                "INSERT INTO audit_entries (tenant_id, seq, id, at, actor_kind, actor_name, actor_tenant_id, action, \
                 entity_kind, entity_id, prev_hash, hash) VALUES {}",
                rows.join(", ")
            ))
            .await?;
            rows.clear();
        }
    }
    db.script(&format!(
        "INSERT INTO audit_heads (tenant_id, seq, hash) VALUES ({seller}, {count}, '{last}')"
    ))
    .await
}

/// A payment with its allocation for each invoice on which something was paid.
async fn settle(db: &Db, words: &Words, count: u64) -> Outcome {
    let now = words.now();
    let (seller, payment, allocation, invoice) = (
        words.id(Made::Tenant, "0"),
        words.id(Made::Payment, "n"),
        words.id(Made::Allocation, "n"),
        words.id(Made::Invoice, "n"),
    );
    let paid = format!(
        "{} SELECT n, i.* FROM numbers JOIN invoices i ON i.seller_id = {seller} AND i.id = {invoice} \
         WHERE i.paid_minor > 0",
        words.numbers(count)
    );
    // The join is written once, as a table of its own that both statements read.
    let temporary = if words.sqlite { "TEMP" } else { "TEMPORARY" };
    db.script(&format!("CREATE {temporary} TABLE paid AS {paid}"))
        .await?;
    db.script(&format!(
        "INSERT INTO payments (seller_id, id, account_id, buyer_id, method, currency, amount_minor, unapplied_minor, \
         refunded_minor, paid_on, receipt_number, created_by_name, created_at) SELECT seller_id, {payment}, account_id, \
         buyer_id, 'offline', currency, paid_minor, 0, 0, due_date, 'OLD-' || n, 'Import', {now} FROM paid"
    ))
    .await?;
    db.script(&format!(
        "INSERT INTO allocations (seller_id, id, payment_id, invoice_id, amount_minor, created_at) \
         SELECT seller_id, {allocation}, {payment}, id, paid_minor, {now} FROM paid"
    ))
    .await?;
    db.script("DROP TABLE paid").await
}
