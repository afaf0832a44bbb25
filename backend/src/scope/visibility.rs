//! The whole tenancy policy: for each table, which rows a viewpoint may see (V49, V50).
//!
//! On the seller's side that is what the tenant issued, on the buyer's side what it received and what is no longer a
//! draft; never "what a descendant has". An upper tier thus sees nothing of the trade between two lower ones. Who has the
//! wide reach sees on the buyer's side what subsidiaries received as well, see [`super::reach`].

use super::Subsidiaries;
use crate::alike::{exists, same};
use domain::{access::Area, ids::TenantId};
use entity::{
    account, account_currency, allocation, allocation_plan, api_key, attempt_line, audit_entry, autopay,
    bank_entry, bank_file, billing_profile, card, codes::Stage, company_mapping, credit_note,
    credit_note_line, credit_note_part, credit_note_tax, dispute, dispute_part, form_draft, gateway_check,
    gateway_comparison, gateway_finding, idempotency, import, import_issue, import_mapping, import_row,
    invitation, invoice, invoice_cost, invoice_grant, invoice_line, invoice_party, invoice_revision,
    invoice_tax, job, mail, membership, number_counter, payment, payment_attachment, payment_attempt,
    posting, product_mapping, refund, refund_line, reminder, reminder_setting, reminder_stop, role, rollup,
    rollup_line, security_setting, session, sign_in_link, sign_in_provider, subsidiary, tenant,
    tenant_address, tenant_group, tenant_logo, tenant_tax_id, user, vendor_bill, vendor_bill_line, write_off,
};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, QueryFilter, QuerySelect, QueryTrait,
    sea_query::{Expr, ExprTrait},
};

/// From where somebody sees: a tenant, an area, and how far.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Viewpoint {
    /// The tenant.
    pub(crate) tenant: TenantId,
    /// The area.
    pub(crate) area: Area,
    /// Whose papers are seen as well, on the buyer's side.
    pub(crate) subsidiaries: Subsidiaries,
}

impl Viewpoint {
    /// What a row that has a seller and a buyer must fulfil to be received by whom the viewpoint sees.
    fn bought<C: ColumnTrait>(&self, seller: C, buyer: C) -> Condition {
        self.subsidiaries.condition(self.tenant, seller, buyer)
    }
}

/// A table whose rows belong to tenants.
pub(crate) trait Visible: EntityTrait {
    /// What a row must fulfil to be seen.
    fn visible(to: &Viewpoint) -> Condition;
}

/// Tables with a seller and a buyer of their own.
macro_rules! two_sided {
    ($($entity:ident)+) => {$(
        impl Visible for $entity::Entity {
            fn visible(to: &Viewpoint) -> Condition {
                match to.area {
                    Area::Seller => Condition::all().add($entity::Column::SellerId.eq(to.tenant.0)),
                    Area::Buyer => Condition::all().add($entity::Column::BuyerId.eq(to.tenant.0)),
                    Area::Tenant => nothing(),
                }
            }
        }
    )+};
}

two_sided! { mail }

/// What a buyer receives, and what hangs on it: seen by whoever reaches so far.
macro_rules! papers {
    ($($entity:ident)+) => {$(
        impl Visible for $entity::Entity {
            fn visible(to: &Viewpoint) -> Condition {
                let (seller, buyer) = ($entity::Column::SellerId, $entity::Column::BuyerId);
                match to.area {
                    Area::Seller => Condition::all().add(seller.eq(to.tenant.0)),
                    Area::Buyer => to.bought(seller, buyer),
                    Area::Tenant => nothing(),
                }
            }
        }
    )+};
}

papers! { account_currency autopay billing_profile card payment_attempt payment credit_note dispute posting refund rollup }

impl Visible for account::Entity {
    /// With whom the tenant trades: on a side of the money those of that side, for the tenant itself all.
    fn visible(to: &Viewpoint) -> Condition {
        let (seller, buyer) = (account::Column::SellerId, account::Column::BuyerId);
        match to.area {
            Area::Seller => Condition::all().add(seller.eq(to.tenant.0)),
            Area::Buyer => to.bought(seller, buyer),
            Area::Tenant => Condition::any()
                .add(seller.eq(to.tenant.0))
                .add(buyer.eq(to.tenant.0)),
        }
    }
}

impl Visible for invoice::Entity {
    fn visible(to: &Viewpoint) -> Condition {
        match to.area {
            Area::Seller => Condition::all().add(invoice::Column::SellerId.eq(to.tenant.0)),
            Area::Buyer => to
                .bought(invoice::Column::SellerId, invoice::Column::BuyerId)
                .add(invoice::Column::Stage.ne(Stage::Draft)),
            Area::Tenant => nothing(),
        }
    }
}

/// The invoices that a viewpoint sees, and on the buyer's side those that it was billed for in bills of a parent, whose
/// subsidiaries they are by now or not (V40, V42): what can be paid from there.
pub(super) fn to_pay(to: &Viewpoint) -> Condition {
    let seen = invoice::Entity::visible(to);
    match to.area {
        Area::Seller | Area::Tenant => seen,
        Area::Buyer => Condition::any()
            .add(seen)
            .add(invoice::Column::RollupBuyerId.eq(to.tenant.0)),
    }
}

/// What was booked on documents that a viewpoint sees and, on the buyer's side, on invoices while they stood in a bill of a parent
/// that it received: what such a bill came to on a past day.
pub(super) fn booked_on_bills(to: &Viewpoint) -> Condition {
    let seen = posting::Entity::visible(to);
    match to.area {
        Area::Seller | Area::Tenant => seen,
        Area::Buyer => Condition::any().add(seen).add(stood_in_bill_of(to.tenant)),
    }
}

/// Whether a posting is of an invoice, and of a day on which that stood in a bill of a parent.
fn stood_in_bill_of(parent: TenantId) -> Expr {
    let booked_before = posting::Column::BookedOn
        .into_expr()
        .lt(rollup::Column::VoidedOn.into_expr());
    let standing = Condition::any()
        .add(rollup::Column::VoidedOn.is_null())
        .add(booked_before);
    let bills = select::<rollup::Entity>()
        .filter(same(rollup::Column::SellerId, rollup_line::Column::SellerId))
        .filter(same(rollup::Column::Id, rollup_line::Column::RollupId))
        .filter(rollup::Column::BuyerId.eq(parent.0))
        .filter(standing);
    let lines = select::<rollup_line::Entity>()
        .filter(same(rollup_line::Column::SellerId, posting::Column::SellerId))
        .filter(same(rollup_line::Column::InvoiceId, posting::Column::InvoiceId))
        .filter(exists(bills));
    exists(lines)
}

impl Visible for subsidiary::Entity {
    /// What the tenant said as a seller; otherwise whose subsidiary it is, and which are its own.
    fn visible(to: &Viewpoint) -> Condition {
        match to.area {
            Area::Seller => Condition::all().add(subsidiary::Column::SellerId.eq(to.tenant.0)),
            Area::Buyer | Area::Tenant => Condition::any()
                .add(subsidiary::Column::ParentId.eq(to.tenant.0))
                .add(subsidiary::Column::BuyerId.eq(to.tenant.0)),
        }
    }
}

/// Parts of a document: seen by whom the document is seen.
macro_rules! part_of {
    ($($entity:ident . $key:ident -> $whole:ident)+) => {$(
        impl Visible for $entity::Entity {
            fn visible(to: &Viewpoint) -> Condition {
                match to.area {
                    Area::Seller => Condition::all().add($entity::Column::SellerId.eq(to.tenant.0)),
                    Area::Buyer => Condition::all().add(whole::<$whole::Entity, $entity::Entity>(
                        ($whole::Column::SellerId, $entity::Column::SellerId),
                        ($whole::Column::Id, $entity::Column::$key),
                        to,
                    )),
                    Area::Tenant => nothing(),
                }
            }
        }
    )+};
}

part_of! {
    invoice_line.InvoiceId -> invoice
    invoice_cost.InvoiceId -> invoice
    invoice_tax.InvoiceId -> invoice
    invoice_party.InvoiceId -> invoice
    invoice_revision.InvoiceId -> invoice
    attempt_line.AttemptId -> payment_attempt
    credit_note_line.CreditNoteId -> credit_note
    credit_note_part.CreditNoteId -> credit_note
    credit_note_tax.CreditNoteId -> credit_note
    refund_line.RefundId -> refund
    dispute_part.DisputeId -> dispute
    rollup_line.RollupId -> rollup
    payment_attachment.PaymentId -> payment
}

impl Visible for allocation::Entity {
    /// By whom the invoice is seen, and by the parent that paid it.
    fn visible(to: &Viewpoint) -> Condition {
        match to.area {
            Area::Seller => Condition::all().add(allocation::Column::SellerId.eq(to.tenant.0)),
            Area::Buyer => Condition::any()
                .add(allocation::Column::PayerId.eq(to.tenant.0))
                .add(whole::<invoice::Entity, allocation::Entity>(
                    (invoice::Column::SellerId, allocation::Column::SellerId),
                    (invoice::Column::Id, allocation::Column::InvoiceId),
                    to,
                )),
            Area::Tenant => nothing(),
        }
    }
}

impl Visible for allocation_plan::Entity {
    /// All that the seller saved; of a buyer's account those that its own forms made.
    fn visible(to: &Viewpoint) -> Condition {
        let (seller, buyer) = (
            allocation_plan::Column::SellerId,
            allocation_plan::Column::BuyerId,
        );
        match to.area {
            Area::Seller => Condition::all().add(seller.eq(to.tenant.0)),
            Area::Buyer => Condition::all()
                .add(to.bought(seller, buyer))
                .add(allocation_plan::Column::FormKey.is_not_null()),
            Area::Tenant => nothing(),
        }
    }
}

/// Tables that only the seller's side knows.
macro_rules! sellers_own {
    ($($entity:ident)+) => {$(
        impl Visible for $entity::Entity {
            fn visible(to: &Viewpoint) -> Condition {
                match to.area {
                    Area::Seller => Condition::all().add($entity::Column::SellerId.eq(to.tenant.0)),
                    Area::Buyer | Area::Tenant => nothing(),
                }
            }
        }
    )+};
}

sellers_own! {
    write_off bank_file bank_entry company_mapping import import_row import_issue import_mapping number_counter product_mapping
        gateway_check gateway_comparison gateway_finding reminder reminder_setting reminder_stop
        vendor_bill vendor_bill_line
}

/// Tables of the tenant itself, whichever side it acts on.
macro_rules! tenants_own {
    ($($entity:ident)+) => {$(
        impl Visible for $entity::Entity {
            fn visible(to: &Viewpoint) -> Condition {
                Condition::all().add($entity::Column::TenantId.eq(to.tenant.0))
            }
        }
    )+};
}

tenants_own! { api_key membership session form_draft idempotency job role invitation tenant_group security_setting sign_in_provider sign_in_link tenant_address tenant_tax_id }

impl Visible for invoice_grant::Entity {
    /// What the tenant gave, and what it was given.
    fn visible(to: &Viewpoint) -> Condition {
        Condition::any()
            .add(invoice_grant::Column::TenantId.eq(to.tenant.0))
            .add(invoice_grant::Column::ToId.eq(to.tenant.0))
    }
}

impl Visible for tenant_logo::Entity {
    /// Those of whom is seen as a tenant, and for the tenant itself of everybody it trades with.
    fn visible(to: &Viewpoint) -> Condition {
        let others = |own: account::Column, other: account::Column| {
            let others = select::<account::Entity>().select_only().column(other);
            tenant_logo::Column::TenantId.in_subquery(others.filter(own.eq(to.tenant.0)).into_query())
        };
        let buyers = others(account::Column::SellerId, account::Column::BuyerId);
        let sellers = others(account::Column::BuyerId, account::Column::SellerId);
        let own = Condition::any().add(tenant_logo::Column::TenantId.eq(to.tenant.0));
        match to.area {
            Area::Seller => own.add(buyers),
            Area::Buyer => own.add(sellers),
            Area::Tenant => own.add(buyers).add(sellers),
        }
    }
}

impl Visible for user::Entity {
    fn visible(to: &Viewpoint) -> Condition {
        let members = select::<membership::Entity>()
            .select_only()
            .column(membership::Column::UserId)
            .filter(membership::Column::TenantId.eq(to.tenant.0))
            .into_query();
        Condition::all().add(user::Column::Id.in_subquery(members))
    }
}

impl Visible for tenant::Entity {
    /// Itself and, on a side of the money, those it has an account with there, and those whose papers it sees.
    fn visible(to: &Viewpoint) -> Condition {
        let others = select::<account::Entity>().select_only();
        let others = match to.area {
            Area::Tenant => return Condition::all().add(tenant::Column::Id.eq(to.tenant.0)),
            Area::Seller => others
                .column(account::Column::BuyerId)
                .filter(account::Column::SellerId.eq(to.tenant.0)),
            Area::Buyer => others
                .column(account::Column::SellerId)
                .filter(account::Column::BuyerId.eq(to.tenant.0)),
        };
        let seen = Condition::any()
            .add(tenant::Column::Id.eq(to.tenant.0))
            .add(tenant::Column::Id.in_subquery(others.into_query()));
        if to.area == Area::Buyer && !to.subsidiaries.is_empty() {
            return seen.add(tenant::Column::Id.is_in(to.subsidiaries.ids()));
        }
        seen
    }
}

impl Visible for audit_entry::Entity {
    /// The tenant's own entries; a buyer also sees what happened to the documents that it sees.
    fn visible(to: &Viewpoint) -> Condition {
        let own = Condition::any().add(audit_entry::Column::TenantId.eq(to.tenant.0));
        match to.area {
            Area::Seller | Area::Tenant => own,
            Area::Buyer => own.add(
                Condition::all()
                    .add(audit_entry::Column::EntityKind.eq("invoice"))
                    .add(whole::<invoice::Entity, audit_entry::Entity>(
                        (invoice::Column::SellerId, audit_entry::Column::TenantId),
                        (invoice::Column::Id, audit_entry::Column::EntityId),
                        to,
                    )),
            ),
        }
    }
}

/// Whether a viewpoint sees the document that a row is a part of: asked for each row by the document's key. A list of
/// all documents that it sees would grow with them, and SQLite would write it down for every statement.
fn whole<W: Visible, E: EntityTrait>(
    seller: (W::Column, E::Column),
    id: (W::Column, E::Column),
    to: &Viewpoint,
) -> Expr {
    let seen = select::<W>()
        .filter(same(seller.0, seller.1))
        .filter(same(id.0, id.1))
        .filter(W::visible(to));
    exists(seen)
}

#[expect(clippy::disallowed_methods, reason = "sub-queries of the policy itself")]
fn select<E: EntityTrait>() -> sea_orm::Select<E> {
    E::find()
}

fn nothing() -> Condition {
    Condition::all().add(Expr::val(1).eq(0))
}
