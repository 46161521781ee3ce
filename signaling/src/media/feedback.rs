//! The interceptor nearest the wire: it notes what receivers report and counts what we repeat.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Instant;

use rtc::interceptor::{Attribute, Interceptor, Packet, StreamInfo, TaggedPacket};
use rtc::rtcp::payload_feedbacks::full_intra_request::FullIntraRequest;
use rtc::rtcp::payload_feedbacks::picture_loss_indication::PictureLossIndication;
use rtc::rtcp::receiver_report::ReceiverReport;
use rtc::rtcp::transport_feedbacks::transport_layer_nack::TransportLayerNack;
use rtc::sansio::Protocol;
use rtc::shared::error::Error;
use rtc::shared::marshal::MarshalSize;

/// Feedback of a receiver about its packets.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Feedback {
    /// The receiver cannot go on without a key frame of this stream.
    KeyFrame { ssrc: u32 },
    /// Share of packets of this stream that were lost since the last report.
    Loss { ssrc: u32, fraction: f32 },
}

/// Counts of one connection.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct LegCounters {
    pub nacks_in: u64,
    pub nacks_out: u64,
    pub plis_in: u64,
    /// Packets that were sent again because the receiver lacks them, and their bytes.
    pub repeated_out: u64,
    pub repeated_bytes: u64,
    /// Reports of the other side on our packets, and of us on its packets, with the sums of the shares lost.
    pub reports_in: u64,
    pub reported_loss_in_permille: u64,
    pub reports_out: u64,
    pub reported_loss_out_permille: u64,
}

/// Returns the share that a report says was lost, in permille.
fn permille(fraction_lost: u8) -> u64 {
    u64::from(fraction_lost) * 1_000 / 256
}

/// Events and counters of one connection, shared between its chain and its leg.
#[derive(Debug, Default)]
pub struct Notes {
    pub events: Vec<Feedback>,
    pub counters: LegCounters,
    /// Newest estimate of the bits per second that the network to the receiver carries.
    pub bandwidth: Option<f64>,
}

/// Keeps nothing back; RTCP never reaches the application through the chain, so it is noted here.
#[derive(Default)]
pub struct FeedbackTap {
    notes: Arc<Mutex<Notes>>,
    read: VecDeque<TaggedPacket>,
    written: VecDeque<TaggedPacket>,
}

impl FeedbackTap {
    /// Creates the interceptor that writes into `notes`.
    pub fn new(notes: Arc<Mutex<Notes>>) -> Self {
        Self { notes, ..Self::default() }
    }

    fn note(&self, packet: &dyn rtc::rtcp::Packet) {
        let Ok(mut notes) = self.notes.lock() else { return };
        let packet = packet.as_any();
        if let Some(pli) = packet.downcast_ref::<PictureLossIndication>() {
            notes.counters.plis_in += 1;
            notes.events.push(Feedback::KeyFrame { ssrc: pli.media_ssrc });
        } else if let Some(fir) = packet.downcast_ref::<FullIntraRequest>() {
            for entry in &fir.fir {
                notes.events.push(Feedback::KeyFrame { ssrc: entry.ssrc });
            }
        } else if let Some(report) = packet.downcast_ref::<ReceiverReport>() {
            for block in &report.reports {
                let fraction = f32::from(block.fraction_lost) / 256.0;
                notes.events.push(Feedback::Loss { ssrc: block.ssrc, fraction });
                notes.counters.reports_in += 1;
                notes.counters.reported_loss_in_permille += permille(block.fraction_lost);
            }
        } else if let Some(nack) = packet.downcast_ref::<TransportLayerNack>() {
            notes.counters.nacks_in += nack.nacks.len() as u64;
        }
        // A client that floods feedback fills no memory.
        notes.events.truncate(64);
    }
}

impl Protocol<TaggedPacket, TaggedPacket, ()> for FeedbackTap {
    type Rout = TaggedPacket;
    type Wout = TaggedPacket;
    type Eout = ();
    type Error = Error;
    type Time = Instant;

    fn handle_read(&mut self, msg: TaggedPacket) -> Result<(), Self::Error> {
        if let Packet::Rtcp(packets) = &msg.message.packet {
            for packet in packets {
                self.note(packet.as_ref());
            }
        }
        self.read.push_back(msg);
        Ok(())
    }

    fn poll_read(&mut self) -> Option<Self::Rout> {
        self.read.pop_front()
    }

    fn handle_write(&mut self, msg: TaggedPacket) -> Result<(), Self::Error> {
        match &msg.message.packet {
            Packet::Rtcp(packets) => {
                if let Ok(mut notes) = self.notes.lock() {
                    let nacks = packets.iter().filter(|packet| packet.as_any().is::<TransportLayerNack>());
                    notes.counters.nacks_out += nacks.count() as u64;
                    let own =
                        packets.iter().filter_map(|packet| packet.as_any().downcast_ref::<ReceiverReport>());
                    for block in own.flat_map(|report| &report.reports) {
                        notes.counters.reports_out += 1;
                        notes.counters.reported_loss_out_permille += permille(block.fraction_lost);
                    }
                }
            }
            Packet::Rtp(packet) if msg.message.has(&Attribute::Retransmission) => {
                if let Ok(mut notes) = self.notes.lock() {
                    notes.counters.repeated_out += 1;
                    notes.counters.repeated_bytes += packet.marshal_size() as u64;
                }
            }
            _ => {}
        }
        self.written.push_back(msg);
        Ok(())
    }

    fn poll_write(&mut self) -> Option<Self::Wout> {
        self.written.pop_front()
    }
}

impl Interceptor for FeedbackTap {
    fn bind_local_stream(&mut self, _info: &StreamInfo) {}
    fn unbind_local_stream(&mut self, _info: &StreamInfo) {}
    fn bind_remote_stream(&mut self, _info: &StreamInfo) {}
    fn unbind_remote_stream(&mut self, _info: &StreamInfo) {}
}
