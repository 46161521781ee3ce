//! A database for one bench, dropped afterwards.

use migrations::ThrowawayDatabase;
use sqlx::postgres::PgConnectOptions;
use sqlx::{Connection, Executor, PgConnection};

use crate::error::BenchError;
use crate::target::Target;

/// A migrated database of its own.
pub(crate) struct Scratch {
    server: PgConnectOptions,
    pub database: ThrowawayDatabase,
}

impl Scratch {
    pub async fn new(target: &Target) -> Result<Self, BenchError> {
        let database = migrations::throwaway_database(&target.database_url).await?;
        Ok(Self { server: target.options()?, database })
    }

    pub fn options(&self) -> &PgConnectOptions {
        &self.database.options
    }

    pub async fn connect(&self) -> Result<PgConnection, BenchError> {
        Ok(PgConnection::connect_with(&self.database.options).await?)
    }

    /// Drops the database and cuts its remaining connections.
    pub async fn drop(self) -> Result<(), BenchError> {
        let name = self.database.options.get_database().expect("a throwaway database has a name");
        let mut server = PgConnection::connect_with(&self.server.clone().database("postgres")).await?;
        server.execute(format!("drop database if exists {name} with (force)").as_str()).await?;
        server.close().await?;
        Ok(())
    }
}
