//! Imports and their undoing as parts of a random sequence.

use super::{super::*, facts::Pot, play::Play};
use crate::imports::{self, Staged};
use domain::{
    access::ImportInvoices,
    ids::{ImportId, Uuid},
    imports::ImportState,
};

/// An import that was published, with what it brought.
#[derive(Clone, Copy)]
pub(super) struct Imported {
    import: ImportId,
    invoice: InvoiceId,
    prepaid: Option<Uuid>,
}

impl Play {
    /// The seller imports a file with one invoice, of which a part may be paid already.
    pub(super) async fn import(&mut self, cents: i64, prepaid: i64) {
        let scope: Scope<ImportInvoices> = self.world.acme().scope();
        self.imported += 1;
        let number = format!("IMP-{}", self.imported);
        let money = |cents: i64| format!("{}.{:02}", cents / 100, cents % 100);
        let paid = if prepaid > 0 {
            money(prepaid)
        } else {
            String::new()
        };
        let columns = [
            "kind",
            "number",
            "customer_id",
            "currency",
            "issue_date",
            "due_date",
            "description",
            "quantity",
            "unit_price",
            "tax_category",
            "prepaid",
        ];
        let price = money(cents);
        let today = self.world.today();
        let (issued, due) = (
            today.to_string(),
            (today + chrono::TimeDelta::days(30)).to_string(),
        );
        let fields = [
            "invoice", &number, "C-DAISY", "USD", &issued, &due, "Random", "1", &price, "Z", &paid,
        ];
        let items = [
            Staged::Header {
                line: 1,
                columns: columns.map(str::to_owned).to_vec(),
            },
            Staged::Row(2, fields.map(str::to_owned).to_vec()),
        ];
        let import = imports::begin(&scope, "random.csv", "CSV", "00").await.unwrap();
        imports::stage(&scope, import, &items).await.unwrap();
        imports::finish_upload(&scope, import, 100).await.unwrap();
        self.until_done(&scope, import).await;
        self.compare().await;
        imports::write::publish(&scope, import).await.unwrap();
        self.until_done(&scope, import).await;
        let found = imports::read::find(&scope, import).await.unwrap();
        assert_eq!(found.row.state, ImportState::Published, "{:?}", found.issues);
        self.brought(import, &number, cents, prepaid).await;
        self.compare().await;
    }

    /// The model takes over what an import brought: an invoice, and what was paid of it before as a payment.
    #[expect(clippy::disallowed_methods, reason = "the test looks behind the scopes")]
    async fn brought(&mut self, import: ImportId, number: &str, cents: i64, prepaid: i64) {
        let all = invoices(&self.world).await;
        let invoice = all
            .iter()
            .find(|row| row.number.as_deref() == Some(number))
            .unwrap()
            .id;
        self.facts.owe(invoice, cents);
        let payments = payment::Entity::find()
            .all(self.world.backend.system().db())
            .await
            .unwrap();
        let opening = payments
            .iter()
            .find(|row| row.import_id == Some(import.0))
            .map(|row| row.id);
        assert_eq!(opening.is_some(), prepaid > 0);
        if let Some(pot) = opening {
            self.facts.pots.insert(pot, Pot::of(prepaid));
            self.facts.put(pot, invoice, prepaid.min(cents));
            self.pots.push(pot);
        }
        self.known.push(InvoiceId(invoice));
        self.imports.push(Imported {
            import,
            invoice: InvoiceId(invoice),
            prepaid: opening,
        });
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
            invoice,
            prepaid,
        } = self.imports[place];
        self.act_once(
            async || imports::undo(&scope, import).await,
            |facts| {
                facts.forget(invoice.0);
                if let Some(pot) = prepaid {
                    facts.pots.remove(&pot);
                }
            },
        )
        .await;
        if !self.facts.debts.contains_key(&invoice.0) {
            self.imports.remove(place);
            self.known.retain(|id| *id != invoice);
            self.pots.retain(|pot| Some(*pot) != prepaid);
        }
    }
}
