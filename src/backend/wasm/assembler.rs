//! WebAssembly's binary format, as much of it as a training step needs: one function without branches over an imported
//! memory. Numbers are the specification's (webassembly.github.io/spec/core/binary).

use std::cell::RefCell;
use std::collections::HashMap;

const I32: u8 = 0x7F;
const F64: u8 = 0x7C;
const V128: u8 = 0x7B;
/// Of the function: where what it works on lies, and a number.
pub(super) const ARGUMENTS: u32 = 7;

/// An instruction's number behind the prefix of SIMD.
#[derive(Clone, Copy)]
pub(super) struct Simd(pub(super) u32);

/// A local variable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Local(u32);

/// One of a function's arguments.
pub(super) const fn argument(index: u32) -> Local {
    Local(index)
}

#[derive(Default)]
struct Function {
    /// Types of the locals behind the arguments.
    locals: Vec<u8>,
    code: Vec<u8>,
    operations: usize,
    constants: HashMap<u128, Local>,
}

thread_local! {
    /// Numbers are `Copy` and their operators take no context, so the function being written stands here.
    static FUNCTION: RefCell<Function> = RefCell::default();
}

fn unsigned(out: &mut Vec<u8>, mut value: u32) {
    loop {
        let byte = (value & 0x7F) as u8;
        value >>= 7;
        if value == 0 {
            out.push(byte);
            return;
        }
        out.push(byte | 0x80);
    }
}

fn signed(out: &mut Vec<u8>, mut value: i64) {
    loop {
        let byte = (value & 0x7F) as u8;
        value >>= 7;
        if (value == 0 && byte & 0x40 == 0) || (value == -1 && byte & 0x40 != 0) {
            out.push(byte);
            return;
        }
        out.push(byte | 0x80);
    }
}

fn write<R>(with: impl FnOnce(&mut Function) -> R) -> R {
    FUNCTION.with_borrow_mut(with)
}

impl Function {
    fn local(&mut self, kind: u8) -> Local {
        self.locals.push(kind);
        Local(ARGUMENTS + self.locals.len() as u32 - 1)
    }

    fn get(&mut self, local: Local) {
        self.code.push(0x20);
        unsigned(&mut self.code, local.0);
    }

    fn set(&mut self, kind: u8) -> Local {
        let local = self.local(kind);
        self.code.push(0x21);
        unsigned(&mut self.code, local.0);
        self.operations += 1;
        local
    }

    fn simd(&mut self, Simd(number): Simd) {
        self.code.push(0xFD);
        unsigned(&mut self.code, number);
    }

    /// Alignment is a hint; 1 is right for any address.
    fn memory(&mut self, offset: u32) {
        self.code.push(0);
        unsigned(&mut self.code, offset);
    }
}

/// Operations so far.
pub(super) fn operations() -> usize {
    write(|function| function.operations)
}

/// The result of an instruction on vectors.
pub(super) fn vector(operation: Simd, operands: &[Local]) -> Local {
    write(|function| {
        for operand in operands {
            function.get(*operand);
        }
        function.simd(operation);
        function.set(V128)
    })
}

/// A vector of one 128-bit constant; the same one twice is one local.
pub(super) fn constant(bits: u128) -> Local {
    write(|function| {
        if let Some(known) = function.constants.get(&bits) {
            return *known;
        }
        function.simd(Simd(12));
        function.code.extend(bits.to_le_bytes());
        let local = function.set(V128);
        function.constants.insert(bits, local);
        local
    })
}

/// The lanes of two vectors, four of them 0 to 7.
pub(super) fn shuffle(a: Local, b: Local, lanes: [u8; 4]) -> Local {
    write(|function| {
        function.get(a);
        function.get(b);
        function.simd(Simd(13));
        for lane in lanes {
            function
                .code
                .extend([4 * lane, 4 * lane + 1, 4 * lane + 2, 4 * lane + 3]);
        }
        function.set(V128)
    })
}

/// Lanes shifted by a constant number of bits.
pub(super) fn shift(operation: Simd, a: Local, by: u32) -> Local {
    write(|function| {
        function.get(a);
        function.code.push(0x41);
        signed(&mut function.code, by.into());
        function.simd(operation);
        function.set(V128)
    })
}

/// A vector read from `base + offset`; `operation` is one of the loads without lanes.
pub(super) fn load(operation: Simd, base: Local, offset: u32) -> Local {
    write(|function| {
        function.get(base);
        function.simd(operation);
        function.memory(offset);
        function.set(V128)
    })
}

/// The vector with the f32 at `base + offset` in its place `lane`.
pub(super) fn load_lane(base: Local, offset: u32, vector: Local, lane: u8) -> Local {
    write(|function| {
        function.get(base);
        function.get(vector);
        function.simd(Simd(86));
        function.memory(offset);
        function.code.push(lane);
        function.set(V128)
    })
}

/// Writes the whole vector.
pub(super) fn store(base: Local, offset: u32, value: Local) {
    write(|function| {
        function.get(base);
        function.get(value);
        function.simd(Simd(11));
        function.memory(offset);
        function.operations += 1;
    });
}

/// Writes one f32 of the vector.
pub(super) fn store_lane(base: Local, offset: u32, value: Local, lane: u8) {
    write(|function| {
        function.get(base);
        function.get(value);
        function.simd(Simd(90));
        function.memory(offset);
        function.code.push(lane);
        function.operations += 1;
    });
}

/// Address of a row of `bytes` bytes: `base + bytes * (the u32 at rows + offset)`.
pub(super) fn row_address(base: Local, rows: Local, offset: u32, bytes: u32) -> Local {
    write(|function| {
        function.get(rows);
        // i32.load
        function.code.push(0x28);
        function.memory(offset);
        function.code.push(0x41);
        signed(&mut function.code, i64::from(bytes as i32));
        // i32.mul, i32.add
        function.code.push(0x6C);
        function.get(base);
        function.code.push(0x6A);
        function.set(I32)
    })
}

/// Traps unless every lane of `rows` is below the number `count`.
pub(super) fn check_below(rows: Local, count: Local) {
    write(|function| {
        function.get(rows);
        function.get(count);
        // i32x4.splat, i32x4.ge_u, v128.any_true, if unreachable end
        function.simd(Simd(17));
        function.simd(Simd(64));
        function.simd(Simd(83));
        function.code.extend([0x04, 0x40, 0x00, 0x0B]);
        function.operations += 4;
    });
}

/// An f64.
#[derive(Clone, Copy)]
pub(super) struct Wide(Local);

impl Wide {
    pub(super) fn constant(value: f64) -> Self {
        write(|function| {
            function.code.push(0x44);
            function.code.extend(value.to_le_bytes());
            Self(function.set(F64))
        })
    }

    /// Lane 0 or 1 of a vector of two f64.
    pub(super) fn lane(vector: Local, lane: u8) -> Self {
        write(|function| {
            function.get(vector);
            function.simd(Simd(33));
            function.code.push(lane);
            Self(function.set(F64))
        })
    }

    pub(super) fn plus(self, other: Self) -> Self {
        self.with(other, 0xA0)
    }

    pub(super) fn over(self, other: Self) -> Self {
        self.with(other, 0xA3)
    }

    fn with(self, other: Self, operation: u8) -> Self {
        write(|function| {
            function.get(self.0);
            function.get(other.0);
            function.code.push(operation);
            Self(function.set(F64))
        })
    }

    /// Adds it to the f64 at `base + offset`.
    pub(super) fn store(self, base: Local, offset: u32) {
        write(|function| {
            function.get(base);
            function.get(self.0);
            function.code.push(0x39);
            function.memory(offset);
            function.operations += 1;
        });
    }
}

fn section(module: &mut Vec<u8>, number: u8, content: &[u8]) {
    module.push(number);
    unsigned(module, content.len() as u32);
    module.extend(content);
}

fn sized(content: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    unsigned(&mut out, content.len() as u32);
    out.extend(content);
    out
}

fn name(text: &str) -> Vec<u8> {
    sized(text.as_bytes())
}

fn list(items: impl IntoIterator<Item = Vec<u8>>) -> Vec<u8> {
    let items: Vec<_> = items.into_iter().collect();
    let mut out = Vec::new();
    unsigned(&mut out, items.len() as u32);
    out.extend(items.concat());
    out
}

/// Empties what an earlier function may have left.
pub(super) fn begin() {
    write(|function| *function = Function::default());
}

/// The module of the function: it imports `m.m`, a memory, and exports `f`.
pub(super) fn finish() -> Vec<u8> {
    let function = FUNCTION.take();
    let mut module = b"\0asm\x01\0\0\0".to_vec();
    let mut kind = vec![0x60];
    kind.extend(list(vec![vec![I32]; ARGUMENTS as usize]));
    kind.extend(list([]));
    section(&mut module, 1, &list([kind]));
    let mut import = [name("m"), name("m")].concat();
    import.extend([0x02, 0x00, 0x00]);
    section(&mut module, 2, &list([import]));
    section(&mut module, 3, &list([vec![0]]));
    let mut export = name("f");
    export.extend([0, 0]);
    section(&mut module, 7, &list([export]));
    let runs = function.locals.chunk_by(|a, b| a == b);
    let mut body = list(runs.map(|run| {
        let mut entry = Vec::new();
        unsigned(&mut entry, run.len() as u32);
        entry.push(run[0]);
        entry
    }));
    body.extend(&function.code);
    body.push(0x0B);
    section(&mut module, 10, &list([sized(&body)]));
    module
}
