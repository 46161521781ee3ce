//! Recompiles the crate when a migration file is added or removed.

#[expect(clippy::disallowed_macros, reason = "a build script instructs cargo on stdout")]
fn main() {
    println!("cargo:rerun-if-changed=.");
}
