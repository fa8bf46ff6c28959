"""Train Emil's network in plain lists: bipolar sigmoids, sigmoid outputs, squared error, mini-batches."""

from math import exp


def bipolar(z):
    return 2 / (1 + exp(-z)) - 1


def sigmoid(z):
    return 1 / (1 + exp(-z))


def train(weights, biases, images, labels, rate):
    """Change weights and biases in place for one mini-batch and return its mean cost.

    ``weights[l][j][i]`` leads from neuron i of layer l to neuron j of the next layer.
    """
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
