//! Forged, stale and altered posts are refused, and a rotation loses none (K6).

use super::*;
use chrono::TimeZone;
use proptest::prelude::*;

const BODY: &[u8] =
    br#"{"id":"evt_1","type":"refund.created","data":{"object":{"id":"re_1","payment_intent":"pi_1"}}}"#;

fn now() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 3, 15, 12, 0, 0).unwrap()
}

fn secrets(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

fn signed(secret: &str, at: i64, body: &[u8]) -> String {
    sandbox::sign(secret, at, std::str::from_utf8(body).unwrap())
}

#[test]
fn what_is_signed_is_read_for_what_it_is_about() {
    let read_of = |body: &str| {
        let header = signed("whsec_1", now().timestamp(), body.as_bytes());
        read(&secrets(&["whsec_1"]), &header, body.as_bytes(), now())
            .unwrap()
            .about
    };
    let event = |kind: &str| {
        format!(
            r#"{{"id":"evt_1","type":"{kind}","data":{{"object":{{"id":"x_1","payment_intent":"pi_1"}}}}}}"#
        )
    };
    for (kind, about) in [
        ("payment_intent.succeeded", About::Intent("x_1".to_owned())),
        ("charge.succeeded", About::Intent("pi_1".to_owned())),
        ("charge.refunded", About::Refunds("pi_1".to_owned())),
        ("charge.refund.updated", About::Refunds("pi_1".to_owned())),
        ("refund.failed", About::Refunds("pi_1".to_owned())),
        ("charge.dispute.funds_withdrawn", About::Dispute("x_1".to_owned())),
        ("customer.created", About::Nothing),
    ] {
        assert_eq!(read_of(&event(kind)), about, "{kind}");
    }
    // An expanded object in place of an id.
    let expanded = r#"{"id":"e","type":"refund.updated","data":{"object":{"id":"re_1","payment_intent":{"id":"pi_2"}}}}"#;
    assert_eq!(read_of(expanded), About::Refunds("pi_2".to_owned()));
    // What was charged without an intent goes by its charge.
    let charge =
        r#"{"id":"e","type":"charge.refunded","data":{"object":{"id":"ch_1","payment_intent":null}}}"#;
    assert_eq!(read_of(charge), About::Refunds("ch_1".to_owned()));
    let refund = r#"{"id":"e","type":"refund.updated","data":{"object":{"id":"re_1","charge":"ch_2"}}}"#;
    assert_eq!(read_of(refund), About::Refunds("ch_2".to_owned()));
}

#[test]
fn another_secret_another_body_and_another_time_are_refused() {
    let at = now().timestamp();
    let good = signed("whsec_1", at, BODY);
    let known = secrets(&["whsec_1"]);
    let refused =
        |secrets: &[String], header: &str, body: &[u8]| read(secrets, header, body, now()).unwrap_err();
    assert!(read(&known, &good, BODY, now()).is_ok());
    assert_eq!(
        refused(&known, &signed("whsec_2", at, BODY), BODY),
        EventRefused::Forged
    );
    assert_eq!(refused(&[], &good, BODY), EventRefused::NoSecret);
    for header in ["", "t=1", "v1=00", "t=,v1=", &good.replace("v1=", "v0=")] {
        assert_eq!(refused(&known, header, BODY), EventRefused::Forged);
    }
    // The time cannot be moved without the secret.
    let moved = good.replace(&at.to_string(), &(at + 1).to_string());
    assert_eq!(refused(&known, &moved, BODY), EventRefused::Forged);
    for late in [-301, -360, 301] {
        assert_eq!(
            refused(&known, &signed("whsec_1", at + late, BODY), BODY),
            EventRefused::Stale
        );
    }
    let header = signed("whsec_1", at, b"not json");
    assert_eq!(refused(&known, &header, b"not json"), EventRefused::Unreadable);
}

#[test]
fn two_secrets_are_good_while_one_is_exchanged() {
    let at = now().timestamp();
    let both = secrets(&["whsec_new", "whsec_old"]);
    for secret in ["whsec_new", "whsec_old"] {
        assert!(read(&both, &signed(secret, at, BODY), BODY, now()).is_ok());
    }
    // The gateway signs with both for a while.
    let (one, other) = (signed("whsec_new", at, BODY), signed("whsec_old", at, BODY));
    let header = format!("{one},{}", other.split_once(',').unwrap().1);
    for known in [["whsec_new"], ["whsec_old"]] {
        assert!(read(&secrets(&known), &header, BODY, now()).is_ok());
    }
}

proptest! {
    /// One byte more, less or other, in the body or in the signature, and it is not believed.
    #[test]
    fn no_byte_can_be_changed(place in 0_usize..BODY.len(), bit in 0_u32..8, digit in 0_usize..64) {
        let known = secrets(&["whsec_1"]);
        let header = signed("whsec_1", now().timestamp(), BODY);
        let mut body = BODY.to_vec();
        body[place] ^= 1 << bit;
        prop_assert_eq!(read(&known, &header, &body, now()), Err(EventRefused::Forged));
        let start = header.find("v1=").unwrap() + 3;
        let mut other = header.into_bytes();
        other[start + digit] = if other[start + digit] == b'0' { b'1' } else { b'0' };
        let other = String::from_utf8(other).unwrap();
        prop_assert_eq!(read(&known, &other, BODY, now()), Err(EventRefused::Forged));
    }
}
