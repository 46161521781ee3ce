//! Counters of the forwarding unit, shared by its tasks and read by `/metrics`.

use std::sync::atomic::{AtomicU64, Ordering};

/// A counter as `/metrics` shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counted {
    pub name: &'static str,
    pub help: &'static str,
    pub value: u64,
}

macro_rules! counters {
    ($(#[doc = $help:literal] $name:ident),+ $(,)?) => {
        /// Sums since the start of the node.
        #[derive(Debug, Default)]
        pub struct Counters { $(#[doc = $help] pub $name: AtomicU64,)+ }

        impl Counters {
            /// Returns all counters.
            pub fn all(&self) -> Vec<Counted> {
                vec![$(Counted {
                    name: stringify!($name),
                    help: $help.trim_ascii(),
                    value: self.$name.load(Ordering::Relaxed),
                },)+]
            }
        }
    };
}

counters! {
    /// Datagrams that a participant has sent us.
    packets_in,
    /// Bytes of these datagrams.
    bytes_in,
    /// Datagrams that we have sent to participants.
    packets_out,
    /// Bytes of these datagrams.
    bytes_out,
    /// Datagrams of unknown origin.
    strangers,
    /// Packets that a full queue of ours dropped.
    dropped,
    /// Requests of receivers for packets that they lack.
    nacks_in,
    /// Our requests to publishers for packets that we lack.
    nacks_out,
    /// Requests of receivers for a key frame.
    plis_in,
    /// Our requests to publishers for a key frame.
    plis_out,
    /// Packets that we sent again because a receiver lacks them.
    repeated_out,
    /// Bytes of these packets, without encryption and headers of lower layers.
    repeated_bytes,
    /// Reports of receivers on what was lost on the way down.
    loss_down_reports,
    /// Sum of the shares in these reports, in thousandths.
    loss_down_permille,
    /// Our reports to publishers on what was lost on the way up.
    loss_up_reports,
    /// Sum of the shares in these reports, in thousandths.
    loss_up_permille,
    /// Changes of the layer that a receiver gets.
    layer_changes,
    /// Layers that a receiver's network had no room for.
    bandwidth_lowered,
    /// Layers that it has room for again.
    bandwidth_raised,
    /// Media connections that were connected.
    connected,
    /// Media connections that failed.
    failed,
}

/// Adds to a counter.
pub fn add(counter: &AtomicU64, count: u64) {
    counter.fetch_add(count, Ordering::Relaxed);
}
