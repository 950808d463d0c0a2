"""Whether the arrays of a layer fit together."""

from collections.abc import Sequence

from reference._validate import FloatArray, check_rank

__all__ = ["check_layer"]


def check_layer(
    x: FloatArray, W: FloatArray, b: FloatArray, *, names: Sequence[str] = ()
) -> None:
    """Refuse a layer whose shapes do not fit together."""
    x_name, W_name, b_name = names or ("x", "weights", "bias")
    check_rank(W_name, W, 2)
    if x.ndim == 0:
        msg = f"{x_name} must have at least one axis, got shape ()"
        raise ValueError(msg)
    if x.shape[-1] != W.shape[0]:
        msg = (
            f"{W_name} must have {x.shape[-1]} rows, one a feature of {x_name}; "
            f"got shapes {x_name} {x.shape}, {W_name} {W.shape}"
        )
        raise ValueError(msg)
    if b.shape != W.shape[1:]:
        msg = (
            f"{b_name} must have shape {W.shape[1:]}, one a column of {W_name}, "
            f"got {b.shape}"
        )
        raise ValueError(msg)
