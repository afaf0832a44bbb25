//! Payments that are under way and those that were refused: what a list of receipts does not show.

use crate::{
    access::Side,
    address::{pairs, query_string},
    ids::{AttemptId, FormKey, InvoiceId},
    list::Position,
    locale::parse_date,
    money::Money,
    payments::AttemptState,
};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

/// How far tries are that have not become payments.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AttemptGroup {
    /// The gateway or the payer has not decided yet.
    UnderWay,
    /// Refused; nothing was charged.
    Refused,
}

impl AttemptGroup {
    /// Both.
    pub const ALL: [Self; 2] = [Self::UnderWay, Self::Refused];

    /// The word in addresses.
    pub const fn code(self) -> &'static str {
        match self {
            Self::UnderWay => "under-way",
            Self::Refused => "refused",
        }
    }

    /// Reads the word.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|group| group.code() == code)
    }

    /// The words on the screen.
    pub const fn label(self) -> &'static str {
        match self {
            Self::UnderWay => "Under way",
            Self::Refused => "Refused",
        }
    }

    /// In which states they are.
    pub const fn states(self) -> &'static [AttemptState] {
        match self {
            Self::UnderWay => &[
                AttemptState::Submitted,
                AttemptState::NeedsAction,
                AttemptState::Unknown,
                AttemptState::Processing,
            ],
            Self::Refused => &[AttemptState::Failed],
        }
    }
}

/// A try to pay.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttemptRow {
    /// Its id.
    pub id: AttemptId,
    /// Key of its form, under which the payer finds how it came out.
    pub key: FormKey,
    /// Name of the other side.
    pub counterparty: String,
    /// Which of the companies that the viewer sees is to pay; none where they see one only.
    pub company: Option<String>,
    /// How much.
    pub amount: Money,
    /// Brand or bank, and last four digits, once they are known.
    pub card: Option<(String, String)>,
    /// How far it is.
    pub state: AttemptState,
    /// Autopay began it.
    pub by_itself: bool,
    /// Who began it.
    pub by: String,
    /// When it was begun.
    pub at: DateTime<Utc>,
    /// The gateway's word for why it was refused.
    pub failure: Option<String>,
    /// What it is to pay.
    pub invoices: Vec<(InvoiceId, String)>,
}

/// The list as an address asks for it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttemptQuery {
    /// The side, where the viewer has both.
    pub side: Option<Side>,
    /// Only these.
    pub group: Option<AttemptGroup>,
    /// As it was at the end of this day: without what was begun later, and what was decided later is under way.
    pub on: Option<NaiveDate>,
    /// Which part.
    pub position: Position,
}

impl AttemptQuery {
    /// Reads an address. What cannot be read narrows nothing.
    pub fn from_query(query: &str) -> Self {
        let mut read = Self::default();
        for (key, value) in pairs(query) {
            match key.as_str() {
                "side" => read.side = Side::from_code(&value),
                "state" => read.group = AttemptGroup::from_code(&value),
                "on" => read.on = parse_date(&value).ok(),
                key => {
                    if let Some(position) = Position::from_pair(key, &value) {
                        read.position = position;
                    }
                }
            }
        }
        read
    }

    /// Writes the address: what [`Self::from_query`] reads.
    pub fn to_query(&self) -> String {
        let all = [
            self.side.map(|side| ("side", side.code().to_owned())),
            self.group.map(|group| ("state", group.code().to_owned())),
            self.on.map(|day| ("on", day.to_string())),
            self.position.to_pair(),
        ];
        query_string(all.into_iter().flatten())
    }

    /// The same list at another place.
    #[must_use]
    pub const fn at(&self, position: Position) -> Self {
        Self {
            side: self.side,
            group: self.group,
            on: self.on,
            position,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_read_as_it_was_written() {
        for side in [None, Some(Side::Seller), Some(Side::Buyer)] {
            for group in AttemptGroup::ALL.into_iter().map(Some).chain([None]) {
                let query = AttemptQuery {
                    side,
                    group,
                    on: NaiveDate::from_ymd_opt(2026, 3, 1),
                    position: Position::Last,
                };
                assert_eq!(AttemptQuery::from_query(&query.to_query()), query);
            }
        }
    }

    #[test]
    fn a_try_is_in_one_group_until_it_is_paid() {
        use AttemptState::{Failed, NeedsAction, Processing, Submitted, Succeeded, Unknown};
        for state in [Submitted, NeedsAction, Unknown, Processing, Succeeded, Failed] {
            let groups = AttemptGroup::ALL
                .iter()
                .filter(|group| group.states().contains(&state));
            assert_eq!(groups.count(), usize::from(state != Succeeded));
        }
    }
}
