//! Session descriptions as text: what an offer may contain, and the candidates we put in.

use std::net::SocketAddr;

use crate::protocol::{MAX_FRAME, MAX_SDP, MAX_TRACKS};

/// Most media sections of an offer; browsers keep stopped ones.
const MAX_SECTIONS: usize = 24;
/// Most media sections of an answer: a full room, with every track of it.
const MAX_ANSWERED: usize = 160;

/// Why a description was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SdpError {
    #[error("the description is too long")]
    TooLong,
    #[error("the description has too many sections or senders")]
    TooMany,
    #[error("only audio and video are accepted")]
    Kind,
    #[error("a sending section offers neither Opus nor VP8")]
    Codec,
    #[error("the description is incomplete")]
    Incomplete,
}

/// One media section of an offer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    pub mid: String,
    pub is_video: bool,
    pub sends: bool,
    /// Offers the codec that we forward: Opus or VP8.
    pub has_codec: bool,
}

/// Checks an offer from a client and returns its sections.
///
/// # Errors
/// `TooLong`, `TooMany`, `Kind`, `Codec`, `Incomplete`.
pub fn check(sdp: &str) -> Result<Vec<Section>, SdpError> {
    let sections = check_within(sdp, MAX_SDP, MAX_SECTIONS)?;
    if sections.iter().any(|section| section.sends && !section.has_codec) {
        return Err(SdpError::Codec);
    }
    Ok(sections)
}

/// Checks a client's answer, which has a section for every track of the room.
///
/// # Errors
/// `TooLong`, `TooMany`, `Kind`, `Incomplete`.
pub fn check_answer(sdp: &str) -> Result<Vec<Section>, SdpError> {
    check_within(sdp, MAX_FRAME, MAX_ANSWERED)
}

fn check_within(sdp: &str, bytes: usize, most_sections: usize) -> Result<Vec<Section>, SdpError> {
    if sdp.len() > bytes {
        return Err(SdpError::TooLong);
    }
    if !sdp.starts_with("v=0") || value(sdp, "a=ice-ufrag:").is_none() || value(sdp, "a=ice-pwd:").is_none() {
        return Err(SdpError::Incomplete);
    }
    let mut sections: Vec<Section> = Vec::new();
    for line in sdp.lines() {
        if let Some(media) = line.strip_prefix("m=") {
            let kind = media.split(' ').next().unwrap_or_default();
            if kind != "audio" && kind != "video" {
                return Err(SdpError::Kind);
            }
            let is_video = kind == "video";
            sections.push(Section { mid: String::new(), is_video, sends: true, has_codec: false });
        } else if let Some(section) = sections.last_mut() {
            if let Some(mid) = line.strip_prefix("a=mid:") {
                section.mid = mid.trim().to_owned();
            } else if matches!(line.trim(), "a=recvonly" | "a=inactive") {
                section.sends = false;
            } else if let Some((_, codec)) =
                line.strip_prefix("a=rtpmap:").and_then(|map| map.split_once(' '))
            {
                let wanted = if section.is_video { "vp8/90000" } else { "opus/48000" };
                section.has_codec |= codec.trim().to_ascii_lowercase().starts_with(wanted);
            }
        }
    }
    if sections.len() > most_sections || sections.iter().filter(|section| section.sends).count() > MAX_TRACKS
    {
        return Err(SdpError::TooMany);
    }
    if sections.is_empty() || sections.iter().any(|section| section.mid.is_empty()) {
        return Err(SdpError::Incomplete);
    }
    Ok(sections)
}

/// Removes all candidates: the server only answers checks and opens no connection itself.
pub fn strip_candidates(sdp: &str) -> String {
    let kept = sdp.lines().filter(|line| {
        !line.starts_with("a=candidate:")
            && *line != "a=end-of-candidates"
            && !line.starts_with("a=remote-cand")
    });
    kept.fold(String::with_capacity(sdp.len()), |mut text, line| {
        text.push_str(line.trim_end());
        text.push_str("\r\n");
        text
    })
}

/// Replaces the candidates of a local description by the announced addresses; all are given, so nothing trickles.
pub fn announce(sdp: &str, addresses: &[SocketAddr]) -> String {
    let mut text = String::with_capacity(sdp.len() + 256);
    let mut in_media = false;
    let candidates: String = addresses
        .iter()
        .enumerate()
        .map(|(at, address)| format!("a={}\r\n", candidate(*address, at)))
        .chain(["a=end-of-candidates\r\n".to_owned()])
        .collect();
    for line in strip_candidates(sdp).lines() {
        if line.starts_with("m=") {
            if in_media {
                text.push_str(&candidates);
            }
            in_media = true;
        }
        if line != "a=ice-options:trickle" {
            text.push_str(line);
            text.push_str("\r\n");
        }
    }
    if in_media {
        text.push_str(&candidates);
    }
    text
}

/// Returns the host candidate of an address.
pub fn candidate(address: SocketAddr, at: usize) -> String {
    let priority = 2_130_706_431 - at as u32;
    format!("candidate:{} 1 udp {priority} {} {} typ host", at + 1, address.ip(), address.port())
}

/// Returns the value of the first line with this prefix.
pub fn value<'a>(sdp: &'a str, prefix: &str) -> Option<&'a str> {
    sdp.lines().find_map(|line| line.strip_prefix(prefix)).map(str::trim).filter(|value| !value.is_empty())
}

/// Returns the id that a header extension was negotiated with.
pub fn extension(sdp: &str, uri: &str) -> Option<u8> {
    sdp.lines().filter_map(|line| line.strip_prefix("a=extmap:")).find_map(|line| {
        let (id, rest) = line.split_once(' ')?;
        let id = id.split('/').next()?;
        rest.split(' ').next().filter(|found| *found == uri).and_then(|_| id.parse().ok())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const OFFER: &str = "v=0\r\na=ice-ufrag:u\r\na=ice-pwd:p\r\nm=audio 9 X 111\r\na=mid:0\r\na=sendonly\r\na=rtpmap:111 opus/48000/2\r\n\
        a=candidate:1 1 tcp 1 10.0.0.1 25 typ host tcptype passive\r\nm=video 9 X 96\r\na=mid:1\r\na=inactive\r\n";

    #[test]
    fn foreign_candidates_are_gone_and_ours_are_in_every_section() {
        let stripped = strip_candidates(OFFER);
        assert!(!stripped.contains("10.0.0.1"));
        let announced = announce(OFFER, &["192.0.2.1:3002".parse().unwrap()]);
        assert_eq!(announced.matches("192.0.2.1 3002 typ host").count(), 2);
        assert!(!announced.contains("10.0.0.1"));
    }

    #[test]
    fn an_offer_is_bounded() {
        let sections = check(OFFER).unwrap();
        assert_eq!(sections.iter().map(|section| section.sends).collect::<Vec<_>>(), [true, false]);
        let head = "v=0\r\na=ice-ufrag:u\r\na=ice-pwd:p\r\n";
        let section = |kind: &str, mid: usize| format!("m={kind} 9 X 96\r\na=mid:{mid}\r\na=sendonly\r\n");
        let many: String = (0..5).map(|mid| section("video", mid)).collect();
        assert_eq!(check(&format!("{head}{many}")), Err(SdpError::TooMany));
        let other = format!("{head}{}a=rtpmap:96 H264/90000\r\n", section("video", 0));
        assert_eq!(check(&other), Err(SdpError::Codec));
        assert!(check(&other.replace("sendonly", "inactive")).is_ok());
        let hundred: String =
            (0..100).map(|mid| section("video", mid).replace("sendonly", "inactive")).collect();
        assert_eq!(check(&format!("{head}{hundred}")), Err(SdpError::TooMany));
        assert_eq!(check(&format!("{head}{}", section("application", 0))), Err(SdpError::Kind));
        assert_eq!(check(head), Err(SdpError::Incomplete));
        assert_eq!(check(&"x".repeat(MAX_SDP + 1)), Err(SdpError::TooLong));
    }
}
