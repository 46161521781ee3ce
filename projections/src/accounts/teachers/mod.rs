//! Catalogue of teachers.

mod apply;
mod counters;
mod filter;
mod model;
mod queries;
mod statements;

use domain::accounts::Education;
use domain::{AccountId, Currency, Money, StreamVersion};
use jiff::Timestamp;
use serde::Serialize;
use sqlx::types::Json;
use uuid::Uuid;

use super::status::AccountStatus;

pub use filter::{TeacherFilter, TeacherSort};
pub use model::TeacherCardsReadModel;
pub use queries::{CatalogueCard, count_teachers, teacher, teacher_card, teachers, teachers_plan};

/// Teacher in the catalogue. It is public and has no contact data.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TeacherRow {
    pub account_id: AccountId,
    pub status: AccountStatus,
    pub is_teacher: bool,
    pub name: Option<String>,
    pub nickname: Option<String>,
    /// Object id of the picture.
    pub avatar: Option<Uuid>,
    pub bio: Option<String>,
    pub locale: String,
    pub time_zone: String,
    pub city: Option<String>,
    pub country: Option<String>,
    pub subjects: Vec<String>,
    pub goals: Vec<String>,
    pub grades: Vec<String>,
    pub formats: Vec<String>,
    pub lesson_types: Vec<String>,
    /// In minutes.
    pub durations: Vec<i16>,
    pub experience: Option<String>,
    pub experience_years: Option<i16>,
    pub teacher_type: Option<String>,
    pub education: Option<Json<Education>>,
    pub offline_available: bool,
    pub takes_requests: bool,
    /// In minor units of `currency`; see [`TeacherRow::price`].
    pub hourly_rate: Option<i64>,
    pub currency: Option<String>,
    /// Mean of the reviews, 1 to 5; `None` without reviews.
    pub rating: Option<f64>,
    pub reviews_count: i32,
    pub lessons_count: i32,
    /// Number of different students who came to a held lesson.
    pub students_count: i32,
    pub created_at: Timestamp,
    /// Stream version of the last event that changed the card.
    pub version: StreamVersion,
}

impl TeacherRow {
    /// Returns the price of one hour.
    pub fn price(&self) -> Option<Money> {
        let currency = self.currency.as_deref().and_then(Currency::parse)?;
        Some(Money { amount: self.hourly_rate?, currency })
    }

    /// Returns whether the catalogue shows the card.
    fn is_shown(&self) -> bool {
        self.is_teacher && self.status == AccountStatus::Active
    }
}
