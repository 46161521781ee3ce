//! How much memory a process holds.

/// Memory of this process at its most since the last [`forget_peak`], in MiB; 0 where /proc is not.
pub(crate) fn peak_mib() -> f64 {
    of("self", "VmHWM:")
}

/// Memory of a process at this moment, in MiB; 0 where /proc is not.
pub(crate) fn now_mib(pid: u32) -> f64 {
    of(&pid.to_string(), "VmRSS:")
}

fn of(process: &str, figure: &str) -> f64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(figure));
    let kib = line.and_then(|rest| rest.split_whitespace().next()?.parse::<f64>().ok());
    kib.unwrap_or(0.0) / 1024.0
}

/// Lets the peak begin anew (proc(5), clear_refs).
pub(crate) fn forget_peak() {
    // Where it is not allowed, the older peak stands: the figure is then too high, never too low.
    let _ = std::fs::write("/proc/self/clear_refs", "5");
}
