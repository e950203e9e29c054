//! `Dataset`: one data set, built once and then only read.

use super::split::{self, Strata};
use super::synthetic::{self, Wish};
use super::tf_playground::{self, SeedRandom};
use super::{
    CUSTOM, CustomData, DIGIT_SAMPLES, DIGITS, DatasetEntry, Digits, FeatureEntry, Kind, Numbers,
    Part, SAMPLES, Scaler, Task, digits, entry, features, unknown_dataset,
};
use crate::config::{DataConfig, Mode, Seeds};
use crate::error::Error;
use crate::random::{Purpose, Random};

/// Largest noise of TensorFlow Playground: its slider ends at 0.5, its links may say 0.8.
const TF_PLAYGROUND_NOISE: f64 = 0.8;

/// Data ready to train on: columns, targets, parts.
#[derive(Debug, Clone)]
pub struct Dataset {
    /// Its row of the table.
    pub entry: &'static DatasetEntry,
    /// What is to be learned.
    pub task: Task,
    /// What a row is.
    pub kind: Kind,
    /// Number of classes; 0 for regression.
    pub classes: usize,
    /// Number of input columns.
    pub columns: usize,
    /// `(rows)`: points before features and scaling; on a line `[x, 0]`. Empty for digits and custom.
    pub raw: Vec<[f64; 2]>,
    /// `(rows, columns)` row-major, after features and scaling.
    pub inputs: Vec<f32>,
    /// `(rows)`: class index from 0, or value.
    pub targets: Vec<f64>,
    /// `(rows)`: what each row is used for.
    pub parts: Vec<Part>,
    /// Rows of the training part, rising.
    pub train: Vec<u32>,
    /// Rows of the validation part, rising.
    pub validation: Vec<u32>,
    /// Rows of the test part, rising.
    pub test: Vec<u32>,
    /// `(columns)`: names of the columns. Empty for digits and custom.
    pub symbols: Vec<String>,
    /// The features behind the columns. Empty for digits and custom.
    pub features: Vec<&'static FeatureEntry>,
    /// The scaling that `inputs` went through, fitted on the training part.
    pub scaler: Scaler,
    /// `(rows, 784)`: the digits as they look, 0..=255.
    pub pixels: Option<Vec<u8>>,
    /// TensorFlow Playground's stream after data and shuffle, to draw the weights from; in that mode only.
    pub generator: Option<SeedRandom>,
}

fn in_range(field: &str, value: f64, [min, max]: [f64; 2]) -> Result<(), Error> {
    // A NaN is in no range.
    if (min..=max).contains(&value) {
        return Ok(());
    }
    Err(Error::OutOfRange {
        field: format!("data.{field}"),
        value,
        min,
        max,
    })
}

impl Dataset {
    /// The data that `config` describes; the same bytes for the same arguments on every platform.
    ///
    /// Digits need `digits` (else `not_now`, reason `digits_not_loaded`); custom data come by
    /// [`Dataset::from_custom`] (else `not_now`, reason `no_custom_data`). In TensorFlow Playground's mode there
    /// are its six sets, 500 or 1,200 points, `noise` is its slider / 100, the percents other than training's
    /// all go to validation, columns are not scaled, and samples, label noise, balance and `seeds.split` are not
    /// read; `seeds.data` 1 are the points of `seeds.tf_playground`, each number after it are others.
    pub fn build(
        config: &DataConfig,
        seeds: &Seeds,
        mode: Mode,
        digits: Option<&Digits>,
    ) -> Result<Self, Error> {
        let entry = entry(&config.dataset)?;
        split::check(&config.split)?;
        if mode == Mode::TfPlayground {
            return Self::tf_playground(entry, config, seeds);
        }
        if entry.kind.has_map() {
            return Self::synthetic(entry, config, seeds);
        }
        let missing = |reason| Error::NotNow {
            field: "data.dataset".to_owned(),
            reason,
        };
        if entry.kind.can().own {
            return Err(missing("no_custom_data"));
        }
        Self::digits(
            config,
            seeds,
            digits.ok_or_else(|| missing("digits_not_loaded"))?,
        )
    }

    fn synthetic(
        entry: &'static DatasetEntry,
        config: &DataConfig,
        seeds: &Seeds,
    ) -> Result<Self, Error> {
        in_range("samples", config.samples.into(), SAMPLES.map(f64::from))?;
        in_range("noise", config.noise, [0.0, 1.0])?;
        in_range("label_noise", config.label_noise, [0.0, 0.5])?;
        in_range("balance", config.balance, [0.05, 0.95])?;
        // Sets without a choice keep their own count: the field holds the wish for those that have one.
        let classes = if entry.classes.min == entry.classes.max {
            entry.classes.min
        } else {
            in_range(
                "classes",
                config.classes.into(),
                [entry.classes.min.into(), entry.classes.max.into()],
            )?;
            config.classes
        } as usize;
        let wish = Wish {
            samples: config.samples as usize,
            classes,
            balance: entry.has_balance.then_some(config.balance),
            noise: config.noise,
            label_noise: config.label_noise,
        };
        let features = features::choose(&config.features, entry.kind)?;
        let sample = synthetic::sample(entry.generator, &wish, seeds.data);
        let strata = match entry.task {
            Task::Classification => Strata::Classes(&sample.clean),
            Task::Regression => Strata::Quantiles(&sample.clean),
        };
        let parts = split::assign(strata, &config.split, seeds.split)?;
        let mut dataset = Self::unscaled(entry, classes, parts);
        dataset.targets = sample.targets;
        dataset.place(sample.points, features);
        let inputs = std::mem::take(&mut dataset.inputs);
        dataset.scale(config, inputs.into())?;
        Ok(dataset)
    }

    fn tf_playground(
        entry: &'static DatasetEntry,
        config: &DataConfig,
        seeds: &Seeds,
    ) -> Result<Self, Error> {
        let known = tf_playground::GENERATORS
            .iter()
            .find(|(id, _, _)| *id == entry.id);
        let Some(&(_, count, generate)) = known else {
            return Err(unknown_dataset(
                entry.id,
                tf_playground::GENERATORS.iter().map(|(id, _, _)| *id),
            ));
        };
        in_range("noise", config.noise, [0.0, TF_PLAYGROUND_NOISE])?;
        let features = features::choose(&config.features, entry.kind)?;
        let mut random = SeedRandom::new(&seeds.tf_playground);
        let mut points = tf_playground::points(&mut random, count, generate, config.noise);
        // Regenerated points come from a stream of their own: the weights' place in the link's stream stays.
        if seeds.data != 1 {
            let mut other =
                SeedRandom::new(&format!("{}/data/{}", seeds.tf_playground, seeds.data));
            points = tf_playground::points(&mut other, count, generate, config.noise);
        }
        let train = count * config.split.train as usize / 100;
        let parts = (0..count)
            .map(|row| {
                if row < train {
                    Part::Train
                } else {
                    Part::Validation
                }
            })
            .collect();
        let mut dataset = Self::unscaled(entry, entry.classes.min as usize, parts);
        dataset.targets = points
            .iter()
            .map(|&[_, _, label]| match entry.task {
                Task::Classification => f64::from(u8::from(label > 0.0)),
                Task::Regression => label,
            })
            .collect();
        dataset.place(
            points.into_iter().map(|[x, y, _]| [x, y]).collect(),
            features,
        );
        dataset.generator = Some(random);
        Ok(dataset)
    }

    /// `samples` of the digits for learning, every class in proportion, then all digits for test.
    ///
    /// A smaller sample is part of a larger one. Training and validation share the sample as their percents are
    /// to each other; the test percent is not read. Inputs are pixels / 255. Noise is not read.
    fn digits(config: &DataConfig, seeds: &Seeds, digits: &Digits) -> Result<Self, Error> {
        let most = (digits.learning() as u32).min(DIGIT_SAMPLES[1]);
        in_range(
            "samples",
            config.samples.into(),
            [f64::from(DIGIT_SAMPLES[0].min(most)), f64::from(most)],
        )?;
        let labels: Vec<usize> = digits.labels()[..digits.learning()]
            .iter()
            .map(|&label| label.into())
            .collect();
        let mut rows = split::interleaved(&labels, Random::new(seeds.data, Purpose::Points));
        rows.truncate(config.samples as usize);
        let targets: Vec<f64> = rows
            .iter()
            .map(|&row| f64::from(digits.labels()[row as usize]))
            .collect();
        split::check(&config.split)?;
        // 70 : 10 : 20 leaves 7 to 1 for learning.
        let shares = [config.split.train, config.split.validation, 0];
        let mut parts = split::assign_shares(Strata::Classes(&targets), shares, seeds.split);
        rows.extend(digits.learning() as u32..digits.labels().len() as u32);
        parts.resize(rows.len(), Part::Test);

        let mut pixels = Vec::with_capacity(rows.len() * digits::PIXELS);
        for &row in &rows {
            pixels.extend_from_slice(digits.image(row as usize));
        }
        let mut dataset = Self::unscaled(&DIGITS, digits::CLASSES, parts);
        dataset.columns = digits::PIXELS;
        dataset.inputs = pixels
            .iter()
            .map(|&pixel| f32::from(pixel) / 255.0)
            .collect();
        dataset.targets = rows
            .iter()
            .map(|&row| f64::from(digits.labels()[row as usize]))
            .collect();
        dataset.pixels = Some(pixels);
        let inputs = std::mem::take(&mut dataset.inputs);
        dataset.scale(config, inputs.into())?;
        Ok(dataset)
    }

    /// The caller's own data under the split (unless they brought one) and scaling of `config`.
    pub fn from_custom(
        custom: &CustomData,
        config: &DataConfig,
        seeds: &Seeds,
    ) -> Result<Self, Error> {
        let strata = match custom.task {
            Task::Classification => Strata::Classes(&custom.targets),
            Task::Regression => Strata::Quantiles(&custom.targets),
        };
        let parts = match &custom.parts {
            Some(parts) => parts.clone(),
            None => split::assign(strata, &config.split, seeds.split)?,
        };
        let mut dataset = Self::unscaled(&CUSTOM, custom.classes, parts);
        dataset.task = custom.task;
        dataset.columns = custom.columns;
        dataset.targets = custom.targets.clone();
        if let (Some(column), "none") = (custom.coarse_column(), config.scaling.id.as_str()) {
            return Err(Error::Mismatch {
                field: "data.scaling".to_owned(),
                expected: format!(
                    "standard or min_max, since single precision does not tell the values of column {column} apart"
                ),
                found: "none".to_owned(),
            });
        }
        dataset.scale(config, custom.inputs.clone())?;
        Ok(dataset)
    }

    fn unscaled(entry: &'static DatasetEntry, classes: usize, parts: Vec<Part>) -> Self {
        let rows_of = |part: Part| {
            (0..parts.len() as u32)
                .filter(|&row| parts[row as usize] == part)
                .collect()
        };
        Self {
            entry,
            task: entry.task,
            kind: entry.kind,
            classes,
            columns: 0,
            raw: Vec::new(),
            inputs: Vec::new(),
            targets: Vec::new(),
            train: rows_of(Part::Train),
            validation: rows_of(Part::Validation),
            test: rows_of(Part::Test),
            parts,
            symbols: Vec::new(),
            features: Vec::new(),
            scaler: Scaler::identity(0),
            pixels: None,
            generator: None,
        }
    }

    /// Columns of `features` at `points`, unscaled.
    fn place(&mut self, points: Vec<[f64; 2]>, features: Vec<&'static FeatureEntry>) {
        self.columns = features.len();
        self.symbols = features
            .iter()
            .map(|feature| feature.symbol.to_owned())
            .collect();
        self.scaler = Scaler::identity(features.len());
        self.features = features;
        let mut inputs = vec![0.0; points.len() * self.columns];
        for (row, &[x, y]) in inputs.chunks_exact_mut(self.columns).zip(&points) {
            self.featurize(x, y, row);
        }
        self.inputs = inputs;
        self.raw = points;
    }

    fn scale(&mut self, config: &DataConfig, inputs: Numbers) -> Result<(), Error> {
        self.scaler = Scaler::fit(&config.scaling, &inputs, self.columns, &self.train)?;
        self.inputs = self.scaler.apply_all(inputs);
        Ok(())
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.targets.len()
    }

    /// Inputs of one row, `(columns)`.
    pub fn row(&self, row: usize) -> &[f32] {
        &self.inputs[row * self.columns..(row + 1) * self.columns]
    }

    /// Rows of a part, rising.
    pub fn part(&self, part: Part) -> &[u32] {
        match part {
            Part::Train => &self.train,
            Part::Validation => &self.validation,
            Part::Test => &self.test,
        }
    }

    /// The columns of the point `(x, y)`, scaled as the data are, into `out` `(columns)`.
    ///
    /// A point of the data gives that point's row of `inputs`. On a line `y` is not read. Digits and custom data
    /// have no points: `out` stays as it is.
    pub fn featurize(&self, x: f64, y: f64, out: &mut [f32]) {
        for (column, (feature, value)) in self.features.iter().zip(out).enumerate() {
            // Through f32 before scaling, as `inputs` went.
            let unscaled = (feature.value)(x, y) as f32;
            *value = self.scaler.apply(column, f64::from(unscaled)) as f32;
        }
    }

    /// Inputs of the map over the domain, row-major.
    ///
    /// Plane: `(resolution * resolution, columns)`, the centres of the cells from the top left, y from max to min.
    /// Line: `(resolution, columns)`, the centres of the cells from x min to x max. Digits, custom: empty.
    pub fn grid(&self, resolution: usize) -> Vec<f32> {
        let [min, max] = self.entry.domain;
        let centre = |cell: usize| (cell as f64 + 0.5) / resolution as f64 * (max - min);
        let cells = self.kind.map_cells(resolution);
        let mut grid = vec![0.0; cells * self.columns];
        for (cell, out) in grid.chunks_exact_mut(self.columns).enumerate() {
            self.featurize(
                min + centre(cell % resolution),
                max - centre(cell / resolution),
                out,
            );
        }
        grid
    }

    /// A feature of points over the cells of [`Dataset::grid`], before scaling, whether the network is given it or not.
    ///
    /// # Errors
    /// `UnknownId` for a feature that these data do not have.
    pub fn feature_map(&self, id: &str, resolution: usize) -> Result<Vec<f32>, Error> {
        let chosen = features::choose(&[id.to_owned()], self.kind)?;
        let [min, max] = self.entry.domain;
        let at = |cell: usize| min + (cell as f64 + 0.5) / resolution as f64 * (max - min);
        Ok((0..self.kind.map_cells(resolution))
            .map(|cell| {
                let y = min + max - at(cell / resolution);
                (chosen[0].value)(at(cell % resolution), y) as f32
            })
            .collect())
    }
}
