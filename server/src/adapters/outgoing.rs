//! Calls to addresses that people of tenants chose: none of them leads into the operator's own network.
//!
//! Only `https` on its own port, only to addresses of the public internet, no redirects, five seconds and 256 KiB at most.
//! The address that is judged is the one that is connected to: names are resolved here, and numbers in an address are
//! read as the client reads them. What the operator names in `outgoing.allow_hosts` is called wherever it lies.

use http::{Request, Response};
use reqwest::{
    Url,
    dns::{Addrs, Name, Resolve, Resolving},
};
use std::{
    io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::Arc,
    time::Duration,
};
use url::Host;

/// Longest wait for a whole answer.
const PATIENCE: Duration = Duration::from_secs(5);
/// Most bytes of an answer.
const LONGEST: usize = 256 * 1024;

/// A client for such calls.
#[derive(Clone)]
pub struct Outgoing {
    client: reqwest::Client,
    allowed: Arc<[Allowed]>,
}

/// A host that the operator lets be called wherever it lies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Allowed {
    /// As an address has it.
    host: String,
    /// None for every port.
    port: Option<u16>,
}

impl Allowed {
    /// Reads `login.internal`, `login.internal:8443` or `127.0.0.1:4000`.
    ///
    /// # Errors
    /// What was given, when it is no such thing.
    pub fn read(text: &str) -> Result<Self, String> {
        let unfit = || format!("“{text}” is no host, nor a host with a port");
        let url = Url::parse(&format!("http://{}/", text.trim())).map_err(|_| unfit())?;
        let whole = text.trim().to_ascii_lowercase();
        let host = url.host_str().ok_or_else(unfit)?.to_owned();
        let rest = whole.strip_prefix(host.as_str()).ok_or_else(unfit)?;
        let port = match rest.strip_prefix(':') {
            Some(port) => Some(port.parse().map_err(|_| unfit())?),
            None if rest.is_empty() => None,
            None => return Err(unfit()),
        };
        Ok(Self { host, port })
    }

    fn fits(&self, url: &Url) -> bool {
        url.host_str() == Some(self.host.as_str())
            && self
                .port
                .is_none_or(|port| url.port_or_known_default() == Some(port))
    }
}

/// Why a call was not made or brought nothing. It repeats no address.
#[derive(Debug, thiserror::Error)]
pub enum OutgoingError {
    /// The address may not be called.
    #[error("an address that may not be called: {0}")]
    Refused(&'static str),
    /// Nothing came back in time.
    #[error("no answer in time")]
    Slow,
    /// The answer is too long.
    #[error("an answer that is too long")]
    Long,
    /// The request could not be made or was not answered.
    #[error("not reached: {0}")]
    Unreachable(String),
}

impl Outgoing {
    /// Makes the client; nothing is sent yet.
    ///
    /// # Errors
    /// When the HTTP client cannot be made.
    pub fn new(allowed: Vec<Allowed>) -> Result<Self, reqwest::Error> {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let allowed: Arc<[Allowed]> = allowed.into();
        let builder = || {
            reqwest::Client::builder()
                .timeout(PATIENCE)
                .redirect(reqwest::redirect::Policy::none())
                // A proxy would resolve names in our stead.
                .no_proxy()
                .referer(false)
                .user_agent(concat!("quittance/", env!("CARGO_PKG_VERSION")))
                .dns_resolver(Arc::new(PublicOnly {
                    allowed: allowed.clone(),
                }))
        };
        // A machine without root certificates runs the portal all the same; then no such call succeeds.
        let client = builder().build().or_else(|error| {
            tracing::warn!(%error, "no root certificates: nothing that tenants name can be called by https");
            builder().tls_certs_only([]).build()
        })?;
        Ok(Self { client, allowed })
    }

    /// Whether a browser may be sent to an address: that is its own network's affair, but it must be an address of pages.
    ///
    /// # Errors
    /// [`OutgoingError::Refused`].
    pub fn judge_for_browser(&self, url: &Url) -> Result<(), OutgoingError> {
        let known = self.allowed.iter().any(|allowed| allowed.fits(url));
        match url.scheme() {
            "https" => Ok(()),
            "http" if known && is_loopback(url) => Ok(()),
            _ => Err(OutgoingError::Refused("not https")),
        }
    }

    /// Whether an address may be called.
    ///
    /// # Errors
    /// [`OutgoingError::Refused`].
    pub fn judge(&self, url: &Url) -> Result<(), OutgoingError> {
        self.judge_for_browser(url)?;
        let no = |why| Err(OutgoingError::Refused(why));
        if !url.username().is_empty() || url.password().is_some() {
            return no("names a user");
        }
        if self.allowed.iter().any(|allowed| allowed.fits(url)) {
            return Ok(());
        }
        if url.port_or_known_default() != Some(443) {
            return no("another port");
        }
        match url.host() {
            Some(Host::Domain(name)) if !name.is_empty() => Ok(()),
            Some(Host::Ipv4(address)) if is_public(address.into()) => Ok(()),
            Some(Host::Ipv6(address)) if is_public(address.into()) => Ok(()),
            Some(_) | None => no("not on the internet"),
        }
    }

    /// Makes one call. A redirect is an answer like any other.
    ///
    /// # Errors
    /// [`OutgoingError`].
    pub async fn ask(&self, request: Request<Vec<u8>>) -> Result<Response<Vec<u8>>, OutgoingError> {
        let request = reqwest::Request::try_from(request).map_err(|error| unreachable(&error))?;
        self.judge(request.url())?;
        let whole = async {
            let mut answer = self
                .client
                .execute(request)
                .await
                .map_err(|error| unreachable(&error))?;
            let mut body = Vec::new();
            while let Some(part) = answer.chunk().await.map_err(|error| unreachable(&error))? {
                if body.len() + part.len() > LONGEST {
                    return Err(OutgoingError::Long);
                }
                body.extend_from_slice(&part);
            }
            let mut response = Response::new(body);
            *response.status_mut() = answer.status();
            *response.headers_mut() = answer.headers().clone();
            Ok(response)
        };
        tokio::time::timeout(PATIENCE, whole)
            .await
            .map_err(|_| OutgoingError::Slow)?
    }
}

/// Why, without the address.
fn unreachable(error: &reqwest::Error) -> OutgoingError {
    let why = if error.is_timeout() {
        return OutgoingError::Slow;
    } else if error.is_connect() {
        "no connection"
    } else if error.is_builder() || error.is_request() {
        "no request"
    } else {
        "a broken answer"
    };
    OutgoingError::Unreachable(why.to_owned())
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// Resolves names to addresses of the internet, and those that the operator named to whatever they are.
struct PublicOnly {
    allowed: Arc<[Allowed]>,
}

impl Resolve for PublicOnly {
    fn resolve(&self, name: Name) -> Resolving {
        // With which port it is called was judged before.
        let anywhere = self.allowed.iter().any(|allowed| allowed.host == name.as_str());
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let fit: Vec<SocketAddr> = found
                .filter(|address| anywhere || is_public(address.ip()))
                .collect();
            if fit.is_empty() {
                return Err(io::Error::other("no address on the internet").into());
            }
            let fit: Addrs = Box::new(fit.into_iter());
            Ok(fit)
        })
    }
}

/// Whether an address is one of the public internet, however it is wrapped.
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    !(a == 0
        || a == 10
        || a == 127
        || a >= 224
        // Carriers' own networks.
        || (a == 100 && (64..128).contains(&b))
        || (a == 169 && b == 254)
        || (a == 172 && (16..32).contains(&b))
        || (a == 192 && b == 168)
        // Assignments, examples, relays and measurements.
        || (a == 192 && b == 0 && (c == 0 || c == 2))
        || (a == 192 && b == 88 && c == 99)
        || (a == 198 && (b == 18 || b == 19))
        || (a == 198 && b == 51 && c == 100)
        || (a == 203 && b == 0 && c == 113))
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let inner = |high: u16, low: u16| {
        let [[a, b], [c, d]] = [high.to_be_bytes(), low.to_be_bytes()];
        is_public_v4(Ipv4Addr::new(a, b, c, d))
    };
    match address.segments() {
        // An address of the old kind, mapped or translated.
        [0, 0, 0, 0, 0, 0xffff, high, low] | [0x64, 0xff9b, 0, 0, 0, 0, high, low] => inner(high, low),
        // Relayed: the address of the old kind stands in front.
        [0x2002, high, low, ..] => inner(high, low),
        // Tunnels, benchmarks, identifiers and examples.
        [0x2001, second, ..] => second >= 0x0200 && second != 0x0db8,
        [0x3fff, second, ..] => second >= 0x1000,
        [first, ..] => (0x2000..0x4000).contains(&first),
    }
}

#[cfg(test)]
mod tests;
