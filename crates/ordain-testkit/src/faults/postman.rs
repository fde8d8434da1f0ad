//! The part of a node that delivers mail: the product's own reconciler, under a clock that jumps to the next attempt
//! as soon as nothing is due, so that leases of the dead and pauses of hours cost no time.

use ordain_app::app::App;
use ordain_app::clock::Clock;
use ordain_app::faults::broken;
use ordain_app::mail::deliver_outbox;
use ordain_connect::channel::{Channel, Delivered, Delivery, Message};
use ordain_connect::mail::{SmtpChannel, SmtpSettings, Tls};
use std::sync::Arc;
use std::time::Duration;

/// A receiver that hangs costs so long.
const SEND_LIMIT: Duration = Duration::from_secs(2);

/// The negative control "mark before send": says that a mail is delivered and sends it a little later.
struct Hasty(Arc<dyn Channel>);

impl Channel for Hasty {
    fn deliver<'a>(&'a self, message: &'a Message) -> Delivery<'a> {
        let (channel, message) = (self.0.clone(), message.clone());
        tokio::spawn(async move {
            tokio::time::sleep(Duration::from_millis(20)).await;
            // Nobody is left to be told.
            let _ = channel.deliver(&message).await;
        });
        Box::pin(async { Ok(Delivered { answer: "soon".to_owned() }) })
    }
}

pub(super) fn channel(port: u16) -> Arc<dyn Channel> {
    let settings = SmtpSettings {
        host: "127.0.0.1".to_owned(),
        port: Some(port),
        tls: Tls::None,
        user: None,
        password: None,
        from: "order@example.cn".to_owned(),
        from_name: None,
    };
    let smtp: Arc<dyn Channel> =
        Arc::new(SmtpChannel::new(&settings).expect("the settings are sound").with_send_limit(SEND_LIMIT));
    if broken("mark_before_send") { Arc::new(Hasty(smtp)) } else { smtp }
}

/// Delivers until the process ends.
///
/// # Panics
/// If no runtime can be made.
pub fn work(app: &App, port: u16) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let channel = channel(port);
        loop {
            // A Gate that is gone ends with its process.
            let _ = deliver_outbox(app, &channel).await;
            match app.store.next_outbox_at() {
                Ok(Some(next)) if next > app.clock.now_ms() => app.clock.set_ms(next),
                _ => tokio::time::sleep(Duration::from_millis(2)).await,
            }
        }
    });
}

/// A clock that stands where the real one does, and can be moved on.
pub fn clock() -> Clock {
    Clock::manual(Clock::Real.now_ms())
}
