"""What was identified, in sentences for people and in JSON for programs."""

import json
import math
import textwrap
from typing import Any

import reference
from reference.conformance.identify_verdict import Answer, Difference
from reference.conformance.variants import Variant

__all__ = ["as_json", "as_text", "exit_status"]

WIDTH = 88


def exit_status(answers: list[Answer]) -> int:
    """Return 0 if all follow known variants, 2 if nothing could be asked, else 1."""
    verdicts = {answer.verdict for answer in answers}
    if verdicts <= {"known", "either"}:
        return 0
    return 2 if verdicts == {"finding"} else 1


def as_text(answers: list[Answer], head: str) -> str:
    """Write a paragraph for each answer."""
    paragraphs = [head] if head else []
    paragraphs += ["\n".join(_wrapped(answer)) for answer in answers]
    return "\n\n".join(paragraphs) + "\n"


def _wrapped(answer: Answer) -> list[str]:
    lines = sentences(answer)
    rest = [
        textwrap.fill(
            line,
            WIDTH,
            initial_indent="  ",
            subsequent_indent="    ",
            break_long_words=False,
            break_on_hyphens=False,
        )
        for line in lines[1:]
    ]
    return [textwrap.fill(lines[0], WIDTH, break_on_hyphens=False), *rest]


def sentences(answer: Answer) -> list[str]:
    """Say what became of one subject, the answer first."""
    said = {
        "known": _known,
        "either": _either,
        "none": _none,
        "finding": _finding,
    }[answer.verdict](answer)
    if answer.fixed and answer.verdict in ("known", "either"):
        values = ", ".join(f"{name} {value:g}" for name, value in answer.fixed.items())
        said.append(f"Options that it does not take are as they would be at: {values}.")
    if answer.precision in ("float16", "float32") and answer.verdict != "finding":
        said.append(f"Compared with the precision of {answer.precision}.")
    if answer.defaults:
        values = ", ".join(f"{n} {value:g}" for n, value in answer.defaults.items())
        said.append(f"Its own defaults: {values}.")
    return said


def _full(answer: Answer, variant: Variant) -> str:
    return f"{answer.family.title}, {variant.name}"


def _known(answer: Answer) -> list[str]:
    (variant,) = answer.variants
    said = [
        f"{answer.label} is {_full(answer, variant)} ({variant.follows}): "
        f"{variant.note}."
    ]
    if answer.difference:
        rival = answer.difference.variant.name
        said.append(f"Separated from {rival} by: {_shown(answer.difference)}.")
    said.append(f"See {variant.link}")
    return said


def _either(answer: Answer) -> list[str]:
    names = " or ".join(variant.name for variant in answer.variants)
    said = [
        f"{answer.label} is either of these variants of {answer.family.title}, which "
        f"differ in nothing that it can be asked: {names}."
    ]
    said += [f"See {variant.link}" for variant in answer.variants]
    return said


def _none(answer: Answer) -> list[str]:
    said = [f"{answer.label} is none of the known variants of {answer.family.title}."]
    if answer.nearest:
        said.append(
            f"Nearest: {_full(answer, answer.nearest)} ({answer.nearest.follows}): "
            f"{answer.nearest.note}."
        )
    if answer.difference:
        said.append(f"{_agreement(answer.difference)}: {_shown(answer.difference)}.")
    said += [f"On {name}: {text}." for name, text in answer.findings.items()]
    if answer.nearest:
        said.append(f"See {answer.nearest.link}")
    return said


def _agreement(difference: Difference) -> str:
    if difference.step > 1:
        return f"They agree up to step {difference.step - 1} on this input, no further"
    return "They differ from the first step on" if difference.step else "They differ"


def _finding(answer: Answer) -> list[str]:
    texts = list(dict.fromkeys(answer.findings.values()))
    return [f"{answer.label} cannot be asked: {texts[0]}."] + [
        f"Also: {text}." for text in texts[1:]
    ]


def _shown(difference: Difference) -> str:
    text, name = difference.probe.sentence, difference.variant.name
    if isinstance(difference.got, tuple):
        shapes = f"{difference.got}, {name} {difference.want}"
        return f"{text}: yours has the shape {shapes}"
    got, want = _digits(difference.got, difference.want)
    place = difference.index[1:] if difference.step else difference.index
    entry = f", entry {place if len(place) > 1 else place[0]}" if any(place) else ""
    if difference.step:
        when = f"{text}: after step {difference.step}{entry}"
        return f"{when} yours is at {got}, {name} at {want}"
    return f"{text}{entry}: yours gives {got}, {name} gives {want}"


def _digits(got: float, want: float) -> tuple[str, str]:
    """Write two numbers with the digits that show how they differ."""
    for digits in range(3, 17):
        a, b = f"{got:.{digits}g}", f"{want:.{digits}g}"
        coarse = f"{got:.{digits - 1}g}", f"{want:.{digits - 1}g}"
        if a != b and coarse[0] != coarse[1]:  # a tie may be rounded to either side
            return a, b
    return repr(got), repr(want)


def as_json(target: str, version: str, answers: list[Answer]) -> str:
    """Write the report for programs."""
    content = {
        "format": 1,
        "target": target,
        "version": version,
        "lemmata": reference.__version__,
        "answers": [_plain(answer) for answer in answers],
    }
    return json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def _plain(answer: Answer) -> dict[str, Any]:
    return {
        "label": answer.label,
        "family": answer.family.name,
        "functions": list(answer.family.functions),
        "verdict": answer.verdict,
        "variants": [_described(variant) for variant in answer.variants],
        "nearest": _described(answer.nearest) if answer.nearest else None,
        "difference": _told(answer.difference) if answer.difference else None,
        "precision": answer.precision,
        "fixed": answer.fixed,
        "findings": answer.findings,
        "defaults": answer.defaults,
        "sentences": sentences(answer),
    }


def _described(variant: Variant) -> dict[str, str]:
    return {
        "name": variant.name,
        "follows": variant.follows,
        "link": variant.link,
        "note": variant.note,
    }


def _told(difference: Difference) -> dict[str, Any]:
    return {
        "variant": difference.variant.name,
        "probe": difference.probe.name,
        "input": difference.probe.sentence,
        "step": difference.step or None,
        "index": list(difference.index),
        "got": _number(difference.got),
        "want": _number(difference.want),
    }


def _number(value: Any) -> Any:
    """JSON has no word for what is not finite."""
    if isinstance(value, tuple):
        return list(value)
    return value if math.isfinite(value) else str(value)
