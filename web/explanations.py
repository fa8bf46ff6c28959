"""Every choice in a sentence or two: what stands beside its control when it is pointed at or focused.

By the choice's name in ``LabState``. Buttons have theirs where they are made.
"""

from __future__ import annotations

EXPLANATIONS = {
    "preset": "A network from a book or course with everything that it was trained with, or one of ours.",
    "dataset": "The digits that are learned from and tested with.",
    "layers": "Neurons and activations. More can learn more, and take longer; edits keep what was learned.",
    "activations": "What a hidden neuron makes of the sum of its inputs.",
    "output": "What the ten output neurons make of their sums: softmax gives shares that add up to one.",
    "loss": "What learning makes smaller: how far the outputs are from what they should be.",
    "rule": "How errors go back through the layers: by the exact gradient, or as in Rashid's book.",
    "learning_rate": "How far each step goes. Too small learns slowly, too large never settles.",
    "batch_size": "How many digits are looked at before the weights change. 1 is online learning.",
    "l2": "Pulls every weight towards zero a little with each step, against learning by heart.",
    "epochs": "How often Train goes through all training digits before it stops. Empty: until you pause.",
    "patience": "Stops when the test loss has not fallen for that long, and goes back to the best moment.",
    "optimiser": "How a step is made of the gradient: plainly, with momentum, or scaled for each weight.",
    "initialiser": "How large the random weights are that it begins with.",
    "inputs": "How a pixel becomes a number for the network.",
    "targets": "What the outputs should be: 1 for the right digit and 0 for the others, or not quite.",
    "seed": "The number that all chance comes from. The same seed gives the same run again.",
    "method": "Three ways to run the network backwards, from a digit to a picture.",
    "loss_scale": "Linear, or logarithmic, which shows small losses as well as large ones.",
    "runs_shown": "The plots end with the present run, or with the longest of the earlier ones.",
    "reader": "Which network reads what you draw.",
    "pen_steps": "The steps from the pad to the picture that the network sees.",
    "styles": "The share of an epoch's digits that is generated, in styles from all over the world.",
    "styles_off": "Styles that are left out of what is mixed in.",
    "mine": "The share of an epoch's digits that are your own, again and again.",
    "affine": "Every digit is turned, slanted and moved anew each time; 1 is as in the preset Best.",
    "elastic": "Every digit is bent anew each time: Simard's alpha; 20 is as in the preset Best.",
    "thickness": "Every digit's lines get up to so many pixels thicker or thinner each time.",
    "sweep_preset": "The network that is trained at every value.",
    "sweep_setting": "The one setting that is varied.",
    "sweep_values": "A list such as 0.1, 0.3, 1 or a range such as 0.1, 0.2, ..., 0.9.",
    "sweep_seeds": "How many networks for every value: their spread shows what is chance.",
    "sweep_epochs": "How many times each of them sees all training digits.",
}
