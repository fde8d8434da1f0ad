//! How far the way to the server is trusted: `sslmode` and `sslrootcert` of its URL, in the words of libpq.
//!
//! - `disable`: nothing is encrypted.
//! - `prefer`, which is the default: encrypted where the server offers it, whoever it is.
//! - `require`: encrypted or not at all, whoever it is.
//! - `verify-full`: encrypted, and the server shows a certificate for its name, signed by an authority of the file
//!   `sslrootcert` or, without one, by a public authority.

use std::path::PathBuf;
use std::sync::Arc;

use percent_encoding::percent_decode_str;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};
use tokio_postgres::config::SslMode;
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::StoreError;

/// What a URL asks for.
pub(super) struct Trust {
    pub mode: SslMode,
    pub connector: MakeRustlsConnect,
}

fn unreadable(why: impl std::fmt::Display) -> StoreError {
    StoreError::Unavailable(format!("the database URL cannot be read: {why}"))
}

/// Parts a URL from what it says about trust, which its driver does not all know.
pub(super) fn trust(url: &str) -> Result<(String, Trust), StoreError> {
    let (address, query) = url.split_once('?').unwrap_or((url, ""));
    let (mut mode, mut roots, mut rest) = (None, None, Vec::new());
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        match name {
            "sslmode" => mode = Some(value),
            "sslrootcert" => {
                roots = Some(PathBuf::from(percent_decode_str(value).decode_utf8_lossy().into_owned()));
            }
            _ => rest.push(pair),
        }
    }
    let mode = mode.unwrap_or(if roots.is_some() { "verify-full" } else { "prefer" });
    let (mode, verified) = match mode {
        "disable" => (SslMode::Disable, false),
        "prefer" => (SslMode::Prefer, false),
        "require" => (SslMode::Require, roots.is_some()),
        "verify-full" => (SslMode::Require, true),
        other => {
            let known = "disable, prefer, require or verify-full";
            return Err(unreadable(format!("sslmode is \"{other}\" where {known} is known")));
        }
    };
    let connector = MakeRustlsConnect::new(config(verified, roots)?);
    let url = if rest.is_empty() { address.to_owned() } else { format!("{address}?{}", rest.join("&")) };
    Ok((url, Trust { mode, connector }))
}

fn config(verified: bool, file: Option<PathBuf>) -> Result<ClientConfig, StoreError> {
    let provider = Arc::new(ring::default_provider());
    let builder = ClientConfig::builder_with_provider(Arc::clone(&provider));
    let builder =
        builder.with_safe_default_protocol_versions().map_err(|error| StoreError::Bug(error.to_string()))?;
    if !verified {
        let anybody = Arc::new(Anybody(provider));
        return Ok(builder.dangerous().with_custom_certificate_verifier(anybody).with_no_client_auth());
    }
    let mut roots = RootCertStore::empty();
    match file {
        None => roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned()),
        Some(path) => {
            let why = |error: &dyn std::fmt::Display| {
                unreadable(format!("sslrootcert {}: {error}", path.display()))
            };
            for certificate in CertificateDer::pem_file_iter(&path).map_err(|error| why(&error))? {
                roots.add(certificate.map_err(|error| why(&error))?).map_err(|error| why(&error))?;
            }
            if roots.is_empty() {
                return Err(why(&"there is no certificate in it"));
            }
        }
    }
    Ok(builder.with_root_certificates(roots).with_no_client_auth())
}

/// Takes any certificate: what is said cannot be overheard, but who hears it is not known.
#[derive(Debug)]
struct Anybody(Arc<CryptoProvider>);

impl ServerCertVerifier for Anybody {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, certificate, signature, &self.0.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, certificate, signature, &self.0.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}
