"""The last step of a classifier: from scores to a label."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from reference._validate import as_array, as_float, check_not_empty, check_rank

__all__ = ["predict_labels"]


def predict_labels(scores: ArrayLike, /) -> Any:
    r"""Return, for each row, the class with the largest score.

    $\operatorname{argmax}_j s_j$, the first one where several are largest

    Parameters
    ----------
    scores : array_like, shape (n, k) or (k,)
        Scores, probabilities or logits; one column for each of k classes.

    Returns
    -------
    ndarray of integers, shape (n,), or an integer for a single row
        Labels, from 0 to k - 1.

    Raises
    ------
    TypeError
        ``scores`` does not hold real numbers.
    ValueError
        ``scores`` does not have 1 or 2 axes, has no classes, or holds NaN.

    Notes
    -----
    Special cases: no rows give no labels; ``inf`` is larger than every number, and
    rows of ``-inf`` alone are ties.

    The labels of logits, of their softmax and of their sigmoids are the same
    (`layers.prediction.shares_keep_their_order`), as long as rounding does not make
    ties: ask for the label of the logits.

    Exact: scores are compared as they come, integers as integers.

    References
    ----------
    C. M. Bishop, *Pattern Recognition and Machine Learning* (2006), section 1.5.

    Examples
    --------
    >>> predict_labels([[0.1, 0.7, 0.2], [3.0, -1.0, 3.0]])
    array([1, 0])
    """
    numbers = as_float("scores", scores)
    check_rank("scores", numbers, 1, 2)
    check_not_empty("scores", numbers, axis=-1)
    if np.isnan(numbers).any():
        msg = "scores must not hold NaN, which is neither larger nor smaller"
        raise ValueError(msg)
    return np.argmax(as_array("scores", scores), axis=-1)
