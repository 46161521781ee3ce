//! A log of real events: tickets, each with two personal texts.

use std::sync::Arc;

use commands::{Bus, LogSettings, MasterKey};
use domain::support::{Channel, NewTicket, Priority, TicketCommand};
use domain::{AccountId, Command, Dispatch, EventLog, Receipt, SystemClock, TicketId};
use sqlx::postgres::PgConnectOptions;

use crate::error::BenchError;
use crate::notebook::{authors, context, new_id};
use crate::rounds::rate;

/// People who open tickets.
const REQUESTERS: usize = 1_000;

/// A bus, and the people whose tickets it opens.
#[derive(Clone)]
pub(crate) struct Tickets {
    pub bus: Arc<Bus>,
    requesters: Arc<[AccountId]>,
}

impl Tickets {
    pub async fn start(database: &PgConnectOptions) -> Result<Self, BenchError> {
        let master = MasterKey::new([7; 32]);
        let bus =
            Bus::start(database.clone(), &master, Arc::new(SystemClock), LogSettings::default()).await?;
        Ok(Self { bus, requesters: authors(REQUESTERS).into() })
    }

    /// Opens so many tickets as fast as possible.
    pub async fn open_many(&self, count: usize) -> Result<(), BenchError> {
        let tickets = self.clone();
        rate(512, (0..count).collect(), move |number: usize| {
            let tickets = tickets.clone();
            async move { tickets.open(number).await.map(drop) }
        })
        .await?;
        Ok(())
    }

    pub async fn open(&self, number: usize) -> Result<Receipt, BenchError> {
        let requester = self.requesters[number % self.requesters.len()];
        let ticket = NewTicket {
            requester,
            title: format!("Question number {number}"),
            description: "The lesson did not begin: the page showed an empty room and no teacher.".to_owned(),
            priority: Priority::Medium,
            category: "Техника".to_owned(),
            tags: Vec::new(),
            channel: Channel::Web,
        };
        let command = Command::Ticket(TicketId(new_id()), TicketCommand::OpenTicket(ticket));
        Ok(self.bus.dispatch(command, context(requester)).await?)
    }

    pub fn log(&self) -> Arc<dyn EventLog> {
        Arc::new(self.bus.log().clone())
    }
}
