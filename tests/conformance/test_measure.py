"""measure: numbers in findings are written so that they can be typed again."""

from fractions import Fraction

import mpmath
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
        (Fraction(1, 10**400), "1e-400"),
        (-Fraction(10**401, 3), "-3.3333333333333333e+400"),
        (mpmath.exp(-800), "3.6678745841776"),
    ],
)
def test_numbers_are_written_with_the_digits_that_identify_them(number, text):
    assert show(number)[: len(text)] == text
