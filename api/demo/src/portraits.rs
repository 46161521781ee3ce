//! Drawn portraits of demo people, which stand for the pictures that people upload. `web/tools/portraits.ts` draws them.

use domain::{AccountId, ObjectId, Role};
use uuid::Uuid;

use super::person::Person;

macro_rules! portraits {
    ($name:literal: $($number:literal)*) => {
        &[$(include_bytes!(concat!("../portraits/", $name, "-", $number, ".webp"))),*]
    };
}

const WOMEN: &[&[u8]] = portraits!("woman": "01" "02" "03" "04" "05" "06" "07" "08" "09" "10" "11" "12");
const MEN: &[&[u8]] = portraits!("man": "01" "02" "03" "04" "05" "06" "07" "08" "09" "10" "11" "12");

/// Portrait of a demo person, a WebP picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Portrait {
    pub account_id: AccountId,
    pub object_id: ObjectId,
    pub bytes: &'static [u8],
}

/// Portraits that are free. No two people share one.
pub(super) struct Portraits {
    women: std::slice::Iter<'static, &'static [u8]>,
    men: std::slice::Iter<'static, &'static [u8]>,
}

impl Portraits {
    pub fn new() -> Self {
        Self { women: WOMEN.iter(), men: MEN.iter() }
    }

    /// Gives a person a portrait: all teachers as long as there are some, and every sixth other person.
    pub fn take(&mut self, person: &Person, account_id: AccountId) -> Option<Portrait> {
        let is_chosen = person.role == Role::Teacher || account_id.uuid().as_bytes()[0].is_multiple_of(6);
        let left = if person.is_woman? { &mut self.women } else { &mut self.men };
        let bytes = is_chosen.then(|| left.next()).flatten()?;
        let object_id = ObjectId(Uuid::new_v5(&account_id.uuid(), b"portrait"));
        Some(Portrait { account_id, object_id, bytes })
    }
}
