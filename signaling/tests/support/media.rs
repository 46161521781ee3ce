//! Media of a person without a browser: connections of the `webrtc` crate, packets that name their sender.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use bytes::Bytes;
use rtc::media_stream::MediaStreamTrack;
use rtc::rtp_transceiver::rtp_sender::{
    RTCRtpCodec, RTCRtpCodingParameters, RTCRtpEncodingParameters, RtpCodecKind,
};
use serde_json::{Value, json};
use webrtc::media_stream::track_local::TrackLocal;
use webrtc::media_stream::track_local::static_rtp::TrackLocalStaticRTP;
use webrtc::media_stream::track_remote::{TrackRemote, TrackRemoteEvent};
use webrtc::peer_connection::{
    MediaEngine, PeerConnection, PeerConnectionBuilder, PeerConnectionEventHandler, RTCPeerConnectionState,
    RTCSessionDescription, Registry, SettingEngineBuilder, register_default_interceptors,
};

use super::Person;

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
}

/// Instant that all times in packets count from.
fn epoch() -> Instant {
    static EPOCH: std::sync::OnceLock<Instant> = std::sync::OnceLock::new();
    *EPOCH.get_or_init(Instant::now)
}

type Shared = Arc<Mutex<HashMap<String, Heard>>>;

#[derive(Default)]
struct Handler {
    heard: Shared,
    connected_at: Arc<Mutex<Option<Instant>>>,
}

#[async_trait]
impl PeerConnectionEventHandler for Handler {
    async fn on_connection_state_change(&self, state: RTCPeerConnectionState) {
        if state == RTCPeerConnectionState::Connected {
            self.connected_at.lock().unwrap().get_or_insert(Instant::now());
        }
    }

    async fn on_track(&self, track: Arc<dyn TrackRemote>) {
        let heard = Arc::clone(&self.heard);
        #[expect(clippy::disallowed_methods, reason = "ends with the connection")]
        tokio::spawn(async move {
            let id = track.track_id().await;
            while let Some(event) = track.poll().await {
                let TrackRemoteEvent::OnRtpPacket(packet) = event else { continue };
                let mut heard = heard.lock().unwrap();
                let entry = heard.entry(id.clone()).or_default();
                entry.packets += 1;
                entry.first_at.get_or_insert(Instant::now());
                entry.last_at = Some(Instant::now());
                if entry.sequences.len() < 100_000 {
                    entry.sequences.push(packet.header.sequence_number);
                }
                if packet.payload.len() > 200 {
                    entry.layer = packet.payload[12];
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

async fn connection(handler: Arc<Handler>, bind: &str) -> Box<dyn PeerConnection> {
    let mut engine = MediaEngine::default();
    engine.register_default_codecs().unwrap();
    let registry = register_default_interceptors(Registry::new(), &mut engine).unwrap();
    let settings = SettingEngineBuilder::new()
        .with_include_loopback_candidate(true)
        .with_multicast_dns_mode(rtc::ice::mdns::MulticastDnsMode::Disabled)
        .build();
    let built = PeerConnectionBuilder::new()
        .with_media_engine(engine)
        .with_setting_engine(settings)
        .with_interceptor_registry(registry)
        .with_handler(handler)
        .with_udp_addrs(vec![format!("{bind}:0")])
        .build()
        .await
        .unwrap();
    Box::new(built)
}

/// A person's two media connections.
pub struct Media {
    pub publishing: Box<dyn PeerConnection>,
    pub receiving: Box<dyn PeerConnection>,
    pub publishing_connected: Arc<Mutex<Option<Instant>>>,
    pub receiving_connected: Arc<Mutex<Option<Instant>>>,
    heard: Shared,
    video: Arc<TrackLocalStaticRTP>,
    audio: Arc<TrackLocalStaticRTP>,
    ssrc: u32,
    mark: u8,
    frames: u16,
    layers: Vec<Layer>,
    /// Numbers of the header extensions for section and layer.
    extensions: (u8, u8),
}

/// Packets that are sent of one layer of the camera.
#[derive(Debug, Clone)]
struct Layer {
    rid: &'static str,
    ssrc: u32,
    packets: u16,
    bytes: usize,
    sequence: u16,
}

const MID: &str = "urn:ietf:params:rtp-hdrext:sdes:mid";
const RID: &str = "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id";

/// Returns the number that a description gives to a header extension; 0 for none.
fn extension(sdp: &str, uri: &str) -> u8 {
    let maps = sdp.lines().filter_map(|line| line.strip_prefix("a=extmap:"));
    let found = maps.filter_map(|map| map.split_once(' ')).find(|(_, of)| of.trim() == uri);
    found.and_then(|(id, _)| id.split('/').next()?.parse().ok()).unwrap_or_default()
}

fn track(kind: RtpCodecKind, encodings: &[(&str, u32)]) -> Arc<TrackLocalStaticRTP> {
    let (mime, clock_rate, channels) = match kind {
        RtpCodecKind::Video => ("video/VP8", 90_000, 0),
        _ => ("audio/opus", 48_000, 2),
    };
    let codec = RTCRtpCodec { mime_type: mime.into(), clock_rate, channels, ..Default::default() };
    let coding = |(rid, ssrc): &(&str, u32)| RTCRtpEncodingParameters {
        rtp_coding_parameters: RTCRtpCodingParameters {
            rid: (*rid).into(),
            ssrc: Some(*ssrc),
            ..Default::default()
        },
        codec: codec.clone(),
        active: true,
        ..Default::default()
    };
    let id = format!("t{}", encodings[0].1);
    let codings = encodings.iter().map(coding).collect();
    Arc::new(TrackLocalStaticRTP::new(MediaStreamTrack::new("s".into(), id.clone(), id, kind, codings)))
}

impl Media {
    /// Creates both connections; every packet carries `mark` as its last byte.
    pub async fn new(mark: u8) -> Self {
        Self::new_at(mark, "127.0.0.1").await
    }

    /// Creates both connections on an address of this machine.
    pub async fn new_at(mark: u8, bind: &str) -> Self {
        Self::with_layers(mark, bind, &[("", 1, 712)]).await
    }

    /// Creates both connections; the camera has three layers, of 300, 1,100 and 6,360 bytes a frame.
    pub async fn simulcast_at(mark: u8, bind: &str) -> Self {
        Self::with_layers(mark, bind, &[("low", 1, 300), ("mid", 1, 1_100), ("high", 6, 1_060)]).await
    }

    async fn with_layers(mark: u8, bind: &str, layers: &[(&'static str, u16, usize)]) -> Self {
        let (handler, receiver) = (Arc::new(Handler::default()), Arc::new(Handler::default()));
        let ssrc = 5_000 + u32::from(mark) * 10;
        let layers: Vec<Layer> = (1..)
            .zip(layers)
            .map(|(at, (rid, packets, bytes))| Layer {
                rid,
                ssrc: ssrc + at,
                packets: *packets,
                bytes: *bytes,
                sequence: 0,
            })
            .collect();
        let encodings: Vec<(&str, u32)> = layers.iter().map(|layer| (layer.rid, layer.ssrc)).collect();
        Self {
            publishing_connected: Arc::clone(&handler.connected_at),
            receiving_connected: Arc::clone(&receiver.connected_at),
            heard: Arc::clone(&receiver.heard),
            publishing: connection(handler, bind).await,
            receiving: connection(receiver, bind).await,
            video: track(RtpCodecKind::Video, &encodings),
            audio: track(RtpCodecKind::Audio, &[("", ssrc)]),
            ssrc,
            mark,
            frames: 0,
            layers,
            extensions: (0, 0),
        }
    }

    /// Publishes microphone and camera.
    pub async fn publishes(&mut self, person: &mut Person) {
        let data = json!({"sdp": self.offer().await, "tracks": [
            {"mid": "0", "source": "mic"}, {"mid": "1", "source": "camera"}]});
        person.asks_ok("pub.offer", data).await;
        let answer = person.wait("pub.answer").await;
        self.accept(answer["d"]["sdp"].as_str().unwrap()).await;
    }

    /// Returns an offer of microphone and camera.
    pub async fn offer(&mut self) -> String {
        self.publishing.add_track(self.audio.clone()).await.unwrap();
        self.publishing.add_track(self.video.clone()).await.unwrap();
        let offer = self.publishing.create_offer(None).await.unwrap();
        self.publishing.set_local_description(offer.clone()).await.unwrap();
        self.extensions = (extension(&offer.sdp, MID), extension(&offer.sdp, RID));
        offer.sdp
    }

    pub async fn accept(&self, answer: &str) {
        let answer = RTCSessionDescription::answer(answer.to_owned()).unwrap();
        self.publishing.set_remote_description(answer).await.unwrap();
    }

    /// Returns an answer of the receiving connection.
    pub async fn answer(&self, offer: &str) -> String {
        let offer = RTCSessionDescription::offer(offer.to_owned()).unwrap();
        self.receiving.set_remote_description(offer).await.unwrap();
        let answer = self.receiving.create_answer(None).await.unwrap();
        self.receiving.set_local_description(answer.clone()).await.unwrap();
        answer.sdp
    }

    /// Answers offers of the receiving connection until this many tracks are in; returns the map.
    pub async fn receives(&mut self, person: &mut Person, tracks: usize) -> Value {
        loop {
            let offer = person.wait("sub.offer").await;
            self.takes(person, &offer).await;
            if offer["d"]["map"].as_array().unwrap().len() == tracks {
                return offer["d"]["map"].clone();
            }
        }
    }

    pub async fn takes(&mut self, person: &mut Person, offer: &Value) {
        let answer = self.answer(offer["d"]["sdp"].as_str().unwrap()).await;
        person.asks_ok("sub.answer", json!({"nid": offer["d"]["nid"], "sdp": answer})).await;
    }

    /// Sends one frame of each track and layer; every tenth is a key frame.
    pub async fn sends_frame(&mut self) {
        self.frames = self.frames.wrapping_add(1);
        let key = self.frames % 10 == 1;
        for (number, at) in (0u8..).zip(0..self.layers.len()) {
            for packet in 0..self.layers[at].packets {
                let layer = &mut self.layers[at];
                layer.sequence = layer.sequence.wrapping_add(1);
                let starts = if packet == 0 { 0x90 } else { 0x80 };
                let mut payload = vec![starts, 0x80, (self.frames % 128) as u8, u8::from(!key)];
                payload.extend((epoch().elapsed().as_micros() as u64).to_be_bytes());
                payload.push(number);
                payload.resize(layer.bytes - 1, 0);
                payload.push(self.mark);
                let mut header = rtc::rtp::Header {
                    marker: packet + 1 == layer.packets,
                    payload_type: 96,
                    sequence_number: layer.sequence,
                    timestamp: u32::from(self.frames) * 3_000,
                    ssrc: layer.ssrc,
                    ..Default::default()
                };
                if !layer.rid.is_empty() {
                    header.set_extension(self.extensions.0, Bytes::from_static(b"1")).unwrap();
                    header
                        .set_extension(self.extensions.1, Bytes::from_static(layer.rid.as_bytes()))
                        .unwrap();
                }
                write(&self.video, header, payload).await;
            }
        }
        let mut audio = vec![0xfc; 60];
        audio.push(self.mark);
        let header = rtc::rtp::Header {
            marker: true,
            payload_type: 111,
            sequence_number: self.frames,
            timestamp: u32::from(self.frames) * 960,
            ssrc: self.ssrc,
            ..Default::default()
        };
        write(&self.audio, header, audio).await;
    }

    /// Sends at 50 frames a second for a while.
    pub async fn sends_for(&mut self, time: Duration) {
        let end = Instant::now() + time;
        while Instant::now() < end {
            self.sends_frame().await;
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Sends five frames at 25 a second.
    pub async fn sends_slowly(&mut self) {
        for _ in 0..5 {
            self.sends_frame().await;
            tokio::time::sleep(Duration::from_millis(40)).await;
        }
    }

    pub fn heard(&self) -> HashMap<String, Heard> {
        self.heard.lock().unwrap().clone()
    }

    /// Forgets what was heard so far.
    pub fn forget(&self) {
        self.heard.lock().unwrap().clear();
    }

    /// Returns the layer that the newest packet of a track is of.
    pub fn layer_of(&self, track: &str) -> Option<u8> {
        self.heard.lock().unwrap().get(track).filter(|heard| heard.packets > 0).map(|heard| heard.layer)
    }

    pub fn packets_of(&self, track: &str) -> u64 {
        self.heard().get(track).map_or(0, |heard| heard.packets)
    }

    pub async fn close(&self) {
        self.publishing.close().await.unwrap();
        self.receiving.close().await.unwrap();
    }
}

async fn write(track: &TrackLocalStaticRTP, header: rtc::rtp::Header, payload: Vec<u8>) {
    let header = rtc::rtp::Header { version: 2, ..header };
    // Before the connection stands, there is no receiver.
    let _ = track.write_rtp(rtc::rtp::Packet { header, payload: Bytes::from(payload) }).await;
}
