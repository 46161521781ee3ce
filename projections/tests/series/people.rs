//! Members of the class get the seats; a suspended or erased teacher opens no slot.

use domain::accounts::{AccountCommand, Email, Locale, Nickname, PersonName, Registration, TimeZoneName};
use domain::scheduling::{ClassCommand, ClassTerms, Initiator, Party, SeriesChange, SeriesCommand};
use domain::{AccountId, ClassId, Command, Ids, RandomIds, Role};

use crate::world::{World, eventually, somebody, tuesdays};

async fn class_of(world: &World, teacher: AccountId, students: &[AccountId]) -> ClassId {
    let id = ClassId(RandomIds.next());
    let terms = Box::new(ClassTerms {
        name: "9 Б".to_owned(),
        description: None,
        subject: "mathematics".to_owned(),
        grade: "9".to_owned(),
        colour: "#3366ff".to_owned(),
        capacity: 10,
    });
    world.asks(Command::Class(id, ClassCommand::CreateClass { teacher, terms })).await.unwrap();
    for student in students {
        let add = ClassCommand::AddStudent { by: teacher, student: *student };
        world.asks(Command::Class(id, add)).await.unwrap();
    }
    id
}

async fn registers(world: &World) -> AccountId {
    let id = somebody();
    let handle = id.to_string().replace('-', "");
    let registration = Registration {
        account_id: id,
        role: Role::Teacher,
        by_admin: false,
        email: Email::parse(&format!("{handle}@example.com")).unwrap(),
        name: PersonName::parse("Вера").unwrap(),
        nickname: Nickname::parse(&handle[..30]).unwrap(),
        phone: None,
        locale: Locale::Ru,
        time_zone: TimeZoneName::default(),
        terms_version: "1".to_owned(),
    };
    world.asks(Command::Account(id, AccountCommand::RegisterAccount(registration))).await.unwrap();
    id
}

#[tokio::test(flavor = "multi_thread")]
async fn the_members_of_the_class_have_the_seats_of_its_lessons() {
    let (world, teacher) = (World::start().await, somebody());
    let mut students = [somebody(), somebody(), somebody()];
    students.sort();
    let mut new = tuesdays(teacher);
    new.class_id = Some(class_of(&world, teacher, &students).await);
    let id = world.defines(new).await;
    world.extended(id, "2027-04-26").await;
    let slots = world.slots().await;
    assert_eq!(slots.len(), 8);
    assert!(slots.values().all(|slot| slot.booked == students), "{slots:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_class_that_is_closed_ends_its_series() {
    let (world, teacher) = (World::start().await, somebody());
    let class_id = class_of(&world, teacher, &[somebody()]).await;
    let mut new = tuesdays(teacher);
    new.class_id = Some(class_id);
    let id = world.defines(new).await;
    world.extended(id, "2027-04-26").await;
    let close = ClassCommand::CloseClass { by: domain::scheduling::Initiator::Person(teacher) };
    world.asks(Command::Class(class_id, close)).await.unwrap();
    world.days_pass(7);
    eventually("the series has ended", || async {
        world.series(id).await.ended_from.is_some_and(|from| from.to_string() == "2027-03-08")
    })
    .await;
    assert_eq!(world.extensions().await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_suspended_teacher_opens_nothing_until_they_are_back() {
    let world = World::start().await;
    let teacher = registers(&world).await;
    let id = world.defines(tuesdays(teacher)).await;
    world.extended(id, "2027-04-26").await;
    let reason = "looked into".to_owned();
    let suspend = AccountCommand::SuspendAccount { reason: reason.clone() };
    world.asks(Command::Account(teacher, suspend)).await.unwrap();
    world.days_pass(7);
    world.settles().await;
    assert_eq!(world.extensions().await.len(), 1);
    world.asks(Command::Account(teacher, AccountCommand::ReinstateAccount { reason })).await.unwrap();
    world.days_pass(1);
    world.extended(id, "2027-05-04").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_series_of_an_erased_teacher_ends_by_itself() {
    let world = World::start().await;
    let teacher = registers(&world).await;
    let id = world.defines(tuesdays(teacher)).await;
    world.extended(id, "2027-04-26").await;
    let erase = AccountCommand::EraseAccount { reason: "own_request".to_owned() };
    world.asks(Command::Account(teacher, erase)).await.unwrap();
    world.days_pass(7);
    eventually("no slot is offered", || async {
        world.settles().await;
        // The lesson time of last week is past and stays.
        world.open_times(teacher).await == ["03-02 16:00"]
    })
    .await;
    assert_eq!(world.series(id).await.ended_from.unwrap().to_string(), "2027-03-08");
}

/// Only members of the class are booked, so the class moves with its series.
#[tokio::test(flavor = "multi_thread")]
async fn a_class_moves_with_its_series_and_ends_with_it() {
    let (world, teacher) = (World::start().await, somebody());
    let mut students = [somebody(), somebody()];
    students.sort();
    let mut new = tuesdays(teacher);
    new.class_id = Some(class_of(&world, teacher, &students).await);
    let id = world.defines(new).await;
    world.extended(id, "2027-04-26").await;
    let at_half_past =
        SeriesChange { local_start: Some("2027-04-06T16:30".parse().unwrap()), ..Default::default() };
    world.changes(id, teacher, "2027-04-01", at_half_past).await;
    world.settles().await;
    let times = world.open_times(teacher).await;
    assert_eq!(times[4..], ["03-30 16:00", "04-06 16:30", "04-13 16:30", "04-20 16:30"]);
    let slots = world.slots().await;
    assert!(slots.values().all(|slot| !slot.open || slot.booked == students), "{slots:#?}");
    let mut cancelled = world.cancellations().await;
    assert_eq!(cancelled.len(), 6, "two students, three lessons");
    assert!(cancelled.iter().all(|(by, fee, caused)| (*by, *fee, *caused) == (Party::Teacher, 0, true)));

    let end =
        SeriesCommand::EndSeries { by: Initiator::Person(teacher), from: "2027-03-20".parse().unwrap() };
    world.asks(Command::Series(id, end)).await.unwrap();
    world.settles().await;
    assert_eq!(world.open_times(teacher).await, ["03-02 16:00", "03-09 16:00", "03-16 16:00"]);
    cancelled = world.cancellations().await;
    assert_eq!(cancelled.len(), 6 + 2 * 5);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_suspended_is_not_booked_into_the_lessons_of_their_class() {
    let world = World::start().await;
    let (teacher, student) = (somebody(), somebody());
    let suspended = registers(&world).await;
    let suspend = AccountCommand::SuspendAccount { reason: "looked into".to_owned() };
    world.asks(Command::Account(suspended, suspend)).await.unwrap();
    let mut new = tuesdays(teacher);
    new.class_id = Some(class_of(&world, teacher, &[student, suspended]).await);
    let id = world.defines(new).await;
    world.extended(id, "2027-04-26").await;
    assert!(world.slots().await.values().all(|slot| slot.booked == [student]));
}
