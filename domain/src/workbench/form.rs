//! A plan as it is posted, and whether it holds against what there is now.

use crate::{
    ids::{AccountId, FormKey},
    locale::Locale,
    money::{Currency, Money},
    payments::{
        SubmitLine,
        allocation::{CheckedLine, Current, Rule, Unused, check_lines, draw},
        form::{LineFields, place_among},
        offline::{meant, read_lines},
    },
    refusal::{FieldErrors, Refusal},
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use uuid::Uuid;

/// A plan as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanFields {
    /// Key of the rendering (V29).
    #[serde(default)]
    pub key: String,
    /// The customer's account.
    #[serde(default)]
    pub account: String,
    /// Code of the currency.
    #[serde(default)]
    pub currency: String,
    /// Word of the rule that it began with.
    #[serde(default)]
    pub rule: String,
    /// What it is drawn from.
    #[serde(default)]
    pub sources: Vec<SourceFields>,
    /// One for each open invoice on the page.
    #[serde(default)]
    pub lines: Vec<LineFields>,
}

/// A payment or credit note of [`PlanFields`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceFields {
    /// Its id.
    #[serde(default)]
    pub id: String,
    /// What was left of it when the form was shown, in minor units.
    #[serde(default)]
    pub seen: String,
}

/// Money and credit that is to be put to invoices as one act.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApplyPlan {
    /// Key of the rendering; the plan's id.
    pub key: FormKey,
    /// The customer whose page it was.
    pub account: AccountId,
    /// The currency.
    pub currency: Currency,
    /// The rule that it began with.
    pub rule: Rule,
    /// What it is drawn from, each with what was left of it when the form was shown.
    pub sources: Vec<(Uuid, Money)>,
    /// What goes to which invoice.
    pub lines: Vec<SubmitLine>,
}

impl PlanFields {
    /// Reads what was typed.
    ///
    /// # Errors
    /// By field: [`Refusal::FormBroken`] for what was tampered with, what is wrong with a line's amount;
    /// [`Refusal::NothingChosen`] under the empty name when no line or no source is meant.
    pub fn parse(&self, locale: Locale) -> Result<ApplyPlan, FieldErrors> {
        let lines = read_lines(&self.lines, locale)?;
        let plan = self.read(lines).ok_or(Refusal::FormBroken);
        let plan = plan.map_err(|refusal| FieldErrors::one("", refusal))?;
        if plan.lines.is_empty() || plan.sources.is_empty() {
            return Err(FieldErrors::one("", Refusal::NothingChosen));
        }
        Ok(plan)
    }

    /// What no browser changes by itself.
    fn read(&self, lines: Vec<SubmitLine>) -> Option<ApplyPlan> {
        let currency: Currency = self.currency.trim().parse().ok()?;
        let source = |source: &SourceFields| {
            let seen: i64 = source.seen.trim().parse().ok()?;
            Some((source.id.trim().parse().ok()?, Money::new(seen, currency)))
        };
        let sources = self.sources.iter().map(source).collect::<Option<Vec<_>>>()?;
        (sources.len() <= super::MOST_SOURCES).then_some(())?;
        Some(ApplyPlan {
            key: self.key.trim().parse().ok()?,
            account: self.account.trim().parse().ok()?,
            currency,
            rule: Rule::from_code(self.rule.trim())?,
            sources,
            lines,
        })
    }

    /// Moves the errors of the lines that are meant to the fields that were posted.
    pub fn place(&self, errors: FieldErrors) -> FieldErrors {
        place_among(&meant(&self.lines), errors)
    }
}

/// What of a payment or credit note goes to which invoices.
pub type Drawn = (Uuid, Vec<CheckedLine>);

/// Checks a plan against sources and invoices as they are now, read under lock (V24 to V27, V30), and draws its lines
/// from its sources.
///
/// # Errors
/// By field: under the empty name [`Refusal::FormBroken`] for a source that is missing or comes twice,
/// [`Refusal::OpenAmountMoved`] for one of which another amount was seen, [`Refusal::MixedCurrencies`],
/// [`Refusal::MoreThanAvailable`] when an account and its parent have not that much; whatever [`check_lines`] says of a line.
pub fn check_plan(
    wanted: &ApplyPlan,
    sources: &[Unused],
    current: &[Current],
) -> Result<Vec<Drawn>, FieldErrors> {
    let whole = |refusal| FieldErrors::one("", refusal);
    let mut known = BTreeSet::new();
    for (id, seen) in &wanted.sources {
        let source = sources.iter().find(|source| source.from == *id);
        let source = source.filter(|_| known.insert(*id));
        let source = source.ok_or_else(|| whole(Refusal::FormBroken))?;
        // Refuses another currency.
        seen.min(source.amount).map_err(whole)?;
        if *seen != source.amount {
            return Err(whole(Refusal::OpenAmountMoved {
                number: source.number.clone(),
                seen: *seen,
                now: source.amount,
            }));
        }
    }
    let checked = check_lines(&wanted.lines, current)?;
    let used: Vec<Unused> = sources
        .iter()
        .filter(|source| known.contains(&source.from))
        .cloned()
        .collect();
    draw(wanted.account, &used, &checked).map_err(whole)
}
