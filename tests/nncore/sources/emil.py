"""Emil's network in lists and ``math``: bipolar sigmoids, a sigmoid at the end, squared error,
mini-batches."""

from math import exp


def bipolar(z):
    return 2 / (1 + exp(-z)) - 1


def sigmoid(z):
    return 1 / (1 + exp(-z))


def train(weights, biases, images, labels, rate):
    """One mini-batch, in place; returns its mean cost. ``weights[l][j][i]``: from neuron i to neuron j."""
    weight_sums = [[[0.0] * len(row) for row in w] for w in weights]
    bias_sums = [[0.0] * len(b) for b in biases]
    cost = 0.0
    for pixels, label in zip(images, labels, strict=True):
        layers = [[p / 255 for p in pixels]]
        for number, (w, b) in enumerate(zip(weights, biases, strict=True), start=1):
            squash = sigmoid if number == len(weights) else bipolar
            layers.append(
                [
                    squash(bias + sum(map(float.__mul__, row, layers[-1])))
                    for row, bias in zip(w, b, strict=True)
                ]
            )
        wanted = [1.0 if k == label else 0.0 for k in range(len(layers[-1]))]
        cost += sum((a - t) ** 2 for a, t in zip(layers[-1], wanted, strict=True))
        error = [2 * (a - t) * a * (1 - a) for a, t in zip(layers[-1], wanted, strict=True)]
        for number in reversed(range(len(weights))):
            below = layers[number]
            for j, e in enumerate(error):
                bias_sums[number][j] += e
                weight_sums[number][j] = [
                    s + e * a for s, a in zip(weight_sums[number][j], below, strict=True)
                ]
            # The bipolar sigmoid's slope is (1 - a^2) / 2.
            error = (
                [
                    (1 - a * a) / 2 * sum(e * weights[number][j][i] for j, e in enumerate(error))
                    for i, a in enumerate(below)
                ]
                if number
                else []
            )
    count = len(images)
    for w, b, w_sum, b_sum in zip(weights, biases, weight_sums, bias_sums, strict=True):
        for j in range(len(b)):
            b[j] -= rate * b_sum[j] / count
            w[j] = [value - rate * s / count for value, s in zip(w[j], w_sum[j], strict=True)]
    return cost / count
