//! Series as the API shows it to its teacher.

use domain::scheduling::{AvailabilitySeries, SeriesError, SeriesRule, SeriesState, SlotTerms};
use domain::{AccountId, ClassId, Money, Personal, RefusalError, SeriesId, StreamVersion};
use jiff::Timestamp;
use serde::Serialize;

use crate::app::App;
use crate::http::problem::Problem;

/// Series with its present rule, and all rules with their dates.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Series)]
pub struct SeriesView {
    #[schema(value_type = uuid::Uuid)]
    id: SeriesId,
    #[schema(value_type = uuid::Uuid)]
    teacher_id: AccountId,
    #[schema(value_type = Option<uuid::Uuid>)]
    class_id: Option<ClassId>,
    /// `active`, or `ended` if no slot follows from today onwards.
    status: &'static str,
    #[serde(flatten)]
    current: SeriesRuleView,
    /// Rules in order of time; each holds from its date until the date of the next.
    rules: Vec<SeriesRuleView>,
    /// Local dates without a slot.
    exceptions: Vec<String>,
    /// Local dates with a conflict; they are tried again every week.
    skipped: Vec<String>,
    /// First local date without a slot, if the series was ended.
    ended_from: Option<String>,
    /// Last local date for which slots were opened.
    extended_through: Option<String>,
    #[schema(value_type = u64)]
    version: StreamVersion,
}

/// Rule of a series, with the terms of its slots.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[schema(as = SeriesRule)]
pub struct SeriesRuleView {
    /// Local date from which the rule holds.
    from: String,
    rrule: String,
    /// Local time at which the rule starts.
    local_start: String,
    /// IANA name of the zone of the local times.
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
    /// Loads a series of a teacher from the log.
    ///
    /// # Errors
    /// 404 `series_not_found` if there is none, or it has another teacher.
    pub async fn load(app: &App, id: SeriesId, teacher: AccountId) -> Result<Self, Problem> {
        let loaded = app.bus.load::<AvailabilitySeries>(id).await?;
        let own = loaded.state.state().filter(|series| series.teacher == teacher);
        let series = own.ok_or_else(series_not_found)?;
        Ok(Self::from_state(id, series, loaded.version, app.clock.now()))
    }

    pub fn from_state(id: SeriesId, series: &SeriesState, version: StreamVersion, now: Timestamp) -> Self {
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

    pub fn version(&self) -> StreamVersion {
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

/// Builds the refusal `series_not_found` of the aggregate.
pub fn series_not_found() -> Problem {
    SeriesError::NotFound.refusal().into()
}
