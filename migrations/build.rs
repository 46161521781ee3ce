//! Compiles the migrations anew when a file comes or goes.

#[expect(clippy::disallowed_macros, reason = "a build script speaks to cargo on stdout")]
fn main() {
    println!("cargo:rerun-if-changed=.");
}
