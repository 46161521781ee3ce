//! A series as its teacher sees it.

use domain::scheduling::{AvailabilitySeries, SeriesError, SeriesRule, SeriesState, SlotTerms};
use domain::{AccountId, ClassId, Money, Personal, RefusalError, SeriesId};
use jiff::Timestamp;
use serde::Serialize;

use crate::app::App;
use crate::http::problem::Problem;

/// A series: the rule that holds today, and all that are known with their dates.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct SeriesView {
    #[schema(value_type = uuid::Uuid)]
    id: SeriesId,
    #[schema(value_type = uuid::Uuid)]
    teacher_id: AccountId,
    #[schema(value_type = Option<uuid::Uuid>)]
    class_id: Option<ClassId>,
    /// `active`, or `ended` once no slot follows from today on.
    status: &'static str,
    #[serde(flatten)]
    current: SeriesRuleView,
    /// In order of time; each holds from its date until the next one's.
    rules: Vec<SeriesRuleView>,
    /// Local dates without a slot.
    exceptions: Vec<String>,
    /// Local dates on which something stands in the way; they are tried again every week.
    skipped: Vec<String>,
    /// The first local date without a slot, once it was ended.
    ended_from: Option<String>,
    /// Slots stand open up to and with this local date.
    extended_through: Option<String>,
    version: u64,
}

/// A rule of a series, and the terms of its slots.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[schema(as = SeriesRule)]
pub struct SeriesRuleView {
    /// The local date from which it holds.
    from: String,
    rrule: String,
    /// From where the rule counts: a local time.
    local_start: String,
    /// IANA name of the zone in which it is local.
    time_zone: String,
    duration_minutes: u16,
    subject: String,
    lesson_type: &'static str,
    format: &'static str,
    #[schema(value_type = Object)]
    price: Money,
    capacity: u16,
    min_participants: Option<u16>,
    goals: Vec<String>,
    grades: Vec<String>,
    place: Option<String>,
}

impl SeriesView {
    /// The series of a teacher as the log has it.
    ///
    /// # Errors
    /// There is none, or it is another teacher's.
    pub async fn load(app: &App, id: SeriesId, teacher: AccountId) -> Result<Self, Problem> {
        let loaded = app.bus.load::<AvailabilitySeries>(id).await?;
        let own = loaded.state.state().filter(|series| series.teacher == teacher);
        let series = own.ok_or_else(series_not_found)?;
        Ok(Self::from_state(id, series, loaded.version, app.clock.now()))
    }

    pub fn from_state(id: SeriesId, series: &SeriesState, version: u64, now: Timestamp) -> Self {
        let today = series.today(now);
        let rules: Vec<SeriesRuleView> = series.rules.iter().map(SeriesRuleView::from_rule).collect();
        let held = series.rule_on(today).map(SeriesRuleView::from_rule);
        Self {
            id,
            teacher_id: series.teacher,
            class_id: series.class_id,
            status: if series.is_ended_on(today) { "ended" } else { "active" },
            current: held.expect("a series has a rule from its definition on"),
            rules,
            exceptions: series.exceptions.iter().map(ToString::to_string).collect(),
            skipped: series.skipped.iter().filter(|date| **date >= today).map(ToString::to_string).collect(),
            ended_from: series.ended_from.map(|date| date.to_string()),
            extended_through: series.extended_through.map(|date| date.to_string()),
            version,
        }
    }

    pub fn version(&self) -> u64 {
        self.version
    }
}

impl SeriesRuleView {
    fn from_rule(rule: &SeriesRule) -> Self {
        let SlotTerms {
            subject,
            lesson_type,
            format,
            price,
            capacity,
            min_participants,
            goals,
            grades,
            place,
        } = rule.template.clone();
        Self {
            from: rule.from.to_string(),
            rrule: rule.rrule.clone(),
            local_start: rule.local_start.to_string(),
            time_zone: rule.zone.as_str().to_owned(),
            duration_minutes: rule.duration_minutes,
            subject,
            lesson_type: lesson_type.as_str(),
            format: format.as_str(),
            price,
            capacity,
            min_participants,
            goals,
            grades,
            place: place.and_then(Personal::into_known),
        }
    }
}

/// As the aggregate says it.
pub fn series_not_found() -> Problem {
    SeriesError::NotFound.refusal().into()
}
