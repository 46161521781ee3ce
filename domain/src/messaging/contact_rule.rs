//! The rule who may write to whom.

use std::collections::BTreeSet;

use crate::actor::Role;

/// Ties of two people, besides their roles.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ties {
    /// They have, or had, a seat in one lesson or a place in one class, or one teaches the other there.
    pub lesson_or_class: bool,
    /// The sender is a teacher who was asked by a lesson request of the recipient.
    pub request: bool,
    /// They have a conversation already.
    pub conversation: bool,
}

/// Returns true if a person with these roles may open a conversation with the other one.
///
/// Staff write to all people, a student to every teacher, and people to those with whom they have something to do.
/// Who is online is shown to people who share a conversation, so this rule decides about that too.
pub fn may_write(sender: &BTreeSet<Role>, recipient: &BTreeSet<Role>, ties: Ties) -> bool {
    let is_to_teacher = sender.contains(&Role::Student) && recipient.contains(&Role::Teacher);
    let is_answer = sender.contains(&Role::Teacher) && ties.request;
    let is_staff = sender.iter().any(|role| role.is_staff());
    is_staff || is_to_teacher || is_answer || ties.lesson_or_class || ties.conversation
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strangers_write_to_teachers_only() {
        let roles = |role| BTreeSet::from([role]);
        for sender in Role::ALL.iter().copied() {
            for recipient in Role::ALL.iter().copied() {
                let expected = sender.is_staff() || (sender, recipient) == (Role::Student, Role::Teacher);
                let may = |ties| may_write(&roles(sender), &roles(recipient), ties);
                assert_eq!(may(Ties::default()), expected, "{sender} to {recipient}");
                assert!(may(Ties { lesson_or_class: true, ..Ties::default() }));
                assert!(may(Ties { conversation: true, ..Ties::default() }));
                let asked = may(Ties { request: true, ..Ties::default() });
                assert_eq!(asked, expected || sender == Role::Teacher, "{sender} to {recipient}");
            }
        }
    }
}
