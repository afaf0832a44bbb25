//! Every endpoint, and who may call which. It is one file, so that the whole can be read at once.

use domain::access::Permission;

/// Who may call an endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// Also who is not signed in.
    Anyone,
    /// Whoever is signed in.
    Everybody,
    /// Whoever has one of these permissions.
    May(&'static [Permission]),
}

const SELLERS: Who = Who::May(&[Permission::ViewIssuedInvoices]);
const IMPORTERS: Who = Who::May(&[Permission::ImportInvoices]);
const SENDERS: Who = Who::May(&[Permission::ViewSentMail]);
const BUYERS: Who = Who::May(&[Permission::ViewReceivedInvoices]);
const EITHER: Who = Who::May(&[Permission::ViewIssuedInvoices, Permission::ViewReceivedInvoices]);
const PAYERS: Who = Who::May(&[Permission::PayInvoices]);
const RECEIVERS: Who = Who::May(&[Permission::ViewReceivedMail]);
const MAIL: Who = Who::May(&[Permission::ViewSentMail, Permission::ViewReceivedMail]);
const PEOPLES: Who = Who::May(&[Permission::ManagePeople]);
const AUDITORS: Who = Who::May(&[Permission::ViewAudit]);
const SETTERS: Who = Who::May(&[Permission::ManageSettings]);
const ROLES: Who = Who::May(&[Permission::ManageRoles]);

/// An id that nobody has.
pub const NONE: &str = "018f0000-0000-7000-8000-000000000000";

/// What ids in the table are of.
pub const KINDS: [&str; 7] = [
    "invoice",
    "import",
    "payment",
    "mail",
    "person",
    "invitation",
    "tenant",
];

/// An endpoint: its method, the pattern it is registered under, an address and a body that fit it, and who may call it.
pub struct Endpoint(
    pub &'static str,
    pub &'static str,
    pub &'static str,
    pub &'static str,
    pub Who,
);

/// All of them. `{none}` stands for [`NONE`], `{token}` for a token that opens nothing, and any other word in braces for
/// the id of such a thing.
pub const TABLE: &[Endpoint] = &[
    // Pages.
    Endpoint("GET", "/login", "/login", "", Who::Anyone),
    Endpoint("GET", "/login/code", "/login/code", "", Who::Anyone),
    Endpoint("GET", "/", "/", "", Who::Everybody),
    Endpoint("GET", "/account", "/account", "", Who::Everybody),
    Endpoint(
        "GET",
        "/account/second-factor",
        "/account/second-factor",
        "",
        Who::Everybody,
    ),
    Endpoint("GET", "/account/email", "/account/email", "", Who::Everybody),
    Endpoint(
        "GET",
        "/account/email/{token}",
        "/account/email/{token}",
        "",
        Who::Anyone,
    ),
    Endpoint("GET", "/invoices", "/invoices", "", EITHER),
    Endpoint("GET", "/invoices/{id}", "/invoices/{invoice}", "", EITHER),
    Endpoint("GET", "/invoices/import", "/invoices/import", "", IMPORTERS),
    Endpoint(
        "GET",
        "/invoices/import/{id}",
        "/invoices/import/{import}",
        "",
        IMPORTERS,
    ),
    Endpoint("GET", "/payments/new", "/payments/new", "", PAYERS),
    Endpoint(
        "GET",
        "/payments/result/{key}",
        "/payments/result/{none}",
        "",
        PAYERS,
    ),
    Endpoint("GET", "/payments/{id}", "/payments/{payment}", "", EITHER),
    Endpoint("GET", "/mail", "/mail", "", MAIL),
    Endpoint("GET", "/mail/{id}", "/mail/{mail}", "", MAIL),
    Endpoint("GET", "/password", "/password", "", Who::Anyone),
    Endpoint("GET", "/password/{token}", "/password/{token}", "", Who::Anyone),
    Endpoint(
        "GET",
        "/invitation/{token}",
        "/invitation/{token}",
        "",
        Who::Anyone,
    ),
    Endpoint("GET", "/switch", "/switch", "", Who::Everybody),
    Endpoint("GET", "/people", "/people", "", PEOPLES),
    Endpoint("GET", "/people/new", "/people/new", "", PEOPLES),
    Endpoint("GET", "/people/{id}", "/people/{person}", "", PEOPLES),
    Endpoint("GET", "/audit", "/audit", "", AUDITORS),
    Endpoint("GET", "/roles", "/roles", "", ROLES),
    Endpoint("GET", "/security", "/security", "", SETTERS),
    // Downloads and uploads.
    Endpoint("GET", "/invoices/export.csv", "/invoices/export.csv", "", EITHER),
    Endpoint("POST", "/invoices/export.csv", "/invoices/export.csv", "", EITHER),
    // Server functions.
    Endpoint(
        "POST",
        "/api/log_in",
        "/api/log_in",
        "email=x&password=y",
        Who::Anyone,
    ),
    Endpoint(
        "POST",
        "/api/log_in_code",
        "/api/log_in_code",
        "code=000000",
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
        "/api/find_second_factor",
        "/api/find_second_factor",
        "",
        Who::Everybody,
    ),
    Endpoint(
        "POST",
        "/api/begin_second_factor",
        "/api/begin_second_factor",
        "",
        Who::Everybody,
    ),
    Endpoint(
        "POST",
        "/api/confirm_second_factor",
        "/api/confirm_second_factor",
        "code=none",
        Who::Everybody,
    ),
    Endpoint(
        "POST",
        "/api/renew_recovery_codes",
        "/api/renew_recovery_codes",
        "code=none",
        Who::Everybody,
    ),
    Endpoint(
        "POST",
        "/api/switch_second_factor_off",
        "/api/switch_second_factor_off",
        "password=x&off_code=none",
        Who::Everybody,
    ),
    Endpoint(
        "POST",
        "/api/ask_for_email",
        "/api/ask_for_email",
        "email=new@nowhere.example&password=x",
        Who::Everybody,
    ),
    Endpoint(
        "POST",
        "/api/find_email_link",
        "/api/find_email_link",
        "token={token}",
        Who::Anyone,
    ),
    Endpoint(
        "POST",
        "/api/change_email",
        "/api/change_email",
        "token={token}",
        Who::Anyone,
    ),
    Endpoint("POST", "/api/find_security", "/api/find_security", "", SETTERS),
    Endpoint(
        "POST",
        "/api/change_security",
        "/api/change_security",
        "idle_minutes=none",
        SETTERS,
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
        "id={invoice}",
        EITHER,
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
    Endpoint("POST", "/api/list_imports", "/api/list_imports", "", IMPORTERS),
    Endpoint(
        "POST",
        "/api/find_import",
        "/api/find_import",
        "id={import}",
        IMPORTERS,
    ),
    Endpoint(
        "POST",
        "/api/map_import",
        "/api/map_import",
        "id={import}&columns[number]=A&date_order=ymd&decimal_mark=point&signs=as_written&negative_documents=credit_notes&default_currency=",
        IMPORTERS,
    ),
    Endpoint(
        "POST",
        "/api/publish_import",
        "/api/publish_import",
        "id={import}",
        IMPORTERS,
    ),
    Endpoint(
        "POST",
        "/api/undo_import",
        "/api/undo_import",
        "id={import}",
        IMPORTERS,
    ),
    Endpoint(
        "POST",
        "/api/list_mail",
        "/api/list_mail",
        "side=seller&query=",
        SENDERS,
    ),
    Endpoint(
        "POST",
        "/api/list_mail",
        "/api/list_mail",
        "side=buyer&query=",
        RECEIVERS,
    ),
    Endpoint("POST", "/api/find_mail", "/api/find_mail", "id={mail}", MAIL),
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
        "id={payment}",
        EITHER,
    ),
    Endpoint(
        "POST",
        "/api/ask_for_password",
        "/api/ask_for_password",
        "email=nobody@nowhere.example",
        Who::Anyone,
    ),
    Endpoint(
        "POST",
        "/api/find_password_link",
        "/api/find_password_link",
        "token={token}",
        Who::Anyone,
    ),
    Endpoint(
        "POST",
        "/api/set_password",
        "/api/set_password",
        "token={token}&new=a&again=b",
        Who::Anyone,
    ),
    Endpoint(
        "POST",
        "/api/find_invitation",
        "/api/find_invitation",
        "token={token}",
        Who::Anyone,
    ),
    Endpoint(
        "POST",
        "/api/accept_invitation",
        "/api/accept_invitation",
        "token={token}&password=x",
        Who::Anyone,
    ),
    Endpoint(
        "POST",
        "/api/list_workplaces",
        "/api/list_workplaces",
        "",
        Who::Everybody,
    ),
    Endpoint(
        "POST",
        "/api/switch_tenant",
        "/api/switch_tenant",
        "tenant={tenant}",
        Who::Everybody,
    ),
    Endpoint("POST", "/api/list_people", "/api/list_people", "", PEOPLES),
    Endpoint(
        "POST",
        "/api/find_person",
        "/api/find_person",
        "id={person}",
        PEOPLES,
    ),
    Endpoint(
        "POST",
        "/api/list_role_choices",
        "/api/list_role_choices",
        "",
        PEOPLES,
    ),
    Endpoint(
        "POST",
        "/api/invite_person",
        "/api/invite_person",
        "name=&email=",
        PEOPLES,
    ),
    Endpoint(
        "POST",
        "/api/invite_again",
        "/api/invite_again",
        "id={invitation}",
        PEOPLES,
    ),
    Endpoint(
        "POST",
        "/api/take_invitation_back",
        "/api/take_invitation_back",
        "id={invitation}",
        PEOPLES,
    ),
    Endpoint(
        "POST",
        "/api/change_roles",
        "/api/change_roles",
        "id={person}&buyer_role=viewer",
        PEOPLES,
    ),
    Endpoint(
        "POST",
        "/api/change_membership",
        "/api/change_membership",
        "id={person}&state=Disabled",
        PEOPLES,
    ),
    Endpoint("POST", "/api/list_audit", "/api/list_audit", "query=", AUDITORS),
    Endpoint(
        "POST",
        "/api/list_audit_choices",
        "/api/list_audit_choices",
        "",
        AUDITORS,
    ),
    Endpoint("POST", "/api/list_roles", "/api/list_roles", "", ROLES),
    Endpoint(
        "POST",
        "/api/change_role",
        "/api/change_role",
        "side=seller&code=none",
        ROLES,
    ),
    Endpoint(
        "POST",
        "/api/create_role",
        "/api/create_role",
        "name=&like=buyer+none",
        ROLES,
    ),
    Endpoint(
        "POST",
        "/api/delete_role",
        "/api/delete_role",
        "side=seller&code=none",
        ROLES,
    ),
];
