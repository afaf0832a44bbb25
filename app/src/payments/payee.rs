//! What one form of the page pays: everything on one account, since cards and gateway are the account's (D5).
//!
//! Nearly always there is one. Invoices of several sellers make several forms on one page, each with its own cards
//! and buttons: a card that one seller keeps cannot pay another. A form's currencies are one payment each.

use super::{api::OpenedForm, lines::Line, on_account::FirstBox};
use crate::{error::AppError, ui::form::Failed};
use domain::{
    FieldErrors, Money, Refusal,
    ids::{AccountId, FormKey, InvoiceId, Uuid},
    locale::Locale,
    money::Currency,
    payment_methods::SavedCard,
    payments::{
        GatewayForm, PayGroup, PayLine,
        form::{LineFields, PaymentFields, line_field},
    },
};

/// See the module.
#[derive(Clone)]
pub struct Payee {
    /// Counted from zero on the page: part of the ids of its fields.
    pub place: usize,
    /// Idempotency key of the form.
    pub key: FormKey,
    /// Who is paid.
    pub seller: String,
    /// One for each currency.
    pub sums: Vec<Sum>,
    /// Cards saved on the account, the default first.
    pub cards: Vec<SavedCard>,
    /// Value of the chosen card's radio, when the form comes back.
    pub card: Option<String>,
    /// Ticked when the form comes back.
    pub save_card: bool,
    /// Ticked when the form comes back.
    pub make_default: bool,
    /// For new cards.
    pub gateway: GatewayForm,
    /// What came back, by the ids of the fields on the page.
    pub failed: Failed,
    /// Invoices that other forms of the page pay.
    pub others: Vec<InvoiceId>,
}

/// What becomes one payment: the lines of one currency.
#[derive(Clone)]
pub struct Sum {
    /// The currency.
    pub currency: Currency,
    /// The lines.
    pub lines: Vec<Line>,
    /// What lies on the account and may be used first.
    pub first: Option<FirstBox>,
}

impl Sum {
    /// What the ticked lines come to; none while one of them cannot be paid as typed.
    pub fn total(&self, locale: Locale) -> Option<Money> {
        let ticked = self.lines.iter().filter(|line| line.is_ticked());
        let amounts = ticked
            .map(|line| line.judge(locale))
            .collect::<Result<Vec<_>, _>>()
            .ok()?;
        Money::sum(self.currency, amounts).ok()
    }

    /// What of a total is used from the account.
    pub fn used(&self, total: Money) -> Money {
        self.first
            .map_or(Money::zero(self.currency), |first| first.of(total))
    }
}

impl Payee {
    /// Parts a page by account, in the order of the page. `ticked`: lines start chosen.
    pub fn all(opened: &OpenedForm, ticked: bool, spread: bool, locale: Locale) -> Vec<Self> {
        let OpenedForm { form, failed, .. } = opened;
        let mut accounts: Vec<(AccountId, Vec<&PayGroup>)> = Vec::new();
        for group in &form.groups {
            match accounts.iter_mut().find(|(account, _)| *account == group.account) {
                Some((_, groups)) => groups.push(group),
                None => accounts.push((group.account, vec![group])),
            }
        }
        let typed = Typed::read(failed);
        let alone = accounts.len() == 1;
        let owner = typed
            .as_ref()
            .and_then(|typed| accounts.iter().position(|(_, groups)| typed.is_about(groups)));
        accounts
            .iter()
            .enumerate()
            .filter_map(|(place, (account, groups))| {
                let typed = typed.as_ref().filter(|_| owner.unwrap_or(0) == place);
                let key = if alone {
                    form.key
                } else {
                    key_of(form.key, *account)
                };
                let others = accounts.iter().filter(|(other, _)| other != account);
                let others = others.flat_map(|(_, groups)| invoices(groups)).collect();
                let start = Start {
                    ticked,
                    spread,
                    typed,
                    locale,
                    place,
                };
                start.payee(key, groups, others)
            })
            .collect()
    }

    /// All lines, in the order of the posted fields.
    pub fn lines(&self) -> impl Iterator<Item = Line> + '_ {
        self.sums.iter().flat_map(|sum| sum.lines.iter().copied())
    }

    /// Id of the choice to use what lies on the account, but for the place of its currency.
    pub fn use_first_id(place: usize) -> String {
        format!("use-first-{place}")
    }

    /// Id of the choice of cards.
    pub fn card_id(place: usize) -> String {
        format!("card-{place}")
    }

    /// Id of the amount of a line.
    pub fn amount_id(place: usize, index: usize) -> String {
        // Ids sort as the lines stand on the page, and so do the errors of the summary.
        format!("amount-{place}-{index:03}")
    }
}

/// The same rendering and account always have the same key, so that a second post is the same act (V29).
fn key_of(form: FormKey, account: AccountId) -> FormKey {
    FormKey(Uuid::from_u128(
        form.0.as_u128() ^ account.0.as_u128().rotate_left(64),
    ))
}

fn invoices(groups: &[&PayGroup]) -> Vec<InvoiceId> {
    groups
        .iter()
        .flat_map(|group| group.lines.iter().map(|line| line.invoice))
        .collect()
}

/// A post that came back.
struct Typed {
    fields: PaymentFields,
    error: AppError,
}

impl Typed {
    fn read(failed: &Failed) -> Option<Self> {
        let Failed { error, fields } = failed.clone();
        error.map(|error| Self {
            fields: PaymentFields::from_pairs(fields),
            error,
        })
    }

    fn is_about(&self, groups: &[&PayGroup]) -> bool {
        invoices(groups)
            .iter()
            .any(|invoice| self.line(*invoice).is_some())
    }

    fn line(&self, invoice: InvoiceId) -> Option<(usize, &LineFields)> {
        let invoice = invoice.to_string();
        self.fields
            .lines
            .iter()
            .enumerate()
            .find(|(_, line)| line.invoice == invoice)
    }

    fn refusal(&self, field: &str) -> Option<Refusal> {
        match &self.error {
            AppError::Invalid(errors) => errors.get(field).cloned(),
            _ => None,
        }
    }
}

/// How the lines of a form start.
#[derive(Clone, Copy)]
struct Start<'a> {
    ticked: bool,
    spread: bool,
    typed: Option<&'a Typed>,
    locale: Locale,
    place: usize,
}

impl Start<'_> {
    fn payee(self, key: FormKey, groups: &[&PayGroup], others: Vec<InvoiceId>) -> Option<Payee> {
        let first = groups.first()?;
        let mut index = 0;
        let mut errors = FieldErrors::default();
        let mut sums = Vec::with_capacity(groups.len());
        for group in groups {
            let mut lines = Vec::with_capacity(group.lines.len());
            for line in &group.lines {
                let line = self.line(index, first.account, line);
                if let Some(refusal) = line.refused() {
                    errors.add(Payee::amount_id(self.place, index), refusal);
                }
                lines.push(line);
                index += 1;
            }
            let uses = self.typed.map_or(&[][..], |typed| &typed.fields.uses);
            sums.push(Sum {
                currency: group.currency,
                lines,
                first: FirstBox::new(group.account, group.on_account, uses),
            });
        }
        Some(Payee {
            place: self.place,
            key,
            seller: match &first.company {
                Some(company) => format!("{} for {company}", first.seller_name),
                None => first.seller_name.clone(),
            },
            sums,
            cards: first.cards.clone(),
            card: self
                .typed
                .map(|typed| typed.fields.card.clone())
                .filter(|card| !card.is_empty()),
            save_card: self.typed.is_some_and(|typed| typed.fields.save_card.is_some()),
            make_default: self
                .typed
                .is_some_and(|typed| typed.fields.make_default.is_some()),
            gateway: first.gateway.clone(),
            failed: self.failed(errors),
            others,
        })
    }

    fn line(self, index: usize, account: AccountId, line: &PayLine) -> Line {
        let typed = self
            .typed
            .and_then(|typed| typed.line(line.invoice).map(|found| (typed, found)));
        let (ticked, text, refused) = match typed {
            Some((typed, (posted, fields))) => {
                let refused = typed.refusal(&line_field(posted, "amount"));
                (fields.apply.is_some(), Some(fields.amount.clone()), refused)
            }
            None if self.typed.is_some() => (false, None, None),
            None => (
                if self.spread {
                    line.amount.is_positive()
                } else {
                    self.ticked
                },
                None,
                None,
            ),
        };
        Line::new(
            self.place,
            index,
            account,
            line.clone(),
            ticked,
            text,
            refused,
            self.locale,
        )
    }

    /// The errors by the ids of the page: `amounts` are placed already.
    fn failed(self, amounts: FieldErrors) -> Failed {
        let Some(error) = self.typed.map(|typed| typed.error.clone()) else {
            return Failed::default();
        };
        let AppError::Invalid(all) = error else {
            return Failed {
                error: Some(error),
                fields: Default::default(),
            };
        };
        let mut errors = amounts;
        for (field, refusal) in all.iter() {
            if field == "card" {
                errors.add(Payee::card_id(self.place), refusal.clone());
            } else if !field.starts_with("lines[") {
                errors.add("", refusal.clone());
            }
        }
        let error = (!errors.is_empty()).then_some(AppError::Invalid(errors));
        Failed {
            error,
            fields: Default::default(),
        }
    }
}
