//! The facts of tickets: where they stand, how long people waited, whether promises were kept.

use domain::support::{Priority, SLA_POLICIES, SlaClock, SlaTarget, Status, TicketEvent};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::fact::{Fact, Measure};
use super::ledger::{Kept, Ledger, Standing};

pub(super) const ENTITY: &str = "ticket";

/// A ticket as it stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Case {
    id: Uuid,
    opened_at: Timestamp,
    priority: Priority,
    category: String,
    own_status: Status,
    merged: bool,
    agent: Option<Uuid>,
    answered: bool,
    /// `None` where nothing is promised.
    clock: Option<SlaClock>,
    over: Option<Over>,
    response: Option<Decided>,
    resolution: Option<Decided>,
    rated: Option<Rated>,
}

/// How it was when it became over.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Over {
    at: Timestamp,
    priority: Priority,
    agent: Option<Uuid>,
    business_seconds: Option<i64>,
}

/// Whether a promise was kept, and how it was when that was decided.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Decided {
    met: bool,
    priority: Priority,
    agent: Option<Uuid>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Rated {
    at: Timestamp,
    rating: u8,
    agent: Option<Uuid>,
}

impl Standing for Case {
    fn standing(&self) -> Vec<Fact> {
        let status = self.status().as_str();
        let mut facts = vec![
            self.fact(Measure::Ticket, self.opened_at, self.priority.as_str(), self.agent).detail(status),
            Fact::one(Measure::TicketCategory, self.opened_at, self.category.clone(), (ENTITY, self.id))
                .owned_by(self.agent),
        ];
        if let Some(over) = &self.over {
            let fact = |measure| self.fact(measure, over.at, over.priority.as_str(), over.agent);
            facts.push(fact(Measure::Resolved));
            if let Some(seconds) = over.business_seconds {
                facts.push(fact(Measure::Resolution).value(seconds));
                facts.push(fact(Measure::ResolutionElapsed).value(self.elapsed(over.at)));
            }
        }
        let promises =
            [(Measure::SlaFirstResponse, &self.response), (Measure::SlaResolution, &self.resolution)];
        for (measure, decided) in promises {
            facts.extend(decided.iter().map(|decided| {
                let class = if decided.met { "met" } else { "breached" };
                self.fact(measure, self.opened_at, class, decided.agent).detail(decided.priority.as_str())
            }));
        }
        facts.extend(self.rated.iter().map(|rated| {
            let (rating, entity) = (rated.rating, (ENTITY, self.id));
            let fact = Fact::one(Measure::Csat, rated.at, rating.to_string(), entity);
            fact.value(i64::from(rating)).owned_by(rated.agent)
        }));
        facts
    }
}

impl Case {
    fn fact(&self, measure: Measure, at: Timestamp, class: &'static str, agent: Option<Uuid>) -> Fact {
        Fact::one(measure, at, class, (ENTITY, self.id)).owned_by(agent)
    }

    /// As people see it: a merged ticket is closed.
    fn status(&self) -> Status {
        if self.merged { Status::Closed } else { self.own_status }
    }

    fn elapsed(&self, at: Timestamp) -> i64 {
        at.duration_since(self.opened_at).as_secs()
    }

    fn decided(&self, met: bool) -> Option<Decided> {
        Some(Decided { met, priority: self.priority, agent: self.agent })
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
                    self.response = self.decided(self.is_in_time(SlaTarget::FirstResponse, at));
                }
                self.answered = true;
            }
            TicketEvent::StatusChanged { to, .. } => self.own_status = *to,
            TicketEvent::TicketReopened { .. } => self.own_status = Status::Open,
            TicketEvent::TicketMerged { .. } => self.merged = true,
            TicketEvent::TicketUnmerged { .. } => self.merged = false,
            TicketEvent::FirstResponseBreached { .. } if self.response.is_none() => {
                self.response = self.decided(false);
            }
            TicketEvent::ResolutionBreached { .. } => self.miss_resolution(),
            TicketEvent::SatisfactionRated { rating, agent, .. } => {
                let agent = agent.map(|agent| agent.uuid());
                self.rated = Some(Rated { at, rating: *rating, agent });
            }
            TicketEvent::TicketOpened { .. }
            | TicketEvent::ReplyAdded { .. }
            | TicketEvent::TagsChanged { .. }
            | TicketEvent::InternalNoteAdded { .. }
            | TicketEvent::DuplicateReceived { .. }
            | TicketEvent::DuplicateReturned { .. }
            | TicketEvent::FirstResponseBreached { .. } => {}
        }
        self.resolve(at);
    }

    fn miss_resolution(&mut self) {
        if self.resolution.as_ref().is_none_or(|decided| decided.met) {
            self.resolution = self.decided(false);
        }
    }

    /// Sees whether it became over, or is so no more. What was missed stays missed.
    fn resolve(&mut self, at: Timestamp) {
        if !self.status().is_over() {
            self.over = None;
            self.resolution.take_if(|decided| decided.met);
        } else if self.over.is_none() {
            let used = |clock: &SlaClock| clock.used(at, SLA_POLICIES).as_secs();
            let business_seconds = self.clock.as_ref().map(used);
            self.over = Some(Over { at, priority: self.priority, agent: self.agent, business_seconds });
            if self.clock.is_some() && self.resolution.is_none() {
                self.resolution = self.decided(self.is_in_time(SlaTarget::Resolution, at));
            }
        }
    }

    /// The first answer, which stays the first.
    fn answers(&self, event: &TicketEvent, at: Timestamp) -> Option<[Fact; 2]> {
        let TicketEvent::ReplyAdded { author, requester, .. } = event else { return None };
        let clock = self.clock.as_ref().filter(|_| author != requester && !self.answered)?;
        let fact = |measure| self.fact(measure, at, self.priority.as_str(), self.agent);
        let business = clock.used(at, SLA_POLICIES).as_secs();
        Some([
            fact(Measure::FirstResponse).value(business),
            fact(Measure::FirstResponseElapsed).value(self.elapsed(at)),
        ])
    }
}

/// A ticket is opened; `None` for every later event.
pub(super) fn open(id: Uuid, event: &TicketEvent, ledger: &mut Ledger) -> Option<Kept<Case>> {
    let TicketEvent::TicketOpened { priority, category, .. } = event else { return None };
    let case = Case {
        id,
        opened_at: ledger.at(),
        priority: *priority,
        category: category.clone(),
        own_status: Status::Open,
        merged: false,
        agent: None,
        answered: false,
        clock: SlaClock::start(event, ledger.at(), SLA_POLICIES),
        over: None,
        response: None,
        resolution: None,
        rated: None,
    };
    Some(Kept::begin(case, ledger))
}

impl Kept<Case> {
    /// Goes on with a later event.
    pub fn take(&mut self, event: &TicketEvent, ledger: &mut Ledger) {
        let at = ledger.at();
        if let Some(facts) = self.state.answers(event, at) {
            for fact in facts {
                ledger.make(fact);
            }
        }
        self.change(ledger, |case| case.apply(event, at));
    }
}
