"""Machine-checked derivations, one file per concept: ``<chapter>/<concept>.py``."""
