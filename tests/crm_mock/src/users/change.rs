//! User fields of a request: all at creation, some of them later.

use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::Number;

use super::record::{STATUSES, TYPES};
use super::{User, UserStatus, UserType};
use crate::answer::Refusal;
use crate::record_store::set;
use crate::validate::{Absent, Fields, JsonObject};

/// The fields that a request named; a creation names all required ones.
#[derive(Default)]
pub(crate) struct UserChange {
    name: Option<String>,
    pub email: Option<String>,
    r#type: Option<UserType>,
    status: Option<UserStatus>,
    phone: Option<String>,
    join_date: Option<Date>,
    last_active: Option<Timestamp>,
    subjects: Option<Vec<String>>,
    rating: Option<Number>,
    total_students: Option<u32>,
}

impl UserChange {
    pub fn parse_creation(object: JsonObject) -> Result<Self, Refusal> {
        let mut fields = Fields::new(object, Absent::Refused);
        let change = Self::creation_fields(&mut fields);
        fields.finish()?;
        Ok(change)
    }

    pub fn parse_status(object: JsonObject) -> Result<Self, Refusal> {
        let mut fields = Fields::new(object, Absent::Refused);
        let change = Self { status: fields.word("status", STATUSES), ..Self::default() };
        fields.finish()?;
        Ok(change)
    }

    pub fn parse_patch(object: JsonObject) -> Result<Self, Refusal> {
        let mut fields = Fields::new(object, Absent::Left);
        let change = Self {
            status: fields.word("status", STATUSES),
            last_active: fields.instant("lastActive"),
            rating: fields.rating("rating"),
            total_students: fields.count("totalStudents"),
            ..Self::creation_fields(&mut fields)
        };
        fields.finish()?;
        Ok(change)
    }

    fn creation_fields(fields: &mut Fields) -> Self {
        Self {
            name: fields.text("name", 500),
            email: fields.email("email"),
            r#type: fields.word("type", TYPES),
            phone: fields.text_or_empty("phone", 100),
            subjects: fields.texts("subjects", 1),
            join_date: fields.day("joinDate"),
            ..Self::default()
        }
    }

    pub fn apply(self, user: &mut User) {
        set(&mut user.name, self.name);
        set(&mut user.email, self.email);
        set(&mut user.r#type, self.r#type);
        set(&mut user.status, self.status);
        set(&mut user.phone, self.phone);
        set(&mut user.join_date, self.join_date);
        set(&mut user.last_active, self.last_active);
        set(&mut user.subjects, self.subjects);
        set(&mut user.rating, self.rating.map(Some));
        set(&mut user.total_students, self.total_students);
    }
}
