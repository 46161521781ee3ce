//! Lists as files: negotiates the format, and streams the rows while they are read.

use std::future::ready;
use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::http::header::{ACCEPT, CONTENT_DISPOSITION, CONTENT_TYPE, VARY};
use axum::http::uri::{PathAndQuery, Uri};
use axum::http::{HeaderMap, HeaderValue, Request};
use axum::response::{IntoResponse, Response};
use futures::stream::try_unfold;
use futures::{Stream, StreamExt, TryStreamExt};
use projection_runtime::paging::Cursor;
use serde::Serialize;

use super::BASE;
use super::negotiation::preferred_media;
use super::problem::Problem;

/// Number of rows of a file that are read at once.
const CHUNK: u32 = 500;

/// Begins each CSV file. Spreadsheets read a file without it in the encoding of the machine.
const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

/// Format of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExportFormat {
    /// One page per response.
    Json,
    Csv,
    /// One JSON object per line.
    NdJson,
}

/// Parameter that replaces `Accept`. Only for the API document: [`accept_format`] reads it.
#[derive(utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "read by accept_format, described here")]
pub struct FormatParam {
    /// Replaces `Accept`, for links and spreadsheets: `json`, `csv`, or `ndjson` where it is offered.
    format: Option<String>,
}

/// Routes with files, by the path under `/api/v1` with `*` for a segment, and whether NDJSON is offered.
const FILES: &[(&str, bool)] = &[
    ("/crm/tickets", false),
    ("/crm/users", false),
    ("/crm/users/*/timeline", false),
    ("/crm/users/*/tickets", false),
    ("/crm/reports", false),
    ("/crm/dashboard", false),
    ("/crm/analytics/*", true),
    ("/crm/analytics/*/drilldown", true),
    ("/audit/events", true),
];

/// Replaces `Accept` by the parameter `format` of a route with files. A value that the route does not offer
/// stays in the query, where it is refused as unknown.
pub fn accept_format<B>(mut request: Request<B>) -> Request<B> {
    if let Some((uri, format)) = take_format(request.uri()) {
        *request.uri_mut() = uri;
        request.headers_mut().insert(ACCEPT, HeaderValue::from_static(format.media_type()));
    }
    request
}

fn take_format(uri: &Uri) -> Option<(Uri, ExportFormat)> {
    let path = uri.path().strip_prefix(BASE)?;
    let segments: Vec<&str> = path.split('/').collect();
    let is_route = |route: &str| {
        let parts: Vec<&str> = route.split('/').collect();
        parts.len() == segments.len()
            && parts.iter().zip(&segments).all(|(part, segment)| *part == "*" || part == segment)
    };
    let (_, offers_lines) = FILES.iter().find(|(route, _)| is_route(route))?;
    let pairs: Vec<(String, String)> = form_urlencoded::parse(uri.query()?.as_bytes()).into_owned().collect();
    let mut given = pairs.iter().filter(|(name, _)| name == "format");
    let format = match (given.next()?.1.as_str(), given.next()) {
        ("json", None) => ExportFormat::Json,
        ("csv", None) => ExportFormat::Csv,
        ("ndjson", None) if *offers_lines => ExportFormat::NdJson,
        _ => return None,
    };
    let rest = pairs.iter().filter(|(name, _)| name != "format");
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(rest).finish();
    let target = if query.is_empty() { uri.path().to_owned() } else { format!("{}?{query}", uri.path()) };
    let mut parts = uri.clone().into_parts();
    parts.path_and_query = Some(PathAndQuery::try_from(target).ok()?);
    Some((Uri::from_parts(parts).ok()?, format))
}

impl ExportFormat {
    /// Selects JSON or one of the `offered` formats by `Accept`. The default is JSON.
    pub fn negotiate(headers: &HeaderMap, offered: &[ExportFormat]) -> ExportFormat {
        let formats: Vec<ExportFormat> = [&[ExportFormat::Json], offered].concat();
        let types: Vec<&str> = formats.iter().map(|format| format.media_type()).collect();
        let preferred = preferred_media(headers, &types);
        formats
            .into_iter()
            .find(|format| Some(format.media_type()) == preferred)
            .unwrap_or(ExportFormat::Json)
    }

    /// Media type without parameters.
    pub fn media_type(self) -> &'static str {
        match self {
            ExportFormat::Json => "application/json",
            ExportFormat::Csv => "text/csv",
            ExportFormat::NdJson => "application/x-ndjson",
        }
    }

    fn content_type(self) -> &'static str {
        match self {
            ExportFormat::Csv => "text/csv; charset=utf-8; header=present",
            ExportFormat::Json | ExportFormat::NdJson => self.media_type(),
        }
    }

    fn extension(self) -> &'static str {
        match self {
            ExportFormat::Json => "json",
            ExportFormat::Csv => "csv",
            ExportFormat::NdJson => "ndjson",
        }
    }
}

/// Responds with a file: first `head`, then the chunks. A CSV file begins with a byte order mark. Only the current chunk is in memory.
/// A later error breaks the connection, so that a client never takes half a file for a whole one.
///
/// # Errors
/// The problem of the first chunk, which still becomes an error response.
pub async fn respond_with_file(
    format: ExportFormat,
    name: &str,
    head: Vec<u8>,
    chunks: impl Stream<Item = Result<Vec<u8>, Problem>> + Send + 'static,
) -> Result<Response, Problem> {
    let mut chunks = Box::pin(chunks);
    let first = chunks.next().await.transpose()?.unwrap_or_default();
    let head = if format == ExportFormat::Csv { [BYTE_ORDER_MARK, &head].concat() } else { head };
    let opening = futures::stream::once(ready(Ok(Bytes::from([head, first].concat()))));
    let rest = chunks.map_ok(Bytes::from).map_err(|problem| std::io::Error::other(problem.code));
    let disposition = format!("attachment; filename=\"{name}.{}\"", format.extension());
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static(format.content_type())),
        (CONTENT_DISPOSITION, HeaderValue::from_str(&disposition).expect("our own names are ASCII")),
        (VARY, HeaderValue::from_static("accept")),
    ];
    Ok((headers, Body::from_stream(opening.chain(rest))).into_response())
}

/// Responds with a CSV file of rows that are in memory.
///
/// # Errors
/// None of its own; the signature is that of [`respond_with_file`].
pub async fn respond_with_rows<const N: usize>(
    name: &str,
    header: [&str; N],
    rows: impl IntoIterator<Item = [String; N]>,
) -> Result<Response, Problem> {
    let lines = format_csv(rows);
    let head = format_csv([header.map(str::to_owned)]);
    respond_with_file(ExportFormat::Csv, name, head, futures::stream::once(ready(Ok(lines)))).await
}

/// Streams the rest of a list page by page. A slow client holds no connection to Postgres.
/// `left` is the maximum number of rows.
pub fn stream_pages<R, E, Fut>(
    after: Option<Cursor>,
    left: Option<u32>,
    read: impl Fn(Option<Cursor>, u32) -> Fut,
) -> impl Stream<Item = Result<Vec<R>, Problem>>
where
    Fut: Future<Output = Result<projection_runtime::paging::Page<R>, E>>,
    Problem: From<E>,
{
    let read = Arc::new(read);
    try_unfold(Some((after, left)), move |next| {
        let read = Arc::clone(&read);
        async move {
            let Some((after, left)) = next else { return Ok(None) };
            let limit = left.map_or(CHUNK, |left| left.min(CHUNK));
            let page = read(after, limit).await?;
            let left = left.map(|left| left - limit);
            let rest = page.next.filter(|_| left != Some(0)).map(|next| (Some(next), left));
            Ok(Some((page.rows, rest)))
        }
    })
}

/// Formats rows as CSV (RFC 4180). Cells that a spreadsheet would run as formulas are escaped.
pub fn format_csv<const N: usize>(rows: impl IntoIterator<Item = [String; N]>) -> Vec<u8> {
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    for row in rows {
        writer.write_record(row.map(escape_formula)).expect("rows of one list have equally many cells");
    }
    writer.into_inner().expect("memory takes what is written")
}

/// Formats rows as JSON, one per line.
pub fn format_json_lines<T: Serialize>(rows: &[T]) -> Vec<u8> {
    let mut lines = Vec::new();
    for row in rows {
        serde_json::to_writer(&mut lines, row).expect("rows are made of texts and numbers");
        lines.push(b'\n');
    }
    lines
}

/// Escapes what a spreadsheet would run as a formula, such as `=…` (OWASP, CSV injection): at the beginning of a
/// cell, and behind each character at which a spreadsheet in another language begins a cell.
fn escape_formula(cell: String) -> String {
    let mut escaped = String::with_capacity(cell.len());
    for part in cell.split_inclusive([';', '\t', '\r', '\n']) {
        let first = part.trim_start_matches([' ', '"']).chars().next();
        if matches!(first, Some('=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '＝' | '＋' | '－' | '＠')) {
            escaped.push('\'');
        }
        escaped.push_str(part);
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_format_that_is_not_offered_is_json() {
        let headers = [(axum::http::header::ACCEPT, HeaderValue::from_static("application/x-ndjson"))];
        let headers = headers.into_iter().collect();
        assert_eq!(ExportFormat::negotiate(&headers, &[ExportFormat::Csv]), ExportFormat::Json);
        assert_eq!(ExportFormat::negotiate(&headers, &[ExportFormat::NdJson]), ExportFormat::NdJson);
    }

    #[test]
    fn a_parameter_replaces_the_header_where_a_route_has_files() {
        let taken = |text: &str| {
            take_format(&text.parse().unwrap()).map(|(uri, format)| (uri.to_string(), format.extension()))
        };
        let expected = |uri: &str, format| Some((uri.to_owned(), format));
        assert_eq!(
            taken("/api/v1/crm/tickets?q=a%26b&format=csv&limit=2"),
            expected("/api/v1/crm/tickets?q=a%26b&limit=2", "csv")
        );
        let report = "/api/v1/crm/analytics/sla";
        assert_eq!(taken(&format!("{report}?format=ndjson")), expected(report, "ndjson"));
        for other in [
            "/api/v1/crm/tickets?format=ndjson",
            "/api/v1/crm/tickets?format=xlsx",
            "/api/v1/crm/tickets?format=csv&format=json",
            "/api/v1/crm/tickets/7?format=csv",
            "/api/v1/lessons?format=csv",
            "/api/v1/crm/tickets",
        ] {
            assert_eq!(taken(other), None, "{other}");
        }
    }

    #[test]
    fn no_cell_is_a_formula() {
        let line = format_csv([["=1+1".into(), "+7999".into(), "a,\"b\"".into(), "a-b".into()]]);
        assert_eq!(String::from_utf8(line).unwrap(), "'=1+1,'+7999,\"a,\"\"b\"\"\",a-b\r\n");
        for (cell, escaped) in [("x;=HYPERLINK(1)", "x;'=HYPERLINK(1)"), ("x; @a", "x;' @a"), ("a;b", "a;b")]
        {
            assert_eq!(escape_formula(cell.into()), escaped);
        }
    }
}
