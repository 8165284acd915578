//! How much may be on its way to one socket.
//!
//! Frames are made when they can be sent, not before. A socket that does not keep up therefore costs a flag, not a
//! queue, and when it has caught up it gets one message with everything that came meanwhile.

use crate::config::Config;

/// What has been handed to a socket since it reported last that everything had left.
#[derive(Debug, Default)]
pub(crate) struct Window {
    frames: usize,
    bytes: usize,
}

impl Window {
    /// Whether another frame may be made.
    pub(crate) fn is_open(&self, config: &Config) -> bool {
        self.frames < config.window_frames && self.bytes < config.window_bytes
    }

    /// A frame was handed over.
    pub(crate) fn sent(&mut self, bytes: usize) {
        self.frames += 1;
        self.bytes += bytes;
    }

    /// Everything has left.
    pub(crate) fn drained(&mut self) {
        *self = Self::default();
    }
}
