//! Follows the read model `live_feed`: what is new is read once for all sockets of this process.

use std::sync::Arc;
use std::time::Duration;

use projections::live::{LiveFeedReadModel, feed_rows_between};

use super::Live;

/// Positions that are read at once: what waits is never more than this in memory.
const PAGE: u64 = 500;
/// How long nothing may come before we look all the same.
const QUIET: Duration = Duration::from_secs(1);
/// After a failure.
const PAUSE: Duration = Duration::from_millis(200);

/// Runs until the process stops. Rows and checkpoint are committed together, and a rebuild switches only to
/// tables that are as far: so this place in the feed survives both.
pub(super) async fn follow(live: Arc<Live>) {
    loop {
        let followed = live.unless_stopping(step(&live)).await;
        match followed {
            None => return,
            Some(Ok(())) => {}
            Some(Err(error)) => {
                tracing::warn!(%error, "the feed of live sockets can not be read, trying again");
                if live.pauses(PAUSE).await {
                    return;
                }
            }
        }
    }
}

async fn step(live: &Live) -> Result<(), sqlx::Error> {
    live.hub.somebody().await;
    let Some(cursor) = live.hub.cursor() else {
        let position = live.projections.wait_until_past(LiveFeedReadModel::NAME, 0, Duration::ZERO).await?;
        live.hub.begin_at(position);
        return Ok(());
    };
    let reached = live.projections.wait_until_past(LiveFeedReadModel::NAME, cursor, QUIET).await?;
    if reached > cursor {
        let through = reached.min(cursor + PAGE);
        let rows = feed_rows_between(&live.pool, cursor, through).await?;
        let now = live.clock.now();
        for row in &rows {
            let lag = now.duration_since(row.recorded_at).as_secs_f64().max(0.0);
            metrics::histogram!("kafedra_live_lag_seconds").record(lag);
        }
        live.hub.tell_news(cursor, through, &rows);
    }
    Ok(())
}
