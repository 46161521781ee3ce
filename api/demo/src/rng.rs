//! Seeded random numbers: the same seed and number always give the same sequence, in every version.

/// SplitMix64 (Steele, Lea, Flood 2014), with one instance per demo person.
#[derive(Clone, Debug)]
pub(super) struct SeededRng(u64);

impl SeededRng {
    pub fn new(seed: u32, number: u32) -> Self {
        let mut rng = Self(u64::from(seed) << 32 | u64::from(number));
        // Neighbouring numbers start far apart.
        Self(rng.next())
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Returns a number from `low` to `high`, both included.
    pub fn number_between(&mut self, low: u64, high: u64) -> u64 {
        low + self.next() % (high - low + 1)
    }

    /// Returns `true` with a probability of `percent` %.
    pub fn chance_of(&mut self, percent: u64) -> bool {
        self.number_between(1, 100) <= percent
    }

    pub fn choose<T: Copy>(&mut self, items: &[T]) -> T {
        items[self.number_between(0, items.len() as u64 - 1) as usize]
    }

    /// Returns `count` different items in their order, or all if there are fewer.
    pub fn choose_many<T: Copy>(&mut self, items: &[T], count: usize) -> Vec<T> {
        let mut chosen: Vec<usize> = (0..items.len()).collect();
        while chosen.len() > count {
            chosen.remove(self.number_between(0, chosen.len() as u64 - 1) as usize);
        }
        chosen.into_iter().map(|index| items[index]).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_and_number_fall_the_same_way_for_ever() {
        assert_eq!(SeededRng::new(1, 1).next(), SeededRng::new(1, 1).next());
        assert_ne!(SeededRng::new(1, 1).next(), SeededRng::new(1, 2).next());
        assert_ne!(SeededRng::new(1, 2).next(), SeededRng::new(2, 1).next());
    }

    #[test]
    fn chosen_items_are_different_and_stay_in_order() {
        let mut rng = SeededRng::new(3, 4);
        for count in 0..8 {
            let chosen = rng.choose_many(&[1, 2, 3, 4, 5], count);
            assert_eq!(chosen.len(), count.min(5));
            assert!(chosen.is_sorted());
        }
    }
}
