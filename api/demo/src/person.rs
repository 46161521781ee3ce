//! One invented person: who they are, and what they do in the demo school.

use domain::accounts::{Email, Locale, Nickname, PersonName, Phone, Registration, TimeZoneName};
use domain::{AccountId, Role};

use super::names::{FAMILY_EN, FAMILY_RU, GIVEN_EN, GIVEN_RU_F, GIVEN_RU_M, PLACES_EN, PLACES_RU};
use super::rng::Dice;
use super::{TERMS_VERSION, words};

/// A demo person, the same for the same seed and number.
pub(super) struct Person {
    pub role: Role,
    pub locale: Locale,
    pub name: String,
    pub family: &'static str,
    pub city: &'static str,
    pub time_zone: &'static str,
    pub country: &'static str,
    pub nickname: String,
    pub email: String,
    pub phone: Option<String>,
    pub dice: Dice,
}

/// What happens to a person after registration.
pub(super) struct Fate {
    pub verifies: bool,
    pub tells: bool,
    /// The user agents of the sign-ins, and whether each was followed by a sign-out.
    pub sign_ins: Vec<(&'static str, bool)>,
    pub forgets_password: bool,
    pub new_email: Option<String>,
    pub suspended: Option<&'static str>,
    pub reinstated: bool,
}

impl Person {
    /// The person with this number in the school of this seed.
    pub fn of(seed: u32, number: u32) -> Self {
        let mut dice = Dice::of(seed, number);
        let role = if dice.is_within_percent(20) { Role::Teacher } else { Role::Student };
        let tag = format!("{seed}-{number}");
        Self::thrown(&mut dice, role, &tag)
    }

    /// The demo person of a role, whose address and nickname say so.
    pub fn of_role(role: Role) -> Self {
        let place = Role::ALL.iter().position(|other| *other == role).expect("every role is in the list");
        let mut dice = Dice::of(0, u32::MAX - place as u32);
        let person = Self::thrown(&mut dice, role, "role");
        Self { email: format!("{role}@demo.test"), nickname: format!("demo-{role}"), ..person }
    }

    fn thrown(dice: &mut Dice, role: Role, tag: &str) -> Self {
        let locale = if dice.is_within_percent(85) { Locale::Ru } else { Locale::En };
        let is_woman = dice.is_within_percent(55);
        let (given, family, place) = match locale {
            Locale::Ru => {
                let given = dice.one_of(if is_woman { GIVEN_RU_F } else { GIVEN_RU_M });
                (given, dice.one_of(FAMILY_RU), dice.one_of(PLACES_RU))
            }
            Locale::En => (dice.one_of(GIVEN_EN), dice.one_of(FAMILY_EN), dice.one_of(PLACES_EN)),
        };
        let ending = if locale == Locale::Ru && is_woman { "а" } else { "" };
        let latin_ending = if ending.is_empty() { "" } else { "a" };
        let (city, time_zone, country) = place;
        let phone = dice.is_within_percent(70).then(|| phone(dice, locale));
        Self {
            role,
            locale,
            name: format!("{} {}{ending}", given.0, family.0),
            family: family.0,
            city,
            time_zone,
            country,
            nickname: format!("demo-{}-{tag}", given.1),
            email: format!("{}.{}{latin_ending}.{tag}@demo.test", given.1, family.1),
            phone,
            dice: dice.clone(),
        }
    }

    pub fn registration(&self, account_id: AccountId) -> Registration {
        let sound = "demo words are acceptable to the domain";
        Registration {
            account_id,
            role: self.role,
            by_admin: self.role.is_staff(),
            email: Email::parse(&self.email).expect(sound),
            name: PersonName::parse(&self.name).expect(sound),
            nickname: Nickname::parse(&self.nickname).expect(sound),
            phone: self.phone.as_deref().map(|phone| Phone::parse(phone).expect(sound)),
            locale: self.locale,
            time_zone: TimeZoneName::parse(self.time_zone).expect(sound),
            terms_version: TERMS_VERSION.to_owned(),
        }
    }

    pub fn fate(&self) -> Fate {
        let mut dice = self.dice.clone();
        let visits = dice.within(0, 3);
        let sign_ins =
            (0..visits).map(|_| (dice.one_of(words::USER_AGENTS), dice.is_within_percent(60))).collect();
        let is_suspended = dice.is_within_percent(3);
        Fate {
            verifies: dice.is_within_percent(92),
            tells: self.role == Role::Teacher || dice.is_within_percent(90),
            sign_ins,
            forgets_password: dice.is_within_percent(4),
            new_email: dice.is_within_percent(5).then(|| format!("new.{}", self.email)),
            suspended: is_suspended.then(|| dice.one_of(words::SUSPENSIONS)),
            reinstated: is_suspended && dice.is_within_percent(30),
        }
    }
}

/// Numbers that ring nowhere: +7 000 is not allotted, +44 20 7946 0xxx is kept for fiction (Ofcom).
pub(super) fn phone(dice: &mut Dice, locale: Locale) -> String {
    match locale {
        Locale::Ru => format!("+7000{:07}", dice.within(0, 9_999_999)),
        Locale::En => format!("+44207946{:04}", dice.within(0, 999)),
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
            let person = Person::of(u32::MAX, number);
            let registration = person.registration(nobody());
            assert!(registration.nickname.as_str().starts_with("demo-"));
            assert!(registration.email.as_str().ends_with("@demo.test"));
            if let Some(email) = person.fate().new_email {
                Email::parse(&email).unwrap();
            }
        }
        for role in Role::ALL.iter().copied() {
            Person::of_role(role).registration(nobody());
        }
    }

    #[test]
    fn nobody_in_a_school_shares_an_address_or_a_nickname() {
        let people: Vec<_> = (1..=2_000).map(|number| Person::of(1, number)).collect();
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
