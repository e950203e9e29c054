//! `Wgsl`: a formula as shader text.

use std::cell::RefCell;
use std::collections::HashMap;
use std::fmt::Write;
use std::ops::{Add, Div, Mul, Neg, Sub};

use super::Real;

/// An expression of WGSL: the number of a node in this thread's arena, hence `Copy`.
///
/// Only meaningful inside the closure of [`wgsl_function`], which empties the arena and renders its result.
/// WGSL may assume that there is no NaN and no infinity, so 0 * x is 0 here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wgsl(u32);

/// A WGSL expression of type bool.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WgslMask(u32);

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Node {
    /// An argument, or a part of one: `z`, `params.x`.
    Name(String),
    /// An f32 constant, as bits.
    Literal(u32),
    Negate(u32),
    Infix(&'static str, u32, u32),
    Call(&'static str, Vec<u32>),
}

#[derive(Default)]
struct Arena {
    nodes: Vec<Node>,
    /// Equal expressions are one node.
    known: HashMap<Node, u32>,
}

thread_local! {
    static ARENA: RefCell<Arena> = RefCell::default();
}

impl Arena {
    fn add(&mut self, node: Node) -> u32 {
        if let Some(&id) = self.known.get(&node) {
            return id;
        }
        let id = self.nodes.len() as u32;
        self.nodes.push(node.clone());
        self.known.insert(node, id);
        id
    }

    fn constant(&self, id: u32) -> Option<f32> {
        match self.nodes[id as usize] {
            Node::Literal(bits) => Some(f32::from_bits(bits)),
            Node::Name(_) | Node::Negate(_) | Node::Infix(..) | Node::Call(..) => None,
        }
    }

    fn inputs(&self, id: u32) -> Vec<u32> {
        match &self.nodes[id as usize] {
            Node::Name(_) | Node::Literal(_) => vec![],
            Node::Negate(a) => vec![*a],
            Node::Infix(_, a, b) => vec![*a, *b],
            Node::Call(_, inputs) => inputs.clone(),
        }
    }

    fn render(&self, results: &[u32]) -> (String, Vec<String>) {
        let mut uses = vec![0_u32; self.nodes.len()];
        for &id in results {
            uses[id as usize] += 1;
        }
        // Inputs have smaller numbers than what uses them.
        for id in (0..self.nodes.len()).rev() {
            if uses[id] > 0 {
                for input in self.inputs(id as u32) {
                    uses[input as usize] += 1;
                }
            }
        }
        let mut bindings = String::new();
        let mut texts: Vec<String> = Vec::with_capacity(self.nodes.len());
        for (id, node) in self.nodes.iter().enumerate() {
            let text = |input: &u32| texts[*input as usize].as_str();
            let (expression, leaf) = match node {
                _ if uses[id] == 0 => (String::new(), true),
                Node::Name(name) => (name.clone(), true),
                Node::Literal(bits) => {
                    let value = f32::from_bits(*bits);
                    (
                        if value < 0.0 {
                            format!("({value:?}f)")
                        } else {
                            format!("{value:?}f")
                        },
                        true,
                    )
                }
                Node::Negate(a) => (format!("(-{})", text(a)), false),
                Node::Infix(operator, a, b) => {
                    (format!("({} {operator} {})", text(a), text(b)), false)
                }
                Node::Call(name, inputs) => (
                    format!(
                        "{name}({})",
                        inputs.iter().map(text).collect::<Vec<_>>().join(", ")
                    ),
                    false,
                ),
            };
            texts.push(if !leaf && uses[id] > 1 {
                // Writing to a String cannot fail.
                let _ = writeln!(bindings, "    let t{id} = {expression};");
                format!("t{id}")
            } else {
                expression
            });
        }
        (
            bindings,
            results
                .iter()
                .map(|&id| texts[id as usize].clone())
                .collect(),
        )
    }
}

impl Wgsl {
    /// An argument of the function, or a part of one: `z`, `params.x`, `h[3]`.
    pub fn name(name: &str) -> Self {
        Self::add(Node::Name(name.to_owned()))
    }

    fn add(node: Node) -> Self {
        ARENA.with_borrow_mut(|arena| Self(arena.add(node)))
    }

    fn call(name: &'static str, inputs: &[Self]) -> Self {
        Self::add(Node::Call(
            name,
            inputs.iter().map(|input| input.0).collect(),
        ))
    }

    fn compare(operator: &'static str, a: Self, b: Self) -> WgslMask {
        WgslMask(Self::add(Node::Infix(operator, a.0, b.0)).0)
    }

    fn constant(self) -> Option<f32> {
        ARENA.with_borrow(|arena| arena.constant(self.0))
    }

    fn is(self, value: f32) -> bool {
        self.constant() == Some(value)
    }
}

/// The text of one WGSL function.
///
/// `arguments` as WGSL has them (`z: f32, params: vec2<f32>`); `result` is the type, which must have a
/// constructor from the values that `body` returns when they are more than one. Shared subexpressions are
/// bound with `let`. The functions of `formula/primitives.wgsl` must stand beside it.
pub fn wgsl_function(
    name: &str,
    arguments: &str,
    result: &str,
    body: impl FnOnce() -> Vec<Wgsl>,
) -> String {
    ARENA.with_borrow_mut(|arena| *arena = Arena::default());
    let results: Vec<u32> = body().into_iter().map(|value| value.0).collect();
    let (bindings, texts) = ARENA.with_borrow(|arena| arena.render(&results));
    let value = match texts.as_slice() {
        [single] => single.clone(),
        several => format!("{result}({})", several.join(", ")),
    };
    format!("fn {name}({arguments}) -> {result} {{\n{bindings}    return {value};\n}}\n")
}

impl Add for Wgsl {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        if self.is(0.0) {
            other
        } else if other.is(0.0) {
            self
        } else {
            Self::add(Node::Infix("+", self.0, other.0))
        }
    }
}

impl Sub for Wgsl {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        if other.is(0.0) {
            self
        } else if self.is(0.0) {
            -other
        } else {
            Self::add(Node::Infix("-", self.0, other.0))
        }
    }
}

impl Mul for Wgsl {
    type Output = Self;
    fn mul(self, other: Self) -> Self {
        if self.is(0.0) || other.is(1.0) {
            self
        } else if other.is(0.0) || self.is(1.0) {
            other
        } else {
            Self::add(Node::Infix("*", self.0, other.0))
        }
    }
}

impl Div for Wgsl {
    type Output = Self;
    fn div(self, other: Self) -> Self {
        if other.is(1.0) || self.is(0.0) {
            self
        } else {
            Self::add(Node::Infix("/", self.0, other.0))
        }
    }
}

impl Neg for Wgsl {
    type Output = Self;
    fn neg(self) -> Self {
        match self.constant() {
            Some(value) => Self::lit(f64::from(-value)),
            None => Self::add(Node::Negate(self.0)),
        }
    }
}

impl Real for Wgsl {
    type Mask = WgslMask;

    /// WGSL has no infinity: larger values become the largest f32.
    fn lit(value: f64) -> Self {
        // + 0.0 turns -0 into 0, so that equal constants are one node.
        let value = (value as f32).clamp(f32::MIN, f32::MAX) + 0.0;
        Self::add(Node::Literal(value.to_bits()))
    }
    fn abs(self) -> Self {
        Self::call("abs", &[self])
    }
    fn sqrt(self) -> Self {
        Self::call("np_sqrt", &[self])
    }
    fn exp(self) -> Self {
        Self::call("np_exp", &[self])
    }
    fn exp_m1(self) -> Self {
        Self::call("np_exp_m1", &[self])
    }
    fn ln(self) -> Self {
        Self::call("np_ln", &[self])
    }
    fn ln_1p(self) -> Self {
        Self::call("np_ln_1p", &[self])
    }
    fn tanh(self) -> Self {
        Self::call("np_tanh", &[self])
    }
    fn sigmoid(self) -> Self {
        Self::call("np_sigmoid", &[self])
    }
    fn sin(self) -> Self {
        Self::call("np_sin", &[self])
    }
    fn cos(self) -> Self {
        Self::call("np_cos", &[self])
    }
    fn erf(self) -> Self {
        Self::call("np_erf", &[self])
    }
    fn max(self, other: Self) -> Self {
        Self::call("max", &[self, other])
    }
    fn min(self, other: Self) -> Self {
        Self::call("min", &[self, other])
    }
    fn gt(self, other: Self) -> WgslMask {
        Self::compare(">", self, other)
    }
    fn ge(self, other: Self) -> WgslMask {
        Self::compare(">=", self, other)
    }
    fn lt(self, other: Self) -> WgslMask {
        Self::compare("<", self, other)
    }
    fn le(self, other: Self) -> WgslMask {
        Self::compare("<=", self, other)
    }
    fn select(mask: WgslMask, if_true: Self, if_false: Self) -> Self {
        if if_true == if_false {
            if_true
        } else {
            Self::call("select", &[if_false, if_true, Self(mask.0)])
        }
    }
    fn sign(self) -> Self {
        Self::call("sign", &[self])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wgsl_binds_what_is_used_twice_and_folds_zeros() {
        let text = wgsl_function("f", "x: f32", "f32", || {
            let x = Wgsl::name("x");
            let e = x.exp();
            vec![e * (e + Wgsl::lit(2.0)) + Wgsl::lit(0.0) * x]
        });
        assert_eq!(
            text,
            "fn f(x: f32) -> f32 {\n    let t1 = np_exp(x);\n    return (t1 * (t1 + 2.0f));\n}\n"
        );
    }

    #[test]
    fn wgsl_has_no_infinity() {
        let text = wgsl_function("f", "", "f32", || vec![Wgsl::lit(f64::NEG_INFINITY)]);
        assert!(text.contains("(-3.4028235e38f)"), "{text}");
    }
}
