//! Builds the mail itself: one sender, one receiver, the same words as text and as HTML. Subjects and names come
//! from orders and therefore from strangers, so nothing in them may end a header line.

use lettre::Message as Mail;
use lettre::message::header::ContentType;
use lettre::message::{Mailbox, MultiPart, SinglePart};

use super::MailSettingsProblem;
use crate::channel::{DeliveryFailure, Message};

#[derive(Debug)]
pub(super) struct Sender {
    mailbox: Mailbox,
}

impl Sender {
    pub(super) fn new(address: &str, name: Option<&str>) -> Result<Self, MailSettingsProblem> {
        let parsed =
            address.parse().map_err(|_| MailSettingsProblem::BadSender { address: address.to_owned() })?;
        Ok(Self { mailbox: Mailbox::new(name.map(one_line), parsed) })
    }

    pub(super) fn compose(&self, message: &Message) -> Result<Mail, DeliveryFailure> {
        if message.id.is_empty()
            || !message.id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte))
        {
            return Err(never("mail_bad_id", &message.id));
        }
        let address =
            message.to.address.trim().parse().map_err(|_| never("mail_bad_address", &message.to.address))?;
        let to = Mailbox::new(message.to.name.as_deref().map(one_line), address);
        let builder = Mail::builder()
            .from(self.mailbox.clone())
            .to(to)
            .subject(one_line(&message.subject))
            .message_id(Some(format!("<{}@{}>", message.id, self.mailbox.email.domain())));
        let text = SinglePart::builder().header(ContentType::TEXT_PLAIN).body(message.text.clone());
        let mail = match &message.html {
            Some(html) => {
                let html = SinglePart::builder().header(ContentType::TEXT_HTML).body(html.clone());
                builder.multipart(MultiPart::alternative().singlepart(text).singlepart(html))
            }
            None => builder.singlepart(text),
        };
        mail.map_err(|error| never("mail_not_built", &error.to_string()))
    }
}

fn never(code: &'static str, detail: &str) -> DeliveryFailure {
    DeliveryFailure { transient: false, code, detail: detail.to_owned(), retry_after: None }
}

/// Control characters and line separators become blanks.
fn one_line(text: &str) -> String {
    let blank = |c: char| if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') { ' ' } else { c };
    text.chars().map(blank).collect::<String>().trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::channel::Recipient;

    fn message(subject: &str, name: &str) -> Message {
        Message {
            id: "0193-a.b_c".to_owned(),
            to: Recipient { name: Some(name.to_owned()), address: "li@example.cn".to_owned() },
            subject: subject.to_owned(),
            text: "正文\r\n.\r\nBcc: x@example.cn".to_owned(),
            html: Some("<p>正文</p>".to_owned()),
        }
    }

    fn head(message: &Message) -> Vec<String> {
        let mail = Sender::new("order@example.cn", Some("定单\r\nBcc: a@example.cn")).unwrap();
        let bytes = mail.compose(message).unwrap().formatted();
        let text = String::from_utf8(bytes).unwrap();
        text.split_once("\r\n\r\n").unwrap().0.split("\r\n").map(str::to_owned).collect()
    }

    #[test]
    fn hostile_strings_cannot_add_a_header() {
        let hostile = [
            "x\r\nBcc: evil@example.cn",
            "x\nBcc: evil@example.cn",
            "x\rBcc: evil@example.cn",
            "x\r\n\r\nbody",
            "x\u{2028}Bcc: evil@example.cn",
            "x\0Bcc: evil@example.cn",
            "x\u{85}Bcc: e@example.cn",
            "=?utf-8?q?x=0D=0ABcc:_evil@example.cn?=",
            "\"<evil@example.cn>, \"",
            "\u{202e}订单\u{1f4e6}",
        ];
        for text in hostile {
            let names: Vec<String> = head(&message(text, text))
                .iter()
                .filter(|line| !line.starts_with([' ', '\t']))
                .filter_map(|line| line.split_once(':').map(|(name, _)| name.to_lowercase()))
                .collect();
            let mut sorted = names.clone();
            sorted.sort();
            assert_eq!(
                sorted,
                ["content-type", "date", "from", "message-id", "mime-version", "subject", "to"],
                "{text:?}"
            );
        }
    }

    #[test]
    fn every_copy_has_the_same_message_id() {
        let find =
            || head(&message("订单确认", "李")).into_iter().find(|line| line.starts_with("Message-ID"));
        assert_eq!(find().as_deref(), Some("Message-ID: <0193-a.b_c@example.cn>"));
        assert_eq!(find(), find());
    }

    #[test]
    fn an_id_or_address_that_breaks_the_form_is_refused() {
        let sender = Sender::new("order@example.cn", None).unwrap();
        let mut bad = message("x", "y");
        bad.id = "a>\r\nBcc: x".to_owned();
        assert_eq!(sender.compose(&bad).unwrap_err().code, "mail_bad_id");
        let mut bad = message("x", "y");
        bad.to.address = "li@example.cn\r\nBcc: x@example.cn".to_owned();
        assert_eq!(sender.compose(&bad).unwrap_err().code, "mail_bad_address");
    }
}
