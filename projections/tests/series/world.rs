//! An installation with the process manager of series.

use std::collections::BTreeMap;
use std::ops::Deref;
use std::sync::Arc;

use domain::accounts::TimeZoneName;
use domain::scheduling::{
    AvailabilitySeries, NewSeries, NewSlot, Party, Period, SeriesChange, SeriesCommand, SeriesEvent,
    SeriesState, SlotEvent, SlotTerms, local_of,
};
use domain::{
    AccountId, Command, Dispatch, Event, EventLog, Ids, Position, RandomIds, RecordedEvent, SeriesId, SlotId,
};
use fixtures::{Installation, Listeners, Running, eventually, new_slot, rub, slot_terms};
use jiff::Timestamp;
use projections::HandlerContext;
use projections::scheduling::{SeriesSlots, SeriesSlotsHandler};

/// A Monday; Berlin changes its clocks on the 28th.
pub const NOW: &str = "2027-03-01T09:00:00Z";

pub struct World {
    installation: Installation,
    running: Option<Running>,
}

impl Deref for World {
    type Target = Installation;

    fn deref(&self) -> &Installation {
        &self.installation
    }
}

/// A slot as its events describe it.
#[derive(Clone, Debug, PartialEq)]
pub struct Offered {
    pub teacher: AccountId,
    pub period: Period,
    pub tzdb: Option<String>,
    pub minutes: i64,
    pub open: bool,
    pub opened: u32,
    pub booked: Vec<AccountId>,
}

impl World {
    /// Starts with the process manager.
    pub async fn start() -> Self {
        let mut world = Self::asleep().await;
        world.wakes().await;
        world
    }

    /// Starts without the process manager.
    pub async fn asleep() -> Self {
        Self { installation: Installation::at(NOW.parse().unwrap()).await, running: None }
    }

    /// Starts the process manager; also after [`World::sleeps`].
    pub async fn wakes(&mut self) {
        let listeners = Listeners {
            read_models: vec![],
            process_managers: vec![Arc::new(SeriesSlots)],
            task_handlers: vec![Arc::new(self.handler(self.bus.clone()))],
        };
        self.running = Some(self.runs(listeners).await);
    }

    pub async fn sleeps(&mut self) {
        if let Some(running) = self.running.take() {
            running.ends().await;
        }
    }

    pub fn handler(&self, dispatch: Arc<dyn Dispatch>) -> SeriesSlotsHandler {
        SeriesSlotsHandler(HandlerContext { log: self.log(), dispatch, clock: self.clock.clone() })
    }

    pub fn days_pass(&self, days: i64) {
        self.passes(24 * 60 * days);
    }

    /// Defines a series.
    pub async fn defines(&self, new: NewSeries) -> SeriesId {
        let id = SeriesId(RandomIds.next());
        self.asks(Command::Series(id, SeriesCommand::DefineSeries(Box::new(new)))).await;
        id
    }

    pub async fn changes(&self, id: SeriesId, by: AccountId, from: &str, change: SeriesChange) {
        let change = Box::new(change);
        let command = SeriesCommand::ChangeSeries { by, from: from.parse().unwrap(), change };
        self.asks(Command::Series(id, command)).await;
    }

    pub async fn opens(&self, teacher: AccountId, starts_at: &str) -> SlotId {
        let slot = new_slot(teacher, starts_at.parse().unwrap());
        self.opens_slot(NewSlot { terms: terms(), ..slot }).await
    }

    pub async fn series(&self, id: SeriesId) -> SeriesState {
        let loaded = self.bus.load::<AvailabilitySeries>(id).await.unwrap();
        loaded.state.state().unwrap().clone()
    }

    /// Waits until slots are open up to and including this date.
    pub async fn extended(&self, id: SeriesId, through: &str) {
        let through = Some(through.parse().unwrap());
        eventually(&format!("slots up to {through:?}"), async || {
            self.series(id).await.extended_through == through
        })
        .await;
    }

    /// Every event of the log, in order.
    pub async fn history(&self) -> Vec<RecordedEvent> {
        let log = self.bus.log();
        let sealed = log.read(Position::START, 100_000).await.unwrap();
        log.decode(&sealed).await.unwrap()
    }

    /// Each extension of the series: its date, its number of opened slots, and its skipped dates.
    pub async fn extensions(&self) -> Vec<(String, u32, Vec<String>)> {
        let events = self.history().await;
        events
            .into_iter()
            .filter_map(|recorded| match recorded.event {
                Event::Series(SeriesEvent::SeriesExtended { through, opened, skipped }) => {
                    let skipped = skipped.iter().map(ToString::to_string).collect();
                    Some((through.to_string(), opened, skipped))
                }
                _ => None,
            })
            .collect()
    }

    /// Every slot that was ever opened.
    pub async fn slots(&self) -> BTreeMap<SlotId, Offered> {
        let mut slots: BTreeMap<SlotId, Offered> = BTreeMap::new();
        for recorded in self.history().await {
            let Event::Slot(event) = recorded.event else { continue };
            let id: SlotId = recorded.stream.aggregate_id.parse().unwrap();
            match event {
                SlotEvent::SlotOpened { teacher, starts_at, ends_at, tzdb, .. } => {
                    let period = Period { starts_at, ends_at };
                    let fresh = Offered {
                        teacher,
                        period,
                        tzdb,
                        minutes: period.minutes(),
                        open: true,
                        opened: 0,
                        booked: vec![],
                    };
                    slots.entry(id).or_insert(fresh).opened += 1;
                }
                SlotEvent::SlotWithdrawn { .. } | SlotEvent::LessonCancelled { .. } => {
                    slots.get_mut(&id).unwrap().open = false
                }
                SlotEvent::SeatBooked { student, .. } => slots.get_mut(&id).unwrap().booked.push(student),
                _ => {}
            }
        }
        assert!(slots.values().all(|slot| slot.opened == 1), "a slot was opened twice: {slots:#?}");
        slots
    }

    /// Party, fee and presence of a cause, for every cancelled booking.
    pub async fn cancellations(&self) -> Vec<(Party, i64, bool)> {
        let events = self.history().await;
        let told = events.into_iter().filter_map(|recorded| match recorded.event {
            Event::Slot(SlotEvent::BookingCancelled { by, fee, .. }) => {
                Some((by, fee.amount, recorded.metadata.causation_id.is_some()))
            }
            _ => None,
        });
        told.collect()
    }

    /// Local times in Berlin of a teacher's open slots, in order.
    pub async fn open_times(&self, teacher: AccountId) -> Vec<String> {
        let slots = self.slots().await;
        let open = slots.values().filter(|slot| slot.open && slot.teacher == teacher);
        let mut periods: Vec<Period> = open.map(|slot| slot.period).collect();
        periods.sort();
        let shown =
            |period: &Period| local_of(period.starts_at, &berlin()).strftime("%m-%d %H:%M").to_string();
        periods.iter().map(shown).collect()
    }

    /// The slot that begins at a local time in Berlin.
    pub async fn slot_at(&self, starts_at: &str) -> SlotId {
        let starts_at: Timestamp = starts_at.parse().unwrap();
        let slots = self.slots().await;
        *slots.iter().find(|(_, slot)| slot.open && slot.period.starts_at == starts_at).unwrap().0
    }
}

pub fn berlin() -> TimeZoneName {
    TimeZoneName::parse("Europe/Berlin").unwrap()
}

pub fn terms() -> SlotTerms {
    SlotTerms { price: rub(200_000), ..slot_terms() }
}

/// Tuesdays at 16:00 in Berlin, from the second of March on.
pub fn tuesdays(teacher: AccountId) -> NewSeries {
    NewSeries {
        teacher,
        rrule: "FREQ=WEEKLY;BYDAY=TU".to_owned(),
        local_start: "2027-03-02T16:00".parse().unwrap(),
        zone: berlin(),
        duration_minutes: 60,
        template: terms(),
        class_id: None,
    }
}
