"""NumPy's statistics, by its own defaults."""

import numpy as np

from reference.conformance.natives import Native

__all__ = ["NATIVES"]

NATIVES = (
    Native("var", "variance", np.var),
    Native("passes(var)", "variance_passes", np.var),
    Native("std", "std", np.std),
    Native("cov", "covariance_matrix", np.cov),
    Native("median", "median", np.median),
    Native("quantile", "quantile", np.quantile),
)
