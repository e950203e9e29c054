// Every row of weights starts at a whole four, and so does what follows the last one.

fn single_value(i: u32) -> f32 {
    return fours[i >> 2u][i & 3u];
}

fn finish_four_gradient(output: u32, input: u32, sums: vec4<f32>) {
    let inputs = op_word(10u);
    if input == inputs {
        let i = op_word(9u) + op_word(0u) * inputs + output;
        fours[i >> 2u][i & 3u] = sums.x;
        return;
    }
    let e = output * inputs + input;
    var g = sums;
    if HAS_L2 {
        let weights = fours[(op_word(12u) + e) >> 2u];
        let l2 = op_real(11u);
        g += vec4<f32>(
            penalty_smooth_slope(weights.x, l2),
            penalty_smooth_slope(weights.y, l2),
            penalty_smooth_slope(weights.z, l2),
            penalty_smooth_slope(weights.w, l2),
        );
    }
    fours[(op_word(9u) + e) >> 2u] = g;
}
