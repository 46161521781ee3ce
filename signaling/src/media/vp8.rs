//! The payload descriptor of VP8 (RFC 7741): key frames, and the picture numbers that a layer change shifts.

use bytes::{Bytes, BytesMut};

/// Where the numbers of a descriptor are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Descriptor {
    pub key_frame: bool,
    /// First packet of a frame.
    pub starts_frame: bool,
    /// Picture number, its offset, and whether it has 15 bits.
    pub picture: Option<(u16, usize, bool)>,
    /// Number of the base layer's last frame, and its offset.
    pub base_frame: Option<(u8, usize)>,
}

/// Parses the descriptor. Returns `None` if the payload is too short for what it announces.
pub fn parse(payload: &[u8]) -> Option<Descriptor> {
    let first = *payload.first()?;
    let starts = first & 0x10 != 0 && first & 0x07 == 0;
    let mut found = Descriptor { starts_frame: starts, ..Descriptor::default() };
    let mut at = 1;
    if first & 0x80 != 0 {
        let extensions = *payload.get(at)?;
        at += 1;
        if extensions & 0x80 != 0 {
            let high = *payload.get(at)?;
            if high & 0x80 != 0 {
                let low = *payload.get(at + 1)?;
                found.picture = Some((u16::from(high & 0x7f) << 8 | u16::from(low), at, true));
                at += 2;
            } else {
                found.picture = Some((u16::from(high), at, false));
                at += 1;
            }
        }
        if extensions & 0x40 != 0 {
            found.base_frame = Some((*payload.get(at)?, at));
            at += 1;
        }
        if extensions & 0x30 != 0 {
            payload.get(at)?;
            at += 1;
        }
    }
    let head = *payload.get(at)?;
    found.key_frame = starts && head & 0x01 == 0;
    Some(found)
}

/// Returns the payload with other numbers.
pub fn renumber(payload: &Bytes, descriptor: &Descriptor, picture: u16, base_frame: u8) -> Bytes {
    let mut bytes = BytesMut::from(&payload[..]);
    match descriptor.picture {
        Some((_, at, true)) => {
            bytes[at] = 0x80 | (picture >> 8) as u8 & 0x7f;
            bytes[at + 1] = picture as u8;
        }
        Some((_, at, false)) => bytes[at] = picture as u8 & 0x7f,
        None => {}
    }
    if let Some((_, at)) = descriptor.base_frame {
        bytes[at] = base_frame;
    }
    bytes.freeze()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_frame_and_its_numbers_are_read_and_written() {
        let payload = Bytes::from_static(&[0x90, 0xe0, 0x81, 0x02, 0x07, 0x20, 0x00, 1, 2]);
        let descriptor = parse(&payload).unwrap();
        assert!(descriptor.key_frame);
        assert_eq!(descriptor.picture, Some((0x102, 2, true)));
        assert_eq!(descriptor.base_frame, Some((7, 4)));
        let changed = renumber(&payload, &descriptor, 0x7fff, 9);
        let read = parse(&changed).unwrap();
        assert_eq!((read.picture, read.base_frame), (Some((0x7fff, 2, true)), Some((9, 4))));
    }

    #[test]
    fn a_cut_descriptor_is_no_frame() {
        let whole = [0x90, 0xe0, 0x81, 0x02, 0x07, 0x20];
        for end in 0..whole.len() {
            assert_eq!(parse(&whole[..end]), None);
        }
    }
}
