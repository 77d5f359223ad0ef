//! Where a centre is, as a person types it.
//!
//! **Invariant:** what is sent beyond this machine is encrypted, unless a person was told that it
//! is not and said yes.

use std::fmt;
use std::net::IpAddr;

use serde::{Deserialize, Serialize};

use crate::error::{Refusal, Result, refuse_field};

/// The longest address.
const LENGTH_MAX: usize = 300;

/// Where a centre is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CentreAddress {
    url: String,
    plain: bool,
}

impl CentreAddress {
    /// Understands what a person typed: `centre.example`, `https://centre.example:4180/shop`.
    /// `plain_allowed` is a person's word that the way there needs no encryption.
    pub fn parse(typed: &str, plain_allowed: bool) -> Result<Self> {
        let wrong = || {
            refuse_field("address", "An address looks like centre.example or https://1.2.3.4:4180.")
        };
        let typed = typed.trim().trim_end_matches('/');
        if typed.is_empty() || typed.len() > LENGTH_MAX || !typed.is_ascii() {
            return Err(wrong());
        }
        let (scheme, rest) = match typed.split_once("://") {
            Some((scheme, rest)) => (scheme.to_ascii_lowercase(), rest),
            None => (if is_loopback(host(typed)) { "http" } else { "https" }.to_owned(), typed),
        };
        let forbidden = |byte: u8| byte.is_ascii_whitespace() || b"@?#\\\"<>'`".contains(&byte);
        if rest.bytes().any(forbidden) || !is_host(host(rest)) || !port_fits(rest) {
            return Err(wrong());
        }
        let plain = match scheme.as_str() {
            "https" => false,
            "http" => true,
            _ => return Err(wrong()),
        };
        if plain && !is_loopback(host(rest)) && !plain_allowed {
            let words = "Everything would be readable on the way, PINs and sales too. Use an \
                         https address, or say that the way there is safe.";
            return Err(Refusal::new("plain_http", words).at("address").into());
        }
        Ok(Self { url: format!("{scheme}://{rest}"), plain })
    }

    /// The address as it is kept.
    pub fn kept(url: String, plain: bool) -> Self {
        Self { url, plain }
    }

    /// The address, without a slash at its end.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Whether the way there is not encrypted.
    pub fn is_plain(&self) -> bool {
        self.plain
    }
}

impl fmt::Display for CentreAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.url)
    }
}

/// The part before the path, without a port.
fn host(rest: &str) -> &str {
    let authority = rest.split('/').next().unwrap_or_default();
    if let Some(inner) = authority.strip_prefix('[') {
        return inner.split(']').next().unwrap_or_default();
    }
    authority.split(':').next().unwrap_or_default()
}

fn port_fits(rest: &str) -> bool {
    let authority = rest.split('/').next().unwrap_or_default();
    let after = authority.rsplit_once(']').map_or(authority, |(_, after)| after);
    match after.split_once(':') {
        None => true,
        Some((_, port)) => port.parse::<u16>().is_ok_and(|port| port > 0),
    }
}

fn is_host(host: &str) -> bool {
    let named = |label: &str| {
        !label.is_empty() && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
    };
    host.parse::<IpAddr>().is_ok() || (!host.is_empty() && host.split('.').all(named))
}

fn is_loopback(host: &str) -> bool {
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Error;

    fn check(typed: &str, plain_allowed: bool, expected: &str) {
        let found = match CentreAddress::parse(typed, plain_allowed) {
            Ok(address) => address.to_string(),
            Err(Error::Refused(refusal)) => refusal.0.code.clone(),
            Err(other) => other.to_string(),
        };
        assert_eq!(found, expected, "{typed}");
    }

    #[test]
    fn an_address_is_encrypted_unless_it_is_this_machine_or_a_person_said_yes() {
        check("centre.example", false, "https://centre.example");
        check(" https://centre.example:4180/ ", false, "https://centre.example:4180");
        check("HTTPS://centre.example/toko", false, "https://centre.example/toko");
        check("localhost:4180", false, "http://localhost:4180");
        check("http://127.0.0.1:4180", false, "http://127.0.0.1:4180");
        check("[::1]:4180", false, "http://[::1]:4180");
        check("http://192.168.1.9:4180", false, "plain_http");
        check("http://192.168.1.9:4180", true, "http://192.168.1.9:4180");
        check("192.168.1.9:4180", false, "https://192.168.1.9:4180");
    }

    #[test]
    fn what_is_no_address_is_refused_at_its_field() {
        for typed in [
            "",
            "   ",
            "ftp://centre.example",
            "https://user:pass@centre.example",
            "centre.example:99999",
            "centre.example:",
            "centre..example",
            "two words",
            "https://",
            "centre.example?x=1",
            "http://127.0.0.1@evil.example",
            "pusat\u{e9}.example",
        ] {
            check(typed, true, "invalid");
        }
    }
}
