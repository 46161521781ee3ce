//! Head of the API document: title, licence, shared schemas.

use utoipa::OpenApi;

use super::problem;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Kafedra",
        description = "An online tutoring school. Every mutation answers with `X-Log-Position`; send it as \
            `Min-Log-Position` to read your own writes. Every error is `application/problem+json`.",
        license(name = "Apache-2.0", identifier = "Apache-2.0"),
    ),
    components(schemas(problem::ProblemBody, problem::FieldError))
)]
pub(super) struct Document;
