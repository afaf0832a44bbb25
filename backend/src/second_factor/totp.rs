//! Codes out of a secret and the time: HMAC-SHA-1 cut down to six digits (RFC 4226, RFC 6238).

use crate::Error;
use data_encoding::BASE32_NOPAD;
use domain::second_factor::DIGITS;
use hmac::{Hmac, Mac};
use sha1::Sha1;

/// The code of a step, below a million. The secret is written in base32.
///
/// # Errors
/// [`Error::Database`] when a stored secret is not.
pub(crate) fn code(secret: &str, step: i64) -> Result<u32, Error> {
    let unfit = || Error::corrupt("the secret of a second factor");
    let key = BASE32_NOPAD.decode(secret.as_bytes()).map_err(|_| unfit())?;
    let mut mac = Hmac::<Sha1>::new_from_slice(&key).map_err(|_| unfit())?;
    mac.update(&step.to_be_bytes());
    let hash = mac.finalize().into_bytes();
    // The last four bits say where the four bytes begin that make the code.
    let offset = hash.last().map_or(0, |last| usize::from(last & 0x0f));
    let four = hash
        .get(offset..)
        .and_then(|rest| rest.first_chunk::<4>())
        .ok_or_else(unfit)?;
    Ok((u32::from_be_bytes(*four) & 0x7fff_ffff) % 10_u32.pow(u32::try_from(DIGITS).map_err(|_| unfit())?))
}

/// The last of some steps whose code somebody typed.
///
/// # Errors
/// As [`code`].
pub(crate) fn matching(
    secret: &str,
    typed: u32,
    steps: impl DoubleEndedIterator<Item = i64>,
) -> Result<Option<i64>, Error> {
    for step in steps.rev() {
        if code(secret, step)? == typed {
            return Ok(Some(step));
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The secret of the RFC's examples.
    fn secret() -> String {
        BASE32_NOPAD.encode(b"12345678901234567890")
    }

    #[test]
    fn codes_are_those_of_rfc_6238() {
        // Appendix B, of whose eight digits the last six are a code of six.
        for (seconds, wanted) in [
            (59, 287_082),
            (1_111_111_109, 81_804),
            (1_111_111_111, 50_471),
            (1_234_567_890, 5_924),
            (2_000_000_000, 279_037),
            (20_000_000_000_i64, 353_130),
        ] {
            assert_eq!(code(&secret(), seconds / 30).unwrap(), wanted, "{seconds}");
        }
    }

    #[test]
    fn codes_are_those_of_rfc_4226() {
        let wanted = [
            755_224, 287_082, 359_152, 969_429, 338_314, 254_676, 287_922, 162_583, 399_871, 520_489,
        ];
        for (step, wanted) in (0..).zip(wanted) {
            assert_eq!(code(&secret(), step).unwrap(), wanted);
        }
    }

    #[test]
    fn what_is_no_secret_is_an_error() {
        assert!(code("not base 32", 1).is_err());
    }

    proptest! {
        #[test]
        fn a_code_matches_its_step_and_no_far_one(step in 3_i64..1 << 40, key in any::<[u8; 20]>()) {
            let secret = BASE32_NOPAD.encode(&key);
            let typed = code(&secret, step).unwrap();
            prop_assert!(typed < 1_000_000);
            let found = matching(&secret, typed, step - 1..=step + 1).unwrap();
            prop_assert!(found.is_some_and(|found| found >= step));
            if let Some(far) = matching(&secret, typed, step + 2..=step + 4).unwrap() {
                // A chance of three in a million.
                prop_assert_eq!(code(&secret, far).unwrap(), typed);
            }
        }
    }
}
