//! A large school as events, applied to the read models of the catalogue.
//! It is a week old, so that some slots are over without an event.

use domain::accounts::{AccountEvent, Email, Locale, Nickname, PersonName, ProfileChanges, TimeZoneName};
use domain::scheduling::{
    BookedBy, CANCELLATION_POLICY, LessonFormat, LessonType, Period, SlotEvent, SlotTerms,
};
use domain::{
    AccountId, Actor, BookingId, CommandId, Currency, Event, Metadata, Money, Personal, Position,
    RecordedEvent, Role, SlotId, Source, StreamId, StreamVersion,
};
use jiff::{SignedDuration, Timestamp};
use projection_runtime::{ApplyError, ReadModel};
use projections::accounts::TeacherCardsReadModel;
use projections::scheduling::SlotsReadModel;
use sqlx::PgPool;
use uuid::Uuid;

use crate::error::BenchError;
use crate::rng::SeededRng;

const TEACHERS: usize = 5_000;
const SLOTS_EACH: usize = 40;
const BATCH: usize = 2_000;

pub(crate) const SUBJECTS: [&str; 20] = [
    "mathematics",
    "algebra",
    "geometry",
    "physics",
    "chemistry",
    "biology",
    "geography",
    "informatics",
    "programming",
    "russian",
    "literature",
    "history",
    "social_studies",
    "economics",
    "english",
    "german",
    "french",
    "spanish",
    "music",
    "chess",
];
const CITIES: [&str; 8] = ["Москва", "Тверь", "Казань", "Омск", "Пермь", "Самара", "Томск", "Уфа"];
const GIVEN: [&str; 6] = ["Иван", "Анна", "Ольга", "Павел", "Вера", "Борис"];

/// Fills the tables of the catalogue and analyzes them, as autovacuum would.
pub(super) async fn fill(pool: &PgPool, now: Timestamp) -> Result<(), BenchError> {
    let mut log = Log {
        events: Vec::new(),
        position: Position::START,
        recorded_at: now - SignedDuration::from_hours(24 * 7),
    };
    let mut rng = SeededRng(7);
    for number in 0..TEACHERS {
        teacher(&mut log, &mut rng, number, now);
        if log.events.len() >= BATCH || number + 1 == TEACHERS {
            apply(pool, &std::mem::take(&mut log.events)).await?;
        }
    }
    for table in ["app.slots", "app.teachers", "app.teacher_times", "app.teacher_prices"] {
        sqlx::query(&format!("vacuum analyze {table}")).execute(pool).await?;
    }
    Ok(())
}

async fn apply(pool: &PgPool, events: &[RecordedEvent]) -> Result<(), BenchError> {
    let mut transaction = pool.begin().await?;
    sqlx::query("select set_config('search_path', 'app, crm, public', true)")
        .execute(&mut *transaction)
        .await?;
    for model in [&TeacherCardsReadModel as &dyn ReadModel, &SlotsReadModel] {
        let wrong = |error: ApplyError| BenchError::Listening(error.to_string());
        model.apply(&mut transaction, events).await.map_err(wrong)?;
        model.refresh_aggregates(&mut transaction).await.map_err(wrong)?;
    }
    transaction.commit().await?;
    Ok(())
}

fn teacher(log: &mut Log, rng: &mut SeededRng, number: usize, now: Timestamp) {
    let id = AccountId(Uuid::new_v5(&Uuid::NAMESPACE_OID, format!("teacher {number}").as_bytes()));
    let subjects: Vec<String> = (0..=rng.below(2)).map(|_| SUBJECTS[rng.below(20)].to_owned()).collect();
    let rate = 80_000 + 10_000 * rng.below(18) as i64;
    registered(log, rng, id, number);
    let offline = rng.below(3) == 0;
    let formats: &[&str] = if offline { &["online", "offline"] } else { &["online"] };
    let texts = |codes: &[&str]| Some(codes.iter().map(|code| (*code).to_owned()).collect());
    let changes = ProfileChanges {
        subjects: Some(subjects.clone()),
        grades: texts(&["8", "9", "10", "11"]),
        goals: texts(&["ege", "oge"]),
        formats: texts(formats),
        lesson_types: texts(&["regular", "trial"]),
        durations: Some(if rng.below(2) == 0 { vec![60] } else { vec![60, 90] }),
        city: Some(Personal::new(id, CITIES[rng.below(8)].to_owned())),
        bio: Some(Personal::new(id, "Готовлю к экзаменам, объясняю просто и спокойно. ".repeat(6))),
        hourly_rate: Some(Money { amount: rate, currency: Currency::RUB }),
        takes_requests: Some(rng.below(2) == 0),
        ..ProfileChanges::default()
    };
    let changes = Box::new(changes);
    log.account(id, AccountEvent::ProfileUpdated { changes, cleared: Vec::new() });
    // One lesson in eight weeks for each hour of the working day, all at different times.
    let start =
        now - SignedDuration::from_hours(24 * 6) + SignedDuration::from_mins(rng.below(4) as i64 * 15);
    for n in 0..SLOTS_EACH {
        let hours = n * 33 + rng.below(30);
        let starts_at = start + SignedDuration::from_hours(hours as i64);
        slot(log, rng, id, &subjects, (starts_at, rate), offline);
    }
}

fn registered(log: &mut Log, rng: &mut SeededRng, id: AccountId, number: usize) {
    let sound = "invented words are acceptable to the domain";
    let name = format!("{} Номер-{number}", GIVEN[rng.below(6)]);
    log.account(
        id,
        AccountEvent::AccountRegistered {
            role: Role::Teacher,
            email: Personal::new(id, Email::parse(&format!("t{number}@bench.test")).expect(sound)),
            name: Personal::new(id, PersonName::parse(&name).expect(sound)),
            nickname: Personal::new(id, Nickname::parse(&format!("t{number}")).expect(sound)),
            phone: None,
            locale: Locale::Ru,
            time_zone: TimeZoneName::default(),
            terms_version: "bench".to_owned(),
        },
    );
}

fn slot(
    log: &mut Log,
    rng: &mut SeededRng,
    teacher: AccountId,
    subjects: &[String],
    (starts_at, rate): (Timestamp, i64),
    offline: bool,
) {
    let id = SlotId(Uuid::new_v5(&teacher.uuid(), starts_at.to_string().as_bytes()));
    let minutes = if rng.below(3) == 0 { 90 } else { 60 };
    let period = Period::of_minutes(starts_at, minutes).expect("the instant is in range");
    let is_offline = offline && rng.below(3) == 0;
    let price = Money { amount: rate + 10_000 * rng.below(4) as i64, currency: Currency::RUB };
    let terms = SlotTerms {
        subject: subjects[rng.below(subjects.len())].clone(),
        lesson_type: if rng.below(5) == 0 { LessonType::Trial } else { LessonType::Regular },
        format: if is_offline { LessonFormat::Offline } else { LessonFormat::Online },
        price,
        capacity: 1,
        min_participants: None,
        goals: Vec::new(),
        grades: Vec::new(),
        place: None,
    };
    log.slot(
        id,
        SlotEvent::SlotOpened {
            teacher,
            starts_at,
            ends_at: period.ends_at,
            zone: TimeZoneName::default(),
            tzdb: None,
            terms,
            series_id: None,
            class_id: None,
            request_id: None,
        },
    );
    if rng.below(4) == 0 {
        booked(log, id, teacher, period, price, rng.below(5));
    }
}

/// Books the slot; some students have reviewed the teacher before, so that there are ratings.
fn booked(log: &mut Log, id: SlotId, teacher: AccountId, period: Period, price: Money, mood: usize) {
    let student = AccountId(Uuid::new_v5(&id.uuid(), b"student"));
    let booking_id = BookingId(Uuid::new_v5(&id.uuid(), b"booking"));
    log.slot(
        id,
        SlotEvent::SeatBooked {
            booking_id,
            student,
            note: None,
            price,
            booked_by: BookedBy::Student,
            hold_id: None,
            starts_at: period.starts_at,
            ends_at: period.ends_at,
            policy: CANCELLATION_POLICY,
        },
    );
    if mood > 0 {
        let rating = u8::try_from(1 + mood).unwrap_or(5);
        log.slot(id, SlotEvent::LessonReviewed { booking_id, student, teacher, rating, text: None });
    }
}

/// Events in the form of a log.
struct Log {
    events: Vec<RecordedEvent>,
    position: Position,
    recorded_at: Timestamp,
}

impl Log {
    fn account(&mut self, id: AccountId, event: AccountEvent) {
        self.push(StreamId::of::<domain::accounts::Account>(id), Event::Account(event));
    }

    fn slot(&mut self, id: SlotId, event: SlotEvent) {
        self.push(StreamId::of::<domain::scheduling::Slot>(id), Event::Slot(event));
    }

    fn push(&mut self, stream: StreamId, event: Event) {
        self.position = self.position.next();
        let id = Uuid::from_u128(u128::from(self.position.0));
        self.events.push(RecordedEvent {
            position: self.position,
            stream,
            sequence: StreamVersion(1),
            // Registrations at one instant would not resemble a school.
            recorded_at: self.recorded_at + SignedDuration::from_millis(self.position.to_bigint()),
            metadata: Metadata {
                actor: Actor::system("bench"),
                role: None,
                source: Source::Cli,
                correlation_id: id,
                causation_id: None,
                command_id: CommandId(id),
                traceparent: None,
                request_id: None,
            },
            leaf_hash: [0; 32],
            event,
        });
    }
}
