// A block of @ROWS@ x 16 outputs for four invocations, each with four columns, which lend each other the rows they load:
// element i = 4 g + d of an invocation's sums is of row g of the invocation `lane ^ d`. (A swap is one instruction on a
// software adapter, a broadcast twenty.) The workgroup is the four, so that they are a quad on every adapter with subgroups.
@compute @workgroup_size(4)
fn quads_@KIND@(@builtin(workgroup_id) group: vec3<u32>, @builtin(subgroup_invocation_id) lane: u32) {
    let m = op_word(0u);
    let n = product_n();
    let k = product_k();
    let row = group.y * @ROWS@u;
    let column = group.x * 16u + 4u * lane;
    // Rows and columns beyond the edge are loaded as whatever is there, and not stored.
@STARTS@    for (var p = 0u; p < k; p += @STEPS@u) {
@STEP@    }
    if column >= n {
        return;
    }
    // A loop, so that what becomes of an element is compiled once.
    var sums: array<vec4<f32>, @ROWS@>;
@COLLECT@    for (var i = 0u; i < @ROWS@u; i++) {
        let r = row + @ROW@;
        if r < m {
            finish_four_@KIND@(r, column, sums[i]);
        }
    }
}
