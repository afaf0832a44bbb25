//! Whose word about a browser's address is believed: proxies that the operator names.
//!
//! `X-Forwarded-For` is a list to which each proxy adds at its end whom it was called by; what stands before that, anybody
//! can have written. So it is read from its end, and only as far as the addresses are proxies that are believed. Without
//! any, or called by anybody else, the address is the connection's and the header is not looked at.

use http::HeaderMap;
use std::net::{IpAddr, SocketAddr};

/// Most proxies of a way that are looked at.
const MOST_PROXIES: usize = 16;
const HEADER: &str = "x-forwarded-for";

/// The proxies that are believed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Proxies(Vec<Network>);

/// Addresses that begin with the same bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Network {
    address: IpAddr,
    bits: u8,
}

impl Proxies {
    /// Reads addresses and networks, such as `127.0.0.1` and `10.0.0.0/8`.
    ///
    /// # Errors
    /// Which of them is none, or would believe everybody.
    pub fn read<'a>(words: impl IntoIterator<Item = &'a str>) -> Result<Self, String> {
        let read = words.into_iter().map(|word| {
            Network::read(word).ok_or_else(|| format!("“{word}” is no address and no network of proxies"))
        });
        read.collect::<Result<_, _>>().map(Self)
    }

    /// Whom a request comes from, that somebody's connection brought.
    pub fn caller(&self, connected: IpAddr, headers: &HeaderMap) -> IpAddr {
        let mut caller = connected.to_canonical();
        if !self.believed(caller) {
            return caller;
        }
        // As bytes: whoever writes a sign into the list that is none must not hide what a proxy adds behind it.
        let lines = headers.get_all(HEADER).iter().rev();
        let named = lines
            .flat_map(|line| line.as_bytes().rsplit(|byte| *byte == b','))
            .take(MOST_PROXIES);
        for word in named {
            // What cannot be read was not written by a proxy of ours: it is not known who called that one.
            let Some(address) = std::str::from_utf8(word).ok().and_then(address) else {
                break;
            };
            caller = address;
            if !self.believed(caller) {
                break;
            }
        }
        caller
    }

    fn believed(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.has(address))
    }
}

impl Network {
    fn read(word: &str) -> Option<Self> {
        let (address, bits) = match word.trim().split_once('/') {
            Some((address, bits)) => (address, Some(bits.parse::<u8>().ok()?)),
            None => (word.trim(), None),
        };
        let address: IpAddr = address.parse().ok()?;
        let all = match address {
            IpAddr::V4(_) => 32,
            IpAddr::V6(_) => 128,
        };
        let bits = bits.unwrap_or(all);
        // No bit at all would be everybody.
        ((1..=all).contains(&bits)).then_some(Self { address, bits })
    }

    fn has(self, other: IpAddr) -> bool {
        let same = |ours: u128, theirs: u128, length: u32| {
            let shift = length - u32::from(self.bits);
            ours >> shift == theirs >> shift
        };
        match (self.address, other) {
            (IpAddr::V4(ours), IpAddr::V4(theirs)) => {
                same(u128::from(ours.to_bits()), u128::from(theirs.to_bits()), 32)
            }
            (IpAddr::V6(ours), IpAddr::V6(theirs)) => same(ours.to_bits(), theirs.to_bits(), 128),
            (IpAddr::V4(_), IpAddr::V6(_)) | (IpAddr::V6(_), IpAddr::V4(_)) => false,
        }
    }
}

/// An address as proxies write it: some add the port, and brackets around those of IPv6.
fn address(word: &str) -> Option<IpAddr> {
    let word = word.trim();
    let plain = word.trim_start_matches('[').trim_end_matches(']');
    let read = plain
        .parse()
        .or_else(|_| word.parse::<SocketAddr>().map(|with_port| with_port.ip()));
    read.ok().map(|address: IpAddr| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    fn proxies() -> Proxies {
        Proxies::read(["127.0.0.1", "10.0.0.0/8", "fd00::/8"]).unwrap()
    }

    fn caller(connected: &str, lines: &[&str]) -> String {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(HEADER, HeaderValue::from_bytes(line.as_bytes()).unwrap());
        }
        proxies().caller(connected.parse().unwrap(), &headers).to_string()
    }

    #[test]
    fn nobody_else_is_believed() {
        assert_eq!(caller("203.0.113.9", &["198.51.100.1"]), "203.0.113.9");
        assert_eq!(caller("11.0.0.1", &["198.51.100.1"]), "11.0.0.1");
        let nobody = Proxies::default();
        let mut headers = HeaderMap::new();
        headers.insert(HEADER, HeaderValue::from_static("198.51.100.1"));
        let connected = "127.0.0.1".parse().unwrap();
        assert_eq!(nobody.caller(connected, &headers), connected);
    }

    #[test]
    fn the_last_address_that_is_no_proxy_of_ours_is_the_caller() {
        assert_eq!(caller("127.0.0.1", &["203.0.113.9"]), "203.0.113.9");
        assert_eq!(caller("127.0.0.1", &["203.0.113.9, 10.1.2.3"]), "203.0.113.9");
        assert_eq!(
            caller("::ffff:10.0.0.7", &["2001:db8::1, fd00::7"]),
            "2001:db8::1"
        );
        // Several lines are one list.
        assert_eq!(
            caller("10.0.0.1", &["198.51.100.1", "203.0.113.9, 10.1.2.3"]),
            "203.0.113.9"
        );
        assert_eq!(caller("10.0.0.1", &["203.0.113.9:4711"]), "203.0.113.9");
        assert_eq!(caller("10.0.0.1", &["[2001:db8::1]:4711"]), "2001:db8::1");
    }

    #[test]
    fn what_the_caller_wrote_itself_is_not_believed() {
        for forged in ["127.0.0.1", "198.51.100.1", "10.9.9.9, 198.51.100.1", "nonsense"] {
            assert_eq!(
                caller("10.0.0.1", &[&format!("{forged}, 203.0.113.9")]),
                "203.0.113.9"
            );
        }
    }

    #[test]
    fn what_cannot_be_read_ends_the_way_at_the_last_known_place() {
        for line in ["", "unknown", "203.0.113.9.1", "<script>", "\u{e9}"] {
            assert_eq!(caller("10.0.0.1", &[line]), "10.0.0.1", "{line}");
            assert_eq!(
                caller("10.0.0.1", &[&format!("{line}, 10.0.0.2")]),
                "10.0.0.2",
                "{line}"
            );
        }
        assert_eq!(caller("10.0.0.1", &[]), "10.0.0.1");
        // A list without an end is not read to its end.
        let long = vec!["10.0.0.2"; 10_000].join(",");
        assert_eq!(caller("10.0.0.1", &[&format!("203.0.113.9,{long}")]), "10.0.0.2");
    }

    #[test]
    fn networks_are_read_and_nobody_believes_everybody() {
        for broken in [
            "",
            "proxy.internal",
            "10.0.0.0/33",
            "0.0.0.0/0",
            "::/0",
            "10.0.0.0/x",
            "10.0.0.0/8/8",
        ] {
            assert!(Proxies::read([broken]).is_err(), "{broken}");
        }
        let half = Proxies::read(["10.0.0.128/25"]).unwrap();
        assert!(half.believed("10.0.0.200".parse().unwrap()));
        assert!(!half.believed("10.0.0.100".parse().unwrap()));
        assert!(!half.believed("::ffff:10.0.0.200".parse().unwrap()));
    }
}
