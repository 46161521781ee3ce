//! `GET /me/home`: what the home page of the caller shows.

use axum::Json as Answer;
use axum::extract::State;
use domain::accounts::{completeness, missing};
use domain::{Money, Role};
use jiff::civil::Date;
use jiff::{Span, Timestamp, ToSpan};
use projections::messaging::count_unread_messages;
use projections::notifications::{NotificationFilter, count_notifications};
use projections::scheduling::{
    LessonFilter, LessonRole, LessonSort, LessonStatus, TimeFilter, earnings_of, free_slots_of, lessons_of,
    waitlist_entries_of,
};
use serde::Serialize;

use crate::app::{App, AppState};
use crate::http::caller::Caller;
use crate::http::freshness::MinPosition;
use crate::http::page::{NoFilter, Query};
use crate::http::problem::Problem;
use crate::http::request::RequestContext;
use crate::http::scheduling::lesson_requests::list::list_requests;
use crate::http::scheduling::lesson_requests::view::{LessonRequestView, RequestViewer};
use crate::http::scheduling::lessons::list::view_lessons;
use crate::http::scheduling::lessons::view::{LessonView, Viewer, build_viewer};
use crate::http::scheduling::slots::view::SlotView;
use crate::http::scheduling::waitlist::list::OwnWaitlistEntry;

/// Largest number of entries in each list of the home page.
const ENTRIES_MAX: u32 = 10;
/// Largest number of lessons of one day, and of free slots of a week.
const DAY_MAX: u32 = 50;
const READ_MODELS: [&str; 6] =
    ["slots", "directory", "waitlist", "lesson_requests", "notifications", "conversations"];

/// Home page of the caller.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Home {
    /// Next lessons that are not over, at most 10.
    next_lessons: Vec<LessonView>,
    /// Lessons with a proposal of another time that the caller has to answer, at most 10.
    proposals: Vec<LessonView>,
    /// Seats that are offered to the caller from a waitlist, at most 10.
    offers: Vec<OwnWaitlistEntry>,
    /// Open lesson requests of the caller, at most 10.
    requests: Vec<LessonRequestView>,
    unread: UnreadSums,
    profile: ProfileGaps,
    /// Null for a caller who is not a teacher.
    teacher: Option<TeacherHome>,
}

/// Numbers of unread entries.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct UnreadSums {
    notifications: u64,
    messages: u64,
    /// Number of conversations with unread messages.
    conversations: u64,
}

/// Completeness of the profile.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ProfileGaps {
    /// In whole percent.
    completeness: u8,
    /// Names of empty fields, the most useful first; `avatar` for the picture.
    missing: Vec<&'static str>,
}

/// Part of the home page for teachers. Days and months are those of the teacher's time zone.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct TeacherHome {
    /// Lessons of the present day, also those that are over or cancelled, at most 50.
    today: Vec<LessonView>,
    /// Open lesson requests that the teacher may accept, at most 10.
    requests: Vec<LessonRequestView>,
    /// Free slots of the next seven days, at most 50.
    free_slots: Vec<SlotView>,
    /// Earnings of the present month.
    earnings: MonthEarnings,
}

/// Prices of the seats in a month's lessons, by currency.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct MonthEarnings {
    /// First day of the month.
    #[schema(value_type = String, format = Date)]
    month: Date,
    /// Seats in completed lessons.
    #[schema(value_type = Vec<Object>)]
    held: Vec<Money>,
    /// Seats in lessons that are neither completed nor cancelled.
    #[schema(value_type = Vec<Object>)]
    booked: Vec<Money>,
}

/// Returns what the caller's home page shows.
///
/// Lists that do not concern the caller's roles are empty.
#[utoipa::path(get, path = "/me/home", tag = "me", params(MinPosition),
    responses((status = 200, body = Home)))]
pub async fn get_home(
    State(app): State<AppState>,
    caller: Caller,
    request: RequestContext,
    fresh: MinPosition,
    _: Query<NoFilter>,
) -> Result<Answer<Home>, Problem> {
    fresh.wait_for(&app, &READ_MODELS).await?;
    let (me, now) = (caller.account_id, app.clock.now());
    let viewer = build_viewer(&app, &caller, &request);
    let next = LessonFilter { from: Some(now), ..LessonFilter::default() };
    let proposed = LessonFilter { awaits_answer_at: Some(now), ..LessonFilter::default() };
    let unread = NotificationFilter { unread: true, muted: false };
    let (scheduled, started, proposals, offers, requests, notifications, messages, teacher) = futures::try_join!(
        load_lessons(
            &app,
            viewer,
            LessonFilter { status: Some(LessonStatus::Scheduled), ..next },
            ENTRIES_MAX
        ),
        load_lessons(&app, viewer, LessonFilter { status: Some(LessonStatus::Started), ..next }, ENTRIES_MAX),
        load_lessons(&app, viewer, proposed, ENTRIES_MAX),
        load_offers(&app, &caller, &request),
        list_requests(&app, RequestViewer::Student(&caller), Some("open"), ENTRIES_MAX),
        async { Ok(count_notifications(&app.pool, me, unread).await?) },
        async { Ok(count_unread_messages(&app.pool, me).await?) },
        load_teacher_home(&app, &caller, viewer),
    )?;
    let mut next_lessons = started;
    next_lessons.extend(scheduled);
    next_lessons.truncate(ENTRIES_MAX as usize);
    let person = &caller.person;
    let has_avatar = person.avatar.is_some();
    Ok(Answer(Home {
        next_lessons,
        proposals,
        offers,
        requests,
        unread: UnreadSums {
            notifications,
            messages: messages.messages,
            conversations: messages.conversations,
        },
        profile: ProfileGaps {
            completeness: completeness(&person.roles, &person.profile, has_avatar),
            missing: missing(&person.roles, &person.profile, has_avatar),
        },
        teacher,
    }))
}

async fn load_lessons(
    app: &App,
    viewer: Viewer,
    filter: LessonFilter,
    limit: u32,
) -> Result<Vec<LessonView>, Problem> {
    let page = lessons_of(&app.pool, viewer.person, &filter, LessonSort::Earliest, None, limit).await?;
    view_lessons(app, page.rows, viewer).await
}

/// Loads the waitlist entries with an offered seat.
async fn load_offers(
    app: &App,
    caller: &Caller,
    request: &RequestContext,
) -> Result<Vec<OwnWaitlistEntry>, Problem> {
    let page = waitlist_entries_of(&app.pool, caller.account_id, false, None, DAY_MAX).await?;
    let offered = page.rows.into_iter().filter(|row| row.entry.status == "offered");
    let entries = offered.take(ENTRIES_MAX as usize);
    Ok(entries.map(|row| OwnWaitlistEntry::from_entry(row, request.language)).collect())
}

async fn load_teacher_home(
    app: &App,
    caller: &Caller,
    viewer: Viewer,
) -> Result<Option<TeacherHome>, Problem> {
    if !caller.has_role(Role::Teacher) {
        return Ok(None);
    }
    let (me, now) = (caller.account_id, viewer.now);
    let today = viewer_day(caller, now)?;
    let own = LessonFilter {
        from: Some(today.start),
        to: Some(today.end),
        role: Some(LessonRole::Teacher),
        ..LessonFilter::default()
    };
    let week = TimeFilter { from: Some(now), to: Some(now + Span::new().hours(7 * 24)), status: None };
    let (lessons, requests, free, earned) = futures::try_join!(
        load_lessons(app, viewer, own, DAY_MAX),
        list_requests(app, RequestViewer::Teacher(caller), None, ENTRIES_MAX),
        async { Ok(free_slots_of(&app.pool, me, &week, now, None, DAY_MAX).await?) },
        async { Ok(earnings_of(&app.pool, me, today.month_start, today.month_end).await?) },
    )?;
    Ok(Some(TeacherHome {
        today: lessons,
        requests,
        free_slots: free.rows.iter().map(SlotView::for_participant).collect(),
        earnings: MonthEarnings { month: today.month, held: earned.held, booked: earned.booked },
    }))
}

/// Present day and month of a person.
struct LocalDay {
    start: Timestamp,
    end: Timestamp,
    month: Date,
    month_start: Timestamp,
    month_end: Timestamp,
}

fn viewer_day(caller: &Caller, now: Timestamp) -> Result<LocalDay, Problem> {
    let zone = caller.person.profile.time_zone.clone().unwrap_or_default().zone();
    let date = now.to_zoned(zone.clone()).date();
    let month = date.first_of_month();
    let start_of = |date: Date| {
        date.to_zoned(zone.clone()).map(|zoned| zoned.timestamp()).map_err(|_| Problem::new("internal"))
    };
    Ok(LocalDay {
        start: start_of(date)?,
        end: start_of(date.saturating_add(1.day()))?,
        month,
        month_start: start_of(month)?,
        month_end: start_of(month.saturating_add(1.month()))?,
    })
}
