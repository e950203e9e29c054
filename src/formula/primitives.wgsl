// Each primitive has one spelling, safe over the whole range of f32. WGSL may assume that there is no NaN and
// no infinity, its own tanh may be a quotient of exponentials, its exp overflows, and its sin is only precise
// within [-pi, pi]. Same algorithms as `Real for f32` where rounding that WGSL leaves open does not matter.

fn np_sqrt(x: f32) -> f32 {
    return sqrt(max(x, 0.0));
}

// Saturates at e^88 (1.65e38) instead of overflowing.
fn np_exp(x: f32) -> f32 {
    return select(exp(clamp(x, -87.0, 88.0)), 0.0, x < -87.0);
}

// The series near 0: an implementation may reassociate, so compensated sums cannot be relied on.
fn np_exp_m1(x: f32) -> f32 {
    let r = clamp(x, -0.35, 0.35);
    let q = ((((r / 5040.0 + 1.0 / 720.0) * r + 1.0 / 120.0) * r + 1.0 / 24.0) * r + 1.0 / 6.0) * r + 0.5;
    return select(np_exp(x) - 1.0, r + r * r * q, abs(x) < 0.35);
}

// Of zero and negative numbers: ln of the smallest normal number, -87.3.
fn np_ln(x: f32) -> f32 {
    return log(max(x, 1.1754944e-38));
}

fn np_ln_1p(x: f32) -> f32 {
    let y = clamp(x, -0.29, 0.41);
    let s = y / (2.0 + y);
    let z = s * s;
    let near = 2.0 * s * (1.0 + z * (1.0 / 3.0 + z * (0.2 + z * (1.0 / 7.0 + z * (1.0 / 9.0 + z / 11.0)))));
    return select(np_ln(1.0 + x), near, x == y);
}

fn np_tanh(x: f32) -> f32 {
    let e = np_exp_m1(min(2.0 * abs(x), 20.0));
    let t = min(e / (e + 2.0), 1.0);
    return select(t, -t, x < 0.0);
}

fn np_sigmoid(x: f32) -> f32 {
    let e = np_exp(-abs(x));
    return select(e, 1.0, x >= 0.0) / (1.0 + e);
}

// sin(x + quarter * pi / 2), the argument reduced with pi / 2 in three parts.
fn np_sin_quarter(x: f32, quarter: i32) -> f32 {
    let n = round(clamp(x, -1.0e6, 1.0e6) * 0.63661975);
    let r = clamp(((x - n * 1.5703125) - n * 4.837512969970703e-4) - n * 7.549789948768648e-8, -1.0, 1.0);
    let z = r * r;
    let sine = r + r * z * (((z / 362880.0 - 1.0 / 5040.0) * z + 1.0 / 120.0) * z - 1.0 / 6.0);
    let cosine = 1.0 + z * (((z / 40320.0 - 1.0 / 720.0) * z + 1.0 / 24.0) * z - 0.5);
    let quadrant = i32(n) + quarter;
    let value = select(cosine, sine, (quadrant & 1) == 0);
    return select(-value, value, (quadrant & 2) == 0);
}

fn np_sin(x: f32) -> f32 {
    return np_sin_quarter(x, 0);
}

fn np_cos(x: f32) -> f32 {
    return np_sin_quarter(x, 1);
}

// Below 0.5 the series; above, Abramowitz and Stegun 7.1.26.
fn np_erf(x: f32) -> f32 {
    let a = min(abs(x), 10.0);
    let z = a * a;
    let near = 1.1283791671 * a * ((((((z / 9360.0 - 1.0 / 1320.0) * z + 1.0 / 216.0) * z - 1.0 / 42.0) * z
        + 0.1) * z - 1.0 / 3.0) * z + 1.0);
    let t = 1.0 / (1.0 + 0.3275911 * a);
    let p = ((((1.0614054 * t - 1.4531521) * t + 1.4214138) * t - 0.28449672) * t + 0.2548296) * t;
    let value = select(1.0 - p * np_exp(-z), near, z < 0.25);
    return select(value, -value, x < 0.0);
}
