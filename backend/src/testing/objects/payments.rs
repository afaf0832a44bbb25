//! What paying and disputing left behind for the objects of a test.

use super::Object;
use crate::{
    disputes, new_id,
    payments::offline,
    testing::{Party, World},
    workbench,
};
use domain::{
    Currency, Money,
    disputes::OpenDispute,
    ids::{FormKey, InvoiceId},
    payments::{
        SubmitLine,
        allocation::Rule,
        offline::{PutTo, RecordPayment},
    },
    workbench::ApplyPlan,
};
use entity::{allocation, card, codes, payment, rollup};
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter};
use uuid::Uuid;

impl World {
    /// A bill of a party over its subsidiaries' invoices, as both see it, as who may withdraw it, and as who may pay it.
    pub(super) async fn rollups(&self, party: &Party) -> [Object; 3] {
        let id = new_id();
        let now = self.backend.now();
        let row = rollup::Model {
            seller_id: party.seller().0,
            id,
            account_id: party.account().0,
            buyer_id: party.id().0,
            number: format!("ROLLUP-{}", party.name()),
            currency: "USD".to_owned(),
            period_from: now.date_naive(),
            period_to: now.date_naive(),
            issue_date: now.date_naive(),
            due_date: now.date_naive(),
            total_minor: 500,
            seller_name: "Seller".to_owned(),
            buyer_name: party.name().to_owned(),
            created_by: None,
            created_by_name: "Somebody".to_owned(),
            created_at: now,
            voided_at: None,
            voided_on: None,
            void_reason: None,
        };
        self.insert(row.into_active_model()).await;
        let of = |kind, seller, buyer| Object {
            kind,
            id,
            seller,
            buyer,
        };
        [
            of("rollup", party.seller(), Some(party.id())),
            of("voidable_rollup", party.seller(), None),
            of("payable_rollup", party.id(), None),
        ]
    }

    /// A party disputes a dollar of an invoice.
    pub(super) async fn dispute(&self, party: &Party, invoice: InvoiceId) -> Uuid {
        let wanted = OpenDispute {
            key: FormKey(new_id()),
            invoice,
            reason: "It never came".to_owned(),
            parts: vec![(1, Money::new(100, Currency::USD))],
        };
        let dispute = disputes::write::open(&party.scope(), &wanted).await;
        dispute.unwrap().0
    }

    /// A dollar of a party that came in and was put to an invoice on the workbench.
    pub(super) async fn plan_of(&self, party: &Party) -> Uuid {
        let dollar = Money::new(100, Currency::USD);
        let invoice = party.invoice("1.00").await;
        let seller = self.parties().find(|one| one.id() == party.seller()).unwrap();
        let scope = seller.scope();
        let record = RecordPayment {
            key: FormKey(new_id()),
            account: party.account(),
            amount: dollar,
            paid_on: scope.today(),
            memo: None,
            put: PutTo::Nothing,
            lines: Vec::new(),
        };
        let payment = offline::record(&scope, &record).await.unwrap();
        let wanted = ApplyPlan {
            key: FormKey(new_id()),
            account: party.account(),
            currency: Currency::USD,
            rule: Rule::Due,
            sources: vec![(payment.0, dollar)],
            lines: vec![SubmitLine {
                invoice,
                seen: dollar,
                amount: dollar,
            }],
        };
        workbench::write::apply(&scope, &wanted).await.unwrap().0
    }

    #[expect(clippy::disallowed_methods, reason = "a test looks at what it made")]
    pub(super) async fn allocation_of(&self, payment: Uuid) -> Uuid {
        let found = allocation::Entity::find()
            .filter(allocation::Column::PaymentId.eq(payment))
            .one(self.backend.system().db())
            .await;
        found.unwrap().unwrap().id
    }

    #[expect(clippy::disallowed_methods, reason = "a test looks at what it made")]
    pub(super) async fn payment_of(&self, party: &Party) -> Uuid {
        let found = payment::Entity::find()
            .filter(payment::Column::BuyerId.eq(party.id().0))
            .one(self.backend.system().db())
            .await
            .unwrap();
        found.unwrap().id
    }

    /// A card that a party saved.
    pub(super) async fn card(&self, party: &Party) -> Uuid {
        let id = new_id();
        let row = card::Model {
            seller_id: party.seller().0,
            id,
            account_id: party.account().0,
            buyer_id: party.id().0,
            gateway_token: format!("pm_{}", id.simple()),
            brand: "visa".to_owned(),
            last4: "4242".to_owned(),
            exp_month: 12,
            exp_year: 2034,
            fingerprint: None,
            is_default: true,
            removed_at: None,
            created_by: None,
            created_at: self.backend.now(),
            expiry_told_at: None,
            kind: codes::MethodKind::Card,
            mandate: None,
            mandate_at: None,
        };
        self.insert(row.into_active_model()).await;
        id
    }
}
