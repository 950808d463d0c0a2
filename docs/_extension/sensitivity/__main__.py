"""``python -m docs._extension.sensitivity``: judge everything, or what is named."""

import sys

try:
    from docs._extension.sensitivity.measure import update
except ModuleNotFoundError as error:
    extras = "jax,keras,mygrad,optax,scipy,sklearn,torch"
    message = f"{error.name} is missing: pip install 'lemmata[verify,{extras}]'"
    raise SystemExit(message) from None

if __name__ == "__main__":
    update(sys.argv[1:])
