//! The statements behind the invoice grid, written by hand because this is the list that everybody waits for.
//!
//! A list is cut into branches, one for each stage (and, for a few chosen customers, one for each of them), because
//! then every branch is a range of an index that is already in the wanted order. Each branch gives the keys of at
//! most a page; the keys are merged, cut again, and only then the rows are read. What is constant in a condition is
//! written as text: a bound value would make SQLite's planner visit the table where the index says it all.

use super::{
    conditions::{Facts, Parties, narrow, narrow_to_parties, overdue, wanted},
    order::{Key, KeyKind, Order, Start, key_column, key_kind, word},
};
use crate::{database::Sql, scope::Company};
use domain::{
    access::Side,
    invoices::{InvoiceFilter, SortKey},
    list::{Cursor, Direction},
};
use entity::codes::Stage;
use sea_orm::{DbBackend, Value};
use uuid::Uuid;

/// One list: its branches and what they have in common.
#[derive(Clone, Debug)]
pub(super) struct Grid<'a> {
    backend: DbBackend,
    facts: &'a Facts,
    filter: &'a InvoiceFilter,
    sort: SortKey,
    branches: Vec<Branch>,
    /// Only what can be paid now.
    payable: bool,
    /// Many rows are read at a time.
    large: bool,
    /// Rows are read in the branches.
    whole: bool,
}

#[derive(Clone, Copy, Debug)]
struct Branch {
    stage: Stage,
    only_overdue: bool,
    party: Option<Uuid>,
    /// On the buyer's side: whose.
    company: Option<Company>,
}

impl<'a> Grid<'a> {
    pub(super) fn new(
        backend: DbBackend,
        facts: &'a Facts,
        filter: &'a InvoiceFilter,
        sort: SortKey,
    ) -> Self {
        let stages = [
            Stage::Draft,
            Stage::Open,
            Stage::PartlyPaid,
            Stage::Paid,
            Stage::Void,
            Stage::WrittenOff,
        ];
        let parties: Vec<Option<Uuid>> = match (&facts.parties, facts.side) {
            (Some(Parties::Few(ids)), Side::Buyer) if ids.is_empty() => Vec::new(),
            (Some(Parties::Few(ids)), Side::Seller) => ids.iter().copied().map(Some).collect(),
            (Some(_), Side::Buyer) | (Some(Parties::Many(_)), Side::Seller) | (None, _) => vec![None],
        };
        let companies: Vec<Option<Company>> = match facts.side {
            Side::Seller => vec![None],
            Side::Buyer => {
                let chosen = |one: &&Company| filter.company.is_none_or(|id| id == one.id());
                facts.companies.iter().filter(chosen).copied().map(Some).collect()
            }
        };
        let mut branches = Vec::with_capacity(stages.len() * parties.len() * companies.len());
        for stage in stages {
            // A draft is not issued: a buyer has none, and no range of issue dates has one.
            let by_issue_date = filter.issued_from.is_some() || filter.issued_to.is_some();
            if stage == Stage::Draft && (facts.side == Side::Buyer || by_issue_date) {
                continue;
            }
            if let Some(only_overdue) = wanted(stage, &filter.statuses) {
                let all = companies
                    .iter()
                    .flat_map(|company| parties.iter().map(move |party| (company, party)));
                branches.extend(all.map(|(company, party)| Branch {
                    stage,
                    only_overdue,
                    party: *party,
                    company: *company,
                }));
            }
        }
        Self {
            backend,
            facts,
            filter,
            sort,
            branches,
            payable: false,
            large: false,
            whole: false,
        }
    }

    /// The same list, of what can be paid now.
    pub(super) fn payable(mut self) -> Self {
        self.branches
            .retain(|branch| matches!(branch.stage, Stage::Open | Stage::PartlyPaid));
        self.payable = true;
        self
    }

    /// The same list, to be read in large parts. For a page it pays to find the keys in the index alone and then the
    /// rows of the page; for thousands of rows PostgreSQL would join them with the whole table (docs/BENCHMARKS.md).
    /// SQLite looks them up, and reads every branch to its limit before it merges them: rows there would be read in vain.
    pub(super) fn in_large_parts(mut self) -> Self {
        self.large = true;
        self.whole = self.backend == DbBackend::Postgres;
        self
    }

    /// Whether it is read in large parts.
    pub(super) const fn is_in_large_parts(&self) -> bool {
        self.large
    }

    /// Reads a cursor of this list; none when it belongs to another sort.
    pub(super) fn start(&self, cursor: &Cursor) -> Option<Start> {
        let (rank, key) = if self.is_ranked() {
            let (rank, key) = cursor.key.split_once(' ')?;
            (rank.parse().ok()?, key)
        } else {
            (0, cursor.key.as_str())
        };
        let key = match key_kind(self.sort) {
            KeyKind::Date => Key::Date(key.parse().ok()?),
            KeyKind::Number => Key::Number(key.parse().ok()?),
            KeyKind::Text => Key::Text(key.to_owned()),
        };
        Some(Start {
            rank,
            key,
            id: cursor.id,
        })
    }

    /// Writes the cursor of a row.
    pub(super) fn cursor(&self, stage: Stage, key: &str, id: Uuid) -> Cursor {
        if self.is_ranked() {
            Cursor::new(&format!("{} {key}", self.rank(stage)), id)
        } else {
            Cursor::new(key, id)
        }
    }

    /// The page's rows, `limit` at most, from a place on, in a direction; `reversed` reads the list backwards.
    /// None when no branch can have a row.
    pub(super) fn page(
        &self,
        direction: Direction,
        reversed: bool,
        start: Option<&Start>,
        limit: u64,
    ) -> Option<Sql> {
        let order = Order::new(self.sort, direction, reversed);
        let branches: Vec<&Branch> = self
            .branches
            .iter()
            .filter(|branch| self.reaches(branch, order, start))
            .collect();
        if branches.is_empty() {
            return None;
        }
        let mut sql = Sql::new(self.backend);
        sql.push(&self.select_list()).push(" FROM (");
        for (position, branch) in branches.iter().enumerate() {
            sql.push(if position == 0 {
                "SELECT * FROM ("
            } else {
                " UNION ALL SELECT * FROM ("
            });
            sql.push("SELECT ")
                .push(if self.whole { self.columns() } else { self.found() })
                .push(if self.whole && self.is_of_several() {
                    ", buyer_name, "
                } else {
                    ", "
                });
            sql.push(self.key_column()).push(" AS k, ");
            sql.push(&self.rank(branch.stage).to_string())
                .push(" AS r FROM invoices WHERE ");
            self.conditions(&mut sql, branch);
            self.begin_after(&mut sql, branch, order, start);
            self.order_branch(&mut sql, order);
            sql.push(&format!(" LIMIT {limit}) AS b{position}"));
        }
        if branches.len() > 1 {
            sql.push(&self.by(order, "")).push(&format!(" LIMIT {limit}"));
        }
        sql.push(") AS page");
        if !self.whole {
            sql.push(match self.backend {
                DbBackend::Sqlite => " JOIN invoices i ON i.rowid = page.place",
                _ => " JOIN invoices i ON i.seller_id = page.seller_id AND i.id = page.id",
            });
        }
        if self.facts.side == Side::Buyer {
            sql.push(" JOIN tenants s ON s.id = page.seller_id");
        }
        sql.push(&self.by(order, "page."));
        Some(sql)
    }

    /// How many rows the list has, counting no further than `limit`.
    pub(super) fn count(&self, limit: Option<u64>) -> Option<Sql> {
        if self.branches.is_empty() {
            return None;
        }
        let mut sql = Sql::new(self.backend);
        sql.push("SELECT COUNT(*) FROM (");
        for (position, branch) in self.branches.iter().enumerate() {
            sql.push(if position == 0 { "" } else { " UNION ALL " });
            sql.push("SELECT 1 AS one FROM invoices WHERE ");
            self.conditions(&mut sql, branch);
        }
        if let Some(limit) = limit {
            sql.push(&format!(" LIMIT {limit}"));
        }
        sql.push(") AS counted");
        Some(sql)
    }

    /// Rows that the prefix filters find, counting no further than `limit`.
    pub(super) fn count_prefix(&self, limit: u64) -> Option<Sql> {
        let mut bare = InvoiceFilter::default();
        bare.number.clone_from(&self.filter.number);
        bare.order_id.clone_from(&self.filter.order_id);
        let branches = self.branches.clone();
        Grid {
            filter: &bare,
            branches,
            ..self.clone()
        }
        .count(Some(limit))
    }

    /// What a branch gives of a row that is still to be read. In SQLite its place in the table, which every index
    /// holds: by the key a row costs a second way down, through the index of the primary key.
    fn found(&self) -> &'static str {
        match self.backend {
            DbBackend::Sqlite => "seller_id, id, rowid AS place",
            _ => "seller_id, id",
        }
    }

    /// The columns of a row, in the order that [`super::rows::grid_row`] reads.
    fn columns(&self) -> &'static str {
        match self.facts.side {
            Side::Seller => {
                "id, seller_id, account_id, number, buyer_name, buyer_external_id, order_id, source, issue_date, \
                 due_date, currency, total_minor, open_minor, reserved_minor, stage, disputed_minor"
            }
            Side::Buyer => {
                "id, seller_id, account_id, number, seller_name, buyer_external_id, order_id, source, issue_date, \
                 due_date, currency, total_minor, open_minor, reserved_minor, stage, disputed_minor"
            }
        }
    }

    /// The papers of several companies are in the list.
    pub(super) fn is_of_several(&self) -> bool {
        self.facts.side == Side::Buyer && self.facts.companies.len() > 1
    }

    fn select_list(&self) -> String {
        let table = if self.whole { "page." } else { "i." };
        let zone = match self.facts.side {
            Side::Seller => "NULL",
            Side::Buyer => "s.time_zone",
        };
        let columns = self.columns().replace(", ", &format!(", {table}"));
        let company = if self.is_of_several() {
            format!(", {table}buyer_name")
        } else {
            String::new()
        };
        format!("SELECT {table}{columns}, page.k, {zone} AS zone{company}")
    }

    /// Whether a branch has rows at or after a start: with ranked sorts some lie wholly before it.
    fn reaches(&self, branch: &Branch, order: Order, start: Option<&Start>) -> bool {
        start.is_none_or(|start| match order.rank {
            Direction::Ascending => self.rank(branch.stage) >= start.rank,
            Direction::Descending => self.rank(branch.stage) <= start.rank,
        })
    }

    fn conditions(&self, sql: &mut Sql, branch: &Branch) {
        let Facts {
            side,
            tenant,
            companies: _,
            today,
            parties,
            few_by_prefix: _,
        } = self.facts;
        match (side, branch.party) {
            (Side::Seller, None) => {
                sql.push("seller_id = ").bind(tenant.0);
            }
            (Side::Seller, Some(party)) => {
                sql.push("buyer_id = ").bind(party).push(" AND ").no_index();
                sql.push("seller_id = ").bind(tenant.0);
            }
            (Side::Buyer, _) => branch.company.unwrap_or(Company::Own(*tenant)).push(sql),
        }
        sql.push(" AND stage = '").push(branch.stage.code()).push("'");
        if branch.only_overdue {
            overdue(sql, today);
        }
        if let (None, Some(parties)) = (branch.party, parties) {
            narrow_to_parties(sql, *side, *tenant, parties);
        }
        if self.payable {
            sql.push(" AND open_minor > reserved_minor");
        }
        narrow(sql, self.filter);
    }

    fn begin_after(&self, sql: &mut Sql, branch: &Branch, order: Order, start: Option<&Start>) {
        let Some(start) = start.filter(|start| start.rank == self.rank(branch.stage)) else {
            return;
        };
        let compare = match order.key {
            Direction::Ascending => ") > (",
            Direction::Descending => ") < (",
        };
        sql.push(" AND (")
            .push(self.key_column())
            .push(", id")
            .push(compare);
        let key: Value = match &start.key {
            Key::Date(date) => (*date).into(),
            Key::Number(number) => (*number).into(),
            Key::Text(text) => text.clone().into(),
        };
        sql.bind(key).push(", ").bind(start.id).push(")");
    }

    fn order_branch(&self, sql: &mut Sql, order: Order) {
        sql.push(" ORDER BY ");
        // What is disputed is so little, too, and has an index of its own.
        let few = self.facts.few_by_prefix && !matches!(self.sort, SortKey::Number | SortKey::Order);
        if few || (self.filter.disputed && self.sort != SortKey::Due) {
            sql.no_index();
        }
        let word = word(order.key);
        sql.push(self.key_column()).push(word).push(", id").push(word);
    }

    /// The order of the whole list. Without the rank where all have the same: PostgreSQL merges branches that are
    /// ordered by key and id, and would sort them all by rank, key and id.
    fn by(&self, order: Order, table: &str) -> String {
        let (rank, key) = (word(order.rank), word(order.key));
        let ranked = if self.is_ranked() {
            format!("{table}r{rank}, ")
        } else {
            String::new()
        };
        format!(" ORDER BY {ranked}{table}k{key}, {table}id{key}")
    }

    fn key_column(&self) -> &'static str {
        key_column(self.sort, self.facts.side)
    }

    /// Stages that come before or after others whatever their keys say.
    fn rank(&self, stage: Stage) -> u8 {
        match (self.sort, stage) {
            (SortKey::Issued, Stage::Draft) => 1,
            (SortKey::Status, Stage::Draft) => 0,
            (SortKey::Status, Stage::Open | Stage::PartlyPaid) => 1,
            (SortKey::Status, Stage::Paid) => 2,
            (SortKey::Status, Stage::Void) => 3,
            (SortKey::Status, Stage::WrittenOff) => 4,
            _ => 0,
        }
    }

    fn is_ranked(&self) -> bool {
        matches!(self.sort, SortKey::Issued | SortKey::Status)
    }
}
