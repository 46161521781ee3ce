//! Profiles of demo people: complete, consistent, with values of the dictionary.

use domain::accounts::{Education, Locale, PersonName, Phone, ProfileChanges};
use domain::{AccountId, Currency, Money, Personal, Role};

use super::names::{GIVEN_EN, GIVEN_RU_F};
use super::person::{Person, phone};
use super::rng::SeededRng;
use super::words::{self, Words};

/// Builds the profile of a teacher or a student.
pub(super) fn build_profile(person: &Person, id: AccountId) -> ProfileChanges {
    let mut rng = person.rng.clone();
    match person.role {
        Role::Teacher => teacher(person, id, &mut rng),
        Role::Student => student(person, id, &mut rng),
        Role::Support | Role::Analyst | Role::Admin | Role::Auditor => ProfileChanges::default(),
    }
}

fn teacher(person: &Person, id: AccountId, rng: &mut SeededRng) -> ProfileChanges {
    let field = &words::FIELDS[rng.number_between(0, words::FIELDS.len() as u64 - 1) as usize];
    let age = rng.number_between(22, 64);
    let experience_years = rng.number_between(0, (age - 21).min(35));
    let experience = match experience_years {
        0..=2 => "beginner",
        3..=9 => "experienced",
        _ => "professional",
    };
    let offline_available = rng.chance_of(30);
    let formats: &[&str] = match (offline_available, rng.chance_of(35)) {
        (true, true) => &["online", "offline", "mini_group"],
        (true, false) => &["online", "offline"],
        (false, true) => &["online", "mini_group"],
        (false, false) => &["online"],
    };
    let subjects = 1 + rng.number_between(0, field.subjects.len() as u64 - 1) as usize;
    let goals = 2 + rng.number_between(0, 2) as usize;
    // Roubles in steps of fifty.
    let roubles = (700 + experience_years * 60 + rng.number_between(0, 16) * 50) / 50 * 50;
    let lesson_types: &[&str] = if rng.chance_of(80) { &["regular", "trial"] } else { &["regular"] };
    let bio = format!(
        "{} {}",
        choose_word(rng, &words::TEACHER_BIOS, person),
        choose_word(rng, &words::TEACHER_BIO_ENDS, person)
    );
    ProfileChanges {
        subjects: Some(to_strings(&rng.choose_many(field.subjects, subjects))),
        goals: Some(to_strings(&rng.choose_many(field.goals, goals))),
        bio: Some(Personal::new(id, bio)),
        age: Some(Personal::new(id, age as u8)),
        city: Some(Personal::new(id, person.city.to_owned())),
        grades: Some(to_strings(field.grades)),
        experience: Some(experience.to_owned()),
        durations: Some(durations(rng)),
        formats: Some(to_strings(formats)),
        lesson_types: Some(to_strings(lesson_types)),
        hourly_rate: Some(Money { amount: roubles as i64 * 100, currency: Currency::RUB }),
        offline_available: Some(offline_available),
        country: Some(person.country.to_owned()),
        takes_requests: Some(rng.chance_of(65)),
        teacher_type: Some(rng.choose(&["private", "private", "school", "both"]).to_owned()),
        experience_years: Some(experience_years as u8),
        education: Some(Personal::new(id, education(person, rng, age))),
        ..ProfileChanges::default()
    }
}

fn education(person: &Person, rng: &mut SeededRng, age: u64) -> Education {
    let courses = rng.number_between(0, 2) as usize;
    Education {
        university: Some(choose_word(rng, &words::UNIVERSITIES, person).to_owned()),
        degree: Some(choose_word(rng, &words::DEGREES, person).to_owned()),
        // The reference year is fixed, so that the profile does not change.
        graduation_year: Some((2026 - (age - 22)) as u16),
        courses: to_strings(&rng.choose_many(localized(&words::COURSES, person), courses)),
    }
}

fn student(person: &Person, id: AccountId, rng: &mut SeededRng) -> ProfileChanges {
    let (grade, age) = match rng.number_between(1, 20) {
        19 => ("student".to_owned(), rng.number_between(18, 23)),
        20 => ("adult".to_owned(), rng.number_between(24, 55)),
        _ => {
            let grade = rng.number_between(1, 11);
            (grade.to_string(), grade + 6 + rng.number_between(0, 1))
        }
    };
    let fields: Vec<_> =
        words::FIELDS.iter().filter(|field| field.grades.contains(&grade.as_str())).collect();
    let field = fields[rng.number_between(0, fields.len() as u64 - 1) as usize];
    let subjects = 1 + rng.number_between(0, 1) as usize;
    let interests = 1 + rng.number_between(0, 2) as usize;
    let is_child = age < 18;
    let school = choose_word(rng, &words::SCHOOLS, person).to_owned();
    let (parent_name, parent_phone) = parent(person, rng);
    ProfileChanges {
        subjects: Some(to_strings(&rng.choose_many(field.subjects, subjects))),
        goals: Some(to_strings(&rng.choose_many(field.goals, 2))),
        bio: Some(Personal::new(id, choose_word(rng, &words::STUDENT_BIOS, person).to_owned())),
        age: Some(Personal::new(id, age as u8)),
        city: Some(Personal::new(id, person.city.to_owned())),
        experience: Some(rng.choose(&["beginner", "intermediate", "intermediate", "advanced"]).to_owned()),
        grade: Some(grade),
        school: is_child.then(|| Personal::new(id, school)),
        parent_name: is_child.then(|| Personal::new(id, parent_name)),
        parent_phone: is_child.then(|| Personal::new(id, parent_phone)),
        interests: Some(Personal::new(
            id,
            to_strings(&rng.choose_many(localized(&words::INTERESTS, person), interests)),
        )),
        learning_style: Some(rng.choose(&["visual", "auditory", "kinesthetic", "mixed"]).to_owned()),
        preferred_formats: Some(to_strings(if rng.chance_of(25) {
            &["online", "mini_group"]
        } else {
            &["online"]
        })),
        preferred_durations: Some(durations(rng)),
        ..ProfileChanges::default()
    }
}

/// A mother of the same family.
fn parent(person: &Person, rng: &mut SeededRng) -> (PersonName, Phone) {
    let name = match person.locale {
        Locale::Ru => format!("{} {}а", rng.choose(GIVEN_RU_F).0, person.family),
        Locale::En => format!("{} {}", rng.choose(GIVEN_EN).0, person.family),
    };
    let phone = phone(rng, person.locale);
    let valid = "demo words are acceptable to the domain";
    (PersonName::parse(&name).expect(valid), Phone::parse(&phone).expect(valid))
}

fn durations(rng: &mut SeededRng) -> Vec<u16> {
    let lengths: &[u16] = rng.choose(&[&[45, 60], &[60], &[60, 90], &[30, 60], &[45, 60, 90]]);
    lengths.to_vec()
}

fn localized(words: &Words, person: &Person) -> &'static [&'static str] {
    match person.locale {
        Locale::Ru => words.ru,
        Locale::En => words.en,
    }
}

fn choose_word(rng: &mut SeededRng, words: &Words, person: &Person) -> &'static str {
    rng.choose(localized(words, person))
}

fn to_strings(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}
