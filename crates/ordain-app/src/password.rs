//! Passwords and other secrets: Argon2id in a small pool, one-time passwords, and random tokens of which only the
//! hash is stored.

use crate::gate::GateError;
use crate::problem::Fault;
use argon2::{Algorithm, Argon2, Params, PasswordHash, PasswordHasher, PasswordVerifier, Version};
use ordain_store::Hash;
use serde::Deserialize;
use sha2::{Digest, Sha256};
use std::fmt;
use std::sync::{Arc, LazyLock};
use tokio::sync::Semaphore;

/// 19 MiB, two passes, one lane: the least that OWASP asks for.
const MEMORY_KIB: u32 = 19 * 1_024;
const PASSES: u32 = 2;
const LANES: u32 = 1;
/// Hashes computed at the same time, and requests that may wait for that: both cores stay usable under a flood.
const AT_ONCE: usize = 2;
const WAITING_MAX: usize = 64;
/// Bounds of a password that somebody chooses, in characters and bytes.
const LEAST: usize = 8;
const MOST_BYTES: usize = 1_024;

static POOL: LazyLock<Arc<Semaphore>> = LazyLock::new(|| Arc::new(Semaphore::new(AT_ONCE)));
static QUEUE: LazyLock<Arc<Semaphore>> = LazyLock::new(|| Arc::new(Semaphore::new(AT_ONCE + WAITING_MAX)));

/// A password in clear text. It shows nothing of itself in logs.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Password(String);

impl fmt::Debug for Password {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Password(..)")
    }
}

impl From<String> for Password {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl Password {
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Why nobody should use it; nothing if it will do.
    pub fn weakness(&self) -> Option<Fault> {
        if self.0.chars().count() < LEAST {
            return Some(Fault::new("password_too_short", "password").with("least", LEAST.to_string()));
        }
        let long = self.0.len() > MOST_BYTES;
        long.then(|| Fault::new("too_long", "password").with("limit", MOST_BYTES.to_string()))
    }
}

fn argon2() -> Result<Argon2<'static>, GateError> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(|error| bug(&error))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn bug(error: &dyn fmt::Display) -> GateError {
    GateError::Bug(error.to_string())
}

/// Runs one costly computation in the pool; a flood is turned away instead of queued without end.
async fn in_pool<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, GateError> + Send + 'static,
) -> Result<T, GateError> {
    let _place = QUEUE.clone().try_acquire_owned().map_err(|_| GateError::Busy)?;
    let permit = POOL.clone().acquire_owned().await.map_err(|error| bug(&error))?;
    let work = move || {
        let _permit = permit;
        work()
    };
    tokio::task::spawn_blocking(work).await.map_err(|error| bug(&error))?
}

/// The hash under which a password is stored.
///
/// # Errors
/// `Busy` if too many wait for the pool.
pub async fn hash(password: Password) -> Result<String, GateError> {
    in_pool(move || hash_now(password.as_str())).await
}

fn hash_now(password: &str) -> Result<String, GateError> {
    let hash: PasswordHash = argon2()?.hash_password(password.as_bytes()).map_err(|error| bug(&error))?;
    Ok(hash.to_string())
}

/// Whether the password belongs to the stored hash. Without a hash it takes as long and is false, so that nobody
/// learns from the time who exists.
///
/// # Errors
/// `Busy` if too many wait for the pool.
pub async fn verify(password: Password, stored: Option<String>) -> Result<bool, GateError> {
    in_pool(move || {
        let Some(stored) = stored.filter(|_| password.as_str().len() <= MOST_BYTES) else {
            hash_now("nobody's")?;
            return Ok(false);
        };
        let hash = PasswordHash::new(&stored).map_err(|error| bug(&error))?;
        Ok(argon2()?.verify_password(password.as_str().as_bytes(), &hash).is_ok())
    })
    .await
}

fn random<const N: usize>() -> Result<[u8; N], GateError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|error| bug(&error))?;
    Ok(bytes)
}

/// A password for the first sign-in: 80 random bits in letters that cannot be mistaken for one another.
///
/// # Errors
/// If the system has no randomness to give.
pub fn one_time() -> Result<String, GateError> {
    const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
    let letters = random::<16>()?.map(|byte| char::from(LETTERS[usize::from(byte % 32)]));
    let groups: Vec<String> = letters.chunks(4).map(|group| group.iter().collect()).collect();
    Ok(groups.join("-"))
}

/// A token of 256 random bits.
///
/// # Errors
/// If the system has no randomness to give.
pub fn token() -> Result<String, GateError> {
    random::<32>().map(hex::encode)
}

/// The hash under which a token is found. Tokens are random, so a fast hash gives nothing away.
pub fn token_hash(token: &str) -> Hash {
    Sha256::digest(token.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_fits_its_hash_and_no_other() {
        let hash = hash("correct horse".to_owned().into()).await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert!(verify("correct horse".to_owned().into(), Some(hash.clone())).await.unwrap());
        assert!(!verify("wrong horse".to_owned().into(), Some(hash)).await.unwrap());
        assert!(!verify("correct horse".to_owned().into(), None).await.unwrap());
    }

    #[test]
    fn secrets_are_long_and_do_not_show_themselves() {
        assert_eq!(token().unwrap().len(), 64);
        assert_ne!(token().unwrap(), token().unwrap());
        assert_eq!(one_time().unwrap().len(), 19);
        assert_eq!(format!("{:?}", Password::from("secret".to_owned())), "Password(..)");
        assert_eq!(Password::from("seven77".to_owned()).weakness().unwrap().code, "password_too_short");
    }
}
