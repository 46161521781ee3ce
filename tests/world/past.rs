//! A log that is set back: what happens in it then, happened long ago.

use crate::World;

/// Longer than a month, and than any promise to a requester.
const DAYS: i32 = 40;

impl World {
    /// From now on the log records everything forty days ago; the processes' clocks stay. Nothing may be in
    /// it yet: its instants never go back.
    ///
    /// # Panics
    /// The database refuses.
    pub async fn sets_log_back(&self) {
        self.replaces("clock_timestamp()", &format!("clock_timestamp() - make_interval(days => {DAYS})"))
            .await;
    }

    /// What happens from now on, happens now.
    ///
    /// # Panics
    /// The database refuses.
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
