// A block of 16 x 16 outputs for four invocations, which lend each other what they load: a quarter of the loads of a. The
// workgroup is the four, so that they are a quad on every adapter with subgroups.
@compute @workgroup_size(4)
fn quads_@KIND@(@builtin(workgroup_id) group: vec3<u32>, @builtin(subgroup_invocation_id) lane: u32) {
    let m = op_word(0u);
    let n = product_n();
    let k = product_k();
    let row = group.y * 16u;
    let column = group.x * 16u + lane;
    let a_row = op_word(4u);
    var a0 = op_word(3u) + min(row + lane, m - 1u) * a_row;
    var a1 = op_word(3u) + min(row + 4u + lane, m - 1u) * a_row;
    var a2 = op_word(3u) + min(row + 8u + lane, m - 1u) * a_row;
    var a3 = op_word(3u) + min(row + 12u + lane, m - 1u) * a_row;
    var b0 = b_@KIND@(min(column, n - 1u));
    var b1 = b_@KIND@(min(column + 4u, n - 1u));
    var b2 = b_@KIND@(min(column + 8u, n - 1u));
    var b3 = b_@KIND@(min(column + 12u, n - 1u));
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
    var s8 = vec4<f32>(0.0);
    var s9 = vec4<f32>(0.0);
    var s10 = vec4<f32>(0.0);
    var s11 = vec4<f32>(0.0);
    var s12 = vec4<f32>(0.0);
    var s13 = vec4<f32>(0.0);
    var s14 = vec4<f32>(0.0);
    var s15 = vec4<f32>(0.0);
    // Two steps at once: sums are fetched and put back half as often.
    for (var p = 1u; p < k; p += 2u) {
@QUAD_PAIR@
    }
    if k % 2u == 1u {
@QUAD_LAST@
    }
    finish_quad_@KIND@(row, column, m, n, s0);
    finish_quad_@KIND@(row + 1u, column, m, n, s1);
    finish_quad_@KIND@(row + 2u, column, m, n, s2);
    finish_quad_@KIND@(row + 3u, column, m, n, s3);
    finish_quad_@KIND@(row + 4u, column, m, n, s4);
    finish_quad_@KIND@(row + 5u, column, m, n, s5);
    finish_quad_@KIND@(row + 6u, column, m, n, s6);
    finish_quad_@KIND@(row + 7u, column, m, n, s7);
    finish_quad_@KIND@(row + 8u, column, m, n, s8);
    finish_quad_@KIND@(row + 9u, column, m, n, s9);
    finish_quad_@KIND@(row + 10u, column, m, n, s10);
    finish_quad_@KIND@(row + 11u, column, m, n, s11);
    finish_quad_@KIND@(row + 12u, column, m, n, s12);
    finish_quad_@KIND@(row + 13u, column, m, n, s13);
    finish_quad_@KIND@(row + 14u, column, m, n, s14);
    finish_quad_@KIND@(row + 15u, column, m, n, s15);
}

fn finish_quad_@KIND@(row: u32, column: u32, m: u32, n: u32, sums: vec4<f32>) {
    if row >= m || column >= n {
        return;
    }
    finish_@KIND@(row, column, sums.x);
    if column + 4u < n {
        finish_@KIND@(row, column + 4u, sums.y);
    }
    if column + 8u < n {
        finish_@KIND@(row, column + 8u, sums.z);
    }
    if column + 12u < n {
        finish_@KIND@(row, column + 12u, sums.w);
    }
}
