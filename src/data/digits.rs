//! The digits asset: 28 x 28 grey images of handwritten digits with their labels.
//!
//! `scripts/build-digits.mjs` writes it, `DATA.md` says where the digits come from. The file is one raw
//! deflate stream; inflated it holds, little-endian:
//!
//! | offset | size | what |
//! | --- | --- | --- |
//! | 0 | 8 | `NPDIGIT1` |
//! | 8 | 4 | count for training and validation |
//! | 12 | 4 | count for test |
//! | 16 | 1 | rows of an image, 28 |
//! | 17 | 1 | columns of an image, 28 |
//! | 18 | 1 | bits of a pixel, 1 to 8 |
//! | 19 | 1 | classes, 10 |
//! | 20 | n | labels, one byte each; the digits for test last |
//! | 20 + n | 784 n | pixels, one byte each, 0 = paper, 2^bits - 1 = full ink; row by row from the top |

use crate::error::Error;

const MAGIC: &[u8; 8] = b"NPDIGIT1";
const HEADER: usize = 20;
const FIELD: &str = "digits";

/// Rows, and columns, of an image.
pub const SIDE: usize = 28;
/// Pixels of an image: the columns of the data set.
pub const PIXELS: usize = SIDE * SIDE;
/// Number of classes.
pub const CLASSES: usize = 10;
/// Most digits an asset may have: those of MNIST.
const MAX_COUNT: u32 = 70_000;

/// Images and labels; the first [`Digits::learning`] are for training and validation, the rest for test.
#[derive(Debug, Clone, PartialEq)]
pub struct Digits {
    learning: usize,
    labels: Vec<u8>,
    pixels: Vec<u8>,
}

impl Digits {
    /// Reads the inflated asset. Pixels are spread to 0..=255.
    ///
    /// `mismatch` names what does not fit (`digits.magic`, `digits.bytes`, ...), `out_of_range` the first
    /// wrong label or pixel.
    pub fn parse(decompressed: &[u8]) -> Result<Self, Error> {
        let Some((header, body)) = decompressed.split_at_checked(HEADER) else {
            return Err(mismatch(
                "bytes",
                format!("at least {HEADER}"),
                decompressed.len(),
            ));
        };
        if &header[..8] != MAGIC {
            let found = String::from_utf8_lossy(&header[..8]).into_owned();
            return Err(mismatch("magic", "NPDIGIT1".to_owned(), found));
        }
        let word = |at: usize| {
            u32::from_le_bytes([header[at], header[at + 1], header[at + 2], header[at + 3]])
        };
        let (learning, test) = (word(8), word(12));
        in_range("learning", learning, 1, MAX_COUNT)?;
        in_range("test", test, 1, MAX_COUNT)?;
        if [usize::from(header[16]), usize::from(header[17])] != [SIDE, SIDE] {
            return Err(mismatch(
                "shape",
                format!("{SIDE} x {SIDE}"),
                format!("{} x {}", header[16], header[17]),
            ));
        }
        in_range("bits", u32::from(header[18]), 1, 8)?;
        if usize::from(header[19]) != CLASSES {
            return Err(mismatch("classes", CLASSES.to_string(), header[19]));
        }
        let count = learning as usize + test as usize;
        let expected = HEADER + count * (1 + PIXELS);
        if decompressed.len() != expected {
            return Err(mismatch("bytes", expected.to_string(), decompressed.len()));
        }
        let (labels, pixels) = body.split_at(count);
        if let Some(row) = labels
            .iter()
            .position(|&label| usize::from(label) >= CLASSES)
        {
            in_range(
                &format!("labels[{row}]"),
                u32::from(labels[row]),
                0,
                CLASSES as u32 - 1,
            )?;
        }
        let full = (1_u32 << header[18]) - 1;
        if let Some(at) = pixels.iter().position(|&pixel| u32::from(pixel) > full) {
            in_range(
                &format!("pixels[{}][{}]", at / PIXELS, at % PIXELS),
                u32::from(pixels[at]),
                0,
                full,
            )?;
        }
        // Rounded to the nearest of 255.
        let spread = |&pixel: &u8| ((u32::from(pixel) * 255 + full / 2) / full) as u8;
        Ok(Self {
            learning: learning as usize,
            labels: labels.to_vec(),
            pixels: pixels.iter().map(spread).collect(),
        })
    }

    /// How many there are for training and validation.
    pub fn learning(&self) -> usize {
        self.learning
    }

    /// How many there are for test.
    pub fn test(&self) -> usize {
        self.labels.len() - self.learning
    }

    /// Every label, 0..=9.
    pub fn labels(&self) -> &[u8] {
        &self.labels
    }

    /// One image, row by row from the top; 0 = paper, 255 = full ink.
    pub fn image(&self, index: usize) -> &[u8] {
        &self.pixels[index * PIXELS..(index + 1) * PIXELS]
    }
}

fn mismatch(what: &str, expected: String, found: impl ToString) -> Error {
    Error::Mismatch {
        field: format!("{FIELD}.{what}"),
        expected,
        found: found.to_string(),
    }
}

fn in_range(what: &str, value: u32, min: u32, max: u32) -> Result<(), Error> {
    if (min..=max).contains(&value) {
        return Ok(());
    }
    Err(Error::OutOfRange {
        field: format!("{FIELD}.{what}"),
        value: f64::from(value),
        min: f64::from(min),
        max: f64::from(max),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two digits to learn from and one to test with, 5 bits.
    fn asset() -> Vec<u8> {
        let mut bytes = MAGIC.to_vec();
        bytes.extend(2_u32.to_le_bytes());
        bytes.extend(1_u32.to_le_bytes());
        bytes.extend([28, 28, 5, 10]);
        bytes.extend([3, 7, 9]);
        bytes.extend((0..3 * PIXELS).map(|at| (at % 32) as u8));
        bytes
    }

    #[test]
    fn the_layout_is_read() {
        let digits = Digits::parse(&asset()).unwrap();
        assert_eq!(
            (digits.learning(), digits.test(), digits.labels()),
            (2, 1, &[3, 7, 9][..])
        );
        assert_eq!(&digits.image(0)[..3], [0, 8, 16]);
        assert_eq!(digits.image(0)[31], 255);
        assert_eq!(digits.image(2).len(), PIXELS);
    }

    #[test]
    fn damage_is_refused_by_name() {
        let refused = |at: usize, value: u8| {
            let mut bytes = asset();
            bytes[at] = value;
            let error = Digits::parse(&bytes).unwrap_err();
            format!("{} {}", error.code(), error.field())
        };
        assert_eq!(refused(0, b'X'), "mismatch digits.magic");
        assert_eq!(refused(8, 3), "mismatch digits.bytes");
        assert_eq!(refused(11, 255), "out_of_range digits.learning");
        assert_eq!(refused(12, 0), "out_of_range digits.test");
        assert_eq!(refused(16, 32), "mismatch digits.shape");
        assert_eq!(refused(18, 9), "out_of_range digits.bits");
        assert_eq!(refused(19, 2), "mismatch digits.classes");
        assert_eq!(refused(21, 10), "out_of_range digits.labels[1]");
        assert_eq!(
            refused(HEADER + 3 + PIXELS + 5, 32),
            "out_of_range digits.pixels[1][5]"
        );
        assert_eq!(
            Digits::parse(&asset()[..19]).unwrap_err().field(),
            "digits.bytes"
        );
        assert_eq!(
            Digits::parse(&asset()[..1000]).unwrap_err().field(),
            "digits.bytes"
        );
        assert_eq!(Digits::parse(&[]).unwrap_err().field(), "digits.bytes");
    }
}
