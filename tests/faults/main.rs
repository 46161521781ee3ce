//! What survives when parts of a school die, hang, lie or lose their line.

mod crm;
mod insistent;
mod kills;
mod lessons;
mod live;
mod moves;
mod promises;
mod requests;
mod restarts;
mod seeds;
mod storage;
mod verdict;
