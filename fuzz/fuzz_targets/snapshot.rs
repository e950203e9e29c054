//! Bytes as a snapshot, as they are and with the digest that they should have: what is accepted can be taken again, is then
//! the same to the bit, and trains on.
#![no_main]

use libfuzzer_sys::fuzz_target;
use neural_playground::plan::cost::Limits;
use neural_playground::train::digest;
use neural_playground_fuzz::Watched;

fuzz_target!(|bytes: &[u8]| {
    let mut watched = Watched::new(Limits::OWN);
    watched.restore(bytes);
    // A changed byte would otherwise never get further than the digest.
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
