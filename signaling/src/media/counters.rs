//! Counters of the forwarding unit, shared by its tasks and read by `/metrics`.

use std::sync::atomic::{AtomicU64, Ordering};

macro_rules! counters {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {
        /// Sums since the start of the node.
        #[derive(Debug, Default)]
        pub struct Counters { $($(#[$doc])* pub $name: AtomicU64,)+ }

        impl Counters {
            /// Returns all counters by name.
            pub fn all(&self) -> Vec<(&'static str, u64)> {
                vec![$((stringify!($name), self.$name.load(Ordering::Relaxed)),)+]
            }
        }
    };
}

counters! {
    packets_in,
    bytes_in,
    packets_out,
    bytes_out,
    /// Datagrams of unknown origin.
    strangers,
    /// Packets that a full queue of ours dropped.
    dropped,
    nacks_in,
    nacks_out,
    plis_in,
    plis_out,
    /// Packets that we sent again because a receiver lacks them.
    repeated_out,
    /// Bytes of these packets, without encryption and headers of lower layers.
    repeated_bytes,
    /// Reports of receivers, and the sum of the shares that each says was lost on the way down.
    loss_down_reports,
    loss_down_permille,
    /// Our reports to publishers, and the sum of the shares that were lost on the way up.
    loss_up_reports,
    loss_up_permille,
    layer_changes,
    /// Layers that a receiver's network had no room for.
    bandwidth_lowered,
    /// Layers that it has room for again.
    bandwidth_raised,
    connected,
    failed,
}

/// Adds to a counter.
pub fn add(counter: &AtomicU64, count: u64) {
    counter.fetch_add(count, Ordering::Relaxed);
}
