//! Detection of the kind of a file by its content, from a closed list; the name and the media type that the
//! client sends do not count.

use std::io::Read;

/// Kind of a file that may be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FileKind {
    /// Image that is encoded again.
    Image,
    /// File that is stored unchanged, with this media type.
    Other(&'static str),
}

/// Office documents, by the archive member that identifies them (ECMA-376, part 1).
const OFFICE_DOCUMENTS: [(&[u8], &str); 3] = [
    (b"word/document.xml", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    (b"xl/workbook.xml", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    (b"ppt/presentation.xml", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
];
/// OpenDocument files, by the text of their uncompressed first member (OpenDocument 1.3, part 2, 3.3).
const OPEN_DOCUMENTS: [&str; 3] = [
    "application/vnd.oasis.opendocument.text",
    "application/vnd.oasis.opendocument.spreadsheet",
    "application/vnd.oasis.opendocument.presentation",
];

/// Detects the kind of a file; `None` if it is not on the list.
pub(super) fn detect_kind(bytes: &[u8]) -> Option<FileKind> {
    match bytes {
        [0x89, b'P', b'N', b'G', ..] | [0xff, 0xd8, 0xff, ..] => Some(FileKind::Image),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some(FileKind::Image),
        [b'%', b'P', b'D', b'F', b'-', ..] => Some(FileKind::Other("application/pdf")),
        [b'O', b'g', b'g', b'S', ..] => Some(FileKind::Other("audio/ogg")),
        [b'I', b'D', b'3', ..] | [0xff, 0xfb | 0xf3 | 0xf2, ..] => Some(FileKind::Other("audio/mpeg")),
        [b'P', b'K', 3, 4, ..] => detect_document(bytes).map(FileKind::Other),
        _ => is_text(bytes).then_some(FileKind::Other("text/plain; charset=utf-8")),
    }
}

/// Detects an office document; `None` if it contains macros, which are not allowed.
fn detect_document(bytes: &[u8]) -> Option<&'static str> {
    let members = archive_members(bytes)?;
    // A macro can have any name, but it is a binary part. The only other binary parts without a program are the
    // settings of printers.
    let is_program = |name: &&[u8]| {
        let name = name.to_ascii_lowercase();
        let is_binary = name.ends_with(b".bin") && !name.windows(16).any(|part| part == b"printersettings/");
        is_binary || name.starts_with(b"basic/") || name.starts_with(b"scripts/")
    };
    if members.iter().any(is_program) || has_macro_types(bytes, &members) {
        return None;
    }
    if members.first() == Some(&&b"mimetype"[..]) {
        let says = bytes.get(30 + b"mimetype".len()..)?;
        return OPEN_DOCUMENTS.into_iter().find(|media_type| says.starts_with(media_type.as_bytes()));
    }
    OFFICE_DOCUMENTS
        .into_iter()
        .find(|(member, _)| members.contains(member))
        .map(|(_, media_type)| media_type)
}

/// Returns true if the content types of an office document declare macros, or cannot be read (ECMA-376, part 2).
fn has_macro_types(bytes: &[u8], members: &[&[u8]]) -> bool {
    const NAME: &[u8] = b"[Content_Types].xml";
    if !members.contains(&NAME) {
        return false;
    }
    let Some(types) = read_member(bytes, NAME) else { return true };
    let types = types.to_ascii_lowercase();
    [&b"macroenabled"[..], b"vbaproject"]
        .iter()
        .any(|mark| types.windows(mark.len()).any(|part| part == *mark))
}

/// Reads a member of an archive, stored or deflated, up to 1 MiB. Returns `None` if it cannot be read.
fn read_member(bytes: &[u8], wanted: &[u8]) -> Option<Vec<u8>> {
    const LARGEST: u64 = 1024 * 1024;
    let directory = bytes.windows(wanted.len()).rposition(|window| window == wanted)?.checked_sub(46)?;
    let method = read_number(bytes, directory + 10, 2)?;
    let packed = read_number(bytes, directory + 20, 4)?;
    let local = read_number(bytes, directory + 42, 4)?;
    let start = local + 30 + read_number(bytes, local + 26, 2)? + read_number(bytes, local + 28, 2)?;
    let data = bytes.get(start..start + packed)?;
    match method {
        0 => Some(data.to_vec()),
        8 => {
            let mut text = Vec::new();
            flate2::read::DeflateDecoder::new(data).take(LARGEST).read_to_end(&mut text).ok()?;
            Some(text)
        }
        _ => None,
    }
}

/// Returns the names in the directory of an archive, in order (APPNOTE 6.3, 4.3.12 and 4.3.16); `None` if the
/// directory is missing or invalid.
fn archive_members(bytes: &[u8]) -> Option<Vec<&[u8]>> {
    /// Largest distance of the end record from the end of the file, in bytes.
    const END: usize = 22 + u16::MAX as usize;
    let tail = bytes.len().saturating_sub(END);
    let end = tail + bytes[tail..].windows(4).rposition(|window| window == b"PK\x05\x06")?;
    let count = read_number(bytes, end + 10, 2)?;
    let mut entry = read_number(bytes, end + 16, 4)?;
    let mut names = Vec::new();
    for _ in 0..count {
        if bytes.get(entry..entry + 4)? != b"PK\x01\x02" {
            return None;
        }
        let [name, extra, comment] = [28, 30, 32].map(|at| read_number(bytes, entry + at, 2));
        let (name, extra, comment) = (name?, extra?, comment?);
        names.push(bytes.get(entry + 46..entry + 46 + name)?);
        entry += 46 + name + extra + comment;
    }
    Some(names)
}

/// Reads a little-endian number of `length` bytes.
fn read_number(bytes: &[u8], at: usize, length: usize) -> Option<usize> {
    let bytes = bytes.get(at..at + length)?;
    Some(bytes.iter().rev().fold(0, |number, byte| number << 8 | usize::from(*byte)))
}

/// Returns whether the bytes are UTF-8 without control characters other than line breaks, tabs and form
/// feeds.
fn is_text(bytes: &[u8]) -> bool {
    let is_of_lines = |c: char| matches!(c, '\n' | '\r' | '\t' | '\u{c}');
    str::from_utf8(bytes).is_ok_and(|text| text.chars().all(|c| !c.is_control() || is_of_lines(c)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Builds an archive of members that all contain this text, uncompressed.
    fn archive(names: &[&str], text: &str) -> Vec<u8> {
        let (mut bytes, mut directory) = (Vec::new(), Vec::new());
        for name in names {
            let at = u32::try_from(bytes.len()).unwrap().to_le_bytes();
            let length = u16::try_from(name.len()).unwrap().to_le_bytes();
            let size = u32::try_from(text.len()).unwrap().to_le_bytes();
            let middle = [[0; 14].as_slice(), &size, &size, &length, &[0, 0]].concat();
            bytes.extend(
                [b"PK\x03\x04\x0a\x00".as_slice(), &middle[2..], name.as_bytes(), text.as_bytes()].concat(),
            );
            let rest = [&[0; 12][..], &at].concat();
            directory.extend(
                [b"PK\x01\x02\x0a\x00\x0a\x00".as_slice(), &middle[2..], &rest[2..], name.as_bytes()]
                    .concat(),
            );
        }
        let count = u16::try_from(names.len()).unwrap().to_le_bytes();
        let (size, at) = (directory.len() as u32, bytes.len() as u32);
        bytes.extend(directory);
        let end = [
            b"PK\x05\x06\0\0\0\0".as_slice(),
            &count,
            &count,
            &size.to_le_bytes(),
            &at.to_le_bytes(),
            &[0, 0],
        ];
        bytes.extend(end.concat());
        bytes
    }

    #[test]
    fn a_file_is_what_its_content_says() {
        let pdf = Some(FileKind::Other("application/pdf"));
        assert_eq!(detect_kind(b"%PDF-1.7 \xff\x00"), pdf);
        assert_eq!(detect_kind(b"\x89PNG\r\n"), Some(FileKind::Image));
        assert_eq!(
            detect_kind("Домашнее задание\n1. …".as_bytes()),
            Some(FileKind::Other("text/plain; charset=utf-8"))
        );
        for (member, media_type) in OFFICE_DOCUMENTS {
            let member = str::from_utf8(member).unwrap();
            assert_eq!(
                detect_kind(&archive(&["[Content_Types].xml", member], "x")),
                Some(FileKind::Other(media_type))
            );
        }
        for media_type in OPEN_DOCUMENTS {
            assert_eq!(
                detect_kind(&archive(&["mimetype", "content.xml"], media_type)),
                Some(FileKind::Other(media_type))
            );
        }
    }

    #[test]
    fn what_is_not_on_the_list_is_nothing() {
        for bytes in [
            &b"MZ\x90\x00"[..],
            b"\x7fELF\x02",
            b"PK\x03\x04 word/document.xml",
            b"text with \x00",
            b"\xff\xfe\x00",
        ] {
            assert_eq!(detect_kind(bytes), None, "{bytes:?}");
        }
        assert_eq!(detect_kind(&archive(&["tasks/word/document.xml"], "x")), None);
        assert_eq!(detect_kind(&archive(&["word/document.xml", "word/vbaProject.bin"], "x")), None);
        assert_eq!(detect_kind(&archive(&["mimetype", "Basic/script.xml"], OPEN_DOCUMENTS[0])), None);
        assert_eq!(detect_kind(&archive(&["mimetype"], "application/epub+zip")), None);
    }

    #[test]
    fn an_archive_that_is_cut_anywhere_is_nothing() {
        let whole = archive(&["[Content_Types].xml", "word/document.xml"], "x");
        assert!(detect_kind(&whole).is_some());
        for length in 0..whole.len() - 2 {
            assert!(
                !matches!(detect_kind(&whole[..length]), Some(FileKind::Other(media_type)) if media_type.starts_with("application"))
            );
        }
    }
}
