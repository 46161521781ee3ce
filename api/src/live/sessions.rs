//! Looks up the sessions of all sockets now and then: what has expired, or ended without an event that was heard.

use std::collections::HashSet;
use std::sync::Arc;

use domain::SessionId;

use super::Live;
use crate::auth::session;

/// Sessions that are looked up in one question.
const AT_ONCE: usize = 2_000;

/// Runs until the process stops.
pub(super) async fn look_after(live: Arc<Live>) {
    while !live.pauses(live.settings.session_check).await {
        let sessions = live.hub.sessions();
        for some in sessions.chunks(AT_ONCE) {
            match session::lasting(&live.pool, some, live.clock.now()).await {
                Ok(lasting) => {
                    let lasting: HashSet<SessionId> = lasting.into_iter().collect();
                    let ended: HashSet<SessionId> =
                        some.iter().copied().filter(|session| !lasting.contains(session)).collect();
                    if !ended.is_empty() {
                        live.hub.end_sessions(&ended);
                    }
                }
                Err(error) => tracing::warn!(%error, "the sessions of live sockets can not be looked up"),
            }
        }
    }
}
