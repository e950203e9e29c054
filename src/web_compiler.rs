//! The boundary of the module that writes a step's code (`backend/wasm`), fetched when training has begun. Plain numbers
//! in, bytes out: it needs no wasm-bindgen.
#![allow(
    unsafe_code,
    reason = "names that the other side can call; no memory is touched"
)]

use std::cell::RefCell;

use crate::backend::wasm::Shape;

thread_local! {
    static WORDS: RefCell<Vec<f64>> = const { RefCell::new(Vec::new()) };
    static MODULE: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// Where `count` words of a shape are to be written.
// SAFETY: no other item has this name.
#[unsafe(no_mangle)]
pub extern "C" fn words(count: usize) -> *mut f64 {
    WORDS.with_borrow_mut(|words| {
        words.clear();
        words.resize(count, 0.0);
        words.as_mut_ptr()
    })
}

/// Writes the module of the shape; its bytes, 0 where it would not be worth it.
// SAFETY: no other item has this name.
#[unsafe(no_mangle)]
pub extern "C" fn compile() -> usize {
    let shape = WORDS.with_borrow(|words| Shape::from_words(words));
    let module = shape.and_then(|shape| shape.compile()).unwrap_or_default();
    let bytes = module.len();
    MODULE.set(module);
    bytes
}

/// Where the module is.
// SAFETY: no other item has this name.
#[unsafe(no_mangle)]
pub extern "C" fn module() -> *const u8 {
    MODULE.with_borrow(Vec::as_ptr)
}
