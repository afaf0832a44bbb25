//! camt.053 (ISO 20022), the statement of booked entries, in its versions from 001.02 on.
//!
//! Elements are known by their local names, since every version has a namespace of its own. An entry that collects several
//! payments is taken apart when the amounts of its parts are there and add up to it; otherwise it stays one.

use super::{
    BankFileRefused,
    amounts::{amount, currency, day, is_said, negative},
    limits, within,
};
use crate::incoming::{
    FileRefused,
    xml::{Element, Kept, XmlReader},
};
use chrono::NaiveDate;
use domain::{
    Currency, Money,
    bank_files::{EntryKind, StatementEntry},
    imports::DecimalMark,
};

/// Reads a document.
pub(super) fn read(text: &str) -> Result<Vec<StatementEntry>, BankFileRefused> {
    let mut xml = XmlReader::new(text.as_bytes(), Kept::Any, limits());
    let (_, root) = xml.root()?;
    if root != "Document" {
        return Err(FileRefused::WrongRoot { root }.into());
    }
    let mut entries = Vec::new();
    while let Some(message) = xml.child()? {
        if message.name != "BkToCstmrStmt" {
            return Err(BankFileRefused::Unknown(match message.name.as_str() {
                // They repeat what the statement says.
                "BkToCstmrAcctRpt" => {
                    "camt.052, a report during the day: its entries come again in the statement".into()
                }
                "BkToCstmrDbtCdtNtfctn" => {
                    "camt.054, a notice of entries: they come again in the statement".into()
                }
                other => format!("{} and no statement", super::amounts::short(other)),
            }));
        }
        for statement in message.all("Stmt") {
            let issued = message.text_of("GrpHdr/CreDtTm").or(statement.text_of("CreDtTm"));
            of_statement(statement, issued, &mut entries)?;
        }
    }
    Ok(entries)
}

fn of_statement(
    statement: &Element,
    issued: Option<&str>,
    entries: &mut Vec<StatementEntry>,
) -> Result<(), BankFileRefused> {
    let account = statement
        .text_of("Acct/Id/IBAN")
        .or(statement.text_of("Acct/Id/Othr/Id"));
    for entry in statement.all("Ntry") {
        let booked = day_of(entry, "BookgDt")?;
        let value_on = day_of(entry, "ValDt")?;
        let issued = || issued.map(|issued| day(issued, entry.line)).transpose();
        let booked_on = match booked.or(value_on) {
            Some(day) => day,
            None => {
                issued()?.ok_or_else(|| BankFileRefused::entry(entry.line, "the entry has no booking day"))?
            }
        };
        let whole = Whole {
            account,
            booked_on,
            value_on,
            amount: signed(entry)?,
            kind: kind(entry),
            bank_id: entry.text_of("AcctSvcrRef").filter(|id| is_said(id)),
        };
        of_entry(entry, &whole, entries)?;
        within(entries)?;
    }
    Ok(())
}

/// What holds for all parts of an entry.
struct Whole<'a> {
    account: Option<&'a str>,
    booked_on: NaiveDate,
    value_on: Option<NaiveDate>,
    amount: Money,
    kind: EntryKind,
    bank_id: Option<&'a str>,
}

fn of_entry(
    entry: &Element,
    whole: &Whole<'_>,
    entries: &mut Vec<StatementEntry>,
) -> Result<(), BankFileRefused> {
    let details = |entry| Element::all(entry, "NtryDtls").flat_map(|details| details.all("TxDtls"));
    let parts: Vec<&Element> = details(entry).collect();
    let amounts = parts_of(&parts, whole.amount)?;
    if let Some(amounts) = amounts {
        for (place, (part, amount)) in (1..).zip(parts.iter().zip(amounts)) {
            let own = part.text_of("Refs/AcctSvcrRef").filter(|id| is_said(id));
            // Banks repeat the reference of the whole on its parts.
            let own = own.filter(|id| Some(*id) != whole.bank_id);
            let bank_id = own
                .map(str::to_owned)
                .or_else(|| whole.bank_id.map(|id| format!("{id}/{place}")));
            let mut one = blank(entry, whole, amount, bank_id);
            one.line = part.line;
            add(part, &mut one);
            entries.push(settled(one, whole));
        }
        return Ok(());
    }
    let bank_id = whole.bank_id.map(str::to_owned);
    let mut one = blank(entry, whole, whole.amount, bank_id);
    for part in &parts {
        add(part, &mut one);
    }
    if let Some(more) = entry.text_of("AddtlNtryInf") {
        one.text.push(more.to_owned());
    }
    entries.push(settled(one, whole));
    Ok(())
}

fn blank(entry: &Element, whole: &Whole<'_>, amount: Money, bank_id: Option<String>) -> StatementEntry {
    StatementEntry {
        line: entry.line,
        account: whole.account.map(str::to_owned),
        booked_on: whole.booked_on,
        value_on: whole.value_on,
        amount,
        kind: whole.kind,
        text: Vec::new(),
        references: Vec::new(),
        payer_name: None,
        payer_account: None,
        bank_id,
    }
}

/// A part may go the other way than the whole.
fn settled(one: StatementEntry, whole: &Whole<'_>) -> StatementEntry {
    let kind = match one.kind {
        EntryKind::MoneyIn | EntryKind::MoneyOut if whole.kind == EntryKind::Reversal => EntryKind::Reversal,
        EntryKind::MoneyIn | EntryKind::MoneyOut => direction(one.amount),
        EntryKind::Reversal | EntryKind::Pending => one.kind,
    };
    StatementEntry { kind, ..one }
}

/// Signed amounts of the parts, when there are several, each has one in the currency of the whole, and they are the whole.
fn parts_of(parts: &[&Element], whole: Money) -> Result<Option<Vec<Money>>, BankFileRefused> {
    if parts.len() < 2 {
        return Ok(None);
    }
    let mut amounts = Vec::with_capacity(parts.len());
    for part in parts {
        let stated = part.find("Amt").or(part.find("AmtDtls/TxAmt/Amt"));
        let Some(stated) = stated.filter(|one| one.attribute("Ccy") == Some(whole.currency().code())) else {
            return Ok(None);
        };
        let amount = amount(&stated.text, DecimalMark::Point, whole.currency(), stated.line)?;
        let is_out = match part.text_of("CdtDbtInd") {
            Some(word) => word == "DBIT",
            None => whole.is_negative(),
        };
        amounts.push(if is_out {
            negative(amount, stated.line)?
        } else {
            amount
        });
    }
    let sum = Money::sum(whole.currency(), amounts.iter().copied());
    Ok(sum.is_ok_and(|sum| sum == whole).then_some(amounts))
}

/// Text, references and the other side of a part.
fn add(part: &Element, one: &mut StatementEntry) {
    let is_in = !one.amount.is_negative();
    if part.find("RtrInf").is_some() && one.kind != EntryKind::Pending {
        // Money of our own that comes back is nobody's payment.
        one.kind = EntryKind::Reversal;
    }
    let references = ["Refs/EndToEndId", "Refs/InstrId", "Refs/TxId"];
    let structured = part.all("RmtInf").flat_map(|info| info.all("Strd"));
    let of_structured = structured.flat_map(|info| {
        let documents = info
            .all("RfrdDocInf")
            .filter_map(|document| document.text_of("Nb"));
        info.text_of("CdtrRefInf/Ref").into_iter().chain(documents)
    });
    let found = references
        .iter()
        .filter_map(|path| part.text_of(path))
        .chain(of_structured);
    one.references
        .extend(found.filter(|text| is_said(text)).map(str::to_owned));
    let lines = part.all("RmtInf").flat_map(|info| {
        let more = info.all("Strd").flat_map(|one| one.all("AddtlRmtInf"));
        info.all("Ustrd").chain(more)
    });
    let lines = lines.chain(part.all("AddtlTxInf"));
    one.text.extend(
        lines
            .filter(|line| !line.text.is_empty())
            .map(|line| line.text.clone()),
    );
    let (party, ultimate, account) = if is_in {
        ("Dbtr", "UltmtDbtr", "DbtrAcct")
    } else {
        ("Cdtr", "UltmtCdtr", "CdtrAcct")
    };
    let Some(parties) = part.find("RltdPties") else {
        return;
    };
    let name = |party: &str| {
        parties
            .text_of(&format!("{party}/Nm"))
            .or(parties.text_of(&format!("{party}/Pty/Nm")))
    };
    let account = |form: &str| parties.text_of(&format!("{account}/Id/{form}"));
    let name = name(party).or(name(ultimate)).map(str::to_owned);
    let account = account("IBAN").or(account("Othr/Id")).map(str::to_owned);
    // A whole that stays one has the parties of its first part only if there is one part.
    one.payer_name = one.payer_name.take().or(name);
    one.payer_account = one.payer_account.take().or(account);
}

fn signed(entry: &Element) -> Result<Money, BankFileRefused> {
    let line = entry.line;
    let stated = entry
        .find("Amt")
        .ok_or_else(|| BankFileRefused::entry(line, "the entry has no amount"))?;
    let code = stated.attribute("Ccy").unwrap_or_default();
    let currency: Currency = currency(code, stated.line)?;
    let amount = amount(&stated.text, DecimalMark::Point, currency, stated.line)?;
    match entry.text_of("CdtDbtInd") {
        Some("CRDT") => Ok(amount),
        Some("DBIT") => negative(amount, line),
        Some(_) | None => Err(BankFileRefused::entry(
            line,
            "the entry does not say whether it is credit or debit",
        )),
    }
}

fn kind(entry: &Element) -> EntryKind {
    let status = entry.text_of("Sts/Cd").or(entry.text_of("Sts"));
    if status.is_some_and(|status| status != "BOOK") {
        EntryKind::Pending
    } else if matches!(entry.text_of("RvslInd"), Some("true" | "1")) {
        EntryKind::Reversal
    } else if entry.text_of("CdtDbtInd") == Some("CRDT") {
        EntryKind::MoneyIn
    } else {
        EntryKind::MoneyOut
    }
}

const fn direction(amount: Money) -> EntryKind {
    if amount.is_positive() {
        EntryKind::MoneyIn
    } else {
        EntryKind::MoneyOut
    }
}

fn day_of(entry: &Element, name: &str) -> Result<Option<NaiveDate>, BankFileRefused> {
    let stated = entry
        .find(name)
        .and_then(|stated| stated.find("Dt").or(stated.find("DtTm")));
    stated.map(|stated| day(&stated.text, stated.line)).transpose()
}
