import json
import math

import numpy as np
import torch
from torch import nn

torch.manual_seed(1)

# data.csv: x1, x2, the label, and the part (0 training, 1 validation, 2 test); saved from the page
table = np.loadtxt("data.csv", delimiter=",", skiprows=1, ndmin=2)
table = table[~np.isnan(table).any(axis=1)]  # the labels of a sealed test set are not in the file
x1, x2, label, part = table.T
X = np.stack([x1, x2], axis=1)
train, validation, test = (np.flatnonzero(part == index) for index in range(3))
y = label[:, None]
X, y = X.astype("float32"), y.astype("float32")
X, y = torch.from_numpy(X), torch.from_numpy(y)

model = nn.Sequential(
    nn.Linear(2, 5),
    nn.ELU(alpha=0.5),
    nn.Linear(5, 1),
)
linear = [layer for layer in model if isinstance(layer, nn.Linear)]
# start.json: the page's weights at step 0
with open("start.json") as file:
    start = json.load(file)
with torch.no_grad():
    for name, layer in zip([*(f"hidden.{index}" for index in range(len(linear) - 1)), "output"], linear):
        layer.weight.copy_(torch.tensor(start[name + ".weight"]))
        layer.bias.copy_(torch.tensor(start[name + ".bias"]))
weights = [layer.weight for layer in linear if layer.weight.requires_grad]

loss_function = lambda y_hat, y: (y_hat - y + nn.functional.softplus(2 * (y - y_hat)) - math.log(2)).mean()
optimizer = torch.optim.Adadelta(model.parameters(), lr=1, rho=0.9, eps=0.000001)
scheduler = torch.optim.lr_scheduler.LinearLR(optimizer, start_factor=0.2, total_iters=40)


def evaluate(rows):
    model.eval()
    with torch.no_grad():
        y_hat, target = model(X[rows]), y[rows]
        loss = loss_function(y_hat, target).item()
    model.train()
    return (loss,)


for epoch in range(5):
    order = train
    for first in range(0, len(order), 10):
        rows = order[first:first + 10]
        optimizer.zero_grad()
        loss = loss_function(model(X[rows]), y[rows])
        loss.backward()
        optimizer.step()
        with torch.no_grad():
            for w in weights:
                w.copy_(torch.renorm(w, 2, 0, 0.8))
        scheduler.step()
    print(epoch + 1, "training", evaluate(train), "validation", evaluate(validation))
if len(test):
    print("test", evaluate(test))
