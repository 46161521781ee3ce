//! A node without others: claims always succeed, reports stay in memory.

use std::collections::HashMap;
use std::sync::Mutex;
use std::sync::atomic::AtomicU64;

use async_trait::async_trait;
use jiff::Timestamp;
use uuid::Uuid;

use super::{Claim, Cluster, ClusterError, Placement, Previous};
use crate::report::Report;
use crate::room::Carry;

/// Reports kept; older ones go.
const KEPT: usize = 100_000;

/// A single node.
pub struct Alone {
    placement: Placement,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    left: HashMap<Uuid, (Uuid, Carry, Timestamp)>,
    reports: Vec<Report>,
}

impl Alone {
    /// Creates the cluster of one node.
    pub fn new(placement: Placement) -> Self {
        Self { placement, state: Mutex::default() }
    }

    /// Returns the reports so far.
    pub fn reports(&self) -> Vec<Report> {
        self.state().reports.clone()
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

#[async_trait]
impl Cluster for Alone {
    async fn claim(&self, lesson: Uuid, session: Uuid, _now: Timestamp) -> Result<Claim, ClusterError> {
        let left = self.state().left.get(&lesson).cloned();
        let previous =
            left.map(|(session, carry, alive_at)| Previous { session, carry, alive_at, closed: true });
        Ok(Claim { lesson, session, previous, fence: AtomicU64::new(0) })
    }

    async fn renew(&self, _claim: &Claim, _carry: &Carry, _now: Timestamp) -> Result<(), ClusterError> {
        Ok(())
    }

    async fn release(&self, claim: &Claim, carry: &Carry, now: Timestamp) {
        self.state().left.insert(claim.lesson, (claim.session, carry.clone(), now));
    }

    async fn place(&self, _lesson: Uuid) -> Result<Placement, ClusterError> {
        Ok(self.placement.clone())
    }

    async fn report(&self, report: &Report) -> Result<(), ClusterError> {
        let mut state = self.state();
        if state.reports.len() < KEPT {
            state.reports.push(report.clone());
        }
        Ok(())
    }

    async fn announce(&self, _load: u32, _draining: bool, _now: Timestamp) {}
}
