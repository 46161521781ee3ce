//! Memory of a process.

/// Peak memory of this process since the last [`forget_peak`], in MiB; 0 without /proc.
pub(crate) fn peak_mib() -> f64 {
    read_figure("self", "VmHWM:")
}

/// Present memory of a process, in MiB; 0 without /proc.
pub(crate) fn now_mib(pid: u32) -> f64 {
    read_figure(&pid.to_string(), "VmRSS:")
}

/// Present anonymous memory of a process, in KiB; 0 without /proc.
/// Excludes mapped files, and freed memory that the kernel has not taken back yet.
pub(crate) fn anonymous_kib(pid: u32) -> f64 {
    let rollup = std::fs::read_to_string(format!("/proc/{pid}/smaps_rollup")).unwrap_or_default();
    kib(&rollup, "Anonymous:") - kib(&rollup, "LazyFree:")
}

fn read_figure(process: &str, figure: &str) -> f64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    kib(&status, figure) / 1024.0
}

fn kib(text: &str, figure: &str) -> f64 {
    let line = text.lines().find_map(|line| line.strip_prefix(figure));
    line.and_then(|rest| rest.split_whitespace().next()?.parse().ok()).unwrap_or(0.0)
}

/// Resets the peak (proc(5), clear_refs).
pub(crate) fn forget_peak() {
    // Without the permission the older peak stays: the figure is then too high, never too low.
    let _ = std::fs::write("/proc/self/clear_refs", "5");
}
