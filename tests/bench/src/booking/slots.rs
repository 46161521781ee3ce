//! The calendar: teachers and their open slots, written through the log itself.

use std::sync::Arc;

use commands::{Bus, LogSettings, MasterKey};
use domain::accounts::{AccountCommand, Email, Locale, Nickname, PersonName, Registration, TimeZoneName};
use domain::scheduling::{LessonFormat, LessonType, NewSlot, Period, SlotCommand, SlotTerms};
use domain::{AccountId, Clock, Command, Currency, Dispatch, Money, Role, SlotId, SystemClock};
use jiff::SignedDuration;
use sqlx::postgres::PgConnectOptions;

use super::app::MASTER_KEY;
use crate::error::BenchError;
use crate::notebook::{context, new_id};
use crate::rounds::rate;

/// Slots of each hour, one of each teacher.
pub(super) type Calendar = Vec<Vec<SlotId>>;

pub(super) struct SlotWriter {
    bus: Arc<Bus>,
    /// Start of the first lesson.
    first: jiff::Timestamp,
}

impl SlotWriter {
    pub async fn start(database: &PgConnectOptions) -> Result<Self, BenchError> {
        let clock = Arc::new(SystemClock);
        let first = clock.now() + SignedDuration::from_hours(24);
        let master = MasterKey::new(MASTER_KEY);
        let bus = Bus::start(database.clone(), &master, clock, LogSettings::default()).await?;
        Ok(Self { bus, first })
    }

    pub async fn stop(self) {
        self.bus.shutdown().await;
    }

    /// Opens slots of one seat, of so many teachers at every hour.
    pub async fn open_many(&self, teachers: usize, slots: usize) -> Result<Calendar, BenchError> {
        let mut people = Vec::new();
        for _ in 0..teachers {
            people.push(self.teacher().await?);
        }
        let hours = slots.div_ceil(teachers);
        let calendar: Calendar = (0..hours)
            .map(|hour| (0..teachers.min(slots - hour * teachers)).map(|_| SlotId(new_id())).collect())
            .collect();
        let jobs: Vec<_> = calendar
            .iter()
            .enumerate()
            .flat_map(|(hour, slots)| slots.iter().zip(&people).map(move |(slot, who)| (*slot, *who, hour)))
            .collect();
        let (bus, first) = (self.bus.clone(), self.first);
        rate(256, jobs, move |(slot, teacher, hour)| {
            let bus = bus.clone();
            async move { open(&bus, slot, teacher, first + hours_of(hour), 1).await }
        })
        .await?;
        Ok(calendar)
    }

    /// Opens slots of one teacher, one after the other, with several seats each.
    pub async fn open_contested(&self, slots: usize, seats: u16) -> Result<Vec<SlotId>, BenchError> {
        let teacher = self.teacher().await?;
        // After all other slots, so that every student is free then.
        let first = self.first + SignedDuration::from_hours(24 * 400);
        let mut opened = Vec::new();
        for hour in 0..slots {
            let slot = SlotId(new_id());
            open(&self.bus, slot, teacher, first + hours_of(hour), seats).await?;
            opened.push(slot);
        }
        Ok(opened)
    }

    async fn teacher(&self) -> Result<AccountId, BenchError> {
        let account_id = AccountId(new_id());
        let handle = account_id.to_string().replace('-', "");
        let sound = "the bench makes sound names";
        let registration = Registration {
            account_id,
            role: Role::Teacher,
            by_admin: false,
            email: Email::parse(&format!("{handle}@bench.example")).expect(sound),
            name: PersonName::parse("Вера Лебедева").expect(sound),
            nickname: Nickname::parse(&handle[..30]).expect(sound),
            phone: None,
            locale: Locale::Ru,
            time_zone: TimeZoneName::default(),
            terms_version: "1".to_owned(),
        };
        let command = Command::Account(account_id, AccountCommand::RegisterAccount(registration));
        self.bus.dispatch(command, context(account_id)).await?;
        Ok(account_id)
    }
}

async fn open(
    bus: &Bus,
    slot: SlotId,
    teacher: AccountId,
    starts_at: jiff::Timestamp,
    capacity: u16,
) -> Result<(), BenchError> {
    let new = NewSlot {
        teacher,
        period: Period::of_minutes(starts_at, 60).expect("a few hundred days from now are in time"),
        zone: TimeZoneName::default(),
        tzdb: None,
        terms: SlotTerms {
            subject: "mathematics".to_owned(),
            lesson_type: LessonType::Regular,
            format: LessonFormat::Online,
            price: Money { amount: 150_000, currency: Currency::RUB },
            capacity,
            min_participants: None,
            goals: vec![],
            grades: vec![],
            place: None,
        },
        series_id: None,
        class_id: None,
        request_id: None,
        members: vec![],
    };
    let command = Command::Slot(slot, SlotCommand::OpenSlot(Box::new(new)));
    bus.dispatch(command, context(teacher)).await?;
    Ok(())
}

fn hours_of(hour: usize) -> SignedDuration {
    SignedDuration::from_hours(i64::try_from(hour).unwrap_or(i64::MAX))
}
