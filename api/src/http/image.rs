//! Re-encodes uploaded pictures, so that only their pixels are stored.

use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, ImageDecoder, ImageError, ImageReader};
use tokio::sync::Semaphore;

use super::problem::Problem;

/// Limits of a decoded picture. 40 megapixels need 160 MB for a moment, so one picture is decoded at a time.
const MAX_SIDE: u32 = 12_000;
const MAX_PIXELS: u64 = 40_000_000;
const MAX_ALLOC: u64 = 256 * 1024 * 1024;
static DECODE_PERMIT: Semaphore = Semaphore::const_new(1);

/// A re-encoded picture.
pub(super) struct EncodedImage {
    pub bytes: Vec<u8>,
    /// `image/png` with an alpha channel, otherwise `image/jpeg`.
    pub media_type: &'static str,
}

/// Re-encodes a PNG, JPEG or WebP picture. The longer side gets at most `kept_side` pixels.
///
/// # Errors
/// 422 `unreadable_image` or `image_too_large`.
pub(super) async fn re_encode(upload: Vec<u8>, kept_side: u32) -> Result<EncodedImage, Problem> {
    let permit = DECODE_PERMIT.acquire().await.map_err(|_| Problem::new("busy"))?;
    tokio::task::spawn_blocking(move || {
        let picture = re_encode_blocking(&upload, kept_side);
        drop(permit);
        picture
    })
    .await
    .map_err(|_| Problem::new("unreadable_image"))?
}

/// Decodes, rotates by the orientation of the camera, shrinks and encodes.
fn re_encode_blocking(upload: &[u8], kept_side: u32) -> Result<EncodedImage, Problem> {
    let unreadable = |error: ImageError| match error {
        ImageError::Limits(_) => Problem::new("image_too_large"),
        _ => Problem::new("unreadable_image"),
    };
    let mut reader = ImageReader::new(Cursor::new(upload))
        .with_guessed_format()
        .map_err(|_| Problem::new("unreadable_image"))?;
    let mut limits = image::Limits::default();
    limits.max_image_width = Some(MAX_SIDE);
    limits.max_image_height = Some(MAX_SIDE);
    limits.max_alloc = Some(MAX_ALLOC);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(unreadable)?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > MAX_PIXELS {
        return Err(Problem::new("image_too_large"));
    }
    let orientation = decoder.orientation().map_err(unreadable)?;
    let mut picture = DynamicImage::from_decoder(decoder).map_err(unreadable)?;
    if width > kept_side || height > kept_side {
        picture = picture.thumbnail(kept_side, kept_side);
    }
    picture.apply_orientation(orientation);
    let mut bytes = Vec::new();
    if picture.color().has_alpha() {
        let picture = DynamicImage::ImageRgba8(picture.to_rgba8());
        picture.write_to(&mut Cursor::new(&mut bytes), image::ImageFormat::Png).map_err(unreadable)?;
        Ok(EncodedImage { bytes, media_type: "image/png" })
    } else {
        let encoder = JpegEncoder::new_with_quality(&mut bytes, 85);
        picture.to_rgb8().write_with_encoder(encoder).map_err(unreadable)?;
        Ok(EncodedImage { bytes, media_type: "image/jpeg" })
    }
}
