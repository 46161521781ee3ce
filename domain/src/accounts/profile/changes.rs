//! Fields of a profile. Every field is optional, and every code is from the dictionary.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::accounts::values::{Locale, Nickname, PersonName, Phone, TimeZoneName};
use crate::money::Money;
use crate::personal::Personal;

/// Declares the changes of a profile, the profile that follows from them, and the names of the fields,
/// from one list, so that the three cannot differ.
macro_rules! profile {
    ($( $(#[$doc:meta])* $field:ident / $variant:ident : $type:ty ),+ $(,)?) => {
        /// New values of some fields.
        #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
        pub struct ProfileChanges {
            $( $(#[$doc])* #[serde(default, skip_serializing_if = "Option::is_none")] pub $field: Option<$type>, )+
        }

        /// Name of a field.
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum ProfileField { $( $variant, )+ }

        impl ProfileField {
            pub const ALL: &'static [ProfileField] = &[$( ProfileField::$variant, )+];

            pub fn as_str(self) -> &'static str {
                match self { $( ProfileField::$variant => stringify!($field), )+ }
            }

            /// Returns the field with this name.
            pub fn parse(name: &str) -> Option<Self> {
                match name { $( stringify!($field) => Some(ProfileField::$variant), )+ _ => None }
            }
        }

        impl ProfileChanges {
            /// Returns the fields that have a value here.
            pub fn fields(&self) -> Vec<ProfileField> {
                let mut fields = Vec::new();
                $( if self.$field.is_some() { fields.push(ProfileField::$variant); } )+
                fields
            }

            /// Sets the values of `changes` and empties the fields in `cleared`.
            pub fn absorb(&mut self, changes: ProfileChanges, cleared: &[ProfileField]) {
                $( if changes.$field.is_some() { self.$field = changes.$field; } )+
                for field in cleared {
                    match field { $( ProfileField::$variant => self.$field = None, )+ }
                }
            }

            /// Keeps only what differs from `current`.
            pub fn differing_from(mut self, current: &ProfileChanges) -> Self {
                $( if self.$field == current.$field { self.$field = None; } )+
                self
            }
        }
    };
}

profile! {
    name / Name: Personal<PersonName>,
    nickname / Nickname: Personal<Nickname>,
    locale / Locale: Locale,
    time_zone / TimeZone: TimeZoneName,
    /// Subjects taught or learned (dictionary `subjects`).
    subjects / Subjects: Vec<String>,
    /// Goals served or pursued (dictionary `goals`).
    goals / Goals: Vec<String>,
    /// Personal: a free text about the person, up to 4,000 characters.
    bio / Bio: Personal<String>,
    /// Personal: whole years.
    age / Age: Personal<u8>,
    city / City: Personal<String>,

    // Teachers.
    /// Grades taught: `1`…`11`, `student`, `adult`.
    grades / Grades: Vec<String>,
    /// `beginner`, `experienced`, `professional` for teachers; `beginner`, `intermediate`, `advanced` for
    /// students.
    experience / Experience: String,
    /// Lesson lengths in minutes: 30, 45, 60, 90, 120.
    durations / Durations: Vec<u16>,
    /// `online`, `offline`, `mini_group`.
    formats / Formats: Vec<String>,
    /// `regular`, `trial`.
    lesson_types / LessonTypes: Vec<String>,
    /// Price of one hour.
    hourly_rate / HourlyRate: Money,
    offline_available / OfflineAvailable: bool,
    /// ISO 3166-1 alpha-2.
    country / Country: String,
    /// `true` if the teacher wants students' lesson requests ("overbooking").
    takes_requests / TakesRequests: bool,
    /// `private`, `school`, `both`.
    teacher_type / TeacherType: String,
    /// Whole years of teaching.
    experience_years / ExperienceYears: u8,
    education / Education: Personal<Education>,

    // Students.
    grade / Grade: String,
    school / School: Personal<String>,
    parent_name / ParentName: Personal<PersonName>,
    parent_phone / ParentPhone: Personal<Phone>,
    interests / Interests: Personal<Vec<String>>,
    /// `visual`, `auditory`, `kinesthetic`, `mixed`.
    learning_style / LearningStyle: String,
    preferred_formats / PreferredFormats: Vec<String>,
    preferred_durations / PreferredDurations: Vec<u16>,
}

/// Education of a teacher.
#[derive(Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Education {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub university: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub degree: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub graduation_year: Option<u16>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub courses: Vec<String>,
}

/// Shows nothing, because the value is personal data.
impl fmt::Debug for Education {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Education(…)")
    }
}
