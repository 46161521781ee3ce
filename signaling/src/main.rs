//! The program `signaling`: the video service alone.

fn main() {}
