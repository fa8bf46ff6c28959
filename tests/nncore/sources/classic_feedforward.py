"""Train the classic feed-forward network in plain lists: ReLU, softmax, cross-entropy, single images."""

from math import exp


def train(w1, b1, w2, b2, pixels, label, rate):
    """Change weights and biases in place for one image. ``w1[i][j]`` leads from input i to neuron j."""
    x = [1.0 if p > 0 else 0.0 for p in pixels]
    z1 = [b1[j] + sum(x[i] * w1[i][j] for i in range(len(x))) for j in range(len(b1))]
    h = [z if z > 0 else 0.0 for z in z1]
    z2 = [b2[k] + sum(h[j] * w2[j][k] for j in range(len(h))) for k in range(len(b2))]
    total = sum(exp(z) for z in z2)
    p = [exp(z) / total for z in z2]
    # Cross-entropy after softmax: the error at the weighted sums is p - y.
    d2 = [p[k] - (1.0 if k == label else 0.0) for k in range(len(p))]
    d1 = [sum(d2[k] * w2[j][k] for k in range(len(d2))) if z1[j] > 0 else 0.0 for j in range(len(h))]
    for k in range(len(d2)):
        b2[k] -= rate * d2[k]
        for j in range(len(h)):
            w2[j][k] -= rate * h[j] * d2[k]
    for j in range(len(d1)):
        b1[j] -= rate * d1[j]
        for i in range(len(x)):
            w1[i][j] -= rate * x[i] * d1[j]
