import json

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
y = 2 * label[:, None] - 1  # -1 and 1
X, y = X.astype("float32"), y.astype("float32")
X, y = torch.from_numpy(X), torch.from_numpy(y)

model = nn.Sequential(
    nn.Linear(2, 5),
    nn.SiLU(),
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

loss_function = lambda y_hat, y: (1 - y * y_hat).clamp(min=0).mean()
optimizer = torch.optim.SGD(model.parameters(), lr=0.02, momentum=0.9, nesterov=True)
scheduler = torch.optim.lr_scheduler.StepLR(optimizer, step_size=2, gamma=0.5)


def evaluate(rows):
    model.eval()
    with torch.no_grad():
        y_hat, target = model(X[rows]), y[rows]
        loss = loss_function(y_hat, target).item()
        accuracy = ((y_hat > 0) == (target > 0)).float().mean().item()
    model.train()
    return loss, accuracy


for epoch in range(5):
    order = train
    for first in range(0, len(order), 10):
        rows = order[first:first + 10]
        optimizer.zero_grad()
        loss = loss_function(model(X[rows]), y[rows])
        loss.backward()
        optimizer.step()
    scheduler.step()
    print(epoch + 1, "training", evaluate(train), "validation", evaluate(validation))
if len(test):
    print("test", evaluate(test))
