//! `GET /crm/users`: everybody, filtered and sorted, as pages or as a CSV file.

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use futures::TryStreamExt;
use projections::accounts::AccountStatus;
use projections::crm::{self, UserFilter, UserSort, UserType};
use serde::Deserialize;

use super::view::{UserView, reader};
use crate::app::Shared;
use crate::http::caller::Caller;
use crate::http::crm::as_of::View;
use crate::http::export_format::{Form, csv_lines, file, pages};
use crate::http::freshness::MinPosition;
use crate::http::page::{ListQuery, Moment, Page, PageParams, chosen};
use crate::http::problem::Problem;
use crate::http::request::RequestContext;

/// Which users.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Filter {
    /// `student`, `teacher` or `staff`.
    r#type: Option<String>,
    /// `active`, `suspended` or `erased`.
    status: Option<String>,
    /// Words of name or nickname; for support and admins also of e-mail and phone.
    q: Option<String>,
    #[param(value_type = Option<String>, format = DateTime)]
    registered_from: Option<Moment>,
    /// Not included.
    #[param(value_type = Option<String>, format = DateTime)]
    registered_to: Option<Moment>,
    /// `registered_at`, `last_active_at`, `name`, `tickets_open`; with `-` the other way round.
    sort: Option<String>,
    /// Shows everybody as they were at this instant.
    #[param(value_type = Option<String>, format = DateTime)]
    as_of: Option<Moment>,
}

/// Everybody in the CRM. As `text/csv` all of them, unless a limit is given.
#[utoipa::path(
    get,
    path = "/crm/users",
    operation_id = "crm_users",
    tag = "crm",
    params(Filter, PageParams),
    responses((status = 200, content((Page<UserView> = "application/json"), (String = "text/csv")))),
)]
pub async fn users(
    State(app): State<Shared>,
    caller: Caller,
    request: RequestContext,
    fresh: MinPosition,
    headers: HeaderMap,
    query: ListQuery<Filter>,
) -> Result<Response, Problem> {
    let (filter, sort) = query.filter.meant()?;
    let after = query.place()?;
    let view = View::of(&app, fresh, query.filter.as_of, &["crm_users"]).await?;
    let position = view.position;
    let reader = reader(&caller, request.language);
    match Form::wanted(&headers, &[Form::Csv]) {
        Form::Csv => {
            let rows = pages(after, query.limit_given.then_some(query.limit), move |after, limit| {
                let (view, filter) = (view.clone(), filter.clone());
                async move { crm::users(view.lend().await?.db(), &filter, sort, reader, after, limit).await }
            });
            let lines = rows.map_ok(|rows| csv_lines(rows.into_iter().map(|user| cells(user.into()))));
            let file = file(Form::Csv, "users", csv_lines([HEAD.map(str::to_owned)]), lines).await?;
            Ok((position, file).into_response())
        }
        Form::Json | Form::NdJson => {
            let mut lent = view.lend().await?;
            let page = crm::users(lent.db(), &filter, sort, reader, after, query.limit).await?;
            let total = match query.with_total {
                true => Some(crm::count_users(lent.db(), &filter, reader).await?),
                false => None,
            };
            Ok((position, Json(Page::read(page).with_total(total).map(UserView::from))).into_response())
        }
    }
}

impl Filter {
    fn meant(&self) -> Result<(UserFilter, UserSort), Problem> {
        let filter = UserFilter {
            kind: chosen("type", self.r#type.as_deref(), UserType::parse)?,
            status: chosen("status", self.status.as_deref(), AccountStatus::parse)?,
            q: self.q.clone(),
            registered_from: self.registered_from.map(|moment| moment.0),
            registered_to: self.registered_to.map(|moment| moment.0),
        };
        let sort = chosen("sort", self.sort.as_deref(), UserSort::parse)?.unwrap_or_default();
        Ok((filter, sort))
    }
}

const HEAD: [&str; 14] = [
    "id",
    "name",
    "nickname",
    "email",
    "phone",
    "type",
    "status",
    "roles",
    "subjects",
    "registered_at",
    "last_active_at",
    "lessons_completed",
    "rating",
    "tickets_open",
];

fn cells(user: UserView) -> [String; 14] {
    [
        user.id.to_string(),
        user.name,
        user.nickname.unwrap_or_default(),
        user.email.unwrap_or_default(),
        user.phone.unwrap_or_default(),
        user.r#type.as_str().to_owned(),
        user.status.as_str().to_owned(),
        user.roles.join(" "),
        user.subjects.join(" "),
        user.registered_at.to_string(),
        user.last_active_at.to_string(),
        user.lessons_completed.to_string(),
        user.rating.map(|rating| rating.to_string()).unwrap_or_default(),
        user.tickets_open.to_string(),
    ]
}
