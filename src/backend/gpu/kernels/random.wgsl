// Threefry-2x32 with 20 rounds, as random.rs has it.

fn rotate_left(x: u32, n: u32) -> u32 {
    return (x << n) | (x >> (32u - n));
}

fn threefry_rounds(x: vec2<u32>, n: vec4<u32>) -> vec2<u32> {
    var y = x;
    y.x += y.y;
    y.y = rotate_left(y.y, n.x) ^ y.x;
    y.x += y.y;
    y.y = rotate_left(y.y, n.y) ^ y.x;
    y.x += y.y;
    y.y = rotate_left(y.y, n.z) ^ y.x;
    y.x += y.y;
    y.y = rotate_left(y.y, n.w) ^ y.x;
    return y;
}

fn threefry(key: vec2<u32>, counter: vec2<u32>) -> vec2<u32> {
    let even = vec4<u32>(13u, 15u, 26u, 6u);
    let odd = vec4<u32>(17u, 29u, 16u, 24u);
    let third = key.x ^ key.y ^ 0x1BD11BDAu;
    var x = threefry_rounds(counter + key, even) + vec2<u32>(key.y, third + 1u);
    x = threefry_rounds(x, odd) + vec2<u32>(third, key.x + 2u);
    x = threefry_rounds(x, even) + vec2<u32>(key.x, key.y + 3u);
    x = threefry_rounds(x, odd) + vec2<u32>(key.y, third + 4u);
    return threefry_rounds(x, even) + vec2<u32>(third, key.x + 5u);
}

// The high word of a * b.
fn multiply_high(a: u32, b: u32) -> u32 {
    let low = (a & 0xffffu) * (b & 0xffffu);
    let middle = (a >> 16u) * (b & 0xffffu) + (low >> 16u);
    let other = (a & 0xffffu) * (b >> 16u) + (middle & 0xffffu);
    return (a >> 16u) * (b >> 16u) + (middle >> 16u) + (other >> 16u);
}

const PURPOSE_BATCHES: u32 = 6u;
const PURPOSE_DROPOUT: u32 = 7u;

// Whether dropout keeps the element. `seed` is the batches'; the index is (step, layer, sample, unit).
fn dropout_keeps(seed: u32, step: u32, layer: u32, element: u32, threshold: u32) -> bool {
    let counter = vec2<u32>((layer << 28u) | element, step | (layer >> 4u));
    return (threefry(vec2<u32>(seed, PURPOSE_DROPOUT), counter).x >> 8u) >= threshold;
}
