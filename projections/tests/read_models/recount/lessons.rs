//! Slots, bookings, waitlist entries, requests and messages.

use std::collections::BTreeMap;

use domain::messaging::ConversationEvent;
use domain::scheduling::{LessonRequestEvent, NoShow, SlotEvent};
use domain::{AccountId, BookingId, Event, Money, RecordedEvent};
use jiff::Timestamp;

use super::{Counted, Stream, streams};

/// A slot after all of its events.
struct Slot<'a> {
    teacher: AccountId,
    starts_at: Timestamp,
    minutes: i64,
    subject: String,
    lesson_type: &'static str,
    format: &'static str,
    is_off: bool,
    /// Students with a seat, and their prices.
    seats: BTreeMap<BookingId, (AccountId, Money)>,
    completed_at: Option<Timestamp>,
    absent: Vec<AccountId>,
    teacher_absent: bool,
    events: &'a Stream<'a, SlotEvent>,
}

impl<'a> Slot<'a> {
    fn of(events: &'a Stream<'a, SlotEvent>) -> Option<Self> {
        let SlotEvent::SlotOpened { teacher, starts_at, ends_at, terms, .. } = events.first()?.1 else {
            return None;
        };
        let mut slot = Self {
            teacher: *teacher,
            starts_at: *starts_at,
            minutes: ends_at.duration_since(*starts_at).as_mins(),
            subject: terms.subject.clone(),
            lesson_type: terms.lesson_type.as_str(),
            format: terms.format.as_str(),
            is_off: false,
            seats: BTreeMap::new(),
            completed_at: None,
            absent: vec![],
            teacher_absent: false,
            events,
        };
        for (recorded, event) in events {
            match event {
                SlotEvent::SlotChanged { changes, .. } => {
                    if let Some(period) = changes.period {
                        slot.starts_at = period.starts_at;
                        slot.minutes = period.ends_at.duration_since(period.starts_at).as_mins();
                    }
                    slot.subject = changes.subject.clone().unwrap_or(slot.subject);
                    slot.lesson_type = changes.lesson_type.map_or(slot.lesson_type, |now| now.as_str());
                    slot.format = changes.format.map_or(slot.format, |now| now.as_str());
                }
                SlotEvent::LessonMoved { to, .. } => slot.starts_at = to.starts_at,
                SlotEvent::SlotWithdrawn { .. } | SlotEvent::LessonCancelled { .. } => slot.is_off = true,
                SlotEvent::SeatBooked { booking_id, student, price, .. }
                | SlotEvent::BookingMovedIn { booking_id, student, price, .. } => {
                    slot.seats.insert(*booking_id, (*student, *price));
                }
                SlotEvent::BookingCancelled { booking_id, .. }
                | SlotEvent::BookingMovedOut { booking_id, .. } => {
                    slot.seats.remove(booking_id);
                }
                SlotEvent::LessonCompleted { .. } => slot.completed_at = Some(recorded.recorded_at),
                SlotEvent::NoShowRecorded { who: NoShow::Booking { student, .. } } => {
                    slot.absent.push(*student);
                }
                SlotEvent::NoShowRecorded { who: NoShow::Teacher { .. } } => slot.teacher_absent = true,
                _ => {}
            }
        }
        Some(slot)
    }

    fn counted(&self, at: Timestamp, class: &str, detail: &str, value: i64) -> Counted {
        Counted {
            detail: detail.to_owned(),
            value,
            subject: Some(self.subject.clone()),
            owner: Some(self.teacher),
            ..Counted::one(at, class)
        }
    }

    fn paid(&self, at: Timestamp, class: &str, detail: &str, price: Money) -> Counted {
        let currency = price.currency.to_string();
        Counted { currency, ..self.counted(at, class, detail, price.amount) }
    }

    /// Students who came to the lesson, if it was held.
    fn came(&self) -> Vec<(AccountId, Money)> {
        let seats = self.seats.values().filter(|(student, _)| !self.absent.contains(student));
        if self.completed_at.is_some() && !self.teacher_absent { seats.copied().collect() } else { vec![] }
    }
}

fn slots<R>(events: &[RecordedEvent], each: impl Fn(&Slot<'_>) -> Vec<R>) -> Vec<R> {
    let all = streams(events, |event| if let Event::Slot(event) = event { Some(event) } else { None });
    all.iter().filter_map(|(_, stream)| Slot::of(stream)).flat_map(|slot| each(&slot)).collect()
}

pub(super) fn booked(events: &[RecordedEvent]) -> Vec<Counted> {
    slots(events, |slot| {
        let booked = slot.events.iter().filter_map(|(recorded, event)| match event {
            SlotEvent::SeatBooked { price, booked_by, .. } => {
                Some(slot.paid(recorded.recorded_at, slot.lesson_type, booked_by.as_str(), *price))
            }
            _ => None,
        });
        booked.collect()
    })
}

pub(super) fn cancelled(events: &[RecordedEvent]) -> Vec<Counted> {
    slots(events, |slot| {
        let cancelled = slot.events.iter().filter_map(|(recorded, event)| match event {
            SlotEvent::BookingCancelled { by, late, fee, .. } => {
                let notice = if *late { "late" } else { "in_time" };
                Some(slot.paid(recorded.recorded_at, by.as_str(), notice, *fee))
            }
            _ => None,
        });
        cancelled.collect()
    })
}

pub(super) fn no_shows(events: &[RecordedEvent]) -> Vec<Counted> {
    slots(events, |slot| {
        let missed = slot.events.iter().filter_map(|(recorded, event)| match event {
            SlotEvent::NoShowRecorded { who } => {
                let class = if matches!(who, NoShow::Teacher { .. }) { "teacher" } else { "student" };
                Some(slot.counted(recorded.recorded_at, class, slot.lesson_type, 1))
            }
            _ => None,
        });
        missed.collect()
    })
}

pub(super) fn held(events: &[RecordedEvent]) -> Vec<Counted> {
    slots(events, |slot| match slot.completed_at {
        Some(at) if !slot.came().is_empty() => {
            vec![slot.counted(at, slot.lesson_type, slot.format, slot.minutes)]
        }
        _ => vec![],
    })
}

pub(super) fn seats_held(events: &[RecordedEvent]) -> Vec<Counted> {
    slots(events, |slot| {
        let Some(at) = slot.completed_at else { return vec![] };
        let paid = |(_, price): (AccountId, Money)| slot.paid(at, slot.lesson_type, slot.format, price);
        slot.came().into_iter().map(paid).collect()
    })
}

pub(super) fn offered(events: &[RecordedEvent], only_taken: bool) -> Vec<Counted> {
    slots(events, |slot| {
        let counts = !slot.is_off && (!only_taken || !slot.seats.is_empty());
        let offered = || slot.counted(slot.starts_at, slot.format, slot.lesson_type, slot.minutes);
        counts.then(offered).into_iter().collect()
    })
}

/// Lessons with a seat that are neither cancelled nor completed, at their end, with the prices of their seats.
pub(super) fn unresolved(events: &[RecordedEvent]) -> Vec<Counted> {
    slots(events, |slot| {
        let Some((_, first)) = slot.seats.values().next() else { return vec![] };
        if slot.is_off || slot.completed_at.is_some() {
            return vec![];
        }
        let amount = slot.seats.values().map(|(_, price)| price.amount).sum();
        let ends_at = slot.starts_at + jiff::SignedDuration::from_mins(slot.minutes);
        vec![slot.paid(ends_at, slot.lesson_type, slot.format, Money { amount, ..*first })]
    })
}

/// Number of the student's bookings, and whether a held lesson counts for them.
pub(super) fn of_student(events: &[RecordedEvent], who: AccountId) -> (usize, bool) {
    let bookings = slots(events, |slot| {
        let own = slot
            .events
            .iter()
            .filter(|(_, event)| matches!(event, SlotEvent::SeatBooked { student, .. } if *student == who));
        own.map(|_| ()).collect()
    });
    let held = slots(events, |slot| slot.came().into_iter().filter(|(student, _)| *student == who).collect());
    (bookings.len(), !held.is_empty())
}

pub(super) fn waitlist(events: &[RecordedEvent]) -> Vec<Counted> {
    slots(events, |slot| {
        let entered = slot.events.iter().filter_map(|(recorded, event)| match event {
            SlotEvent::WaitlistEntered { entry_id, .. } => {
                let end = slot.events.iter().find_map(|(_, event)| match event {
                    SlotEvent::WaitlistRemoved { entry_id: removed, cause } if removed == entry_id => {
                        Some(cause.as_str())
                    }
                    _ => None,
                });
                Some(slot.counted(recorded.recorded_at, end.unwrap_or("waiting"), "", 1))
            }
            _ => None,
        });
        entered.collect()
    })
}

pub(super) fn requests(events: &[RecordedEvent]) -> Vec<Counted> {
    let all = streams(events, |event| if let Event::Request(event) = event { Some(event) } else { None });
    let requested = all.iter().filter_map(|(_, stream)| {
        let (first, LessonRequestEvent::LessonRequested { terms, .. }) = stream.first()? else { return None };
        let end = stream.iter().find_map(|(_, event)| match event {
            LessonRequestEvent::RequestAccepted { .. } => Some("accepted"),
            LessonRequestEvent::RequestCancelled {} => Some("cancelled"),
            LessonRequestEvent::RequestExpired {} => Some("expired"),
            _ => None,
        });
        let counted = Counted::one(first.recorded_at, end.unwrap_or("open"));
        Some(Counted { subject: Some(terms.subject.clone()), ..counted })
    });
    requested.collect()
}

pub(super) fn messages(events: &[RecordedEvent]) -> Vec<Counted> {
    let all =
        streams(events, |event| if let Event::Conversation(event) = event { Some(event) } else { None });
    let said = all.iter().flat_map(|(_, stream)| {
        let kind = stream.iter().find_map(|(_, event)| match event {
            ConversationEvent::ConversationStarted { kind, .. } => Some(format!("{kind:?}").to_lowercase()),
            _ => None,
        });
        let sent = stream.iter().filter(|(_, event)| matches!(event, ConversationEvent::MessageSent { .. }));
        sent.map(move |(recorded, _)| Counted::one(recorded.recorded_at, &kind.clone().unwrap()))
    });
    said.collect()
}
