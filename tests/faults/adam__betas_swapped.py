"""The betas have changed places."""

from reference import adam_init
from reference import adam_step as right

__all__ = ["adam_init", "adam_step"]


def adam_step(params, grad, state, /, *, beta1=0.9, beta2=0.999, **options):
    return right(params, grad, state, beta1=beta2, beta2=beta1, **options)
