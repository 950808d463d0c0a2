"""Whether the arrays of a layer fit together."""

from reference._validate import FloatArray, check_rank

__all__ = ["check_layer"]


def check_layer(
    shape: tuple[int, ...],
    W: FloatArray,
    b: FloatArray,
    *,
    names: tuple[str, str, str] = ("x", "weights", "bias"),
) -> None:
    """Refuse a layer whose weights and bias do not fit inputs of this shape."""
    x_name, W_name, b_name = names
    check_rank(W_name, W, 2)
    if not shape:
        msg = f"{x_name} must have at least one axis, got shape ()"
        raise ValueError(msg)
    if shape[-1] != W.shape[0]:
        msg = (
            f"{W_name} must have {shape[-1]} rows, one a feature of {x_name}; "
            f"got shapes {x_name} {shape}, {W_name} {W.shape}"
        )
        raise ValueError(msg)
    if b.shape != W.shape[1:]:
        msg = (
            f"{b_name} must have shape {W.shape[1:]}, one a column of {W_name}, "
            f"got {b.shape}"
        )
        raise ValueError(msg)
