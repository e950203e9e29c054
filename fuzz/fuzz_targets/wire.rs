//! Lines as commands of one session, one after another; a line that begins with `?` is what a frame wants, with `~` an
//! activation's curve, with `!` a data set's thumbnail, with `#` a feature.
#![no_main]

use libfuzzer_sys::fuzz_target;
use neural_playground::plan::cost::Limits;
use neural_playground::session;
use neural_playground_fuzz::{Watched, shortened};

/// More would only be slower.
const LINES: usize = 12;

fuzz_target!(|text: &str| {
    let mut watched = Watched::new(Limits::OWN);
    for line in text.lines().take(LINES) {
        match line.as_bytes().first() {
            Some(b'?') => {
                // A look at a large network takes what a step takes.
                if watched.is_small() {
                    watched.look(&line[1..]);
                }
            }
            Some(b'~') => drop(session::curve(&line[1..])),
            Some(b'!') => drop(session::thumbnail(&line[1..])),
            Some(b'#') => drop(watched.session.feature_map(&line[1..], line.len())),
            _ => {
                let trains = line.contains("step") || line.contains("epoch");
                if !trains || watched.is_small() {
                    watched.send(&shortened(line));
                }
                if watched.is_small() {
                    watched.advance();
                }
            }
        }
    }
});
