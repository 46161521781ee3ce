//! How much memory a process holds.

/// Memory of this process at its most since the last [`forget_peak`], in MiB; 0 where /proc is not.
pub(crate) fn peak_mib() -> f64 {
    of("self", "VmHWM:")
}

/// Memory of a process at this moment, in MiB; 0 where /proc is not.
pub(crate) fn now_mib(pid: u32) -> f64 {
    of(&pid.to_string(), "VmRSS:")
}

/// What a process has taken for itself at this moment, without the files it maps and without what it has given
/// back to a kernel that has not fetched it yet, in KiB; 0 where /proc is not.
pub(crate) fn anonymous_kib(pid: u32) -> f64 {
    let rollup = std::fs::read_to_string(format!("/proc/{pid}/smaps_rollup")).unwrap_or_default();
    kib(&rollup, "Anonymous:") - kib(&rollup, "LazyFree:")
}

fn of(process: &str, figure: &str) -> f64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    kib(&status, figure) / 1024.0
}

fn kib(text: &str, figure: &str) -> f64 {
    let line = text.lines().find_map(|line| line.strip_prefix(figure));
    line.and_then(|rest| rest.split_whitespace().next()?.parse().ok()).unwrap_or(0.0)
}

/// Lets the peak begin anew (proc(5), clear_refs).
pub(crate) fn forget_peak() {
    // Where it is not allowed, the older peak stands: the figure is then too high, never too low.
    let _ = std::fs::write("/proc/self/clear_refs", "5");
}
