"""measure: numbers in findings are written so that they can be typed again."""

from fractions import Fraction

import numpy as np
import pytest

from reference.conformance.measure import show


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0.1, "0.10000000000000001"),
        (np.float32(0.1), "0.10000000149011612"),
        (np.True_, "True"),
        (False, "False"),
        (Fraction(1, 3), "0.33333333333333331"),
        (float("nan"), "nan"),
    ],
)
def test_numbers_are_written_with_the_digits_that_identify_them(number, text):
    assert show(number) == text
