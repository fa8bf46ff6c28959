"""Compare the mistakes that the lab counts with the network's predictions, computed again here."""

from __future__ import annotations

import numpy as np
import pytest

from nncore.metrics import confidence, predict_pixels
from tests.web.conftest import Bench, until
from web.lab import Lab
from web.views.tabs.mistakes import PAGE, View


def test_the_matrix_and_the_surest_mistakes_are_those_of_the_network_as_it_is(experiment: Bench) -> None:
    async def story(lab: Lab) -> None:
        with pytest.raises(ValueError, match="train the network first"):
            await lab.command("mistakes")
        await lab.command("set", {"learning_rate": 0.0002})  # slow enough to be wrong at times
        await lab.command("epoch")
        await until(lambda: lab.state.snapshot.readings is not None)
        run, test = lab.runner.experiment.run, lab.runner.experiment.test
        assert test is not None
        outputs = predict_pixels(run.network, test.pixels, run.preprocessing)
        read = outputs.argmax(axis=1)
        answer = await lab.command("mistakes")
        assert answer["samples"] == run.samples
        for true in range(10):
            for other in range(10):
                count = int(np.sum((test.labels == true) & (read == other)))
                assert answer["matrix"][true][other] == count
        wrong = np.flatnonzero(read != test.labels)
        assert 0 < len(wrong) < 200
        assert {digit["test"] for digit in answer["digits"]} == set(wrong.tolist())
        sure = [digit["confidence"] for digit in answer["digits"]]
        assert sure == sorted(sure, reverse=True)
        assert np.allclose(sure, np.sort(confidence(outputs[wrong]))[::-1], atol=1e-6)
        first = answer["digits"][0]
        cell = [first["label"], first["read"]]
        of_cell = await lab.command("mistakes", {"cell": cell})
        assert [digit for digit in answer["digits"] if [digit["label"], digit["read"]] == cell] == (
            of_cell["digits"]
        )
        with pytest.raises(ValueError, match="two digits from 0 to 9"):
            await lab.command("mistakes", {"cell": [1, 10]})

    experiment.run(story)


def test_the_tab_lists_a_cell_and_puts_a_digit_on_the_pad(experiment: Bench) -> None:
    async def story(lab: Lab) -> None:
        tab = View(lab)
        lab.state.tab = "mistakes"
        await lab.command("epoch")
        await until(lambda: lab.state.snapshot.readings is not None)
        readings, test = lab.state.snapshot.readings, lab.runner.experiment.test
        assert readings is not None and test is not None
        largest = int(np.bincount(test.labels).argmax())
        tab._matrix.chosen = [largest, largest]
        indices = tab._found
        assert set(test.labels[indices].tolist()) == {largest}
        assert len(tab._gallery.captions) == min(PAGE, len(indices))
        tab._gallery.pressed = {"at": 1, "count": 1}
        assert lab.state.picture == test.pixels[indices[1]].tobytes()
        assert tab._gallery.chosen == 1
        reading = lab.state.snapshot.reading
        assert reading is not None and reading.digit == readings.predicted[indices[1]]
        assert [len(layer) for layer in reading.activations] == [200, 10]

    experiment.run(story)


def test_a_network_that_is_brought_back_is_read_again_for_who_looks(experiment: Bench) -> None:
    """Undo a reset and open the tab *Mistakes*: the digits are read again, and the curve gets no point."""

    async def story(lab: Lab) -> None:
        await lab.command("epoch")
        await until(lambda: lab.state.snapshot.readings is not None)
        known = lab.state.snapshot.evaluations
        await lab.command("reset")
        await lab.command("undo")
        assert lab.state.snapshot.readings is None
        View(lab)
        lab.state.tab = "mistakes"
        await until(lambda: lab.state.snapshot.readings is not None)
        assert lab.state.snapshot.readings.samples == 600
        assert lab.state.snapshot.evaluations == known, "the same measure is no new point of the curve"

    experiment.run(story)
