//! An installation with all read models and the process manager of lesson requests.

use std::ops::Deref;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use domain::accounts::ProfileChanges;
use domain::scheduling::{
    LessonFormat, LessonRequest, LessonRequestCommand, NewRequest, NewSlot, OpenRequest, REQUESTS_OPEN_MAX,
    RequestTerms, SlotTerms,
};
use domain::{AccountId, Clock, Command, Ids, RandomIds, RequestId, Role, SlotId, SystemClock};
use fixtures::{Installation, Listeners, Running, eventually_some, new_slot, rub, slot_terms};
use jiff::{SignedDuration, Timestamp};
use projections::HandlerContext;
use projections::read_models;
use projections::scheduling::{RequestHandlers, RequestMatching, RequestWaves};
use uuid::Uuid;

pub struct World {
    installation: Installation<SystemClock>,
    /// Counter that assigns the places of requests in turn.
    places: AtomicU8,
    listening: Option<Running>,
    waves: RequestWaves,
}

impl Deref for World {
    type Target = Installation<SystemClock>;

    fn deref(&self) -> &Self::Target {
        &self.installation
    }
}

impl World {
    /// Starts with the runtime.
    pub async fn start() -> Self {
        let mut world = Self::deaf().await;
        world.listens().await;
        world
    }

    /// Starts without the runtime.
    pub async fn deaf() -> Self {
        let waves = RequestWaves { size: 50, newcomer_percent: 20, interval: SignedDuration::from_mins(30) };
        Self { installation: Installation::start().await, places: AtomicU8::new(0), listening: None, waves }
    }

    /// Starts with the runtime and with other waves.
    pub async fn with_waves(waves: RequestWaves) -> Self {
        let mut world = Self { waves, ..Self::deaf().await };
        world.listens().await;
        world
    }

    pub async fn listens(&mut self) {
        let context =
            HandlerContext { log: self.log(), dispatch: self.bus.clone(), clock: self.clock.clone() };
        let handlers = RequestHandlers { context, pool: self.pool.clone(), waves: self.waves };
        let listeners = Listeners {
            read_models: read_models(),
            process_managers: vec![Arc::new(RequestMatching)],
            task_handlers: handlers.handlers(),
        };
        self.listening = Some(self.runs(listeners).await);
    }

    pub async fn goes_deaf(&mut self) {
        self.listening.take().unwrap().ends().await;
    }

    /// A teacher who matches the request of [`new_request`].
    pub async fn willing_teacher(&self) -> AccountId {
        let id = self.registers(Role::Teacher).await;
        self.tells(id, willing()).await;
        id
    }

    /// Makes the request of [`new_request`].
    pub async fn requests(&self, student: AccountId, starts_at: Timestamp) -> RequestId {
        let id = RequestId(RandomIds.next());
        let place = self.places.fetch_add(1, Ordering::Relaxed) % REQUESTS_OPEN_MAX;
        let new = Box::new(NewRequest { place, ..new_request(student, starts_at) });
        self.asks(Command::Request(id, LessonRequestCommand::RequestLesson(new))).await;
        id
    }

    pub async fn request(&self, id: RequestId) -> OpenRequest {
        self.bus.load::<LessonRequest>(id).await.unwrap().state.made().unwrap().clone()
    }

    /// The request after its search has ended, with the searches for teachers who changed just before.
    /// Those may come first and know only some of the teachers.
    pub async fn searched(&self, id: RequestId) -> OpenRequest {
        self.eventually("a search has ended", id, |request| request.matched).await;
        self.is_quiet().await;
        self.request(id).await
    }

    pub async fn eventually(
        &self,
        what: &str,
        id: RequestId,
        enough: impl Fn(&OpenRequest) -> bool,
    ) -> OpenRequest {
        eventually_some(what, async || Some(self.request(id).await).filter(&enough)).await
    }

    /// Opens a lesson of one hour.
    pub async fn opens(&self, teacher: AccountId, starts_at: Timestamp) -> SlotId {
        self.opens_slot(slot(teacher, starts_at, None)).await
    }
}

/// Instant so many hours from now, on a whole second.
pub fn in_hours(hours: i64) -> Timestamp {
    let then = SystemClock.now() + SignedDuration::from_hours(hours);
    Timestamp::from_second(then.as_second()).unwrap()
}

fn one(code: &str) -> Vec<String> {
    vec![code.to_owned()]
}

pub fn new_request(student: AccountId, starts_at: Timestamp) -> NewRequest {
    NewRequest {
        student,
        terms: RequestTerms {
            grade: "11".to_owned(),
            subject: "physics".to_owned(),
            goals: one("ege"),
            experience: None,
            duration_minutes: 60,
            format: LessonFormat::Online,
            city: None,
            starts_at,
            max_price: Some(rub(200_000)),
        },
        comment: Some("Оптика".to_owned()),
        place: 0,
    }
}

pub fn willing() -> ProfileChanges {
    ProfileChanges {
        subjects: Some(one("physics")),
        grades: Some(one("11")),
        goals: Some(one("ege")),
        formats: Some(one("online")),
        durations: Some(vec![60]),
        takes_requests: Some(true),
        ..ProfileChanges::default()
    }
}

pub fn slot(teacher: AccountId, starts_at: Timestamp, request_id: Option<RequestId>) -> NewSlot {
    let terms = SlotTerms {
        subject: "physics".to_owned(),
        price: rub(150_000),
        goals: one("ege"),
        grades: one("11"),
        ..slot_terms()
    };
    NewSlot { terms, request_id, ..new_slot(teacher, starts_at) }
}

/// Id of the lesson that a teacher's acceptance would open.
pub fn build_lesson(request: RequestId, teacher: AccountId) -> SlotId {
    SlotId(Uuid::new_v5(&request.uuid(), teacher.uuid().as_bytes()))
}
