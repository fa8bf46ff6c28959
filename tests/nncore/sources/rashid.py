"""Train and back-query Rashid's network in plain lists, written from his formulas without nncore or NumPy.

Weight matrices are laid out as in the book: one row for each neuron, one entry for each of its inputs.
"""

from math import exp, log


def sigmoid(x):
    return 1 / (1 + exp(-x))


def dot(a, b):
    return sum(x * y for x, y in zip(a, b, strict=True))


def column(matrix, j):
    return [row[j] for row in matrix]


def query(wih, who, inputs):
    hidden = [sigmoid(dot(row, inputs)) for row in wih]
    return hidden, [sigmoid(dot(row, hidden)) for row in who]


def train(wih, who, pixels, label, rate):
    """Change the weights in place for one image."""
    inputs = [p / 255 * 0.99 + 0.01 for p in pixels]
    targets = [0.99 if k == label else 0.01 for k in range(len(who))]
    hidden, outputs = query(wih, who, inputs)
    output_errors = [t - o for t, o in zip(targets, outputs, strict=True)]
    # The raw errors go back through the weights before these are changed.
    hidden_errors = [dot(column(who, j), output_errors) for j in range(len(wih))]
    for k, o in enumerate(outputs):
        for j, h in enumerate(hidden):
            who[k][j] += rate * output_errors[k] * o * (1 - o) * h
    for j, h in enumerate(hidden):
        step = rate * hidden_errors[j] * h * (1 - h)
        for i, x in enumerate(inputs):
            wih[j][i] += step * x


def backquery(wih, who, label):
    """Work back from outputs of 0.99 at the label and 0.01 elsewhere to the pixels of an image."""
    outputs = [0.99 if k == label else 0.01 for k in range(len(who))]
    sums = [log(o / (1 - o)) for o in outputs]
    hidden = stretch([dot(column(who, j), sums) for j in range(len(wih))])
    sums = [log(h / (1 - h)) for h in hidden]
    return stretch([dot(column(wih, i), sums) for i in range(len(wih[0]))])


def stretch(values):
    low = min(values)
    values = [v - low for v in values]
    high = max(values)
    return [v / high * 0.98 + 0.01 for v in values]
