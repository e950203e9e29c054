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
                value = b_@KIND@(op_word(6u) + (start + b_k) * op_word(7u) + (column + b_column) * op_word(8u),
                    column + b_column);
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

// A block of 8 x 4 outputs per invocation and no workgroup memory: on a software adapter barriers cost more than loads.
@compute @workgroup_size(32)
fn blocks_@KIND@(@builtin(global_invocation_id) id: vec3<u32>) {
    let m = op_word(0u);
    let n = product_n();
    let k = product_k();
    let across = (n + 3u) / 4u;
    let row = id.x / across * 8u;
    let column = id.x % across * 4u;
    if row >= m {
        return;
    }
    // Rows and columns beyond the edge repeat the last one, and are not stored.
    let a_row = op_word(4u);
    let b_column = op_word(8u);
    let c0 = column;
    let c1 = min(column + 1u, n - 1u);
    let c2 = min(column + 2u, n - 1u);
    let c3 = min(column + 3u, n - 1u);
    var a0 = op_word(3u) + row * a_row;
    var a1 = op_word(3u) + min(row + 1u, m - 1u) * a_row;
    var a2 = op_word(3u) + min(row + 2u, m - 1u) * a_row;
    var a3 = op_word(3u) + min(row + 3u, m - 1u) * a_row;
    var a4 = op_word(3u) + min(row + 4u, m - 1u) * a_row;
    var a5 = op_word(3u) + min(row + 5u, m - 1u) * a_row;
    var a6 = op_word(3u) + min(row + 6u, m - 1u) * a_row;
    var a7 = op_word(3u) + min(row + 7u, m - 1u) * a_row;
    var b0 = op_word(6u) + c0 * b_column;
    var b1 = op_word(6u) + c1 * b_column;
    var b2 = op_word(6u) + c2 * b_column;
    var b3 = op_word(6u) + c3 * b_column;
    let a_step = op_word(5u);
    let b_step = op_word(7u);
    var s0 = vec4<f32>(0.0);
    var s1 = vec4<f32>(0.0);
    var s2 = vec4<f32>(0.0);
    var s3 = vec4<f32>(0.0);
    var s4 = vec4<f32>(0.0);
    var s5 = vec4<f32>(0.0);
    var s6 = vec4<f32>(0.0);
    var s7 = vec4<f32>(0.0);
    for (var p = 0u; p < k; p++) {
        let b = vec4<f32>(b_@KIND@(b0, c0), b_@KIND@(b1, c1), b_@KIND@(b2, c2), b_@KIND@(b3, c3));
        s0 += a_@KIND@(a0) * b;
        s1 += a_@KIND@(a1) * b;
        s2 += a_@KIND@(a2) * b;
        s3 += a_@KIND@(a3) * b;
        s4 += a_@KIND@(a4) * b;
        s5 += a_@KIND@(a5) * b;
        s6 += a_@KIND@(a6) * b;
        s7 += a_@KIND@(a7) * b;
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
    }
    // Written out: an array that is indexed by a variable lies in memory on software adapters.
    finish_row_@KIND@(row, column, m, n, s0);
    finish_row_@KIND@(row + 1u, column, m, n, s1);
    finish_row_@KIND@(row + 2u, column, m, n, s2);
    finish_row_@KIND@(row + 3u, column, m, n, s3);
    finish_row_@KIND@(row + 4u, column, m, n, s4);
    finish_row_@KIND@(row + 5u, column, m, n, s5);
    finish_row_@KIND@(row + 6u, column, m, n, s6);
    finish_row_@KIND@(row + 7u, column, m, n, s7);
}

fn finish_row_@KIND@(row: u32, column: u32, m: u32, n: u32, sums: vec4<f32>) {
    if row >= m {
        return;
    }
    finish_@KIND@(row, column, sums.x);
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
