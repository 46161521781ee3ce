//! Lesson requests: rows follow from events in any batches, without data of erased people.

use cqrs_es::Aggregate;
use domain::scheduling::{
    Excluded, LessonFormat, LessonRequest, LessonRequestCommand, NewRequest, Offer, RequestTerms,
};
use domain::{
    AccountId, Actor, Currency, Decider, Event, Money, Personal, Reason, RequestId, Role, SlotId, StreamId,
};
use jiff::{SignedDuration, Timestamp};
use projections::scheduling::requests::{offers, request};
use uuid::Uuid;

use crate::history::{History, MARK};
use crate::tables::Tables;

const NOW: &str = "2026-01-02T09:00:00Z";
const PRICE: Money = Money { amount: 150_000, currency: Currency::RUB };

fn id(n: u128) -> RequestId {
    RequestId(Uuid::from_u128(0x4e0000 + n))
}

/// Requests decided by the real aggregate.
struct Story {
    history: History,
    students: Vec<AccountId>,
    teachers: Vec<AccountId>,
    requests: Vec<(RequestId, LessonRequest)>,
}

impl Story {
    /// Four requests: accepted, declined by one teacher, withdrawn, expired.
    fn told() -> Self {
        let mut history = History::new(61);
        let students =
            (0..2).map(|n| history.registers(Role::Student, "Анна", &format!("anna{n}"))).collect();
        let teachers =
            (0..3).map(|n| history.registers(Role::Teacher, "Вера", &format!("vera{n}"))).collect();
        let mut story = Self { history, students, teachers, requests: Vec::new() };
        for n in 0..4 {
            let student = story.students[n % 2];
            story.requests.push((id(n as u128), LessonRequest::default()));
            story.does(n, LessonRequestCommand::RequestLesson(Box::new(story.new_request(student))));
            story.does(n, story.search());
        }
        let (vera, boris) = (story.teachers[0], story.teachers[1]);
        story.does(1, LessonRequestCommand::DeclineRequest { teacher: boris });
        let slot_id = SlotId(Uuid::from_u128(7));
        story.does(0, LessonRequestCommand::AcceptRequest { teacher: vera, slot_id, price: PRICE });
        story.does(2, LessonRequestCommand::CancelRequest { student: story.students[0] });
        let after: Timestamp = "2027-01-01T00:00:00Z".parse().unwrap();
        story.does_at(3, LessonRequestCommand::ExpireRequest, after);
        story
    }

    fn new_request(&self, student: AccountId) -> NewRequest {
        let mark = self.history.mark(student);
        NewRequest {
            student,
            terms: RequestTerms {
                grade: "9".to_owned(),
                subject: "mathematics".to_owned(),
                goals: vec!["oge".to_owned()],
                experience: None,
                duration_minutes: 60,
                format: LessonFormat::Offline,
                city: Some(Personal::new(student, format!("Город {mark}"))),
                starts_at: NOW.parse::<Timestamp>().unwrap() + SignedDuration::from_hours(48),
                max_price: Some(PRICE),
            },
            comment: Some(format!("Слово {mark}")),
            place: 0,
        }
    }

    fn search(&self) -> LessonRequestCommand {
        let offer = |teacher: &AccountId| Offer { teacher: *teacher, reasons: vec![Reason::rule("subject")] };
        LessonRequestCommand::OfferRequest {
            rules_version: 1,
            considered: 3,
            offers: self.teachers[..2].iter().map(offer).collect(),
            excluded: vec![Excluded { teacher: self.teachers[2], reasons: vec![Reason::rule("grade")] }],
            next_wave_at: None,
        }
    }

    fn does(&mut self, n: usize, command: LessonRequestCommand) {
        self.does_at(n, command, NOW.parse().unwrap());
    }

    fn does_at(&mut self, n: usize, command: LessonRequestCommand, now: Timestamp) {
        let (id, state) = &mut self.requests[n];
        for event in state.decide(&command, now).unwrap() {
            state.apply(event.clone());
            let stream = StreamId::of::<LessonRequest>(*id);
            self.history.record(stream, Actor::system("t"), Event::Request(event));
        }
    }
}

#[tokio::test]
async fn a_request_is_shown_as_its_events_left_it() {
    let story = Story::told();
    let tables = Tables::of(&story.history.events).await;
    let mut seen = Vec::new();
    for n in 0..4 {
        let row = request(&tables.pool, id(n)).await.unwrap().unwrap();
        assert_eq!((row.asked, row.considered, row.rules_version), (2, Some(3), Some(1)));
        assert_eq!(row.left_out.0[0].reasons[0].code, "grade");
        seen.push((row.status, row.declined, row.accepted_by));
    }
    let vera = story.teachers[0].uuid();
    let expected =
        [("accepted", 0, Some(vera)), ("open", 1, None), ("cancelled", 0, None), ("expired", 0, None)];
    assert_eq!(seen, expected.map(|(status, declined, by)| (status.to_owned(), declined, by)));
    let offers = offers(&tables.pool, &[id(1)], None).await.unwrap();
    let mut answers: Vec<_> = offers.iter().map(|offer| (offer.teacher, offer.declined)).collect();
    answers.sort();
    let mut asked = vec![(story.teachers[0], false), (story.teachers[1], true)];
    asked.sort();
    assert_eq!(answers, asked);
}

#[tokio::test]
async fn requests_do_not_depend_on_how_their_events_are_batched() {
    let story = Story::told();
    let whole = Tables::of(&story.history.events).await.dump().await;
    for size in [1, 2, 3, 5, 9] {
        let tables = Tables::empty().await;
        for batch in story.history.events.chunks(size) {
            tables.apply(batch).await;
        }
        assert_eq!(tables.dump().await, whole, "batches of {size}");
    }
}

#[tokio::test]
async fn what_an_erased_student_asked_for_has_no_words_left() {
    let mut story = Story::told();
    let before = Tables::of(&story.history.events).await.dump().await.join("\n");
    assert!(before.contains(&format!("Город {MARK}0")) && before.contains(&format!("Слово {MARK}1")));
    story.history.erases(story.students[0]);
    let live = Tables::of(&story.history.events).await.dump().await;
    assert_eq!(Tables::of(&story.history.reopened()).await.dump().await, live);
    let live = live.join("\n");
    assert!(!live.contains(&format!("Город {MARK}0")) && !live.contains(&format!("Слово {MARK}0")));
    assert!(live.contains(&format!("Слово {MARK}1")));
}
