//! Progress of long work on stderr: a bar on a terminal, else a line every five seconds.

use std::io::{IsTerminal, stderr};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

use super::print_message;

/// Pause between two plain lines.
const LINE_INTERVAL: Duration = Duration::from_secs(5);

/// The progress of one piece of work on stderr.
pub struct ProgressReporter {
    noun: &'static str,
    bar: ProgressBar,
    is_terminal: bool,
    last_line: Mutex<Instant>,
}

impl ProgressReporter {
    /// Work on `total` things called `noun` ("people").
    pub fn new(total: u64, noun: &'static str) -> Self {
        let is_terminal = stderr().is_terminal();
        let bar = if is_terminal { ProgressBar::new(total) } else { ProgressBar::hidden() };
        bar.set_length(total);
        let template = "{bar:40} {human_pos}/{human_len} {msg}, {per_sec}, {eta} left";
        bar.set_style(ProgressStyle::with_template(template).expect("the template is valid"));
        bar.set_message(noun);
        Self { noun, bar, is_terminal, last_line: Mutex::new(Instant::now()) }
    }

    /// Counts one more finished item.
    pub fn increment(&self) {
        self.bar.inc(1);
        self.print_line();
    }

    /// Sets the number of finished items and of all items.
    pub fn set_position(&self, done: u64, total: u64) {
        self.bar.set_length(total);
        self.bar.set_position(done);
        self.print_line();
    }

    /// Removes the bar.
    pub fn finish(&self) {
        self.bar.finish_and_clear();
    }

    fn print_line(&self) {
        if self.is_terminal {
            return;
        }
        let mut last = self.last_line.lock().expect("no holder of this lock panics");
        if last.elapsed() >= LINE_INTERVAL {
            *last = Instant::now();
            print_message(&format!(
                "{} of {} {}",
                self.bar.position(),
                self.bar.length().unwrap_or(0),
                self.noun
            ));
        }
    }
}
