//! For tests of who sees what: one thing of every kind for everybody, any rights for anybody, and a fingerprint of all
//! that is stored.

mod access;
mod bank;
mod fingerprint;
mod gateway;
mod payments;
mod profiles;
mod revisions;
mod texts;
mod vendor;

use super::{Party, World};
use crate::new_id;
use domain::{
    access::{Changes, Rights, Role, SellerRole, Side},
    ids::TenantId,
};
use entity::{
    codes, credit_note, import, invoice_grant, job, mail, membership, role, tenant_address, tenant_group,
    tenant_tax_id, user,
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait, IntoActiveModel};
use uuid::Uuid;

/// A thing and whose it is.
#[derive(Clone, Copy, Debug)]
pub struct Object {
    /// `invoice`; `issued`, `creditable`, `given_up` and `writable`, an invoice by who may withdraw, credit, write off and
    /// change it; `billable` and `credited`, an account by who may bill and credit it; `credit_note`; `issued_credit`, one by who issued it; `collectable`, an invoice by who may record money on it; `payment`; `received` and `refundable`, a payment by who received it; `account`; `remindable`, one by who may send reminders on it; `balance`, an account by both its sides; `allocation`; `mail`,
    /// `import`, `bank_file`, `bank_entry`, `finding`, `person`, `invitation`, `tenant`; `made`, a tenant by who made it; `group`;
    /// `disputable`, an invoice by who may dispute it; `withdrawable` and `answerable`, a dispute by its two sides;
    /// `profile` and `own_profile`, a billing profile by its two sides; `vendor_bill`; `pays_on` and `saved_card`, an account and a card by who pays with them; `grant`; `giver`, a tenant by whom it lets see its invoices; `link`, a person whom the tenant's provider lets in; `address` and
    /// `tax_id`, further ones of a tenant; `job`, one that was given up; `sent`, a mail by who sent it; `receipted`, a
    /// payment by who may send its receipt; `rollup`, a bill of a parent; `voidable_rollup` and `payable_rollup`, one by its two sides; `plan`, what was put to invoices as one act; `api_key`, a key of its programs.
    pub kind: &'static str,
    /// Its id.
    pub id: Uuid,
    /// Who issued it; for what belongs to one tenant, that one.
    pub seller: TenantId,
    /// Who received it.
    pub buyer: Option<TenantId>,
}

impl World {
    /// Makes one thing of every kind for everybody who can have it.
    pub async fn fill(&self) -> Vec<Object> {
        let mut objects = Vec::new();
        for party in self.parties() {
            let own = |kind, id| Object {
                kind,
                id,
                seller: party.id(),
                buyer: None,
            };
            objects.push(own("tenant", party.id().0));
            objects.push(own("person", party.user().0));
            objects.push(own("invitation", self.invitation(party).await));
            objects.push(own("link", self.link(party).await));
            objects.push(own("address", self.address(party).await));
            objects.push(own("tax_id", self.tax_id(party).await));
            objects.push(own("job", self.job(party).await));
            objects.push(own("api_key", self.api_key(party).await));
            if party.kind().sells() {
                objects.push(own("import", self.import(party).await));
                let (file, entry) = self.bank_entry(party).await;
                objects.push(own("bank_file", file));
                objects.push(own("bank_entry", entry));
                objects.push(own("finding", self.finding(party).await));
                objects.push(own("vendor_bill", self.vendor_bill(party).await));
                objects.push(own("group", self.group(party).await));
            }
            if party.kind().sells() && party.kind().buys() {
                objects.push(own("grant", self.grant(party).await));
            }
            if party.kind().buys() {
                let trade = |kind, id| Object {
                    kind,
                    id,
                    seller: party.seller(),
                    buyer: Some(party.id()),
                };
                let invoice = party.invoice("100.00").paid("40.00").await;
                self.revision(party, invoice).await;
                objects.push(trade("invoice", invoice.0));
                let by_maker = |kind| Object {
                    kind,
                    id: party.id().0,
                    seller: party.seller(),
                    buyer: None,
                };
                objects.push(by_maker("made"));
                if party.kind().sells() {
                    objects.push(by_maker("giver"));
                }
                let payment = self.payment_of(party).await;
                self.attach(party, payment).await;
                objects.push(trade("payment", payment));
                objects.push(trade("receipted", payment));
                let of_seller = |kind, id| Object {
                    buyer: None,
                    ..trade(kind, id)
                };
                let credit = self.credit(party).await;
                objects.extend([trade("credit_note", credit), of_seller("issued_credit", credit)]);
                objects.extend(self.rollups(party).await);
                for kind in ["issued", "given_up", "collectable", "writable", "creditable"] {
                    objects.push(of_seller(kind, invoice.0));
                }
                for kind in ["billable", "credited", "account", "remindable"] {
                    objects.push(of_seller(kind, party.account().0));
                }
                objects.push(of_seller("received", payment));
                objects.push(of_seller("refundable", payment));
                objects.push(trade("balance", party.account().0));
                let of_buyer = |kind, id| Object {
                    buyer: None,
                    seller: party.id(),
                    ..trade(kind, id)
                };
                let dispute = self.dispute(party, invoice).await;
                let profile = self.profile(party).await;
                objects.push(of_seller("profile", profile));
                objects.push(of_buyer("own_profile", profile));
                objects.push(of_buyer("disputable", invoice.0));
                objects.push(of_buyer("withdrawable", dispute));
                objects.push(of_seller("answerable", dispute));
                objects.push(of_buyer("pays_on", party.account().0));
                objects.push(of_buyer("saved_card", self.card(party).await));
                objects.push(of_seller("allocation", self.allocation_of(payment).await));
                objects.push(of_seller("plan", self.plan_of(party).await));
                let mail = self.mail(party).await;
                objects.push(trade("mail", mail));
                objects.push(of_seller("sent", mail));
            }
        }
        objects
    }

    /// Gives a party's admin exactly these rights on one side, by a role of the tenant's own.
    pub async fn give_rights(&self, party: &Party, side: Side, rights: Rights) {
        let code = new_id().simple().to_string();
        let base = match side {
            Side::Seller => Role::Seller(SellerRole::Sales),
            Side::Buyer => Role::Buyer(domain::access::BuyerRole::Viewer),
        };
        let row = role::ActiveModel {
            tenant_id: Set(party.id().0),
            side: Set(crate::codes::side_code(side).to_owned()),
            code: Set(code.clone()),
            base: Set(base.code().to_owned()),
            name: Set(Some(code.clone())),
            changes: Set(Changes::between(base, rights).to_text()),
            created_at: Set(self.backend.now()),
        };
        role::Entity::insert(row)
            .exec_without_returning(self.backend.system().writer())
            .await
            .unwrap();
        let seller = side == Side::Seller;
        let change = membership::ActiveModel {
            user_id: Set(party.user().0),
            tenant_id: Set(party.id().0),
            seller_role: Set(seller.then_some(codes::SellerRole::Sales)),
            buyer_role: Set((!seller).then_some(codes::BuyerRole::Viewer)),
            seller_custom: Set(seller.then(|| code.clone())),
            buyer_custom: Set((!seller).then_some(code)),
            ..Default::default()
        };
        self.change_membership(change).await;
    }

    /// Shuts a party's admin out of the tenant, or lets them in again.
    pub async fn shut_out(&self, party: &Party, out: bool) {
        let change = membership::ActiveModel {
            user_id: Set(party.user().0),
            tenant_id: Set(party.id().0),
            state: Set(if out {
                codes::MembershipState::Disabled
            } else {
                codes::MembershipState::Active
            }),
            ..Default::default()
        };
        self.change_membership(change).await;
    }

    /// Disables a party's admin everywhere, or enables them again.
    pub async fn disable_login(&self, party: &Party, out: bool) {
        let change = user::ActiveModel {
            id: Set(party.user().0),
            disabled_at: Set(out.then(|| self.backend.now())),
            ..Default::default()
        };
        change.update(self.backend.system().writer()).await.unwrap();
    }

    async fn change_membership(&self, change: membership::ActiveModel) {
        membership::Entity::update(change)
            .exec_without_returning(self.backend.system().writer())
            .await
            .unwrap();
    }

    async fn address(&self, party: &Party) -> Uuid {
        let row = tenant_address::Model {
            tenant_id: party.id().0,
            id: new_id(),
            kind: "delivery".to_owned(),
            name: format!("{}'s depot", party.name()),
            street: "1 Quay".to_owned(),
            city: "Springfield".to_owned(),
            postal_code: String::new(),
            country: "US".to_owned(),
            created_at: self.backend.now(),
        };
        let id = row.id;
        self.insert(row.into_active_model()).await;
        id
    }

    /// A job that was given up.
    async fn job(&self, party: &Party) -> Uuid {
        let row = job::Model {
            id: new_id(),
            tenant_id: Some(party.id().0),
            kind: "test.given_up".to_owned(),
            payload: entity::Json::Null,
            unique_key: None,
            state: codes::JobState::Dead,
            run_at: self.backend.now(),
            attempts: 12,
            lease_until: None,
            token: 12,
            last_error: Some("it was not there".to_owned()),
            created_at: self.backend.now(),
            finished_at: Some(self.backend.now()),
        };
        let id = row.id;
        self.insert(row.into_active_model()).await;
        id
    }

    async fn tax_id(&self, party: &Party) -> Uuid {
        let row = tenant_tax_id::Model {
            tenant_id: party.id().0,
            id: new_id(),
            scheme: "national".to_owned(),
            country: "US".to_owned(),
            number: "123456789".to_owned(),
            created_at: self.backend.now(),
        };
        let id = row.id;
        self.insert(row.into_active_model()).await;
        id
    }

    async fn import(&self, party: &Party) -> Uuid {
        let id = new_id();
        let row = import::ActiveModel {
            seller_id: Set(party.id().0),
            id: Set(id),
            state: Set(codes::ImportState::Failed),
            file_name: Set(format!("{}.csv", party.name())),
            format: Set("csv".to_owned()),
            sha256: Set(String::new()),
            byte_count: Set(0),
            created_by_name: Set(format!("{}'s admin", party.name())),
            created_at: Set(self.backend.now()),
            ..Default::default()
        };
        import::Entity::insert(row)
            .exec_without_returning(self.backend.system().writer())
            .await
            .unwrap();
        id
    }

    async fn group(&self, party: &Party) -> Uuid {
        let id = new_id();
        let row = tenant_group::Model {
            tenant_id: party.id().0,
            id,
            name: format!("{}'s first wave", party.name()),
            opened_at: None,
            created_at: self.backend.now(),
        };
        self.insert(row.into_active_model()).await;
        id
    }

    /// Lets the tier above see what a party issued.
    pub async fn grant(&self, party: &Party) -> Uuid {
        let id = new_id();
        let row = invoice_grant::Model {
            tenant_id: party.id().0,
            id,
            to_id: party.seller().0,
            tenant_name: party.name().to_owned(),
            to_name: "the tier above".to_owned(),
            given_by: format!("{}'s admin", party.name()),
            given_at: self.backend.now(),
        };
        self.insert(row.into_active_model()).await;
        id
    }

    async fn mail(&self, party: &Party) -> Uuid {
        let id = new_id();
        let row = mail::Model {
            seller_id: party.seller().0,
            id,
            buyer_id: Some(party.id().0),
            kind: "receipt".to_owned(),
            about_id: None,
            recipient: format!("billing@{}.example", party.name().to_lowercase()),
            reply_to: None,
            from_name: "Seller".to_owned(),
            subject: format!("Receipt for {}", party.name()),
            text: "Thank you".to_owned(),
            html: None,
            state: codes::MailState::Sent,
            tries: 1,
            message_id: id.to_string(),
            last_error: None,
            created_at: self.backend.now(),
            sent_at: None,
            secret: None,
        };
        self.insert(row.into_active_model()).await;
        id
    }

    async fn insert<A>(&self, row: A)
    where
        A: ActiveModelTrait + sea_orm::ActiveModelBehavior + Send,
        <A::Entity as EntityTrait>::Model: IntoActiveModel<A>,
    {
        row.insert(self.backend.system().writer()).await.unwrap();
    }

    /// Credit of a party that is put to nothing.
    async fn credit(&self, party: &Party) -> Uuid {
        let id = new_id();
        let now = self.backend.now();
        let row = credit_note::Model {
            seller_id: party.seller().0,
            id,
            account_id: party.account().0,
            buyer_id: party.id().0,
            invoice_id: None,
            stage: codes::CreditNoteStage::Issued,
            number: format!("CREDIT-{}", party.name()),
            reason: format!("Return by {}", party.name()),
            currency: "USD".to_owned(),
            issue_date: now.date_naive(),
            lines_minor: 500,
            discount_minor: 0,
            charge_minor: 0,
            net_minor: 500,
            tax_minor: 0,
            rounding_minor: 0,
            total_minor: 500,
            applied_minor: 0,
            refunded_minor: 0,
            remaining_minor: 500,
            parties: None,
            import_id: None,
            created_by: None,
            created_by_name: "Somebody".to_owned(),
            created_at: now,
        };
        self.insert(row.into_active_model()).await;
        id
    }
}
