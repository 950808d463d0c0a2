"""Which variant a target's answers follow, or which is nearest, and how far off."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reference.conformance.variants import Family, Probe, Variant
from reference.conformance.variants.predictions import Prediction, predict

__all__ = ["Answer", "Difference", "judge"]

# What a target computes in float64 it may have rounded to float32 on the way.
PRECISIONS = {
    "float64": ("float64", "float32"),
    "float32": ("float32",),
    "float16": ("float16",),
}


@dataclass(frozen=True)
class Difference:
    """One number in which a target and a variant differ.

    Attributes
    ----------
    variant : Variant
        Whose number ``want`` is.
    probe : Probe
        The input.
    index : tuple of int
        Where in the result; the first is the time, counted from 0, if it has steps.
    got, want : float, or tuple of int
        The target's number and the variant's; or their shapes, if these differ.
    """

    variant: Variant
    probe: Probe
    index: tuple[int, ...]
    got: Any
    want: Any

    @property
    def step(self) -> int:
        """The step, counted from 1; 0 if there are none."""
        return self.index[0] + 1 if self.probe.steps and self.index else 0


@dataclass(frozen=True)
class Answer:
    """What became of one subject.

    Attributes
    ----------
    label : str
        What the user calls it.
    family : Family
        What it was compared with.
    verdict : str
        ``"known"``: it follows one variant; ``"either"``: several, which differ in
        nothing that it can be asked; ``"none"``; ``"finding"``: it cannot be asked.
    variants : tuple of Variant
        Those it follows.
    nearest : Variant, optional
        If it follows none.
    difference : Difference, optional
        What tells it from the nearest variant, or from the best-known other one.
    precision : str
        The dtype whose rounding it was granted.
    fixed : dict
        Values of options that it does not take, with which it agrees.
    findings : dict
        What went wrong, by the names of probes; ``""`` for all of them.
    defaults : dict
        A library's own defaults.
    """

    label: str
    family: Family
    verdict: str
    variants: tuple[Variant, ...] = ()
    nearest: Variant | None = None
    difference: Difference | None = None
    precision: str = ""
    fixed: dict[str, Any] = field(default_factory=dict)
    findings: dict[str, str] = field(default_factory=dict)
    defaults: dict[str, Any] = field(default_factory=dict)


@dataclass
class _Played:
    """The answers of a target whose missing options are fixed at some values."""

    family: Family
    fixed: dict[str, Any]
    probes: list[Probe]
    got: dict[str, NDArray[np.float64]]
    findings: dict[str, str]
    dtypes: set[str]

    def prediction(self, variant: Variant, probe: Probe) -> Prediction:
        return predict(self.family, variant, probe)

    def wrong(self, variant: Variant, probe: Probe, precision: str) -> NDArray[Any]:
        return self.prediction(variant, probe).wrong(self.got[probe.name], precision)

    def follows(self, variant: Variant, precision: str) -> bool:
        return not self.findings and not any(
            self.wrong(variant, probe, precision).any() for probe in self.probes
        )

    @property
    def precisions(self) -> tuple[str, ...]:
        coarsest = min(self.dtypes, key=lambda name: np.finfo(name).bits)
        return PRECISIONS[coarsest]


def judge(event: dict[str, Any], family: Family) -> Answer:
    """Compare what was played with every variant.

    Parameters
    ----------
    event : dict
        ``label``, ``defaults``, ``fixed``, ``probes`` and ``answers``, as the process
        that played them sent them.
    family : Family
        Of the subject.
    """
    label, defaults = event["label"], event["defaults"]
    asked = [probe for probe in family.probes if probe.name in event["probes"]]
    rounds = [
        _read(family, asked, fixed, answers)
        for fixed, answers in zip(event["fixed"], event["answers"], strict=True)
    ]
    if not asked:
        reason = {"": "it takes none of the options that tell variants apart"}
        return Answer(label, family, "finding", findings=reason, defaults=defaults)
    answered = [played for played in rounds if played.got]
    if not answered:
        found = rounds[0].findings
        return Answer(label, family, "finding", findings=found, defaults=defaults)
    for played in answered:
        for precision in played.precisions:
            fits = tuple(v for v in family.variants if played.follows(v, precision))
            if fits:
                return Answer(
                    label,
                    family,
                    "known" if len(fits) == 1 else "either",
                    fits,
                    difference=_told_apart(played, fits, precision),
                    precision=precision,
                    fixed=played.fixed,
                    defaults=defaults,
                )
    best, variant = max(
        ((played, v) for played in answered for v in family.variants),
        key=lambda pair: _closeness(pair[0], pair[1]),
    )
    precision = best.precisions[0]
    return Answer(
        label,
        family,
        "none",
        nearest=variant,
        difference=_first(best, variant, precision),
        precision=precision,
        fixed=best.fixed,
        findings=best.findings,
        defaults=defaults,
    )


def _read(
    family: Family,
    probes: list[Probe],
    fixed: dict[str, Any],
    answers: dict[str, dict[str, Any]],
) -> _Played:
    played = _Played(family, fixed, [p.at(**fixed) for p in probes], {}, {}, set())
    for probe in played.probes:
        answer = answers[probe.name]
        if "finding" in answer:
            played.findings[probe.name] = answer["finding"]
            continue
        played.got[probe.name] = np.array(answer["values"], np.float64)
        played.dtypes.add(answer["dtype"])
    return played


def _first(played: _Played, variant: Variant, precision: str) -> Difference | None:
    """Return the first number in which answers differ from a variant."""
    for probe in played.probes:
        if probe.name not in played.got:
            continue
        have = played.got[probe.name]
        prediction = played.prediction(variant, probe)
        wrong, want = prediction.wrong(have, precision), prediction.want
        if have.shape != want.shape:
            return Difference(variant, probe, (), have.shape, want.shape)
        if wrong.any():
            index = _plainest(wrong, have, want, probe)
            return Difference(
                variant, probe, index, float(have[index]), float(want[index])
            )
    return None


def _plainest(
    wrong: NDArray[np.bool_], got: NDArray[Any], want: NDArray[Any], probe: Probe
) -> tuple[int, ...]:
    """Return where two results differ most: at the first step at which they do."""
    if probe.steps:
        steps = np.flatnonzero(wrong.reshape(len(wrong), -1).any(axis=1))
        late = np.arange(len(wrong)) != steps[0]
        wrong = wrong & ~late.reshape(-1, *[1] * (wrong.ndim - 1))
    with np.errstate(all="ignore"):
        apart = np.abs(got - want) / np.maximum(np.abs(got), np.abs(want))
    weight = np.where(wrong, np.nan_to_num(apart, nan=2.0), -1.0)
    return tuple(int(i) for i in np.unravel_index(np.argmax(weight), weight.shape))


def _closeness(played: _Played, variant: Variant) -> tuple[float, float]:
    """Return how much of the probes agrees, and minus how far off the rest is."""
    return _alike(
        (played.prediction(variant, probe), played.got[probe.name])
        for probe in played.probes
        if probe.name in played.got
    )


def _alike(
    pairs: Iterable[tuple[Prediction, NDArray[np.float64]]],
) -> tuple[float, float]:
    agreed = apart = 0.0
    for prediction, got in pairs:
        if got.shape != prediction.want.shape:
            apart += 1.0
            continue
        # Half of the digits are enough to see whom it resembles.
        wrong = prediction.wrong(got, "float32")
        if prediction.probe.steps and wrong.size:
            late = np.logical_or.accumulate(wrong.reshape(len(wrong), -1).any(axis=1))
            agreed += 1.0 - float(late.mean())
        else:
            agreed += float(not wrong.any())
        with np.errstate(all="ignore"):
            size = np.abs(got) + np.abs(prediction.want)
            gap = np.abs(got - prediction.want) / np.where(size > 0, size, 1.0)
        apart += float(np.mean(np.nan_to_num(gap, nan=1.0, posinf=1.0)))
    return agreed, -apart


def _told_apart(
    played: _Played, fits: tuple[Variant, ...], precision: str
) -> Difference | None:
    """Return what tells the variant from the best-known other one."""
    others = (variant for variant in played.family.variants if variant not in fits)
    rival = next(others, None)
    return _first(played, rival, precision) if rival else None
