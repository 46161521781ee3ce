//! Memory of an idle socket: the growth of a server's memory with additional sockets.

use std::time::{Duration, Instant};

use tokio::time::sleep;

use crate::error::BenchError;
use crate::resident::anonymous_kib;

const STEPS: usize = 5;
const A_STEP: usize = 200;
/// Additional sockets; the first ones have paid for pools, caches and the allocator's reserve.
pub(super) const MORE: usize = STEPS * A_STEP;
/// Memory is settled if it is stable for so long: freed memory is returned with a delay.
const STILL: Duration = Duration::from_secs(3);
const STILL_KIB: f64 = 64.0;
/// After so long the memory is read as it is.
const STABLE_TIMEOUT: Duration = Duration::from_secs(20);

/// KiB per socket.
pub(super) struct PerSocket {
    /// Slope of the least-squares line through all readings.
    pub slope: f64,
    /// Smallest and largest step.
    pub least: f64,
    pub most: f64,
}

/// `open` opens the socket of a number below [`MORE`] and keeps it.
pub(super) async fn per_socket(
    pid: u32,
    mut open: impl AsyncFnMut(usize) -> Result<(), BenchError>,
) -> Result<PerSocket, BenchError> {
    let mut readings = vec![stable_kib(pid).await];
    for step in 0..STEPS {
        for number in 0..A_STEP {
            open(step * A_STEP + number).await?;
        }
        readings.push(stable_kib(pid).await);
    }
    Ok(through(&readings))
}

fn through(readings: &[f64]) -> PerSocket {
    let steps: Vec<f64> = readings.windows(2).map(|pair| (pair[1] - pair[0]) / A_STEP as f64).collect();
    let middle = (readings.len() - 1) as f64 / 2.0;
    let (mut above, mut below) = (0.0, 0.0);
    for (step, reading) in readings.iter().enumerate() {
        above += (step as f64 - middle) * reading;
        below += (step as f64 - middle).powi(2);
    }
    PerSocket {
        slope: above / below / A_STEP as f64,
        least: steps.iter().copied().fold(f64::INFINITY, f64::min),
        most: steps.iter().copied().fold(f64::NEG_INFINITY, f64::max),
    }
}

async fn stable_kib(pid: u32) -> f64 {
    let begun = Instant::now();
    let (mut kib, mut since) = (anonymous_kib(pid), begun);
    while since.elapsed() < STILL && begun.elapsed() < STABLE_TIMEOUT {
        sleep(Duration::from_millis(200)).await;
        let now = anonymous_kib(pid);
        if (now - kib).abs() > STILL_KIB {
            (kib, since) = (now, Instant::now());
        }
    }
    anonymous_kib(pid)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_that_paid_for_something_else_does_not_make_the_figure() {
        let step = A_STEP as f64;
        let steady = through(&[500.0, 500.0 + 10.0 * step, 500.0 + 20.0 * step, 500.0 + 30.0 * step]);
        assert!((steady.slope - 10.0).abs() < 1e-9 && (steady.least - steady.most).abs() < 1e-9);
        let uneven = through(&[500.0, 500.0, 500.0 + 20.0 * step, 500.0 + 30.0 * step]);
        assert!(uneven.least.abs() < 1e-9 && (uneven.most - 20.0).abs() < 1e-9);
        assert!(uneven.slope > 9.0 && uneven.slope < 12.0, "{}", uneven.slope);
    }
}
