"""One minus a rounded cosine: small distances are noise, or 0."""

from reference import cosine_similarity


def cosine_distance(a, b, /, *, axis=-1):
    return 1 - cosine_similarity(a, b, axis=axis)
