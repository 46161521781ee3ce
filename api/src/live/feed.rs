//! Follows the read model `live_feed`: reads new rows once for all sockets of this OS process.

use domain::Position;
use std::sync::Arc;
use std::time::Duration;

use projections::live::{LiveFeedReadModel, feed_rows_between};

use super::LiveSockets;

/// Positions that are read at once; bounds the rows in memory.
const PAGE: u64 = 500;
/// Longest wait for a new position before the feed is checked again.
const POLL_INTERVAL: Duration = Duration::from_secs(1);
/// Pause after a failure.
const RETRY_DELAY: Duration = Duration::from_millis(200);

/// Follows the feed until the OS process stops.
///
/// The cursor stays valid after a restart of the read model and after a rebuild: rows and checkpoint are
/// committed together, and a rebuild switches only to tables with the same position.
pub(super) async fn follow_feed(live: Arc<LiveSockets>) {
    loop {
        let followed = live.run_unless_stopping(broadcast_next_page(&live)).await;
        match followed {
            None => return,
            Some(Ok(())) => {}
            Some(Err(error)) => {
                tracing::warn!(%error, "cannot read the live feed, retrying");
                if live.sleep_unless_stopping(RETRY_DELAY).await {
                    return;
                }
            }
        }
    }
}

async fn broadcast_next_page(live: &LiveSockets) -> Result<(), sqlx::Error> {
    live.hub.wait_for_connection().await;
    let Some(cursor) = live.hub.cursor() else {
        let position = live
            .projections
            .wait_until_past(LiveFeedReadModel::NAME, Position::START, Duration::ZERO)
            .await?;
        live.hub.set_cursor(position);
        return Ok(());
    };
    let reached = live.projections.wait_until_past(LiveFeedReadModel::NAME, cursor, POLL_INTERVAL).await?;
    if reached > cursor {
        let through = reached.min(cursor + PAGE);
        let rows = feed_rows_between(&live.pool, cursor, through).await?;
        let now = live.clock.now();
        for row in &rows {
            let lag = now.duration_since(row.recorded_at).as_secs_f64().max(0.0);
            metrics::histogram!("kafedra_live_lag_seconds").record(lag);
        }
        live.hub.broadcast_rows(cursor, through, &rows);
    }
    Ok(())
}
