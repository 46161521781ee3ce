//! Facts of tickets: status, response and resolution times, and SLA results.

use domain::support::{Channel, Priority, SLA_POLICIES, SlaClock, SlaTarget, Status, TicketEvent};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::fact::{Fact, Measure};
use super::fact_recorder::{CurrentFacts, FactRecorder, Tracked};

pub(super) const ENTITY: &str = "ticket";

/// Present state of a ticket.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct TicketFacts {
    id: Uuid,
    opened_at: Timestamp,
    priority: Priority,
    category: String,
    /// `true` if the system opened the ticket: a welcome ticket.
    from_system: bool,
    own_status: Status,
    merged: bool,
    agent: Option<Uuid>,
    answered: bool,
    /// `None` if the ticket has no SLA.
    clock: Option<SlaClock>,
    #[serde(rename = "over")]
    resolved: Option<Resolution>,
    response: Option<SlaResult>,
    resolution: Option<SlaResult>,
    #[serde(rename = "rated")]
    rating: Option<Rating>,
}

/// State of the ticket when it became over.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Resolution {
    at: Timestamp,
    priority: Priority,
    agent: Option<Uuid>,
    business_seconds: Option<i64>,
}

/// Result of an SLA target, and the state of the ticket at that time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct SlaResult {
    met: bool,
    priority: Priority,
    agent: Option<Uuid>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Rating {
    at: Timestamp,
    rating: u8,
    agent: Option<Uuid>,
}

impl CurrentFacts for TicketFacts {
    fn current_facts(&self) -> Vec<Fact> {
        let status = self.status().as_str();
        let ticket = |measure| {
            self.fact(measure, self.opened_at, self.priority.as_str(), self.agent).with_detail(status)
        };
        let category = |measure| {
            let fact = Fact::new(measure, self.opened_at, self.category.clone(), (ENTITY, self.id));
            fact.with_owner(self.agent)
        };
        let mut facts = vec![ticket(Measure::Ticket), category(Measure::TicketCategory)];
        if !self.from_system {
            facts.extend([ticket(Measure::AskedTicket), category(Measure::AskedTicketCategory)]);
        }
        if let Some(resolved) = &self.resolved {
            let fact = |measure| self.fact(measure, resolved.at, resolved.priority.as_str(), resolved.agent);
            facts.push(fact(Measure::Resolved));
            if let Some(seconds) = resolved.business_seconds {
                facts.push(fact(Measure::Resolution).with_value(seconds));
                facts.push(fact(Measure::ResolutionElapsed).with_value(self.elapsed(resolved.at)));
            }
        }
        let targets =
            [(Measure::SlaFirstResponse, &self.response), (Measure::SlaResolution, &self.resolution)];
        for (measure, result) in targets {
            facts.extend(result.iter().map(|result| {
                let class = if result.met { "met" } else { "breached" };
                self.fact(measure, self.opened_at, class, result.agent).with_detail(result.priority.as_str())
            }));
        }
        facts.extend(self.rating.iter().map(|given| {
            let (rating, entity) = (given.rating, (ENTITY, self.id));
            let fact = Fact::new(Measure::Csat, given.at, rating.to_string(), entity);
            fact.with_value(i64::from(rating)).with_owner(given.agent)
        }));
        facts
    }
}

impl TicketFacts {
    fn fact(&self, measure: Measure, at: Timestamp, class: &'static str, agent: Option<Uuid>) -> Fact {
        Fact::new(measure, at, class, (ENTITY, self.id)).with_owner(agent)
    }

    /// Returns the shown status. A merged ticket is closed.
    fn status(&self) -> Status {
        if self.merged { Status::Closed } else { self.own_status }
    }

    fn elapsed(&self, at: Timestamp) -> i64 {
        at.duration_since(self.opened_at).as_secs()
    }

    fn sla_result(&self, met: bool) -> Option<SlaResult> {
        Some(SlaResult { met, priority: self.priority, agent: self.agent })
    }

    fn is_in_time(&self, target: SlaTarget, at: Timestamp) -> bool {
        self.clock.as_ref().is_some_and(|clock| clock.missed_at(target, at, SLA_POLICIES).is_none())
    }

    fn apply(&mut self, event: &TicketEvent, at: Timestamp) {
        if let Some(clock) = &mut self.clock {
            clock.take(event, at, SLA_POLICIES);
        }
        match event {
            TicketEvent::TicketAssigned { agent, .. } => self.agent = Some(agent.uuid()),
            TicketEvent::TicketUnassigned { .. } => self.agent = None,
            TicketEvent::PriorityChanged { to, .. } => self.priority = *to,
            TicketEvent::CategoryChanged { category, .. } => self.category.clone_from(category),
            TicketEvent::ReplyAdded { author, requester, .. } if author != requester => {
                if !self.answered && self.clock.is_some() && self.response.is_none() {
                    self.response = self.sla_result(self.is_in_time(SlaTarget::FirstResponse, at));
                }
                self.answered = true;
            }
            TicketEvent::StatusChanged { to, .. } => self.own_status = *to,
            TicketEvent::TicketReopened { .. } => self.own_status = Status::Open,
            TicketEvent::TicketMerged { .. } => self.merged = true,
            TicketEvent::TicketUnmerged { .. } => self.merged = false,
            TicketEvent::FirstResponseBreached { .. } if self.response.is_none() => {
                self.response = self.sla_result(false);
            }
            TicketEvent::ResolutionBreached { .. } => self.miss_resolution(),
            TicketEvent::SatisfactionRated { rating, agent, .. } => {
                let agent = agent.map(|agent| agent.uuid());
                self.rating = Some(Rating { at, rating: *rating, agent });
            }
            TicketEvent::TicketOpened { .. }
            | TicketEvent::ReplyAdded { .. }
            | TicketEvent::TagsChanged { .. }
            | TicketEvent::InternalNoteAdded { .. }
            | TicketEvent::DuplicateReceived { .. }
            | TicketEvent::DuplicateReturned { .. }
            | TicketEvent::FirstResponseBreached { .. } => {}
        }
        self.update_resolution(at);
    }

    fn miss_resolution(&mut self) {
        if self.resolution.as_ref().is_none_or(|result| result.met) {
            self.resolution = self.sla_result(false);
        }
    }

    /// Updates the resolution when the ticket becomes over or is no longer over. A missed target stays
    /// missed. A merged ticket is not resolved: its question goes on in the other ticket.
    fn update_resolution(&mut self, at: Timestamp) {
        if !self.own_status.is_over() {
            self.resolved = None;
            self.resolution.take_if(|result| result.met);
        } else if self.resolved.is_none() {
            let used = |clock: &SlaClock| clock.used(at, SLA_POLICIES).as_secs();
            let business_seconds = self.clock.as_ref().map(used);
            self.resolved =
                Some(Resolution { at, priority: self.priority, agent: self.agent, business_seconds });
            if self.clock.is_some() && self.resolution.is_none() {
                self.resolution = self.sla_result(self.is_in_time(SlaTarget::Resolution, at));
            }
        }
    }

    /// Returns the facts of the first reply, or `None` for a later reply.
    fn first_response_facts(&self, event: &TicketEvent, at: Timestamp) -> Option<[Fact; 2]> {
        let TicketEvent::ReplyAdded { author, requester, .. } = event else { return None };
        let clock = self.clock.as_ref().filter(|_| author != requester && !self.answered)?;
        let fact = |measure| self.fact(measure, at, self.priority.as_str(), self.agent);
        let business = clock.used(at, SLA_POLICIES).as_secs();
        Some([
            fact(Measure::FirstResponse).with_value(business),
            fact(Measure::FirstResponseElapsed).with_value(self.elapsed(at)),
        ])
    }
}

/// Returns the ticket that an event opens, or `None` for every later event.
pub(super) fn start_tracking(
    id: Uuid,
    event: &TicketEvent,
    recorder: &mut FactRecorder,
) -> Option<Tracked<TicketFacts>> {
    let TicketEvent::TicketOpened { priority, category, channel, .. } = event else { return None };
    let ticket = TicketFacts {
        id,
        opened_at: recorder.recorded_at(),
        priority: *priority,
        category: category.clone(),
        from_system: *channel == Channel::System,
        own_status: Status::Open,
        merged: false,
        agent: None,
        answered: false,
        clock: SlaClock::start(event, recorder.recorded_at(), SLA_POLICIES),
        resolved: None,
        response: None,
        resolution: None,
        rating: None,
    };
    Some(Tracked::new(ticket, recorder))
}

impl Tracked<TicketFacts> {
    /// Applies a later event.
    pub fn apply(&mut self, event: &TicketEvent, recorder: &mut FactRecorder) {
        let at = recorder.recorded_at();
        if let Some(facts) = self.state.first_response_facts(event, at) {
            for fact in facts {
                recorder.add_fact(fact);
            }
        }
        self.update(recorder, |ticket| ticket.apply(event, at));
    }
}
