//! The binary form of a snapshot, little-endian: `NPSN`, version, layout, counters, stop rules, then all values as f32, and
//! a digest of everything before it.

use super::snapshot::{Layout, Progress, Snapshot};
use super::stopping::{Best, Diverged, Ending, Memory};
use crate::error::Error;
use crate::formula::optimizer::{Clock, MAX_STATE, Optimizer};
use crate::formula::schedule::Plateau;

const MAGIC: u32 = u32::from_le_bytes(*b"NPSN");
/// Of this form. Another number is another form: it is refused by number, never guessed at.
const VERSION: u32 = 1;
/// Counters that a f64 counts without gaps.
const MOST: u64 = 1 << 53;

impl Snapshot<f32> {
    /// The binary form.
    pub fn to_bytes(&self) -> Vec<u8> {
        let Self {
            layout,
            progress,
            finite,
            memory,
        } = self;
        let best = memory.best.as_ref();
        let values = std::iter::once(progress)
            .chain(finite)
            .flat_map(|progress| std::iter::once(&progress.parameters).chain(&progress.state))
            .chain(best.map(|best| &best.parameters));
        let words: usize = values.clone().map(Vec::len).sum();
        let mut out = Writer(Vec::with_capacity(4 * words + 512));
        out.word(MAGIC);
        out.word(VERSION);
        out.count(layout.layers.len());
        for &width in &layout.layers {
            out.count(width);
        }
        out.text(layout.optimizer.id());
        out.count(layout.states);
        out.flag(layout.tf_playground);
        out.progress(progress);
        out.flag(finite.is_some());
        if let Some(finite) = finite {
            out.progress(finite);
        }
        out.long(memory.since);
        let (ended, value, counters) = match memory.ended {
            None => (0, 0.0, [0; 2]),
            Some(Ending::Epochs) => (1, 0.0, [0; 2]),
            Some(Ending::Target(value)) => (2, value, [0; 2]),
            Some(Ending::EarlyStopping { best, epoch }) => (3, best, [epoch, 0]),
            Some(Ending::Diverged(Diverged {
                step,
                restored_step,
            })) => (4, 0.0, [step, restored_step]),
        };
        out.word(ended);
        out.real(value);
        out.long(counters[0]);
        out.long(counters[1]);
        out.flag(best.is_some());
        if let Some(best) = best {
            out.text(&best.metric);
            out.real(best.value);
            out.long(best.epoch);
            out.long(best.wait);
        }
        for value in values.flatten() {
            out.0.extend_from_slice(&value.to_le_bytes());
        }
        let digest = digest(&out.0);
        out.long(digest);
        out.0
    }

    /// Reads the binary form.
    ///
    /// # Errors
    /// `Mismatch` on `snapshot.version`; `Malformed` on `snapshot` for bytes that are none, on `snapshot.digest` for bytes
    /// that were changed since. Nothing is allocated by what they say of themselves.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Error> {
        let none = || malformed("snapshot", "not a snapshot");
        let Some((content, tail)) = bytes.split_last_chunk::<8>() else {
            return Err(none());
        };
        let mut from = Reader(content);
        if from.word() != Some(MAGIC) {
            return Err(none());
        }
        let version = from.word().unwrap_or(0);
        if version != VERSION {
            return Err(Error::Mismatch {
                field: "snapshot.version".into(),
                expected: VERSION.to_string(),
                found: version.to_string(),
            });
        }
        if digest(content) != u64::from_le_bytes(*tail) {
            return Err(malformed("snapshot.digest", "the bytes were changed"));
        }
        from.snapshot().ok_or_else(none)
    }
}

fn malformed(field: &str, message: &str) -> Error {
    Error::Malformed {
        field: field.into(),
        message: message.into(),
    }
}

/// What a snapshot ends with, little-endian, of all the bytes before it: FNV-1a over words of eight bytes, turned so that every
/// bit reaches every other. It tells an accident, not a forgery.
pub fn digest(bytes: &[u8]) -> u64 {
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

struct Writer(Vec<u8>);

impl Writer {
    fn word(&mut self, value: u32) {
        self.0.extend_from_slice(&value.to_le_bytes());
    }

    /// Of layers, units or letters: limits keep all of them far below 2^32.
    fn count(&mut self, value: usize) {
        self.word(u32::try_from(value).unwrap_or(u32::MAX));
    }

    fn flag(&mut self, value: bool) {
        self.word(value.into());
    }

    fn long(&mut self, value: u64) {
        self.0.extend_from_slice(&value.to_le_bytes());
    }

    fn real(&mut self, value: f64) {
        self.long(value.to_bits());
    }

    /// Without parameters and state.
    fn progress(&mut self, progress: &Progress<f32>) {
        for clock in &progress.clocks {
            self.long(clock.step);
            self.real(clock.mu_product);
        }
        let plateau = &progress.plateau;
        self.real(plateau.factor);
        self.flag(plateau.best.is_some());
        self.real(plateau.best.unwrap_or(0.0));
        for counter in [
            plateau.bad_epochs,
            plateau.cooldown,
            progress.step,
            progress.epoch,
            progress.position as u64,
        ] {
            self.long(counter);
        }
    }

    fn text(&mut self, text: &str) {
        self.count(text.len());
        self.0.extend_from_slice(text.as_bytes());
    }
}

struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    fn word(&mut self) -> Option<u32> {
        let (word, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(u32::from_le_bytes(*word))
    }

    fn count(&mut self) -> Option<usize> {
        self.word().map(|count| count as usize)
    }

    fn flag(&mut self) -> Option<bool> {
        self.word().map(|flag| flag != 0)
    }

    fn bits(&mut self) -> Option<u64> {
        let (long, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(u64::from_le_bytes(*long))
    }

    fn long(&mut self) -> Option<u64> {
        self.bits().filter(|&counter| counter <= MOST)
    }

    fn real(&mut self) -> Option<f64> {
        self.bits().map(f64::from_bits)
    }

    fn text(&mut self) -> Option<String> {
        let length = self.count()?;
        let (text, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        // Ids are ASCII.
        let letter = |&byte: &u8| byte.is_ascii().then(|| char::from(byte));
        text.iter().map(letter).collect()
    }

    fn values(&mut self, count: usize) -> Option<Vec<f32>> {
        let (values, rest) = self.0.split_at_checked(count.checked_mul(4)?)?;
        self.0 = rest;
        let (words, _) = values.as_chunks();
        Some(words.iter().map(|word| f32::from_le_bytes(*word)).collect())
    }

    /// Without parameters and state.
    fn progress(&mut self, layout: &Layout) -> Option<Progress<f32>> {
        let clocks = (1..layout.layers.len())
            .map(|_| {
                Some(Clock {
                    step: self.long()?,
                    mu_product: self.real()?,
                })
            })
            .collect::<Option<_>>()?;
        let factor = self.real().filter(|factor| (0.0..=1.0).contains(factor))?;
        let known = self.flag()?;
        let lowest = self.real()?;
        Some(Progress {
            parameters: Vec::new(),
            state: Default::default(),
            clocks,
            plateau: Plateau {
                factor,
                best: known.then_some(lowest),
                bad_epochs: self.long()?,
                cooldown: self.long()?,
            },
            step: self.long()?,
            epoch: self.long()?,
            position: usize::try_from(self.long()?).ok()?,
        })
    }

    fn snapshot(&mut self) -> Option<Snapshot<f32>> {
        let layers = self.count()?;
        // Each takes four bytes at least.
        if layers < 2 || layers > self.0.len() / 4 {
            return None;
        }
        let layers: Vec<usize> = (0..layers).map(|_| self.count()).collect::<Option<_>>()?;
        let optimizer = Optimizer::from_id(&self.text()?)?;
        let layout = Layout {
            optimizer,
            states: self.count().filter(|&states| states <= MAX_STATE)?,
            tf_playground: self.flag()?,
            layers,
        };
        let mut progress = self.progress(&layout)?;
        let mut finite = None;
        if self.flag()? {
            finite = Some(self.progress(&layout)?);
        }
        let since = self.long()?;
        let (ended, value, counters) = (self.word()?, self.real()?, [self.long()?, self.long()?]);
        let ended = match ended {
            0 => None,
            1 => Some(Ending::Epochs),
            2 => Some(Ending::Target(value)),
            3 => Some(Ending::EarlyStopping {
                best: value,
                epoch: counters[0],
            }),
            4 => Some(Ending::Diverged(Diverged {
                step: counters[0],
                restored_step: counters[1],
            })),
            _ => return None,
        };
        let mut best = None;
        if self.flag()? {
            best = Some(Best {
                metric: self.text()?,
                value: self.real()?,
                epoch: self.long()?,
                wait: self.long()?,
                parameters: Vec::new(),
            });
        }
        let count = layout.parameters()?;
        for progress in std::iter::once(&mut progress).chain(&mut finite) {
            progress.parameters = self.values(count)?;
            for state in &mut progress.state[..layout.states] {
                *state = self.values(count)?;
            }
        }
        if let Some(best) = &mut best {
            best.parameters = self.values(count)?;
        }
        self.0.is_empty().then_some(Snapshot {
            layout,
            progress,
            finite,
            memory: Memory { best, since, ended },
        })
    }
}
