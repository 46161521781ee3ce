//! An invented person of the demo school, and the events after their registration.

use domain::accounts::{Email, Locale, Nickname, PersonName, Phone, Registration, TimeZoneName};
use domain::{AccountId, Role};

use super::names::{FAMILY_EN, FAMILY_RU, GIVEN_EN, GIVEN_RU_F, GIVEN_RU_M, PLACES_EN, PLACES_RU};
use super::rng::SeededRng;
use super::{TERMS_VERSION, words};

/// A demo person, the same for the same seed and number.
pub(super) struct Person {
    pub role: Role,
    pub locale: Locale,
    /// `None` if the given name is of both.
    pub is_woman: Option<bool>,
    pub name: String,
    pub family: &'static str,
    pub city: &'static str,
    pub time_zone: &'static str,
    pub country: &'static str,
    pub nickname: String,
    pub email: String,
    pub phone: Option<String>,
    pub rng: SeededRng,
}

/// Events of a person after registration.
pub(super) struct Scenario {
    pub verifies: bool,
    pub fills_profile: bool,
    /// The user agents of the sign-ins, and whether each was followed by a sign-out.
    pub sign_ins: Vec<(&'static str, bool)>,
    pub fails_sign_in: bool,
    pub new_email: Option<String>,
    pub suspended: Option<&'static str>,
    pub reinstated: bool,
}

impl Person {
    /// Returns the person with this number in the school with this seed.
    pub fn numbered(seed: u32, number: u32) -> Self {
        let mut rng = SeededRng::new(seed, number);
        let role = if rng.chance_of(20) { Role::Teacher } else { Role::Student };
        let tag = format!("{seed}-{number}");
        Self::generate(&mut rng, role, &tag)
    }

    /// Returns the person with this number and role in the school with this seed.
    pub fn with_role(seed: u32, number: u32, role: Role) -> Self {
        Self::generate(&mut SeededRng::new(seed, number), role, &format!("{seed}-{number}"))
    }

    /// Returns the demo person of a role, whose address and nickname contain the role.
    pub fn of_role(role: Role) -> Self {
        let place = Role::ALL.iter().position(|other| *other == role).expect("every role is in the list");
        let mut rng = SeededRng::new(0, u32::MAX - place as u32);
        let person = Self::generate(&mut rng, role, "role");
        Self { email: format!("{role}@demo.test"), nickname: format!("demo-{role}"), ..person }
    }

    fn generate(rng: &mut SeededRng, role: Role, tag: &str) -> Self {
        let locale = if rng.chance_of(85) { Locale::Ru } else { Locale::En };
        let is_woman = rng.chance_of(55);
        let (given, family, place) = match locale {
            Locale::Ru => {
                let given = rng.choose(if is_woman { GIVEN_RU_F } else { GIVEN_RU_M });
                (given, rng.choose(FAMILY_RU), rng.choose(PLACES_RU))
            }
            Locale::En => (rng.choose(GIVEN_EN), rng.choose(FAMILY_EN), rng.choose(PLACES_EN)),
        };
        let ending = if locale == Locale::Ru && is_woman { "а" } else { "" };
        let latin_ending = if ending.is_empty() { "" } else { "a" };
        let (city, time_zone, country) = place;
        let phone = rng.chance_of(70).then(|| phone(rng, locale));
        Self {
            role,
            locale,
            is_woman: (locale == Locale::Ru).then_some(is_woman),
            name: format!("{} {}{ending}", given.0, family.0),
            family: family.0,
            city,
            time_zone,
            country,
            nickname: format!("demo-{}-{tag}", given.1),
            email: format!("{}.{}{latin_ending}.{tag}@demo.test", given.1, family.1),
            phone,
            rng: rng.clone(),
        }
    }

    pub fn registration(&self, account_id: AccountId) -> Registration {
        let valid = "demo words are acceptable to the domain";
        Registration {
            account_id,
            role: self.role,
            by_admin: self.role.is_staff(),
            email: Email::parse(&self.email).expect(valid),
            name: PersonName::parse(&self.name).expect(valid),
            nickname: Nickname::parse(&self.nickname).expect(valid),
            phone: self.phone.as_deref().map(|phone| Phone::parse(phone).expect(valid)),
            locale: self.locale,
            time_zone: TimeZoneName::parse(self.time_zone).expect(valid),
            terms_version: TERMS_VERSION.to_owned(),
        }
    }

    pub fn scenario(&self) -> Scenario {
        let mut rng = self.rng.clone();
        let visits = rng.number_between(0, 3);
        let sign_ins = (0..visits).map(|_| (rng.choose(words::USER_AGENTS), rng.chance_of(60))).collect();
        let is_suspended = rng.chance_of(3);
        Scenario {
            verifies: rng.chance_of(92),
            fills_profile: self.role == Role::Teacher || rng.chance_of(90),
            sign_ins,
            fails_sign_in: rng.chance_of(4),
            new_email: rng.chance_of(5).then(|| format!("new.{}", self.email)),
            suspended: is_suspended.then(|| rng.choose(words::SUSPENSIONS)),
            reinstated: is_suspended && rng.chance_of(30),
        }
    }
}

/// Returns a phone number that is not assigned: +7 000 is not allotted, and +44 20 7946 0xxx is reserved for
/// fiction (Ofcom).
pub(super) fn phone(rng: &mut SeededRng, locale: Locale) -> String {
    match locale {
        Locale::Ru => format!("+7000{:07}", rng.number_between(0, 9_999_999)),
        Locale::En => format!("+44207946{:04}", rng.number_between(0, 999)),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    fn nobody() -> AccountId {
        "0198c0de-0000-7000-8000-000000000001".parse().unwrap()
    }

    #[test]
    fn every_demo_person_can_be_registered_and_is_marked() {
        for number in 1..=2_000 {
            let person = Person::numbered(u32::MAX, number);
            let registration = person.registration(nobody());
            assert!(registration.nickname.as_str().starts_with("demo-"));
            assert!(registration.email.as_str().ends_with("@demo.test"));
            if let Some(email) = person.scenario().new_email {
                Email::parse(&email).unwrap();
            }
        }
        for role in Role::ALL.iter().copied() {
            Person::of_role(role).registration(nobody());
        }
    }

    #[test]
    fn nobody_in_a_school_shares_an_address_or_a_nickname() {
        let people: Vec<_> = (1..=2_000).map(|number| Person::numbered(1, number)).collect();
        let emails: HashSet<_> = people.iter().map(|person| &person.email).collect();
        let nicknames: HashSet<_> = people.iter().map(|person| &person.nickname).collect();
        assert_eq!((emails.len(), nicknames.len()), (people.len(), people.len()));
    }

    #[test]
    fn a_nickname_is_short_enough_with_the_largest_seed_and_number() {
        let longest = [GIVEN_RU_F, GIVEN_RU_M, GIVEN_EN].concat().iter().map(|given| given.1.len()).max();
        assert!("demo--".len() + longest.unwrap() + "4294967295-9999999".len() <= 32);
    }
}
