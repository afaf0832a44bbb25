//! Lines are bounded, and card numbers are found however they are typed.

use super::*;
use proptest::prelude::*;

#[test]
fn card_numbers_are_found_however_they_are_typed() {
    let cases = [
        ("4242424242424242", true),
        ("4242 4242 4242 4242", true),
        ("card 4242-4242-4242-4242 please", true),
        ("378282246310005", true),
        ("6011.1111.1111.1117", true),
        ("(5555555555554444)", true),
        // The check digit is wrong.
        ("4242424242424241", false),
        // Too short, too long, or no network's.
        ("424242424242", false),
        ("0000000000000000", false),
        ("2026112200000123", false),
        ("9100000000000006", false),
        ("42424242424242424242", false),
        ("Cheque 10442 of 2026-11-22", false),
        ("INV-2026-000123", false),
        ("DE89 3704 0044 0532 0130 00", false),
        ("", false),
    ];
    for (text, found) in cases {
        assert_eq!(has_card_number(text), found, "{text}");
    }
}

#[test]
fn lines_are_one_line_and_bounded() {
    assert_eq!(line("  Cheque\t 12\n", 20), Ok("Cheque 12".to_owned()));
    assert_eq!(line("äöüß", 4), Ok("äöüß".to_owned()));
    assert_eq!(line("12345", 4), Err(Refusal::TooLong { at_most: 4 }));
    assert_eq!(line("4242 4242 4242 4242", 40), Err(Refusal::CardNumber));
    assert_eq!(needed(" ", 4), Err(Refusal::Missing));
}

proptest! {
    /// V35: whatever the digits, the number with its check digit is found, and with another one it is not.
    #[test]
    fn the_check_digit_decides(rest in prop::collection::vec(0_u8..=9, 14)) {
        let digits = |check: u8| {
            let mut digits = vec![4];
            digits.extend(&rest);
            digits.push(check);
            digits
        };
        let right: Vec<u8> = (0..=9).filter(|check| luhn(&digits(*check))).collect();
        prop_assert_eq!(right.len(), 1);
        let text = |check: u8| digits(check).iter().map(u8::to_string).collect::<String>();
        prop_assert!(has_card_number(&text(right[0])));
        prop_assert!(!has_card_number(&text((right[0] + 1) % 10)));
    }
}
