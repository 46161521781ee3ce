//! Lookup of the event at a log position.

use domain::{EventLog, Position};

use crate::app::App;
use crate::http::problem::Problem;

/// Loads the event at a position.
///
/// # Errors
/// [`Problem`] if Postgres is unavailable.
pub(super) async fn load_event_at(
    app: &App,
    position: Position,
) -> Result<Option<domain::RecordedEvent>, Problem> {
    let sealed = app.bus.log().read_at(&[position]).await?;
    Ok(app.bus.log().decode(&sealed).await?.pop())
}
