//! From a request to a committed event.
