//! What a file is, by its content: a closed list, whatever its name and its sender say.

/// A sort of file that may be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Content {
    /// To be drawn anew.
    Picture,
    /// Kept as it is, under this media type.
    File(&'static str),
}

/// Members of packed documents, by which they are told apart (ECMA-376, OpenDocument 1.3).
const PACKED: [(&[u8], &str); 6] = [
    (b"word/document.xml", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    (b"xl/workbook.xml", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    (b"ppt/presentation.xml", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
    (b"mimetypeapplication/vnd.oasis.opendocument.text", "application/vnd.oasis.opendocument.text"),
    (
        b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet",
        "application/vnd.oasis.opendocument.spreadsheet",
    ),
    (
        b"mimetypeapplication/vnd.oasis.opendocument.presentation",
        "application/vnd.oasis.opendocument.presentation",
    ),
];
/// Programs inside documents are not for pupils.
const MACROS: [&[u8]; 2] = [b"vbaProject.bin", b"Scripts/"];

/// The sort of file; `None` for what is not on the list.
pub(super) fn of(bytes: &[u8]) -> Option<Content> {
    match bytes {
        [0x89, b'P', b'N', b'G', ..] | [0xff, 0xd8, 0xff, ..] => Some(Content::Picture),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some(Content::Picture),
        [b'%', b'P', b'D', b'F', b'-', ..] => Some(Content::File("application/pdf")),
        [b'O', b'g', b'g', b'S', ..] => Some(Content::File("audio/ogg")),
        [b'I', b'D', b'3', ..] | [0xff, 0xfb | 0xf3 | 0xf2, ..] => Some(Content::File("audio/mpeg")),
        [b'P', b'K', 3, 4, ..] => packed(bytes).map(Content::File),
        _ => is_text(bytes).then_some(Content::File("text/plain; charset=utf-8")),
    }
}

fn packed(bytes: &[u8]) -> Option<&'static str> {
    if MACROS.iter().any(|member| holds(bytes, member)) {
        return None;
    }
    PACKED.iter().find(|(member, _)| holds(bytes, member)).map(|(_, media_type)| *media_type)
}

fn holds(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

/// UTF-8 without control characters other than those of lines.
fn is_text(bytes: &[u8]) -> bool {
    let is_of_lines = |c: char| matches!(c, '\n' | '\r' | '\t' | '\u{c}');
    str::from_utf8(bytes).is_ok_and(|text| text.chars().all(|c| !c.is_control() || is_of_lines(c)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_what_its_content_says() {
        let pdf = Some(Content::File("application/pdf"));
        assert_eq!(of(b"%PDF-1.7 \xff\x00"), pdf);
        assert_eq!(of(b"\x89PNG\r\n"), Some(Content::Picture));
        assert_eq!(of("Домашнее задание\n1. …".as_bytes()), Some(Content::File("text/plain; charset=utf-8")));
        let document = of(b"PK\x03\x04....[Content_Types].xml....word/document.xml");
        assert!(matches!(document, Some(Content::File(media_type)) if media_type.contains("wordprocessing")));
    }

    #[test]
    fn what_is_not_on_the_list_is_nothing() {
        for bytes in [
            &b"MZ\x90\x00"[..],
            b"\x7fELF\x02",
            b"PK\x03\x04 just an archive",
            b"PK\x03\x04 word/document.xml word/vbaProject.bin",
            b"text with \x00",
            b"\xff\xfe\x00",
        ] {
            assert_eq!(of(bytes), None, "{bytes:?}");
        }
    }
}
