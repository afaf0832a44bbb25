//! Everybody, every endpoint, and who may call which.

use super::site::Caller;
use domain::access::{BuyerRole, SellerRole};

/// Everybody who can sign in: a tier, a role on the seller's side, a role on the buyer's side.
pub const PEOPLE: [(&str, Caller); 10] = [
    ("distributor sales", seller("Northwind", SellerRole::Sales)),
    ("distributor finance", seller("Northwind", SellerRole::Finance)),
    ("distributor admin", seller("Northwind", SellerRole::Admin)),
    ("partner sales", seller("Acme", SellerRole::Sales)),
    ("partner finance", seller("Acme", SellerRole::Finance)),
    ("partner viewer", buyer("Acme", BuyerRole::Viewer)),
    ("partner payer", buyer("Acme", BuyerRole::Payer)),
    (
        "partner admin",
        Caller {
            party: "Acme",
            seller: Some(SellerRole::Admin),
            buyer: Some(BuyerRole::Admin),
        },
    ),
    ("customer viewer", buyer("Daisy", BuyerRole::Viewer)),
    ("customer payer", buyer("Daisy", BuyerRole::Payer)),
];

const fn seller(party: &'static str, role: SellerRole) -> Caller {
    Caller {
        party,
        seller: Some(role),
        buyer: None,
    }
}

const fn buyer(party: &'static str, role: BuyerRole) -> Caller {
    Caller {
        party,
        seller: None,
        buyer: Some(role),
    }
}

/// Who may call an endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// Also who is not signed in.
    Anyone,
    /// Whoever is signed in.
    Everybody,
    /// These people.
    These(&'static [&'static str]),
}

const SELLERS: Who = Who::These(&[
    "distributor sales",
    "distributor finance",
    "distributor admin",
    "partner sales",
    "partner finance",
    "partner admin",
]);
const FINANCE: Who = Who::These(&[
    "distributor finance",
    "distributor admin",
    "partner finance",
    "partner admin",
]);
const BUYERS: Who = Who::These(&[
    "partner viewer",
    "partner payer",
    "partner admin",
    "customer viewer",
    "customer payer",
]);
const PAYERS: Who = Who::These(&["partner payer", "partner admin", "customer payer"]);
const MAIL: Who = Who::These(&[
    "distributor finance",
    "distributor admin",
    "partner finance",
    "partner payer",
    "partner admin",
    "customer payer",
]);

/// An id that nobody has.
pub const NONE: &str = "018f0000-0000-7000-8000-000000000000";

/// An endpoint: its method, the pattern it is registered under, an address and a body that fit it, and who may call it.
pub struct Endpoint(
    pub &'static str,
    pub &'static str,
    pub &'static str,
    pub &'static str,
    pub Who,
);

/// All of them. `{none}` stands for [`NONE`].
pub const TABLE: &[Endpoint] = &[
    // Pages.
    Endpoint("GET", "/login", "/login", "", Who::Anyone),
    Endpoint("GET", "/", "/", "", Who::Everybody),
    Endpoint("GET", "/account", "/account", "", Who::Everybody),
    Endpoint("GET", "/invoices", "/invoices", "", Who::Everybody),
    Endpoint("GET", "/invoices/{id}", "/invoices/{none}", "", Who::Everybody),
    Endpoint("GET", "/invoices/import", "/invoices/import", "", FINANCE),
    Endpoint(
        "GET",
        "/invoices/import/{id}",
        "/invoices/import/{none}",
        "",
        FINANCE,
    ),
    Endpoint("GET", "/payments/new", "/payments/new", "", PAYERS),
    Endpoint(
        "GET",
        "/payments/result/{key}",
        "/payments/result/{none}",
        "",
        PAYERS,
    ),
    Endpoint("GET", "/payments/{id}", "/payments/{none}", "", Who::Everybody),
    Endpoint("GET", "/mail", "/mail", "", MAIL),
    Endpoint("GET", "/mail/{id}", "/mail/{none}", "", MAIL),
    // Downloads and uploads.
    Endpoint(
        "GET",
        "/invoices/export.csv",
        "/invoices/export.csv",
        "",
        Who::Everybody,
    ),
    Endpoint(
        "POST",
        "/invoices/export.csv",
        "/invoices/export.csv",
        "",
        Who::Everybody,
    ),
    // Server functions.
    Endpoint(
        "POST",
        "/api/log_in",
        "/api/log_in",
        "email=x&password=y",
        Who::Anyone,
    ),
    Endpoint("POST", "/api/log_out", "/api/log_out", "", Who::Anyone),
    Endpoint("POST", "/api/typed", "/api/typed", "", Who::Anyone),
    Endpoint(
        "POST",
        "/api/change_password",
        "/api/change_password",
        "current=a&new=b&again=b",
        Who::Everybody,
    ),
    Endpoint(
        "POST",
        "/api/list_own_sessions",
        "/api/list_own_sessions",
        "",
        Who::Everybody,
    ),
    Endpoint(
        "POST",
        "/api/end_session",
        "/api/end_session",
        "id=0123456789abcdef",
        Who::Everybody,
    ),
    Endpoint(
        "POST",
        "/api/end_other_sessions",
        "/api/end_other_sessions",
        "",
        Who::Everybody,
    ),
    Endpoint(
        "POST",
        "/api/list_invoices",
        "/api/list_invoices",
        "side=seller&query=",
        SELLERS,
    ),
    Endpoint(
        "POST",
        "/api/list_invoices",
        "/api/list_invoices",
        "side=buyer&query=",
        BUYERS,
    ),
    Endpoint(
        "POST",
        "/api/find_invoice",
        "/api/find_invoice",
        "id={none}",
        Who::Everybody,
    ),
    Endpoint(
        "POST",
        "/api/select_invoices",
        "/api/select_invoices",
        "query=",
        BUYERS,
    ),
    Endpoint(
        "POST",
        "/api/choose_invoices",
        "/api/choose_invoices",
        "invoices[]={none}",
        PAYERS,
    ),
    Endpoint(
        "POST",
        "/api/choose_columns",
        "/api/choose_columns",
        "side=buyer&query=&columns[]=due",
        Who::Everybody,
    ),
    Endpoint("POST", "/api/list_imports", "/api/list_imports", "", FINANCE),
    Endpoint(
        "POST",
        "/api/find_import",
        "/api/find_import",
        "id={none}",
        FINANCE,
    ),
    Endpoint(
        "POST",
        "/api/map_import",
        "/api/map_import",
        "id={none}&columns[number]=A&date_order=ymd&decimal_mark=point&signs=as_written&negative_documents=credit_notes&default_currency=",
        FINANCE,
    ),
    Endpoint(
        "POST",
        "/api/publish_import",
        "/api/publish_import",
        "id={none}",
        FINANCE,
    ),
    Endpoint(
        "POST",
        "/api/undo_import",
        "/api/undo_import",
        "id={none}",
        FINANCE,
    ),
    Endpoint(
        "POST",
        "/api/list_mail",
        "/api/list_mail",
        "side=seller&query=",
        FINANCE,
    ),
    Endpoint(
        "POST",
        "/api/list_mail",
        "/api/list_mail",
        "side=buyer&query=",
        PAYERS,
    ),
    Endpoint("POST", "/api/find_mail", "/api/find_mail", "id={none}", MAIL),
    Endpoint("POST", "/api/open_payment", "/api/open_payment", "query=", PAYERS),
    Endpoint("POST", "/api/pay", "/api/pay", "form[key]={none}", PAYERS),
    Endpoint(
        "POST",
        "/api/find_payment_result",
        "/api/find_payment_result",
        "key={none}",
        PAYERS,
    ),
    Endpoint(
        "POST",
        "/api/resume_payment",
        "/api/resume_payment",
        "attempt={none}",
        PAYERS,
    ),
    Endpoint(
        "POST",
        "/api/find_receipt",
        "/api/find_receipt",
        "id={none}",
        Who::Everybody,
    ),
];
