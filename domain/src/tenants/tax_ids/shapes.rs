//! What VAT numbers look like, country by country, and their check digits. One table of facts (source: the European
//! Commission's list of VAT number structures; check digits as the national authorities publish them). A country whose
//! rule has exceptions that are not public is checked for its shape alone.

/// What the VAT numbers of a country look like.
#[derive(Clone, Copy, Debug)]
pub struct Shape {
    /// ISO 3166 code of the country.
    pub country: &'static str,
    /// The letters that they begin with.
    pub letters: &'static str,
    /// In words.
    pub like: &'static str,
    /// What may stand after the letters: `9` is a digit, `A` a letter, `X` either, anything else itself.
    patterns: &'static [&'static str],
    /// Whether the digits agree with each other.
    check: fn(&str) -> bool,
}

impl Shape {
    /// Whether what stands after the letters can be a number of the country.
    pub fn fits(&self, rest: &str) -> bool {
        self.patterns.iter().any(|pattern| matches(pattern, rest)) && (self.check)(rest)
    }
}

/// The shape of a country's VAT numbers, if it is known.
pub fn shape(country: &str) -> Option<&'static Shape> {
    SHAPES.iter().find(|shape| shape.country == country)
}

const fn of(
    country: &'static str,
    letters: &'static str,
    like: &'static str,
    patterns: &'static [&'static str],
    check: fn(&str) -> bool,
) -> Shape {
    Shape {
        country,
        letters,
        like,
        patterns,
        check,
    }
}

const SHAPES: &[Shape] = &[
    of("AT", "AT", "ATU and 8 digits", &["U99999999"], austria),
    of(
        "BE",
        "BE",
        "BE and 10 digits that begin with 0 or 1",
        &["0999999999", "1999999999"],
        belgium,
    ),
    of(
        "BG",
        "BG",
        "BG and 9 or 10 digits",
        &["999999999", "9999999999"],
        any,
    ),
    of("CY", "CY", "CY, 8 digits and a letter", &["99999999A"], any),
    of(
        "CZ",
        "CZ",
        "CZ and 8 to 10 digits",
        &["99999999", "999999999", "9999999999"],
        any,
    ),
    of("DE", "DE", "DE and 9 digits", &["999999999"], mod_11_10),
    of("DK", "DK", "DK and 8 digits", &["99999999"], |n| {
        weighted(n, &[2, 7, 6, 5, 4, 3, 2, 1]).is_multiple_of(11)
    }),
    of("EE", "EE", "EE and 9 digits", &["999999999"], |n| {
        weighted(n, &[3, 7, 1, 3, 7, 1, 3, 7, 1]).is_multiple_of(10)
    }),
    of("ES", "ES", "ES and 9 letters or digits", &["X9999999X"], any),
    of("FI", "FI", "FI and 8 digits", &["99999999"], |n| {
        weighted(n, &[7, 9, 10, 5, 8, 4, 2, 1]).is_multiple_of(11)
    }),
    of(
        "FR",
        "FR",
        "FR, 2 letters or digits and 9 digits",
        &["XX999999999"],
        france,
    ),
    of("GR", "EL", "EL and 9 digits", &["999999999"], greece),
    of("HR", "HR", "HR and 11 digits", &["99999999999"], mod_11_10),
    of("HU", "HU", "HU and 8 digits", &["99999999"], |n| {
        weighted(n, &[9, 7, 3, 1, 9, 7, 3, 1]).is_multiple_of(10)
    }),
    of(
        "IE",
        "IE",
        "IE, 7 digits and 1 or 2 letters",
        &["9999999A", "9999999AA", "9X99999A"],
        any,
    ),
    of("IT", "IT", "IT and 11 digits", &["99999999999"], luhn),
    of(
        "LT",
        "LT",
        "LT and 9 or 12 digits",
        &["999999999", "999999999999"],
        any,
    ),
    of("LU", "LU", "LU and 8 digits", &["99999999"], |n| {
        part(n, 0, 6) % 89 == part(n, 6, 8)
    }),
    of("LV", "LV", "LV and 11 digits", &["99999999999"], any),
    of("MT", "MT", "MT and 8 digits", &["99999999"], |n| {
        weighted(n, &[3, 4, 6, 7, 8, 9, 10, 1]).is_multiple_of(37)
    }),
    of(
        "NL",
        "NL",
        "NL, 9 digits, B and 2 digits",
        &["999999999B99"],
        netherlands,
    ),
    of("PL", "PL", "PL and 10 digits", &["9999999999"], |n| {
        weighted(n, &[6, 5, 7, 2, 3, 4, 5, 6, 7]) % 11 == part(n, 9, 10)
    }),
    of("PT", "PT", "PT and 9 digits", &["999999999"], portugal),
    of(
        "RO",
        "RO",
        "RO and 2 to 10 digits",
        &[
            "99",
            "999",
            "9999",
            "99999",
            "999999",
            "9999999",
            "99999999",
            "999999999",
            "9999999999",
        ],
        any,
    ),
    of(
        "SE",
        "SE",
        "SE and 12 digits that end with 01",
        &["999999999901"],
        |n| luhn(n.get(..10).unwrap_or_default()),
    ),
    of("SI", "SI", "SI and 8 digits", &["99999999"], slovenia),
    of("SK", "SK", "SK and 10 digits", &["9999999999"], |n| {
        part(n, 0, 10).is_multiple_of(11)
    }),
    of(
        "GB",
        "GB",
        "GB and 9 or 12 digits",
        &["999999999", "999999999999"],
        any,
    ),
    of(
        "CH",
        "CHE",
        "CHE and 9 digits, with or without MWST, TVA or IVA",
        &["999999999", "999999999MWST", "999999999TVA", "999999999IVA"],
        switzerland,
    ),
    of(
        "NO",
        "NO",
        "9 digits, with or without MVA",
        &["999999999", "999999999MVA"],
        |n| weighted(n, &[3, 2, 7, 6, 5, 4, 3, 2, 1]).is_multiple_of(11),
    ),
];

fn matches(pattern: &str, text: &str) -> bool {
    pattern.len() == text.len()
        && pattern
            .bytes()
            .zip(text.bytes())
            .all(|(wanted, found)| match wanted {
                b'9' => found.is_ascii_digit(),
                b'A' => found.is_ascii_uppercase(),
                b'X' => found.is_ascii_uppercase() || found.is_ascii_digit(),
                wanted => wanted == found,
            })
}

const fn any(_: &str) -> bool {
    true
}

/// The digits of a text, in order.
fn digits(text: &str) -> impl DoubleEndedIterator<Item = u64> + '_ {
    text.chars().filter_map(|c| c.to_digit(10)).map(u64::from)
}

/// The number in some of the digits.
fn part(text: &str, from: usize, to: usize) -> u64 {
    let some = text.get(from..to).unwrap_or_default();
    digits(some).fold(0, |number, digit| number * 10 + digit)
}

/// Sum of the first digits, each times its weight.
fn weighted(text: &str, weights: &[u64]) -> u64 {
    digits(text)
        .zip(weights)
        .map(|(digit, weight)| digit * weight)
        .sum()
}

/// ISO/IEC 7812: every second digit from the right is doubled.
fn luhn(text: &str) -> bool {
    let doubled = |(place, digit): (usize, u64)| match (place % 2, digit) {
        (0, digit) => digit,
        (_, digit) if digit > 4 => digit * 2 - 9,
        (_, digit) => digit * 2,
    };
    digits(text)
        .rev()
        .enumerate()
        .map(doubled)
        .sum::<u64>()
        .is_multiple_of(10)
}

/// ISO/IEC 7064, mod 11,10.
fn mod_11_10(text: &str) -> bool {
    let length = digits(text).count();
    let product = digits(text)
        .take(length.saturating_sub(1))
        .fold(10, |product, digit| {
            let sum = match (digit + product) % 10 {
                0 => 10,
                sum => sum,
            };
            (2 * sum) % 11
        });
    digits(text).last() == Some((11 - product) % 10)
}

fn austria(text: &str) -> bool {
    let sum: u64 = digits(text)
        .take(7)
        .enumerate()
        .map(|(place, digit)| match place % 2 {
            0 => digit,
            _ => digit * 2 / 10 + digit * 2 % 10,
        })
        .sum();
    digits(text).last() == Some((10 - (sum + 4) % 10) % 10)
}

fn belgium(text: &str) -> bool {
    97 - part(text, 0, 8) % 97 == part(text, 8, 10)
}

/// The two first characters follow from the rest where they are digits; letters are given out by another rule.
fn france(text: &str) -> bool {
    let key = text.get(..2).unwrap_or_default();
    !key.bytes().all(|b| b.is_ascii_digit()) || part(text, 0, 2) == (12 + 3 * (part(text, 2, 11) % 97)) % 97
}

fn greece(text: &str) -> bool {
    weighted(text, &[256, 128, 64, 32, 16, 8, 4, 2]) % 11 % 10 == part(text, 8, 9)
}

/// The older numbers by their ninth digit, those of persons since 2020 by the whole.
fn netherlands(text: &str) -> bool {
    let older = weighted(text, &[9, 8, 7, 6, 5, 4, 3, 2]) % 11 == part(text, 8, 9);
    // NL is 23 and 21, B is 11 (ISO/IEC 7064, mod 97-10).
    let whole = digits("2321")
        .chain(digits(text.get(..9).unwrap_or_default()))
        .chain(digits("11"))
        .chain(digits(text.get(10..).unwrap_or_default()))
        .fold(0, |rest, digit| (rest * 10 + digit) % 97);
    older || whole == 1
}

fn portugal(text: &str) -> bool {
    let check = match 11 - weighted(text, &[9, 8, 7, 6, 5, 4, 3, 2]) % 11 {
        10 | 11 => 0,
        check => check,
    };
    check == part(text, 8, 9)
}

fn slovenia(text: &str) -> bool {
    let check = match 11 - weighted(text, &[8, 7, 6, 5, 4, 3, 2]) % 11 {
        10 => 0,
        check => check,
    };
    check == part(text, 7, 8)
}

fn switzerland(text: &str) -> bool {
    let check = match 11 - weighted(text, &[5, 4, 3, 2, 7, 6, 5, 4]) % 11 {
        11 => 0,
        check => check,
    };
    check == part(text, 8, 9)
}
