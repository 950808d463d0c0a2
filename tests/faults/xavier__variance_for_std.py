"""The variance is used as the standard deviation."""


def xavier_normal(fan_in, fan_out, /, *, rng, gain=1.0):
    return rng.normal(0.0, 2 * gain**2 / (fan_in + fan_out), (fan_in, fan_out))
