import json

import keras
import numpy as np

keras.utils.set_random_seed(1)

# data.csv: x1, x2, the label, and the part (0 training, 1 validation, 2 test); saved from the page
table = np.loadtxt("data.csv", delimiter=",", skiprows=1, ndmin=2)
table = table[~np.isnan(table).any(axis=1)]  # the labels of a sealed test set are not in the file
x1, x2, label, part = table.T
X = np.stack([x1, x2, x1 ** 2, np.sin(x2)], axis=1)
train, validation, test = (np.flatnonzero(part == index) for index in range(3))
# fitted on the training part alone; a constant column is only shifted
shift, scale = X[train].mean(axis=0), X[train].std(axis=0)
X = (X - shift) / np.where(scale == 0, 1, scale)
y = label[:, None]
X, y = X.astype("float32"), y.astype("float32")

model = keras.Sequential([
    keras.Input(shape=(4,)),
    keras.layers.Dense(6, activation="softplus", name="hidden_0"),
    keras.layers.Dense(1, name="output"),
])
model.summary()

# start.json: the page's weights at step 0
with open("start.json") as file:
    start = json.load(file)
for layer in model.layers:
    if layer.weights:
        name = layer.name.replace("_", ".")
        layer.set_weights([np.array(start[name + ".weight"]).T, np.array(start[name + ".bias"])])

optimizer = keras.optimizers.SGD(learning_rate=0.02, momentum=0.9)
model.compile(optimizer=optimizer, loss="mean_squared_error", metrics=["mae"])

history = model.fit(
    X[train], y[train],
    epochs=5, batch_size=10, shuffle=False,
    validation_data=(X[validation], y[validation]),
)

print("training", model.evaluate(X[train], y[train], verbose=0))
print("validation", model.evaluate(X[validation], y[validation], verbose=0))
if len(test):
    print("test", model.evaluate(X[test], y[test], verbose=0))
