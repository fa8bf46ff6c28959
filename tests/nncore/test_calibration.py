"""Calibration, against arithmetic by hand."""

import numpy as np
import pytest

from nncore.calibration import calibration


def test_by_hand():
    # Two bins. Below 0.5: one answer, 0.4 sure, right. Above: 0.6 sure and wrong, 0.8 sure and right.
    outputs = np.array([[0.4, 0.3, 0.3], [0.6, 0.2, 0.2], [0.1, 0.8, 0.1]])
    table = calibration(outputs, np.array([0, 1, 1]), bins=2)
    assert table.counts.tolist() == [1, 2]
    np.testing.assert_allclose(table.confidence, [0.4, 0.7])
    np.testing.assert_allclose(table.accuracy, [1.0, 0.5])
    # 1/3 * |1 - 0.4| + 2/3 * |0.5 - 0.7|
    assert table.error == pytest.approx(0.6 / 3 + 0.2 * 2 / 3)


def test_honest_answers_have_no_error_and_boasting_has():
    rng = np.random.default_rng(0)
    sure = rng.uniform(0.5, 1, 40_000)
    outputs = np.stack([sure, 1 - sure], axis=1)
    honest = (rng.random(40_000) > sure).astype(int)
    assert calibration(outputs, honest).error < 0.01
    assert calibration(outputs, 1 - honest).error > 0.4


def test_full_certainty_falls_into_the_last_bin_and_empty_bins_are_nan():
    table = calibration(np.array([[1.0, 0.0]]), np.array([0]))
    assert table.counts[-1] == 1 and table.error == 0 and np.isnan(table.accuracy[0])
    with pytest.raises(ValueError, match="number of answers is 0"):
        calibration(np.zeros((0, 10)), np.zeros(0))
