//! Avatars: stored beside the log, without the metadata of the camera.

use std::io::Cursor;

use image::{DynamicImage, ImageFormat, RgbImage};
use tests::{Answer, Person, World};

/// EXIF is removed, and the size limit is published.
#[tokio::test(flavor = "multi_thread")]
async fn a_picture_is_served_without_its_metadata() {
    let world = World::start().await;
    let anna = world.student().registers().await;
    let place = "GPS 59.9386N 30.3141E taken at home";
    let picture = jpeg_with_exif(place);
    let sent = uploads(&anna, picture, "image/jpeg").await.ok();
    let url = sent["url"].as_str().expect("a url").to_owned();
    let path = url.split_once("/api/v1").map_or(url.as_str(), |(_, path)| path);
    let served = anna.get(path).await.is(200);
    let bytes = &served.bytes;
    let shown = image::load_from_memory(bytes).expect("what is served is a picture");
    assert!(shown.width() > 0);
    assert!(!bytes.windows(4).any(|window| window == b"Exif"), "the metadata is still there");
    assert!(!bytes.windows(place.len()).any(|window| window == place.as_bytes()));
    let leak = tests::found_in(&world.pool, &tests::Secrets::default().and("place", place)).await;
    assert_eq!(leak, Vec::<String>::new());
    let me = anna.get("/me").await.is(200);
    assert_eq!(me["avatar_url"], url.as_str(), "{me:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_picture_or_too_large_is_refused_and_the_size_is_said() {
    let world = World::start().await;
    let anna = world.student().registers().await;
    for (bytes, kind) in [(b"<html></html>".to_vec(), "image/png"), (vec![0xff; 4096], "image/jpeg")] {
        let refused = uploads(&anna, bytes, kind).await.is_problem();
        assert!(matches!(refused.status, 400 | 415 | 422), "{refused:?}");
    }
    let text = uploads(&anna, b"hello".to_vec(), "text/plain").await.is_problem();
    assert!(matches!(text.status, 415 | 422), "{text:?}");
    uploads(&anna, vec![0; 11 * 1024 * 1024], "image/png").await.is_problem().is(413);
    anna.get("/me").await.is(200);
}

async fn uploads(person: &Person, bytes: Vec<u8>, kind: &str) -> Answer {
    person.call("PUT", "/me/avatar").body(bytes, kind).send().await
}

/// A small photograph with an APP1 segment, as cameras write it (Exif 2.3, 4.7.2).
pub fn jpeg_with_exif(text: &str) -> Vec<u8> {
    let mut plain = Cursor::new(Vec::new());
    let pixels = RgbImage::from_fn(64, 48, |x, y| image::Rgb([x as u8, y as u8, 128]));
    DynamicImage::ImageRgb8(pixels).write_to(&mut plain, ImageFormat::Jpeg).expect("a JPEG");
    let plain = plain.into_inner();
    let mut segment = b"Exif\0\0MM\0\x2a\0\0\0\x08\0\0\0\0\0\0".to_vec();
    segment.extend_from_slice(text.as_bytes());
    let length = u16::try_from(segment.len() + 2).expect("a short segment");
    let mut picture = plain[..2].to_vec();
    picture.extend_from_slice(&[0xff, 0xe1]);
    picture.extend_from_slice(&length.to_be_bytes());
    picture.extend_from_slice(&segment);
    picture.extend_from_slice(&plain[2..]);
    picture
}
