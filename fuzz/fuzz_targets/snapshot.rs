//! Bytes as a snapshot, as they are and with the digest that they should have: what is accepted can be taken again, is then
//! the same to the bit, and trains on.
#![no_main]

use libfuzzer_sys::fuzz_target;
use neural_playground::plan::cost::Limits;
use neural_playground_fuzz::Watched;

/// FNV-1a as `train/binary.rs` has it: a changed byte would otherwise never get further than the digest.
fn digest(bytes: &[u8]) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64 ^ bytes.len() as u64;
    for chunk in bytes.chunks(8) {
        let mut word = [0; 8];
        word[..chunk.len()].copy_from_slice(chunk);
        hash = (hash ^ u64::from_le_bytes(word))
            .wrapping_mul(0x0100_0000_01b3)
            .rotate_left(29);
    }
    hash
}

fuzz_target!(|bytes: &[u8]| {
    let mut watched = Watched::new(Limits::OWN);
    watched.restore(bytes);
    let mut whole = bytes.to_vec();
    whole.extend(digest(bytes).to_le_bytes());
    if !watched.restore(&whole) {
        return;
    }
    let taken = watched.session.snapshot();
    assert!(watched.restore(&taken), "its own snapshot is refused");
    assert!(
        watched.session.snapshot() == taken,
        "its own snapshot is another"
    );
    watched.send(r#"{"type":"step","count":3}"#);
    watched.look(r#"{"maps":{"resolution":5,"hidden":true},"history":true}"#);
});
