//! Periodic check of the sessions of all sockets: finds those that expired or ended without a received event.

use std::collections::HashSet;
use std::sync::Arc;

use domain::SessionId;

use super::LiveSockets;
use crate::auth::session;

/// Sessions that are looked up in one query.
const BATCH_SIZE: usize = 2_000;

/// Runs the check until the OS process stops.
pub(super) async fn run_session_check(live: Arc<LiveSockets>) {
    while !live.sleep_unless_stopping(live.settings.session_check).await {
        let sessions = live.hub.sessions();
        for some in sessions.chunks(BATCH_SIZE) {
            match session::filter_active(&live.pool, some, live.clock.now()).await {
                Ok(lasting) => {
                    let lasting: HashSet<SessionId> = lasting.into_iter().collect();
                    let ended: HashSet<SessionId> =
                        some.iter().copied().filter(|session| !lasting.contains(session)).collect();
                    if !ended.is_empty() {
                        live.hub.close_sessions(&ended);
                    }
                }
                Err(error) => tracing::warn!(%error, "cannot look up the sessions of live sockets"),
            }
        }
    }
}
