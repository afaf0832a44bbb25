//! Writes dates so that no reader can mix up day and month, and reads what date inputs send.

use super::Locale;
use crate::refusal::Refusal;
use chrono::{DateTime, Datelike, Duration, NaiveDate, Timelike, Utc};

/// A date with the month as a word, or in the order year, month, day with their signs: `1 Dec 2026`.
pub fn format_date(date: NaiveDate, locale: Locale) -> String {
    let (year, month, day) = (date.year(), date.month(), date.day());
    match locale {
        Locale::EnUs | Locale::EnGb => format!("{day} {} {year}", name_of(month, &ENGLISH)),
        Locale::DeDe => format!("{day}. {} {year}", name_of(month, &GERMAN)),
        Locale::FrFr => format!("{day} {} {year}", name_of(month, &FRENCH)),
        Locale::JaJp => format!("{year}年{month}月{day}日"),
    }
}

/// A moment as date and time of day, 24 hours, in a zone that is so many minutes east of Greenwich at that moment.
/// The caller looks the offset up; a zone's rules are no part of this crate.
pub fn format_datetime(at: DateTime<Utc>, minutes_east: i32, locale: Locale) -> String {
    let local = at.naive_utc();
    let local = local
        .checked_add_signed(Duration::minutes(i64::from(minutes_east)))
        .unwrap_or(local);
    format!(
        "{}, {:02}:{:02}",
        format_date(local.date(), locale),
        local.hour(),
        local.minute()
    )
}

/// Reads a date as date inputs send it, `2026-12-01`; blanks around it do not matter.
///
/// # Errors
/// [`Refusal::NotADate`].
pub fn parse_date(text: &str) -> Result<NaiveDate, Refusal> {
    let refusal = || Refusal::NotADate {
        text: text.trim().to_owned(),
    };
    let parts: Vec<&str> = text.trim().split('-').collect();
    let [year, month, day] = parts.as_slice() else {
        return Err(refusal());
    };
    let digits = |part: &str, width: usize| {
        let plain = part.len() == width && part.bytes().all(|b| b.is_ascii_digit());
        if plain { part.parse::<u32>().ok() } else { None }
    };
    let year = digits(year, 4).and_then(|y| i32::try_from(y).ok());
    match (year, digits(month, 2), digits(day, 2)) {
        (Some(year), Some(month), Some(day)) => NaiveDate::from_ymd_opt(year, month, day).ok_or_else(refusal),
        _ => Err(refusal()),
    }
}

fn name_of(month: u32, names: &'static [&'static str; 12]) -> &'static str {
    usize::try_from(month)
        .ok()
        .and_then(|m| m.checked_sub(1))
        .and_then(|m| names.get(m))
        .copied()
        .unwrap_or("?")
}

const ENGLISH: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];
const GERMAN: [&str; 12] = [
    "Jan.", "Feb.", "März", "Apr.", "Mai", "Juni", "Juli", "Aug.", "Sept.", "Okt.", "Nov.", "Dez.",
];
const FRENCH: [&str; 12] = [
    "janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc.",
];
