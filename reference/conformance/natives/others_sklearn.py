"""Scikit-learn's scores and estimators, by their own defaults."""

import warnings
from typing import Any

import numpy as np
from sklearn import covariance, metrics
from sklearn.preprocessing import StandardScaler

from reference.conformance.natives import Native

__all__ = ["NATIVES"]


def _scaler(x: Any) -> Any:
    return StandardScaler().fit(np.reshape(x, (-1, 1))).var_[0]


def _empirical(X: Any) -> Any:
    return covariance.EmpiricalCovariance().fit(X).covariance_


def _log_loss(p: Any, y: Any) -> Any:
    return metrics.log_loss(y, p, labels=[0, 1])


def _mean_squared_error(predictions: Any, targets: Any) -> Any:
    return metrics.mean_squared_error(targets, predictions)


def _f1(y: Any, p: Any) -> Any:
    with warnings.catch_warnings():  # it says that there is nothing to score
        warnings.simplefilter("ignore")
        return metrics.f1_score(y, p)


def _cosine(a: Any, b: Any) -> Any:
    return metrics.pairwise.cosine_similarity(a, b)[0]


NATIVES = (
    Native("StandardScaler", "variance", _scaler),
    Native("passes(StandardScaler)", "variance_passes", _scaler),
    Native("EmpiricalCovariance", "covariance_matrix", _empirical),
    Native("log_loss", "binary_cross_entropy", _log_loss),
    Native("mean_squared_error", "mse_loss", _mean_squared_error),
    Native("cosine_similarity", "cosine_similarity", _cosine),
    Native("r2_score", "r2_score", metrics.r2_score),
    Native("f1_score", "f1_score", _f1),
)
