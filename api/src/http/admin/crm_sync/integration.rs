//! Access to the link to the external CRM, and the conversion of its errors to problems.

use std::sync::Arc;

use crm_sync::{CrmIntegration, CrmIntegrationError};

use crate::app::App;
use crate::http::problem::Problem;

pub(super) fn crm_integration(app: &App) -> Result<&Arc<CrmIntegration>, Problem> {
    app.crm.as_ref().ok_or_else(|| Problem::new("crm_not_configured"))
}

impl From<CrmIntegrationError> for Problem {
    fn from(error: CrmIntegrationError) -> Self {
        match error {
            CrmIntegrationError::NotFound => Problem::not_found(),
            CrmIntegrationError::CrmUnavailable { .. } => Problem::new("crm_unavailable"),
            CrmIntegrationError::Database(error) => error.into(),
            CrmIntegrationError::Log(_) => Problem::unavailable(),
            CrmIntegrationError::Dispatch(error) => error.into(),
        }
    }
}
