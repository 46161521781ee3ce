//! The connection on the protocol core of `webrtc`; with its interceptors, the only file that touches it.

use std::collections::{HashMap, HashSet};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use bytes::BytesMut;
use rtc::interceptor::{
    CongestionControlBuilder, NackGeneratorBuilder, ReceiverReportBuilder, Registry, SenderReportBuilder,
    Slot, TwccReceiverBuilder, TwccSenderBuilder,
};
use rtc::media_stream::MediaStreamTrack;
use rtc::peer_connection::configuration::interceptor_registry::configure_simulcast_extension_headers;
use rtc::peer_connection::configuration::media_engine::{MIME_TYPE_OPUS, MIME_TYPE_VP8, MediaEngine};
use rtc::peer_connection::configuration::setting_engine::SettingEngineBuilder;
use rtc::peer_connection::configuration::{RTCConfigurationBuilder, RTCOfferOptions};
use rtc::peer_connection::event::{RTCPeerConnectionEvent, RTCTrackEvent};
use rtc::peer_connection::message::{RTCMessage, TaggedRTCMessage};
use rtc::peer_connection::sdp::RTCSessionDescription;
use rtc::peer_connection::state::RTCPeerConnectionState;
use rtc::peer_connection::transport::{RTCDtlsRole, RTCIceCandidateInit};
use rtc::peer_connection::{RTCPeerConnection, RTCPeerConnectionBuilder};
use rtc::rtcp::payload_feedbacks::picture_loss_indication::PictureLossIndication;
use rtc::rtp_transceiver::rtp_sender::{
    RTCPFeedback, RTCRtpCodec, RTCRtpCodecParameters, RTCRtpCodingParameters, RTCRtpEncodingParameters,
    RTCRtpHeaderExtensionCapability, RtpCodecKind,
};
use rtc::rtp_transceiver::{RTCRtpSenderId, RTCRtpTransceiverDirection};
use rtc::sansio::Protocol;
use rtc::shared::{TaggedBytesMut, TransportContext, TransportProtocol};

use super::estimator::LinkEstimator;
use super::feedback::{FeedbackTap, LegCounters, Notes};
use super::leg::{LegError, LegEvent, MediaLeg, MediaPacket, OutTrack};
use super::nack_responder::NackResponder;
use super::sdp;
use crate::protocol::Quality;

const AUDIO_LEVEL: &str = "urn:ietf:params:rtp-hdrext:ssrc-audio-level";
const MID: &str = "urn:ietf:params:rtp-hdrext:sdes:mid";
const TRANSPORT_NUMBERS: &str = "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01";
/// Missing packets are asked for this often: about one usual round trip.
const NACK_EVERY: Duration = Duration::from_millis(60);
const OPUS: u8 = 111;
const VP8: u8 = 96;

/// A leg on the protocol core of `webrtc`, driven by our worker instead of the crate's own tasks.
pub struct RtcLeg {
    core: RTCPeerConnection,
    notes: Arc<Mutex<Notes>>,
    announced: Vec<SocketAddr>,
    credentials: Option<(String, String)>,
    level_extension: Option<u8>,
    streams: HashMap<u32, (Arc<str>, Quality)>,
    senders: HashMap<u32, RTCRtpSenderId>,
    candidates_given: HashSet<String>,
    pending: std::collections::VecDeque<LegEvent>,
}

fn feedback(kind: &str, parameter: &str) -> RTCPFeedback {
    RTCPFeedback { typ: kind.to_owned(), parameter: parameter.to_owned() }
}

fn codec(is_video: bool) -> RTCRtpCodecParameters {
    let (mime, clock_rate, channels, fmtp, payload_type) = if is_video {
        (MIME_TYPE_VP8, 90_000, 0, "", VP8)
    } else {
        (MIME_TYPE_OPUS, 48_000, 2, "minptime=10;useinbandfec=1;usedtx=1", OPUS)
    };
    // No retransmission codec: with one, repaired packets stay "missing" and are asked for without end.
    let rtcp_feedback = if is_video {
        vec![feedback("ccm", "fir"), feedback("nack", ""), feedback("nack", "pli")]
    } else {
        Vec::new()
    };
    let rtp_codec = RTCRtpCodec {
        mime_type: mime.to_owned(),
        clock_rate,
        channels,
        sdp_fmtp_line: fmtp.to_owned(),
        rtcp_feedback,
    };
    RTCRtpCodecParameters { rtp_codec, payload_type }
}

fn kind(is_video: bool) -> RtpCodecKind {
    if is_video { RtpCodecKind::Video } else { RtpCodecKind::Audio }
}

impl RtcLeg {
    /// Creates the connection of a publisher, reached at the announced addresses only.
    ///
    /// # Errors
    /// `LegError::Rtc` if the crate refuses the configuration.
    pub fn publishing(now: Instant, announced: &[SocketAddr]) -> Result<Self, LegError> {
        let nacks = NackGeneratorBuilder::new().with_max_nacks_per_packet(10).with_interval(NACK_EVERY);
        let registry = Registry::new()
            .with(Slot::NackGenerator, nacks.build())
            .with(Slot::TwccReceiver, TwccReceiverBuilder::new().build())
            .with(Slot::ReceiverReport, ReceiverReportBuilder::new().build());
        Self::try_new(now, announced, &[false, true], registry, Arc::default())
    }

    /// Creates the connection of a receiver, reached at the announced addresses only. Its video packets are
    /// numbered, and its reports on them make the estimate of its network.
    ///
    /// # Errors
    /// `LegError::Rtc` if the crate refuses the configuration.
    pub fn receiving(now: Instant, announced: &[SocketAddr]) -> Result<Self, LegError> {
        let notes = Arc::<Mutex<Notes>>::default();
        let control = CongestionControlBuilder::new(LinkEstimator::new(Arc::clone(&notes)));
        let registry = Registry::new()
            .with(Slot::CongestionControl, control.build())
            .with(Slot::TwccSender, TwccSenderBuilder::new().build())
            .with(Slot::NackResponder, NackResponder::default())
            .with(Slot::SenderReport, SenderReportBuilder::new().build());
        Self::try_new(now, announced, &[true], registry, notes)
    }

    fn try_new(
        now: Instant,
        announced: &[SocketAddr],
        numbered: &[bool],
        registry: Registry,
        notes: Arc<Mutex<Notes>>,
    ) -> Result<Self, LegError> {
        let mut engine = MediaEngine::default();
        for is_video in [false, true] {
            engine.register_codec(codec(is_video), kind(is_video))?;
        }
        let capability = |uri: &str| RTCRtpHeaderExtensionCapability { uri: uri.to_owned() };
        engine.register_header_extension(capability(AUDIO_LEVEL), RtpCodecKind::Audio, None)?;
        engine.register_header_extension(capability(MID), RtpCodecKind::Audio, None)?;
        configure_simulcast_extension_headers(&mut engine)?;
        for is_video in numbered {
            engine.register_feedback(feedback("transport-cc", ""), kind(*is_video));
            engine.register_header_extension(capability(TRANSPORT_NUMBERS), kind(*is_video), None)?;
        }
        let registry = registry.with(Slot::from(500), FeedbackTap::new(Arc::clone(&notes)));
        let settings = SettingEngineBuilder::new()
            .with_lite(true)
            .with_answering_dtls_role(RTCDtlsRole::Server)
            .with_include_loopback_candidate(true)
            .with_multicast_dns_mode(rtc::ice::mdns::MulticastDnsMode::Disabled)
            .build();
        let core = RTCPeerConnectionBuilder::new()
            .with_configuration(RTCConfigurationBuilder::default().build())
            .with_media_engine(engine)
            .with_setting_engine(settings)
            .with_interceptor_registry(registry)
            .build(now)?;
        Ok(Self {
            core,
            notes,
            announced: announced.to_vec(),
            credentials: None,
            level_extension: None,
            streams: HashMap::new(),
            senders: HashMap::new(),
            candidates_given: HashSet::new(),
            pending: std::collections::VecDeque::new(),
        })
    }

    /// Gives the agent its candidates once per generation and returns the description for the client.
    fn finish_local(&mut self) -> Result<String, LegError> {
        let local = self.core.local_description().map(|description| description.sdp).unwrap_or_default();
        let ufrag = sdp::value(&local, "a=ice-ufrag:").ok_or(sdp::SdpError::Incomplete)?.to_owned();
        let password = sdp::value(&local, "a=ice-pwd:").ok_or(sdp::SdpError::Incomplete)?.to_owned();
        if self.candidates_given.insert(ufrag.clone()) {
            for (at, address) in self.announced.iter().enumerate() {
                let candidate = sdp::candidate(*address, at);
                self.core.add_local_candidate(RTCIceCandidateInit { candidate, ..Default::default() })?;
            }
            self.core.add_local_candidate(RTCIceCandidateInit::default())?;
        }
        self.credentials = Some((ufrag, password));
        self.level_extension = sdp::extension(&local, AUDIO_LEVEL);
        Ok(sdp::announce(&local, &self.announced))
    }

    /// Returns the announced address that the agent knows for packets from this family.
    fn local_for(&self, from: SocketAddr) -> Option<SocketAddr> {
        let same = self.announced.iter().find(|address| address.is_ipv4() == from.is_ipv4());
        same.or(self.announced.first()).copied()
    }

    fn take_events(&mut self) {
        while let Some(event) = self.core.poll_event() {
            match event {
                RTCPeerConnectionEvent::OnConnectionStateChangeEvent(RTCPeerConnectionState::Connected) => {
                    self.pending.push_back(LegEvent::Connected);
                }
                RTCPeerConnectionEvent::OnConnectionStateChangeEvent(RTCPeerConnectionState::Failed) => {
                    self.pending.push_back(LegEvent::Failed);
                }
                RTCPeerConnectionEvent::OnTrack(RTCTrackEvent::OnOpen(open)) => {
                    let transceiver = self.core.rtp_transceiver(open.receiver_id.into());
                    let mid = transceiver.and_then(|transceiver| transceiver.mid().clone());
                    let layer = match open.rid.as_deref() {
                        Some("low") => Quality::Low,
                        Some("mid") => Quality::Mid,
                        _ => Quality::High,
                    };
                    if let Some(mid) = mid {
                        self.streams.insert(open.ssrc, (mid.into(), layer));
                    }
                }
                _ => {}
            }
        }
    }

    fn take_media(&mut self) {
        while let Some(TaggedRTCMessage { message, .. }) = self.core.poll_read() {
            let RTCMessage::RtpPacket(_, packet) = message else { continue };
            if !self.streams.contains_key(&packet.header.ssrc) {
                self.take_events();
            }
            let Some((mid, layer)) = self.streams.get(&packet.header.ssrc) else { continue };
            let extension = self.level_extension.and_then(|id| packet.header.get_extension(id));
            let packet_out = MediaPacket {
                sequence: packet.header.sequence_number,
                timestamp: packet.header.timestamp,
                marker: packet.header.marker,
                payload: packet.payload,
                level: extension.and_then(|bytes| bytes.first().map(|byte| byte & 0x7f)),
            };
            let (mid, layer, ssrc) = (Arc::clone(mid), *layer, packet.header.ssrc);
            self.pending.push_back(LegEvent::Media { mid, layer, ssrc, packet: packet_out });
        }
    }
}

impl MediaLeg for RtcLeg {
    fn answer(&mut self, now: Instant, offer: &str) -> Result<String, LegError> {
        sdp::check(offer)?;
        let offer = RTCSessionDescription::offer(sdp::strip_candidates(offer))?;
        self.core.set_remote_description(now, offer)?;
        let answer = self.core.create_answer(None)?;
        self.core.set_local_description(now, answer)?;
        self.finish_local()
    }

    fn add_track(&mut self, track: &OutTrack) -> Result<(), LegError> {
        let coding = RTCRtpEncodingParameters {
            rtp_coding_parameters: RTCRtpCodingParameters { ssrc: Some(track.ssrc), ..Default::default() },
            codec: codec(track.is_video).rtp_codec,
            active: true,
            ..Default::default()
        };
        let media = MediaStreamTrack::new(
            track.stream.clone(),
            track.id.clone(),
            track.id.clone(),
            kind(track.is_video),
            vec![coding],
        );
        // `add_track` takes a free transceiver again; adding transceivers would grow the description for ever.
        let sender = self.core.add_track(media)?;
        if let Some(mut transceiver) = self.core.rtp_transceiver(sender.into()) {
            transceiver.set_direction(RTCRtpTransceiverDirection::Sendonly);
        }
        self.senders.insert(track.ssrc, sender);
        Ok(())
    }

    fn remove_track(&mut self, ssrc: u32) -> Result<(), LegError> {
        if let Some(sender) = self.senders.remove(&ssrc) {
            self.core.remove_track(sender)?;
        }
        Ok(())
    }

    fn offer(&mut self, now: Instant, restart: bool) -> Result<(String, Vec<(u32, String)>), LegError> {
        let options = restart.then_some(RTCOfferOptions { ice_restart: true });
        let offer = self.core.create_offer(options)?;
        self.core.set_local_description(now, offer)?;
        let description = self.finish_local()?;
        let mut sections = Vec::with_capacity(self.senders.len());
        for (ssrc, sender) in &self.senders {
            let transceiver = self.core.rtp_transceiver((*sender).into());
            if let Some(mid) = transceiver.and_then(|transceiver| transceiver.mid().clone()) {
                sections.push((*ssrc, mid));
            }
        }
        Ok((description, sections))
    }

    fn accept(&mut self, now: Instant, answer: &str) -> Result<(), LegError> {
        sdp::check_answer(answer)?;
        let answer = RTCSessionDescription::answer(sdp::strip_candidates(answer))?;
        Ok(self.core.set_remote_description(now, answer)?)
    }

    fn credentials(&self) -> Option<(String, String)> {
        self.credentials.clone()
    }

    fn receive(&mut self, now: Instant, from: SocketAddr, datagram: BytesMut) {
        let Some(local_addr) = self.local_for(from) else { return };
        let transport = TransportContext {
            local_addr,
            peer_addr: from,
            transport_protocol: TransportProtocol::UDP,
            ecn: None,
        };
        // A datagram that does not decrypt or parse is dropped inside and changes nothing.
        let _ = self.core.handle_read(TaggedBytesMut { now, transport, message: datagram });
    }

    fn send(&mut self, now: Instant, ssrc: u32, is_video: bool, packet: MediaPacket) {
        let header = rtc::rtp::Header {
            version: 2,
            marker: packet.marker,
            payload_type: if is_video { VP8 } else { OPUS },
            sequence_number: packet.sequence,
            timestamp: packet.timestamp,
            ssrc,
            ..Default::default()
        };
        let packet = rtc::rtp::Packet { header, payload: packet.payload };
        let message = RTCMessage::RtpPacket(String::new(), packet);
        let _ = self.core.handle_write(TaggedRTCMessage { now, message });
    }

    fn request_key_frame(&mut self, now: Instant, ssrc: u32) {
        let pli = PictureLossIndication { sender_ssrc: 1, media_ssrc: ssrc };
        let message = RTCMessage::RtcpPacket(String::new(), vec![Box::new(pli)]);
        let _ = self.core.handle_write(TaggedRTCMessage { now, message });
    }

    fn deadline(&mut self) -> Option<Instant> {
        self.core.poll_timeout()
    }

    fn timeout(&mut self, now: Instant) {
        let _ = self.core.handle_timeout(now);
    }

    fn poll(&mut self) -> Option<LegEvent> {
        if let Some(event) = self.pending.pop_front() {
            return Some(event);
        }
        self.take_events();
        self.take_media();
        if let Ok(mut notes) = self.notes.lock() {
            self.pending.extend(notes.events.drain(..).map(LegEvent::Feedback));
            self.pending.extend(notes.bandwidth.take().map(LegEvent::Bandwidth));
        }
        self.pending.pop_front()
    }

    fn poll_transmit(&mut self) -> Option<(SocketAddr, BytesMut)> {
        self.core.poll_write().map(|datagram| (datagram.transport.peer_addr, datagram.message))
    }

    fn take_counters(&mut self) -> LegCounters {
        self.notes.lock().map(|mut notes| std::mem::take(&mut notes.counters)).unwrap_or_default()
    }

    fn close(&mut self, _now: Instant) {
        let _ = self.core.close();
    }
}
