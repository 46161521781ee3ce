//! Faults: parts of an installation die, hang, answer wrongly or lose their connection.

mod crm;
mod deployments;
mod insistent;
mod kills;
mod lessons;
mod live;
mod moves;
mod promises;
mod requests;
mod restarts;
mod seeds;
mod silence;
mod storage;
mod verdict;
