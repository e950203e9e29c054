// Tiles of 32 x 32 outputs in workgroup memory, 4 x 4 of them per invocation: few loads from far memory.
@compute @workgroup_size(64)
fn tiles_@KIND@(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let m = op_word(0u);
    let n = product_n();
    let k = product_k();
    let row = group.y * 32u;
    let column = group.x * 32u;
    let y = lane / 8u * 4u;
    let x = lane % 8u * 4u;
    // Neighbouring invocations load neighbours in memory.
    let a_along_k = op_word(5u) == 1u;
    let b_along_k = op_word(7u) == 1u;
    var sums: array<vec4<f32>, 4>;
    for (var start = 0u; start < k; start += 16u) {
        for (var i = lane; i < 512u; i += 64u) {
            let a_k = select(i / 32u, i % 16u, a_along_k);
            let a_row = select(i % 32u, i / 16u, a_along_k);
            var value = 0.0;
            if row + a_row < m && start + a_k < k {
                value = a_@KIND@(op_word(3u) + (row + a_row) * op_word(4u) + (start + a_k) * op_word(5u));
            }
            tile_a[a_k * 32u + a_row] = value;
            let b_k = select(i / 32u, i % 16u, b_along_k);
            let b_column = select(i % 32u, i / 16u, b_along_k);
            value = 0.0;
            if column + b_column < n && start + b_k < k {
                value = work[b_@KIND@(column + b_column) + (start + b_k) * op_word(7u)];
            }
            tile_b[b_k * 32u + b_column] = value;
        }
        workgroupBarrier();
        for (var p = 0u; p < 16u; p++) {
            let at = p * 32u + x;
            let b = vec4<f32>(tile_b[at], tile_b[at + 1u], tile_b[at + 2u], tile_b[at + 3u]);
            sums[0] += tile_a[p * 32u + y] * b;
            sums[1] += tile_a[p * 32u + y + 1u] * b;
            sums[2] += tile_a[p * 32u + y + 2u] * b;
            sums[3] += tile_a[p * 32u + y + 3u] * b;
        }
        workgroupBarrier();
    }
    for (var r = 0u; r < 4u; r++) {
        for (var c = 0u; c < 4u; c++) {
            if row + y + r < m && column + x + c < n {
                finish_@KIND@(row + y + r, column + x + c, sums[r][c]);
            }
        }
    }
}

// A block of 8 x 8 outputs per invocation and no workgroup memory: on a software adapter barriers cost more than loads.
// Small workgroups, since each runs on one processor.
@compute @workgroup_size(8)
fn blocks_@KIND@(@builtin(global_invocation_id) id: vec3<u32>) {
    let m = op_word(0u);
    let n = product_n();
    let k = product_k();
    let across = (n + 7u) / 8u;
    let row = id.x / across * 8u;
    let column = id.x % across * 8u;
    if row >= m {
        return;
    }
    // Rows and columns beyond the edge repeat the last one, and are not stored.
    let a_row = op_word(4u);
    var a0 = op_word(3u) + row * a_row;
    var a1 = op_word(3u) + min(row + 1u, m - 1u) * a_row;
    var a2 = op_word(3u) + min(row + 2u, m - 1u) * a_row;
    var a3 = op_word(3u) + min(row + 3u, m - 1u) * a_row;
    var a4 = op_word(3u) + min(row + 4u, m - 1u) * a_row;
    var a5 = op_word(3u) + min(row + 5u, m - 1u) * a_row;
    var a6 = op_word(3u) + min(row + 6u, m - 1u) * a_row;
    var a7 = op_word(3u) + min(row + 7u, m - 1u) * a_row;
    var b0 = b_@KIND@(column);
    var b1 = b_@KIND@(min(column + 1u, n - 1u));
    var b2 = b_@KIND@(min(column + 2u, n - 1u));
    var b3 = b_@KIND@(min(column + 3u, n - 1u));
    var b4 = b_@KIND@(min(column + 4u, n - 1u));
    var b5 = b_@KIND@(min(column + 5u, n - 1u));
    var b6 = b_@KIND@(min(column + 6u, n - 1u));
    var b7 = b_@KIND@(min(column + 7u, n - 1u));
    let a_step = op_word(5u);
    let b_step = op_word(7u);
    // Written out: an array that is indexed by a variable lies in memory on software adapters.
    var s0l = vec4<f32>(0.0);
    var s0r = vec4<f32>(0.0);
    var s1l = vec4<f32>(0.0);
    var s1r = vec4<f32>(0.0);
    var s2l = vec4<f32>(0.0);
    var s2r = vec4<f32>(0.0);
    var s3l = vec4<f32>(0.0);
    var s3r = vec4<f32>(0.0);
    var s4l = vec4<f32>(0.0);
    var s4r = vec4<f32>(0.0);
    var s5l = vec4<f32>(0.0);
    var s5r = vec4<f32>(0.0);
    var s6l = vec4<f32>(0.0);
    var s6r = vec4<f32>(0.0);
    var s7l = vec4<f32>(0.0);
    var s7r = vec4<f32>(0.0);
    for (var p = 0u; p < k; p++) {
        let l = vec4<f32>(work[b0], work[b1], work[b2], work[b3]);
        let r = vec4<f32>(work[b4], work[b5], work[b6], work[b7]);
        let x0 = a_@KIND@(a0);
        s0l += x0 * l;
        s0r += x0 * r;
        let x1 = a_@KIND@(a1);
        s1l += x1 * l;
        s1r += x1 * r;
        let x2 = a_@KIND@(a2);
        s2l += x2 * l;
        s2r += x2 * r;
        let x3 = a_@KIND@(a3);
        s3l += x3 * l;
        s3r += x3 * r;
        let x4 = a_@KIND@(a4);
        s4l += x4 * l;
        s4r += x4 * r;
        let x5 = a_@KIND@(a5);
        s5l += x5 * l;
        s5r += x5 * r;
        let x6 = a_@KIND@(a6);
        s6l += x6 * l;
        s6r += x6 * r;
        let x7 = a_@KIND@(a7);
        s7l += x7 * l;
        s7r += x7 * r;
        a0 += a_step;
        a1 += a_step;
        a2 += a_step;
        a3 += a_step;
        a4 += a_step;
        a5 += a_step;
        a6 += a_step;
        a7 += a_step;
        b0 += b_step;
        b1 += b_step;
        b2 += b_step;
        b3 += b_step;
        b4 += b_step;
        b5 += b_step;
        b6 += b_step;
        b7 += b_step;
    }
    // A loop, so that what becomes of an element is compiled once.
    var sums = array<vec4<f32>, 16>(
        s0l, s0r, s1l, s1r, s2l, s2r, s3l, s3r, s4l, s4r, s5l, s5r, s6l, s6r, s7l, s7r,
    );
    for (var i = 0u; i < 16u; i++) {
        let r = row + (i >> 1u);
        let c = column + 4u * (i & 1u);
        let four = sums[i];
        if r < m {
            finish_row_@KIND@(r, c, n, four);
        }
    }
}

fn finish_row_@KIND@(row: u32, column: u32, n: u32, sums: vec4<f32>) {
    if column < n {
        finish_@KIND@(row, column, sums.x);
    }
    if column + 1u < n {
        finish_@KIND@(row, column + 1u, sums.y);
    }
    if column + 2u < n {
        finish_@KIND@(row, column + 2u, sums.z);
    }
    if column + 3u < n {
        finish_@KIND@(row, column + 3u, sums.w);
    }
}
