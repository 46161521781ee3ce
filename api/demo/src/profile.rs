//! What a demo person tells about themselves: complete, by the dictionary, and of one piece.

use domain::accounts::{Education, Locale, PersonName, Phone, ProfileChanges};
use domain::{AccountId, Currency, Money, Personal, Role};

use super::names::{GIVEN_EN, GIVEN_RU_F};
use super::person::{Person, phone};
use super::rng::Dice;
use super::words::{self, Words};

/// The profile of a teacher or a student.
pub(super) fn told_by(person: &Person, id: AccountId) -> ProfileChanges {
    let mut dice = person.dice.clone();
    match person.role {
        Role::Teacher => teacher(person, id, &mut dice),
        Role::Student => student(person, id, &mut dice),
        Role::Support | Role::Analyst | Role::Admin | Role::Auditor => ProfileChanges::default(),
    }
}

fn teacher(person: &Person, id: AccountId, dice: &mut Dice) -> ProfileChanges {
    let field = &words::FIELDS[dice.within(0, words::FIELDS.len() as u64 - 1) as usize];
    let age = dice.within(22, 64);
    let experience_years = dice.within(0, (age - 21).min(35));
    let experience = match experience_years {
        0..=2 => "beginner",
        3..=9 => "experienced",
        _ => "professional",
    };
    let offline_available = dice.is_within_percent(30);
    let formats: &[&str] = match (offline_available, dice.is_within_percent(35)) {
        (true, true) => &["online", "offline", "mini_group"],
        (true, false) => &["online", "offline"],
        (false, true) => &["online", "mini_group"],
        (false, false) => &["online"],
    };
    let subjects = 1 + dice.within(0, field.subjects.len() as u64 - 1) as usize;
    let goals = 2 + dice.within(0, 2) as usize;
    // Roubles in steps of fifty.
    let roubles = (700 + experience_years * 60 + dice.within(0, 16) * 50) / 50 * 50;
    let lesson_types: &[&str] = if dice.is_within_percent(80) { &["regular", "trial"] } else { &["regular"] };
    let bio = format!(
        "{} {}",
        word(dice, &words::TEACHER_BIOS, person),
        word(dice, &words::TEACHER_BIO_ENDS, person)
    );
    ProfileChanges {
        subjects: Some(texts(&dice.some_of(field.subjects, subjects))),
        goals: Some(texts(&dice.some_of(field.goals, goals))),
        bio: Some(Personal::new(id, bio)),
        age: Some(Personal::new(id, age as u8)),
        city: Some(Personal::new(id, person.city.to_owned())),
        grades: Some(texts(field.grades)),
        experience: Some(experience.to_owned()),
        durations: Some(durations(dice)),
        formats: Some(texts(formats)),
        lesson_types: Some(texts(lesson_types)),
        hourly_rate: Some(Money { amount: roubles as i64 * 100, currency: Currency::RUB }),
        offline_available: Some(offline_available),
        country: Some(person.country.to_owned()),
        takes_requests: Some(dice.is_within_percent(65)),
        teacher_type: Some(dice.one_of(&["private", "private", "school", "both"]).to_owned()),
        experience_years: Some(experience_years as u8),
        education: Some(Personal::new(id, education(person, dice, age))),
        ..ProfileChanges::default()
    }
}

fn education(person: &Person, dice: &mut Dice, age: u64) -> Education {
    let courses = dice.within(0, 2) as usize;
    Education {
        university: Some(word(dice, &words::UNIVERSITIES, person).to_owned()),
        degree: Some(word(dice, &words::DEGREES, person).to_owned()),
        // As of the year in which the demo school was founded.
        graduation_year: Some((2026 - (age - 22)) as u16),
        courses: texts(&dice.some_of(of(&words::COURSES, person), courses)),
    }
}

fn student(person: &Person, id: AccountId, dice: &mut Dice) -> ProfileChanges {
    let (grade, age) = match dice.within(1, 20) {
        19 => ("student".to_owned(), dice.within(18, 23)),
        20 => ("adult".to_owned(), dice.within(24, 55)),
        _ => {
            let grade = dice.within(1, 11);
            (grade.to_string(), grade + 6 + dice.within(0, 1))
        }
    };
    let fields: Vec<_> =
        words::FIELDS.iter().filter(|field| field.grades.contains(&grade.as_str())).collect();
    let field = fields[dice.within(0, fields.len() as u64 - 1) as usize];
    let subjects = 1 + dice.within(0, 1) as usize;
    let interests = 1 + dice.within(0, 2) as usize;
    let is_child = age < 18;
    let school = word(dice, &words::SCHOOLS, person).to_owned();
    let (parent_name, parent_phone) = parent(person, dice);
    ProfileChanges {
        subjects: Some(texts(&dice.some_of(field.subjects, subjects))),
        goals: Some(texts(&dice.some_of(field.goals, 2))),
        bio: Some(Personal::new(id, word(dice, &words::STUDENT_BIOS, person).to_owned())),
        age: Some(Personal::new(id, age as u8)),
        city: Some(Personal::new(id, person.city.to_owned())),
        experience: Some(dice.one_of(&["beginner", "intermediate", "intermediate", "advanced"]).to_owned()),
        grade: Some(grade),
        school: is_child.then(|| Personal::new(id, school)),
        parent_name: is_child.then(|| Personal::new(id, parent_name)),
        parent_phone: is_child.then(|| Personal::new(id, parent_phone)),
        interests: Some(Personal::new(id, texts(&dice.some_of(of(&words::INTERESTS, person), interests)))),
        learning_style: Some(dice.one_of(&["visual", "auditory", "kinesthetic", "mixed"]).to_owned()),
        preferred_formats: Some(texts(if dice.is_within_percent(25) {
            &["online", "mini_group"]
        } else {
            &["online"]
        })),
        preferred_durations: Some(durations(dice)),
        ..ProfileChanges::default()
    }
}

/// A mother of the same family.
fn parent(person: &Person, dice: &mut Dice) -> (PersonName, Phone) {
    let name = match person.locale {
        Locale::Ru => format!("{} {}а", dice.one_of(GIVEN_RU_F).0, person.family),
        Locale::En => format!("{} {}", dice.one_of(GIVEN_EN).0, person.family),
    };
    let phone = phone(dice, person.locale);
    let sound = "demo words are acceptable to the domain";
    (PersonName::parse(&name).expect(sound), Phone::parse(&phone).expect(sound))
}

fn durations(dice: &mut Dice) -> Vec<u16> {
    let lengths: &[u16] = dice.one_of(&[&[45, 60], &[60], &[60, 90], &[30, 60], &[45, 60, 90]]);
    lengths.to_vec()
}

fn of(words: &Words, person: &Person) -> &'static [&'static str] {
    match person.locale {
        Locale::Ru => words.ru,
        Locale::En => words.en,
    }
}

fn word(dice: &mut Dice, words: &Words, person: &Person) -> &'static str {
    dice.one_of(of(words, person))
}

fn texts(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}
