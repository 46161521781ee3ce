//! Re-encodes uploaded pictures, so that only their pixels are stored.

use std::collections::HashMap;
use std::io::Cursor;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use std::time::Duration;

use domain::AccountId;
use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, ImageDecoder, ImageError, ImageReader};
use tokio::sync::Semaphore;

use super::problem::Problem;

/// Limits of a decoded picture. 40 megapixels need 160 MB for a moment, so one large picture is decoded at a time.
const MAX_SIDE: u32 = 12_000;
const MAX_ALLOC: u64 = 256 * 1024 * 1024;

/// Most pixels of an uploaded avatar, which is shrunk to 512 pixels, and of any other picture.
pub(super) const AVATAR_PIXELS: u64 = 16_000_000;
pub(super) const PICTURE_PIXELS: u64 = 40_000_000;

/// Most pixels of a small picture. Small ones wait apart, so that a large one does not delay them.
const SMALL_PIXELS: u64 = 4_000_000;
static LARGE_PICTURES: Semaphore = Semaphore::const_new(1);
static SMALL_PICTURES: Semaphore = Semaphore::const_new(2);

/// Most pictures of one account that wait or are decoded. They are decoded one after another.
const WAITING: usize = 5;

/// Accounts with pictures that wait or are decoded.
static WAITING_ACCOUNTS: LazyLock<Mutex<HashMap<AccountId, Waiting>>> = LazyLock::new(Mutex::default);

/// Pictures of one account.
struct Waiting {
    pictures: usize,
    /// Permit to decode, for one picture at a time.
    decoding: Arc<Semaphore>,
}

/// A re-encoded picture.
pub(super) struct EncodedImage {
    pub bytes: Vec<u8>,
    /// `image/png` with an alpha channel, otherwise `image/jpeg`.
    pub media_type: &'static str,
}

/// Place of a picture among those of its account; dropping it gives the place back.
struct QueuePlace(AccountId);

impl QueuePlace {
    /// Returns the place and the permit to decode of the account.
    ///
    /// # Errors
    /// `too_many_requests` if all places of the account are taken.
    fn take(account: AccountId) -> Result<(Self, Arc<Semaphore>), Problem> {
        let mut accounts = WAITING_ACCOUNTS.lock().unwrap_or_else(PoisonError::into_inner);
        let waiting = accounts
            .entry(account)
            .or_insert_with(|| Waiting { pictures: 0, decoding: Arc::new(Semaphore::new(1)) });
        if waiting.pictures >= WAITING {
            return Err(Problem::new("too_many_requests").retry_after(Duration::from_secs(5)));
        }
        waiting.pictures += 1;
        Ok((Self(account), Arc::clone(&waiting.decoding)))
    }
}

impl Drop for QueuePlace {
    fn drop(&mut self) {
        let mut accounts = WAITING_ACCOUNTS.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(waiting) = accounts.get_mut(&self.0) {
            waiting.pictures -= 1;
            if waiting.pictures == 0 {
                accounts.remove(&self.0);
            }
        }
    }
}

/// Re-encodes a PNG, JPEG or WebP picture of at most `max_pixels`. The longer side gets at most `kept_side`
/// pixels.
///
/// # Errors
/// 422 `unreadable_image` or `image_too_large`. 429 `too_many_requests` while many pictures of the account
/// wait.
pub(super) async fn re_encode(
    account: AccountId,
    upload: Vec<u8>,
    kept_side: u32,
    max_pixels: u64,
) -> Result<EncodedImage, Problem> {
    let (held, decoding) = QueuePlace::take(account)?;
    let pixels = count_pixels(&upload)?;
    if pixels > max_pixels {
        return Err(Problem::new("image_too_large"));
    }
    let permits = if pixels <= SMALL_PIXELS { &SMALL_PICTURES } else { &LARGE_PICTURES };
    let own = decoding.acquire_owned().await.map_err(|_| Problem::new("busy"))?;
    let permit = permits.acquire().await.map_err(|_| Problem::new("busy"))?;
    tokio::task::spawn_blocking(move || {
        let picture = re_encode_blocking(&upload, kept_side);
        drop((permit, own, held));
        picture
    })
    .await
    .map_err(|_| Problem::new("unreadable_image"))?
}

/// Returns the number of pixels that the head of the picture names.
fn count_pixels(upload: &[u8]) -> Result<u64, Problem> {
    let reader = ImageReader::new(Cursor::new(upload)).with_guessed_format();
    let size = reader.map_err(|_| Problem::new("unreadable_image"))?.into_dimensions();
    let (width, height) = size.map_err(|_| Problem::new("unreadable_image"))?;
    Ok(u64::from(width) * u64::from(height))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_account_waits_with_a_few_pictures_only() {
        let [one, other] = [1, 2].map(|number| AccountId(uuid::Uuid::from_u128(number)));
        let held: Vec<_> = (0..WAITING).map(|_| QueuePlace::take(one).unwrap()).collect();
        assert_eq!(QueuePlace::take(one).err().map(|problem| problem.code), Some("too_many_requests"));
        assert!(QueuePlace::take(other).is_ok(), "another account has its own places");
        drop(held);
        assert!(QueuePlace::take(one).is_ok());
    }
}
