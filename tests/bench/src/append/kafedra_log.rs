//! Our side: the bus as the product runs it, with every feature on.

use std::sync::Arc;

use commands::{Bus, LogSettings, MasterKey};
use domain::{AccountId, SystemClock};
use sqlx::postgres::PgConnectOptions;

use crate::error::BenchError;
use crate::notebook::{AddNotes, Notebook, context};

/// A bus over the scratch database.
#[derive(Clone)]
pub(crate) struct KafedraLog(pub Arc<Bus>);

impl KafedraLog {
    pub async fn start(database: &PgConnectOptions) -> Result<Self, BenchError> {
        let master = MasterKey::new([7; 32]);
        let bus =
            Bus::start(database.clone(), &master, Arc::new(SystemClock), LogSettings::default()).await?;
        Ok(Self(bus))
    }

    pub async fn add_notes(&self, author: AccountId, count: usize) -> Result<(), BenchError> {
        self.0.execute::<Notebook>(author, AddNotes { author, count }, &context(author)).await?;
        Ok(())
    }

    pub async fn close(self) {
        self.0.shutdown().await;
    }
}
