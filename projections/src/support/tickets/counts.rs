//! Counts of tickets, in total and per agent.

use domain::AccountId;
use domain::support::{Candidate, Channel};
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use projection_runtime::paging::QueryError;
use projection_runtime::text_search::{strip_nul, to_tsquery};
use sqlx::{PgExecutor, PgPool};
use uuid::Uuid;

use super::filter::{SlaState, TicketFilter};
use crate::crm::{ContactView, Visibility};

/// Counts the tickets that match the filter at `now`.
///
/// # Errors
/// [`QueryError::Database`] if the database is unavailable.
pub async fn count_tickets(
    db: impl PgExecutor<'_>,
    filter: &TicketFilter,
    reader: ContactView,
    now: Timestamp,
) -> Result<u64, QueryError> {
    let count = sqlx::query_file_scalar!(
        "src/support/tickets/count.sql",
        now.to_sqlx() as _,
        filter.status_codes() as _,
        filter.priority_codes() as _,
        strip_nul(filter.category.as_deref()),
        filter.is_unassigned(),
        filter.agent().map(AccountId::uuid),
        filter.requester.map(AccountId::uuid),
        strip_nul(filter.tag.as_deref()),
        to_tsquery(filter.q.as_ref()),
        filter.sla.map(SlaState::as_str),
        filter.opened_from.map(Timestamp::to_sqlx) as _,
        filter.opened_to.map(Timestamp::to_sqlx) as _,
        reader.visibility == Visibility::Full,
        filter.channel.map(Channel::as_str),
    );
    Ok(count.fetch_one(db).await?.cast_unsigned())
}

/// Agent who takes tickets, with the number of their tickets that are not over.
#[derive(Clone, Debug, PartialEq)]
pub struct AgentRow {
    pub account_id: Uuid,
    /// `None` if the person is erased.
    pub name: Option<String>,
    pub open_tickets: i64,
}

/// Loads the active agents in order of their names; admins only with open tickets.
///
/// # Errors
/// [`QueryError::Database`] if the database is unavailable.
pub async fn agents(pool: &PgPool) -> Result<Vec<AgentRow>, QueryError> {
    let rows = sqlx::query_as!(
        AgentRow,
        r#"select agent.account_id, agent.name, count(ticket_id) as "open_tickets!"
           from crm.users as agent
           left join crm.tickets as ticket
             on ticket.assignee = agent.account_id and ticket.status in ('open', 'in_progress', 'waiting')
           where agent.status = 'active'
             and ('support' = any(agent.roles) or ('admin' = any(agent.roles) and ticket_id is not null))
           group by agent.account_id
           order by agent.name_key, agent.account_id"#,
    );
    Ok(rows.fetch_all(pool).await?)
}

struct AgentLoad {
    agent: Uuid,
    open_tickets: i64,
    last_assigned_at: Option<jiff_sqlx::Timestamp>,
}

/// Loads the candidates for an assignment: every active agent, with the number of their tickets.
///
/// # Errors
/// [`QueryError::Database`] if the database is unavailable.
pub async fn find_assignment_candidates(pool: &PgPool) -> Result<Vec<Candidate>, QueryError> {
    let loads = sqlx::query_as!(
        AgentLoad,
        r#"select
             agent.account_id as agent,
             count(ticket_id) filter (where ticket.status in ('open', 'in_progress', 'waiting')) as "open_tickets!",
             max(assigned_at) as "last_assigned_at: jiff_sqlx::Timestamp"
           from crm.users as agent
           left join crm.tickets as ticket on ticket.assignee = agent.account_id
           where 'support' = any(agent.roles)
             and agent.status = 'active'
           group by agent.account_id
           order by agent.account_id"#,
    );
    let candidate = |load: AgentLoad| Candidate {
        agent: AccountId(load.agent),
        open_tickets: u32::try_from(load.open_tickets).unwrap_or(u32::MAX),
        last_assigned_at: load.last_assigned_at.map(jiff_sqlx::Timestamp::to_jiff),
    };
    Ok(loads.fetch_all(pool).await?.into_iter().map(candidate).collect())
}
