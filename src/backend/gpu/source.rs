//! Shader text: primitives, the formulas that are in use, and the kernels.

use std::fmt::Write;

use super::device::Trouble;
use super::fuse::{self, Dense, Fused, Update};
use super::quads::{self, Values};
use super::steps::STEP_WORDS;
use crate::formula::activation::Activation;
use crate::formula::loss::Loss;
use crate::formula::optimizer::Optimizer;
use crate::formula::{PRIMITIVES_WGSL, penalty};
use crate::plan::Plan;

const RANDOM: &str = include_str!("kernels/random.wgsl");
const STEP: &str = include_str!("kernels/step.wgsl");
const RESIDENT: &str = include_str!("kernels/resident.wgsl");
const PRODUCT: &str = include_str!("kernels/product.wgsl");
const LAYERED: &str = include_str!("kernels/layered.wgsl");

/// Which rows of the tables a shader can compute.
///
/// A shader with fewer rows compiles and runs faster. Runs that are to be compared to the bit must be trained by
/// shaders of the same repertoire, since a compiler may contract operations differently in another text.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Repertoire {
    activations: Vec<Activation>,
    losses: Vec<Loss>,
    optimizers: Vec<Optimizer>,
}

impl Repertoire {
    /// Every row of every table.
    pub fn everything() -> Self {
        Self {
            activations: Activation::ALL.to_vec(),
            losses: Loss::ALL
                .iter()
                .copied()
                .filter(|loss| loss.is_elementwise())
                .collect(),
            optimizers: Optimizer::ALL.to_vec(),
        }
    }

    /// Adds what training by this plan uses.
    pub fn add_plan(&mut self, plan: &Plan) {
        self.add(&fuse::step(plan));
    }

    /// Adds what these operations use.
    pub(super) fn add(&mut self, ops: &[Fused]) {
        for op in ops {
            match op {
                Fused::Dense(Dense {
                    activation: Some((row, _)),
                    ..
                }) => insert(&mut self.activations, *row),
                Fused::Loss { loss, .. } => insert(&mut self.losses, *loss),
                Fused::Update(Update {
                    optimizer: Some(row),
                    ..
                }) => insert(&mut self.optimizers, *row),
                _ => {}
            }
        }
    }

    /// The caller's choice if it has every formula of `ops`, else what these need.
    pub(super) fn chosen(choice: Option<&Self>, ops: &[Fused]) -> Result<Self, Trouble> {
        let mut used = Self::default();
        used.add(ops);
        match choice {
            Some(choice) if choice.covers(&used) => Ok(choice.clone()),
            Some(_) => Err(Trouble::Mismatch {
                message: "a run uses a formula that the repertoire lacks".to_owned(),
            }),
            None => Ok(used),
        }
    }

    /// Whether every row of `other` is here.
    fn covers(&self, other: &Self) -> bool {
        other
            .activations
            .iter()
            .all(|row| self.activations.contains(row))
            && other.losses.iter().all(|row| self.losses.contains(row))
            && other
                .optimizers
                .iter()
                .all(|row| self.optimizers.contains(row))
    }

    /// Primitives, formulas, and one function for each table that chooses by row number.
    fn text(&self) -> String {
        let mut text = [PRIMITIVES_WGSL, STEP, RANDOM, &penalty::wgsl()].join("\n");
        let mut choice = |name: &str,
                          arguments: &str,
                          result: &str,
                          call: &str,
                          rows: &[(u32, String, String)],
                          otherwise: &str| {
            for (_, _, formula) in rows {
                text.push_str(formula);
            }
            // Writing to a String cannot fail.
            let _ = writeln!(text, "fn {name}(row: u32, {arguments}) -> {result} {{");
            if let [(_, function, _)] = rows {
                let _ = writeln!(text, "    return {function}({call});");
            } else {
                text.push_str("    switch row {\n");
                for (row, function, _) in rows {
                    let _ = writeln!(
                        text,
                        "        case {row}u: {{ return {function}({call}); }}"
                    );
                }
                let _ = writeln!(text, "        default: {{ return {otherwise}; }}\n    }}");
            }
            text.push_str("}\n");
        };
        let activations = rows(&self.activations, |row| {
            let name = format!("activation_{}_with_slope", row.id());
            (row as u32, name, row.wgsl())
        });
        choice(
            "activation_with_slope",
            "z: f32, params: vec2<f32>",
            "vec2<f32>",
            "z, params",
            &activations,
            "vec2<f32>(z, 1.0)",
        );
        let losses = rows(&self.losses, |row| {
            let name = format!("loss_{}_with_slope", row.id());
            (row as u32, name, row.wgsl())
        });
        choice(
            "loss_with_slope",
            "y_hat: f32, y: f32, params: vec2<f32>",
            "vec2<f32>",
            "y_hat, y, params",
            &losses,
            "vec2<f32>(0.0, 0.0)",
        );
        let optimizers = rows(&self.optimizers, |row| {
            (row as u32, format!("optimizer_{}", row.id()), row.wgsl())
        });
        choice(
            "optimizer",
            "p: f32, g: f32, state: vec3<f32>",
            "vec4<f32>",
            "p, g, state",
            &optimizers,
            "vec4<f32>(p, state)",
        );
        text
    }
}

fn insert<T: Copy + PartialEq>(rows: &mut Vec<T>, row: T) {
    if !rows.contains(&row) {
        rows.push(row);
    }
}

fn rows<T: Copy>(
    table: &[T],
    of: impl Fn(T) -> (u32, String, String),
) -> Vec<(u32, String, String)> {
    table.iter().copied().map(of).collect()
}

/// What a record of the resident program does; the number is its first word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u32)]
pub(super) enum Code {
    Gather,
    Dense,
    Softmax,
    Loss,
    CrossEntropy,
    SoftmaxGrad,
    Multiply,
    GradInput,
    Gradients,
    Norm,
    Update,
    MaxNorm,
    TfPlayground,
}

impl Code {
    const ALL: [Self; 13] = [
        Self::Gather,
        Self::Dense,
        Self::Softmax,
        Self::Loss,
        Self::CrossEntropy,
        Self::SoftmaxGrad,
        Self::Multiply,
        Self::GradInput,
        Self::Gradients,
        Self::Norm,
        Self::Update,
        Self::MaxNorm,
        Self::TfPlayground,
    ];

    fn call(self) -> &'static str {
        match self {
            Self::Gather => "op_gather(p);",
            Self::Dense => "op_dense(p);",
            Self::Softmax => "op_softmax(p);",
            Self::Loss => "op_loss(p);",
            Self::CrossEntropy => "op_cross_entropy(p);",
            Self::SoftmaxGrad => "op_softmax_grad(p);",
            Self::Multiply => "op_multiply(p);",
            Self::GradInput => "op_grad_input(p);",
            Self::Gradients => "squares = op_gradients(p, squares);",
            Self::Norm => "factor = op_norm(p, squares); squares = 0.0;",
            Self::Update => "op_update(p, factor);",
            Self::MaxNorm => "op_max_norm(p);",
            Self::TfPlayground => "op_tf_playground(p);",
        }
    }
}

/// Invocations of a workgroup of the resident interpreter, unless the caller knows better.
pub(super) const RESIDENT_SIZE: usize = 64;
/// Words of workgroup memory for a run's values: 16 KiB, the limit that every device has, less what the kernel itself
/// needs.
pub(super) const WORKGROUP_WORDS: usize = 4096 - 2 * RESIDENT_SIZE;
/// Words of an op's record.
pub(super) const OP_WORDS: usize = 16;

/// How the resident shader is made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ResidentShape {
    pub(super) repertoire: Repertoire,
    /// Invocations of a workgroup.
    pub(super) size: usize,
    /// Whether a run may have dropout.
    pub(super) dropout: bool,
    /// Whether the runs' values lie in workgroup memory.
    pub(super) in_workgroup: bool,
    /// What each record does and whether a barrier follows, when all runs have the same; then the records are not
    /// dispatched by a switch but called one after the other.
    pub(super) unrolled: Option<Vec<(Code, bool)>>,
}

impl ResidentShape {
    pub(super) fn text(&self) -> String {
        let memory = if self.in_workgroup {
            format!(
                "var<workgroup> memory: array<f32, {WORKGROUP_WORDS}>;
fn load(i: u32) -> f32 {{ return memory[i]; }}
fn store(i: u32, value: f32) {{ memory[i] = value; }}
fn enter(at: u32, kept: u32, lane: u32) {{
    for (var i = lane; i < kept; i += SIZE) {{ memory[i] = home[at + i]; }}
}}
fn leave(at: u32, kept: u32, lane: u32) {{
    for (var i = lane; i < kept; i += SIZE) {{ home[at + i] = memory[i]; }}
}}
"
            )
        } else {
            "var<private> memory_at: u32;
fn load(i: u32) -> f32 { return home[memory_at + i]; }
fn store(i: u32, value: f32) { home[memory_at + i] = value; }
fn enter(at: u32, kept: u32, lane: u32) { memory_at = at; }
fn leave(at: u32, kept: u32, lane: u32) {}
"
            .to_owned()
        };
        // Orders lie in storage always.
        let barrier = "fn barrier() { storageBarrier(); workgroupBarrier(); }\n";
        let mut calls = String::new();
        match &self.unrolled {
            Some(codes) => {
                for (index, (code, barrier)) in codes.iter().enumerate() {
                    let at = index * OP_WORDS;
                    let call = code.call();
                    let _ = writeln!(
                        calls,
                        "        {{ let p = Place(program + {at}u, run, step, lane, runs[run + RUN_STRIDE]); {call} }}"
                    );
                    if *barrier {
                        calls.push_str("        barrier();\n");
                    }
                }
            }
            None => {
                calls.push_str(
                    // Asked by a place that has no lane in it: browsers must see that all invocations take the same way.
                    "        for (var op = 0u; op < ops; op++) {
            let at = program + op * 16u;
            let p = Place(at, run, step, lane, runs[run + RUN_STRIDE]);
            switch words[at] {
",
                );
                for code in Code::ALL {
                    let (row, call) = (code as u32, code.call());
                    let _ = writeln!(calls, "                case {row}u: {{ {call} }}");
                }
                calls.push_str(
                    "                default: {}
            }
            if words[at + 15u] != 0u { barrier(); }
        }
",
                );
            }
        }
        let kernel = RESIDENT
            .replace("@SIZE@", &self.size.to_string())
            .replace("@DROPOUT@", &self.dropout.to_string())
            .replace("@OPS@", calls.trim_end());
        [self.repertoire.text(), memory, barrier.to_owned(), kernel].join("\n")
    }
}

/// Every function of the repertoire.
pub(super) fn formulas(repertoire: &Repertoire) -> String {
    repertoire.text()
}

/// What of a layered network's step is the same for every element.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct StepShape {
    /// Whether a layer may have dropout.
    pub(super) dropout: bool,
    /// Whether the gradient may have L2's.
    pub(super) l2: bool,
    /// Of the update: the optimizer's states, its parts as its record has them, whether it limits values.
    pub(super) states: u32,
    pub(super) parts: u32,
    pub(super) limited: bool,
    /// Whether parameters differ: some are frozen, or weights and biases are treated differently.
    pub(super) has_roles: bool,
    /// Whether an update takes a part of the parameters: there are several parameter groups.
    pub(super) ranged: bool,
}

/// Words of the layered interpreter's buffers; 0 where it is not known.
#[derive(Debug, Clone, Copy)]
pub(super) struct Lengths {
    pub(super) data: usize,
    pub(super) roles: usize,
    pub(super) values: usize,
    pub(super) work: usize,
}

/// All kernels of the layered interpreter. Without `lengths` one text serves networks of every size, and is slower.
pub(super) fn layered(
    repertoire: &Repertoire,
    shape: StepShape,
    lengths: Option<Lengths>,
    quads: Option<Values>,
) -> String {
    let mut products: String = ["forward", "backward", "gradient"]
        .iter()
        .map(|kind| PRODUCT.replace("@KIND@", kind))
        .collect();
    products.extend(quads.map(quads::text));
    let length = |of: fn(Lengths) -> usize| {
        lengths
            .map(of)
            .filter(|&length| length > 0)
            .map_or_else(String::new, |length| format!(", {length}"))
    };
    let kernels = LAYERED
        .replace("@PRODUCTS@", &products)
        .replace("@DROPOUT@", &shape.dropout.to_string())
        .replace("@L2@", &shape.l2.to_string())
        .replace("@STATES@", &shape.states.to_string())
        .replace("@PARTS@", &shape.parts.to_string())
        .replace("@LIMITED@", &shape.limited.to_string())
        .replace("@ROLES@", &shape.has_roles.to_string())
        .replace("@RANGED@", &shape.ranged.to_string())
        .replace("@DATA@", &length(|lengths| lengths.data))
        .replace("@ROLE_WORDS@", &length(|lengths| lengths.roles))
        .replace("@VALUES@", &length(|lengths| lengths.values))
        .replace("@FOURS@", &length(|lengths| lengths.values / 4))
        .replace("@WORK@", &length(|lengths| lengths.work))
        .replace("@WORK_FOURS@", &length(|lengths| lengths.work / 4));
    let text = [repertoire.text(), kernels].join("\n");
    let enable = if quads.is_none() || cfg!(not(target_arch = "wasm32")) {
        // Natively the shader compiler knows subgroups without being told, and does not know the word.
        ""
    } else {
        "enable subgroups;\n"
    };
    format!("{enable}{}", records_in_place(text))
}

/// The words of the two records where they are asked for, instead of calls: a call with an index costs on software
/// adapters at every use. The optimizer's scalars, which each parameter uses, are fetched once.
fn records_in_place(mut text: String) -> String {
    let (mut scalars, mut loads) = (String::new(), String::new());
    let place = |record: &str, word: usize| {
        format!("{record}[{}].{}", word / 4, ["x", "y", "z", "w"][word % 4])
    };
    for word in 0..STEP_WORDS {
        text = text.replace(&format!("op_word({word}u)"), &place("op", word));
        let real = format!("bitcast<f32>({})", place("op", word));
        text = text.replace(&format!("op_real({word}u)"), &real);
        let Some(scalar) = word.checked_sub(STEP_NAMES.len()) else {
            let name = STEP_NAMES.get(word).copied().unwrap_or_default();
            text = text.replace(&format!("step_word({name})"), &place("step", word));
            let real = format!("bitcast<f32>({})", place("step", word));
            text = text.replace(&format!("step_real({name})"), &real);
            continue;
        };
        text = text.replace(
            &format!("step_scalar({scalar}u)"),
            &format!("scalar_{scalar}"),
        );
        let _ = writeln!(scalars, "var<private> scalar_{scalar}: f32;");
        let real = place("step", word);
        let _ = writeln!(loads, "    scalar_{scalar} = bitcast<f32>({real});");
    }
    format!("{scalars}{}", text.replace("@SCALARS@", &loads))
}

/// The first words of a step's record, as `kernels/step.wgsl` names them; the optimizer's scalars follow.
const STEP_NAMES: [&str; 14] = [
    "STEP_COUNT",
    "STEP_START",
    "STEP_CARRIED",
    "STEP_ORDER",
    "STEP_ORDER_LOW",
    "STEP_ORDER_HIGH",
    "STEP_NUMBER",
    "STEP_INDEX",
    "STEP_MEAN",
    "STEP_INVERSE",
    "STEP_RATE",
    "STEP_DECAY",
    "STEP_L1",
    "STEP_L2",
];
