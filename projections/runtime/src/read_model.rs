//! The trait of read models: tables that follow from the events alone.

use async_trait::async_trait;
use domain::{Position, RecordedEvent};
use jiff::Timestamp;
use sqlx::PgConnection;

/// Tables that can be dropped and rebuilt from the log at any time.
///
/// The runner calls [`ReadModel::apply`] in the transaction that moves the checkpoint. Rows and checkpoint
/// thus agree even if events are delivered twice.
///
/// # Example
/// The number of tickets that each person has opened, in the table
/// `app.ticket_counts (requester uuid primary key, tickets bigint not null)`. A batch costs one statement.
/// The queries of the product are checked against `.sqlx` by `sqlx::query!`.
///
/// ```
/// use async_trait::async_trait;
/// use domain::support::TicketEvent;
/// use domain::{Event, RecordedEvent};
/// use projection_runtime::{ApplyError, ReadModel};
/// use sqlx::PgConnection;
///
/// struct TicketCountsReadModel;
///
/// #[async_trait]
/// impl ReadModel for TicketCountsReadModel {
///     fn name(&self) -> &'static str {
///         "ticket_counts"
///     }
///
///     fn version(&self) -> i32 {
///         1
///     }
///
///     fn tables(&self) -> &'static [&'static str] {
///         &["app.ticket_counts"]
///     }
///
///     fn handles(&self, aggregate_type: &str) -> bool {
///         aggregate_type == "Ticket"
///     }
///
///     async fn apply(&self, db: &mut PgConnection, events: &[RecordedEvent]) -> Result<(), ApplyError> {
///         let requesters: Vec<_> = events
///             .iter()
///             .filter_map(|recorded| match &recorded.event {
///                 Event::Ticket(TicketEvent::TicketOpened { requester, .. }) => Some(requester.uuid()),
///                 _ => None,
///             })
///             .collect();
///         // No schema: in a rebuild the same statement writes the tables beside the live ones.
///         sqlx::query(
///             "insert into ticket_counts (requester, tickets)
///              select requester, count(*) from unnest($1::uuid[]) as requester group by requester
///              on conflict (requester) do update set tickets = ticket_counts.tickets + excluded.tickets",
///         )
///         .bind(&requesters)
///         .execute(db)
///         .await?;
///         Ok(())
///     }
/// }
///
/// assert!(TicketCountsReadModel.handles("Ticket"));
/// ```
#[async_trait]
pub trait ReadModel: Send + Sync + 'static {
    /// Name in snake_case: in the checkpoint table, in metrics and on the command line.
    fn name(&self) -> &'static str;

    /// Version of the rows. It must grow when the same events lead to other rows.
    ///
    /// The runner then rebuilds the tables beside the old ones.
    fn version(&self) -> i32;

    /// Tables with their schema. Only this read model writes them. Their names are unique across schemas.
    fn tables(&self) -> &'static [&'static str];

    /// Returns true if the read model applies events of this aggregate type.
    fn handles(&self, aggregate_type: &str) -> bool;

    /// Returns true if the runner must apply each event as soon as possible.
    ///
    /// Otherwise the runner collects events for some milliseconds, unless a caller waits for them.
    fn is_urgent(&self) -> bool {
        false
    }

    /// Applies events in order of position.
    ///
    /// The SQL must name the tables WITHOUT schema. The search path of the connection selects the live tables
    /// or those of a rebuild. The SQL is set-based: a batch of a thousand events costs a few statements.
    ///
    /// # Errors
    /// [`ApplyError::Database`] if a statement fails. [`ApplyError::Poison`] if an event cannot be applied.
    async fn apply(&self, db: &mut PgConnection, events: &[RecordedEvent]) -> Result<(), ApplyError>;

    /// Applies events in a rebuild of a log whose last event was recorded at `end`.
    ///
    /// A read model may omit rows that have expired by `end`.
    ///
    /// # Errors
    /// The errors of [`ReadModel::apply`].
    async fn apply_in_rebuild(
        &self,
        db: &mut PgConnection,
        events: &[RecordedEvent],
        _end: Timestamp,
    ) -> Result<(), ApplyError> {
        self.apply(db, events).await
    }

    /// Indexes that only queries need, each as `table (columns)`.
    ///
    /// Neither [`ReadModel::apply`] nor a constraint may need them. A rebuild creates them once, after all
    /// rows and before [`ReadModel::refresh_aggregates`].
    fn read_indexes(&self) -> &'static [&'static str] {
        &[]
    }

    /// Recomputes the sums over many rows that [`ReadModel::apply`] has marked as outdated.
    ///
    /// The runner calls it before it commits a batch. A rebuild calls it once, at its end, because the cost
    /// of a sum grows with the rows. The marks are rows too, so none is lost.
    ///
    /// # Errors
    /// The errors of [`ReadModel::apply`].
    async fn refresh_aggregates(&self, _db: &mut PgConnection) -> Result<(), ApplyError> {
        Ok(())
    }
}

/// Reason why a batch could not be applied.
#[derive(Debug, thiserror::Error)]
pub enum ApplyError {
    #[error("cannot write the rows")]
    Database(#[from] sqlx::Error),
    /// A poison event. It stops the read model until an admin decides.
    #[error("the event at position {position} cannot be applied: {reason}")]
    Poison { position: Position, reason: String },
}
