//! Keeps mails as files instead of sending them: for a company that is looked at rather than run. Each mail is an
//! `.eml` file that any mail program opens, named after the message, so that a copy replaces the first.

use std::path::PathBuf;

use super::MailSettingsProblem;
use super::compose::Sender;
use crate::channel::{Channel, Delivered, Delivery, DeliveryFailure, Message};

#[derive(Debug)]
pub struct MailFolder {
    folder: PathBuf,
    sender: Sender,
}

impl MailFolder {
    /// The folder is made with the first mail.
    ///
    /// # Errors
    /// If the sender's address is none.
    pub fn new(folder: PathBuf, from: &str) -> Result<Self, MailSettingsProblem> {
        Ok(Self { folder, sender: Sender::new(from, None)? })
    }

    async fn keep(&self, message: &Message) -> Result<Delivered, DeliveryFailure> {
        let mail = self.sender.compose(message)?.formatted();
        let name = format!("{}.eml", message.id);
        let (folder, path) = (self.folder.clone(), self.folder.join(&name));
        let write = move || std::fs::create_dir_all(folder).and_then(|()| std::fs::write(path, mail));
        let written = tokio::task::spawn_blocking(write).await.map_err(std::io::Error::other);
        match written.flatten() {
            Ok(()) => Ok(Delivered { answer: name }),
            Err(error) => Err(DeliveryFailure {
                transient: true,
                code: "mail_not_kept",
                detail: error.to_string(),
                retry_after: None,
            }),
        }
    }
}

impl Channel for MailFolder {
    fn deliver<'a>(&'a self, message: &'a Message) -> Delivery<'a> {
        Box::pin(self.keep(message))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::channel::Recipient;

    #[tokio::test]
    async fn a_mail_becomes_one_file_however_often_it_is_sent() {
        let temporary = tempfile::tempdir().unwrap();
        let channel = MailFolder::new(temporary.path().join("mail"), "order@example.cn").unwrap();
        let message = Message {
            id: "0193-a".to_owned(),
            to: Recipient { name: None, address: "li@example.cn".to_owned() },
            subject: "订单确认".to_owned(),
            text: "正文".to_owned(),
            html: None,
        };
        for _ in 0..2 {
            assert_eq!(channel.deliver(&message).await.unwrap().answer, "0193-a.eml");
        }
        let files: Vec<_> = std::fs::read_dir(temporary.path().join("mail")).unwrap().collect();
        assert_eq!(files.len(), 1);
        let text = std::fs::read_to_string(files[0].as_ref().unwrap().path()).unwrap();
        assert!(
            text.contains("To: li@example.cn") && text.contains("Message-ID: <0193-a@example.cn>"),
            "{text}"
        );
    }
}
