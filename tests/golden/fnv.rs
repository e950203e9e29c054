//! FNV-1a, 64 bit (draft-eastlake-fnv): a short fingerprint of many numbers.

/// Of bytes.
pub(crate) fn bytes(bytes: impl IntoIterator<Item = u8>) -> u64 {
    bytes.into_iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// Of the little-endian bits of `values`, as sixteen hexadecimal digits.
pub(crate) fn hex(values: impl IntoIterator<Item = f32>) -> String {
    let values = values.into_iter();
    format!("{:016x}", bytes(values.flat_map(f32::to_le_bytes)))
}
