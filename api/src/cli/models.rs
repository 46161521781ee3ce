//! Look-up of read models by name.

use std::sync::Arc;

use projection_runtime::ReadModel;
use projections::read_models;

use super::print_message;

/// Returns the read model with this name. Prints all names if there is none.
pub fn find_model(name: &str) -> Option<Arc<dyn ReadModel>> {
    let models = read_models();
    let found = models.iter().find(|model| model.name() == name).cloned();
    if found.is_none() {
        let mut names: Vec<_> = models.iter().map(|model| model.name()).collect();
        names.sort_unstable();
        print_message(&format!("kafedra: there is no read model {name}; there are: {}", names.join(", ")));
    }
    found
}
