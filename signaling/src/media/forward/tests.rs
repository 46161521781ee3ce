//! Tests of one subscription's layers and numbers.

use bytes::Bytes;

use super::*;

fn video(sequence: u16, key: bool, picture: u8) -> MediaPacket {
    let payload = Bytes::from(vec![0x90, 0x80, picture, u8::from(!key), 1]);
    MediaPacket { sequence, timestamp: u32::from(sequence) * 3_000, marker: true, payload, level: None }
}

#[test]
fn a_stream_begins_with_a_key_frame_and_a_layer_change_leaves_no_gap() {
    let now = Instant::now();
    let mut layers = Layers::default();
    layers.seen(Quality::High, now, 1_000);
    layers.seen(Quality::Low, now, 1_000);
    let mut forward = Forward::new(true, true, Quality::High);
    assert_eq!(forward.wants_key_frame(&layers, now), Some(Quality::High));
    assert_eq!(forward.wants_key_frame(&layers, now), None);
    assert!(forward.forward(&video(10, false, 3), Quality::High, &layers, now).is_none());
    let mut out = vec![forward.forward(&video(11, true, 4), Quality::High, &layers, now).unwrap()];
    out.push(forward.forward(&video(12, false, 5), Quality::High, &layers, now).unwrap());
    forward.set(true, Quality::Low);
    assert!(forward.forward(&video(500, false, 90), Quality::Low, &layers, now).is_none());
    out.push(forward.forward(&video(13, false, 6), Quality::High, &layers, now).unwrap());
    out.push(forward.forward(&video(501, true, 91), Quality::Low, &layers, now).unwrap());
    assert!(forward.forward(&video(14, false, 7), Quality::High, &layers, now).is_none());
    out.push(forward.forward(&video(502, false, 92), Quality::Low, &layers, now).unwrap());
    let sequences: Vec<u16> = out.iter().map(|packet| packet.sequence).collect();
    assert_eq!(sequences, [1_000, 1_001, 1_002, 1_003, 1_004]);
    let pictures: Vec<u8> = out.iter().map(|packet| packet.payload[2]).collect();
    assert_eq!(pictures, [4, 5, 6, 7, 8]);
    assert!(out.windows(2).all(|pair| pair[0].timestamp < pair[1].timestamp));
}

#[test]
fn a_key_frame_that_begins_late_begins_no_stream() {
    let now = Instant::now();
    let mut layers = Layers::default();
    layers.seen(Quality::High, now, 1_000);
    let mut forward = Forward::new(true, true, Quality::High);
    assert!(forward.wants_key_frame(&layers, now).is_some());
    let mut number = |packet: &MediaPacket| {
        forward.forward(packet, Quality::High, &layers, now).map(|packet| packet.sequence)
    };
    // The first packet of the key frame was lost and is repeated after its others.
    assert_eq!(number(&video(21, false, 4)), None);
    assert_eq!(number(&video(22, false, 4)), None);
    assert_eq!(number(&video(20, true, 4)), None);
    assert_eq!(number(&video(23, false, 5)), None);
    assert_eq!(number(&video(30, true, 6)), Some(1_000));
    assert_eq!(number(&video(31, false, 7)), Some(1_001));
    let later = now + KEY_FRAME_EVERY;
    assert_eq!(forward.wants_key_frame(&layers, later), None, "it has begun");
    // A packet passed over long ago does not count.
    forward.restart();
    assert!(forward.forward(&video(40_000, true, 8), Quality::High, &layers, now).is_some());
}

#[test]
fn padding_leaves_no_gap_and_late_packets_keep_their_place() {
    let now = Instant::now();
    let mut layers = Layers::default();
    layers.seen(Quality::High, now, 1_000);
    let mut forward = Forward::new(true, true, Quality::High);
    let mut number = |packet: &MediaPacket| {
        forward.forward(packet, Quality::High, &layers, now).map(|packet| packet.sequence)
    };
    assert_eq!(number(&video(1, true, 1)), Some(1_000));
    let padding = MediaPacket { payload: Bytes::new(), ..video(2, false, 0) };
    assert_eq!(number(&padding), None);
    assert_eq!(number(&video(4, false, 3)), Some(1_002));
    assert_eq!(number(&video(3, false, 2)), Some(1_001));
    // A lost packet (5) between media and padding keeps its place, also when it comes after all.
    assert_eq!(number(&MediaPacket { payload: Bytes::new(), ..video(6, false, 0) }), None);
    assert_eq!(number(&MediaPacket { payload: Bytes::new(), ..video(7, false, 0) }), None);
    assert_eq!(number(&video(8, false, 5)), Some(1_004));
    assert_eq!(number(&video(5, false, 4)), Some(1_003));
}

#[test]
fn loss_lowers_the_layer_and_calm_raises_it() {
    let now = Instant::now();
    let mut forward = Forward::new(true, true, Quality::High);
    forward.loss(0.3, now);
    assert_eq!(forward.cap, Quality::High, "one report is no trend");
    forward.loss(0.3, now);
    assert_eq!(forward.cap, Quality::Mid);
    forward.loss(0.0, now);
    forward.loss(0.0, now + CALM_BEFORE_UP);
    assert_eq!(forward.cap, Quality::High);
}

#[test]
fn what_was_lost_on_the_way_up_does_not_lower_the_layer() {
    let now = Instant::now();
    let mut layers = Layers::default();
    layers.seen(Quality::High, now, 1_000);
    let mut forward = Forward::new(true, true, Quality::High);
    assert!(forward.forward(&video(1, true, 1), Quality::High, &layers, now).is_some());
    assert_eq!(forward.loss(0.0, now), 0.0);
    for sequence in (2..=101).filter(|sequence| sequence % 5 != 0) {
        assert!(forward.forward(&video(sequence, false, 2), Quality::High, &layers, now).is_some());
    }
    // A fifth never came to us; the receiver misses a quarter.
    let down = forward.loss(0.25, now);
    assert!((down - 0.05).abs() < 0.01, "{down}");
    assert_eq!(forward.loss(0.3, now), 0.3, "nothing was sent since");
}

#[test]
fn nothing_goes_out_while_it_is_off() {
    let now = Instant::now();
    let mut layers = Layers::default();
    layers.seen(Quality::High, now, 1_000);
    let mut forward = Forward::new(false, false, Quality::High);
    assert!(forward.forward(&video(1, true, 1), Quality::High, &layers, now).is_none());
    forward.set(true, Quality::High);
    assert!(forward.forward(&video(2, true, 1), Quality::High, &layers, now).is_some());
}
