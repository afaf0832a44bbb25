//! The authorisation matrix: everybody, every endpoint, things of everybody.
//!
//! What is expected is computed from the table: which permission an endpoint asks for, and on which side of a thing the
//! tenant stands. What is refused must change nothing, what is another's must look as if it did not exist, and no answer
//! may name a tenant that the caller does not trade with.

use super::{
    canary::names,
    principals::{As, SUBSIDIARIES, all_roles, below, everybody, key_of, strangers},
    site::Site,
    table::{Endpoint, KINDS, NONE, TABLE, Who},
    writes::{ENDING, WRITES},
};
use axum::body::to_bytes;
use backend::testing::{Object, Party};
use domain::{
    access::{BuyerReach, Permission, Rights, Roles, Side},
    ids::TenantId,
};
use http::{Method, StatusCode};
use std::io::Write;

/// On which permission it depends that somebody finds a thing of a kind: as who issued it or has it, as who received it.
fn finds(kind: &str) -> (Permission, Option<Permission>) {
    match kind {
        "invoice" | "payment" | "credit_note" | "balance" | "rollup" => (
            Permission::ViewIssuedInvoices,
            Some(Permission::ViewReceivedInvoices),
        ),
        "mail" => (Permission::ViewSentMail, Some(Permission::ViewReceivedMail)),
        "import" => (Permission::ImportInvoices, None),
        "person" | "invitation" => (Permission::ManagePeople, None),
        "creditable" | "credited" | "issued_credit" => (Permission::IssueCreditNotes, None),
        "issued" | "voidable_rollup" => (Permission::VoidInvoices, None),
        "disputable" | "withdrawable" => (Permission::DisputeInvoices, None),
        "answerable" => (Permission::AnswerDisputes, None),
        "given_up" => (Permission::WriteOffInvoices, None),
        "received" | "collectable" | "account" | "allocation" | "plan" | "bank_file" | "bank_entry"
        | "finding" => (Permission::RecordPayments, None),
        "vendor_bill" => (Permission::SetUpReconciliation, None),
        "writable" | "billable" => (Permission::WriteInvoices, None),
        "pays_on" | "saved_card" | "payable_rollup" => (Permission::PayInvoices, None),
        "own_profile" => (Permission::ChangeProfiles, None),
        "refundable" => (Permission::RefundPayments, None),
        "made" | "group" | "profile" => (Permission::ManageTenants, None),
        "sent" | "remindable" => (Permission::SendMail, None),
        "receipted" => (Permission::SendMail, Some(Permission::PayInvoices)),
        "grant" | "link" | "address" | "tax_id" | "job" | "api_key" => (Permission::ManageSettings, None),
        "giver" => (Permission::ViewSharedInvoices, None),
        other => panic!("nobody knows who finds a {other}"),
    }
}

/// Whether somebody finds a thing. The tenants that one can work in are one's own, whatever one may do. `below` is the
/// subsidiary that they reach, with the seller who says so.
fn found(tenant: TenantId, rights: Rights, below: Option<(TenantId, TenantId)>, object: &Object) -> bool {
    if object.kind == "tenant" {
        return object.seller == tenant;
    }
    let (as_seller, as_buyer) = finds(object.kind);
    // Papers of a subsidiary are within reach, its mail is not.
    let reached = object.kind != "mail" && below == object.buyer.map(|buyer| (object.seller, buyer));
    // What is the payer's own, a subsidiary's is too.
    let pays = matches!(
        object.kind,
        "pays_on" | "saved_card" | "own_profile" | "disputable" | "withdrawable" | "payable_rollup"
    ) && below.is_some_and(|(_, buyer)| buyer == object.seller);
    ((object.seller == tenant || pays) && rights.has(as_seller))
        || ((object.buyer == Some(tenant) || (reached && object.buyer.is_some()))
            && as_buyer.is_some_and(|permission| rights.has(permission)))
}

/// The kind of thing that an endpoint is about.
fn about(endpoint: &Endpoint) -> Option<&'static str> {
    let Endpoint(_, _, path, body, _) = endpoint;
    KINDS.into_iter().find(|kind| {
        let mark = format!("{{{kind}}}");
        path.contains(&mark) || body.contains(&mark)
    })
}

fn filled(text: &str, kind: &str, id: &str) -> String {
    text.replace("{none}", NONE)
        .replace("{token}", &"0".repeat(64))
        .replace(&format!("{{{kind}}}"), id)
}

struct Asked {
    status: StatusCode,
    /// The answer without what differs in any two answers.
    body: Vec<u8>,
}

struct Run<'a> {
    site: &'a Site,
    party: &'a Party,
    who: As,
    /// The key that they call with, if they are a program.
    key: Option<String>,
    /// The subsidiary that they reach, with the seller who says so.
    below: Option<(TenantId, TenantId)>,
    /// Names that must not be in any answer.
    strangers: Vec<String>,
    cells: usize,
    refused: usize,
    unexpected: Vec<String>,
}

impl Run<'_> {
    async fn ask(&mut self, endpoint: &Endpoint, kind: &str, id: &str) -> Asked {
        let Endpoint(method, _, path, body, _) = endpoint;
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        let name: Option<&'static str> = match self.who {
            As::Nobody | As::Key(_) => None,
            _ => Some(self.site.name_of(self.party)),
        };
        let (path_of, body_of) = (filled(path, kind, id), filled(body, kind, id));
        let key = self.key.as_deref();
        let answer = self.site.ask_with(name, key, method, &path_of, &body_of).await;
        let status = answer.status();
        let number = answer.headers().get("x-request-id");
        let number = number
            .and_then(|value| value.to_str().ok())
            .unwrap_or("no number")
            .to_owned();
        let policy = answer.headers().get("content-security-policy");
        let policy = policy.and_then(|value| value.to_str().ok()).unwrap_or_default();
        let nonce = policy
            .split_once("'nonce-")
            .and_then(|(_, rest)| rest.split_once('\''));
        let nonce = nonce.map_or("no nonce", |(nonce, _)| nonce).to_owned();
        let bytes = to_bytes(answer.into_body(), usize::MAX).await.unwrap().to_vec();
        // Without what is random: three of its letters may be somebody's name.
        let text = String::from_utf8_lossy(&bytes)
            .replace(&nonce, "")
            .replace(&number, "");
        self.cells += 1;
        for stranger in &self.strangers {
            if names(&text, stranger) {
                self.unexpected.push(format!(
                    "{:?} as {:?}: {path} {body} names {stranger}",
                    self.party.name(),
                    self.who
                ));
            }
        }
        let body = text.replace(id, "").into_bytes();
        Asked { status, body }
    }

    fn expect(&mut self, endpoint: &Endpoint, what: &str, status: StatusCode, wanted: &[StatusCode]) {
        let Endpoint(method, _, path, body, _) = endpoint;
        if matches!(
            status,
            StatusCode::FORBIDDEN | StatusCode::NOT_FOUND | StatusCode::UNAUTHORIZED
        ) {
            self.refused += 1;
        }
        if !wanted.contains(&status) {
            self.unexpected.push(format!(
                "{} as {:?}: {method} {path} {body} ({what}) gave {status}, not {wanted:?}",
                self.party.name(),
                self.who
            ));
        }
    }

    /// All cells of one person.
    async fn all(&mut self, objects: &[Object]) {
        for endpoint in TABLE {
            let Endpoint(method, _, path, _, who) = endpoint;
            let for_programs = matches!(who, Who::Keys(_));
            // A key opens no page, and a session nothing that is for programs.
            let rights = self
                .who
                .rights(self.party)
                .filter(|_| for_programs == self.key.is_some());
            if ENDING.iter().any(|begin| path.starts_with(begin)) {
                continue;
            }
            let allowed = match (who, rights) {
                (Who::Anyone, _) => true,
                (_, None) => {
                    let turned = match (*method, for_programs) {
                        ("GET", false) => &[StatusCode::SEE_OTHER][..],
                        // Keys that open nothing are braked.
                        (_, true) if self.key.is_some() => {
                            &[StatusCode::UNAUTHORIZED, StatusCode::TOO_MANY_REQUESTS]
                        }
                        _ => &[StatusCode::UNAUTHORIZED],
                    };
                    let asked = self
                        .ask(endpoint, about(endpoint).unwrap_or_default(), NONE)
                        .await;
                    self.expect(endpoint, "not signed in", asked.status, turned);
                    continue;
                }
                (Who::Everybody, Some(_)) => true,
                (Who::May(permissions) | Who::Keys(permissions), Some(rights)) => {
                    permissions.iter().any(|one| rights.has(*one))
                }
            };
            let Some(kind) = about(endpoint) else {
                let asked = self.ask(endpoint, "", NONE).await;
                let wanted = if allowed {
                    &[
                        StatusCode::OK,
                        StatusCode::NOT_FOUND,
                        StatusCode::UNPROCESSABLE_ENTITY,
                        StatusCode::TOO_MANY_REQUESTS,
                    ][..]
                } else {
                    &[StatusCode::FORBIDDEN][..]
                };
                self.expect(endpoint, "no thing", asked.status, wanted);
                continue;
            };
            self.things(endpoint, kind, allowed, rights.unwrap_or_default(), objects)
                .await;
        }
    }

    /// The cells of an endpoint that is about a thing.
    async fn things(
        &mut self,
        endpoint: &Endpoint,
        kind: &'static str,
        allowed: bool,
        rights: Rights,
        objects: &[Object],
    ) {
        let missing = self.ask(endpoint, kind, NONE).await;
        let not_there = if allowed {
            StatusCode::NOT_FOUND
        } else {
            StatusCode::FORBIDDEN
        };
        self.expect(endpoint, "nothing", missing.status, &[not_there]);
        for object in objects.iter().filter(|object| object.kind == kind) {
            let theirs = found(self.party.id(), rights, self.below, object);
            if theirs && WRITES.contains(&endpoint.2) {
                continue;
            }
            // What is shared names the customers of who shares it.
            let shared = theirs && kind == "giver";
            let strangers = shared.then(|| std::mem::take(&mut self.strangers));
            let asked = self.ask(endpoint, kind, &object.id.to_string()).await;
            self.strangers.extend(strangers.into_iter().flatten());
            let wanted = match (allowed, theirs) {
                (false, _) => StatusCode::FORBIDDEN,
                (true, true) => StatusCode::OK,
                (true, false) => StatusCode::NOT_FOUND,
            };
            self.expect(endpoint, kind, asked.status, &[wanted]);
            if !theirs && asked.body != missing.body {
                self.unexpected
                    .push(format!("{}: a foreign {kind} looks unlike none", endpoint.2));
            }
        }
    }
}

#[tokio::test]
async fn the_matrix_holds() {
    let site = Site::new().await;
    let objects = site.world.fill().await;
    for (parent, child) in SUBSIDIARIES {
        let world = &site.world;
        world
            .make_subsidiary(world.party(child), world.party(parent))
            .await;
    }
    let (mut cells, mut refused, mut people, mut unexpected) = (0, 0, 0, Vec::new());
    for name in ["Northwind", "Acme", "Daisy"] {
        let party = site.world.party(name);
        for who in everybody(party) {
            match who {
                As::Roles(roles) => site.world.give_roles(party, roles).await,
                As::Rights(side, rights) => site.world.give_rights(party, side, rights).await,
                As::Far(role) => {
                    let roles = Roles {
                        seller: None,
                        buyer: Some(role),
                    };
                    site.world.give_roles(party, roles).await;
                }
                As::FarRights(rights) => site.world.give_rights(party, Side::Buyer, rights).await,
                As::ShutOut => site.world.shut_out(party, true).await,
                As::Disabled => site.world.disable_login(party, true).await,
                As::Nobody => {}
                As::Key(_) => site.world.give_roles(party, all_roles(party)).await,
            }
            let key = match who {
                As::Key(of) => Some(key_of(&site, party, of).await),
                _ => None,
            };
            site.world.give_reach(party, who.reach()).await;
            let before = site.world.fingerprint().await;
            let reached = below(&site, party).filter(|_| who.reach() == BuyerReach::Subsidiaries);
            let mut strangers = strangers(&site, party);
            // Who looks after the company's settings reads there which subsidiaries it has.
            let told = who
                .rights(party)
                .is_some_and(|rights| rights.has(Permission::ManageSettings));
            if let Some(child) = below(&site, party).filter(|_| told || reached.is_some()) {
                strangers.retain(|name| name != child.name());
            }
            let mut run = Run {
                site: &site,
                party,
                who,
                key,
                below: reached.map(|child| (child.seller(), child.id())),
                strangers,
                cells: 0,
                refused: 0,
                unexpected: Vec::new(),
            };
            run.all(&objects).await;
            people += 1;
            cells += run.cells;
            refused += run.refused;
            unexpected.append(&mut run.unexpected);
            // Nothing that was asked for could be done, so nothing may have changed.
            let after = site.world.fingerprint().await;
            let pays = who
                .rights(party)
                .is_some_and(|rights| rights.has(Permission::PayInvoices));
            for (table, hash) in &before {
                // Who may pay keeps what they chose for the next page.
                if after.get(table) != Some(hash) && !(pays && *table == "form_draft") {
                    unexpected.push(format!("{name} as {who:?} changed {table}"));
                }
            }
            site.world.shut_out(party, false).await;
            site.world.disable_login(party, false).await;
        }
    }
    // Past the test harness, which keeps what a passing test prints to itself.
    let _ = writeln!(
        std::io::stderr(),
        "matrix: {people} people, {} endpoints, {cells} cells, {refused} refused, {} unexpected",
        TABLE.len(),
        unexpected.len(),
    );
    assert!(unexpected.is_empty(), "{}", unexpected.join("\n"));
    assert!(cells >= 5_000, "only {cells} cells");
}
