//! The audit as a list: what was done in the tenant, the newest first.

use crate::{Error, Scope, invoices::search_key, scope::time_zone};
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use domain::{
    access::{Side, ViewAudit, ViewIssuedInvoices},
    audit::{AuditChoices, AuditFilter, AuditQuery, AuditRow, action_in_words, changes, in_words},
    ids::{ApiKeyId, TenantId, UserId},
    list::{COUNTED_TO, Cursor, DEFAULT_PER_PAGE, Page, Position, Total},
};
use entity::{Json, Uuid, account, api_key, audit_entry, codes::ActorKind, invoice, tenant, user};
use sea_orm::{ColumnTrait, Condition, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Select};
use std::collections::BTreeMap;

/// Most names that a filter offers.
const MOST_CHOICES: u64 = 500;
/// Most documents of one number that are looked at: numbers are unique for each kind.
const SAME_NUMBER: u64 = 10;
/// Longest value that is shown of a change.
const VALUE_SHOWN: usize = 200;

/// A page of what was done.
///
/// # Errors
/// [`Error::Database`].
pub async fn list(scope: &Scope<ViewAudit>, query: &AuditQuery) -> Result<Page<AuditRow>, Error> {
    let Some(rows) = narrowed(scope, &query.filter).await? else {
        return Ok(Page::empty());
    };
    let seq = |cursor: &Cursor| cursor.key.parse::<i64>().unwrap_or(i64::MAX);
    let from = match &query.position {
        Position::First | Position::Last => Condition::all(),
        Position::After(cursor) => Condition::all().add(audit_entry::Column::Seq.lt(seq(cursor))),
        Position::Before(cursor) => Condition::all().add(audit_entry::Column::Seq.gt(seq(cursor))),
    };
    let sorted = rows.clone().filter(from);
    let sorted = if query.position.is_backwards() {
        sorted.order_by_asc(audit_entry::Column::Seq)
    } else {
        sorted.order_by_desc(audit_entry::Column::Seq)
    };
    let found = sorted
        .limit(u64::from(DEFAULT_PER_PAGE) + 1)
        .all(scope.db())
        .await?;
    let names = Names::of(scope, &found).await?;
    let cursor = |entry: &audit_entry::Model| Cursor::new(&entry.seq.to_string(), entry.id);
    let total = Total::counted(rows.limit(COUNTED_TO + 1).count(scope.db()).await?);
    let page = Page::of(
        found,
        usize::from(DEFAULT_PER_PAGE),
        &query.position,
        total,
        cursor,
    );
    Ok(page.map(|entry| row(scope, &names, entry)))
}

/// What the filters offer.
///
/// # Errors
/// [`Error::Database`].
pub async fn choices(scope: &Scope<ViewAudit>) -> Result<AuditChoices, Error> {
    let people: Vec<(Uuid, String)> = scope
        .find::<user::Entity>()
        .select_only()
        .column(user::Column::Id)
        .column(user::Column::Name)
        .order_by_asc(user::Column::Name)
        .limit(MOST_CHOICES)
        .into_tuple()
        .all(scope.db())
        .await?;
    let keys: Vec<(Uuid, String)> = scope
        .find::<api_key::Entity>()
        .select_only()
        .column(api_key::Column::Id)
        .column(api_key::Column::Name)
        .order_by_asc(api_key::Column::Name)
        .order_by_desc(api_key::Column::CreatedAt)
        .limit(MOST_CHOICES)
        .into_tuple()
        .all(scope.db())
        .await?;
    Ok(AuditChoices {
        keys: keys.into_iter().map(|(id, name)| (ApiKeyId(id), name)).collect(),
        people: people.into_iter().map(|(id, name)| (UserId(id), name)).collect(),
        tenants: partners(scope).await?,
    })
}

/// The tenants with whom one trades, by name: they too act on one's documents. The account says their names, so that
/// nothing else of them is seen here.
async fn partners(scope: &Scope<ViewAudit>) -> Result<Vec<(TenantId, String)>, Error> {
    let mut all: BTreeMap<TenantId, String> = BTreeMap::new();
    for side in [Side::Seller, Side::Buyer] {
        let (own, id, name) = match side {
            Side::Seller => (
                account::Column::SellerId,
                account::Column::BuyerId,
                account::Column::BuyerName,
            ),
            Side::Buyer => (
                account::Column::BuyerId,
                account::Column::SellerId,
                account::Column::SellerName,
            ),
        };
        let found: Vec<(Uuid, String)> = scope
            .find::<account::Entity>()
            .filter(own.eq(scope.tenant().0))
            .select_only()
            .column(id)
            .column(name)
            .limit(MOST_CHOICES)
            .into_tuple()
            .all(scope.db())
            .await?;
        all.extend(found.into_iter().map(|(id, name)| (TenantId(id), name)));
    }
    let mut all: Vec<(TenantId, String)> = all.into_iter().collect();
    all.sort_by_cached_key(|(_, name)| name.to_lowercase());
    Ok(all)
}

/// The entries that a filter leaves; none when it names a document that is not there.
async fn narrowed(
    scope: &Scope<ViewAudit>,
    filter: &AuditFilter,
) -> Result<Option<Select<audit_entry::Entity>>, Error> {
    let AuditFilter {
        document,
        about,
        person,
        key,
        tenant,
        from,
        to,
    } = filter;
    let mut rows = scope.find::<audit_entry::Entity>();
    if let Some(number) = document {
        let ids = documents(scope, number).await?;
        if ids.is_empty() {
            return Ok(None);
        }
        rows = rows
            .filter(audit_entry::Column::EntityKind.eq("invoice"))
            .filter(audit_entry::Column::EntityId.is_in(ids));
    }
    if let Some(id) = about {
        rows = rows.filter(audit_entry::Column::EntityId.eq(*id));
    }
    if let Some(person) = person {
        rows = rows.filter(audit_entry::Column::ActorId.eq(person.0));
    }
    if let Some(key) = key {
        rows = rows.filter(audit_entry::Column::ActorId.eq(key.0));
    }
    if let Some(tenant) = tenant {
        rows = rows.filter(audit_entry::Column::ActorTenantId.eq(tenant.0));
    }
    let zone = own_zone(scope).await?;
    let begin = |day: NaiveDate| -> DateTime<Utc> {
        // A day that begins in a gap of the clock begins when the clock goes on.
        let midnight = day.and_time(NaiveTime::MIN);
        let here = midnight.and_local_timezone(zone).earliest();
        here.map_or_else(|| midnight.and_utc(), |here| here.to_utc())
    };
    if let Some(day) = from {
        rows = rows.filter(audit_entry::Column::At.gte(begin(*day)));
    }
    if let Some(next) = to.and_then(|day| day.succ_opt()) {
        rows = rows.filter(audit_entry::Column::At.lt(begin(next)));
    }
    Ok(Some(rows))
}

async fn own_zone(scope: &Scope<ViewAudit>) -> Result<chrono_tz::Tz, Error> {
    let name: Option<String> = scope
        .find::<tenant::Entity>()
        .select_only()
        .column(tenant::Column::TimeZone)
        .into_tuple()
        .one(scope.db())
        .await?;
    time_zone(&name.ok_or(Error::NotFound)?)
}

/// Invoices of a number that the actor may see; a person without that right finds none.
async fn documents(scope: &Scope<ViewAudit>, number: &str) -> Result<Vec<Uuid>, Error> {
    let Ok(issued) = scope.actor().permit::<ViewIssuedInvoices>() else {
        return Ok(Vec::new());
    };
    Ok(issued
        .find::<invoice::Entity>()
        .select_only()
        .column(invoice::Column::Id)
        .filter(invoice::Column::NumberKey.eq(search_key(number)))
        .limit(SAME_NUMBER)
        .into_tuple()
        .all(issued.db())
        .await?)
}

/// What the things of a page are called, as far as the actor may see them.
struct Names {
    people: BTreeMap<Uuid, String>,
    invoices: BTreeMap<Uuid, String>,
    tenants: BTreeMap<Uuid, String>,
}

impl Names {
    async fn of(scope: &Scope<ViewAudit>, entries: &[audit_entry::Model]) -> Result<Self, Error> {
        let ids = |kind: &str| {
            let of_kind = entries.iter().filter(|entry| entry.entity_kind == kind);
            of_kind.map(|entry| entry.entity_id).collect::<Vec<_>>()
        };
        let people: Vec<(Uuid, String)> = scope
            .find::<user::Entity>()
            .select_only()
            .column(user::Column::Id)
            .column(user::Column::Name)
            .filter(user::Column::Id.is_in(ids("user")))
            .into_tuple()
            .all(scope.db())
            .await?;
        let invoices: Vec<(Uuid, String)> = match scope.actor().permit::<ViewIssuedInvoices>() {
            Ok(issued) => {
                issued
                    .find::<invoice::Entity>()
                    .select_only()
                    .column(invoice::Column::Id)
                    .column(invoice::Column::Number)
                    .filter(invoice::Column::Id.is_in(ids("invoice")))
                    .filter(invoice::Column::Number.is_not_null())
                    .into_tuple()
                    .all(issued.db())
                    .await?
            }
            Err(_) => Vec::new(),
        };
        let tenants = partners(scope).await?;
        Ok(Self {
            people: people.into_iter().collect(),
            invoices: invoices.into_iter().collect(),
            tenants: tenants.into_iter().map(|(id, name)| (id.0, name)).collect(),
        })
    }
}

fn row(scope: &Scope<ViewAudit>, names: &Names, entry: audit_entry::Model) -> AuditRow {
    let id = entry.entity_id;
    let (name, link) = match entry.entity_kind.as_str() {
        "invoice" => {
            let number = names.invoices.get(&id).cloned();
            let link = number.is_some().then(|| format!("/invoices/{id}"));
            (number, link)
        }
        "user" => {
            let manages = scope.actor().may(domain::access::Permission::ManagePeople);
            let name = names.people.get(&id).cloned();
            let link = (manages && name.is_some()).then(|| format!("/people/{id}"));
            (name, link)
        }
        "api_key" => {
            let name = [&entry.after, &entry.before].into_iter().flatten();
            let name = name.filter_map(|facts| facts["name"].as_str()).next();
            (name.map(str::to_owned), None)
        }
        "tenant" => {
            let makes = scope.actor().may(domain::access::Permission::ManageTenants);
            let name = names.tenants.get(&id).cloned();
            let link = (makes && name.is_some()).then(|| format!("/tenants/{id}"));
            (name, link)
        }
        _ => (None, None),
    };
    let elsewhere = entry.actor_tenant_id.filter(|tenant| *tenant != entry.tenant_id);
    let (before, after) = (
        entry.before.as_ref().map(values),
        entry.after.as_ref().map(values),
    );
    AuditRow {
        seq: entry.seq,
        at: entry.at,
        actor: entry.actor_name,
        by_key: entry.actor_kind == ActorKind::ApiKey,
        from: elsewhere.and_then(|tenant| names.tenants.get(&tenant).cloned()),
        action: action_in_words(&entry.action),
        kind: in_words(&entry.entity_kind),
        name,
        link,
        changes: changes(before.as_deref(), after.as_deref()),
        reason: entry.reason,
        address: entry.address,
    }
}

/// The values of an entry as text, by name.
fn values(json: &Json) -> Vec<(String, String)> {
    let Json::Object(map) = json else {
        return Vec::new();
    };
    let text = |value: &Json| -> Option<String> {
        let text = match value {
            Json::Null => return None,
            Json::String(text) => text.clone(),
            Json::Array(items) => {
                let words = items
                    .iter()
                    .map(|item| item.as_str().map_or_else(|| item.to_string(), str::to_owned));
                words.collect::<Vec<_>>().join(", ")
            }
            other => other.to_string(),
        };
        Some(text.chars().take(VALUE_SHOWN).collect())
    };
    map.iter()
        .filter_map(|(name, value)| Some((name.clone(), text(value)?)))
        .collect()
}
