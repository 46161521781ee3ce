//! Authorizes each route by the permission table, and applies the rate limit of the account.

use axum::extract::{MatchedPath, Request, State};
use axum::http::Method;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use domain::Role;

use super::caller::Caller;
use super::problem::Problem;
use super::{BASE, origin};
use crate::app::AppState;
use crate::auth::permissions::{Access, RULES, find_rule};

impl Access {
    /// Returns the role that permits the request. `None` if no role is needed.
    ///
    /// # Errors
    /// `unauthenticated` (401) without a session.
    /// `account_suspended` or `forbidden` (403) without permission.
    pub fn permit(self, caller: Option<&Caller>) -> Result<Option<Role>, Problem> {
        if self == Access::Anyone {
            return Ok(None);
        }
        let caller = caller.ok_or_else(|| Problem::new("unauthenticated"))?;
        if caller.person.suspended && self != Access::EvenSuspended {
            return Err(Problem::new("account_suspended"));
        }
        match self {
            Access::Anyone | Access::SignedIn | Access::EvenSuspended => Ok(caller.role),
            Access::Roles(roles) => {
                let role = roles.iter().copied().find(|role| caller.has_role(*role));
                role.map(Some).ok_or_else(|| Problem::new("forbidden"))
            }
        }
    }
}

/// Middleware of each route: finds the caller, checks the permission table, and applies the rate limit.
pub async fn authorize(
    State(app): State<AppState>,
    mut request: Request,
    next: Next,
) -> Result<Response, Problem> {
    let path = request.extensions().get::<MatchedPath>().cloned();
    let path = path.as_ref().and_then(|path| path.as_str().strip_prefix(BASE)).unwrap_or_default();
    let Some(rule) = find_rule(request.method(), path) else {
        // Reached for a method that the path does not have, and for a route that is missing in the table.
        let known = RULES.iter().any(|rule| rule.path == path);
        if !known {
            tracing::error!(path, "route missing in the permission table");
        }
        return Err(Problem::new(if known { "method_not_allowed" } else { "forbidden" }));
    };
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    // A mutation that needs no account never acts for one, even if a cookie is sent.
    let mut caller = if rule.who == Access::Anyone && !reads {
        None
    } else {
        Caller::find(&app, request.headers()).await?
    };
    let role = rule.who.permit(caller.as_ref())?;
    let Some(caller) = caller.as_mut() else { return Ok(next.run(request).await) };
    caller.role = role.or(caller.role);
    if caller.by_cookie && !reads {
        let settings = &app.settings;
        origin::check_origin(request.headers(), &settings.allowed_origins, settings.cookie_secure)?;
    }
    let allowance = app.limits.take_for_account(caller.account_id);
    let mut response = match allowance.require() {
        Ok(()) => {
            request.extensions_mut().insert(caller.clone());
            next.run(request).await
        }
        Err(problem) => problem.into_response(),
    };
    allowance.write_if_absent(response.headers_mut());
    Ok(response)
}
