//! Read models of scheduling: the lines for seats, classes.

mod classes;
mod waitlist;

pub use classes::{
    ClassFilter, ClassMember, ClassRow, ClassStatus, Classes, class_slots, classes, has_taught, people,
};
pub use waitlist::{Waitlist, WaitlistPlace, WaitlistRow, place_in_line, places_in_lines};
