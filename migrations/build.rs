//! Compiles the migrations anew when a file comes or goes.

fn main() {
    println!("cargo:rerun-if-changed=.");
}
