//! The tables: every formula of the playground, each with its row.
//!
//! A formula is one generic function over [`Real`](crate::real::Real); its row is an [`Entry`]. Menus, limits,
//! links, shaders, exporters and tests derive from the rows. Adding an activation is one function, one row and
//! its two labels in the dictionaries. What belongs here: element-wise mathematics and facts about it. What does
//! not: loops over batches, layers, or time.

use crate::config::Choice;
use crate::error::Error;

pub mod activation;
pub mod initializer;
pub mod loss;
pub mod metric;
pub mod optimizer;
pub mod penalty;
pub mod schedule;

/// The WGSL functions that every rendered formula calls.
pub const PRIMITIVES_WGSL: &str = include_str!("primitives.wgsl");

/// The most parameters a row has.
pub const MAX_PARAMS: usize = 8;

/// A row's parameters in the order of [`Entry::params`]; zero beyond.
pub type Params = [f64; MAX_PARAMS];

/// How a slider for the parameter moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scale {
    /// Evenly.
    Linear,
    /// By factors (0, where it is allowed, is the left end).
    Log,
}

impl Scale {
    /// The wire's spelling.
    pub fn id(self) -> &'static str {
        match self {
            Self::Linear => "linear",
            Self::Log => "log",
        }
    }
}

/// A parameter of a row.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Param {
    /// Permanent id, PyTorch's name where PyTorch has it.
    pub id: &'static str,
    /// Smallest value allowed.
    pub min: f64,
    /// Largest value allowed.
    pub max: f64,
    /// Value when none is given.
    pub default: f64,
    /// How a slider moves.
    pub scale: Scale,
    /// Whole numbers only; with limits 0 and 1 a switch.
    pub integer: bool,
}

impl Param {
    const fn linear(id: &'static str, min: f64, max: f64, default: f64) -> Self {
        Self {
            id,
            min,
            max,
            default,
            scale: Scale::Linear,
            integer: false,
        }
    }

    const fn log(id: &'static str, min: f64, max: f64, default: f64) -> Self {
        Self {
            id,
            min,
            max,
            default,
            scale: Scale::Log,
            integer: false,
        }
    }

    const fn count(id: &'static str, min: f64, max: f64, default: f64) -> Self {
        Self {
            id,
            min,
            max,
            default,
            scale: Scale::Log,
            integer: true,
        }
    }

    const fn whole(self) -> Self {
        Self {
            integer: true,
            ..self
        }
    }

    const fn switch(id: &'static str) -> Self {
        Self {
            id,
            min: 0.0,
            max: 1.0,
            default: 0.0,
            scale: Scale::Linear,
            integer: true,
        }
    }
}

/// A row of a table.
///
/// The last five are text for reading, 4 KiB of the wasm module after gzip that no picture waits for: there they are
/// empty, and `www/engine/references.ts` has them, written from the rows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Entry {
    /// Permanent id, snake_case.
    pub id: &'static str,
    /// Its parameters, in the order in which formulas take them.
    pub params: &'static [Param],
    /// How PyTorch spells it: a call with this row's parameters in braces, `{name}`; `{name?}` is True or False, and what
    /// stands in brackets is left out where its parameters are 0. What it is called on comes first and is not written.
    pub pytorch: Option<&'static str>,
    /// How Keras 3 spells it: the name that Keras knows it by, or a call as for PyTorch.
    pub keras: Option<&'static str>,
    /// ONNX's operator.
    pub onnx: Option<&'static str>,
    /// The formula.
    pub latex: &'static str,
    /// Paper or document.
    pub reference: &'static str,
}

impl Entry {
    /// The row as the build carries it.
    pub(crate) const fn carried(self) -> Self {
        if cfg!(not(target_arch = "wasm32")) {
            return self;
        }
        Self {
            id: self.id,
            params: self.params,
            pytorch: None,
            keras: None,
            onnx: None,
            latex: "",
            reference: "",
        }
    }

    /// The defaults.
    pub fn defaults(&self) -> Params {
        let mut params = [0.0; MAX_PARAMS];
        for (value, param) in params.iter_mut().zip(self.params) {
            *value = param.default;
        }
        params
    }

    /// The position of a parameter.
    pub fn position(&self, param: &str) -> Option<usize> {
        self.params.iter().position(|known| known.id == param)
    }

    /// This row with `params` by name: what the page and links see.
    pub fn choice(&self, params: &Params) -> Choice {
        let mut choice = Choice::of(self.id);
        for (param, &value) in self.params.iter().zip(params) {
            choice.params.insert(param.id, value);
        }
        choice
    }
}

/// Finds `choice` in a table and its parameters, defaults where none are given.
///
/// `field` is the path of the choice, `training.optimizer`. Refused: an id that the table does not have
/// ([`Error::UnknownId`]), a parameter that the row does not have ([`Error::UnknownField`] at `<field>.<param>`), a
/// value outside its limits, not finite, or not whole where it must be ([`Error::OutOfRange`] at `<field>.<param>`).
pub fn resolve(table: &[Entry], choice: &Choice, field: &str) -> Result<(usize, Params), Error> {
    let Some((row, entry)) = table
        .iter()
        .enumerate()
        .find(|(_, entry)| entry.id == choice.id)
    else {
        return Err(Error::UnknownId {
            field: field.to_owned(),
            id: choice.id.clone(),
            known: table
                .iter()
                .map(|entry| entry.id)
                .collect::<Vec<_>>()
                .join(", "),
        });
    };
    let mut params = entry.defaults();
    for (id, value) in choice.params.iter() {
        let path = format!("{field}.{id}");
        let Some(position) = entry.position(id) else {
            return Err(Error::UnknownField { field: path });
        };
        let Param {
            min, max, integer, ..
        } = entry.params[position];
        // A range does not contain NaN.
        if !(min..=max).contains(&value) || (integer && value.fract() != 0.0) {
            return Err(Error::OutOfRange {
                field: path,
                value,
                min,
                max,
            });
        }
        params[position] = value;
    }
    Ok((row, params))
}

/// The same, and writes the parameters of `choice` out in full.
#[inline(never)]
pub fn complete(
    table: &[Entry],
    choice: &mut Choice,
    field: &str,
) -> Result<(usize, Params), Error> {
    let (row, params) = resolve(table, choice, field)?;
    *choice = table[row].choice(&params);
    Ok((row, params))
}

/// The first two parameters, which is all that element-wise formulas have.
pub fn pair(params: &Params) -> [f64; 2] {
    [params[0], params[1]]
}

/// An enum whose variants are the rows of a table, in the table's order.
macro_rules! table {
    (
        $(#[$meta:meta])*
        pub enum $table:ident {
            $( $(#[doc = $doc:literal])* $variant:ident => $entry:expr; )+
        }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[repr(u32)]
        pub enum $table {
            $( $(#[doc = $doc])* $variant, )+
        }

        impl $table {
            /// Every row, in the order of the menus; `ALL[row]` is `ENTRIES[row]`.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];
            /// The rows' facts.
            pub const ENTRIES: &'static [$crate::formula::Entry] = &[$($entry.carried()),+];

            /// This row's facts.
            pub fn entry(self) -> &'static $crate::formula::Entry {
                &Self::ENTRIES[self as usize]
            }

            /// The row's permanent id.
            pub fn id(self) -> &'static str {
                self.entry().id
            }

            /// The row with that id.
            pub fn from_id(id: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|row| row.entry().id == id)
            }

            /// The row that `choice` names, with its parameters; see [`resolve`]($crate::formula::resolve).
            pub fn resolve(
                choice: &$crate::config::Choice,
                field: &str,
            ) -> Result<(Self, $crate::formula::Params), $crate::error::Error> {
                let (row, params) = $crate::formula::resolve(Self::ENTRIES, choice, field)?;
                Ok((Self::ALL[row], params))
            }

            /// The same, and writes the parameters of `choice` out in full.
            pub fn complete(
                choice: &mut $crate::config::Choice,
                field: &str,
            ) -> Result<(Self, $crate::formula::Params), $crate::error::Error> {
                let (row, params) = $crate::formula::complete(Self::ENTRIES, choice, field)?;
                Ok((Self::ALL[row], params))
            }
        }
    };
}
pub(crate) use table;

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &[Entry] = &[Entry {
        id: "row",
        params: &[
            Param::linear("slope", 0.0, 1.0, 0.25),
            Param::count("period", 1.0, 10.0, 2.0),
        ],
        pytorch: None,
        keras: None,
        onnx: None,
        latex: "",
        reference: "",
    }];

    fn choice(id: &str, params: &[(&str, f64)]) -> Choice {
        Choice {
            id: id.to_owned(),
            params: params.iter().copied().collect(),
        }
    }

    #[test]
    fn absent_parameters_take_their_defaults() {
        let (row, params) = resolve(TABLE, &choice("row", &[("period", 7.0)]), "field").unwrap();
        assert_eq!((row, params[0], params[1]), (0, 0.25, 7.0));
    }

    #[test]
    fn refusals_name_the_path() {
        let refuse = |id, params: &[(&str, f64)]| {
            resolve(TABLE, &choice(id, params), "training.loss").unwrap_err()
        };
        assert!(
            matches!(refuse("other", &[]), Error::UnknownId { field, .. } if field == "training.loss")
        );
        assert_eq!(
            refuse("row", &[("nope", 1.0)]),
            Error::UnknownField {
                field: "training.loss.nope".to_owned()
            }
        );
        for (param, value) in [
            ("slope", 1.5),
            ("slope", f64::NAN),
            ("slope", f64::INFINITY),
            ("period", 2.5),
        ] {
            let error = refuse("row", &[(param, value)]);
            assert_eq!(
                (error.code(), error.field()),
                ("out_of_range", format!("training.loss.{param}").as_str())
            );
        }
    }
}
