"""Make ``golden.json``: the numbers that PyTorch, scikit-learn and SciPy compute for small networks.

The tests read the JSON and need none of the three. To make it again, in an environment of its own::

    pip install torch==2.13.0 scikit-learn scipy numpy
    python tests/nncore/golden/make.py
"""

import json
from pathlib import Path

import numpy as np
import scipy
import sklearn
import torch
from scipy import special, stats
from sklearn.metrics import confusion_matrix, precision_score, recall_score
from sklearn.neural_network import MLPClassifier

torch.set_default_dtype(torch.float64)

Z = [-1e4, -750.0, -100.0, -20.0, -3.5, -1.0, -1e-3, 0.0, 1e-3, 0.5, 2.0, 17.0, 90.0, 750.0, 1e4]

TORCH_ACTIVATIONS = {
    "sigmoid": torch.sigmoid,
    "bipolar_sigmoid": lambda z: 2 * torch.sigmoid(z) - 1,
    "tanh": torch.tanh,
    "relu": torch.relu,
    "leaky_relu": lambda z: torch.nn.functional.leaky_relu(z, 0.01),
    "elu": torch.nn.functional.elu,
    "identity": lambda z: z,
    "softmax": lambda z: torch.softmax(z, dim=1),
}

TORCH_LOSSES = {
    "half_squared_error": lambda z, a, t: ((a - t) ** 2).sum(dim=1) / 2,
    "squared_error": lambda z, a, t: ((a - t) ** 2).sum(dim=1),
    "softmax_cross_entropy": lambda z, a, t: torch.nn.functional.cross_entropy(z, t, reduction="none"),
    "binary_cross_entropy": lambda z, a, t: torch.nn.functional.binary_cross_entropy_with_logits(
        z, t, reduction="none"
    ).sum(dim=1),
}

NETWORKS = [
    ((6, 5, 3), ("relu", "softmax"), "softmax_cross_entropy"),
    ((6, 5, 3), ("sigmoid", "sigmoid"), "half_squared_error"),
    ((6, 5, 4, 3), ("bipolar_sigmoid", "bipolar_sigmoid", "sigmoid"), "squared_error"),
    ((6, 5, 4, 3), ("tanh", "leaky_relu", "sigmoid"), "binary_cross_entropy"),
    ((6, 5, 3), ("elu", "softmax"), "squared_error"),
    ((6, 3), ("identity",), "half_squared_error"),
]

OPTIMISERS = {
    "sgd": lambda p: torch.optim.SGD(p, lr=0.3),
    "momentum": lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9),
    "nesterov": lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9, nesterov=True),
    "rmsprop": lambda p: torch.optim.RMSprop(p, lr=0.01, alpha=0.99, eps=1e-8),
    "adam": lambda p: torch.optim.Adam(p, lr=0.02),
}
L2 = 0.05


def make_networks():
    """Compute losses and gradients of small networks with PyTorch's automatic differentiation."""
    rng = np.random.default_rng(0)
    cases = []
    for layers, activations, loss in NETWORKS:
        x, t = rng.normal(size=(4, layers[0])), rng.dirichlet(np.ones(layers[-1]), size=4)
        weights = [
            torch.tensor(rng.normal(size=s), requires_grad=True)
            for s in zip(layers, layers[1:], strict=False)
        ]
        biases = [torch.tensor(rng.normal(size=n), requires_grad=True) for n in layers[1:]]
        inputs, targets = torch.tensor(x, requires_grad=True), torch.tensor(t)
        signal = inputs
        for w, b, name in zip(weights, biases, activations, strict=True):
            logits = signal @ w + b
            signal = TORCH_ACTIVATIONS[name](logits)
        losses = TORCH_LOSSES[loss](logits, signal, targets)
        losses.mean().backward()
        cases.append(
            {
                "layers": layers,
                "activations": activations,
                "loss": loss,
                "inputs": x.tolist(),
                "targets": t.tolist(),
                "weights": [w.tolist() for w in weights],
                "biases": [b.tolist() for b in biases],
                "outputs": signal.tolist(),
                "losses": losses.tolist(),
                "weight_gradients": [w.grad.tolist() for w in weights],
                "bias_gradients": [b.grad.tolist() for b in biases],
                "input_gradient": (inputs.grad * len(x)).tolist(),
            }
        )
    return cases


def make_optimisers():
    """Make ten updates with each optimiser on f(p) = (25 p1^2 + p2^2) / 2, steep in p1 and shallow in p2."""
    cases = {}
    for name, make in OPTIMISERS.items():
        p = torch.tensor([1.0, -2.0], requires_grad=True)
        optimiser, path = make([p]), []
        for _ in range(10):
            optimiser.zero_grad()
            # At these learning rates SGD overshoots in the steep direction. This is intended.
            ((25 * p[0] ** 2 + p[1] ** 2) / 2).backward()
            optimiser.step()
            path.append(p.tolist())
        cases[name] = path
    return cases


def make_training():
    """Train scikit-learn's MLPClassifier for two epochs in file order, with a shorter last batch.

    Softmax outputs, no L2; plain SGD, momentum and Nesterov.
    """
    rng = np.random.default_rng(1)
    pixels = rng.integers(0, 256, (23, 12))
    labels = np.concatenate([np.arange(4), rng.integers(0, 4, 19)])
    layers = (12, 7, 4)
    weights = [rng.normal(scale=0.5, size=s) for s in zip(layers, layers[1:], strict=False)]
    biases = [rng.normal(scale=0.5, size=n) for n in layers[1:]]
    cases = {}
    for name, options in {
        "sgd": {"solver": "sgd", "momentum": 0.0},
        "momentum": {"solver": "sgd", "momentum": 0.9, "nesterovs_momentum": False},
        "nesterov": {"solver": "sgd", "momentum": 0.9, "nesterovs_momentum": True},
    }.items():
        model = MLPClassifier(
            (7,), "tanh", alpha=0.0, batch_size=5, learning_rate_init=0.05, shuffle=False, **options
        )
        # The arrays exist only after a first fit, which also trains: set them and the optimiser back.
        model.partial_fit(pixels / 255, labels, classes=np.arange(4))
        for array, initial in zip([*model.coefs_, *model.intercepts_], [*weights, *biases], strict=True):
            array[...] = initial
        del model._optimizer
        for _ in range(2):
            model.partial_fit(pixels / 255, labels)
        cases[name] = {
            "weights": [w.tolist() for w in model.coefs_],
            "biases": [b.tolist() for b in model.intercepts_],
        }
    return {
        "pixels": pixels.tolist(),
        "labels": labels.tolist(),
        "layers": layers,
        "weights": [w.tolist() for w in weights],
        "biases": [b.tolist() for b in biases],
        "after": cases,
    }


def make_functions():
    """Compute activations up to |z| = 10,000: with ``scipy.special`` where it has them, else with PyTorch."""
    z = np.array(Z)
    rows = np.array([[1e4, -1e4, 0], [1, 2, 3], [-5, 0.5, 700], [0, 0, 0]])
    return {
        "z": Z,
        "sigmoid": special.expit(z).tolist(),
        "elu": np.where(z > 0, z, special.expm1(np.minimum(z, 0))).tolist(),
        "bipolar_sigmoid": TORCH_ACTIVATIONS["bipolar_sigmoid"](torch.tensor(z)).tolist(),
        "leaky_relu": TORCH_ACTIVATIONS["leaky_relu"](torch.tensor(z)).tolist(),
        "tanh": torch.tanh(torch.tensor(z)).tolist(),
        "relu": torch.relu(torch.tensor(z)).tolist(),
        "identity": Z,
        "logit": special.logit(np.linspace(0.01, 0.99, 9)).tolist(),
        "rows": rows.tolist(),
        "softmax": special.softmax(rows, axis=1).tolist(),
        "log_softmax": special.log_softmax(rows, axis=1).tolist(),
        "log_sigmoid": special.log_expit(z).tolist(),
    }


def make_measures():
    """Compute confusion, precision and recall with scikit-learn, and Wilson's interval with SciPy."""
    rng = np.random.default_rng(2)
    labels, read = rng.integers(0, 5, 60), rng.integers(0, 5, 60)
    counts = [(0, 10), (10, 10), (9742, 10000), (1, 3)]
    intervals = [
        stats.binomtest(correct, count).proportion_ci(0.95, method="wilson") for correct, count in counts
    ]
    return {
        "labels": labels.tolist(),
        "read": read.tolist(),
        "confusion": confusion_matrix(labels, read).tolist(),
        "precision": precision_score(labels, read, average=None).tolist(),
        "recall": recall_score(labels, read, average=None).tolist(),
        "wilson": [
            {"correct": c, "count": n, "low": i.low, "high": i.high}
            for (c, n), i in zip(counts, intervals, strict=True)
        ],
    }


if __name__ == "__main__":
    golden = {
        "made_with": {
            "torch": torch.__version__,
            "scikit-learn": sklearn.__version__,
            "scipy": scipy.__version__,
            "numpy": np.__version__,
        },
        "networks": make_networks(),
        "optimisers": make_optimisers(),
        "training": make_training(),
        "functions": make_functions(),
        "measures": make_measures(),
    }
    path = Path(__file__).with_name("golden.json")
    path.write_text(json.dumps(golden, indent=1) + "\n")
    print(f"{path}: {path.stat().st_size} bytes")
