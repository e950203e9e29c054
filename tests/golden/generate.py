"""Writes the golden figures of tests/golden/*.json from PyTorch, Keras and scikit-learn.

    pip install -r tests/golden/requirements.txt
    KERAS_BACKEND=torch python tests/golden/generate.py            # write
    KERAS_BACKEND=torch python tests/golden/generate.py --check    # compare with what is committed

Every file says which format and which versions wrote it. Figures are float64 unless a key ends in `f32`.
Nothing here imports the engine: parameters carry the engine's names, values come from the reference alone.
One thread and fixed inputs: the same versions on the same kind of processor write the same bytes.
"""

import json
import math
import os
import sys
import warnings
from functools import partial
from pathlib import Path

os.environ.setdefault("KERAS_BACKEND", "torch")

import keras
import numpy as np
import sklearn
import sklearn.metrics
import torch
import torch.nn.functional as F
from sklearn.exceptions import UndefinedMetricWarning

FORMAT = 1
HERE = Path(__file__).parent
F64 = torch.float64
# --check: libraries of the same version differ in the last digits between processors; f32 training more so.
CHECK_F64 = 1e-9
CHECK_F32 = 1e-4

torch.set_num_threads(1)
torch.use_deterministic_algorithms(True)
torch.set_default_dtype(torch.float64)  # NAdam keeps its product of momenta in the default type


def keras_in(dtype):
    """Keras keeps its learning rate in floatx, its layers and losses in the dtype policy."""
    keras.config.set_floatx(dtype)
    keras.config.set_dtype_policy(dtype)


keras_in("float64")


# ---------------------------------------------------------------- numbers that need no file


def mix(index):
    """A 32-bit hash of a 32-bit index (numpy array or int), written the same way in tests/golden.rs.

    The finaliser of MurmurHash3 after one Weyl step, so that 0 does not map to 0.
    """
    x = (np.asarray(index, dtype=np.uint64) + np.uint64(1)) * np.uint64(0x9E3779B9) & np.uint64(0xFFFFFFFF)
    x ^= x >> np.uint64(16)
    x = x * np.uint64(0x85EBCA6B) & np.uint64(0xFFFFFFFF)
    x ^= x >> np.uint64(13)
    x = x * np.uint64(0xC2B2AE35) & np.uint64(0xFFFFFFFF)
    x ^= x >> np.uint64(16)
    return x


def centred(stream, count):
    """`count` odd multiples of 1/1024 in (-1, 1): exact in f32. Streams do not overlap below 2^20 values."""
    bits = mix(np.arange(count, dtype=np.uint64) + np.uint64(stream << 20)) >> np.uint64(22)
    return (2.0 * bits.astype(np.float64) + 1.0 - 1024.0) / 1024.0


def numbers(tensor):
    """A tensor as a flat list at full precision (f32 as its exact f64 value, shortest that reads back)."""
    if isinstance(tensor, np.ndarray):
        tensor = torch.from_numpy(np.ascontiguousarray(tensor))
    tensor = tensor.detach().reshape(-1)
    if tensor.dtype == torch.float32:
        return [float(np.format_float_scientific(v, unique=True)) for v in tensor.numpy()]
    return [v + 0.0 for v in tensor.tolist()]  # no negative zero


def agree(what, a, b, tolerance):
    """Two references of one figure must agree, or nothing is written."""
    a, b = np.asarray(a, dtype=np.float64), np.asarray(b, dtype=np.float64)
    worst = float(np.max(np.abs(a - b) / np.maximum(1.0, np.abs(b)))) if a.size else 0.0
    if not worst <= tolerance:
        sys.exit(f"{what}: the references differ by {worst:.3e}, allowed {tolerance:.1e}")
    return worst


# ---------------------------------------------------------------- activations

def gaussian(x):
    """exp(-x^2). Neither PyTorch nor Keras has it; torch.exp and autograd are the reference."""
    return torch.exp(-x * x)


# (id, parameters, function, points where the derivative jumps)
ACTIVATIONS = [
    ("linear", {}, lambda x: x * 1.0, []),
    ("sigmoid", {}, torch.sigmoid, []),
    ("tanh", {}, torch.tanh, []),
    ("relu", {}, F.relu, [0.0]),
    ("leaky_relu", {"slope": 0.01}, lambda x: F.leaky_relu(x, 0.01), [0.0]),
    ("leaky_relu", {"slope": 0.2}, lambda x: F.leaky_relu(x, 0.2), [0.0]),
    ("elu", {"alpha": 1.0}, lambda x: F.elu(x, 1.0), []),
    ("elu", {"alpha": 0.5}, lambda x: F.elu(x, 0.5), [0.0]),
    ("selu", {}, F.selu, [0.0]),
    ("gelu", {}, F.gelu, []),
    ("gelu_tanh", {}, lambda x: F.gelu(x, approximate="tanh"), []),
    ("silu", {}, F.silu, []),
    ("softplus", {}, lambda x: torch.logaddexp(x, torch.zeros_like(x)), []),
    ("softsign", {}, F.softsign, []),
    ("mish", {}, F.mish, []),
    # Not F.hardsigmoid, whose derivative has its sixth in f32; the two are held together below.
    ("hard_sigmoid", {}, lambda x: F.relu6(x + 3.0) / 6.0, [-3.0, 3.0]),
    ("hard_swish", {}, F.hardswish, [-3.0, 3.0]),
    ("sine", {}, torch.sin, []),
    ("gaussian", {}, gaussian, []),
]


def activation_points():
    grid = sorted({round(v * 64) / 64 for v in np.linspace(-10, 10, 60)})
    near = [2.0**-20, 2.0**-10, 0.125, 0.5, 1.0, 2.0, 2.984375, 3.015625, 20.0, 50.0, 100.0]
    seams = [-3.0, 0.0, 3.0]
    return sorted(set(grid) | set(near) | {-v for v in near} | set(seams))


def activations():
    points = activation_points()
    entries = []
    for name, params, function, kinks in ACTIVATIONS:
        x = torch.tensor(points, dtype=F64, requires_grad=True)
        value = function(x)
        (derivative,) = torch.autograd.grad(value.sum(), x)
        if name == "hard_sigmoid":
            (other,) = torch.autograd.grad(F.hardsigmoid(x).sum(), x)
            agree(name, numbers(F.hardsigmoid(x)), numbers(value), 1e-15)
            agree(f"{name}'", numbers(other), numbers(derivative), 1e-8)
        if name == "softplus":
            agree(name, numbers(F.softplus(x)), numbers(value), 3e-9)  # its threshold is at 20
        assert torch.isfinite(value).all() and torch.isfinite(derivative).all(), name
        entries.append({"id": name, "params": params, "kinks": kinks,
                        "value": numbers(value), "derivative": numbers(derivative)})
    softmax = []
    for z in [[0.0, 0.0], [1.0, -2.0, 0.5], [50.0, -50.0, 49.0, 0.0], [-50.0, -50.5, -51.0],
              [100.0, 99.0, -100.0], list(3.0 * centred(900, 10))]:
        z = torch.tensor(z, dtype=F64, requires_grad=True)
        v = torch.tensor(centred(901, len(z)), dtype=F64)
        value, product = torch.autograd.functional.jvp(lambda t: torch.softmax(t, 0), z, v)
        softmax.append({"z": numbers(z), "value": numbers(value),
                        "vector": numbers(v), "jacobian_vector_product": numbers(product)})
    return {"points": points, "entries": entries, "softmax": softmax}


# ---------------------------------------------------------------- losses


def log_cosh(prediction, target):
    """Keras' formula, with a softplus that does not turn linear above 20."""
    r = prediction - target
    return (r + torch.logaddexp(-2.0 * r, torch.zeros_like(r)) - math.log(2.0)).mean()


# (id, parameters, function of (prediction or logits, target), which batches)
LOSSES = [
    ("mse", {}, F.mse_loss, "value"),
    ("half_mse", {}, lambda p, t: 0.5 * F.mse_loss(p, t), "value"),
    ("mae", {}, F.l1_loss, "value"),
    ("huber", {"delta": 0.5}, lambda p, t: F.huber_loss(p, t, delta=0.5), "value"),
    ("huber", {"delta": 1.0}, lambda p, t: F.huber_loss(p, t, delta=1.0), "value"),
    ("huber", {"delta": 2.0}, lambda p, t: F.huber_loss(p, t, delta=2.0), "value"),
    ("log_cosh", {}, log_cosh, "value"),
    ("hinge", {}, lambda p, t: torch.clamp(1.0 - t * p, min=0.0).mean(), "sign"),
    ("binary_cross_entropy", {}, F.binary_cross_entropy_with_logits, "zero_one"),
    ("categorical_cross_entropy", {}, F.cross_entropy, "class"),
]


def loss_batches(kind):
    """(rows, outputs, prediction, target) of each batch; targets of `class` are indices, one a row."""
    far = [50.0, -50.0, 50.0, -50.0, 0.0, 3.0, -3.0, 20.0]
    if kind == "value":
        tie = [0.5, -0.5, 1.0, 2.0, -2.0, 0.0]  # residuals at 0 and at every delta
        return [(4, 1, 2 * centred(910, 4), centred(911, 4)), (5, 3, 3 * centred(912, 15), centred(913, 15)),
                (8, 1, np.array(far), centred(914, 8)), (6, 1, np.array(tie), np.zeros(6))]
    if kind == "sign":
        signs = lambda n: np.sign(centred(915, n))
        return [(6, 1, 2 * centred(916, 6), signs(6)), (4, 3, 2 * centred(917, 12), signs(12)),
                # Beside the margin, not on it: there PyTorch 2.15 has gradient 0, Keras on it half of -y, on others -y.
                (8, 1, np.array(far), signs(8)),
                (4, 1, np.array([1.0, 1.0, -1.0, -1.0]) + 2.0**-10 * np.array([1, -1, 1, -1]), np.array([1.0, 1.0, -1.0, -1.0]))]
    if kind == "zero_one":
        bits = lambda n: (centred(918, n) > 0).astype(np.float64)
        return [(6, 1, 3 * centred(919, 6), bits(6)), (8, 1, np.array(far), bits(8)),
                (4, 3, 3 * centred(920, 12), bits(12)), (8, 1, np.array(far), 1.0 - bits(8))]
    classes = lambda n, k: (mix(np.arange(n) + 921) % np.uint64(k)).astype(np.int64)
    return [(5, 3, 3 * centred(922, 15), classes(5, 3)), (4, 2, np.array(far), classes(4, 2)),
            (4, 2, np.array(far), 1 - classes(4, 2)), (6, 10, 2 * centred(923, 60), classes(6, 10)),
            (2, 4, np.array([50.0, -50.0, 0.0, 50.0, -50.0, -50.0, -50.0, 50.0]), np.array([1, 3]))]


def keras_loss(name, params, prediction, target, outputs):
    p, t = torch.tensor(prediction.reshape(-1, outputs)), torch.tensor(target)
    t = t if name == "categorical_cross_entropy" else t.reshape(-1, outputs)
    loss = {"mse": keras.losses.MeanSquaredError, "mae": keras.losses.MeanAbsoluteError,
            "log_cosh": keras.losses.LogCosh, "hinge": keras.losses.Hinge,
            "huber": partial(keras.losses.Huber, delta=params.get("delta")),
            "binary_cross_entropy": partial(keras.losses.BinaryCrossentropy, from_logits=True),
            "categorical_cross_entropy": partial(keras.losses.SparseCategoricalCrossentropy, from_logits=True)}
    # Keras' ops.mean rounds to f32 on this backend, so it can only second torch, not replace it.
    return loss[name](reduction=None)(t, p).mean().item() if name in loss else None


def losses():
    entries = []
    for name, params, function, kind in LOSSES:
        batches = []
        for rows, outputs, prediction, target in loss_batches(kind):
            p = torch.tensor(prediction, dtype=F64).reshape(rows, outputs).requires_grad_()
            t = torch.tensor(target) if kind == "class" else torch.tensor(target, dtype=F64).reshape(rows, outputs)
            value = function(p, t)
            (gradient,) = torch.autograd.grad(value, p)
            second = keras_loss(name, params, prediction, target, outputs)
            if second is not None:
                agree(f"{name} in Keras", second, value.item(), 2e-7)
            batches.append({"rows": rows, "outputs": outputs, "prediction": numbers(p),
                            "target": target.tolist(), "value": value.item(), "gradient": numbers(gradient)})
        entries.append({"id": name, "params": params, "kind": kind, "batches": batches})
    return {"entries": entries}


# ---------------------------------------------------------------- optimizers


class Lion:
    """keras.optimizers.Lion behind torch's three methods."""

    def __init__(self, params, h):
        self.tensors = params
        self.variables = [keras.Variable(p.detach().numpy().copy(), dtype="float64") for p in params]
        self.inner = keras.optimizers.Lion(learning_rate=h["learning_rate"], beta_1=h["beta1"], beta_2=h["beta2"],
                                           weight_decay=h["weight_decay"] or None)
        self.inner.build(self.variables)

    def step(self):
        self.inner.apply([p.grad for p in self.tensors], self.variables)
        with torch.no_grad():
            for p, v in zip(self.tensors, self.variables):
                p.copy_(v.value)


def make_optimizer(name, h, params):
    """The reference optimizer for the engine's id and parameters."""
    o, lr, wd = torch.optim, h["learning_rate"], h.get("weight_decay", 0.0)
    betas = (h.get("beta1"), h.get("beta2"))
    if name in ("gd", "sgd"):
        return o.SGD(params, lr=lr, weight_decay=wd)
    if name == "momentum":
        return o.SGD(params, lr=lr, momentum=h["momentum"], dampening=h["dampening"], weight_decay=wd)
    if name == "nesterov":
        return o.SGD(params, lr=lr, momentum=h["momentum"], nesterov=True, weight_decay=wd)
    if name == "adagrad":
        return o.Adagrad(params, lr=lr, lr_decay=h["lr_decay"], eps=h["eps"], weight_decay=wd,
                         initial_accumulator_value=h["initial_accumulator"])
    if name == "rmsprop":
        return o.RMSprop(params, lr=lr, alpha=h["alpha"], eps=h["eps"], momentum=h["momentum"],
                         centered=bool(h["centered"]), weight_decay=wd)
    if name == "adadelta":
        return o.Adadelta(params, lr=lr, rho=h["rho"], eps=h["eps"], weight_decay=wd)
    if name == "adam":
        return o.Adam(params, lr=lr, betas=betas, eps=h["eps"], amsgrad=bool(h["amsgrad"]), weight_decay=wd)
    if name == "adamw":
        return o.AdamW(params, lr=lr, betas=betas, eps=h["eps"], amsgrad=bool(h["amsgrad"]), weight_decay=wd)
    if name == "nadam":
        return o.NAdam(params, lr=lr, betas=betas, eps=h["eps"], momentum_decay=h["momentum_decay"], weight_decay=wd,
                       decoupled_weight_decay=bool(h["decoupled_weight_decay"]))
    if name == "lion":
        return Lion(params, h)
    sys.exit(f"no reference for optimizer {name}")


# The engine's parameters at PyTorch's (Lion: Keras') defaults; momentum and nesterov have no default there.
OPTIMIZERS = {
    "gd": {"learning_rate": 0.1, "weight_decay": 0.0},
    "sgd": {"learning_rate": 0.1, "weight_decay": 0.0},
    "momentum": {"learning_rate": 0.05, "momentum": 0.9, "dampening": 0.0, "weight_decay": 0.0},
    "nesterov": {"learning_rate": 0.05, "momentum": 0.9, "weight_decay": 0.0},
    "adagrad": {"learning_rate": 0.01, "lr_decay": 0.0, "initial_accumulator": 0.0, "eps": 1e-10, "weight_decay": 0.0},
    "rmsprop": {"learning_rate": 0.01, "alpha": 0.99, "eps": 1e-8, "momentum": 0.0, "centered": 0, "weight_decay": 0.0},
    "adadelta": {"learning_rate": 1.0, "rho": 0.9, "eps": 1e-6, "weight_decay": 0.0},
    "adam": {"learning_rate": 0.001, "beta1": 0.9, "beta2": 0.999, "eps": 1e-8, "amsgrad": 0, "weight_decay": 0.0},
    "adamw": {"learning_rate": 0.001, "beta1": 0.9, "beta2": 0.999, "eps": 1e-8, "amsgrad": 0, "weight_decay": 0.01},
    "nadam": {"learning_rate": 0.002, "beta1": 0.9, "beta2": 0.999, "eps": 1e-8, "momentum_decay": 0.004, "weight_decay": 0.0,
              "decoupled_weight_decay": 0},
    "lion": {"learning_rate": 0.001, "beta1": 0.9, "beta2": 0.99, "weight_decay": 0.0},
}
VARIATIONS = {
    "gd": [{}, {"weight_decay": 0.1}],
    "sgd": [{}, {"weight_decay": 0.1}],
    "momentum": [{}, {"dampening": 0.3}, {"momentum": 0.5, "weight_decay": 0.05, "dampening": 0.1}],
    "nesterov": [{}, {"momentum": 0.5, "weight_decay": 0.05}],
    "adagrad": [{}, {"learning_rate": 0.3, "lr_decay": 0.1, "initial_accumulator": 0.5},
                {"learning_rate": 0.1, "weight_decay": 0.05, "eps": 1e-3}],
    "rmsprop": [{}, {"alpha": 0.9, "centered": 1}, {"momentum": 0.9, "learning_rate": 0.003}, {"weight_decay": 0.1},
                {"centered": 1, "momentum": 0.8, "alpha": 0.95, "eps": 1e-4, "weight_decay": 0.01}],
    "adadelta": [{}, {"learning_rate": 0.5, "rho": 0.95, "eps": 1e-3}, {"weight_decay": 0.1}],
    "adam": [{}, {"learning_rate": 0.1}, {"learning_rate": 0.05, "amsgrad": 1}, {"weight_decay": 0.1, "beta1": 0.8},
             {"learning_rate": 0.1, "beta2": 0.9, "eps": 1e-3, "amsgrad": 1, "weight_decay": 0.01}],
    "adamw": [{}, {"learning_rate": 0.1, "weight_decay": 0.1}, {"learning_rate": 0.05, "amsgrad": 1, "beta2": 0.9},
              {"weight_decay": 0.0, "eps": 1e-3}],
    "nadam": [{}, {"learning_rate": 0.1, "momentum_decay": 0.1}, {"weight_decay": 0.1, "beta1": 0.8, "eps": 1e-4},
              {"learning_rate": 0.1, "weight_decay": 0.1, "decoupled_weight_decay": 1}],
    "lion": [{}, {"learning_rate": 0.01, "weight_decay": 0.1}, {"beta1": 0.5, "beta2": 0.9, "learning_rate": 0.05}],
}
STEPS = 20
QUADRATIC = {"a": [[3.0, 1.0, 0.0], [1.0, 2.0, 0.5], [0.0, 0.5, 1.0]], "b": [1.0, -2.0, 0.5], "start": [2.0, -1.0, 3.0]}


def given_gradients():
    """Rows of five: ordinary, small, tiny, large, and one that is exactly 0 two steps of three."""
    g = centred(930, STEPS * 5).reshape(STEPS, 5) * np.array([1.0, 2.0**-7, 2.0**-20, 64.0, 1.0])
    g[np.arange(STEPS) % 3 != 1, 4] = 0.0
    return g


def optimizers():
    gradients = given_gradients()
    start = centred(931, 5)
    a, b = (torch.tensor(QUADRATIC[k], dtype=F64) for k in "ab")
    entries = []
    for name, variations in VARIATIONS.items():
        for variation in variations:
            h = OPTIMIZERS[name] | variation
            assert h.keys() == OPTIMIZERS[name].keys()
            p = torch.tensor(start, dtype=F64, requires_grad=True)
            optimizer = make_optimizer(name, h, [p])
            given = []
            for row in gradients:
                p.grad = torch.tensor(row, dtype=F64)
                optimizer.step()
                given.append(numbers(p))
            p = torch.tensor(QUADRATIC["start"], dtype=F64, requires_grad=True)
            optimizer = make_optimizer(name, h, [p])
            quadratic = []
            for _ in range(STEPS):
                p.grad = (a @ p - b).detach()
                optimizer.step()
                quadratic.append(numbers(p))
            entries.append({"id": name, "params": h, "given": given, "quadratic": quadratic})
    return {"given": {"start": numbers(start), "gradients": [numbers(row) for row in gradients]},
            "quadratic": QUADRATIC, "entries": entries}


# ---------------------------------------------------------------- schedules

TICKS = 60
BASE_RATE = 0.1


def schedule_rates(make, metric=None):
    """The learning rate used at ticks 0, 1, ... 59."""
    optimizer = torch.optim.SGD([torch.zeros(1, dtype=F64, requires_grad=True)], lr=BASE_RATE)
    scheduler = make(optimizer)
    rates = []
    for tick in range(TICKS):
        rates.append(float(optimizer.param_groups[0]["lr"]))
        optimizer.step()
        if tick + 1 < TICKS:
            scheduler.step(metric[tick]) if metric else scheduler.step()
    return rates


def plateau_metric():
    """Falls, stalls, falls by less than the threshold, rises."""
    fall = [1.0 / (1.0 + 0.5 * t) for t in range(12)]
    stall = [fall[-1]] * 12
    creep = [fall[-1] * (1.0 - 1e-5 * t) for t in range(12)]
    drop = [0.1 - 0.005 * t for t in range(8)]
    return (fall + stall + creep + drop + [0.08 + 0.01 * t for t in range(TICKS)])[:TICKS]


def schedules():
    s = torch.optim.lr_scheduler
    metric = plateau_metric()
    entries = []

    def add(name, params, make, uses=None):
        rates = schedule_rates(make, uses)
        entries.append({"id": name, "params": params, "learning_rates": rates})
        return rates

    add("constant", {}, lambda o: s.ConstantLR(o, factor=1.0))
    for period, gamma in [(10, 0.5), (7, 0.1), (1, 0.9)]:
        add("step", {"period": period, "gamma": gamma}, lambda o: s.StepLR(o, period, gamma))
    for gamma in [0.95, 0.5]:
        add("exponential", {"gamma": gamma}, lambda o: s.ExponentialLR(o, gamma))
    # Past its period PyTorch's rate climbs again.
    for period, low in [(100, 0.0), (60, 0.1), (20, 0.0)]:
        rates = add("cosine", {"period": period, "min_factor": low},
                    lambda o: s.CosineAnnealingLR(o, period, eta_min=low * BASE_RATE))
        closed = [BASE_RATE * (low + (1 - low) * (1 + math.cos(math.pi * t / period)) / 2) for t in range(TICKS)]
        agree("cosine, recursive and closed form", rates, closed, 1e-12)
    for period, multiplier, low in [(20, 1, 0.0), (7, 2, 0.0), (10, 3, 0.2)]:
        add("cosine_restarts", {"period": period, "multiplier": multiplier, "min_factor": low},
            lambda o: s.CosineAnnealingWarmRestarts(o, period, multiplier, eta_min=low * BASE_RATE))
    for steps, factor in [(10, 0.1), (5, 1.0 / 3.0), (80, 0.01)]:
        add("warm_up", {"steps": steps, "start_factor": factor},
            lambda o: s.LinearLR(o, start_factor=factor, end_factor=1.0, total_iters=steps))
    # OneCycleLR writes the ends as divisors: start = max / div, final = start / final_div.
    for period, share, first, final in [(60, 0.3, 0.04, 0.000004), (60, 0.5, 0.1, 0.01), (100, 0.25, 0.2, 0.001)]:
        add("one_cycle", {"period": period, "warm_share": share, "start_factor": first, "final_factor": final},
            lambda o: s.OneCycleLR(o, max_lr=BASE_RATE, total_steps=period, pct_start=share, div_factor=1.0 / first,
                                   final_div_factor=first / final, cycle_momentum=False, anneal_strategy="cos"))
    for period, low in [(20, 0.1), (8, 0.0), (30, 0.5)]:
        add("cyclic", {"period": period, "min_factor": low},
            lambda o: s.CyclicLR(o, base_lr=low * BASE_RATE, max_lr=BASE_RATE, step_size_up=period // 2,
                                 mode="triangular", cycle_momentum=False))
    for h in [{"factor": 0.5, "patience": 3, "threshold": 1e-4, "cooldown": 0, "min_factor": 0.0},
              {"factor": 0.1, "patience": 0, "threshold": 1e-2, "cooldown": 4, "min_factor": 0.001},
              {"factor": 0.3, "patience": 5, "threshold": 0.0, "cooldown": 2, "min_factor": 0.05}]:
        # eps = 0: PyTorch would else ignore reductions below 1e-8.
        add("reduce_on_plateau", h,
            lambda o: s.ReduceLROnPlateau(o, "min", h["factor"], h["patience"], h["threshold"], "rel", h["cooldown"],
                                          h["min_factor"] * BASE_RATE, 0.0), metric)
    return {"base_learning_rate": BASE_RATE, "plateau_metric": metric, "entries": entries}


# ---------------------------------------------------------------- initializers


def initializers():
    """Limits and deviations by definition, and what a large sample of the reference shows."""
    i, k = torch.nn.init, keras.initializers
    generator = torch.Generator().manual_seed(20)
    # LeCun's is torch's Kaiming with gain 1. Keras' *_normal are truncated at two deviations and rescaled to the
    # same deviation; torch's are not, and torch is the reference here.
    rows = [
        ("glorot_uniform", lambda w: i.xavier_uniform_(w, generator=generator), k.GlorotUniform),
        ("glorot_normal", lambda w: i.xavier_normal_(w, generator=generator), k.GlorotNormal),
        ("he_uniform", lambda w: i.kaiming_uniform_(w, nonlinearity="relu", generator=generator), k.HeUniform),
        ("he_normal", lambda w: i.kaiming_normal_(w, nonlinearity="relu", generator=generator), k.HeNormal),
        ("lecun_uniform", lambda w: i.kaiming_uniform_(w, nonlinearity="linear", generator=generator), k.LecunUniform),
        ("lecun_normal", lambda w: i.kaiming_normal_(w, nonlinearity="linear", generator=generator), k.LecunNormal),
    ]
    entries = []

    def add(name, params, fan_in, fan_out, fill, std, bound, mean=0.0):
        repeats = max(1, 200_000 // (fan_in * fan_out))
        sample = torch.cat([fill(torch.empty(fan_out, fan_in, dtype=F64)).reshape(-1) for _ in range(repeats)])
        n = sample.numel()
        kurtosis_minus_1 = 0.8 if bound is not None else 2.0  # uniform 9/5, normal 3
        entry = {"id": name, "params": params, "fan_in": fan_in, "fan_out": fan_out, "mean": mean, "std": std,
                 "bound": bound, "sample": {"count": n, "mean": float(sample.mean()), "std": float(sample.std()),
                                            "min": float(sample.min()), "max": float(sample.max()),
                                            "mean_error": std / math.sqrt(n),
                                            "std_error": std * math.sqrt(kurtosis_minus_1 / (4 * n))}}
        s = entry["sample"]
        assert abs(s["mean"] - mean) <= 4.5 * s["mean_error"], entry
        assert abs(s["std"] - std) <= 4.5 * s["std_error"], entry
        assert bound is None or max(abs(s["min"] - mean), abs(s["max"] - mean)) <= bound, entry
        entries.append(entry)

    for fan_in, fan_out in [(2, 4), (64, 64), (784, 64), (64, 10)]:
        variance = {"glorot": 2.0 / (fan_in + fan_out), "he": 2.0 / fan_in, "lecun": 1.0 / fan_in}
        for name, fill, in_keras in rows:
            family, shape = name.split("_")
            std = math.sqrt(variance[family])
            bound = std * math.sqrt(3.0) if shape == "uniform" else None
            second = in_keras(seed=1)((fan_in, fan_out), dtype="float64")
            spread = float(second.std()) * (1 if fan_in * fan_out > 100 else float("nan"))
            if not math.isnan(spread):  # eight numbers say nothing of a deviation
                agree(f"{name} in Keras", spread / std, 1.0, 4.5 / math.sqrt(2.0 * fan_in * fan_out))
            add(name, {}, fan_in, fan_out, fill, std, bound)
    for low, high in [(-0.5, 0.5), (0.0, 2.0)]:
        add("uniform", {"low": low, "high": high}, 64, 64, lambda w: i.uniform_(w, low, high, generator=generator),
            (high - low) / math.sqrt(12.0), (high - low) / 2.0, (low + high) / 2.0)
    for mean, std in [(0.0, 0.05), (1.0, 2.0)]:
        add("normal", {"mean": mean, "std": std}, 64, 64, lambda w: i.normal_(w, mean, std, generator=generator),
            std, None, mean)
    orthogonal = []
    for outputs, inputs, gain in [(4, 2, 1.0), (2, 4, 1.0), (16, 16, 1.0), (10, 64, 2.0), (64, 10, 0.5)]:
        w = i.orthogonal_(torch.empty(outputs, inputs, dtype=F64), gain=gain, generator=generator)
        # The shorter side is orthonormal: w w^T when outputs <= inputs, else w^T w.
        rows_short = outputs <= inputs
        product = w @ w.T if rows_short else w.T @ w
        agree("orthogonal", numbers(product), numbers(gain**2 * torch.eye(min(outputs, inputs), dtype=F64)), 1e-13)
        orthogonal.append({"outputs": outputs, "inputs": inputs, "params": {"gain": gain},
                           "orthonormal": "rows" if rows_short else "columns", "squared_gain": gain**2})
    return {"entries": entries, "orthogonal": orthogonal}


# ---------------------------------------------------------------- metrics


def counted(truth, predicted, classes):
    """Precision, recall and F1 by counting with numpy alone; 0/0 is 0.

    As scikit-learn does unless told otherwise, a class that is neither in the truth nor predicted has no part in a mean.
    """
    ratio = lambda a, b: a / b if b else 0.0
    per, tp_all = [], 0
    for c in range(classes):
        tp = int(np.sum((truth == c) & (predicted == c)))
        called, real = int(np.sum(predicted == c)), int(np.sum(truth == c))
        tp_all += tp
        per.append((ratio(tp, called), ratio(tp, real), ratio(2 * tp, called + real)))
    occurring = [figures for c, figures in enumerate(per) if np.any(truth == c) or np.any(predicted == c)]
    macro = np.mean(np.array(occurring), axis=0)
    micro = tp_all / len(truth)
    return per, macro, micro


def metrics():
    classification = []

    def add(name, probability, truth):
        """probability: (rows, classes). The larger wins, the first of equals; two classes: class 1 is positive."""
        probability, truth = np.asarray(probability, dtype=np.float64), np.asarray(truth)
        classes = probability.shape[1]
        predicted = probability.argmax(axis=1)
        per, macro, micro = counted(truth, predicted, classes)
        m = sklearn.metrics
        of_truth = probability[np.arange(len(truth)), truth]
        values = {"accuracy": float(np.mean(predicted == truth)),
                  "balanced_accuracy": float(np.mean([per[c][1] for c in range(classes) if np.any(truth == c)]))}
        if np.all((of_truth > 1e-15) & (of_truth < 1 - 1e-15)):
            values["log_loss"] = float(-np.mean(np.log(of_truth)))
        # The engine's probabilities are single: so is the distance from 0 and 1 at which they are held.
        single = probability.astype(np.float32)
        held = np.clip(of_truth.astype(np.float32).astype(np.float64), 2.0**-23, 1 - 2.0**-23)
        values["log_loss_f32"] = float(-np.mean(np.log(held)))
        undefined = set()

        def warned(metric, score):
            """scikit-learn's figure; where it warns that there is none, that is noted."""
            with warnings.catch_warnings(record=True) as caught:
                warnings.simplefilter("always")
                found = score()
            if any(issubclass(w.category, UndefinedMetricWarning) for w in caught):
                undefined.add(metric)
            return found

        every = list(range(classes))
        for index, (metric, score) in enumerate([("precision", m.precision_score), ("recall", m.recall_score),
                                                 ("f1", m.f1_score)]):
            if classes == 2:
                values[metric] = float(per[1][index])
                agree(metric, warned(metric, lambda: score(truth, predicted, labels=[0, 1])), values[metric], 1e-14)
            values[f"{metric}_macro"] = float(macro[index])
            values[f"{metric}_micro"] = float(micro)
            for average in ["macro", "micro"]:
                other = warned(f"{metric}_{average}", lambda: score(truth, predicted, average=average))
                agree(f"{metric}_{average}", other, values[f"{metric}_{average}"], 1e-14)
        agree("accuracy", m.accuracy_score(truth, predicted), values["accuracy"], 1e-14)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of classes that are predicted and not there
            agree("balanced_accuracy", m.balanced_accuracy_score(truth, predicted), values["balanced_accuracy"], 1e-14)
        if "log_loss" in values:
            agree("log_loss", m.log_loss(truth, probability, labels=every), values["log_loss"], 1e-12)
            nll = F.nll_loss(torch.tensor(probability).log(), torch.tensor(truth))
            agree("nll_loss", float(nll), values["log_loss"], 1e-12)
        agree("log_loss_f32", m.log_loss(truth, single, labels=every), values["log_loss_f32"], 2e-6)
        if classes == 2:
            # Keras decides by one number, and on the threshold for class 0 too.
            for metric, keras_metric in [("accuracy", keras.metrics.BinaryAccuracy()), ("precision", keras.metrics.Precision()),
                                         ("recall", keras.metrics.Recall())]:
                keras_metric.update_state(truth.reshape(-1, 1), probability[:, 1:])
                agree(f"keras {metric}", float(keras_metric.result()), values[metric], 1e-6)
        else:
            keras_metric = keras.metrics.SparseCategoricalAccuracy()
            keras_metric.update_state(truth, probability)
            agree("keras accuracy", float(keras_metric.result()), values["accuracy"], 1e-6)
        classification.append({"name": name, "classes": classes, "rows": len(truth),
                               "probability": numbers(probability.reshape(-1)), "truth": truth.tolist(),
                               "values": values, "undefined": sorted(undefined)})

    def softmax(rows, classes, stream):
        return torch.softmax(torch.tensor(2 * centred(stream, rows * classes)).reshape(rows, classes), 1).numpy()

    def labels(rows, classes, stream):
        return (mix(np.arange(rows) + (stream << 20)) % np.uint64(classes)).astype(np.int64)

    p1 = (centred(940, 40) + 1) / 2
    add("two classes", np.stack([1 - p1, p1], 1), labels(40, 2, 941))
    add("two classes, nothing called positive", np.tile([0.75, 0.25], (12, 1)), labels(12, 2, 942))
    add("two classes, no positive in the data", np.stack([1 - p1, p1], 1), np.zeros(40, dtype=np.int64))
    add("three classes", softmax(50, 3, 943), labels(50, 3, 944))
    add("four classes, one absent and one never called", np.concatenate([softmax(30, 3, 945) * 0.99, np.full((30, 1), 0.01)], 1),
        labels(30, 2, 946))
    add("ten classes", softmax(60, 10, 947), labels(60, 10, 948))
    # Edges.
    half = np.full(6, 0.5)
    add("two classes, all on the threshold", np.stack([half, half], 1), [0, 1, 0, 1, 1, 1])
    add("three classes, all alike", np.full((5, 3), 1 / 3), [0, 1, 2, 2, 1])
    add("three classes, two alike", [[0.2, 0.4, 0.4], [0.4, 0.2, 0.4], [0.4, 0.4, 0.2], [0.25, 0.5, 0.25]], [2, 2, 1, 1])
    add("one row, right", [[0.25, 0.75]], [1])
    add("one row, wrong", [[0.75, 0.25]], [1])
    add("one row of class 0", [[0.75, 0.25]], [0])
    add("one row of five classes", [[0.1, 0.2, 0.4, 0.2, 0.1]], [4])
    add("certain and right", [[1, 0], [0, 1], [1, 0], [0, 1]], [0, 1, 0, 1])
    add("certain and wrong", [[1, 0], [0, 1], [1, 0], [0, 1]], [1, 0, 0, 1])
    add("closer to certain than f32 can say", [[1e-12, 1 - 1e-12], [1 - 1e-9, 1e-9], [1e-30, 1 - 1e-30]], [1, 1, 0])
    add("only class 1, all found", [[0.25, 0.75]] * 4, [1, 1, 1, 1])
    add("only class 1, none found", [[0.75, 0.25]] * 4, [1, 1, 1, 1])
    add("only class 0, none called 1", [[0.75, 0.25]] * 4, [0, 0, 0, 0])
    add("one of four classes, called another", [[0.1, 0.2, 0.6, 0.1]] * 3, [3, 3, 3])
    add("every class called the next", np.roll(np.eye(4) * 0.7 + 0.075, 1, axis=1), [0, 1, 2, 3])
    rare = np.full((200, 3), 0.2)
    rare[:, 0] = 0.6
    add("three classes, two of them rare", rare, [1, 2] + [0] * 198)

    regression = []
    for name, prediction, truth in [
        ("one output", centred(950, 30), centred(950, 30) * 0.8 + 0.3 * centred(951, 30)),
        ("worse than the mean", 3 * centred(952, 20), centred(953, 20)),
        ("exact", centred(954, 10), centred(954, 10)),
        ("one row", np.array([0.25]), np.array([1.5])),
        ("one row, exact", np.array([0.25]), np.array([0.25])),
        ("constant targets, met", np.full(5, 3.25), np.full(5, 3.25)),
        ("constant targets, missed", np.array([3.25, 3.0, 3.25, 3.5, 4.0]), np.full(5, 3.25)),
        ("always the mean", np.full(4, 2.5), np.array([1.0, 2.0, 3.0, 4.0])),
        ("large numbers", 1e6 * centred(955, 20), 1e6 * centred(956, 20)),
        ("a large offset", 1e9 + centred(957, 20), 1e9 + centred(958, 20)),
        ("tiny numbers", 1e-9 * centred(959, 20), 1e-9 * centred(960, 20)),
    ]:
        r = prediction - truth
        spread = float(np.sum((truth - truth.mean()) ** 2))
        share = 1 - np.sum(r * r) / spread if spread > 0 else float(not np.any(r))
        values = {"rmse": float(np.sqrt(np.mean(r * r))), "mae": float(np.mean(np.abs(r)))}
        # scikit-learn has no R2 of one row; of targets that are all alike it has 1 or 0.
        undefined = ["r2"] if len(truth) < 2 or spread == 0 else []
        if len(truth) > 1:
            values["r2"] = float(share)
        agree("rmse", sklearn.metrics.root_mean_squared_error(truth, prediction), values["rmse"], 1e-14)
        agree("mae", sklearn.metrics.mean_absolute_error(truth, prediction), values["mae"], 1e-14)
        agree("torch rmse", float(F.mse_loss(torch.tensor(prediction), torch.tensor(truth)).sqrt()), values["rmse"], 1e-14)
        agree("torch mae", float(F.l1_loss(torch.tensor(prediction), torch.tensor(truth))), values["mae"], 1e-14)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            theirs = sklearn.metrics.r2_score(truth, prediction)
        if "r2" in values:
            # A large offset leaves fewer digits of the spread.
            agree("r2", theirs, values["r2"], 1e-13 if np.abs(truth).max() < 1e8 else 1e-6)
        elif not math.isnan(theirs):
            sys.exit(f"{name}: scikit-learn has an R2 of one row: {theirs}")
        for metric, keras_metric in [("rmse", keras.metrics.RootMeanSquaredError()), ("mae", keras.metrics.MeanAbsoluteError())]:
            if np.abs(truth).max() < 1e8:
                keras_metric.update_state(truth, prediction)
                agree(f"keras {metric}", float(keras_metric.result()), values[metric], 1e-5)
        regression.append({"name": name, "prediction": numbers(prediction), "truth": numbers(truth), "values": values,
                           "undefined": undefined})
    return {"classification": classification, "regression": regression}


# ---------------------------------------------------------------- training, written once for the two sections below

HIDDEN = {(name, tuple(params.values())): function for name, params, function, _ in ACTIVATIONS}


def activate(choice, z):
    if choice["id"] == "softmax":
        return torch.softmax(z, 1)
    return HIDDEN[(choice["id"], tuple(v for k, v in choice.items() if k != "id"))](z)


def forward(network, w, x):
    """(logits, prediction): pre-activation and activation of the output layer."""
    a = x
    for index, layer in enumerate(network["hidden"]):
        a = activate(layer["activation"], F.linear(a, w[f"hidden.{index}.weight"], w[f"hidden.{index}.bias"]))
    z = F.linear(a, w["output.weight"], w["output.bias"])
    return z, activate(network["output"]["activation"], z)


def data_loss(choice, z, y_hat, y):
    if choice["id"] == "categorical_cross_entropy":
        return F.cross_entropy(z, y.argmax(1))
    if choice["id"] == "binary_cross_entropy":
        return F.binary_cross_entropy_with_logits(z, y)
    params = {k: v for k, v in choice.items() if k != "id"}
    function = next(f for name, p, f, _ in LOSSES if name == choice["id"] and p == params)
    return function(y_hat, y)


def is_frozen(network, name):
    part, *rest = name.split(".")
    return network["output"]["frozen"] if part == "output" else network["hidden"][int(rest[0])]["frozen"]


def train(network, training, weights, batches, dtype, first_gradients=None):
    """Trains from `weights` on the given (inputs, targets) batches.

    One step, in this order: data loss and penalty are taken; both are differentiated (L1 is not); gradients are
    clipped; decoupled decay shrinks the weights; the optimizer updates; L1 soft-thresholds the weights by
    learning_rate * lambda; rows over max_norm are scaled back. Penalties and max-norm never touch biases.
    Returns the data losses, the penalties (both before the step's update) and the final weights.
    """
    torch.set_default_dtype(dtype)
    w = {name: torch.tensor(value, dtype=dtype).requires_grad_(not is_frozen(network, name))
         for name, value in weights.items()}
    free = {name: p for name, p in w.items() if p.requires_grad}
    matrices = [p for name, p in free.items() if name.endswith(".weight")]
    h = training["optimizer"]
    optimizer = make_optimizer(h["id"], h, list(free.values()))
    penalty, clip = training["penalty"], training["clip"]
    l1 = penalty.get("l1", penalty["lambda"] if penalty["id"] == "l1" else 0.0)
    l2 = penalty.get("l2", penalty["lambda"] if penalty["id"] == "l2" else 0.0)
    decay = penalty["lambda"] if penalty["id"] == "weight_decay" else 0.0
    rate = h["learning_rate"]
    losses, penalties = [], []
    for x, y in batches:
        x, y = torch.tensor(x, dtype=dtype), torch.tensor(y, dtype=dtype)
        for p in free.values():
            p.grad = None
        z, y_hat = forward(network, w, x)
        loss = data_loss(training["loss"], z, y_hat, y)
        smooth = l2 * sum((p * p).sum() for p in matrices)
        (loss + smooth).backward()
        losses.append(loss.detach())
        penalties.append((torch.zeros((), dtype=dtype) + smooth + l1 * sum(p.abs().sum() for p in matrices)).detach())
        if first_gradients is not None and len(losses) == 1:
            first_gradients.update({name: p.grad.clone() for name, p in free.items()})
        if clip["id"] == "norm":
            torch.nn.utils.clip_grad_norm_(free.values(), clip["limit"])
        elif clip["id"] == "value":
            torch.nn.utils.clip_grad_value_(free.values(), clip["limit"])
        with torch.no_grad():
            for p in matrices:
                p.mul_(1.0 - rate * decay)
        optimizer.step()
        with torch.no_grad():
            for p in matrices:
                if l1:
                    p.copy_(F.softshrink(p, rate * l1))
                if training["max_norm"]:
                    norm = p.norm(dim=1, keepdim=True)
                    p.copy_(torch.where(norm > training["max_norm"], p * (training["max_norm"] / norm), p))
    torch.set_default_dtype(F64)
    return torch.stack(losses), torch.stack(penalties), w


# ---------------------------------------------------------------- small networks

ROWS = 18
ENGINE_F32 = 1e-5  # what the engine's f32 is held to; f32 figures farther than this from f64 would hold it to noise


def choice(name, **params):
    return {"id": name, **params}


def optimizer_choice(name, **overrides):
    assert overrides.keys() <= OPTIMIZERS[name].keys()
    return {"id": name, **OPTIMIZERS[name], **overrides}


def layer(units, name, frozen=False, **params):
    return {"units": units, "activation": choice(name, **params), "dropout": 0.0, "frozen": frozen}


def mlp_labels(encoding, x):
    """(classes, labels): a class index a row, or with 0 classes the value itself (exact in f32)."""
    radius = (x * x).sum(1)
    if encoding == "value":
        return 0, x[:, 0] * x[:, 1] + 0.5 * x[:, 0]
    if encoding in ("zero_one", "plus_minus_one"):
        return 2, (radius > 0.6).astype(np.int64)
    return 3, (radius > 0.4).astype(np.int64) + (radius > 0.9)


def encode(encoding, labels):
    """Labels as the loss sees them, (rows, outputs)."""
    encoded = np.eye(3)[labels] if encoding.endswith("one_hot") else labels.astype(np.float64)[:, None]
    return 2.0 * encoded - 1.0 if encoding.startswith("plus_minus_one") else encoded


def mlp_cases():
    """(name, hidden layers, output activation, target encoding, loss, optimizer, the rest of the training)."""
    o, c = optimizer_choice, choice
    two = lambda name, **p: [layer(4, name, **p), layer(2, name, **p)]
    bce, cce = c("binary_cross_entropy"), c("categorical_cross_entropy")
    return [
        ("tanh, binary cross entropy, SGD", two("tanh"), "sigmoid", "zero_one", bce, o("sgd", learning_rate=0.3), {}),
        ("no hidden layer", [], "sigmoid", "zero_one", bce, o("sgd", learning_rate=0.5), {}),
        ("ReLU, hinge, SGD", two("relu"), "linear", "plus_minus_one", c("hinge"), o("sgd", learning_rate=0.1), {}),
        ("SiLU, hinge of three classes, Adam", two("silu"), "linear", "plus_minus_one_hot", c("hinge"),
         o("adam", learning_rate=0.02), {}),
        ("tanh output, hinge, momentum", two("sigmoid"), "tanh", "plus_minus_one", c("hinge"), o("momentum"), {}),
        ("sigmoid output, MSE, Nesterov", two("sigmoid"), "sigmoid", "zero_one", c("mse"), o("nesterov"), {}),
        ("GELU, MSE, Adam", two("gelu"), "linear", "value", c("mse"), o("adam", learning_rate=0.01), {}),
        ("SiLU, Huber, RMSprop", two("silu"), "linear", "value", c("huber", delta=0.5), o("rmsprop"), {}),
        ("ELU then leaky ReLU, MAE, AdaGrad", [layer(5, "elu", alpha=0.5), layer(3, "leaky_relu", slope=0.2)],
         "linear", "value", c("mae"), o("adagrad", learning_rate=0.05), {}),
        ("mish and softplus, softmax, NAdam", [layer(6, "mish"), layer(4, "softplus")], "softmax", "one_hot", cce,
         o("nadam", learning_rate=0.02), {}),
        ("softmax under MSE", two("tanh"), "softmax", "one_hot", c("mse"), o("sgd", learning_rate=0.5), {}),
        ("hard swish, half MSE, full batch", two("hard_swish"), "linear", "value", c("half_mse"),
         o("gd", learning_rate=0.2), {}),
        ("SELU, log-cosh, momentum", two("selu"), "linear", "value", c("log_cosh"), o("momentum", dampening=0.2), {}),
        ("tanh form of GELU, Lion", two("gelu_tanh"), "linear", "value", c("mse"), o("lion", learning_rate=0.01), {}),
        ("softsign, sine, Gaussian, hard sigmoid, Adadelta",
         [layer(4, "softsign"), layer(4, "sine"), layer(4, "gaussian"), layer(3, "hard_sigmoid")], "sigmoid",
         "zero_one", bce, o("adadelta"), {}),
        ("L2, SGD", two("tanh"), "sigmoid", "zero_one", bce, o("sgd", learning_rate=0.3),
         {"penalty": c("l2", **{"lambda": 0.03})}),
        ("L2, Adam, clipped by norm", two("tanh"), "sigmoid", "zero_one", bce, o("adam", learning_rate=0.02),
         {"penalty": c("l2", **{"lambda": 0.01}), "clip": c("norm", limit=0.1)}),
        ("L1, SGD", two("tanh"), "sigmoid", "zero_one", bce, o("sgd", learning_rate=0.3),
         {"penalty": c("l1", **{"lambda": 0.05})}),
        ("elastic net, SGD", two("tanh"), "linear", "value", c("mse"), o("sgd", learning_rate=0.1),
         {"penalty": c("elastic_net", l1=0.05, l2=0.02)}),
        ("decoupled weight decay, Adam", two("tanh"), "sigmoid", "zero_one", bce, o("adam", learning_rate=0.02),
         {"penalty": c("weight_decay", **{"lambda": 0.1})}),
        ("clipped by norm, SGD", two("tanh"), "sigmoid", "zero_one", bce, o("sgd", learning_rate=1.0),
         {"clip": c("norm", limit=0.05)}),
        ("clipped by value, momentum", two("softplus"), "linear", "value", c("mse"), o("momentum"),
         {"clip": c("value", limit=0.1)}),
        ("max-norm, SGD", two("tanh"), "sigmoid", "zero_one", bce, o("sgd", learning_rate=0.3), {"max_norm": 0.75}),
        ("first layer frozen, clipped by norm, AdamW", [layer(4, "tanh", frozen=True), layer(2, "tanh")], "sigmoid",
         "zero_one", bce, o("adamw", learning_rate=0.02, amsgrad=1), {"clip": c("norm", limit=0.2)}),
    ]


def mlp():
    x = centred(960, ROWS * 2).reshape(ROWS, 2)
    entries = []
    widest = 0.0
    for number, (name, hidden, output, encoding, loss, optimizer, rest) in enumerate(mlp_cases()):
        classes, labels = mlp_labels(encoding, x)
        y = encode(encoding, labels)
        network = {"hidden": hidden, "output": {"activation": choice(output), "frozen": False}}
        training = {"loss": loss, "optimizer": optimizer, "penalty": choice("none"), "clip": choice("none"),
                    "max_norm": 0.0} | rest
        sizes = [2] + [h["units"] for h in hidden] + [y.shape[1]]
        names = [f"hidden.{i}" for i in range(len(hidden))] + ["output"]
        weights = {}
        for place, (part, inputs, outputs) in enumerate(zip(names, sizes, sizes[1:])):
            stream = 1000 + 10 * number + 2 * place
            weights[f"{part}.weight"] = centred(stream, outputs * inputs).reshape(outputs, inputs)
            weights[f"{part}.bias"] = centred(stream + 1, outputs) / 4
        # Batches of 5 from a shuffled pass over 18 rows: every fourth holds 3.
        order = []
        for epoch in range(STEPS):
            rows = np.argsort(mix(np.arange(ROWS) + ((970 << 20) + epoch * ROWS)), kind="stable")
            order += [rows.tolist()] if optimizer["id"] == "gd" else [rows[i:i + 5].tolist() for i in range(0, ROWS, 5)]
        order = order[:STEPS]
        batches = [(x[rows], y[rows]) for rows in order]
        results = {}
        for label, dtype in [("f64", torch.float64), ("f32", torch.float32)]:
            losses, penalties, w = train(network, training, weights, batches, dtype)
            results[label] = {"loss": numbers(losses), "penalty": numbers(penalties),
                              "weights": {k: numbers(v) for k, v in w.items()}}
        for key in ["loss", "penalty"]:
            widest = max(widest, agree(f"{name}: f32 {key}", results["f32"][key], results["f64"][key], ENGINE_F32))
        for key, value in results["f64"]["weights"].items():
            widest = max(widest, agree(f"{name}: f32 {key}", results["f32"]["weights"][key], value, ENGINE_F32))
        if training["penalty"]["id"] == "weight_decay":
            check_decay(network, training, weights, batches, results["f64"]["weights"])
        entries.append({"name": name, "network": network, "training": training, "encoding": encoding,
                        "classes": classes, "labels": labels.tolist(), "batches": order,
                        "weights": {k: numbers(v) for k, v in weights.items()}, **results})
    print(f"mlp: f32 within {widest:.1e} of f64")
    return {"inputs": numbers(x), "rows": ROWS, "columns": 2, "entries": entries}


# ---------------------------------------------------------------- parameter groups and their clocks

FROZEN_STEPS = 1000
UNFROZEN_STEPS = 10
FACTORS = {"hidden.0": 0.1, "hidden.1": 4.0, "output": 1.0}
# Those whose update depends on how often a parameter was updated before; a state that starts at 0 is a clock too. Rates
# at which rounding errors do not grow in a thousand steps.
CLOCKED = [
    ("momentum", {"dampening": 0.3}), ("adagrad", {"learning_rate": 0.05, "lr_decay": 0.01}),
    ("rmsprop", {"learning_rate": 0.0005}), ("adadelta", {"learning_rate": 0.05}), ("adam", {"learning_rate": 0.01}),
    ("adam", {"learning_rate": 0.01, "amsgrad": 1}), ("adamw", {"learning_rate": 0.01}), ("nadam", {"learning_rate": 0.002}),
    ("sgd", {}), ("nesterov", {}),
]


def group_step(w, free, optimizer, x, y):
    """One step of mean squared error on the whole batch."""
    for p in w.values():
        p.grad = None
    hidden = torch.tanh(x @ w["hidden.0.weight"].T + w["hidden.0.bias"])
    hidden = torch.tanh(hidden @ w["hidden.1.weight"].T + w["hidden.1.bias"])
    y_hat = hidden @ w["output.weight"].T + w["output.bias"]
    gradients = torch.autograd.grad(((y_hat - y) ** 2).mean(), [w[name] for name in free])
    for name, gradient in zip(free, gradients):
        w[name].grad = gradient
    optimizer.step()


def groups():
    """A layer that is frozen for a thousand steps and then not, and layers with rates of their own."""
    x = centred(960, ROWS * 2).reshape(ROWS, 2)
    labels = x[:, 0] * x[:, 1] + 0.5 * x[:, 0]
    inputs, targets = torch.tensor(x, dtype=F64), torch.tensor(labels, dtype=F64)[:, None]
    sizes = {"hidden.0": (4, 2), "hidden.1": (3, 4), "output": (1, 3)}
    start = {}
    for place, (part, (outputs, columns)) in enumerate(sizes.items()):
        start[f"{part}.weight"] = centred(1700 + 2 * place, outputs * columns).reshape(outputs, columns)
        start[f"{part}.bias"] = centred(1701 + 2 * place, outputs) / 4
    tensors = lambda: {name: torch.tensor(value, dtype=F64, requires_grad=True) for name, value in start.items()}
    entries = []
    for name, variation in CLOCKED:
        h = OPTIMIZERS[name] | variation
        w = tensors()
        optimizer = make_optimizer(name, h, list(w.values()))
        for _ in range(FROZEN_STEPS):
            group_step(w, [k for k in w if not k.startswith("hidden.0")], optimizer, inputs, targets)
        unfrozen = []
        for _ in range(UNFROZEN_STEPS):
            group_step(w, list(w), optimizer, inputs, targets)
            unfrozen.append({k: numbers(v) for k, v in w.items()})
        w = tensors()
        optimizer = make_optimizer(name, h, [
            {"params": [p for k, p in w.items() if k.startswith(part)], "lr": h["learning_rate"] * factor}
            for part, factor in FACTORS.items()])
        factors = []
        for _ in range(STEPS):
            group_step(w, list(w), optimizer, inputs, targets)
            factors.append({k: numbers(v) for k, v in w.items()})
        entries.append({"id": name, "params": h, "unfrozen": unfrozen, "factors": factors})
    return {"inputs": numbers(x), "labels": numbers(labels), "rows": ROWS, "columns": 2, "frozen_steps": FROZEN_STEPS,
            "rate_factors": FACTORS, "weights": {k: numbers(v) for k, v in start.items()}, "entries": entries}


# ---------------------------------------------------------------- early stopping


class Stopped:
    """What EarlyStopping asks of a model: its weights are the number of the epoch."""

    def __init__(self):
        self.weights, self.stop_training = 0, False

    def get_weights(self):
        return self.weights

    def set_weights(self, weights):
        self.weights = weights


def early_stopping():
    """Keras's own callback over given figures: after how many epochs it stops, and whose weights the run ends with."""
    falling = [1.0, 0.8, 0.7, 0.65, 0.6]
    # (patience, min_delta, restore_best, higher is better, epochs asked for, figures of each fit)
    cases = [
        (2, 0.0, True, False, 0, [[1.0, 0.5, 0.6, 0.55, 0.4]]),
        (2, 0.0, False, False, 0, [[1.0, 0.5, 0.6, 0.55, 0.4]]),
        (1, 0.0, True, False, 0, [[1.0, 1.0, 0.5]]),
        (3, 0.25, True, False, 0, [[1.0, 0.875, 0.75, 0.625, 0.5, 0.5, 0.375]]),
        (2, 0.125, True, True, 0, [[0.25, 0.375, 0.5, 0.5, 0.5625, 0.75]]),
        # Ended by the number of epochs: after the best, at the best, without a better one since the first.
        (5, 0.0, True, False, 5, [[1.0, 0.5, 0.6, 0.7, 0.8]]),
        (5, 0.0, True, False, 5, [falling]),
        (9, 0.0, True, False, 4, [[0.5, 0.6, 0.7, 0.8]]),
        (5, 0.0, False, False, 5, [[1.0, 0.5, 0.6, 0.7, 0.8]]),
        # Patience runs out in the last epoch.
        (3, 0.0, True, False, 5, [[1.0, 0.5, 0.6, 0.7, 0.8]]),
        # A second fit starts wait and best anew, from worse figures too.
        (2, 0.0, True, False, 0, [[1.0, 0.5, 0.6, 0.7], [0.9, 0.8, 0.85, 0.95]]),
        (2, 0.0, True, False, 3, [[1.0, 0.5, 0.6], [0.9, 0.8, 0.85], [0.7, 0.75, 0.8]]),
        (2, 0.0, True, False, 0, [[1.0, 0.5, 0.6, 0.7], [0.9, 0.95, 1.0], [0.2, 0.1, 0.15, 0.15]]),
    ]
    entries = []
    for patience, min_delta, restore, higher, epochs, fits in cases:
        callback = keras.callbacks.EarlyStopping("figure", min_delta=min_delta, patience=patience,
                                                 mode="max" if higher else "min", restore_best_weights=restore)
        model, done, runs = Stopped(), 0, []
        callback.set_model(model)
        for figures in fits:
            model.stop_training = False
            callback.on_train_begin()
            for epoch, figure in enumerate(figures):
                done += 1
                model.weights = done
                callback.on_epoch_end(epoch, {"figure": figure})
                if model.stop_training or epoch + 1 == epochs:
                    break
            callback.on_train_end()
            runs.append({"figures": figures, "epochs": done, "early": model.stop_training, "weights_of": model.weights})
        entries.append({"patience": patience, "min_delta": min_delta, "restore_best": restore, "higher_is_better": higher,
                        "stop_epochs": epochs, "fits": runs})
    return {"entries": entries}


def check_decay(network, training, weights, batches, expected):
    """The decoupled penalty under Adam is torch's AdamW with decay on the weights alone."""
    h, rate = training["optimizer"], training["penalty"]["lambda"]
    w = {name: torch.tensor(value, dtype=F64, requires_grad=True) for name, value in weights.items()}
    split = lambda end: [p for name, p in w.items() if name.endswith(end)]
    optimizer = torch.optim.AdamW([{"params": split("weight"), "weight_decay": rate},
                                   {"params": split("bias"), "weight_decay": 0.0}],
                                  lr=h["learning_rate"], betas=(h["beta1"], h["beta2"]), eps=h["eps"])
    for x, y in batches:
        optimizer.zero_grad()
        data_loss(training["loss"], *forward(network, w, torch.tensor(x)), torch.tensor(y)).backward()
        optimizer.step()
    for name, value in expected.items():
        agree(f"AdamW, {name}", numbers(w[name]), value, 1e-13)


# ---------------------------------------------------------------- the worked example

BATCH = 32
BATCHES = 50
SIDE, BLOCK = 28, 4
WIDTHS = [784, 64, 64, 10]
SCALES = [1.0 / 16.0, 0.25, 0.25]  # powers of two near He's bounds 0.087, 0.306, 0.306


def pictures(count):
    """(pixels (count, 784), labels (count,)): learnable, k/256, the same in tests/golden.rs.

    A class lights about a third of the 7 x 7 blocks of 4 x 4 pixels; each picture flips a block with chance 1/4.
    A lit pixel is 128 to 255, a dark one 0 to 31 in 256ths.
    """
    picture, pixel = np.arange(count, dtype=np.uint64)[:, None], np.arange(784, dtype=np.uint64)[None, :]
    label = mix(np.arange(count, dtype=np.uint64) + np.uint64(2000 << 20)) % np.uint64(10)
    block = (pixel // np.uint64(SIDE * BLOCK)) * np.uint64(SIDE // BLOCK) + pixel % np.uint64(SIDE) // np.uint64(BLOCK)
    lit = mix(np.uint64(2001 << 20) + label[:, None] * np.uint64(49) + block) % np.uint64(3) == 0
    flipped = mix(np.uint64(2002 << 20) + picture * np.uint64(49) + block) % np.uint64(4) == 0
    noise = mix(np.uint64(2003 << 20) + picture * np.uint64(784) + pixel)
    k = np.where(lit != flipped, 128 + noise % np.uint64(128), noise % np.uint64(32))
    return k.astype(np.float64) / 256.0, label.astype(np.int64)


def example_weights():
    """Uniform odd multiples of scale/1024, streams 2010, 2011, 2012; biases zero."""
    weights = {}
    for index, part in enumerate(["hidden.0", "hidden.1", "output"]):
        inputs, outputs = WIDTHS[index], WIDTHS[index + 1]
        weights[f"{part}.weight"] = centred(2010 + index, outputs * inputs).reshape(outputs, inputs) * SCALES[index]
        weights[f"{part}.bias"] = np.zeros(outputs)
    return weights


def whole(value):
    """An integer that was computed as a float."""
    assert value == int(value), value
    return int(value)


def keras_losses(weights, pixels, labels, as_published):
    """Losses of the same run in Keras, f32 (its loss rounds to f32 on this backend whatever the type).

    `as_published`: the curriculum's own lines, softmax layer and Adam at Keras' defaults (epsilon 1e-7, added to the
    square root before the bias correction). Otherwise cross entropy from logits, and epsilon 1e-8 multiplied by
    sqrt(1 - beta2^t) each step, which is PyTorch's place for it.
    """
    keras_in("float32")
    model = keras.Sequential([
        keras.layers.Input((784,)), keras.layers.Dense(64, activation="relu"), keras.layers.Dense(64, activation="relu"),
        keras.layers.Dense(10, activation="softmax" if as_published else None)])
    model.set_weights([v.T if v.ndim == 2 else v for v in weights.values()])
    optimizer = keras.optimizers.Adam(0.001)
    loss = keras.losses.CategoricalCrossentropy(from_logits=not as_published)
    model.compile(optimizer, loss, jit_compile=False)
    losses = []
    for step in range(BATCHES):
        rows = slice(step * BATCH, (step + 1) * BATCH)
        if not as_published:
            optimizer.epsilon = 1e-8 * math.sqrt(1.0 - 0.999 ** (step + 1))
        model.reset_metrics()
        x, y = pixels[rows].astype(np.float32), np.eye(10, dtype=np.float32)[labels[rows]]
        losses.append(float(model.train_on_batch(x, y)))
    keras_in("float64")
    return losses


def worked_example():
    pixels, labels = pictures(BATCH * BATCHES)
    weights = example_weights()
    network = {"hidden": [layer(64, "relu"), layer(64, "relu")], "output": {"activation": choice("softmax"), "frozen": False}}
    training = {"loss": choice("categorical_cross_entropy"), "optimizer": optimizer_choice("adam"),
                "penalty": choice("none"), "clip": choice("none"), "max_norm": 0.0, "batch_size": BATCH}
    targets = np.eye(10)[labels]
    batches = [(pixels[s:s + BATCH], targets[s:s + BATCH]) for s in range(0, BATCH * BATCHES, BATCH)]
    result, gradients = {}, {}
    for label, dtype in [("f64", torch.float64), ("f32", torch.float32)]:
        losses, _, w = train(network, training, weights, batches, dtype, gradients if dtype == F64 else None)
        result[label] = {"loss": numbers(losses),
                         "final": {name: {"sum": float(v.detach().double().sum()),
                                          "sum_of_squares": float((v.detach().double() ** 2).sum())} for name, v in w.items()}}
    f64, f32 = result["f64"]["loss"], result["f32"]["loss"]
    apart = lambda losses: float(np.max(np.abs(np.array(losses) / np.array(f64) - 1.0)))
    same = keras_losses(weights, pixels, labels, as_published=False)
    published = keras_losses(weights, pixels, labels, as_published=True)
    report = {"torch_f32": apart(f32), "keras_f32": apart(same), "keras_as_published_f32": apart(published)}
    if max(report["torch_f32"], report["keras_f32"]) > ENGINE_F32:
        sys.exit(f"worked example: torch and Keras do not agree: {report}")
    result |= {"keras_f32": {"loss": same}, "keras_as_published_f32": {"loss": published}}
    print(f"worked example: {report}; loss {f64[0]:.4f} to {f64[-1]:.4f}")
    return {"network": network, "training": training, "batches": BATCHES,
            "largest_relative_difference_to_f64": report,
            # Whole numbers, since all readers read those exactly: weights in 1/2^14, their squares in 1/2^28, pixels in 1/256.
            "initial": {name: {"sum": whole(2.0**14 * v.sum()), "sum_of_squares": whole(2.0**28 * (v * v).sum())}
                        for name, v in weights.items()},
            "pixel_sum": whole(256 * pixels.sum()), "labels_of_first_batch": labels[:BATCH].tolist(),
            "first_step_gradient_norm": {name: float(g.norm()) for name, g in gradients.items()},
            "hash_of_first_indices": mix(np.arange(4)).tolist(), **result}


# ---------------------------------------------------------------- files

FILES = {
    "groups": groups, "stopping": early_stopping,
    "activations": activations,
    "losses": losses,
    "optimizers": optimizers,
    "schedules": schedules,
    "initializers": initializers,
    "metrics": metrics,
    "mlp": mlp,
    "worked_example": worked_example,
}


def text(value, depth=0):
    """JSON with one line an entry: readable differences, no megabytes of indentation."""
    if depth < 2 and isinstance(value, dict):
        return "{\n" + ",\n".join(f"{json.dumps(k)}: {text(v, depth + 1)}" for k, v in value.items()) + "\n}"
    if depth < 2 and isinstance(value, list) and value and isinstance(value[0], dict):
        return "[\n" + ",\n".join(text(v, depth + 1) for v in value) + "\n]"
    return json.dumps(value, separators=(",", ":"), allow_nan=False)


def differences(path, old, new):
    """Places where a regenerated file says something else."""
    if isinstance(old, dict) and isinstance(new, dict) and old.keys() == new.keys():
        return [d for k in old for d in differences(f"{path}.{k}", old[k], new[k])]
    if isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        return [d for i, (a, b) in enumerate(zip(old, new)) for d in differences(f"{path}[{i}]", a, b)]
    if isinstance(old, float) and isinstance(new, (int, float)):
        tolerance = CHECK_F32 if "f32" in path or "largest_relative" in path else CHECK_F64
        return [] if abs(old - new) <= tolerance * max(1.0, abs(old)) else [f"{path}: {old} became {new}"]
    return [] if old == new else [f"{path}: {old} became {new}"]


def main():
    check = sys.argv[1:] == ["--check"]
    if sys.argv[1:] and not check:
        sys.exit(__doc__)
    versions = {"torch": torch.__version__.split("+")[0], "keras": keras.__version__,
                "scikit_learn": sklearn.__version__, "numpy": np.__version__}
    found = []
    for name, section in FILES.items():
        content = {"format": FORMAT, **versions, **section()}
        path = HERE / f"{name}.json"
        if check:
            old = json.loads(path.read_text(encoding="utf-8"))
            found += [d for d in differences(name, old, json.loads(text(content))) if not d.startswith(tuple(
                f"{name}.{v}:" for v in versions))]
        else:
            path.write_text(text(content) + "\n", encoding="utf-8")
            print(f"{path.name}: {path.stat().st_size / 1024:.0f} KB")
    print(*found[:50], sep="\n")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
