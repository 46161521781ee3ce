//! A teacher in the public catalogue.

use domain::accounts::Education;
use domain::{AccountId, Money, ObjectId, SlotId};
use jiff::Timestamp;
use projections::accounts::CatalogueCard;
use projections::scheduling::NextFreeSlot;
use serde::Serialize;

use crate::http::accounts::view::avatar_url;

/// Read models that a card is made from.
pub(super) const MODELS: [&str; 2] = ["teacher_cards", "slots"];

/// A teacher in the public catalogue, without contact data.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct TeacherCard {
    #[schema(value_type = uuid::Uuid)]
    id: AccountId,
    name: Option<String>,
    nickname: Option<String>,
    avatar_url: Option<String>,
    bio: Option<String>,
    time_zone: String,
    city: Option<String>,
    country: Option<String>,
    subjects: Vec<String>,
    goals: Vec<String>,
    grades: Vec<String>,
    formats: Vec<String>,
    lesson_types: Vec<String>,
    /// Minutes.
    durations: Vec<i16>,
    experience: Option<String>,
    experience_years: Option<i16>,
    teacher_type: Option<String>,
    #[schema(value_type = Option<Object>)]
    education: Option<Education>,
    offline_available: bool,
    takes_requests: bool,
    /// Price of one hour: `{amount, currency}`.
    #[schema(value_type = Option<Object>)]
    hourly_rate: Option<Money>,
    /// Average rating, 1 to 5. Null without reviews.
    rating: Option<f64>,
    reviews_count: i32,
    /// Completed lessons that at least one student attended.
    lessons_count: i32,
    /// Distinct students who attended.
    students_count: i32,
    /// Price of the cheapest free slot. Null without a free slot.
    #[schema(value_type = Option<Object>)]
    min_price: Option<Money>,
    /// The next three free slots, in order of time.
    next_free_slots: Vec<FreeSlot>,
}

/// A slot with a seat that can be booked now.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct FreeSlot {
    #[schema(value_type = uuid::Uuid)]
    id: SlotId,
    #[schema(value_type = String, format = DateTime)]
    starts_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    ends_at: Timestamp,
    duration_minutes: i64,
    /// Time zone in which the teacher offered the slot.
    time_zone: String,
    subject: String,
    lesson_type: String,
    format: String,
    /// Price of one seat: `{amount, currency}`.
    #[schema(value_type = Option<Object>)]
    price: Option<Money>,
}

impl From<CatalogueCard> for TeacherCard {
    fn from((row, offers): CatalogueCard) -> Self {
        Self {
            hourly_rate: row.price(),
            id: row.account_id,
            name: row.name,
            nickname: row.nickname,
            avatar_url: row.avatar.map(|object| avatar_url(ObjectId(object))),
            bio: row.bio,
            time_zone: row.time_zone,
            city: row.city,
            country: row.country,
            subjects: row.subjects,
            goals: row.goals,
            grades: row.grades,
            formats: row.formats,
            lesson_types: row.lesson_types,
            durations: row.durations,
            experience: row.experience,
            experience_years: row.experience_years,
            teacher_type: row.teacher_type,
            education: row.education.map(|education| education.0),
            offline_available: row.offline_available,
            takes_requests: row.takes_requests,
            rating: row.rating,
            reviews_count: row.reviews_count,
            lessons_count: row.lessons_count,
            students_count: row.students_count,
            min_price: offers.min_price,
            next_free_slots: offers.next.into_iter().map(FreeSlot::from).collect(),
        }
    }
}

impl From<NextFreeSlot> for FreeSlot {
    fn from(slot: NextFreeSlot) -> Self {
        Self {
            id: slot.id,
            starts_at: slot.starts_at,
            ends_at: slot.ends_at,
            duration_minutes: slot.ends_at.duration_since(slot.starts_at).as_mins(),
            time_zone: slot.zone,
            subject: slot.subject,
            lesson_type: slot.lesson_type,
            format: slot.format,
            price: slot.price,
        }
    }
}
