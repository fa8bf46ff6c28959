"""Train Samsel's network in plain lists: any number of sigmoid layers, with biases as in his program."""

from math import exp


def train(weights, biases, pixels, label, rate):
    """Change weights and biases in place for one image.

    ``weights[l][i][j]`` leads from neuron i of layer l to neuron j of the next layer.
    """
    layers = [[p / 255 for p in pixels]]
    for w, b in zip(weights, biases, strict=True):
        below = layers[-1]
        sums = [b[j] + sum(below[i] * w[i][j] for i in range(len(below))) for j in range(len(b))]
        layers.append([1 / (1 + exp(-z)) for z in sums])
    wanted = [1 if k == label else 0 for k in range(len(layers[-1]))]
    error = [(y - t) * y * (1 - y) for y, t in zip(layers[-1], wanted, strict=True)]
    for w, b, below in reversed(list(zip(weights, biases, layers, strict=False))):
        passed = [
            sum(w[i][j] * error[j] for j in range(len(error))) * a * (1 - a) for i, a in enumerate(below)
        ]
        for j in range(len(error)):
            b[j] -= rate * error[j]
            for i in range(len(below)):
                w[i][j] -= rate * below[i] * error[j]
        error = passed


def imagine(weights, label):
    """Multiply the desired output by the transposed weights down to the inputs, then stretch it to 0..1."""
    signal = [1 if k == label else 0 for k in range(len(weights[-1][0]))]
    for w in reversed(weights):
        signal = [sum(w[i][j] * signal[j] for j in range(len(signal))) for i in range(len(w))]
    low, high = min(signal), max(signal)
    return [(value - low) / (high - low) for value in signal]
