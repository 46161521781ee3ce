//! Media of a person without a browser: connections of the `webrtc` crate, packets that name their sender.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use bytes::Bytes;
use rtc::media_stream::MediaStreamTrack;
use rtc::rtcp::payload_feedbacks::picture_loss_indication::PictureLossIndication;
use rtc::rtp_transceiver::rtp_sender::{RTCRtpCodingParameters, RTCRtpEncodingParameters, RtpCodecKind};
use serde_json::{Value, json};
use webrtc::media_stream::track_local::TrackLocal;
use webrtc::media_stream::track_local::static_rtp::TrackLocalStaticRTP;
use webrtc::peer_connection::{PeerConnection, RTCSessionDescription};

use super::Person;
use super::lossy::LossyNetwork;
use super::peer::{Handler, Heard, Remotes, Shared, codec, connection, epoch};

/// A person's two media connections.
pub struct Media {
    pub publishing: Box<dyn PeerConnection>,
    pub receiving: Box<dyn PeerConnection>,
    pub publishing_connected: Arc<Mutex<Option<Instant>>>,
    pub receiving_connected: Arc<Mutex<Option<Instant>>>,
    heard: Shared,
    remotes: Remotes,
    video: Arc<TrackLocalStaticRTP>,
    audio: Arc<TrackLocalStaticRTP>,
    ssrc: u32,
    mark: u8,
    frames: u16,
    /// Frames from one key frame to the next.
    pub key_frame_every: u16,
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
    let codec = codec(kind);
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
        Self::with_layers(mark, bind, &[("", 1, 712)], None).await
    }

    /// Creates both connections; the camera has three layers, of 300, 1,100 and 6,360 bytes a frame.
    pub async fn simulcast_at(mark: u8, bind: &str) -> Self {
        Self::with_layers(mark, bind, &[("low", 1, 300), ("mid", 1, 1_100), ("high", 6, 1_060)], None).await
    }

    /// Creates both connections on a network that loses packets; a frame of the camera has three packets.
    pub async fn on(network: &Arc<LossyNetwork>, mark: u8, bind: &str) -> Self {
        Self::with_layers(mark, bind, &[("", 3, 1_000)], Some(network)).await
    }

    async fn with_layers(
        mark: u8,
        bind: &str,
        layers: &[(&'static str, u16, usize)],
        network: Option<&Arc<LossyNetwork>>,
    ) -> Self {
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
            remotes: Arc::clone(&receiver.remotes),
            publishing: connection(handler, bind, network).await,
            receiving: connection(receiver, bind, network).await,
            video: track(RtpCodecKind::Video, &encodings),
            audio: track(RtpCodecKind::Audio, &[("", ssrc)]),
            ssrc,
            mark,
            frames: 0,
            key_frame_every: 10,
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

    /// Sends one frame of each track and layer; every tenth is a key frame if nothing else is set.
    pub async fn sends_frame(&mut self) {
        self.frames = self.frames.wrapping_add(1);
        let key = self.frames % self.key_frame_every == 1;
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

    /// Begins to measure the pauses of all pictures.
    pub fn restarts_pictures(&self) {
        let now = Instant::now();
        self.heard.lock().unwrap().values_mut().for_each(|heard| heard.pictures.restart(now));
    }

    /// Forgets what was heard so far.
    pub fn forget(&self) {
        self.heard.lock().unwrap().clear();
    }

    /// Asks the server for a key frame of a received track.
    pub async fn asks_for_key_frame(&self, track: &str) {
        let remote = Arc::clone(&self.remotes.lock().unwrap()[track]);
        let ssrcs = remote.ssrcs().await;
        let ask = |ssrc: &u32| -> Box<dyn rtc::rtcp::Packet> {
            Box::new(PictureLossIndication { sender_ssrc: 1, media_ssrc: *ssrc })
        };
        remote.write_rtcp(ssrcs.iter().map(ask).collect()).await.unwrap();
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
