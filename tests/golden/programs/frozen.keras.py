import json

import keras
import numpy as np

keras.utils.set_random_seed(1)

# data.csv: x1, x2, the label, and the part (0 training, 1 validation, 2 test); saved from the page
table = np.loadtxt("data.csv", delimiter=",", skiprows=1, ndmin=2)
table = table[~np.isnan(table).any(axis=1)]  # the labels of a sealed test set are not in the file
x1, x2, label, part = table.T
X = np.stack([x1, x2], axis=1)
train, validation, test = (np.flatnonzero(part == index) for index in range(3))
y = label[:, None]
X, y = X.astype("float32"), y.astype("float32")

model = keras.Sequential([
    keras.Input(shape=(2,)),
    keras.layers.Dense(6, activation=keras.ops.sin, trainable=False, name="hidden_0"),
    keras.layers.Dense(4, activation=lambda z: keras.ops.exp(-keras.ops.square(z)), name="hidden_1"),
    keras.layers.Dense(1, activation="sigmoid", name="output"),
])
model.summary()

# start.json: the page's weights at step 0
with open("start.json") as file:
    start = json.load(file)
for layer in model.layers:
    if layer.weights:
        name = layer.name.replace("_", ".")
        layer.set_weights([np.array(start[name + ".weight"]).T, np.array(start[name + ".bias"])])

optimizer = keras.optimizers.SGD(learning_rate=0.5, weight_decay=0.05)
optimizer.exclude_from_weight_decay(var_names=["bias"])
model.compile(optimizer=optimizer, loss="binary_crossentropy", metrics=["accuracy"])

history = model.fit(
    X[train], y[train],
    epochs=5, batch_size=250, shuffle=False,
    validation_data=(X[validation], y[validation]),
)

print("training", model.evaluate(X[train], y[train], verbose=0))
print("validation", model.evaluate(X[validation], y[validation], verbose=0))
if len(test):
    print("test", model.evaluate(X[test], y[test], verbose=0))
