"""A chain of Optax's parts, put together by a user: RMSprop that starts at 1."""

import optax


def my_rmsprop(learning_rate, decay=0.9, eps=1e-7):
    return optax.chain(
        optax.scale_by_rms(decay=decay, eps=eps, initial_scale=1.0),
        optax.scale(-learning_rate),
    )


def not_one(learning_rate):
    return learning_rate
