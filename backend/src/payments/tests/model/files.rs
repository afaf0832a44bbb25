//! Imports and their undoing as parts of a random sequence.

use super::{super::*, facts::Pot, play::Play};
use crate::imports::{self, Staged};
use domain::{
    access::ImportInvoices,
    ids::{CreditNoteId, ImportId, Uuid},
    imports::ImportState,
};
use entity::credit_note;

/// What a file holds.
#[derive(Clone, Copy, Debug)]
pub(super) struct Brought {
    /// Price of what an invoice bills, and the charge on the whole of it.
    pub(super) cents: i64,
    pub(super) charge: i64,
    /// What was paid of it before.
    pub(super) prepaid: i64,
    /// What a credit note takes of that invoice and another one, in percent of both; nothing: there is neither.
    pub(super) credited: i64,
    /// It is of the customer who may be the payer's subsidiary.
    pub(super) below: bool,
}

impl Brought {
    /// What the invoice comes to; there is no tax.
    const fn total(self) -> i64 {
        self.cents + self.charge
    }

    /// What the other invoice comes to.
    const fn other(self) -> i64 {
        self.cents / 2 + 1
    }

    /// What the credit note comes to.
    fn note(self) -> i64 {
        ((self.total() + self.other()) * self.credited / 100).max(1)
    }
}

/// An import that was published, with what it brought.
#[derive(Clone, Debug)]
pub(super) struct Imported {
    import: ImportId,
    invoices: Vec<Uuid>,
    pots: Vec<Uuid>,
}

const COLUMNS: [&str; 14] = [
    "row",
    "kind",
    "number",
    "customer_name",
    "currency",
    "issue_date",
    "due_date",
    "description",
    "quantity",
    "unit_price",
    "net",
    "tax_category",
    "prepaid",
    "credited_invoices",
];

fn money(cents: i64) -> String {
    format!("{}.{:02}", cents / 100, cents % 100)
}

impl Play {
    /// The seller imports a file.
    pub(super) async fn import(&mut self, brought: Brought) {
        let scope: Scope<ImportInvoices> = self.world.acme().scope();
        self.imported += 1;
        let number = format!("IMP-{}", self.imported);
        let items = self.file(brought, &number);
        let import = imports::begin(&scope, "random.csv", "CSV", "00").await.unwrap();
        imports::stage(&scope, import, &items).await.unwrap();
        imports::finish_upload(&scope, import, 100).await.unwrap();
        self.until_done(&scope, import).await;
        self.compare().await;
        imports::write::publish(&scope, import).await.unwrap();
        self.until_done(&scope, import).await;
        let found = imports::read::find(&scope, import).await.unwrap();
        assert_eq!(found.row.state, ImportState::Published, "{:?}", found.issues);
        self.learn_import(import, &number, brought).await;
        self.compare().await;
    }

    /// The rows of a file.
    fn file(&self, brought: Brought, number: &str) -> Vec<Staged> {
        let today = self.world.today();
        let due = today + chrono::TimeDelta::days(30);
        let customer = if brought.below { "Elm" } else { "Daisy" };
        let row = |what: [&str; 3], price: &str, net: &str, prepaid: &str, names: &str| {
            let [row, kind, number] = what;
            let (issued, due) = (today.to_string(), due.to_string());
            let quantity = if row == "line" { "1" } else { "" };
            [
                row, kind, number, customer, "USD", &issued, &due, "Random", quantity, price, net, "Z",
                prepaid, names,
            ]
            .map(str::to_owned)
            .to_vec()
        };
        let paid = Some(brought.prepaid).filter(|paid| *paid > 0);
        let paid = paid.map(money).unwrap_or_default();
        let line = |kind, number: &str, cents, paid: &str, names: &str| {
            row(["line", kind, number], &money(cents), "", paid, names)
        };
        let mut rows = vec![line("invoice", number, brought.cents, &paid, "")];
        if brought.charge > 0 {
            rows.push(row(
                ["charge", "invoice", number],
                "",
                &money(brought.charge),
                &paid,
                "",
            ));
        }
        if brought.credited > 0 {
            let (other, note) = (format!("{number}-B"), format!("{number}-C"));
            let both = format!("{number}\n{other}");
            rows.push(line("credit note", &note, brought.note(), "", &both));
            rows.push(line("invoice", &other, brought.other(), "", ""));
        }
        let header = Staged::Header {
            line: 1,
            columns: COLUMNS.map(str::to_owned).to_vec(),
        };
        let rows = (2..).zip(rows).map(|(line, fields)| Staged::Row(line, fields));
        std::iter::once(header).chain(rows).collect()
    }

    /// The model takes over what an import brought: invoices, what was paid of one before as a payment, and a credit note
    /// that lowers them in the order in which it names them.
    #[expect(clippy::disallowed_methods, reason = "the test looks behind the scopes")]
    async fn learn_import(&mut self, import: ImportId, number: &str, brought: Brought) {
        let all = invoices(&self.world).await;
        let id = |number: &str| {
            let found = all.iter().find(|row| row.number.as_deref() == Some(number));
            found.unwrap().id
        };
        let first = id(number);
        let mut imported = Imported {
            import,
            invoices: vec![first],
            pots: Vec::new(),
        };
        self.facts.owe(first, brought.total());
        let system = self.world.backend.system();
        let payments = payment::Entity::find().all(system.db()).await.unwrap();
        let opening = payments.iter().find(|row| row.import_id == Some(import.0));
        assert_eq!(opening.is_some(), brought.prepaid > 0);
        if let Some(opening) = opening {
            self.facts.pots.insert(opening.id, Pot::of(brought.prepaid));
            self.facts
                .put(opening.id, first, brought.prepaid.min(brought.total()));
            imported.pots.push(opening.id);
        }
        let notes = credit_note::Entity::find().all(system.db()).await.unwrap();
        let note = notes.iter().find(|row| row.import_id == Some(import.0));
        assert_eq!(note.is_some(), brought.credited > 0);
        if let Some(note) = note {
            let other = id(&format!("{number}-B"));
            self.facts.owe(other, brought.other());
            self.facts.pots.insert(note.id, Pot::of(brought.note()));
            let mut rest = brought.note();
            for invoice in [first, other] {
                let part = rest.min(self.facts.debts[&invoice].open);
                self.facts.put(note.id, invoice, part);
                rest -= part;
            }
            imported.invoices.push(other);
            imported.pots.push(note.id);
            self.notes.push(CreditNoteId(note.id));
        }
        if !brought.below {
            self.known
                .extend(imported.invoices.iter().copied().map(InvoiceId));
        }
        self.pots.extend(&imported.pots);
        self.imports.push(imported);
    }

    /// The worker does its jobs until the import has come to rest. A worker that dies leaves its lease behind, and the next
    /// one waits for it to run out.
    async fn until_done(&mut self, scope: &Scope<ImportInvoices>, import: ImportId) {
        let run = async |world: &World| {
            jobs::run_due(&world.backend, &jobs::standard()).await.unwrap();
        };
        self.run_and_die(run).await;
        for _ in 0..20 {
            if !imports::read::find(scope, import).await.unwrap().busy {
                return;
            }
            self.world.seconds_pass(601);
            run(&self.world).await;
        }
        panic!("an import does not come to rest");
    }

    /// The seller takes an import back, if nothing hangs on it.
    pub(super) async fn undo(&mut self, at: usize) {
        if self.imports.is_empty() {
            return;
        }
        let scope: Scope<ImportInvoices> = self.world.acme().scope();
        let place = at % self.imports.len();
        let Imported {
            import,
            invoices,
            pots,
        } = self.imports[place].clone();
        self.act_once(
            async || imports::undo(&scope, import).await,
            |facts| facts.forget(&invoices, &pots),
        )
        .await;
        if !self.facts.debts.contains_key(&invoices[0]) {
            self.imports.remove(place);
            self.known.retain(|id| !invoices.contains(&id.0));
            self.pots.retain(|pot| !pots.contains(pot));
            self.notes.retain(|note| !pots.contains(&note.0));
        }
    }
}
