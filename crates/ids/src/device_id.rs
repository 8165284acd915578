//! One device of a member.

crate::bounded_text::bounded_text!(
    /// A device as the relay knows it: a browser profile that chose a name, or the holder of a token.
    DeviceId, ParseDeviceIdError, 64, "device id"
);
