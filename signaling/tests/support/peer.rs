//! One media connection of a person without a browser, and what it receives.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use rtc::interceptor::{NackGeneratorBuilder, Slot};
use rtc::rtp_transceiver::rtp_sender::{RTCRtpCodec, RTCRtpCodecParameters, RtpCodecKind};
use webrtc::media_stream::track_remote::{TrackRemote, TrackRemoteEvent};
use webrtc::peer_connection::{
    MediaEngine, PeerConnection, PeerConnectionBuilder, PeerConnectionEventHandler, RTCPeerConnectionState,
    Registry, SettingEngineBuilder, register_default_interceptors,
};
use webrtc::runtime::{Runtime, TokioRuntime};

use super::lossy::{LossyNetwork, LossyRuntime};
use super::pictures::Pictures;

const NACK_EVERY: Duration = Duration::from_millis(40);

/// One received track: its packets by the mark of their sender.
#[derive(Debug, Default, Clone)]
pub struct Heard {
    pub packets: u64,
    pub marks: HashMap<u8, u64>,
    pub first_at: Option<Instant>,
    pub last_at: Option<Instant>,
    pub sequences: Vec<u16>,
    /// Microseconds from sending to receiving, of video.
    pub delays_us: Vec<u32>,
    /// Number of the layer that the newest packet of video is of.
    pub layer: u8,
    /// Longest time between two packets.
    pub longest_gap: Duration,
    /// The frames that these packets make, of video.
    pub pictures: Pictures,
}

/// Instant that all times in packets count from.
pub fn epoch() -> Instant {
    static EPOCH: std::sync::OnceLock<Instant> = std::sync::OnceLock::new();
    *EPOCH.get_or_init(Instant::now)
}

pub type Shared = Arc<Mutex<HashMap<String, Heard>>>;
pub type Remotes = Arc<Mutex<HashMap<String, Arc<dyn TrackRemote>>>>;

#[derive(Default)]
pub struct Handler {
    pub heard: Shared,
    pub remotes: Remotes,
    pub connected_at: Arc<Mutex<Option<Instant>>>,
}

#[async_trait]
impl PeerConnectionEventHandler for Handler {
    async fn on_connection_state_change(&self, state: RTCPeerConnectionState) {
        if state == RTCPeerConnectionState::Connected {
            self.connected_at.lock().unwrap().get_or_insert(Instant::now());
        }
    }

    async fn on_track(&self, track: Arc<dyn TrackRemote>) {
        let (heard, remotes) = (Arc::clone(&self.heard), Arc::clone(&self.remotes));
        #[expect(clippy::disallowed_methods, reason = "ends with the connection")]
        tokio::spawn(async move {
            let id = track.track_id().await;
            remotes.lock().unwrap().insert(id.clone(), Arc::clone(&track));
            while let Some(event) = track.poll().await {
                let TrackRemoteEvent::OnRtpPacket(packet) = event else { continue };
                let mut heard = heard.lock().unwrap();
                let entry = heard.entry(id.clone()).or_default();
                entry.packets += 1;
                let now = Instant::now();
                entry.first_at.get_or_insert(now);
                if let Some(last) = entry.last_at.replace(now) {
                    entry.longest_gap = entry.longest_gap.max(now.duration_since(last));
                }
                if entry.sequences.len() < 100_000 {
                    entry.sequences.push(packet.header.sequence_number);
                }
                if packet.payload.len() > 200 {
                    entry.layer = packet.payload[12];
                    let (header, payload) = (&packet.header, &packet.payload);
                    entry.pictures.take(now, header.sequence_number, header.marker, payload);
                }
                if packet.payload.len() > 200 && entry.delays_us.len() < 100_000 {
                    let sent = packet.payload[4..12].try_into().map(u64::from_be_bytes).unwrap();
                    let now = epoch().elapsed().as_micros() as u64;
                    entry.delays_us.push(now.saturating_sub(sent) as u32);
                }
                if let Some(mark) = packet.payload.last() {
                    *entry.marks.entry(*mark).or_default() += 1;
                }
            }
        });
    }
}

/// Opus and VP8 without retransmission codecs: the crate asks without end for what was repeated with one.
fn register_plain_codecs(engine: &mut MediaEngine) {
    for (kind, payload_type) in [(RtpCodecKind::Audio, 111), (RtpCodecKind::Video, 96)] {
        let codec = RTCRtpCodecParameters { rtp_codec: codec(kind), payload_type };
        engine.register_codec(codec, kind).unwrap();
    }
}

/// Creates a connection; on a network, if there is one, that loses packets.
pub async fn connection(
    handler: Arc<Handler>,
    bind: &str,
    network: Option<&Arc<LossyNetwork>>,
) -> Box<dyn PeerConnection> {
    let mut engine = MediaEngine::default();
    match network {
        None => engine.register_default_codecs().unwrap(),
        Some(_) => register_plain_codecs(&mut engine),
    }
    let mut registry = register_default_interceptors(Registry::new(), &mut engine).unwrap();
    let mut runtime: Arc<dyn Runtime> = Arc::new(TokioRuntime);
    if let Some(network) = network {
        // Browsers ask ten times for what is missing, and sooner than the crate does.
        let nacks = NackGeneratorBuilder::new().with_max_nacks_per_packet(10).with_interval(NACK_EVERY);
        registry = registry.with(Slot::NackGenerator, nacks.build());
        runtime = Arc::new(LossyRuntime(Arc::clone(network)));
    }
    let settings = SettingEngineBuilder::new()
        .with_include_loopback_candidate(true)
        .with_multicast_dns_mode(rtc::ice::mdns::MulticastDnsMode::Disabled)
        .build();
    let built = PeerConnectionBuilder::new()
        .with_media_engine(engine)
        .with_setting_engine(settings)
        .with_interceptor_registry(registry)
        .with_handler(handler)
        .with_runtime(runtime)
        .with_udp_addrs(vec![format!("{bind}:0")])
        .build()
        .await
        .unwrap();
    Box::new(built)
}

pub fn codec(kind: RtpCodecKind) -> RTCRtpCodec {
    let (mime, clock_rate, channels) = match kind {
        RtpCodecKind::Video => ("video/VP8", 90_000, 0),
        _ => ("audio/opus", 48_000, 2),
    };
    RTCRtpCodec { mime_type: mime.into(), clock_rate, channels, ..Default::default() }
}
