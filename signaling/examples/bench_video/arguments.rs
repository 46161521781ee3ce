//! Arguments of the bench: `[PEOPLE] [SECONDS] [FRAMES] [--rounds N] [--json]`.

/// Extent of a measurement, and the form of its result.
pub struct Arguments {
    pub people: usize,
    pub seconds: u64,
    /// Frames that each person sends in a second.
    pub rate: u32,
    pub rounds: usize,
    pub json: bool,
}

impl Arguments {
    pub fn read() -> Self {
        let mut read = Self { people: 12, seconds: 8, rate: 50, rounds: 3, json: false };
        let mut at = 0;
        let mut arguments = std::env::args().skip(1);
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "--json" => read.json = true,
                "--rounds" => read.rounds = arguments.next().expect("a number of rounds").parse().unwrap(),
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
