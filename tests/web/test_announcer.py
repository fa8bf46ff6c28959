"""Test the announcements of training for screen readers: its start, an epoch now and then, and its end."""

from __future__ import annotations

from dataclasses import replace

from web.runner.announcer import EPOCHS_APART, Announcer
from web.state.lab_state import LabState
from web.state.snapshot import Evaluation, Snapshot


def measured(samples: int, epoch: float, accuracy: float) -> Evaluation:
    return Evaluation(samples, epoch, accuracy, accuracy, 0.1, (0.0, 1.0))


class Listener:
    """Hold a state, a clock that tests set, and the announcements that were made."""

    def __init__(self) -> None:
        self.state, self.now, self.told = LabState(), 0.0, list[str]()
        self.shown = Snapshot(test_size=100)
        Announcer(self.state, self.told.append, lambda: self.now)

    def show(self, *evaluations: Evaluation, **facts: object) -> None:
        all_of_them = (*self.shown.evaluations, *evaluations)
        last = all_of_them[-1] if all_of_them else None
        self.shown = replace(self.shown, evaluations=all_of_them, evaluation=last, **facts)
        self.state.snapshot = self.shown


def test_start_epochs_and_stop_are_told_with_the_accuracy() -> None:
    heard = Listener()
    heard.show(running=True)
    heard.show(measured(150, 0.5, 0.5), samples=150)
    heard.show(measured(300, 1.0, 0.91), samples=310)
    heard.show(running=False, samples=420)
    assert heard.told == ["Training started.", "Epoch 1 done, test accuracy 91.00 percent."]
    heard.show(measured(420, 1.4, 0.925))
    assert heard.told[2:] == ["Training stopped after 420 images, test accuracy 92.50 percent."]
    heard.show()
    assert len(heard.told) == 3


def test_quick_epochs_are_told_every_ten_seconds() -> None:
    heard = Listener()
    heard.show(running=True)
    for epoch in range(1, 41):
        heard.now = float(epoch)
        heard.show(measured(300 * epoch, float(epoch), 0.9), samples=300 * epoch)
    epochs = [int(text.split()[1]) for text in heard.told if text.startswith("Epoch")]
    assert epochs == [1, 11, 21, 31] and EPOCHS_APART == 10


def test_an_epoch_whose_measure_another_one_follows_at_once_is_told() -> None:
    """Show the measure at an epoch's end and a later one in one snapshot: the epoch is still announced."""
    heard = Listener()
    heard.show(running=True)
    heard.show(measured(300, 1.0, 0.91), measured(330, 1.1, 0.92), samples=330)
    assert heard.told[1:] == ["Epoch 1 done, test accuracy 91.00 percent."]


def test_what_was_learned_before_is_not_told_again() -> None:
    """Bring a trained network back: only training from now on is announced."""
    heard = Listener()
    heard.show(measured(300, 1.0, 0.91), samples=300)
    assert heard.told == [], "a network that was brought back"
    heard.show(running=True)
    heard.show(running=False)
    assert heard.told[1:] == ["Training stopped after 300 images, test accuracy 91.00 percent."]


def test_training_that_never_had_digits_stops_without_numbers() -> None:
    """Start and stop training without test digits: the announcement gives no accuracy."""
    heard = Listener()
    heard.show(running=True, test_size=0)
    heard.show(running=False)
    assert heard.told == ["Training started.", "Training stopped after 0 images."]
