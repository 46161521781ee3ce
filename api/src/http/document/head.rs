//! Head of the API document: title, licence and shared schemas.

use utoipa::OpenApi;

use crate::http::problem;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Kafedra",
        description = "An online tutoring school. Each mutation returns `X-Log-Position`. Send it as \
        `Min-Log-Position` to read your own writes. Each error is `application/problem+json`.",
        license(name = "Apache-2.0", identifier = "Apache-2.0"),
    ),
    servers((url = "/", description = "This installation")),
    components(schemas(problem::ProblemBody, problem::FieldError))
)]
pub(in crate::http) struct Document;
