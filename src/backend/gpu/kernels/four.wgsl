// What becomes of four elements of a row of a product, at columns that are whole fours: as `finish_` for each of them.
// Samples beyond the step's last one are written too; nothing reads them as samples.

fn finish_four_forward(output: u32, sample: u32, sums: vec4<f32>) {
    let z = sums + single_value(op_word(9u) + output);
    let place = output * op_word(19u) + sample;
    if op_word(10u) != NONE {
        work_fours[(op_word(10u) + place) >> 2u] = z;
    }
    if op_word(13u) != NONE {
        var a: vec4<f32>;
        var slope: vec4<f32>;
        for (var i = 0u; i < 4u; i++) {
            let both = activated(output, sample + i, z[i]);
            a[i] = both.x;
            slope[i] = both.y;
        }
        if op_word(11u) != NONE {
            work_fours[(op_word(11u) + place) >> 2u] = a;
        }
        if op_word(12u) != NONE {
            work_fours[(op_word(12u) + place) >> 2u] = slope;
        }
    }
}

fn finish_four_backward(input: u32, sample: u32, sums: vec4<f32>) {
    let place = input * op_word(11u) + sample;
    var d = sums;
    if op_word(10u) != NONE {
        d *= work_fours[(op_word(10u) + place) >> 2u];
    }
    work_fours[(op_word(9u) + place) >> 2u] = d;
}
