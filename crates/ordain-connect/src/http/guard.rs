//! Keeps calls out of the company's own network. An address that a connector names, or that a name resolves to, is
//! called only if it is public, or if whoever runs the program has named the host.

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;

/// Hosts that may be called although they are not public, in lower case.
#[derive(Clone, Debug, Default)]
pub struct PrivateHosts(Arc<BTreeSet<String>>);

impl PrivateHosts {
    pub fn new(hosts: impl IntoIterator<Item = String>) -> Self {
        let plain = |host: String| host.trim().trim_matches(['[', ']']).to_lowercase();
        Self(Arc::new(hosts.into_iter().map(plain).filter(|host| !host.is_empty()).collect()))
    }

    pub fn contains(&self, host: &str) -> bool {
        self.0.contains(host.trim_matches(['[', ']']))
    }

    /// Whether an address may be called under a name.
    pub fn admits(&self, host: &str, address: IpAddr) -> bool {
        is_public(address) || self.contains(host)
    }
}

/// Resolves names and refuses those that lead to any address that must not be called: a name that leads to two places
/// is not called in hope of the better one.
pub struct GuardedResolver(pub PrivateHosts);

impl Resolve for GuardedResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let hosts = self.0.clone();
        Box::pin(async move {
            let found: Vec<SocketAddr> = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            match found.iter().find(|found| !hosts.admits(name.as_str(), found.ip())) {
                Some(refused) => Err(Forbidden(refused.ip()).into()),
                None => Ok(Box::new(found.into_iter()) as Addrs),
            }
        })
    }
}

#[derive(Debug, thiserror::Error)]
#[error("{0} is no public address")]
pub struct Forbidden(pub IpAddr);

pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let shared = a == 100 && (64..128).contains(&b);
    let assigned = (a, b, c) == (192, 0, 0) || (a, b, c) == (192, 88, 99);
    let benchmark = a == 198 && (18..20).contains(&b);
    let local = address.is_private() || address.is_loopback() || address.is_link_local();
    let reserved = a == 0 || a >= 224 || address.is_documentation();
    !(shared || assigned || benchmark || local || reserved)
}

/// Ranges that carry an address of the old kind are as public as that one.
fn is_public_v6(address: Ipv6Addr) -> bool {
    let parts = address.segments();
    let old = |high: u16, low: u16| Ipv4Addr::from((u32::from(high) << 16) | u32::from(low));
    if let Some(mapped) = address.to_ipv4_mapped() {
        return is_public_v4(mapped);
    }
    match parts {
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] => is_public_v4(old(high, low)),
        [0x2002, high, low, ..] => is_public_v4(old(high, low)),
        [0x2001, 0xdb8, ..] | [0x2001, 0, ..] => false,
        // Only this eighth of the space is given out.
        [first, ..] => first & 0xe000 == 0x2000,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_public_addresses_are_called_however_they_are_written() {
        for inside in [
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "224.0.0.1",
            "255.255.255.255",
            "198.18.0.1",
            "192.0.2.1",
            "::1",
            "::",
            "fe80::1",
            "fd00::1",
            "ff02::1",
            "::ffff:10.0.0.1",
            "64:ff9b::7f00:1",
            "2002:7f00:1::",
            "2001:db8::1",
            "::7f00:1",
        ] {
            assert!(!is_public(inside.parse().unwrap_or(IpAddr::V4(Ipv4Addr::new(8, 8, 8, 8)))), "{inside}");
        }
        for outside in ["8.8.8.8", "114.114.114.114", "2400:3200::1", "::ffff:8.8.8.8", "64:ff9b::808:808"] {
            assert!(outside.parse().is_ok_and(is_public), "{outside}");
        }
        let hosts = PrivateHosts::new(["ERP.local".to_owned(), "[::1]".to_owned()]);
        let inside = IpAddr::V4(Ipv4Addr::LOCALHOST);
        assert!(hosts.admits("erp.local", inside) && !hosts.admits("crm.local", inside));
        assert!(hosts.contains("::1"));
    }
}
