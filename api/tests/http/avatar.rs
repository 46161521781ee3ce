//! Pictures: size limits have codes, and only the pixels are kept.

use std::io::Cursor;

use axum::body::Body;
use image::{DynamicImage, ImageFormat};

use crate::world::{Answer, World, bearer, request};

pub async fn put(world: &World, token: &str, bytes: Vec<u8>) -> Answer {
    let headers = [("authorization", token), ("content-type", "image/png")];
    world.send(request("PUT", "/api/v1/me/avatar", &headers, Body::from(bytes))).await
}

pub fn picture(width: u32, height: u32, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Vec::new();
    DynamicImage::new_rgb8(width, height).write_to(&mut Cursor::new(&mut bytes), format).unwrap();
    bytes
}

/// A JPEG with an EXIF segment that holds its location.
fn picture_with_metadata() -> Vec<u8> {
    let plain = picture(64, 48, ImageFormat::Jpeg);
    let mut exif = b"Exif\0\0MM\0*\0\0\0\x08\0\0\0\0\0\0".to_vec();
    exif.extend_from_slice(b"GPS 55.75,37.61");
    let length = u16::try_from(exif.len() + 2).unwrap().to_be_bytes();
    [&plain[..2], &[0xff, 0xe1], &length, &exif, &plain[2..]].concat()
}

#[tokio::test]
async fn a_picture_is_drawn_anew_and_served_without_its_metadata() {
    let world = World::new().await;
    let anna = bearer(&world.student("anna").await);
    let upload = picture_with_metadata();
    assert!(upload.windows(3).any(|bytes| bytes == b"GPS"));
    let placed = put(&world, &anna, upload).await;
    let url = placed.is(200).body["url"].as_str().unwrap().to_owned();
    let served = world.get(&url, &[]).await;
    assert_eq!(served.is(200).header("content-type"), "image/jpeg");
    assert!(!served.bytes.windows(3).any(|bytes| bytes == b"GPS"));
    assert_eq!(image::load_from_memory(&served.bytes).unwrap().width(), 64);
    let big = put(&world, &anna, picture(1200, 600, ImageFormat::Png)).await;
    let newer = world.get(big.is(200).body["url"].as_str().unwrap(), &[]).await;
    assert_eq!(image::load_from_memory(&newer.bytes).unwrap().width(), 512);
    world.get(&url, &[]).await.refused(404, "not_found");
}

#[tokio::test]
async fn what_is_too_large_or_no_picture_is_said_so() {
    let world = World::new().await;
    let anna = bearer(&world.student("anna").await);
    let mut five_megabytes = picture(400, 300, ImageFormat::Jpeg);
    five_megabytes.resize(5 * 1024 * 1024, 0);
    put(&world, &anna, five_megabytes).await.is(200);
    put(&world, &anna, vec![0; 10 * 1024 * 1024 + 1]).await.refused(413, "body_too_large");
    put(&world, &anna, b"<svg onload='alert(1)'/>".to_vec()).await.refused(422, "unreadable_image");
    put(&world, &anna, Vec::new()).await.refused(422, "unreadable_image");
    let mut cut = picture(400, 300, ImageFormat::Png);
    cut.truncate(cut.len() / 2);
    put(&world, &anna, cut).await.refused(422, "unreadable_image");
    // A decompression bomb: a few kilobytes that claim to be 60,000 × 60,000 pixels.
    let mut bomb = picture(8, 8, ImageFormat::Png);
    bomb[16..24].copy_from_slice(&[0, 0, 0xea, 0x60, 0, 0, 0xea, 0x60]);
    let answer = put(&world, &anna, bomb).await;
    assert_eq!(answer.status.as_u16(), 422, "{answer:?}");
}
