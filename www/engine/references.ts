// Generated from the engine's tables by `UPDATE=1 cargo test wire`. Do not edit.

/** What a row of a table is called elsewhere, and where it is from. */
export interface Reference { pytorch: string | null; keras: string | null; onnx: string | null; latex: string; reference: string }

/** By the catalog's table, then by the row's id. */
export type References = Record<"activations" | "losses" | "optimizers" | "schedules" | "penalties" | "clips" | "initializers", Record<string, Reference>>;

export const references: References = {
  activations: {
    linear: { pytorch: "torch.nn.Identity()", keras: "linear", onnx: "Identity", latex: "z", reference: "https://pytorch.org/docs/stable/generated/torch.nn.Identity.html" },
    sigmoid: { pytorch: "torch.nn.Sigmoid()", keras: "sigmoid", onnx: "Sigmoid", latex: "\\frac{1}{1+e^{-z}}", reference: "https://pytorch.org/docs/stable/generated/torch.nn.Sigmoid.html" },
    tanh: { pytorch: "torch.nn.Tanh()", keras: "tanh", onnx: "Tanh", latex: "\\tanh z", reference: "LeCun, Bottou, Orr and Müller, Efficient BackProp, 1998" },
    relu: { pytorch: "torch.nn.ReLU()", keras: "relu", onnx: "Relu", latex: "\\max(0, z)", reference: "Glorot, Bordes and Bengio, Deep Sparse Rectifier Neural Networks, 2011" },
    leaky_relu: { pytorch: "torch.nn.LeakyReLU(negative_slope={slope})", keras: "keras.layers.LeakyReLU(negative_slope={slope})", onnx: "LeakyRelu", latex: "\\begin{cases}z & z>0\\\\ \\mathrm{slope}\\cdot z & z\\le 0\\end{cases}", reference: "Maas, Hannun and Ng, Rectifier Nonlinearities Improve Neural Network Acoustic Models, 2013" },
    elu: { pytorch: "torch.nn.ELU(alpha={alpha})", keras: "keras.layers.ELU(alpha={alpha})", onnx: "Elu", latex: "\\begin{cases}z & z>0\\\\ \\alpha(e^z-1) & z\\le 0\\end{cases}", reference: "Clevert, Unterthiner and Hochreiter, arXiv:1511.07289, 2015" },
    selu: { pytorch: "torch.nn.SELU()", keras: "selu", onnx: "Selu", latex: "1.0507\\begin{cases}z & z>0\\\\ 1.6733(e^z-1) & z\\le 0\\end{cases}", reference: "Klambauer, Unterthiner, Mayr and Hochreiter, arXiv:1706.02515, 2017" },
    gelu: { pytorch: "torch.nn.GELU()", keras: "gelu", onnx: "Gelu", latex: "\\tfrac{z}{2}\\left(1+\\operatorname{erf}\\tfrac{z}{\\sqrt2}\\right)", reference: "Hendrycks and Gimpel, arXiv:1606.08415, 2016" },
    gelu_tanh: { pytorch: "torch.nn.GELU(approximate=\"tanh\")", keras: "lambda z: keras.ops.gelu(z, approximate=True)", onnx: "Gelu", latex: "\\tfrac{z}{2}\\left(1+\\tanh\\left(\\sqrt{\\tfrac2\\pi}\\,(z+0.044715z^3)\\right)\\right)", reference: "Hendrycks and Gimpel, arXiv:1606.08415, 2016" },
    silu: { pytorch: "torch.nn.SiLU()", keras: "silu", onnx: "Swish", latex: "\\frac{z}{1+e^{-z}}", reference: "Elfwing, Uchibe and Doya, arXiv:1702.03118, 2017" },
    softplus: { pytorch: "torch.nn.Softplus()", keras: "softplus", onnx: "Softplus", latex: "\\ln(1+e^z)", reference: "Dugas, Bengio, Bélisle, Nadeau and Garcia, 2001" },
    softsign: { pytorch: "torch.nn.Softsign()", keras: "softsign", onnx: "Softsign", latex: "\\frac{z}{1+|z|}", reference: "Glorot and Bengio, 2010" },
    mish: { pytorch: "torch.nn.Mish()", keras: "mish", onnx: "Mish", latex: "z\\tanh(\\ln(1+e^z))", reference: "Misra, arXiv:1908.08681, 2019" },
    hard_sigmoid: { pytorch: "torch.nn.Hardsigmoid()", keras: "hard_sigmoid", onnx: "HardSigmoid", latex: "\\min\\left(1,\\max\\left(0,\\tfrac{z}{6}+\\tfrac12\\right)\\right)", reference: "https://pytorch.org/docs/stable/generated/torch.nn.Hardsigmoid.html" },
    hard_swish: { pytorch: "torch.nn.Hardswish()", keras: "hard_swish", onnx: "HardSwish", latex: "z\\min\\left(1,\\max\\left(0,\\tfrac{z}{6}+\\tfrac12\\right)\\right)", reference: "Howard et al., Searching for MobileNetV3, arXiv:1905.02244, 2019" },
    sine: { pytorch: "torch.sin", keras: "keras.ops.sin", onnx: "Sin", latex: "\\sin z", reference: "Sitzmann et al., arXiv:2006.09661, 2020" },
    gaussian: { pytorch: "lambda z: torch.exp(-z.square())", keras: "lambda z: keras.ops.exp(-keras.ops.square(z))", onnx: null, latex: "e^{-z^2}", reference: "Broomhead and Lowe, 1988" },
    softmax: { pytorch: "torch.nn.Softmax(dim=-1)", keras: "softmax", onnx: "Softmax", latex: "\\frac{e^{z_i}}{\\sum_j e^{z_j}}", reference: "Bridle, 1990" },
  },
  losses: {
    mse: { pytorch: "torch.nn.MSELoss()", keras: "mean_squared_error", onnx: null, latex: "(\\hat y-y)^2", reference: "https://pytorch.org/docs/stable/generated/torch.nn.MSELoss.html" },
    half_mse: { pytorch: "lambda y_hat, y: (y_hat - y).square().mean() / 2", keras: "lambda y, y_hat: keras.losses.mean_squared_error(y, y_hat) / 2", onnx: null, latex: "\\tfrac12(\\hat y-y)^2", reference: "https://playground.tensorflow.org" },
    mae: { pytorch: "torch.nn.L1Loss()", keras: "mean_absolute_error", onnx: null, latex: "|\\hat y-y|", reference: "https://pytorch.org/docs/stable/generated/torch.nn.L1Loss.html" },
    huber: { pytorch: "torch.nn.HuberLoss(delta={delta})", keras: "keras.losses.Huber(delta={delta})", onnx: null, latex: "\\begin{cases}\\tfrac12 d^2 & |d|<\\delta\\\\ \\delta(|d|-\\tfrac12\\delta) & |d|\\ge\\delta\\end{cases},\\ d=\\hat y-y", reference: "Huber, Robust Estimation of a Location Parameter, 1964" },
    log_cosh: { pytorch: "lambda y_hat, y: (y_hat - y + torch.nn.functional.softplus(2 * (y - y_hat)) - math.log(2)).mean()", keras: "log_cosh", onnx: null, latex: "\\ln\\cosh(\\hat y-y)", reference: "https://keras.io/api/losses/regression_losses/#logcosh-class" },
    binary_cross_entropy: { pytorch: "torch.nn.BCEWithLogitsLoss()", keras: "binary_crossentropy", onnx: null, latex: "-y\\ln\\hat y-(1-y)\\ln(1-\\hat y)", reference: "https://pytorch.org/docs/stable/generated/torch.nn.BCEWithLogitsLoss.html" },
    categorical_cross_entropy: { pytorch: "torch.nn.CrossEntropyLoss()", keras: "categorical_crossentropy", onnx: "SoftmaxCrossEntropyLoss", latex: "-\\sum_k y_k\\ln\\hat y_k", reference: "https://pytorch.org/docs/stable/generated/torch.nn.CrossEntropyLoss.html" },
    hinge: { pytorch: "lambda y_hat, y: (1 - y * y_hat).clamp(min=0).mean()", keras: "hinge", onnx: null, latex: "\\max(0, 1-y\\hat y)", reference: "Cortes and Vapnik, Support-Vector Networks, 1995" },
  },
  optimizers: {
    gd: { pytorch: "torch.optim.SGD(lr={learning_rate}[, weight_decay={weight_decay}])", keras: "keras.optimizers.SGD(learning_rate={learning_rate})", onnx: null, latex: "w\\leftarrow w-\\eta g", reference: "Cauchy, 1847" },
    sgd: { pytorch: "torch.optim.SGD(lr={learning_rate}[, weight_decay={weight_decay}])", keras: "keras.optimizers.SGD(learning_rate={learning_rate})", onnx: null, latex: "w\\leftarrow w-\\eta g", reference: "Robbins and Monro, A Stochastic Approximation Method, 1951" },
    momentum: { pytorch: "torch.optim.SGD(lr={learning_rate}, momentum={momentum}[, dampening={dampening}][, weight_decay={weight_decay}])", keras: "keras.optimizers.SGD(learning_rate={learning_rate}, momentum={momentum})", onnx: "Momentum", latex: "v\\leftarrow\\mu v+g,\\quad w\\leftarrow w-\\eta v", reference: "Polyak, 1964; Sutskever et al., 2013" },
    nesterov: { pytorch: "torch.optim.SGD(lr={learning_rate}, momentum={momentum}, nesterov=True[, weight_decay={weight_decay}])", keras: "keras.optimizers.SGD(learning_rate={learning_rate}, momentum={momentum}, nesterov=True)", onnx: "Momentum", latex: "v\\leftarrow\\mu v+g,\\quad w\\leftarrow w-\\eta(g+\\mu v)", reference: "Nesterov, 1983; Sutskever et al., 2013" },
    adagrad: { pytorch: "torch.optim.Adagrad(lr={learning_rate}[, lr_decay={lr_decay}][, initial_accumulator_value={initial_accumulator}], eps={eps}[, weight_decay={weight_decay}])", keras: "keras.optimizers.Adagrad(learning_rate={learning_rate}, initial_accumulator_value={initial_accumulator}, epsilon={eps} ** 2)", onnx: "Adagrad", latex: "s\\leftarrow s+g^2,\\quad w\\leftarrow w-\\eta\\frac{g}{\\sqrt s+\\epsilon}", reference: "Duchi, Hazan and Singer, Adaptive Subgradient Methods, 2011" },
    rmsprop: { pytorch: "torch.optim.RMSprop(lr={learning_rate}, alpha={alpha}, eps={eps}[, momentum={momentum}][, centered={centered?}][, weight_decay={weight_decay}])", keras: "keras.optimizers.RMSprop(learning_rate={learning_rate}, rho={alpha}, epsilon={eps} ** 2[, momentum={momentum}][, centered={centered?}])", onnx: null, latex: "s\\leftarrow\\alpha s+(1-\\alpha)g^2,\\quad w\\leftarrow w-\\eta\\frac{g}{\\sqrt s+\\epsilon}", reference: "Tieleman and Hinton, lecture 6.5, 2012; centred: Graves, arXiv:1308.0850, 2013" },
    adadelta: { pytorch: "torch.optim.Adadelta(lr={learning_rate}, rho={rho}, eps={eps}[, weight_decay={weight_decay}])", keras: "keras.optimizers.Adadelta(learning_rate={learning_rate}, rho={rho}, epsilon={eps})", onnx: null, latex: "\\Delta=\\frac{\\sqrt{u+\\epsilon}}{\\sqrt{s+\\epsilon}}g,\\quad w\\leftarrow w-\\eta\\Delta", reference: "Zeiler, arXiv:1212.5701, 2012" },
    adam: { pytorch: "torch.optim.Adam(lr={learning_rate}, betas=({beta1}, {beta2}), eps={eps}[, weight_decay={weight_decay}][, amsgrad={amsgrad?}])", keras: "keras.optimizers.Adam(learning_rate={learning_rate}, beta_1={beta1}, beta_2={beta2}, epsilon={eps}[, amsgrad={amsgrad?}])", onnx: "Adam", latex: "w\\leftarrow w-\\eta\\frac{\\hat m}{\\sqrt{\\hat v}+\\epsilon}", reference: "Kingma and Ba, arXiv:1412.6980, 2014; AMSGrad: Reddi, Kale and Kumar, 2018" },
    adamw: { pytorch: "torch.optim.AdamW(lr={learning_rate}, betas=({beta1}, {beta2}), eps={eps}, weight_decay={weight_decay}[, amsgrad={amsgrad?}])", keras: "keras.optimizers.AdamW(learning_rate={learning_rate}, beta_1={beta1}, beta_2={beta2}, epsilon={eps}, weight_decay={weight_decay}[, amsgrad={amsgrad?}])", onnx: null, latex: "w\\leftarrow(1-\\eta\\lambda)w-\\eta\\frac{\\hat m}{\\sqrt{\\hat v}+\\epsilon}", reference: "Loshchilov and Hutter, arXiv:1711.05101, 2017" },
    nadam: { pytorch: "torch.optim.NAdam(lr={learning_rate}, betas=({beta1}, {beta2}), eps={eps}, momentum_decay={momentum_decay}[, weight_decay={weight_decay}][, decoupled_weight_decay={decoupled_weight_decay?}])", keras: "keras.optimizers.Nadam(learning_rate={learning_rate}, beta_1={beta1}, beta_2={beta2}, epsilon={eps})", onnx: null, latex: "w\\leftarrow w-\\eta\\frac{\\mu_{t+1}\\hat m+(1-\\mu_t)\\hat g}{\\sqrt{\\hat v}+\\epsilon}", reference: "Dozat, Incorporating Nesterov Momentum into Adam, 2016" },
    lion: { pytorch: null, keras: "keras.optimizers.Lion(learning_rate={learning_rate}, beta_1={beta1}, beta_2={beta2}[, weight_decay={weight_decay}])", onnx: null, latex: "w\\leftarrow w-\\eta\\operatorname{sign}(\\beta_1m+(1-\\beta_1)g)", reference: "Chen et al., Symbolic Discovery of Optimization Algorithms, arXiv:2302.06675, 2023" },
  },
  schedules: {
    constant: { pytorch: null, keras: null, onnx: null, latex: "\\eta_t=\\eta", reference: "" },
    step: { pytorch: "torch.optim.lr_scheduler.StepLR(step_size={period}, gamma={gamma})", keras: "keras.callbacks.LearningRateScheduler(lambda epoch: {learning_rate} * {gamma} ** (epoch // {period}))", onnx: null, latex: "\\eta_t=\\eta\\,\\gamma^{\\lfloor t/T\\rfloor}", reference: "https://pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.StepLR.html" },
    exponential: { pytorch: "torch.optim.lr_scheduler.ExponentialLR(gamma={gamma})", keras: "keras.callbacks.LearningRateScheduler(lambda epoch: {learning_rate} * {gamma} ** epoch)", onnx: null, latex: "\\eta_t=\\eta\\,\\gamma^t", reference: "https://pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.ExponentialLR.html" },
    cosine: { pytorch: "torch.optim.lr_scheduler.CosineAnnealingLR(T_max={period}, eta_min={learning_rate} * {min_factor})", keras: "keras.callbacks.LearningRateScheduler(lambda epoch: {learning_rate} * ({min_factor} + (1 - {min_factor}) * (1 + math.cos(math.pi * epoch / {period})) / 2))", onnx: null, latex: "\\eta_t=\\eta_{\\min}+\\tfrac12(\\eta-\\eta_{\\min})\\left(1+\\cos\\tfrac{\\pi t}{T}\\right)", reference: "Loshchilov and Hutter, arXiv:1608.03983, 2016" },
    cosine_restarts: { pytorch: "torch.optim.lr_scheduler.CosineAnnealingWarmRestarts(T_0={period}, T_mult={multiplier}, eta_min={learning_rate} * {min_factor})", keras: "keras.optimizers.schedules.CosineDecayRestarts({learning_rate}, first_decay_steps={period} * steps_per_epoch, t_mul={multiplier}, alpha={min_factor})", onnx: null, latex: "\\eta_t=\\eta_{\\min}+\\tfrac12(\\eta-\\eta_{\\min})\\left(1+\\cos\\tfrac{\\pi t_i}{T_i}\\right)", reference: "Loshchilov and Hutter, SGDR, arXiv:1608.03983, 2016" },
    warm_up: { pytorch: "torch.optim.lr_scheduler.LinearLR(start_factor={start_factor}, total_iters={steps})", keras: "keras.optimizers.schedules.PolynomialDecay({learning_rate} * {start_factor}, decay_steps={steps}, end_learning_rate={learning_rate})", onnx: null, latex: "\\eta_t=\\eta\\left(s+(1-s)\\min\\left(1,\\tfrac tT\\right)\\right)", reference: "Goyal et al., arXiv:1706.02677, 2017" },
    one_cycle: { pytorch: "torch.optim.lr_scheduler.OneCycleLR(max_lr={learning_rate}, total_steps={period}, pct_start={warm_share}, div_factor=1 / {start_factor}, final_div_factor={start_factor} / {final_factor}, cycle_momentum=False)", keras: null, onnx: null, latex: "\\eta_0\\nearrow\\eta\\searrow\\eta_T", reference: "Smith and Topin, Super-Convergence, arXiv:1708.07120, 2017" },
    cyclic: { pytorch: "torch.optim.lr_scheduler.CyclicLR(base_lr={learning_rate} * {min_factor}, max_lr={learning_rate}, step_size_up={period} / 2, cycle_momentum=False)", keras: null, onnx: null, latex: "\\eta_t=\\eta_{\\min}+(\\eta-\\eta_{\\min})\\left(1-\\left|\\tfrac{2t}{T}-1\\right|\\right),\\ t\\bmod T", reference: "Smith, Cyclical Learning Rates, arXiv:1506.01186, 2015" },
    reduce_on_plateau: { pytorch: "torch.optim.lr_scheduler.ReduceLROnPlateau(factor={factor}, patience={patience}, threshold={threshold}, cooldown={cooldown}, min_lr={learning_rate} * {min_factor}, eps=0)", keras: "keras.callbacks.ReduceLROnPlateau(monitor=\"val_loss\", factor={factor}, patience={patience} + 1, min_delta={threshold}, cooldown={cooldown}, min_lr={learning_rate} * {min_factor})", onnx: null, latex: "\\eta\\leftarrow\\max(\\gamma\\,\\eta,\\eta_{\\min})", reference: "https://pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.ReduceLROnPlateau.html" },
  },
  penalties: {
    none: { pytorch: null, keras: null, onnx: null, latex: "0", reference: "" },
    l1: { pytorch: "w.copy_(w.sign() * (w.abs() - rate * {lambda}).clamp(min=0))", keras: "keras.regularizers.L1({lambda})", onnx: null, latex: "\\lambda\\sum|w|", reference: "Tibshirani, Regression Shrinkage and Selection via the Lasso, 1996" },
    l2: { pytorch: "{lambda} * w.square().sum()", keras: "keras.regularizers.L2({lambda})", onnx: null, latex: "\\lambda\\sum w^2", reference: "Hoerl and Kennard, Ridge Regression, 1970" },
    elastic_net: { pytorch: "{l2} * w.square().sum()\nw.copy_(w.sign() * (w.abs() - rate * {l1}).clamp(min=0))", keras: "keras.regularizers.L1L2(l1={l1}, l2={l2})", onnx: null, latex: "\\lambda_1\\sum|w|+\\lambda_2\\sum w^2", reference: "Zou and Hastie, Regularization and Variable Selection via the Elastic Net, 2005" },
    weight_decay: { pytorch: "w.mul_(1 - rate * {lambda})", keras: "weight_decay={lambda}", onnx: null, latex: "w\\leftarrow(1-\\eta\\lambda)\\,w", reference: "Loshchilov and Hutter, Decoupled Weight Decay Regularization, arXiv:1711.05101, 2017" },
  },
  clips: {
    none: { pytorch: null, keras: null, onnx: null, latex: "g", reference: "" },
    norm: { pytorch: "torch.nn.utils.clip_grad_norm_(max_norm={limit})", keras: "global_clipnorm={limit}", onnx: null, latex: "g\\min\\left(1,\\frac{c}{\\lVert g\\rVert}\\right)", reference: "Pascanu, Mikolov and Bengio, arXiv:1211.5063, 2012" },
    value: { pytorch: "torch.nn.utils.clip_grad_value_(clip_value={limit})", keras: "clipvalue={limit}", onnx: null, latex: "\\min(c,\\max(-c,g))", reference: "Mikolov, Statistical Language Models Based on Neural Networks, 2012" },
  },
  initializers: {
    zeros: { pytorch: "torch.nn.init.zeros_()", keras: "zeros", onnx: null, latex: "0", reference: "https://pytorch.org/docs/stable/nn.init.html" },
    constant: { pytorch: "torch.nn.init.constant_({value})", keras: "keras.initializers.Constant({value})", onnx: null, latex: "c", reference: "https://pytorch.org/docs/stable/nn.init.html" },
    uniform: { pytorch: "torch.nn.init.uniform_({low}, {high})", keras: "keras.initializers.RandomUniform({low}, {high})", onnx: null, latex: "U(a,b)", reference: "https://pytorch.org/docs/stable/nn.init.html" },
    normal: { pytorch: "torch.nn.init.normal_({mean}, {std})", keras: "keras.initializers.RandomNormal({mean}, {std})", onnx: null, latex: "N(\\mu,\\sigma^2)", reference: "https://pytorch.org/docs/stable/nn.init.html" },
    glorot_uniform: { pytorch: "torch.nn.init.xavier_uniform_()", keras: "glorot_uniform", onnx: null, latex: "U(-a,a),\\ a=\\sqrt{\\tfrac{6}{n_{in}+n_{out}}}", reference: "Glorot and Bengio, Understanding the Difficulty of Training Deep Networks, 2010" },
    glorot_normal: { pytorch: "torch.nn.init.xavier_normal_()", keras: "glorot_normal", onnx: null, latex: "N\\left(0,\\tfrac{2}{n_{in}+n_{out}}\\right)", reference: "Glorot and Bengio, Understanding the Difficulty of Training Deep Networks, 2010" },
    he_uniform: { pytorch: "torch.nn.init.kaiming_uniform_(nonlinearity=\"relu\")", keras: "he_uniform", onnx: null, latex: "U(-a,a),\\ a=\\sqrt{\\tfrac{6}{n_{in}}}", reference: "He, Zhang, Ren and Sun, arXiv:1502.01852, 2015" },
    he_normal: { pytorch: "torch.nn.init.kaiming_normal_(nonlinearity=\"relu\")", keras: "he_normal", onnx: null, latex: "N\\left(0,\\tfrac{2}{n_{in}}\\right)", reference: "He, Zhang, Ren and Sun, arXiv:1502.01852, 2015" },
    lecun_uniform: { pytorch: "torch.nn.init.kaiming_uniform_(nonlinearity=\"linear\")", keras: "lecun_uniform", onnx: null, latex: "U(-a,a),\\ a=\\sqrt{\\tfrac{3}{n_{in}}}", reference: "LeCun, Bottou, Orr and Müller, Efficient BackProp, 1998" },
    lecun_normal: { pytorch: "torch.nn.init.kaiming_normal_(nonlinearity=\"linear\")", keras: "lecun_normal", onnx: null, latex: "N\\left(0,\\tfrac{1}{n_{in}}\\right)", reference: "LeCun, Bottou, Orr and Müller, Efficient BackProp, 1998" },
    orthogonal: { pytorch: "torch.nn.init.orthogonal_(gain={gain})", keras: "keras.initializers.Orthogonal(gain={gain})", onnx: null, latex: "W^\\top W=g^2I", reference: "Saxe, McClelland and Ganguli, arXiv:1312.6120, 2013" },
  },
};

/** Input features in NumPy, by what a row is and by their id. */
export const numpy: Record<string, Record<string, string>> = {
  plane: { x: "x1", y: "x2", x_squared: "x1 ** 2", y_squared: "x2 ** 2", x_times_y: "x1 * x2", sin_x: "np.sin(x1)", sin_y: "np.sin(x2)" },
  line: { x: "x", x_squared: "x ** 2", sin_x: "np.sin(x)" },
};
