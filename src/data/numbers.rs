//! A caller's numbers, in the precision in which they came.

/// Single where that holds every value, else double: what is scaled is scaled before it is narrowed.
#[derive(Debug, Clone, PartialEq)]
pub enum Numbers {
    /// As they are.
    Single(Vec<f32>),
    /// Some of them have more digits.
    Double(Vec<f64>),
}

impl Numbers {
    /// How many there are.
    pub fn len(&self) -> usize {
        match self {
            Self::Single(values) => values.len(),
            Self::Double(values) => values.len(),
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The number at `place`, which must be there.
    #[inline]
    pub fn at(&self, place: usize) -> f64 {
        match self {
            Self::Single(values) => f64::from(values[place]),
            Self::Double(values) => values[place],
        }
    }

    /// All of them, in order.
    pub fn iter(&self) -> impl Iterator<Item = f64> {
        (0..self.len()).map(|place| self.at(place))
    }

    /// Bytes that they take.
    pub fn bytes(&self) -> usize {
        match self {
            Self::Single(values) => 4 * values.len(),
            Self::Double(values) => 8 * values.len(),
        }
    }
}

macro_rules! from {
    ($type:ty, $variant:ident) => {
        impl From<Vec<$type>> for Numbers {
            fn from(values: Vec<$type>) -> Self {
                Self::$variant(values)
            }
        }
        impl From<&[$type]> for Numbers {
            fn from(values: &[$type]) -> Self {
                Self::$variant(values.to_vec())
            }
        }
        impl From<&Vec<$type>> for Numbers {
            fn from(values: &Vec<$type>) -> Self {
                Self::$variant(values.clone())
            }
        }
        impl<const N: usize> From<&[$type; N]> for Numbers {
            fn from(values: &[$type; N]) -> Self {
                Self::$variant(values.to_vec())
            }
        }
    };
}
from!(f32, Single);
from!(f64, Double);
