//! Metrics: what is reported beside the loss. In f64, from counts or from predictions.
//!
//! Where a quotient is 0/0 it is 0, as scikit-learn and Keras have it, and [`Confusion::undefined`] and
//! [`Errors::undefined`] say why; what has no such convention there (R² of one row) is none. A class that occurs
//! neither among truths nor among predictions takes no part in a macro mean, as in scikit-learn.

/// Which direction is an improvement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Better {
    /// Larger values.
    Higher,
    /// Smaller values.
    Lower,
}

/// Which tasks have the metric.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Task {
    /// Classes.
    Classification,
    /// Values.
    Regression,
    /// Either.
    Both,
}

impl Better {
    /// The wire's spelling.
    pub fn id(self) -> &'static str {
        match self {
            Self::Higher => "higher",
            Self::Lower => "lower",
        }
    }
}

impl Task {
    /// The wire's spelling.
    pub fn id(self) -> &'static str {
        match self {
            Self::Classification => "classification",
            Self::Regression => "regression",
            Self::Both => "both",
        }
    }
}

macro_rules! metrics {
    ($( $(#[doc = $doc:literal])* $variant:ident = $id:literal, $task:ident, $better:ident; )+) => {
        /// The metrics.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Metric {
            $( $(#[doc = $doc])* $variant, )+
        }

        impl Metric {
            /// Every metric, in the order of the menus.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// Permanent id.
            pub fn id(self) -> &'static str {
                match self { $( Self::$variant => $id, )+ }
            }

            /// Which tasks have it.
            pub fn task(self) -> Task {
                match self { $( Self::$variant => Task::$task, )+ }
            }

            /// Which direction is an improvement.
            pub fn better(self) -> Better {
                match self { $( Self::$variant => Better::$better, )+ }
            }

            /// The metric with that id.
            pub fn from_id(id: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|metric| metric.id() == id)
            }
        }
    };
}

metrics! {
    /// Mean data loss, without penalty.
    Loss = "loss", Both, Lower;
    /// Share of right classes.
    Accuracy = "accuracy", Classification, Higher;
    /// Mean of the recalls of the classes that there are.
    BalancedAccuracy = "balanced_accuracy", Classification, Higher;
    /// Two classes: of those called class 1, the share that are.
    Precision = "precision", Classification, Higher;
    /// Two classes: of class 1, the share found.
    Recall = "recall", Classification, Higher;
    /// Two classes: harmonic mean of precision and recall.
    F1 = "f1", Classification, Higher;
    /// Mean of the classes' precisions.
    PrecisionMacro = "precision_macro", Classification, Higher;
    /// Mean of the classes' recalls.
    RecallMacro = "recall_macro", Classification, Higher;
    /// Mean of the classes' F1.
    F1Macro = "f1_macro", Classification, Higher;
    /// Precision of all decisions together; with one label each it equals accuracy.
    PrecisionMicro = "precision_micro", Classification, Higher;
    /// Recall of all decisions together; with one label each it equals accuracy.
    RecallMicro = "recall_micro", Classification, Higher;
    /// F1 of all decisions together; with one label each it equals accuracy.
    F1Micro = "f1_micro", Classification, Higher;
    /// Mean of -ln of the probability given to the true class.
    LogLoss = "log_loss", Classification, Lower;
    /// Root of the mean squared error.
    Rmse = "rmse", Regression, Lower;
    /// Mean absolute error.
    Mae = "mae", Regression, Lower;
    /// Share of the variance explained.
    R2 = "r2", Regression, Higher;
}

impl Metric {
    /// The metric from counts; none when counts do not decide it (`loss`, `log_loss`, the regression ones) or when it
    /// is one of the two-class ones and there are not two classes.
    pub fn of_counts(self, confusion: &Confusion) -> Option<f64> {
        let two = confusion.classes() == 2;
        match self {
            Self::Accuracy | Self::PrecisionMicro | Self::RecallMicro | Self::F1Micro => {
                Some(confusion.accuracy())
            }
            Self::BalancedAccuracy => Some(confusion.balanced_accuracy()),
            Self::Precision => two.then(|| confusion.precision(1)),
            Self::Recall => two.then(|| confusion.recall(1)),
            Self::F1 => two.then(|| confusion.f1(1)),
            Self::PrecisionMacro => Some(confusion.macro_mean(Confusion::precision)),
            Self::RecallMacro => Some(confusion.macro_mean(Confusion::recall)),
            Self::F1Macro => Some(confusion.macro_mean(Confusion::f1)),
            Self::Loss | Self::LogLoss | Self::Rmse | Self::Mae | Self::R2 => None,
        }
    }
}

/// How often each class was taken for each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Confusion {
    classes: usize,
    /// Row: truth; column: prediction.
    counts: Vec<u64>,
}

impl Confusion {
    /// Nothing counted yet.
    pub fn new(classes: usize) -> Self {
        Self {
            classes,
            counts: vec![0; classes * classes],
        }
    }

    /// Of counts, `(classes, classes)`.
    pub fn of_counts(classes: usize, counts: impl Iterator<Item = u64>) -> Self {
        Self {
            classes,
            counts: counts.collect(),
        }
    }

    /// `(classes, classes)`.
    pub fn counts(&self) -> &[u64] {
        &self.counts
    }

    /// Counts one sample. Both must be below the number of classes.
    pub fn add(&mut self, truth: usize, predicted: usize) {
        self.counts[truth * self.classes + predicted] += 1;
    }

    /// Forgets all counts.
    pub fn clear(&mut self) {
        self.counts.fill(0);
    }

    /// The number of classes.
    pub fn classes(&self) -> usize {
        self.classes
    }

    /// How often `truth` was taken for `predicted`.
    pub fn count(&self, truth: usize, predicted: usize) -> u64 {
        self.counts[truth * self.classes + predicted]
    }

    fn of_truth(&self, class: usize) -> u64 {
        (0..self.classes)
            .map(|predicted| self.count(class, predicted))
            .sum()
    }

    fn of_prediction(&self, class: usize) -> u64 {
        (0..self.classes)
            .map(|truth| self.count(truth, class))
            .sum()
    }

    /// Share of right classes.
    pub fn accuracy(&self) -> f64 {
        quotient(
            (0..self.classes)
                .map(|class| self.count(class, class))
                .sum(),
            self.counts.iter().sum(),
        )
    }

    /// Of those called `class`, the share that are.
    pub fn precision(&self, class: usize) -> f64 {
        quotient(self.count(class, class), self.of_prediction(class))
    }

    /// Of `class`, the share found.
    pub fn recall(&self, class: usize) -> f64 {
        quotient(self.count(class, class), self.of_truth(class))
    }

    /// Harmonic mean of precision and recall.
    pub fn f1(&self, class: usize) -> f64 {
        quotient(
            2 * self.count(class, class),
            self.of_truth(class) + self.of_prediction(class),
        )
    }

    /// The mean of a figure over the classes that occur.
    pub fn macro_mean(&self, figure: impl Fn(&Self, usize) -> f64) -> f64 {
        self.mean(
            |class| self.of_truth(class) + self.of_prediction(class) > 0,
            |class| figure(self, class),
        )
    }

    /// The mean of the recalls of the classes that are among the truths.
    pub fn balanced_accuracy(&self) -> f64 {
        self.mean(|class| self.of_truth(class) > 0, |class| self.recall(class))
    }

    fn mean(&self, takes_part: impl Fn(usize) -> bool, figure: impl Fn(usize) -> f64) -> f64 {
        let (mut sum, mut count) = (0.0, 0_u32);
        for class in (0..self.classes).filter(|&class| takes_part(class)) {
            sum += figure(class);
            count += 1;
        }
        if count > 0 {
            sum / f64::from(count)
        } else {
            0.0
        }
    }

    /// Why the metric, or a class's part of it, is 0 by convention alone: where scikit-learn warns.
    pub fn undefined(&self, metric: Metric) -> Option<&'static str> {
        let never_predicted = |class| self.of_prediction(class) == 0;
        let absent = |class| self.of_truth(class) == 0;
        let occurs = |class: &usize| !(absent(*class) && never_predicted(*class));
        let two = self.classes == 2;
        let reason = |holds: bool, reason| holds.then_some(reason);
        match metric {
            Metric::Precision => reason(two && never_predicted(1), "class_never_predicted"),
            Metric::Recall => reason(two && absent(1), "class_absent"),
            Metric::F1 => reason(two && !occurs(&1), "class_absent"),
            Metric::PrecisionMacro => reason(
                (0..self.classes).filter(occurs).any(never_predicted),
                "class_never_predicted",
            ),
            Metric::RecallMacro => {
                reason((0..self.classes).filter(occurs).any(absent), "class_absent")
            }
            Metric::Loss
            | Metric::Accuracy
            | Metric::BalancedAccuracy
            | Metric::F1Macro
            | Metric::PrecisionMicro
            | Metric::RecallMicro
            | Metric::F1Micro
            | Metric::LogLoss
            | Metric::Rmse
            | Metric::Mae
            | Metric::R2 => None,
        }
    }
}

fn quotient(part: u64, whole: u64) -> f64 {
    if whole > 0 {
        part as f64 / whole as f64
    } else {
        0.0
    }
}

/// What one sample adds to the log loss: -ln of the probability given to its class, held as far as f32's epsilon from
/// 0 and from 1 as scikit-learn does, so that a certain and wrong answer costs 15.9.
pub fn log_loss(probability: f64) -> f64 {
    const EPSILON: f64 = f32::EPSILON as f64;
    -libm::log(probability.clamp(EPSILON, 1.0 - EPSILON))
}

/// Running sums of a regression; the figures are over all outputs together.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Errors {
    count: f64,
    squared: f64,
    absolute: f64,
    /// Mean of the targets so far, and the sum of their squared distances from it (Welford 1962).
    mean: f64,
    spread: f64,
}

impl Errors {
    /// Its sums, to be handed to another engine.
    #[cfg(feature = "gpu")]
    pub fn sums(&self) -> [f64; 5] {
        [
            self.count,
            self.squared,
            self.absolute,
            self.mean,
            self.spread,
        ]
    }

    /// From such sums.
    pub fn of_sums([count, squared, absolute, mean, spread]: [f64; 5]) -> Self {
        Self {
            count,
            squared,
            absolute,
            mean,
            spread,
        }
    }

    /// Adds one prediction.
    pub fn add(&mut self, predicted: f64, target: f64) {
        let error = predicted - target;
        self.count += 1.0;
        self.squared += error * error;
        self.absolute += error.abs();
        let before = target - self.mean;
        self.mean += before / self.count;
        self.spread += before * (target - self.mean);
    }

    /// Root of the mean squared error; 0 of nothing.
    pub fn rmse(&self) -> f64 {
        if self.count > 0.0 {
            libm::sqrt(self.squared / self.count)
        } else {
            0.0
        }
    }

    /// Mean absolute error; 0 of nothing.
    pub fn mae(&self) -> f64 {
        if self.count > 0.0 {
            self.absolute / self.count
        } else {
            0.0
        }
    }

    /// 1 - squared error / spread of the targets; none of less than two. Targets that are all alike give 1 if they
    /// are met and else 0, as scikit-learn.
    pub fn r2(&self) -> Option<f64> {
        (self.count >= 2.0).then(|| self.share_explained())
    }

    /// Why R² is not what its formula says.
    pub fn undefined(&self, metric: Metric) -> Option<&'static str> {
        match metric {
            Metric::R2 if self.count < 2.0 => Some("one_row"),
            Metric::R2 if self.spread <= 0.0 => Some("constant_targets"),
            _ => None,
        }
    }

    fn share_explained(&self) -> f64 {
        if self.spread > 0.0 {
            1.0 - self.squared / self.spread
        } else if self.squared > 0.0 {
            0.0
        } else {
            1.0
        }
    }

    /// The metric; none for those of classification and for `loss`.
    pub fn of(&self, metric: Metric) -> Option<f64> {
        match metric {
            Metric::Rmse => Some(self.rmse()),
            Metric::Mae => Some(self.mae()),
            Metric::R2 => self.r2(),
            Metric::Loss
            | Metric::Accuracy
            | Metric::BalancedAccuracy
            | Metric::Precision
            | Metric::Recall
            | Metric::F1
            | Metric::PrecisionMacro
            | Metric::RecallMacro
            | Metric::F1Macro
            | Metric::PrecisionMicro
            | Metric::RecallMicro
            | Metric::F1Micro
            | Metric::LogLoss => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(classes: usize, pairs: &[(usize, usize)]) -> Confusion {
        let mut confusion = Confusion::new(classes);
        for &(truth, predicted) in pairs {
            confusion.add(truth, predicted);
        }
        confusion
    }

    #[test]
    fn two_classes_by_hand() {
        // 3 true positives, 1 false positive, 2 false negatives, 4 true negatives.
        let pairs = [&[(1, 1); 3][..], &[(0, 1); 1], &[(1, 0); 2], &[(0, 0); 4]].concat();
        let confusion = counted(2, &pairs);
        let figure = |metric: Metric| metric.of_counts(&confusion).unwrap();
        assert_eq!(figure(Metric::Accuracy), 0.7);
        assert_eq!(figure(Metric::Precision), 0.75);
        assert_eq!(figure(Metric::Recall), 0.6);
        assert_eq!(figure(Metric::F1), 6.0 / 9.0);
        assert_eq!(figure(Metric::RecallMacro), f64::midpoint(0.6, 0.8));
    }

    #[test]
    fn a_class_never_predicted_has_precision_zero_and_an_absent_one_takes_no_part() {
        let confusion = counted(3, &[(0, 0), (1, 0)]);
        assert_eq!(confusion.precision(1), 0.0);
        assert_eq!(confusion.f1(2), 0.0);
        assert_eq!(Metric::PrecisionMacro.of_counts(&confusion), Some(0.25));
        assert_eq!(Metric::Precision.of_counts(&confusion), None);
    }

    #[test]
    fn regression_by_hand() {
        let mut errors = Errors::default();
        for (predicted, target) in [(2.5, 3.0), (0.0, -0.5), (2.0, 2.0), (8.0, 7.0)] {
            errors.add(predicted, target);
        }
        // The example of scikit-learn's r2_score.
        assert!((errors.r2().unwrap() - 0.948_608_137_044_967_9).abs() < 1e-15);
        assert!((errors.rmse() - 0.375_f64.sqrt()).abs() < 1e-15);
        assert_eq!(errors.mae(), 0.5);
    }

    #[test]
    fn constant_targets_give_r2_one_or_zero() {
        let mut errors = Errors::default();
        errors.add(4.0, 4.0);
        assert_eq!(errors.r2(), None);
        assert_eq!(errors.undefined(Metric::R2), Some("one_row"));
        errors.add(4.0, 4.0);
        assert_eq!(errors.r2(), Some(1.0));
        errors.add(5.0, 4.0);
        assert_eq!(errors.r2(), Some(0.0));
        assert_eq!(errors.undefined(Metric::R2), Some("constant_targets"));
    }

    #[test]
    fn log_loss_of_a_certain_wrong_answer_is_finite() {
        assert!((log_loss(0.0) - 15.942_385).abs() < 1e-6);
        // scikit-learn's 1.1920930376163597e-07 of a float32 1.
        assert!((log_loss(1.0) - 1.192_093e-7).abs() < 1e-12);
    }
}
