//! Arguments of the bench: `[PEOPLE] [SECONDS] [FRAMES] [--rounds N] [--only PART] [--json]`.

/// Extent of a measurement, and the form of its result.
pub struct Arguments {
    pub people: usize,
    pub seconds: u64,
    /// Frames that each person sends in a second.
    pub rate: u32,
    pub rounds: usize,
    /// `crowd`, `room`, `loss`, `resume` or `joins`; all without it. The figures of other parts are missing.
    pub only: Option<String>,
    pub json: bool,
}

impl Arguments {
    /// Returns `true` if this part is measured.
    pub fn has(&self, part: &str) -> bool {
        self.only.as_ref().is_none_or(|only| only == part)
    }

    pub fn read() -> Self {
        let mut read = Self { people: 12, seconds: 8, rate: 50, rounds: 3, only: None, json: false };
        let mut at = 0;
        let mut arguments = std::env::args().skip(1);
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "--json" => read.json = true,
                "--rounds" => read.rounds = arguments.next().expect("a number of rounds").parse().unwrap(),
                "--only" => read.only = Some(arguments.next().expect("a part")),
                number => {
                    match at {
                        0 => read.people = number.parse().unwrap(),
                        1 => read.seconds = number.parse().unwrap(),
                        _ => read.rate = number.parse().unwrap(),
                    }
                    at += 1;
                }
            }
        }
        read
    }
}
