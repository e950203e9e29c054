// A whole plan inside one workgroup: many training steps of a tiny network per dispatch, one run per workgroup.
//
// The plan is data: records of 16 words, the first of which says what to do. Every loop bound and every condition
// around a barrier comes from read-only storage at an index that the whole workgroup shares. `load`, `store` and
// `barrier` are put before this text: the run's memory lies in the workgroup when it fits, else in `home`.

const SIZE: u32 = @SIZE@u;
// Software adapters carry out what stands behind a condition that is not met.
const HAS_DROPOUT: bool = @DROPOUT@;
const RUN_WORDS: u32 = 24u;
const RUN_PROGRAM: u32 = 0u;
const RUN_OPS: u32 = 1u;
const RUN_STEPS: u32 = 2u;
const RUN_STEP_COUNT: u32 = 3u;
const RUN_HOME: u32 = 4u;
const RUN_KEPT: u32 = 5u;
const RUN_ORDER: u32 = 6u;
const RUN_ROWS: u32 = 7u;
const RUN_ROW_COUNT: u32 = 8u;
const RUN_INPUTS: u32 = 9u;
const RUN_TARGETS: u32 = 10u;
const RUN_LOSSES: u32 = 11u;
const RUN_SHUFFLED: u32 = 12u;
const RUN_SEED: u32 = 13u;
const RUN_STRIDE: u32 = 14u;
const RUN_LOSS_ITEMS: u32 = 15u;
const RUN_STEP_WORDS: u32 = 16u;

@group(0) @binding(0) var<storage, read> runs: array<u32>;
@group(0) @binding(1) var<storage, read> words: array<u32>;
@group(0) @binding(2) var<storage, read> steps: array<u32>;
@group(0) @binding(3) var<storage, read> data: array<f32>;
@group(0) @binding(4) var<storage, read_write> home: array<f32>;
@group(0) @binding(5) var<storage, read_write> orders: array<u32>;
@group(0) @binding(6) var<storage, read_write> losses: array<f32>;
// First step of this dispatch, and how many at most.
@group(1) @binding(0) var<uniform> window: vec4<u32>;

// Each invocation's share of the batch's loss, and of the gradients' squared norm.
var<workgroup> loss_shares: array<f32, SIZE>;
var<workgroup> norm_shares: array<f32, SIZE>;

struct Place {
    at: u32,      // the op's record
    run: u32,     // the run's record
    step: u32,    // the step's record
    lane: u32,
    stride: u32,
}

fn real(at: u32) -> f32 {
    return bitcast<f32>(words[at]);
}

fn step_real(at: u32) -> f32 {
    return bitcast<f32>(steps[at]);
}

// The step under way, for the formulas.
var<private> step_at: u32;

fn step_scalar(i: u32) -> f32 {
    return step_real(step_at + STEP_SCALARS + i);
}

// e / n by n's rounded inverse: exact for e below 2^21, and far cheaper than a division of integers.
fn quotient(e: u32, inverse: f32) -> u32 {
    return u32((f32(e) + 0.5) * inverse);
}

// The epoch's order: the run's rows, shuffled. All draws at once, then the swaps one after the other.
fn make_order(run: u32, step: u32, lane: u32) {
    let order = runs[run + RUN_ORDER];
    let rows = runs[run + RUN_ROWS];
    let count = runs[run + RUN_ROW_COUNT];
    let shuffled = runs[run + RUN_SHUFFLED] != 0u;
    let key = vec2<u32>(runs[run + RUN_SEED], PURPOSE_BATCHES);
    let low = steps[step + STEP_ORDER_LOW];
    let high = steps[step + STEP_ORDER_HIGH];
    for (var i = lane; i < count; i += SIZE) {
        orders[order + i] = words[rows + i];
        if shuffled && i > 0u {
            // The draws lie behind the order.
            orders[order + count + i] = multiply_high(threefry(key, vec2<u32>(low + i, high)).x, i + 1u);
        }
    }
    barrier();
    if shuffled && lane == 0u {
        for (var last = count - 1u; last > 0u; last--) {
            let other = orders[order + count + last];
            let kept = orders[order + last];
            orders[order + last] = orders[order + other];
            orders[order + other] = kept;
        }
    }
    barrier();
}

// [1] x, [2] inputs, [3] y, [4] outputs
fn op_gather(p: Place) {
    let count = steps[p.step + STEP_COUNT];
    let start = steps[p.step + STEP_START];
    let carried = steps[p.step + STEP_CARRIED];
    let inverse = step_real(p.step + STEP_INVERSE);
    let order = runs[p.run + RUN_ORDER];
    let rows = runs[p.run + RUN_ROW_COUNT];
    let x = words[p.at + 1u];
    let inputs = words[p.at + 2u];
    let y = words[p.at + 3u];
    let outputs = words[p.at + 4u];
    let total = (inputs + outputs) * count;
    for (var e = p.lane; e < total; e += SIZE) {
        let column = quotient(e, inverse);
        let sample = e - column * count;
        let row = orders[order + select(start + sample - carried, rows - carried + sample, sample < carried)];
        if column < inputs {
            store(x + column * p.stride + sample, data[runs[p.run + RUN_INPUTS] + row * inputs + column]);
        } else {
            let output = column - inputs;
            store(y + output * p.stride + sample, data[runs[p.run + RUN_TARGETS] + row * outputs + output]);
        }
    }
}

// [1] weight, [2] bias, [3] inputs, [4] outputs, [5] x, [6] z, [7] a, [8] slope, [9] activation, [10, 11] its parameters,
// [12] dropout's threshold, [13] its factor, [14] layer; buffers that nobody reads are NONE
fn op_dense(p: Place) {
    let count = steps[p.step + STEP_COUNT];
    let inverse = step_real(p.step + STEP_INVERSE);
    let weight = words[p.at + 1u];
    let bias = words[p.at + 2u];
    let inputs = words[p.at + 3u];
    let outputs = words[p.at + 4u];
    let x = words[p.at + 5u];
    let z_at = words[p.at + 6u];
    let a_at = words[p.at + 7u];
    let slope_at = words[p.at + 8u];
    let activation = words[p.at + 9u];
    let params = vec2<f32>(real(p.at + 10u), real(p.at + 11u));
    let threshold = words[p.at + 12u];
    let total = outputs * count;
    for (var e = p.lane; e < total; e += SIZE) {
        let output = quotient(e, inverse);
        let sample = e - output * count;
        var sum = 0.0;
        var w = weight + output * inputs;
        var v = x + sample;
        for (var k = 0u; k < inputs; k++) {
            sum += load(w) * load(v);
            w += 1u;
            v += p.stride;
        }
        let z = sum + load(bias + output);
        let place = output * p.stride + sample;
        if z_at != NONE {
            store(z_at + place, z);
        }
        if activation != NONE {
            var both = activation_with_slope(activation, z, params);
            if HAS_DROPOUT && threshold > 0u {
                let keeps = dropout_keeps(runs[p.run + RUN_SEED], steps[p.step + STEP_NUMBER], words[p.at + 14u],
                    sample * outputs + output, threshold);
                both *= select(0.0, real(p.at + 13u), keeps);
            }
            if a_at != NONE {
                store(a_at + place, both.x);
            }
            if slope_at != NONE {
                store(slope_at + place, both.y);
            }
        }
    }
}

// [1] z, [2] a, [3] outputs
fn op_softmax(p: Place) {
    let count = steps[p.step + STEP_COUNT];
    let outputs = words[p.at + 3u];
    for (var sample = p.lane; sample < count; sample += SIZE) {
        softmax(words[p.at + 1u] + sample, words[p.at + 2u] + sample, outputs, p.stride);
    }
}

// Of one sample; returns the largest logit and the sum of exponentials.
fn softmax(z: u32, a: u32, outputs: u32, stride: u32) -> vec2<f32> {
    var largest = load(z);
    for (var k = 1u; k < outputs; k++) {
        largest = max(largest, load(z + k * stride));
    }
    var sum = 0.0;
    for (var k = 0u; k < outputs; k++) {
        let e = np_exp(load(z + k * stride) - largest);
        store(a + k * stride, e);
        sum += e;
    }
    for (var k = 0u; k < outputs; k++) {
        store(a + k * stride, load(a + k * stride) / sum);
    }
    return vec2<f32>(largest, sum);
}

// [1] loss, [2, 3] its parameters, [4] y_hat, [5] y, [6] d, [7] outputs, [8] slope or NONE
fn op_loss(p: Place) {
    let count = steps[p.step + STEP_COUNT];
    let inverse = step_real(p.step + STEP_INVERSE);
    let mean = step_real(p.step + STEP_MEAN);
    let params = vec2<f32>(real(p.at + 2u), real(p.at + 3u));
    let by = words[p.at + 8u];
    let total = words[p.at + 7u] * count;
    var share = 0.0;
    for (var e = p.lane; e < total; e += SIZE) {
        let output = quotient(e, inverse);
        let place = output * p.stride + e - output * count;
        let both = loss_with_slope(words[p.at + 1u], load(words[p.at + 4u] + place), load(words[p.at + 5u] + place), params);
        share += both.x;
        var d = both.y * mean;
        if by != NONE {
            d *= load(by + place);
        }
        store(words[p.at + 6u] + place, d);
    }
    loss_shares[p.lane] = share * mean;
}

// [1] z, [2] y, [3] d, [4] outputs
fn op_cross_entropy(p: Place) {
    let count = steps[p.step + STEP_COUNT];
    let inverse = step_real(p.step + STEP_INVERSE);
    let outputs = words[p.at + 4u];
    var share = 0.0;
    for (var sample = p.lane; sample < count; sample += SIZE) {
        let z = words[p.at + 1u] + sample;
        let y = words[p.at + 2u] + sample;
        let d = words[p.at + 3u] + sample;
        let shift = softmax(z, d, outputs, p.stride);
        let log_sum = np_ln(shift.y);
        for (var k = 0u; k < outputs; k++) {
            let target_k = load(y + k * p.stride);
            if target_k > 0.0 {
                share -= target_k * (load(z + k * p.stride) - shift.x - log_sum);
            }
            store(d + k * p.stride, (load(d + k * p.stride) - target_k) * inverse);
        }
    }
    loss_shares[p.lane] = share * inverse;
}

// [1] a, [2] d, [3] outputs
fn op_softmax_grad(p: Place) {
    let count = steps[p.step + STEP_COUNT];
    let outputs = words[p.at + 3u];
    for (var sample = p.lane; sample < count; sample += SIZE) {
        let a = words[p.at + 1u] + sample;
        let d = words[p.at + 2u] + sample;
        var dot = 0.0;
        for (var k = 0u; k < outputs; k++) {
            dot += load(a + k * p.stride) * load(d + k * p.stride);
        }
        for (var k = 0u; k < outputs; k++) {
            store(d + k * p.stride, load(a + k * p.stride) * (load(d + k * p.stride) - dot));
        }
    }
}

// [1] d, [2] slope, [3] features
fn op_multiply(p: Place) {
    let total = words[p.at + 3u] * p.stride;
    for (var e = p.lane; e < total; e += SIZE) {
        store(words[p.at + 1u] + e, load(words[p.at + 1u] + e) * load(words[p.at + 2u] + e));
    }
}

// [1] weight, [2] inputs, [3] outputs, [4] d_z, [5] d_x, [6] slope or NONE
fn op_grad_input(p: Place) {
    let count = steps[p.step + STEP_COUNT];
    let inverse = step_real(p.step + STEP_INVERSE);
    let weight = words[p.at + 1u];
    let inputs = words[p.at + 2u];
    let outputs = words[p.at + 3u];
    let by = words[p.at + 6u];
    let total = inputs * count;
    for (var e = p.lane; e < total; e += SIZE) {
        let input = quotient(e, inverse);
        let sample = e - input * count;
        var sum = 0.0;
        var w = weight + input;
        var v = words[p.at + 4u] + sample;
        for (var k = 0u; k < outputs; k++) {
            sum += load(w) * load(v);
            w += inputs;
            v += p.stride;
        }
        let place = input * p.stride + sample;
        if by != NONE {
            sum *= load(by + place);
        }
        store(words[p.at + 5u] + place, sum);
    }
}

// [1] d_z, [2] x, [3] inputs, [4] weights, [5] weights and biases, [6] gradient, [7] 1 / inputs, [8] l2, [9] weight,
// [10] 1 if the norm is wanted
fn op_gradients(p: Place, norm: f32) -> f32 {
    let count = steps[p.step + STEP_COUNT];
    let inputs = words[p.at + 3u];
    let weights = words[p.at + 4u];
    let total = words[p.at + 5u];
    let inverse = real(p.at + 7u);
    let l2 = real(p.at + 8u);
    var squares = norm;
    for (var e = p.lane; e < total; e += SIZE) {
        var sum = 0.0;
        if e < weights {
            let output = quotient(e, inverse);
            let d = words[p.at + 1u] + output * p.stride;
            let x = words[p.at + 2u] + (e - output * inputs) * p.stride;
            for (var k = 0u; k < count; k++) {
                sum += load(d + k) * load(x + k);
            }
            if l2 > 0.0 {
                sum += penalty_smooth_slope(load(words[p.at + 9u] + e), l2);
            }
        } else {
            let d = words[p.at + 1u] + (e - weights) * p.stride;
            for (var k = 0u; k < count; k++) {
                sum += load(d + k);
            }
        }
        squares += sum * sum;
        store(words[p.at + 6u] + e, sum);
    }
    return squares;
}

// Factor that brings the joint norm down to the limit, 1 if it is below. [1] limit
fn op_norm(p: Place, squares: f32) -> f32 {
    norm_shares[p.lane] = squares;
    barrier();
    var sum = 0.0;
    for (var i = 0u; i < SIZE; i++) {
        sum += norm_shares[i];
    }
    return min(real(p.at + 1u) / (sqrt(sum) + 1.0e-6), 1.0);
}

// [1] weight, [2] weights, [3] weights and biases, [4] gradient, [5] state, [6] from one state to the next, [7] number of
// states, [8] optimizer, [9] largest gradient or 0, [10] parts: 1 norm, 2 decay, 4 soft threshold, [11] from the step's
// record to that of the layer's parameter group
// The same invocation made the same element's gradient, hence no barrier between the two.
fn op_update(p: Place, factor: f32) {
    let weights = words[p.at + 2u];
    let total = words[p.at + 3u];
    let apart = words[p.at + 6u];
    let states = words[p.at + 7u];
    let limit = real(p.at + 9u);
    let parts = words[p.at + 10u];
    step_at = p.step + words[p.at + 11u];
    for (var e = p.lane; e < total; e += SIZE) {
        var value = load(words[p.at + 1u] + e);
        var g = load(words[p.at + 4u] + e);
        if (parts & 1u) != 0u {
            g *= factor;
        }
        if limit > 0.0 {
            g = clip_value(g, limit);
        }
        store(words[p.at + 4u] + e, g);
        if (parts & 2u) != 0u && e < weights {
            value *= step_real(step_at + STEP_DECAY);
        }
        let s = words[p.at + 5u] + e;
        var state = vec3<f32>(0.0);
        if states > 0u {
            state.x = load(s);
        }
        if states > 1u {
            state.y = load(s + apart);
        }
        if states > 2u {
            state.z = load(s + 2u * apart);
        }
        let moved = optimizer(words[p.at + 8u], value, g, state);
        value = moved.x;
        if states > 0u {
            store(s, moved.y);
        }
        if states > 1u {
            store(s + apart, moved.z);
        }
        if states > 2u {
            store(s + 2u * apart, moved.w);
        }
        if (parts & 4u) != 0u && e < weights {
            value = penalty_soft_threshold(value, step_real(step_at + STEP_L1));
        }
        store(words[p.at + 1u] + e, value);
    }
}

// [1] weight, [2] inputs, [3] outputs, [4] limit
fn op_max_norm(p: Place) {
    let inputs = words[p.at + 2u];
    let limit = real(p.at + 4u);
    for (var output = p.lane; output < words[p.at + 3u]; output += SIZE) {
        let w = words[p.at + 1u] + output * inputs;
        var sum = 0.0;
        for (var k = 0u; k < inputs; k++) {
            sum += load(w + k) * load(w + k);
        }
        let norm = sqrt(sum);
        if norm > limit {
            for (var k = 0u; k < inputs; k++) {
                store(w + k, load(w + k) * (limit / norm));
            }
        }
    }
}

// [1] weight, [2] weights, [3] weights and biases, [4] gradient, [5] dead links, [6] 1 if L1 kills links, [7] from the
// step's record to that of the layer's parameter group
fn op_tf_playground(p: Place) {
    let weights = words[p.at + 2u];
    let rates = p.step + words[p.at + 7u];
    let rate = step_real(rates + STEP_RATE);
    for (var e = p.lane; e < words[p.at + 3u]; e += SIZE) {
        let at = words[p.at + 1u] + e;
        let dead = words[p.at + 5u] + e;
        let before = load(at);
        let moved = before - rate * load(words[p.at + 4u] + e);
        if e >= weights {
            store(at, moved);
        } else if load(dead) == 0.0 {
            let penalised = tf_playground_penalty(moved, before, step_real(rates + STEP_L1), step_real(rates + STEP_L2));
            let dies = words[p.at + 6u] != 0u && moved * penalised < 0.0;
            store(at, select(penalised, 0.0, dies));
            store(dead, select(0.0, 1.0, dies));
        }
    }
}

fn tf_playground_penalty(moved: f32, before: f32, l1: f32, l2: f32) -> f32 {
    return moved - l1 * sign(before) - l2 * before;
}

@compute @workgroup_size(@SIZE@)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let run = group.x * RUN_WORDS;
    let home_at = runs[run + RUN_HOME];
    let program = runs[run + RUN_PROGRAM];
    let ops = runs[run + RUN_OPS];
    let end = min(runs[run + RUN_STEP_COUNT], window.x + window.y);
    enter(home_at, runs[run + RUN_KEPT], lane);
    barrier();
    var squares = 0.0;
    var factor = 1.0;
    for (var number = window.x; number < end; number++) {
        let step = runs[run + RUN_STEPS] + number * runs[run + RUN_STEP_WORDS];
        if steps[step + STEP_ORDER] != 0u {
            make_order(run, step, lane);
        }
@OPS@
        if lane == 0u {
            let shares = min(SIZE, steps[step + STEP_COUNT] * runs[run + RUN_LOSS_ITEMS]);
            var loss = 0.0;
            for (var i = 0u; i < shares; i++) {
                loss += loss_shares[i];
            }
            losses[runs[run + RUN_LOSSES] + number] = loss;
        }
    }
    leave(home_at, runs[run + RUN_KEPT], lane);
}
