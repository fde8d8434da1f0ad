//! Sees which requests for goods were not answered in time.

use crate::admin::{AdminCommand, SHORTAGES_TOLD};
use crate::app::App;
use crate::gate::GateError;
use crate::query::shortage::{Place, overdue};
use ordain_domain::actor::Actor;

/// Tells of every request whose time has passed since the last look; gives how many.
///
/// # Errors
/// If the database cannot be read or the Gate has stopped.
pub async fn tell_overdue_shortages(app: &App) -> Result<usize, GateError> {
    let mut told = 0;
    for org in app.store.orgs()? {
        let after = match app.store.setting(org.org, SHORTAGES_TOLD)? {
            Some(row) => serde_json::from_str::<Place>(&row.value)
                .map_err(|error| GateError::Bug(format!("setting {SHORTAGES_TOLD}: {error}")))?,
            None => Place::default(),
        };
        let late = overdue(&app.store, org.org, &after, app.clock.now_ms())?;
        if late.is_empty() {
            continue;
        }
        told += late.len();
        let command = AdminCommand::TellOverdueShortages(late);
        app.admin(org.org, Actor::system("shortages"), command).await?;
    }
    Ok(told)
}
