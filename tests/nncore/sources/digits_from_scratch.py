"""Train Digits from scratch in plain lists: 64-10-10 sigmoids, half squared error, one image at a time."""

from math import exp


def layer(inputs, weights, biases):
    """Return the outputs of one layer of sigmoids. ``weights[j][i]`` leads from input i to neuron j."""
    sums = [
        b + sum(w * x for w, x in zip(row, inputs, strict=True))
        for row, b in zip(weights, biases, strict=True)
    ]
    return [1 / (1 + exp(-z)) for z in sums]


def train(w1, b1, w2, b2, pixels, label, rate):
    """Change weights and biases in place for one image."""
    x = [p / 16 / 8 for p in pixels]
    h = layer(x, w1, b1)
    y = layer(h, w2, b2)
    # E = 1/2 sum (y - t)^2, so dE/dz = (y - t) y (1 - y) at the outputs, and by the chain rule below them.
    d2 = [(y[k] - (1 if k == label else 0)) * y[k] * (1 - y[k]) for k in range(len(y))]
    d1 = [h[j] * (1 - h[j]) * sum(d2[k] * w2[k][j] for k in range(len(d2))) for j in range(len(h))]
    for weights, biases, errors, inputs in ((w2, b2, d2, h), (w1, b1, d1, x)):
        for j, error in enumerate(errors):
            biases[j] -= rate * error
            for i, value in enumerate(inputs):
                weights[j][i] -= rate * error * value
