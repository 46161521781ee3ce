//! A log whose clock is set back, so that its events are old.

use crate::World;

/// Longer than a month, and longer than any SLA target.
const DAYS: i32 = 40;

impl World {
    /// Sets the clock of the log back by forty days; the clocks of the processes stay.
    /// The log must be empty, because its instants never go back.
    ///
    /// # Panics
    /// If the database refuses.
    pub async fn sets_log_back(&self) {
        self.replaces("clock_timestamp()", &format!("clock_timestamp() - make_interval(days => {DAYS})"))
            .await;
    }

    /// Sets the clock of the log to the present time.
    ///
    /// # Panics
    /// If the database refuses.
    pub async fn lets_log_catch_up(&self) {
        self.replaces(&format!("clock_timestamp() - make_interval(days => {DAYS})"), "clock_timestamp()")
            .await;
    }

    async fn replaces(&self, what: &str, with: &str) {
        let read = "select replace(pg_get_functiondef('log.append_all'::regproc), $1, $2)";
        let function: String =
            sqlx::query_scalar(read).bind(what).bind(with).fetch_one(&self.pool).await.expect("a function");
        assert!(function.contains(with));
        sqlx::raw_sql(&function).execute(&self.pool).await.expect("the log has another clock");
    }
}
