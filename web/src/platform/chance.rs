//! The browser's randomness.

use rand_core::RngCore;

/// Unpredictable numbers: actor ids, record ids, jitter.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Chance;

impl RngCore for Chance {
    fn next_u32(&mut self) -> u32 {
        let mut bytes = [0; 4];
        self.fill_bytes(&mut bytes);
        u32::from_le_bytes(bytes)
    }

    fn next_u64(&mut self) -> u64 {
        let mut bytes = [0; 8];
        self.fill_bytes(&mut bytes);
        u64::from_le_bytes(bytes)
    }

    /// Every browser has this. Without it no identifier would be safe to make, so nothing may go on.
    fn fill_bytes(&mut self, bytes: &mut [u8]) {
        if getrandom::fill(bytes).is_err() {
            wasm_bindgen::throw_str("this browser gives no random numbers");
        }
    }
}
