//! One figure, as printed and as stored.

use std::fmt;

use serde::Serialize;

/// A figure, its peer from the same run, and its goal.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ResultLine {
    pub name: String,
    pub figure: f64,
    /// Unit: `commands/s`, `events/s`, `ms`, `MiB` …
    pub unit: &'static str,
    /// Factor to the peer's figure, and name of the peer.
    pub ratio: Option<(f64, String)>,
    /// Goal of the figure; empty if there is none.
    pub goal: &'static str,
}

impl ResultLine {
    /// A figure without a peer.
    pub fn new(name: impl Into<String>, figure: f64, unit: &'static str) -> Self {
        Self { name: name.into(), figure, unit, ratio: None, goal: "" }
    }

    /// Adds a peer's figure in the same unit. A figure of 0 has no ratio.
    #[must_use]
    pub fn beside(mut self, peer: impl Into<String>, figure: f64) -> Self {
        self.ratio = (figure != 0.0).then(|| (self.figure / figure, peer.into()));
        self
    }

    #[must_use]
    pub fn goal(mut self, goal: &'static str) -> Self {
        self.goal = goal;
        self
    }
}

impl fmt::Display for ResultLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let figure = format!("{} {}", grouped(self.figure), self.unit);
        let (ratio, peer) = match &self.ratio {
            Some((ratio, peer)) => (format!("{ratio:.1}×"), peer.as_str()),
            None => (String::new(), ""),
        };
        write!(f, "{:<44} {figure:>20} {ratio:>7}  {peer:<34} {}", self.name, self.goal)?;
        Ok(())
    }
}

/// `13,804`; below a hundred with its decimals.
fn grouped(figure: f64) -> String {
    if figure < 100.0 {
        return format!("{figure:.1}");
    }
    let digits = format!("{figure:.0}");
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index) % 3 == 0 {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_names_figure_ratio_peer_and_goal() {
        let line = ResultLine::new("append", 13_804.2, "commands/s").beside("stock", 1_992.0).goal("≥ 5×");
        let text = line.to_string();
        for part in ["append", "13,804 commands/s", "6.9×", "stock", "≥ 5×"] {
            assert!(text.contains(part), "{text:?} lacks {part:?}");
        }
    }
}
