//! Inflating without believing the sender: the output grows as bytes come out, up to a limit.

use crate::Rejection;
use flate2::{Decompress, FlushDecompress, Status};

/// A raw deflate decoder that is set up on first use and then used for every stream of a message: its window
/// costs more than most changes.
#[derive(Default)]
pub(crate) struct Inflater(Option<Decompress>);

/// Deflate never gets beyond 1:1032; most changes stay below 1:4.
const USUAL_RATIO: usize = 4;

impl Inflater {
    /// The content of the stream that is exactly `bytes`, or `None` when it is longer than `limit`.
    pub(crate) fn inflate(
        &mut self,
        bytes: &[u8],
        limit: usize,
        part: &'static str,
    ) -> Result<Option<Vec<u8>>, Rejection> {
        let decoder = self.0.get_or_insert_with(|| Decompress::new(false));
        decoder.reset(false);
        let mut out = Vec::with_capacity(bytes.len().saturating_mul(USUAL_RATIO).min(limit));
        loop {
            let read = usize::try_from(decoder.total_in()).unwrap_or(usize::MAX);
            let rest = bytes.get(read..).unwrap_or_default();
            let before = (decoder.total_in(), out.len());
            let status = decoder
                .decompress_vec(rest, &mut out, FlushDecompress::None)
                .map_err(|_| Rejection::Deflate { part })?;
            if status == Status::StreamEnd {
                // Automerge stops reading here too, and keeps what follows.
                return match decoder.total_in() == bytes.len() as u64 {
                    true => Ok(Some(out).filter(|out| out.len() <= limit)),
                    false => Err(Rejection::Leftover { part }),
                };
            }
            if out.len() < out.capacity() {
                // Room was left, so the input ran out: either it is truncated or it makes no progress.
                if before == (decoder.total_in(), out.len()) || decoder.total_in() == bytes.len() as u64 {
                    return Err(Rejection::Truncated { part });
                }
                continue;
            }
            if out.len() >= limit {
                return if probe_end(decoder, bytes)? { Ok(Some(out)) } else { Ok(None) };
            }
            let room = out.capacity().max(4096).min(limit - out.len());
            out.reserve_exact(room);
        }
    }
}

/// Whether a stream whose output is full ends without another byte.
fn probe_end(decoder: &mut Decompress, bytes: &[u8]) -> Result<bool, Rejection> {
    let read = usize::try_from(decoder.total_in()).unwrap_or(usize::MAX);
    let rest = bytes.get(read..).unwrap_or_default();
    let mut one = [0; 1];
    let produced = decoder.total_out();
    let status = decoder.decompress(rest, &mut one, FlushDecompress::None);
    Ok(matches!(status, Ok(Status::StreamEnd))
        && decoder.total_out() == produced
        && decoder.total_in() == bytes.len() as u64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::{Compression, write::DeflateEncoder};
    use std::io::Write;

    fn deflate(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn a_stream_of_the_limit_is_read_and_one_byte_more_is_not() {
        let mut inflater = Inflater::default();
        for len in [0, 1, 255, 256, 4096, 100_000] {
            let content: Vec<u8> = (0..len).map(|i| (i / 7) as u8).collect();
            let stream = deflate(&content);
            assert_eq!(inflater.inflate(&stream, len, "test"), Ok(Some(content.clone())));
            assert_eq!(inflater.inflate(&stream, len + 1, "test"), Ok(Some(content.clone())));
            if len > 0 {
                assert_eq!(inflater.inflate(&stream, len - 1, "test"), Ok(None));
            }
        }
    }

    #[test]
    fn truncated_and_prolonged_streams_are_refused() {
        let mut inflater = Inflater::default();
        let stream = deflate(&vec![7; 10_000]);
        for len in 0..stream.len() {
            let code =
                inflater.inflate(&stream[..len], 1 << 20, "test").map_err(|rejection| rejection.code());
            assert_eq!(code, Err("truncated"), "{len}");
        }
        let prolonged = [stream.as_slice(), &[0]].concat();
        assert_eq!(inflater.inflate(&prolonged, 1 << 20, "test"), Err(Rejection::Leftover { part: "test" }));
    }

    #[test]
    fn a_bomb_never_gets_more_memory_than_the_limit() {
        let stream = deflate(&vec![0; 64 << 20]);
        assert!(stream.len() < 1 << 17);
        assert_eq!(Inflater::default().inflate(&stream, 1 << 20, "test"), Ok(None));
    }
}
