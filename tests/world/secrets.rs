//! Search for data that must not occur: personal data, passwords, tokens, keys.

use sqlx::{PgPool, Row};

use crate::Person;

/// Texts to search for, each with the name that a finding reports.
#[derive(Clone, Debug, Default)]
pub struct Secrets(Vec<(String, String)>);

impl Secrets {
    /// All personal data of a person.
    pub fn of_person(person: &Person) -> Self {
        let mark = person.nickname.trim_start_matches("nick").to_owned();
        Self::default()
            .and("mark in name, nickname and e-mail", &mark)
            .and("phone", person.phone.trim_start_matches('+'))
            .and("password", &person.password)
    }

    #[must_use]
    pub fn and(mut self, name: &str, needle: &str) -> Self {
        assert!(needle.len() >= 8, "{needle:?} would be found by accident");
        self.0.push((name.to_owned(), needle.to_lowercase()));
        self
    }

    #[must_use]
    pub fn and_all(mut self, others: Secrets) -> Self {
        self.0.extend(others.0);
        self
    }

    /// Names of the texts that occur, as they are or as hexadecimal digits.
    pub fn found_in(&self, text: &str) -> Vec<String> {
        let text = text.to_lowercase();
        let is_in = |needle: &str| text.contains(needle) || text.contains(&hex::encode(needle));
        self.0.iter().filter(|(_, needle)| is_in(needle)).map(|(name, _)| name.clone()).collect()
    }
}

/// Findings in every table of the database, as `schema.table: name`.
///
/// # Panics
/// If the database is unavailable.
pub async fn found_in(pool: &PgPool, needles: &Secrets) -> Vec<String> {
    let tables = "select format('%I.%I', schemaname, tablename) as name from pg_tables
        where schemaname not in ('pg_catalog', 'information_schema')";
    let mut finds = Vec::new();
    for table in sqlx::query(tables).fetch_all(pool).await.expect("the database answers") {
        let name: String = table.get("name");
        let rows = format!("select t::text as line from {name} t");
        for row in sqlx::query(&rows).fetch_all(pool).await.expect("every table can be read") {
            let line: String = row.get("line");
            finds.extend(needles.found_in(&line).into_iter().map(|find| format!("{name}: {find}")));
        }
    }
    finds
}
