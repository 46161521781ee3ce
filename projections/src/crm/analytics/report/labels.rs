//! Labels of the series.

use std::sync::LazyLock;

use domain::accounts::Locale;
use translations::{Catalogue, TextFile, text_file};

const FILES: &[TextFile] = &[text_file!("reports")];

static TEXTS: LazyLock<Catalogue> = LazyLock::new(|| Catalogue::new(FILES));

/// Returns the label of a series. The label of a week or a month is its first day.
pub(super) fn label(key: &str, locale: Locale) -> String {
    TEXTS.label(locale, &format!("series-{key}")).unwrap_or_else(|| key.to_owned())
}

/// Returns what a report counts, in words.
pub(super) fn description(report: &str, locale: Locale) -> String {
    TEXTS.label(locale, &format!("report-{report}")).unwrap_or_else(|| report.to_owned())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::super::definitions::series_of_report;
    use super::super::query::{Report, ReportQuery};
    use super::*;

    /// Returns the keys of the series of a report, in all its definitions and groupings.
    fn keys(report: Report) -> BTreeSet<String> {
        let now = "2026-11-25T12:00:00Z".parse().unwrap();
        let query = ReportQuery::new(report, now, None, Locale::Ru);
        let groupings: Vec<_> =
            std::iter::once(None).chain(report.groupings().iter().map(|by| Some((*by).to_owned()))).collect();
        let queries = (1..=report.newest_definition()).flat_map(|definition| {
            groupings.iter().map(move |by| (definition, by.clone())).collect::<Vec<_>>()
        });
        let series = queries.flat_map(|(definition, by)| {
            series_of_report(&ReportQuery { definition, by, ..query.clone() }, &[])
        });
        series.filter(|def| !def.only_total).map(|def| def.key).collect()
    }

    /// Series of weeks, of months and of ratings are labelled by their key.
    #[test]
    fn every_series_has_a_label_and_no_label_is_unused() {
        let reports = Report::ALL.iter().copied().filter(|report| *report != Report::Retention);
        let keys: BTreeSet<String> = reports.flat_map(keys).collect();
        assert!(keys.len() > 40, "{keys:?}");
        let named = keys.iter().filter(|key| !key.starts_with(|c: char| c.is_ascii_digit()));
        let described = Report::ALL.iter().map(|report| format!("report-{report}"));
        // Groups of a dimension that are codes.
        let groups = ["none", "web", "agent"].map(|group| format!("series-{group}"));
        let used = named.map(|key| format!("series-{key}")).chain(described).chain(groups).collect();
        assert_eq!(TEXTS.compare_ids(&used), Vec::<String>::new());
    }

    #[test]
    fn a_label_is_in_the_language_of_the_reader() {
        assert_eq!([Locale::Ru, Locale::En].map(|locale| label("held", locale)), ["Проведено", "Held"]);
        assert_eq!(label("2026-11-23", Locale::En), "2026-11-23");
    }
}
