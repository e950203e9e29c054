//! Assignment of rows to training, validation and test.

use super::Part;
use crate::config::SplitConfig;
use crate::error::Error;
use crate::random::{Purpose, Random};
use crate::real::order;

/// Strata of a regression target: so many quantiles, fewer when rows are few.
const QUANTILES: usize = 10;
/// Rows a quantile should have at least.
const ROWS_PER_QUANTILE: usize = 5;

/// What rows are alike in, so that each part gets its share of each kind.
#[derive(Debug, Clone, Copy)]
pub enum Strata<'a> {
    /// One stratum per class index; values are whole and not negative.
    Classes(&'a [f64]),
    /// Deciles of the target, or fewer with less than 50 rows; ties by row.
    Quantiles(&'a [f64]),
}

/// Refuses percents that do not add up to 100 or leave nothing to train on.
pub fn check(split: &SplitConfig) -> Result<(), Error> {
    for (name, value) in [
        ("train", split.train),
        ("validation", split.validation),
        ("test", split.test),
    ] {
        let min = if name == "train" { 1.0 } else { 0.0 };
        if f64::from(value) < min || value > 100 {
            return Err(Error::OutOfRange {
                field: format!("data.split.{name}"),
                value: f64::from(value),
                min,
                max: 100.0,
            });
        }
    }
    let sum = split.train + split.validation + split.test;
    if sum == 100 {
        Ok(())
    } else {
        Err(Error::Mismatch {
            field: "data.split".to_owned(),
            expected: "percents with the sum 100".to_owned(),
            found: sum.to_string(),
        })
    }
}

/// The part of every row.
///
/// Sizes are the percents by largest remainder; with at least three rows every part of more than 0 percent has
/// a row. Each part's share of a stratum is that of the whole, to within two rows, and the training part
/// has a row of every stratum as long as it is large enough. Depends on `seed` and on the strata, not on values.
pub fn assign(strata: Strata<'_>, split: &SplitConfig, seed: u32) -> Result<Vec<Part>, Error> {
    check(split)?;
    let shares = [split.train, split.validation, split.test];
    Ok(assign_shares(strata, shares, seed))
}

/// The same for shares of training, validation and test with any sum.
pub(super) fn assign_shares(strata: Strata<'_>, shares: [u32; 3], seed: u32) -> Vec<Part> {
    let strata = numbered(strata);
    let order = interleaved(&strata, Random::new(seed, Purpose::Split));
    let [train, validation, _] = sizes(strata.len(), shares);
    let mut parts = vec![Part::Test; strata.len()];
    for (position, &row) in order.iter().enumerate() {
        if position < train {
            parts[row as usize] = Part::Train;
        } else if position < train + validation {
            parts[row as usize] = Part::Validation;
        }
    }
    parts
}

/// All rows in an order whose every beginning has each stratum in proportion, and all strata first.
///
/// Row j of n in a stratum (in random order) stands at (j + 1/2) / n of the way; the first of each at 0.
pub(super) fn interleaved(strata: &[usize], random: Random) -> Vec<u32> {
    let mut rows: Vec<u32> = (0..strata.len() as u32).collect();
    random.shuffle(0, &mut rows);
    let count = strata.iter().max().map_or(0, |last| last + 1);
    let mut totals = vec![0_u32; count];
    for &stratum in strata {
        totals[stratum] += 1;
    }
    let mut seen = vec![0_u32; count];
    let keys: Vec<f64> = rows
        .iter()
        .map(|&row| {
            let stratum = strata[row as usize];
            let position = seen[stratum];
            seen[stratum] += 1;
            if position == 0 {
                0.0
            } else {
                (f64::from(position) + 0.5) / f64::from(totals[stratum])
            }
        })
        .collect();
    // Equal keys stay in the shuffled order.
    order(&keys).into_iter().map(|place| rows[place]).collect()
}

/// The stratum of every row.
fn numbered(strata: Strata<'_>) -> Vec<usize> {
    match strata {
        Strata::Classes(classes) => classes.iter().map(|&class| class as usize).collect(),
        Strata::Quantiles(values) => {
            let count = (values.len() / ROWS_PER_QUANTILE).clamp(1, QUANTILES);
            let mut quantiles = vec![0; values.len()];
            for (rank, row) in order(values).into_iter().enumerate() {
                quantiles[row] = rank * count / values.len();
            }
            quantiles
        }
    }
}

/// Rows of training, validation and test.
fn sizes(rows: usize, shares: [u32; 3]) -> [usize; 3] {
    let shares = shares.map(|share| share as usize);
    let whole = shares.iter().sum::<usize>().max(1);
    let mut sizes = shares.map(|share| rows * share / whole);
    // Largest remainder first; training before the others on a tie.
    let remainders = shares.map(|share| -((rows * share % whole) as f64));
    let missing = rows - sizes.iter().sum::<usize>();
    for part in order(&remainders).into_iter().take(missing) {
        sizes[part] += 1;
    }
    if rows >= 3 {
        for part in 0..3 {
            if shares[part] > 0 && sizes[part] == 0 {
                let largest = if sizes[0] >= sizes[1].max(sizes[2]) {
                    0
                } else {
                    1 + usize::from(sizes[2] > sizes[1])
                };
                sizes[largest] -= 1;
                sizes[part] = 1;
            }
        }
    }
    sizes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn percents(train: u32, validation: u32, test: u32) -> SplitConfig {
        SplitConfig {
            train,
            validation,
            test,
        }
    }

    fn count(parts: &[Part], part: Part) -> usize {
        parts.iter().filter(|&&other| other == part).count()
    }

    #[test]
    fn sizes_are_exhaustive_and_no_part_is_empty() {
        for rows in 3..60 {
            for train in 1..=100 {
                for validation in 0..=100 - train {
                    let split = percents(train, validation, 100 - train - validation);
                    let sizes = sizes(rows, [split.train, split.validation, split.test]);
                    assert_eq!(sizes.iter().sum::<usize>(), rows);
                    for (size, percent) in
                        sizes
                            .iter()
                            .zip([split.train, split.validation, split.test])
                    {
                        assert_eq!(*size > 0, percent > 0, "{rows} rows, {split:?}: {sizes:?}");
                        let exact = rows as f64 * f64::from(percent) / 100.0;
                        assert!(
                            (*size as f64 - exact).abs() <= 2.0,
                            "{rows} rows, {split:?}: {sizes:?}"
                        );
                    }
                }
            }
        }
    }

    #[test]
    fn every_part_has_its_share_of_a_rare_class() {
        let classes: Vec<f64> = (0..1000)
            .map(|row| if row < 100 { 0.0 } else { 1.0 })
            .collect();
        let parts = assign(Strata::Classes(&classes), &percents(60, 20, 20), 3).unwrap();
        for (part, share) in [
            (Part::Train, 0.6),
            (Part::Validation, 0.2),
            (Part::Test, 0.2),
        ] {
            let rare = count(&parts[..100], part) as f64;
            assert!((rare - 100.0 * share).abs() <= 2.0, "{part:?}: {rare}");
            assert_eq!(count(&parts, part) as f64, 1000.0 * share);
        }
    }

    #[test]
    fn a_class_of_one_row_is_trained_on() {
        let mut classes = vec![0.0; 99];
        classes.push(1.0);
        for seed in 0..20 {
            let parts = assign(Strata::Classes(&classes), &percents(10, 45, 45), seed).unwrap();
            assert_eq!(parts[99], Part::Train);
        }
    }

    #[test]
    fn regression_parts_cover_the_range_of_the_target() {
        let values: Vec<f64> = (0..200).map(|row| f64::from((row * 77) % 200)).collect();
        let parts = assign(Strata::Quantiles(&values), &percents(50, 25, 25), 9).unwrap();
        for decile in 0..10 {
            let inside: Vec<Part> = (0..200)
                .filter(|&row| values[row] as usize / 20 == decile)
                .map(|row| parts[row])
                .collect();
            assert!(
                (count(&inside, Part::Train) as i64 - 10).abs() <= 2,
                "{decile}"
            );
            assert!(
                (count(&inside, Part::Test) as i64 - 5).abs() <= 2,
                "{decile}"
            );
        }
    }

    #[test]
    fn the_seed_alone_decides() {
        let classes: Vec<f64> = (0..300).map(|row| f64::from(row % 3)).collect();
        let assigned =
            |seed| assign(Strata::Classes(&classes), &percents(70, 20, 10), seed).unwrap();
        assert_eq!(assigned(1), assigned(1));
        assert_ne!(assigned(1), assigned(2));
    }

    #[test]
    fn wrong_percents_are_refused_by_field() {
        let error = check(&percents(50, 20, 20)).unwrap_err();
        assert_eq!((error.code(), error.field()), ("mismatch", "data.split"));
        let error = check(&percents(0, 50, 50)).unwrap_err();
        assert_eq!(
            (error.code(), error.field()),
            ("out_of_range", "data.split.train")
        );
        let error = check(&percents(50, 4_000_000_000, 0)).unwrap_err();
        assert_eq!(
            (error.code(), error.field()),
            ("out_of_range", "data.split.validation")
        );
    }
}
