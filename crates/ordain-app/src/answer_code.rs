//! What the codes are that customers show who they are by: worked out of the program's key and the message that carries
//! them, so that neither the database nor its log can tell one.

use crate::seal::SealKey;
use sha2::{Digest, Sha256};
use uuid::Uuid;

#[derive(Clone)]
pub struct AnswerCodes(SealKey);

impl AnswerCodes {
    pub fn new(key: SealKey) -> Self {
        Self(key)
    }

    /// The six digits in a message.
    pub fn of(&self, org: i64, order: Uuid, sent: Uuid) -> String {
        let of = [&b"answer code"[..], &org.to_be_bytes(), order.as_bytes(), sent.as_bytes()].concat();
        let mark = self.0.mark(&of);
        let digest = Sha256::digest(mark);
        let number = digest.iter().take(8).fold(0_u64, |number, byte| (number << 8) | u64::from(*byte));
        format!("{:06}", number % 1_000_000)
    }
}
