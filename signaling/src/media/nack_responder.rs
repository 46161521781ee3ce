//! NACK responder: an interceptor with a short buffer of each video track, which answers the requests of receivers.

use std::collections::{HashMap, VecDeque};
use std::time::{Duration, Instant};

use bytes::Bytes;
use rtc::interceptor::{Attribute, AttributedPacket, Interceptor, Packet, StreamInfo, TaggedPacket};
use rtc::rtcp::transport_feedbacks::transport_layer_nack::{NackPair, TransportLayerNack};
use rtc::sansio::Protocol;
use rtc::shared::TransportContext;
use rtc::shared::error::Error;

/// A packet is of no use to a receiver later than this: ten requests at a round trip of 300 ms are over.
const KEPT_FOR: Duration = Duration::from_secs(3);
/// Most packets kept of a track: three seconds at 5 Mbit/s.
const KEPT: usize = 2_048;

/// A packet that was sent. The bytes of its media are shared with all receivers.
struct Sent {
    sequence: u16,
    payload_type: u8,
    marker: bool,
    timestamp: u32,
    at: Instant,
    payload: Bytes,
}

/// Packets of one track, in the order of their numbers.
#[derive(Default)]
struct RetransmissionBuffer(VecDeque<Sent>);

impl RetransmissionBuffer {
    fn keep(&mut self, sent: Sent) {
        while self.0.len() >= KEPT
            || self.0.front().is_some_and(|oldest| sent.at.duration_since(oldest.at) > KEPT_FOR)
        {
            self.0.pop_front();
        }
        // What came late is sent late.
        let is_newer = |kept: &Sent| kept.sequence.wrapping_sub(sent.sequence) < 0x8000;
        let later = self.0.iter().rev().take_while(|kept| is_newer(kept)).count();
        self.0.insert(self.0.len() - later, sent);
    }

    fn find(&self, sequence: u16) -> Option<&Sent> {
        let first = self.0.front()?.sequence;
        let ahead = |number: u16| number.wrapping_sub(first);
        let at = self.0.binary_search_by_key(&ahead(sequence), |kept| ahead(kept.sequence)).ok()?;
        self.0.get(at)
    }
}

/// Keeps what was sent of tracks whose receiver asks for missing packets, and sends it again.
///
/// The crate's own responder has a table of whole packets for each track and receiver, of the size of the
/// longest wait; this one has as much as was sent lately.
#[derive(Default)]
pub struct NackResponder {
    tracks: HashMap<u32, RetransmissionBuffer>,
    read: VecDeque<TaggedPacket>,
    written: VecDeque<TaggedPacket>,
}

impl NackResponder {
    fn retransmit(&mut self, now: Instant, nack: &TransportLayerNack) {
        let Some(buffer) = self.tracks.get(&nack.media_ssrc) else { return };
        for sequence in nack.nacks.iter().flat_map(NackPair::packet_list) {
            let Some(sent) = buffer.find(sequence) else { continue };
            let header = rtc::rtp::Header {
                version: 2,
                marker: sent.marker,
                payload_type: sent.payload_type,
                sequence_number: sent.sequence,
                timestamp: sent.timestamp,
                ssrc: nack.media_ssrc,
                ..Default::default()
            };
            let packet = rtc::rtp::Packet { header, payload: sent.payload.clone() };
            self.written.push_back(TaggedPacket {
                now,
                transport: TransportContext::default(),
                message: AttributedPacket::new(Packet::Rtp(packet)).with(Attribute::Retransmission),
            });
        }
    }
}

impl Protocol<TaggedPacket, TaggedPacket, ()> for NackResponder {
    type Rout = TaggedPacket;
    type Wout = TaggedPacket;
    type Eout = ();
    type Error = Error;
    type Time = Instant;

    fn handle_read(&mut self, msg: TaggedPacket) -> Result<(), Self::Error> {
        if let Packet::Rtcp(packets) = &msg.message.packet {
            for packet in packets {
                if let Some(nack) = packet.as_any().downcast_ref::<TransportLayerNack>() {
                    self.retransmit(msg.now, nack);
                }
            }
        }
        self.read.push_back(msg);
        Ok(())
    }

    fn poll_read(&mut self) -> Option<Self::Rout> {
        self.read.pop_front()
    }

    fn handle_write(&mut self, msg: TaggedPacket) -> Result<(), Self::Error> {
        if let Packet::Rtp(packet) = &msg.message.packet
            && let Some(buffer) = self.tracks.get_mut(&packet.header.ssrc)
        {
            buffer.keep(Sent {
                sequence: packet.header.sequence_number,
                payload_type: packet.header.payload_type,
                marker: packet.header.marker,
                timestamp: packet.header.timestamp,
                at: msg.now,
                payload: packet.payload.clone(),
            });
        }
        self.written.push_back(msg);
        Ok(())
    }

    fn poll_write(&mut self) -> Option<Self::Wout> {
        self.written.pop_front()
    }
}

impl Interceptor for NackResponder {
    fn bind_local_stream(&mut self, info: &StreamInfo) {
        let repeats = |feedback: &rtc::interceptor::RTCPFeedback| {
            feedback.typ == "nack" && feedback.parameter.is_empty()
        };
        if info.rtcp_feedback.iter().any(repeats) {
            self.tracks.insert(info.ssrc, RetransmissionBuffer::default());
        }
    }

    fn unbind_local_stream(&mut self, info: &StreamInfo) {
        self.tracks.remove(&info.ssrc);
    }

    fn bind_remote_stream(&mut self, _info: &StreamInfo) {}
    fn unbind_remote_stream(&mut self, _info: &StreamInfo) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(sequence: u16, at: Instant) -> Sent {
        let payload = Bytes::copy_from_slice(&sequence.to_be_bytes());
        Sent { sequence, payload_type: 96, marker: false, timestamp: 0, at, payload }
    }

    fn is_kept(buffer: &RetransmissionBuffer, sequence: u16) -> bool {
        buffer.find(sequence).is_some_and(|found| found.payload[..] == sequence.to_be_bytes())
    }

    #[test]
    fn packets_are_found_by_number_in_any_order_and_over_the_end_of_the_numbers() {
        let (start, mut buffer) = (Instant::now(), RetransmissionBuffer::default());
        let numbers = [65_530u16, 65_531, 65_533, 65_532, 65_535, 1, 0, 65_534, 4, 2];
        for number in numbers {
            buffer.keep(sent(number, start));
        }
        assert!(numbers.iter().all(|number| is_kept(&buffer, *number)));
        assert!([65_529, 3, 5, 30_000].iter().all(|number| buffer.find(*number).is_none()));
    }

    #[test]
    fn packets_are_kept_for_a_bounded_time_and_number() {
        let (start, mut buffer) = (Instant::now(), RetransmissionBuffer::default());
        for number in 0..50u16 {
            buffer.keep(sent(number, start + Duration::from_millis(100) * u32::from(number)));
        }
        assert!(!is_kept(&buffer, 18) && is_kept(&buffer, 19) && is_kept(&buffer, 49));
        for number in 50..10_000u16 {
            buffer.keep(sent(number, start + Duration::from_secs(5)));
        }
        assert_eq!(buffer.0.len(), KEPT);
        assert!(is_kept(&buffer, 9_999));
    }
}
