//! No card number and no security code is ever on the disk.

use crate::gateway::*;

#[tokio::test]
async fn the_files_hold_no_card_number() {
    let folder = Folder::new();
    let gateway = Gateway::with(config(folder.database())).await;
    let numbers = [
        VISA,
        "5555555555554444",
        DECLINED_AT_ATTACH,
        DECLINED_AT_CHARGE,
        THREE_D_SECURE,
    ];
    for (place, number) in numbers.iter().enumerate() {
        let spaced = number
            .as_bytes()
            .chunks(4)
            .map(|part| std::str::from_utf8(part).unwrap())
            .collect::<Vec<_>>();
        for (variant, written) in [(*number).to_owned(), spaced.join("+"), spaced.join("-")]
            .iter()
            .enumerate()
        {
            let form = card_form(written).replace("[cvc]=123", "[cvc]=987");
            let key = format!("key-{place}-{variant}");
            gateway
                .call("POST", "/v1/payment_methods", SECRET, &form, Some(&key))
                .await
                .ok();
        }
        // Wrong details must not be kept either.
        gateway
            .post("/v1/payment_methods", &card_form(&format!("{number}7")))
            .await
            .error(402);
    }
    gateway
        .call(
            "POST",
            "/v1/payment_methods",
            SECRET,
            &card_form("4111111111111111"),
            Some("real"),
        )
        .await
        .error(402);
    let mut scanned = 0;
    for entry in std::fs::read_dir(&folder.0).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        scanned += bytes.len();
        for number in numbers.iter().copied().chain(["4111111111111111"]) {
            assert!(!text.contains(number), "a card number is on the disk");
            assert!(
                !text.contains(&number[..12]),
                "most of a card number is on the disk"
            );
        }
        assert!(
            !has_card_number(&text),
            "something that passes for a card number is on the disk"
        );
        assert!(!text.contains("\"cvc\""));
    }
    assert!(scanned > 4096);
}

/// Sixteen digits in a row, also with spaces or dashes, that pass the checksum and begin like a card.
fn has_card_number(text: &str) -> bool {
    let joined: Vec<char> = text.chars().filter(|c| !matches!(c, ' ' | '-')).collect();
    joined.windows(16).any(|window| {
        let digits: Option<Vec<u32>> = window.iter().map(|c| c.to_digit(10)).collect();
        digits.is_some_and(|digits| matches!(digits[0], 4 | 5) && luhn(&digits))
    })
}

fn luhn(digits: &[u32]) -> bool {
    let weigh = |(place, digit): (usize, &u32)| {
        let value = if place % 2 == 1 { digit * 2 } else { *digit };
        value / 10 + value % 10
    };
    digits.iter().rev().enumerate().map(weigh).sum::<u32>() % 10 == 0
}
