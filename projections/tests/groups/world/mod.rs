//! An installation with the process managers of scheduling, and a few people.

mod line;

use std::ops::Deref;
use std::sync::Arc;

use domain::accounts::{Email, Nickname, PersonName, Registration};
use domain::scheduling::{
    Booker, Class, ClassCommand, ClassState, ClassTerms, HoldEnd, Initiator, NewSlot, SlotCommand, SlotTerms,
    WaitlistCommand, WaitlistEntry, WaitlistStatus,
};
use domain::{
    AccountId, BookingId, ClassId, Clock, Command, HoldId, Ids, RandomIds, Role, SlotId, WaitlistEntryId,
};
use fixtures::{
    Answer, Installation, Listeners, Running, booking, eventually, eventually_some, new_slot, registration,
    rub, slot_terms,
};
use jiff::{SignedDuration, Timestamp};
use projection_runtime::{Differences, ProcessManager, ReadModel, TaskHandler};
use projections::HandlerContext;
use projections::messaging::ConversationsReadModel;
use projections::messaging::{ConversationMembership, ConversationMembershipHandler};
use projections::scheduling::{
    ClassMembershipCleanup, ClassMembershipCleanupHandler, ClassSeats, ClassSeatsHandler, WaitlistOffers,
    WaitlistOffersHandler, lesson_handlers, lesson_process_managers,
};
use projections::scheduling::{ClassesReadModel, SlotsReadModel, WaitlistReadModel};

pub const TEACHER: AccountId = AccountId(uuid::uuid!("0198c0de-0000-7000-8000-000000000002"));
pub const ANNA: AccountId = AccountId(uuid::uuid!("0198c0de-0000-7000-8000-000000000001"));
pub const BORIS: AccountId = AccountId(uuid::uuid!("0198c0de-0000-7000-8000-000000000003"));
pub const VERA: AccountId = AccountId(uuid::uuid!("0198c0de-0000-7000-8000-000000000004"));
pub const PASSER_BY: AccountId = AccountId(uuid::uuid!("0198c0de-0000-7000-8000-000000000009"));

pub struct World {
    installation: Installation,
    listening: Vec<Running>,
}

impl Deref for World {
    type Target = Installation;

    fn deref(&self) -> &Installation {
        &self.installation
    }
}

impl World {
    pub async fn start() -> Self {
        let mut world = Self::asleep().await;
        world.wakes().await;
        world
    }

    /// Starts without a process manager.
    pub async fn asleep() -> Self {
        let now = "2026-11-24T09:00:00Z".parse().unwrap();
        Self { installation: Installation::at(now).await, listening: Vec::new() }
    }

    /// Starts a runtime, beside those that already run.
    pub async fn wakes(&mut self) {
        let pool = self.pool.clone();
        let context =
            HandlerContext { log: self.log(), dispatch: self.bus.clone(), clock: self.clock.clone() };
        let mut task_handlers: Vec<Arc<dyn TaskHandler>> = WaitlistOffersHandler::all(&context).collect();
        task_handlers.extend(ClassSeatsHandler::all(&context, &pool));
        task_handlers.extend(lesson_handlers(&context, &pool));
        task_handlers.push(Arc::new(ConversationMembershipHandler { context: context.clone() }));
        task_handlers.push(Arc::new(ClassMembershipCleanupHandler { context, pool }));
        let mut process_managers: Vec<Arc<dyn ProcessManager>> = vec![
            Arc::new(WaitlistOffers),
            Arc::new(ClassSeats),
            Arc::new(ClassMembershipCleanup),
            Arc::new(ConversationMembership),
        ];
        process_managers.extend(lesson_process_managers());
        let listeners = Listeners {
            read_models: vec![
                Arc::new(SlotsReadModel),
                Arc::new(WaitlistReadModel),
                Arc::new(ClassesReadModel),
                Arc::new(ConversationsReadModel),
            ],
            process_managers,
            task_handlers,
        };
        let running = self.runs(listeners).await;
        self.listening.push(running);
    }

    /// Ends all runtimes.
    pub async fn sleeps(&mut self) {
        for running in self.listening.drain(..) {
            running.ends().await;
        }
    }

    pub fn waits(&self, time: SignedDuration) {
        self.clock.advance(time);
    }

    pub async fn registers(&self, account_id: AccountId, role: Role, nickname: &str) {
        let registration = Registration {
            email: Email::parse(&format!("{nickname}@school.example")).unwrap(),
            name: PersonName::parse("Вера Лебедева").unwrap(),
            nickname: Nickname::parse(nickname).unwrap(),
            ..registration(account_id, role)
        };
        self.registers_as(registration).await;
    }

    /// Opens a lesson of one hour with so many seats that begins after this time.
    pub async fn opens(&self, capacity: u16, begins_in: SignedDuration) -> SlotId {
        self.opens_for(None, capacity, begins_in).await
    }

    pub async fn opens_for(
        &self,
        class_id: Option<ClassId>,
        capacity: u16,
        begins_in: SignedDuration,
    ) -> SlotId {
        self.opens_of(TEACHER, class_id, capacity, begins_in).await
    }

    /// Opens a lesson of another teacher.
    pub async fn opens_elsewhere(&self, begins_in: SignedDuration) -> SlotId {
        self.opens_of(PASSER_BY, None, 1, begins_in).await
    }

    async fn opens_of(
        &self,
        teacher: AccountId,
        class_id: Option<ClassId>,
        capacity: u16,
        begins_in: SignedDuration,
    ) -> SlotId {
        let terms =
            SlotTerms { subject: "algebra".to_owned(), price: rub(150_000), capacity, ..slot_terms() };
        let slot = new_slot(teacher, self.clock.now() + begins_in);
        self.opens_slot(NewSlot { terms, class_id, ..slot }).await
    }

    pub async fn books(&self, slot_id: SlotId, student: AccountId) -> Result<BookingId, &'static str> {
        let booking_id = BookingId(RandomIds.next());
        let book = booking(slot_id, booking_id, Booker::Student(student), None);
        self.answers(vec![book]).await.map(|()| booking_id)
    }

    pub async fn cancels(&self, slot_id: SlotId, booking_id: BookingId) {
        let by = Initiator::System;
        let cancel = SlotCommand::CancelBooking { booking_id, by, reason: None };
        self.asks(Command::Slot(slot_id, cancel)).await;
    }

    /// Students with a seat, sorted.
    pub async fn seated(&self, slot_id: SlotId) -> Vec<AccountId> {
        let mut students: Vec<_> = self.lesson(slot_id).await.seated().map(|seat| seat.student).collect();
        students.sort();
        students
    }

    pub async fn seats(&self, slot_id: SlotId, students: &[AccountId]) {
        eventually(&format!("{students:?} have the seats"), async || self.seated(slot_id).await == students)
            .await;
    }

    pub async fn makes_class(&self, students: &[AccountId]) -> ClassId {
        let class_id = ClassId(RandomIds.next());
        let terms = ClassTerms {
            name: "Алгебра".to_owned(),
            description: None,
            subject: "algebra".to_owned(),
            grade: "9".to_owned(),
            colour: "#3366cc".to_owned(),
            capacity: 10,
        };
        self.class(class_id, ClassCommand::CreateClass { teacher: TEACHER, terms: Box::new(terms) }).await;
        for student in students {
            self.adds(class_id, *student).await;
        }
        class_id
    }

    pub async fn adds(&self, class_id: ClassId, student: AccountId) {
        self.class(class_id, ClassCommand::AddStudent { by: TEACHER, student }).await;
    }

    pub async fn removes(&self, class_id: ClassId, student: AccountId) {
        self.class(class_id, ClassCommand::RemoveStudent { by: Initiator::Person(student), student }).await;
    }

    pub async fn class(&self, class_id: ClassId, command: ClassCommand) {
        self.asks(Command::Class(class_id, command)).await;
    }

    pub async fn group(&self, class_id: ClassId) -> ClassState {
        self.bus.load::<Class>(class_id).await.unwrap().state.created().unwrap().clone()
    }

    /// Compares the live tables with the tables that the log gives.
    pub async fn compare(&self, model: Arc<dyn ReadModel>) -> Differences {
        let running = self.listening.first().expect("a runtime is started");
        running.projections.compare(model).await.unwrap()
    }
}

pub fn hours(hours: i64) -> SignedDuration {
    SignedDuration::from_hours(hours)
}

pub fn minutes(minutes: i64) -> SignedDuration {
    SignedDuration::from_mins(minutes)
}
