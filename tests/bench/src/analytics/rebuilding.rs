//! Rebuilds by `kafedra rebuild`, each alone and all in one, with the memory of the process.

use std::process::Stdio;
use std::time::{Duration, Instant};

use projections::read_models;
use tokio::process::Command;
use tokio::time::sleep;

use crate::booking::app::MASTER_KEY;
use crate::error::BenchError;
use crate::resident;
use crate::scratch::Scratch;
use crate::target::Target;

pub(super) struct Rebuild {
    pub name: &'static str,
    pub seconds: f64,
    pub peak_mib: f64,
}

/// Rebuilds each read model alone, then all together.
pub(super) async fn rebuild_each_and_all(
    target: &Target,
    scratch: &Scratch,
    events: u64,
) -> Result<(Vec<Rebuild>, Rebuild), BenchError> {
    let mut each = Vec::new();
    for model in read_models() {
        each.push(rebuild(target, scratch, model.name(), events).await?);
    }
    Ok((each, rebuild(target, scratch, "all", events).await?))
}

/// Runs the command, which shows its own progress.
pub(super) async fn rebuild(
    target: &Target,
    scratch: &Scratch,
    name: &'static str,
    events: u64,
) -> Result<Rebuild, BenchError> {
    let up = target.up.as_ref().ok_or(BenchError::Missing("the program `kafedra`"))?;
    let begun = Instant::now();
    let mut child = Command::new(&up.program)
        .args(["rebuild", name])
        .env("DATABASE_URL", &scratch.database.url)
        .env("KAFEDRA_MASTER_KEY", MASTER_KEY.map(|byte| format!("{byte:02x}")).concat())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .kill_on_drop(true)
        .spawn()?;
    let mut peak_mib: f64 = 0.0;
    let status = loop {
        peak_mib = peak_mib.max(child.id().map_or(0.0, resident::now_mib));
        tokio::select! {
            status = child.wait() => break status?,
            () = sleep(Duration::from_millis(100)) => {}
        }
    };
    if !status.success() {
        return Err(BenchError::Wrong(format!("the rebuild of {name} ended: {status}")));
    }
    let seconds = begun.elapsed().as_secs_f64();
    let reached: i64 = sqlx::query_scalar(
        "select min(position) from projection.checkpoints where name = $1 or ($1 = 'all' and name = any($2))",
    )
    .bind(name)
    .bind(read_models().iter().map(|model| model.name()).collect::<Vec<_>>())
    .fetch_one(&mut scratch.connect().await?)
    .await?;
    if reached.unsigned_abs() != events {
        return Err(BenchError::Wrong(format!("{name} ends at {reached} of {events}")));
    }
    Ok(Rebuild { name, seconds, peak_mib })
}
