// One kernel per operation. Working buffers are feature-major `(features, stride)` in `work`; parameters, gradients and
// state lie in `values`. `op` and `step` are records of 24 words, chosen by dynamic offsets.

// Arrays have their length where it is known: a compiler then bounds an index by a constant, which on software adapters
// costs far less than by the buffer's length.
@group(0) @binding(0) var<storage, read> data: array<f32@DATA@>;
@group(0) @binding(1) var<storage, read> rows: array<u32>;
@group(0) @binding(2) var<storage, read> roles: array<u32@ROLE_WORDS@>;
@group(0) @binding(3) var<storage, read_write> values: array<f32@VALUES@>;
// The same, four at a time: an entry point uses one of the two.
@group(0) @binding(3) var<storage, read_write> fours: array<vec4<f32>@FOURS@>;
@group(0) @binding(4) var<storage, read_write> work: array<f32@WORK@>;
@group(0) @binding(4) var<storage, read_write> work_fours: array<vec4<f32>@WORK_FOURS@>;
@group(0) @binding(5) var<storage, read_write> losses: array<f32>;
@group(1) @binding(0) var<uniform> op: array<vec4<u32>, 6>;
@group(1) @binding(1) var<uniform> step: array<vec4<u32>, 6>;

// What no part of the network has is not asked for: software adapters carry out what stands behind a condition that is
// not met, and only drop what comes of it.
const HAS_DROPOUT: bool = @DROPOUT@;
const HAS_L2: bool = @L2@;
const UPDATE_STATES: u32 = @STATES@u;
const UPDATE_PARTS: u32 = @PARTS@u;
const UPDATE_LIMITED: bool = @LIMITED@;
const UPDATE_HAS_ROLES: bool = @ROLES@;
const UPDATE_RANGED: bool = @RANGED@;

// e / n by n's rounded inverse where that is exact, since a division of integers is slow.
fn quotient(e: u32, n: u32, inverse: f32) -> u32 {
    if e < 2097152u {
        return u32((f32(e) + 0.5) * inverse);
    }
    return e / n;
}

// [0] x, [1] inputs, [2] y, [3] outputs, [4] where targets start in `data`, [5] stride
// Eight columns of a row per invocation.
@compute @workgroup_size(64)
fn gather(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let count = step_word(STEP_COUNT);
    let inputs = op_word(1u);
    let outputs = op_word(3u);
    let stride = op_word(5u);
    let first = (inputs + 7u) / 8u;
    let total = (first + (outputs + 7u) / 8u) * count;
    for (var e = id.x; e < total; e += groups.x * 64u) {
        let part = quotient(e, count, step_real(STEP_INVERSE));
        let sample = e - part * count;
        let row = rows[step_word(STEP_START) + sample];
        let of_inputs = part < first;
        let column = select(part - first, part, of_inputs) * 8u;
        var read_at = select(op_word(4u) + row * outputs, row * inputs, of_inputs) + column;
        var write_at = select(op_word(2u), op_word(0u), of_inputs) + column * stride + sample;
        let end = read_at + min(select(outputs, inputs, of_inputs) - column, 8u);
        for (; read_at < end; read_at++) {
            work[write_at] = data[read_at];
            write_at += stride;
        }
    }
}

// Matrix products c (m, n) = a (m, k) b (k, n), all three by strides. Words of their records:
// [0] m, [1] n or NONE for the step's rows, [2] k or NONE for the step's rows, [3] a, [4, 5] its strides of row and
// column, [6] b, which lies in `work`, [7, 8] its strides; the rest belongs to what becomes of an element.
// `a_` is an element of a, `b_` where a column of b starts.

fn product_n() -> u32 {
    return select(op_word(1u), step_word(STEP_COUNT), op_word(1u) == NONE);
}

fn product_k() -> u32 {
    return select(op_word(2u), step_word(STEP_COUNT), op_word(2u) == NONE);
}

// z = W x: [9] bias, [10] z, [11] a, [12] slope, [13] activation, [14, 15] its parameters, [16] dropout's threshold,
// [17] its factor, [18] layer, [19] stride, [20] seed
fn a_forward(i: u32) -> f32 {
    return values[i];
}

fn b_forward(column: u32) -> u32 {
    return op_word(6u) + column * op_word(8u);
}

fn finish_forward(output: u32, sample: u32, sum: f32) {
    let z = sum + values[op_word(9u) + output];
    let place = output * op_word(19u) + sample;
    if op_word(10u) != NONE {
        work[op_word(10u) + place] = z;
    }
    if op_word(13u) != NONE {
        let both = activated(output, sample, z);
        if op_word(11u) != NONE {
            work[op_word(11u) + place] = both.x;
        }
        if op_word(12u) != NONE {
            work[op_word(12u) + place] = both.y;
        }
    }
}

// Activation and slope, both after dropout.
fn activated(output: u32, sample: u32, z: f32) -> vec2<f32> {
    var both = activation_with_slope(op_word(13u), z, vec2<f32>(op_real(14u), op_real(15u)));
    if HAS_DROPOUT && op_word(16u) > 0u {
        let keeps = dropout_keeps(op_word(20u), step_word(STEP_NUMBER), op_word(18u),
            sample * op_word(0u) + output, op_word(16u));
        both *= select(0.0, op_real(17u), keeps);
    }
    return both;
}

// d_x = W^T d_z: [9] d_x, [10] slope or NONE, [11] stride
fn a_backward(i: u32) -> f32 {
    return values[i];
}

fn b_backward(column: u32) -> u32 {
    return op_word(6u) + column * op_word(8u);
}

fn finish_backward(input: u32, sample: u32, sum: f32) {
    let place = input * op_word(11u) + sample;
    var d = sum;
    if op_word(10u) != NONE {
        d *= work[op_word(10u) + place];
    }
    work[op_word(9u) + place] = d;
}

// d_weight = d_z x^T, and d_bias as its last column, whose x is 1: [9] gradient, [10] inputs, [11] l2, [12] weight,
// [13] as many ones as there are samples
fn a_gradient(i: u32) -> f32 {
    return work[i];
}

fn b_gradient(column: u32) -> u32 {
    return select(op_word(6u) + column * op_word(8u), op_word(13u), column == op_word(10u));
}

fn finish_gradient(output: u32, input: u32, sum: f32) {
    let inputs = op_word(10u);
    if input == inputs {
        values[op_word(9u) + op_word(0u) * inputs + output] = sum;
    } else {
        let e = output * inputs + input;
        var g = sum;
        if HAS_L2 {
            g += penalty_smooth_slope(values[op_word(12u) + e], op_real(11u));
        }
        values[op_word(9u) + e] = g;
    }
}

var<workgroup> tile_a: array<f32, 512>;
var<workgroup> tile_b: array<f32, 512>;
var<workgroup> shares: array<f32, 256>;

@PRODUCTS@

// [0] z, [1] a, [2] outputs, [3] stride
@compute @workgroup_size(64)
fn softmax(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    for (var sample = id.x; sample < step_word(STEP_COUNT); sample += groups.x * 64u) {
        softmax_of(op_word(0u) + sample, op_word(1u) + sample, op_word(2u), op_word(3u));
    }
}

fn softmax_of(z: u32, a: u32, outputs: u32, stride: u32) -> vec2<f32> {
    var largest = work[z];
    for (var k = 1u; k < outputs; k++) {
        largest = max(largest, work[z + k * stride]);
    }
    var sum = 0.0;
    for (var k = 0u; k < outputs; k++) {
        let e = np_exp(work[z + k * stride] - largest);
        work[a + k * stride] = e;
        sum += e;
    }
    for (var k = 0u; k < outputs; k++) {
        work[a + k * stride] /= sum;
    }
    return vec2<f32>(largest, sum);
}

// Adds the shares of a workgroup of 64 up and notes the loss of the step.
fn note_loss(lane: u32, share: f32) {
    shares[lane] = share;
    workgroupBarrier();
    if lane == 0u {
        var sum = 0.0;
        for (var i = 0u; i < 64u; i++) {
            sum += shares[i];
        }
        losses[step_word(STEP_INDEX)] = sum;
    }
}

// One workgroup. [0] loss, [1, 2] its parameters, [3] y_hat, [4] y, [5] d, [6] outputs, [7] slope or NONE, [8] stride
@compute @workgroup_size(64)
fn loss(@builtin(local_invocation_index) lane: u32) {
    let count = step_word(STEP_COUNT);
    let mean = step_real(STEP_MEAN);
    let params = vec2<f32>(op_real(1u), op_real(2u));
    var share = 0.0;
    for (var e = lane; e < op_word(6u) * count; e += 64u) {
        let output = quotient(e, count, step_real(STEP_INVERSE));
        let place = output * op_word(8u) + e - output * count;
        let both = loss_with_slope(op_word(0u), work[op_word(3u) + place], work[op_word(4u) + place], params);
        share += both.x;
        var d = both.y * mean;
        if op_word(7u) != NONE {
            d *= work[op_word(7u) + place];
        }
        work[op_word(5u) + place] = d;
    }
    note_loss(lane, share * mean);
}

// One workgroup. [0] z, [1] y, [2] d, [3] outputs, [4] stride
@compute @workgroup_size(64)
fn cross_entropy(@builtin(local_invocation_index) lane: u32) {
    let inverse = step_real(STEP_INVERSE);
    let outputs = op_word(3u);
    let stride = op_word(4u);
    var share = 0.0;
    for (var sample = lane; sample < step_word(STEP_COUNT); sample += 64u) {
        let z = op_word(0u) + sample;
        let y = op_word(1u) + sample;
        let d = op_word(2u) + sample;
        let shift = softmax_of(z, d, outputs, stride);
        let log_sum = np_ln(shift.y);
        for (var k = 0u; k < outputs; k++) {
            let target_k = work[y + k * stride];
            if target_k > 0.0 {
                share -= target_k * (work[z + k * stride] - shift.x - log_sum);
            }
            work[d + k * stride] = (work[d + k * stride] - target_k) * inverse;
        }
    }
    note_loss(lane, share * inverse);
}

// [0] a, [1] d, [2] outputs, [3] stride
@compute @workgroup_size(64)
fn softmax_grad(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let stride = op_word(3u);
    for (var sample = id.x; sample < step_word(STEP_COUNT); sample += groups.x * 64u) {
        let a = op_word(0u) + sample;
        let d = op_word(1u) + sample;
        var dot = 0.0;
        for (var k = 0u; k < op_word(2u); k++) {
            dot += work[a + k * stride] * work[d + k * stride];
        }
        for (var k = 0u; k < op_word(2u); k++) {
            work[d + k * stride] = work[a + k * stride] * (work[d + k * stride] - dot);
        }
    }
}

// [0] d, [1] slope, [2] elements
@compute @workgroup_size(64)
fn multiply(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    for (var e = id.x; e < op_word(2u); e += groups.x * 64u) {
        work[op_word(0u) + e] *= work[op_word(1u) + e];
    }
}

// The factor that brings the joint norm of all gradients down to the limit, 1 if it is below. Gradients of frozen
// layers are 0. One workgroup. [0] gradients, [1] their number, [2] limit, [3] where the factor goes
@compute @workgroup_size(256)
fn norm(@builtin(local_invocation_index) lane: u32) {
    var share = 0.0;
    for (var e = lane; e < op_word(1u); e += 256u) {
        let g = values[op_word(0u) + e];
        share += g * g;
    }
    shares[lane] = share;
    workgroupBarrier();
    for (var half = 128u; half > 0u; half >>= 1u) {
        if lane < half {
            shares[lane] += shares[lane + half];
        }
        workgroupBarrier();
    }
    if lane == 0u {
        values[op_word(3u)] = min(op_real(2u) / (sqrt(shares[0]) + 1.0e-6), 1.0);
    }
}

// Two bits for each parameter: 1 trained, 2 weight.
fn role(e: u32) -> u32 {
    return (roles[e / 16u] >> (2u * (e % 16u))) & 3u;
}

// [0] fours of parameters, [1] number of states, [2] optimizer, [3] largest gradient or 0, [4] parts: 1 norm, 2 decay,
// 4 soft threshold, [5] where the norm's factor is, [6, 7] first parameter and the one behind the last: of the parameter
// group whose record the step's is
@compute @workgroup_size(64)
fn update(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
@SCALARS@    let count = op_word(0u);
    var factor = 1.0;
    if (UPDATE_PARTS & 1u) != 0u {
        factor = fours[op_word(5u) / 4u].x;
    }
    var first_four = 0u;
    var end = count;
    if UPDATE_RANGED {
        first_four = op_word(6u) / 4u;
        end = (op_word(7u) + 3u) / 4u;
    }
    for (var e = first_four + id.x; e < end; e += groups.x * 64u) {
        // Parameters beyond the last one fill the last four up, and are all zero.
        var what = vec4<u32>(3u);
        if UPDATE_HAS_ROLES {
            let four = roles[e / 4u] >> (8u * (e % 4u));
            what = (vec4<u32>(four) >> vec4<u32>(0u, 2u, 4u, 6u)) & vec4<u32>(3u);
        }
        if UPDATE_RANGED {
            // Groups share a four where one ends: what is not this one's stays.
            let at = vec4<u32>(4u * e) + vec4<u32>(0u, 1u, 2u, 3u);
            let inside = (at >= vec4<u32>(op_word(6u))) & (at < vec4<u32>(op_word(7u)));
            what = select(vec4<u32>(0u), what, inside);
        }
        let is_weight = (what & vec4<u32>(2u)) != vec4<u32>(0u);
        let before = fours[e];
        var value = before;
        var g = fours[count + e];
        if (UPDATE_PARTS & 1u) != 0u {
            g *= factor;
        }
        if UPDATE_LIMITED {
            let limit = op_real(3u);
            g = vec4<f32>(clip_value(g.x, limit), clip_value(g.y, limit), clip_value(g.z, limit), clip_value(g.w, limit));
        }
        if UPDATE_LIMITED || (UPDATE_PARTS & 1u) != 0u {
            if UPDATE_RANGED {
                g = select(fours[count + e], g, (what & vec4<u32>(1u)) != vec4<u32>(0u));
            }
            fours[count + e] = g;
        }
        if (UPDATE_PARTS & 2u) != 0u {
            value = select(value, value * step_real(STEP_DECAY), is_weight);
        }
        let s = 2u * count + e;
        var first = vec4<f32>(0.0);
        var second = vec4<f32>(0.0);
        var third = vec4<f32>(0.0);
        if UPDATE_STATES > 0u {
            first = fours[s];
        }
        if UPDATE_STATES > 1u {
            second = fours[s + count];
        }
        if UPDATE_STATES > 2u {
            third = fours[s + 2u * count];
        }
        let x = optimizer(op_word(2u), value.x, g.x, vec3<f32>(first.x, second.x, third.x));
        let y = optimizer(op_word(2u), value.y, g.y, vec3<f32>(first.y, second.y, third.y));
        let z = optimizer(op_word(2u), value.z, g.z, vec3<f32>(first.z, second.z, third.z));
        let w = optimizer(op_word(2u), value.w, g.w, vec3<f32>(first.w, second.w, third.w));
        value = vec4<f32>(x.x, y.x, z.x, w.x);
        var moved_first = vec4<f32>(x.y, y.y, z.y, w.y);
        var moved_second = vec4<f32>(x.z, y.z, z.z, w.z);
        var moved_third = vec4<f32>(x.w, y.w, z.w, w.w);
        if (UPDATE_PARTS & 4u) != 0u {
            let l1 = step_real(STEP_L1);
            let pulled = vec4<f32>(
                penalty_soft_threshold(value.x, l1),
                penalty_soft_threshold(value.y, l1),
                penalty_soft_threshold(value.z, l1),
                penalty_soft_threshold(value.w, l1),
            );
            value = select(value, pulled, is_weight);
        }
        if UPDATE_HAS_ROLES {
            let trained = (what & vec4<u32>(1u)) != vec4<u32>(0u);
            value = select(before, value, trained);
            moved_first = select(first, moved_first, trained);
            moved_second = select(second, moved_second, trained);
            moved_third = select(third, moved_third, trained);
        }
        if UPDATE_STATES > 0u {
            fours[s] = moved_first;
        }
        if UPDATE_STATES > 1u {
            fours[s + count] = moved_second;
        }
        if UPDATE_STATES > 2u {
            fours[s + 2u * count] = moved_third;
        }
        fours[e] = value;
    }
}

// [0] weight, [1] inputs, [2] outputs, [3] limit
@compute @workgroup_size(64)
fn max_norm(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let inputs = op_word(1u);
    let limit = op_real(3u);
    for (var output = id.x; output < op_word(2u); output += groups.x * 64u) {
        let w = op_word(0u) + output * inputs;
        var sum = 0.0;
        for (var k = 0u; k < inputs; k++) {
            sum += values[w + k] * values[w + k];
        }
        let norm = sqrt(sum);
        if norm > limit {
            for (var k = 0u; k < inputs; k++) {
                values[w + k] *= limit / norm;
            }
        }
    }
}

// [0] behind the last parameter, [1] 1 if L1 kills links, [2] from parameters to gradients, and on to the dead links,
// [3] first parameter
@compute @workgroup_size(64)
fn tf_playground(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
    let end = op_word(0u);
    for (var e = op_word(3u) + id.x; e < end; e += groups.x * 64u) {
        let what = role(e);
        let before = values[e];
        let moved = before - step_real(STEP_RATE) * values[op_word(2u) + e];
        if what == 1u {
            values[e] = moved;
        }
        if what == 3u && values[2u * op_word(2u) + e] == 0.0 {
            let penalised = moved - step_real(STEP_L1) * sign(before) - step_real(STEP_L2) * before;
            let dies = op_word(1u) != 0u && moved * penalised < 0.0;
            values[e] = select(penalised, 0.0, dies);
            values[2u * op_word(2u) + e] = select(0.0, 1.0, dies);
        }
    }
}
