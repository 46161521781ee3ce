//! Look-up of read models by name.

use std::sync::Arc;

use projection_runtime::ReadModel;

use super::print_message;
use crate::composition::read_models;
use crate::config::Config;

/// Returns the read model with this name. Prints all names if there is none.
pub fn find_model(config: &Config, name: &str) -> Option<Arc<dyn ReadModel>> {
    let models = read_models(config);
    let found = models.iter().find(|model| model.name() == name).cloned();
    if found.is_none() {
        let mut names: Vec<_> = models.iter().map(|model| model.name()).collect();
        names.sort_unstable();
        print_message(&format!("kafedra: there is no read model {name}; there are: {}", names.join(", ")));
    }
    found
}
