//! Runs one bench against DATABASE_URL and NATS_URL and prints its lines.

use bench::{Options, Progress, Target, names, run};

#[tokio::main]
#[expect(clippy::disallowed_macros, clippy::disallowed_methods, reason = "a program of its own")]
async fn main() -> anyhow::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let Some(name) = arguments.next() else { anyhow::bail!("one of {:?}", names()) };
    let rounds = arguments.next().map_or(Ok(5), |text| text.parse())?;
    let events = arguments.next().map(|text| text.parse()).transpose()?;
    let target = Target {
        database_url: std::env::var("DATABASE_URL")?,
        nats_url: std::env::var("NATS_URL").ok(),
        up: None,
        progress: Progress::default(),
    };
    for line in run(&name, target, Options { rounds, events }).await? {
        println!("{line}");
    }
    Ok(())
}
