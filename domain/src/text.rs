//! Text that people type: one line, bounded, and never a card number.
//!
//! Card data never comes here (V35). Somebody who types a card's number into a memo or a name would put it into our
//! database, mails and logs all the same, so what looks like one is refused before anything is kept.

use crate::refusal::Refusal;

/// How the networks' numbers begin, by their first four digits, and how many digits they have. Without it every tenth
/// long number of a bank or an ERP would be taken for a card.
const NETWORKS: [(std::ops::RangeInclusive<u32>, &[usize]); 10] = [
    // Visa.
    (4000..=4999, &[13, 16, 19]),
    // Mastercard.
    (5100..=5599, &[16]),
    (2221..=2720, &[16]),
    // American Express.
    (3400..=3499, &[15]),
    (3700..=3799, &[15]),
    // Diners Club.
    (3600..=3699, &[14]),
    (3000..=3059, &[14]),
    // JCB.
    (3528..=3589, &[16]),
    // Discover and UnionPay.
    (6011..=6011, &[16, 19]),
    (6200..=6599, &[16, 17, 18, 19]),
];

/// One line of text: control characters are spaces, several spaces are one. It may be empty.
///
/// # Errors
/// [`Refusal::TooLong`], counted in characters; [`Refusal::CardNumber`].
pub fn line(text: &str, at_most: u32) -> Result<String, Refusal> {
    let text: String = text
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.chars().count() > at_most as usize {
        return Err(Refusal::TooLong { at_most });
    }
    if has_card_number(&text) {
        return Err(Refusal::CardNumber);
    }
    Ok(text)
}

/// The same, which must not be empty.
///
/// # Errors
/// As [`line`]; [`Refusal::Missing`].
pub fn needed(text: &str, at_most: u32) -> Result<String, Refusal> {
    let text = line(text, at_most)?;
    if text.is_empty() {
        return Err(Refusal::Missing);
    }
    Ok(text)
}

/// Whether a run of digits in it, with spaces, dashes or dots between them, is what a card could have: it begins as a
/// network's numbers do, is as long as they are, and ends in the right check digit (ISO/IEC 7812).
pub fn has_card_number(text: &str) -> bool {
    let mut run: Vec<u8> = Vec::new();
    let mut gap = false;
    for c in text.chars().chain(['\n']) {
        match c {
            '0'..='9' => {
                run.extend(u8::try_from(c.to_digit(10).unwrap_or_default()));
                gap = false;
            }
            // One separator between digits.
            ' ' | '-' | '.' if !run.is_empty() && !gap => gap = true,
            _ => {
                if is_card_number(&run) {
                    return true;
                }
                run.clear();
                gap = false;
            }
        }
    }
    false
}

/// The text with the digits of what a card could have hidden but the last four: for texts that come from elsewhere and
/// cannot be sent back to whoever wrote them.
pub fn without_card_numbers(text: &str) -> String {
    let mut found: Vec<char> = text.chars().collect();
    let mut run: Vec<(usize, u8)> = Vec::new();
    let mut gap = false;
    for place in 0..=found.len() {
        match found.get(place).copied() {
            Some(c @ '0'..='9') => {
                run.push((
                    place,
                    u8::try_from(c.to_digit(10).unwrap_or_default()).unwrap_or_default(),
                ));
                gap = false;
            }
            Some(' ' | '-' | '.') if !run.is_empty() && !gap => gap = true,
            Some(_) | None => {
                let digits: Vec<u8> = run.iter().map(|(_, digit)| *digit).collect();
                if is_card_number(&digits) {
                    for (place, _) in &run[..run.len() - 4] {
                        found[*place] = 'x';
                    }
                }
                run.clear();
                gap = false;
            }
        }
    }
    found.into_iter().collect()
}

fn is_card_number(digits: &[u8]) -> bool {
    let begin = digits
        .iter()
        .take(4)
        .fold(0, |begin, digit| begin * 10 + u32::from(*digit));
    let fits = |(begins, lengths): &(std::ops::RangeInclusive<u32>, &[usize])| {
        begins.contains(&begin) && lengths.contains(&digits.len())
    };
    NETWORKS.iter().any(fits) && luhn(digits)
}

/// The check digit: every second digit from the right is doubled, and the sum of all their digits ends in nought.
fn luhn(digits: &[u8]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(place, digit)| match (place % 2, u32::from(*digit)) {
            (0, digit) => digit,
            (_, digit) if digit > 4 => digit * 2 - 9,
            (_, digit) => digit * 2,
        })
        .sum();
    sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests;
