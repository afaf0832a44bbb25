//! The payment form as a browser without script posts it.
//!
//! Every invoice on the page is a line: `lines[0][invoice]`, `lines[0][apply]` (the check box, absent when not
//! ticked), `lines[0][seen]` (what could be paid, in minor units), `lines[0][currency]` and `lines[0][amount]` as
//! typed. What lies on the account in a currency is `uses[0][account]`, `uses[0][currency]`, `uses[0][seen]`, and
//! `uses[0][apply]` when it is to be used first. Besides them stand `key`, `card` (the id of a saved card or `new`), `token` (filled in by the gateway's
//! script), and the boxes `save_card`, `make_default` and `email_receipt`, the last of which may as well be the name
//! of the second submit button. These are the names that [`PaymentFields`] has when it is URL-encoded as a nested
//! structure, so a typed decoder and [`PaymentFields::from_pairs`] read the same post; an outer name, as in
//! `form[lines][0][amount]`, does not matter.

use super::{CardChoice, SubmitLine, SubmitPayment, on_account::UseFirst};
use crate::{
    ids::InvoiceId,
    locale::{Locale, parse_amount},
    money::{Currency, Money},
    refusal::{FieldErrors, Refusal},
};
use serde::{Deserialize, Serialize};

/// The most lines of one form.
pub const MOST_LINES: usize = 500;
/// The most currencies in which something lies on an account that a form names.
const MOST_USES: usize = 50;
/// Longest token of a gateway, in bytes.
const LONGEST_TOKEN: usize = 255;
/// The value of `card` for a card that is entered now.
pub const NEW_CARD: &str = "new";

/// What was typed, as text, so that a refused form can be shown again as it was.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaymentFields {
    /// Key of the rendering.
    #[serde(default)]
    pub key: String,
    /// One for each invoice on the page, chosen or not.
    #[serde(default)]
    pub lines: Vec<LineFields>,
    /// One for each currency in which something lies on the account.
    #[serde(default)]
    pub uses: Vec<UseFields>,
    /// Id of a saved card, or [`NEW_CARD`].
    #[serde(default)]
    pub card: String,
    /// The gateway's token for a new card. Never shown again.
    #[serde(default)]
    pub token: String,
    /// Present when ticked.
    #[serde(default)]
    pub save_card: Option<String>,
    /// Present when ticked.
    #[serde(default)]
    pub make_default: Option<String>,
    /// Present when ticked, or when the button `Submit & Email` was used.
    #[serde(default)]
    pub email_receipt: Option<String>,
}

/// A line of [`PaymentFields`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineFields {
    /// Id of the invoice.
    #[serde(default)]
    pub invoice: String,
    /// Present when ticked.
    #[serde(default)]
    pub apply: Option<String>,
    /// What could be paid when the form was shown, in minor units.
    #[serde(default)]
    pub seen: String,
    /// Code of the currency of both amounts.
    #[serde(default)]
    pub currency: String,
    /// What to pay, as typed.
    #[serde(default)]
    pub amount: String,
}

/// What lies on the account in a currency, in [`PaymentFields`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct UseFields {
    /// Present when it is to be used first.
    #[serde(default)]
    pub apply: Option<String>,
    /// Id of the account.
    #[serde(default)]
    pub account: String,
    /// Code of the currency.
    #[serde(default)]
    pub currency: String,
    /// What lay there when the form was shown, in minor units.
    #[serde(default)]
    pub seen: String,
}

/// Name of a field of a line, as it stands in the form and in [`FieldErrors`]: `lines[0][amount]`.
pub fn line_field(index: usize, field: &str) -> String {
    format!("lines[{index}][{field}]")
}

/// Moves the errors of lines that are counted among some of the posted ones to the fields that were posted.
pub(crate) fn place_among(posted: &[usize], errors: FieldErrors) -> FieldErrors {
    let place = |field: String| match name_parts(&field).as_slice() {
        ["lines", index, name] => {
            let posted = index
                .parse::<usize>()
                .ok()
                .and_then(|index| posted.get(index).copied());
            posted.map(|index| line_field(index, name)).unwrap_or(field)
        }
        _ => field,
    };
    FieldErrors(
        errors
            .0
            .into_iter()
            .map(|(field, refusal)| (place(field), refusal))
            .collect(),
    )
}

impl PaymentFields {
    /// Reads the posted pairs. Unknown names are ignored; lines that are named but missing are empty.
    pub fn from_pairs(pairs: impl IntoIterator<Item = (String, String)>) -> Self {
        let mut fields = Self::default();
        for (name, value) in pairs {
            let parts = name_parts(&name);
            match parts.as_slice() {
                [.., "lines", index, field] => fields.set_line(index, field, value),
                [.., "uses", index, field] => fields.set_use(index, field, value),
                [.., field] => fields.set(field, value),
                [] => {}
            }
        }
        fields
    }

    /// Reads what was typed. Lines that are not ticked are left out; the others keep their order.
    ///
    /// # Errors
    /// By field: `key` and ids that were tampered with are [`Refusal::FormBroken`]; an amount is judged by
    /// [`parse_amount`] and must be above zero; no line at all is [`Refusal::NothingChosen`] under the empty name; no
    /// card is [`Refusal::NoCard`] under `card`.
    pub fn parse(&self, locale: Locale) -> Result<SubmitPayment, FieldErrors> {
        let mut errors = FieldErrors::default();
        let key = self.key.trim().parse();
        if key.is_err() {
            errors.add("key", Refusal::FormBroken);
        }
        let mut lines = Vec::new();
        if self.lines.len() > MOST_LINES {
            errors.add("", Refusal::FormBroken);
        }
        for (index, line) in self.lines.iter().enumerate().take(MOST_LINES) {
            if line.apply.is_some() {
                match line.parse(locale) {
                    Ok(line) => lines.push(line),
                    Err((field, refusal)) => errors.add(line_field(index, field), refusal),
                }
            }
        }
        if lines.is_empty() && errors.is_empty() {
            errors.add("", Refusal::NothingChosen);
        }
        let used = self.uses.iter().filter(|used| used.apply.is_some());
        let uses = used.map(UseFields::parse).collect::<Option<Vec<_>>>();
        if uses.is_none() {
            errors.add("", Refusal::FormBroken);
        }
        let uses = uses.unwrap_or_default();
        let card = match self.read_card() {
            Err(Refusal::NoCard) if covers(&uses, &lines) => Ok(CardChoice::Token(String::new())),
            card => card,
        };
        if let Err(refusal) = &card {
            errors.add("card", refusal.clone());
        }
        match (key, card) {
            (Ok(key), Ok(card)) => errors.unless(SubmitPayment {
                key,
                lines,
                uses,
                card,
                save_card: self.save_card.is_some(),
                make_default: self.make_default.is_some(),
                email_receipt: self.email_receipt.is_some(),
            }),
            _ => Err(errors),
        }
    }

    /// Moves the errors of the submitted lines, which are counted among the ticked ones, to the fields that were
    /// posted.
    pub fn place(&self, errors: FieldErrors) -> FieldErrors {
        let ticked: Vec<usize> = (0..self.lines.len())
            .filter(|i| self.lines[*i].apply.is_some())
            .collect();
        place_among(&ticked, errors)
    }

    /// What may be kept to show the form again: everything but the token, which is good for one use (M2, D12).
    #[must_use]
    pub fn without_token(self) -> Self {
        Self {
            token: String::new(),
            ..self
        }
    }

    fn read_card(&self) -> Result<CardChoice, Refusal> {
        match self.card.trim() {
            "" | NEW_CARD => read_token(&self.token).map(CardChoice::Token),
            id => id
                .parse()
                .map(CardChoice::Saved)
                .map_err(|_| Refusal::UnknownCard),
        }
    }

    fn set(&mut self, field: &str, value: String) {
        match field {
            "key" => self.key = value,
            "card" => self.card = value,
            "token" => self.token = value,
            "save_card" => self.save_card = Some(value),
            "make_default" => self.make_default = Some(value),
            "email_receipt" => self.email_receipt = Some(value),
            _ => {}
        }
    }

    fn set_line(&mut self, index: &str, field: &str, value: String) {
        // One line too many is kept, so that `parse` sees it.
        let Some(index) = index.parse::<usize>().ok().filter(|index| *index <= MOST_LINES) else {
            return;
        };
        if self.lines.len() <= index {
            self.lines.resize_with(index + 1, LineFields::default);
        }
        let line = &mut self.lines[index];
        match field {
            "invoice" => line.invoice = value,
            "apply" => line.apply = Some(value),
            "seen" => line.seen = value,
            "currency" => line.currency = value,
            "amount" => line.amount = value,
            _ => {}
        }
    }

    fn set_use(&mut self, index: &str, field: &str, value: String) {
        let Some(index) = index.parse::<usize>().ok().filter(|index| *index < MOST_USES) else {
            return;
        };
        if self.uses.len() <= index {
            self.uses.resize_with(index + 1, UseFields::default);
        }
        let used = &mut self.uses[index];
        match field {
            "apply" => used.apply = Some(value),
            "account" => used.account = value,
            "currency" => used.currency = value,
            "seen" => used.seen = value,
            _ => {}
        }
    }
}

impl UseFields {
    /// What no browser changes by itself.
    fn parse(&self) -> Option<UseFirst> {
        let currency: Currency = self.currency.trim().parse().ok()?;
        Some(UseFirst {
            account: self.account.trim().parse().ok()?,
            seen: Money::new(self.seen.trim().parse().ok()?, currency),
        })
    }
}

/// Whether what lies on the account pays the lines alone, so that no card is needed. The account is one, as the card is;
/// that nothing is left is asked again of what is read under lock.
fn covers(uses: &[UseFirst], lines: &[SubmitLine]) -> bool {
    let is_covered = |line: &SubmitLine| {
        let currency = line.amount.currency();
        let of_currency = lines.iter().map(|line| line.amount);
        let wanted = Money::sum(
            currency,
            of_currency.filter(|amount| amount.currency() == currency),
        );
        let used = uses.iter().find(|used| used.seen.currency() == currency);
        used.zip(wanted.ok())
            .is_some_and(|(used, wanted)| wanted.minor() <= used.seen.minor())
    };
    !lines.is_empty() && lines.iter().all(is_covered)
}

impl LineFields {
    pub(crate) fn parse(&self, locale: Locale) -> Result<SubmitLine, (&'static str, Refusal)> {
        let broken = |_| ("amount", Refusal::FormBroken);
        let invoice: InvoiceId = self
            .invoice
            .trim()
            .parse()
            .map_err(|_| ("amount", Refusal::FormBroken))?;
        let currency: Currency = self.currency.parse().map_err(broken)?;
        let seen = self
            .seen
            .trim()
            .parse()
            .map_err(|_| ("amount", Refusal::FormBroken))?;
        if self.amount.trim().is_empty() {
            return Err(("amount", Refusal::Missing));
        }
        let amount = parse_amount(&self.amount, currency, locale).map_err(|refusal| ("amount", refusal))?;
        if !amount.is_positive() {
            return Err((
                "amount",
                Refusal::NotPositive {
                    number: String::new(),
                },
            ));
        }
        Ok(SubmitLine {
            invoice,
            seen: Money::new(seen, currency),
            amount,
        })
    }
}

/// Reads the token of a new card as it was posted.
///
/// # Errors
/// [`Refusal::NoCard`] when there is none; [`Refusal::FormBroken`] when it was tampered with.
pub(crate) fn read_token(posted: &str) -> Result<String, Refusal> {
    match posted.trim() {
        "" => Err(Refusal::NoCard),
        token if token.len() > LONGEST_TOKEN || !token.bytes().all(is_token_byte) => Err(Refusal::FormBroken),
        token => Ok(token.to_owned()),
    }
}

/// `form[lines][0][amount]` as its parts.
fn name_parts(name: &str) -> Vec<&str> {
    name.split(['[', ']']).filter(|part| !part.is_empty()).collect()
}

/// Tokens of gateways are plain words, so nothing else is passed on.
const fn is_token_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b':')
}

#[cfg(test)]
mod tests;
