//! The text of the products by quads: what an invocation loads, and the products it makes of it, written out.

use std::fmt::Write;

use super::dispatches::Kernel;

const QUADS: &str = include_str!("kernels/quads.wgsl");
const FOUR: &str = include_str!("kernels/four.wgsl");
const IN_FOURS: &str = include_str!("kernels/values_in_fours.wgsl");
const APART: &str = include_str!("kernels/values_apart.wgsl");

/// How rows of weights lie among the parameters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Values {
    /// Each starts at a whole four: four are loaded at once.
    InFours,
    /// Anywhere.
    Apart,
}

/// The three products.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// `W x`: rows of W lie along the sum, x's along the columns.
    Forward,
    /// `W^T d`: W's lie along the rows of the result, d's along the columns.
    Backward,
    /// `d x^T`: both lie along the sum.
    Gradient,
}

/// Rows of the block that a workgroup makes. What a step of the loop takes up must stay in the processor's cache of
/// instructions, which software adapters fill with a hundred for every load: 16 rows were slower than 12 where four steps
/// of the sum come at once.
pub(super) fn rows(kernel: Kernel) -> usize {
    match kernel {
        Kernel::Backward => Kind::Backward.rows(),
        _ => Kind::Forward.rows(),
    }
}

impl Kind {
    const ALL: [(&'static str, Self); 3] = [
        ("forward", Self::Forward),
        ("backward", Self::Backward),
        ("gradient", Self::Gradient),
    ];

    /// Whole fours. Of the backward pass four for each invocation, since four lie together.
    fn rows(self) -> usize {
        match self {
            Self::Forward | Self::Gradient => 12,
            Self::Backward => 16,
        }
    }

    /// Steps of the sum at once.
    fn steps(self) -> usize {
        match self {
            Self::Forward | Self::Gradient => 4,
            Self::Backward => 2,
        }
    }

    fn text(self, values: Values) -> String {
        let (mut starts, mut step, mut collect) = (String::new(), String::new(), String::new());
        let (rows, steps) = (self.rows(), self.steps());
        self.write_columns(&mut starts, &mut step, values);
        for g in 0..rows / 4 {
            self.write_rows(g, &mut starts, &mut step, values);
            // Right behind the load of what they need: less has to be put away.
            for i in 4 * g..4 * g + 4 {
                for column in 0..4 {
                    let _ = writeln!(starts, "    var s{i}_{column} = 0.0;");
                    let mut sum = format!("s{i}_{column}");
                    for at in 0..steps {
                        let [w, y] = self.factors(i, column, at);
                        let _ = write!(sum, " + {w} * {y}");
                    }
                    let _ = writeln!(step, "        s{i}_{column} = {sum};");
                }
                let sums = format!("vec4<f32>(s{i}_0, s{i}_1, s{i}_2, s{i}_3)");
                let _ = writeln!(collect, "    sums[{i}] = {sums};");
            }
        }
        let row = match self {
            Self::Forward | Self::Gradient => "(i & ~3u) + (lane ^ (i & 3u))",
            Self::Backward => "4u * (lane ^ (i & 3u)) + (i >> 2u)",
        };
        QUADS
            .replace("@ROWS@", &rows.to_string())
            .replace("@STEPS@", &steps.to_string())
            .replace("@STARTS@", &starts)
            .replace("@STEP@", &step)
            .replace("@COLLECT@", &collect)
            .replace("@ROW@", row)
    }

    /// The two numbers whose product step `at` adds to an element.
    fn factors(self, i: usize, column: usize, at: usize) -> [String; 2] {
        let (g, d) = (i / 4, i % 4);
        let part = |index: usize| ["x", "y", "z", "w"][index];
        match self {
            Self::Forward => [
                format!("x{g}_{d}.{}", part(at)),
                format!("y{at}.{}", part(column)),
            ],
            Self::Backward => [
                format!("x{at}_{d}.{}", part(g)),
                format!("y{at}.{}", part(column)),
            ],
            Self::Gradient => [
                format!("x{g}_{d}.{}", part(at)),
                format!("y{column}.{}", part(at)),
            ],
        }
    }

    /// Whether the sum may end within what is loaded at once. Steps beyond its last one then count as zero on both sides,
    /// since what is there may be no number.
    fn ends_within(self, values: Values) -> bool {
        // A row of weights in fours is itself whole fours.
        !(self == Self::Forward && values == Values::InFours)
    }

    /// The fours of b that an invocation multiplies with, `y`.
    fn write_columns(self, starts: &mut String, step: &mut String, values: Values) {
        if self == Self::Gradient {
            for column in 0..4 {
                // Behind the last column of x comes one of ones, for the bias.
                let place = format!(
                    "select(op_word(6u) + (column + {column}u) * op_word(8u), op_word(13u), column + {column}u == op_word(10u))"
                );
                let _ = writeln!(starts, "    let b{column} = ({place}) >> 2u;");
                let four = format!("work_fours[b{column} + (p >> 2u)]");
                let _ = writeln!(step, "        let y{column} = {};", along(&four));
            }
            return;
        }
        let _ = writeln!(starts, "    let b = (op_word(6u) + column) >> 2u;");
        let _ = writeln!(starts, "    let b_step = op_word(7u) >> 2u;");
        for at in 0..self.steps() {
            let mut four = format!("work_fours[b + (p + {at}u) * b_step]");
            if at > 0 && self.ends_within(values) {
                four = across(&four, at);
            }
            let _ = writeln!(step, "        let y{at} = {four};");
        }
    }

    /// The fours of a that the `g`-th rows of all four invocations need: `x`, and behind it by whose.
    fn write_rows(self, g: usize, starts: &mut String, step: &mut String, values: Values) {
        let mut lend = |x: usize, four: &str| {
            let _ = writeln!(step, "        let x{x}_0 = {four};");
            for (d, swap) in [(1, "quadSwapX"), (2, "quadSwapY"), (3, "quadSwapDiagonal")] {
                let _ = writeln!(step, "        let x{x}_{d} = {swap}(x{x}_0);");
            }
        };
        let row = format!("op_word(3u) + (row + {}u + lane) * op_word(4u)", 4 * g);
        match (self, values) {
            (Self::Backward, _) if g > 0 => {}
            (Self::Backward, _) => {
                let shift = if values == Values::InFours { 2 } else { 0 };
                let place = "op_word(3u) + row + 4u * lane";
                let _ = writeln!(starts, "    let a = ({place}) >> {shift}u;");
                let _ = writeln!(starts, "    let a_step = op_word(5u) >> {shift}u;");
                for at in 0..self.steps() {
                    let place = format!("a + (p + {at}u) * a_step");
                    let mut four = match values {
                        Values::InFours => format!("fours[{place}]"),
                        Values::Apart => apart(&place),
                    };
                    if at > 0 {
                        four = across(&four, at);
                    }
                    lend(at, &four);
                }
            }
            (Self::Forward, Values::Apart) => {
                let _ = writeln!(starts, "    let a{g} = {row};");
                lend(g, &along(&apart(&format!("a{g} + p"))));
            }
            (Self::Forward, Values::InFours) => {
                let _ = writeln!(starts, "    let a{g} = ({row}) >> 2u;");
                lend(g, &format!("fours[a{g} + (p >> 2u)]"));
            }
            (Self::Gradient, _) => {
                let _ = writeln!(starts, "    let a{g} = ({row}) >> 2u;");
                lend(g, &along(&format!("work_fours[a{g} + (p >> 2u)]")));
            }
        }
    }
}

/// Four parameters that need not start at a whole four.
fn apart(at: &str) -> String {
    format!("vec4<f32>(values[{at}], values[{at} + 1u], values[{at} + 2u], values[{at} + 3u])")
}

/// A four along the sum, zero beyond its end.
fn along(four: &str) -> String {
    format!("select(vec4<f32>(0.0), {four}, vec4<u32>(p, p + 1u, p + 2u, p + 3u) < vec4<u32>(k))")
}

/// A four of step `p + at`, zero beyond the sum's end.
fn across(four: &str, at: usize) -> String {
    format!("select(vec4<f32>(0.0), {four}, p + {at}u < k)")
}

/// The three kernels and what they call.
pub(super) fn text(values: Values) -> String {
    let mut text = FOUR.to_owned();
    text.push_str(match values {
        Values::InFours => IN_FOURS,
        Values::Apart => APART,
    });
    for (name, kind) in Kind::ALL {
        text.push_str(&kind.text(values).replace("@KIND@", name));
    }
    text
}
