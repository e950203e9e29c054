//! What a row of a data set is, and what data of each kind can do: one table, so that nothing else compares kinds.

use serde::Serialize;

/// What a row is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum Kind {
    /// A point of the plane.
    Plane,
    /// A point of the line.
    Line,
    /// An image of 28 x 28 pixels.
    Digits,
    /// Columns of the caller's own.
    Custom,
}

/// A row of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Capabilities {
    /// The features that are a point's coordinates themselves, as many as the domain has dimensions. Empty where a row is
    /// no point: then there are no features to choose and no maps.
    pub coordinates: &'static [&'static str],
    /// The rows come with an asset that is fetched when the set is first chosen.
    pub fetched: bool,
    /// The rows are the caller's own.
    pub own: bool,
    /// Columns may differ in size, so that scaling them can help.
    pub scalable: bool,
    /// The set comes with an example of its own, and what was there before comes back after it.
    pub example: bool,
}

/// Points, whose columns are features.
const POINTS: Capabilities = Capabilities {
    coordinates: &[],
    fetched: false,
    own: false,
    scalable: true,
    example: false,
};

impl Kind {
    /// Every kind.
    pub const ALL: &[Self] = &[Self::Plane, Self::Line, Self::Digits, Self::Custom];

    /// What such data can do.
    pub const fn can(self) -> Capabilities {
        match self {
            Self::Plane => Capabilities {
                coordinates: &["x", "y"],
                ..POINTS
            },
            Self::Line => Capabilities {
                coordinates: &["x"],
                ..POINTS
            },
            Self::Digits => Capabilities {
                fetched: true,
                scalable: false,
                example: true,
                ..POINTS
            },
            Self::Custom => Capabilities {
                own: true,
                ..POINTS
            },
        }
    }

    /// Dimensions of the domain: 2, 1, or 0 where a row is no point.
    pub const fn dimensions(self) -> usize {
        self.can().coordinates.len()
    }

    /// Whether there is something to draw over the domain.
    pub const fn has_map(self) -> bool {
        self.dimensions() > 0
    }

    /// Cells of a map of so many a side; none where there is no map.
    pub const fn map_cells(self, resolution: usize) -> usize {
        match self.dimensions() {
            0 => 0,
            1 => resolution,
            _ => resolution * resolution,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{DATASETS, FEATURES};

    #[test]
    fn coordinates_are_features_of_the_kind_and_only_points_have_features() {
        for kind in Kind::ALL {
            let of: Vec<&str> = FEATURES
                .iter()
                .filter(|feature| feature.kind == *kind)
                .map(|feature| feature.id)
                .collect();
            assert_eq!(of.is_empty(), !kind.has_map(), "{kind:?}");
            for id in kind.can().coordinates {
                assert!(of.contains(id), "{kind:?} has no feature {id}");
            }
            assert!(
                DATASETS.iter().any(|entry| entry.kind == *kind),
                "{kind:?} has no data set"
            );
        }
    }

    #[test]
    fn a_map_has_as_many_cells_as_its_grid() {
        use crate::config::{Config, Mode};
        use crate::data::Dataset;
        let mut config = Config::default();
        for (id, features) in [("circle", vec!["x", "y"]), ("line_sine", vec!["x"])] {
            config.data.dataset = id.into();
            config.data.features = features.iter().map(|id| (*id).into()).collect();
            let dataset =
                Dataset::build(&config.data, &config.seeds, Mode::Standard, None).unwrap();
            assert_eq!(
                dataset.grid(7).len(),
                dataset.kind.map_cells(7) * dataset.columns
            );
        }
    }
}
