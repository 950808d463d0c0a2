r"""Two ways of writing one formula: LaTeX for the book, Unicode for the terminal.

`typography` decides what is written and in which order; the two classes here only
know how a fraction, an index or a sum looks. They have the same methods, so that the
terminal and the page cannot show different mathematics. That pairing, and the tables
of letters, make the module long; there is no other logic in it.
"""

from __future__ import annotations

import re
import unicodedata
from typing import ClassVar, NamedTuple

__all__ = ["ADD", "ATOM", "BIG", "FRAC", "LATEX", "MUL", "POW", "UNICODE", "Notation"]
__all__ += ["Piece"]

# How tightly the outermost operation of a text binds. A text is put in brackets
# where its context needs a higher level.
ADD = 0  # terms, or a leading minus
MUL = 1  # factors side by side
BIG = 2  # a prefix that swallows what follows: a sum, a derivative, a bare logarithm
FRAC = 3  # a displayed fraction
POW = 4  # carries a superscript
ATOM = 5


class Piece(NamedTuple):
    """A text, how tightly it binds, and its closed form if it is open on the right."""

    text: str
    level: int = ATOM
    shut: str | None = None


_GREEK_NAMES = """
alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma
tau upsilon phi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega
"""
_GREEK_LETTERS = "αβγδεζηθικλμνξπρστυφχψωΓΔΘΛΞΠΣΥΦΨΩ"
GREEK = dict(zip(_GREEK_NAMES.split(), _GREEK_LETTERS, strict=True))
_LETTER = {letter: name for name, letter in GREEK.items()}
_ACCENTS = {"hat": "\u0302", "bar": "\u0304", "tilde": "\u0303", "dot": "\u0307"}
_SUB = dict(
    zip(
        "0123456789+-−=()aehijklmnoprstuvxβγρφχ ",
        "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧᵨᵩᵪ\0",
        strict=True,
    )
)
_SUP = dict(
    zip(
        "0123456789+-−=()abcdefghijklmnoprstuvwxyzABDEGHIJKLMNOPRTUVWβγδθφχ′ ",
        "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂᵝᵞᵟᶿᵠᵡ′\0",
        strict=True,
    )
)


def _split(name: str) -> tuple[str, str]:
    """Split ``theta_0`` or ``x1`` into a base and a subscript."""
    base, _, sub = name.partition("_")
    found = re.fullmatch(r"([^\W\d_]+)(\d+)", base)
    if found and not sub:
        base, sub = found.groups()
    return base, sub


class Notation:
    """LaTeX. `UnicodeNotation` overrides what looks different in a terminal."""

    slash = False  # a fraction is written a/b
    minus, dot = "- ", r" \cdot "
    infinity, pi, e, top, partial = r"\infty", r"\pi", "e", r"\top", r"\partial"
    signs: ClassVar[dict[str, str]] = {
        "==": "=",
        "!=": r"\ne",
        "<": "<",
        "<=": r"\le",
        ">": ">",
        ">=": r"\ge",
        "in": r"\in",
        "dots": r"\dots",
        "odot": r"\odot",
        "times": r"\times",
    }

    def name(self, name: str) -> str:
        r"""Write a name: ``beta_1`` is \beta_{1}, ``n_in`` is n_{\mathrm{in}}."""
        if "\\" in name or "{" in name:
            return name
        base, sub = _split(name)
        text = self.word(base)
        return f"{text}_{{{self.word(sub)}}}" if sub else text

    def word(self, word: str) -> str:
        """Write one letter, a Greek letter by name, or a word set upright."""
        word = _LETTER.get(word, word)
        stem = word.rstrip("'")
        if stem in GREEK:
            return "\\" + ("varepsilon" if stem == "epsilon" else stem)
        if len(stem) == 1 or stem.isdigit():
            return word
        return rf"\mathrm{{{word}}}"

    def bold(self, name: str) -> str:
        """Write the name of a matrix."""
        base, sub = _split(name)
        text = self.name(base)
        command = "boldsymbol" if text.startswith("\\") else "mathbf"
        text = rf"\{command}{{{text}}}"
        return f"{text}_{{{self.word(sub)}}}" if sub else text

    def function_name(self, name: str) -> str:
        r"""Write the name of a function: ``\sigma``, ``f``, ``softplus`` upright."""
        if "\\" in name or "_" in name:
            return self.name(name)
        word = self.word(name)
        return word.replace(r"\mathrm", r"\operatorname")

    def _tall(self, text: str) -> bool:
        tall = (r"\frac", r"\sum", r"\prod", r"\int", r"\binom", r"\left")
        return any(command in text for command in tall)

    def _fence(self, text: str, left: str, right: str) -> str:
        if self._tall(text):
            return rf"\left{left} {text} \right{right}"
        return f"{left}{text}{right}"

    def group(self, text: str) -> str:
        """Put in round brackets."""
        return self._fence(text, "(", ")")

    def square(self, text: str) -> str:
        """Put in square brackets."""
        return self._fence(text, "[", "]")

    def absolute(self, text: str) -> str:
        """Put between bars."""
        return self._fence(text, r"\lvert ", r" \rvert").replace("  ", " ")

    def fraction(self, above: Piece, below: Piece) -> Piece:
        """Write a displayed fraction."""
        return Piece(rf"\frac{{{above.text}}}{{{below.text}}}", FRAC)

    def inline_fraction(self, above: Piece, below: Piece) -> Piece:
        """Write a fraction on one line, as in an exponent."""
        over = above.shut or above.text
        if above.level == ADD:
            over = self.group(above.text)
        under = below.text if below.level >= POW else self.group(below.text)
        return Piece(f"{over} / {under}", MUL)

    def power(self, base: str, exponent: str) -> str:
        """Write a power; the base is already in brackets where it needs them."""
        return f"{base}^{{{exponent}}}"

    def root(self, text: str, degree: int) -> str:
        """Write a root."""
        return rf"\sqrt{{{text}}}" if degree == 2 else rf"\sqrt[{degree}]{{{text}}}"

    def entry(self, base: str, indices: list[str]) -> Piece:
        """Write an entry of an array: no comma between single letters."""
        plain = all(len(i) == 1 or i in _GREEK_COMMANDS for i in indices)
        space = " " if any(i in _GREEK_COMMANDS for i in indices) else ""
        sub = space.join(indices) if plain else ",".join(indices)
        if "_" not in base:
            return Piece(f"{base}_{{{sub}}}", POW if "^" in base else ATOM)
        if re.fullmatch(r"[^_^]*_{[^{}]*}", base):
            return Piece(f"{base[:-1]};{sub}}}")
        return Piece(rf"\left({base}\right)_{{{sub}}}")

    def call(self, name: str, arguments: str) -> str:
        """Write a function applied to its arguments."""
        return name + self.group(arguments)

    def operator(self, name: str) -> str:
        """Write the name of a standard function."""
        known = {"tanh", "sinh", "cosh", "exp", "log", "max", "min", "sin", "cos"}
        return rf"\{name}" if name in known else rf"\operatorname{{{name}}}"

    def expectation(self, name: str, text: str) -> str:
        """Write an expectation or a variance."""
        head = r"\mathbb{E}" if name == "E" else rf"\operatorname{{{name}}}"
        return head + self.square(text)

    def prime(self, name: str, order: int) -> str:
        """Write the name of a derived function."""
        return name + "'" * order

    def big(self, kind: str, index: str, low: str, high: str) -> str:
        """Write the head of a sum or a product."""
        return rf"\{kind}_{{{index}={low}}}^{{{high}}} "

    def integral(self, low: str, high: str, body: str, variable: str) -> str:
        """Write a definite integral."""
        return rf"\int_{{{low}}}^{{{high}}} {body} \, d{variable}"

    def derivative(self, sign: str, order: int, below: list[tuple[Piece, int]]) -> str:
        """Write the operator d/dx or its partial, repeated or mixed form."""
        above = sign if order == 1 else f"{sign}^{{{order}}}"
        space = "" if sign == "d" else " "
        names = " ".join(
            sign + space + (v.text if m == 1 else self.power(self._solid(v), str(m)))
            for v, m in below
        )
        return rf"\frac{{{above}}}{{{names}}} "

    def _solid(self, piece: Piece) -> str:
        return piece.text if piece.level == ATOM else self.group(piece.text)

    def indicator(self, condition: str) -> str:
        """Write the function that is 1 where the condition holds, else 0."""
        return rf"\mathbf{{1}}_{{{condition}}}"

    def binomial(self, above: str, below: str) -> str:
        """Write a binomial coefficient."""
        return rf"\binom{{{above}}}{{{below}}}"

    def at(self, text: str, points: str) -> str:
        """Write an expression evaluated at a point."""
        return rf"\left. {text} \right\rvert_{{{points}}}"

    def words(self, text: str) -> str:
        """Write words inside a formula."""
        return rf"\text{{{text}}}"

    def braces(self, text: str) -> str:
        """Put in set braces."""
        return rf"\{{{text}\}}"

    def math(self, text: str) -> str:
        """Mark mathematics inside prose."""
        return f"${text}$"


_GREEK_COMMANDS = {"\\" + name for name in GREEK} | {r"\varepsilon"}
_COMMANDS = {r"\varepsilon": "ε", r"\cap": "∩", r"\cup": "∪", r"\mid": "|"}
_COMMANDS |= {"\\" + name: letter for name, letter in GREEK.items()}
_COMMANDS |= {r"\ell": "ℓ", r"\top": "ᵀ", r"\dots": "…", r"\,": " ", r"\ ": " "}


def _plain(name: str) -> str:
    r"""Turn a LaTeX name into Unicode: ``\hat{y}`` is ŷ, ``\mathrm{in}`` is in."""
    wrapped = r"\\(?:mathrm|operatorname|text|mathbf|boldsymbol|mathit){([^{}]*)}"
    name = re.sub(wrapped, r"\1", name)
    for command in sorted(_COMMANDS, key=len, reverse=True):
        name = re.sub(re.escape(command) + r"(?![A-Za-z]) ?", _COMMANDS[command], name)
    for accent, mark in _ACCENTS.items():
        name = re.sub(rf"\\{accent}\s*{{?(\w)}}?", rf"\1{mark}", name)
    plain = re.sub(r"[{}\\]", "", name)
    return unicodedata.normalize("NFC", plain)


def _raised(text: str, alphabet: dict[str, str]) -> str | None:
    """Write in small raised or lowered letters, or None if one does not exist."""
    if not all(letter in alphabet for letter in text):
        return None
    return "".join(alphabet[letter] for letter in text).replace("\0", "")


class UnicodeNotation(Notation):
    """Unicode mathematics on one line."""

    slash = True
    minus, dot = "−", " · "
    infinity, pi, e, top, partial = "∞", "π", "e", "T", "∂"
    signs: ClassVar[dict[str, str]] = {
        "==": "=",
        "!=": "≠",
        "<": "<",
        "<=": "≤",
        ">": ">",
        ">=": "≥",
        "in": "∈",
        "dots": "…",
        "odot": "⊙",
        "times": "×",
    }

    def name(self, name: str) -> str:
        """Write a name with real subscripts."""
        if "\\" in name or "{" in name:
            base, _, sub = _plain(name).partition("_")
        else:
            base, sub = _split(name)
            base = GREEK.get(base, base)
        sub = GREEK.get(sub, sub)
        small = _raised(sub, _SUB)
        return base + (small if small is not None else f"_{sub}")

    def bold(self, name: str) -> str:
        """Write the name of a matrix."""
        return self.name(name)

    def function_name(self, name: str) -> str:
        """Write the name of a function."""
        return self.name(name)

    def _tall(self, _text: str) -> bool:
        return False

    def absolute(self, text: str) -> str:
        """Put between bars."""
        return f"|{text}|"

    def fraction(self, above: Piece, below: Piece) -> Piece:
        """Write a fraction on one line."""
        return self.inline_fraction(above, below)

    def inline_fraction(self, above: Piece, below: Piece) -> Piece:
        """Write a fraction on one line."""
        piece = super().inline_fraction(above, below)
        return piece._replace(text=piece.text.replace(" / ", "/"))

    def power(self, base: str, exponent: str) -> str:
        """Write a power in raised letters where they exist."""
        small = _raised(exponent, _SUP)
        return base + (small if small is not None else f"^({exponent})")

    def root(self, text: str, degree: int) -> str:
        """Write a root."""
        sign = {2: "√", 3: "∛", 4: "∜"}[degree]
        return sign + (text if len(text) == 1 else f"({text})")

    def entry(self, base: str, indices: list[str]) -> Piece:
        """Write an entry with small indices, or in square brackets."""
        separator = "" if all(len(i) == 1 for i in indices) else ","
        small = _raised(separator.join(indices), _SUB)
        plain = small is not None and base[-1] not in _SUB.values()
        if plain and (not separator or len(indices) == 1):
            return Piece(f"{base}{small}")
        return Piece(f"{base}[{','.join(indices)}]")

    def operator(self, name: str) -> str:
        """Write the name of a standard function."""
        return name

    def expectation(self, name: str, text: str) -> str:
        """Write an expectation or a variance."""
        return ("𝔼" if name == "E" else name) + self.square(text)

    def prime(self, name: str, order: int) -> str:
        """Write the name of a derived function."""
        return name + "′″‴"[order - 1]

    def big(self, kind: str, index: str, low: str, high: str) -> str:
        """Write the head of a sum or a product."""
        sign = {"sum": "∑", "prod": "∏"}[kind]
        under, over = _raised(f"{index}={low}", _SUB), _raised(high, _SUP)
        if under is None or over is None:
            return f"{sign}[{index}={low}..{high}] "
        return f"{sign}{under}{over} "

    def integral(self, low: str, high: str, body: str, variable: str) -> str:
        """Write a definite integral."""
        return f"∫[{low}..{high}] {body} d{variable}"

    def derivative(self, sign: str, order: int, below: list[tuple[Piece, int]]) -> str:
        """Write the operator d/dx."""
        above = sign if order == 1 else self.power(sign, str(order))
        names = "".join(
            sign + (v.text if m == 1 else self.power(self._solid(v), str(m)))
            for v, m in below
        )
        return f"{above}/{names} "

    def indicator(self, condition: str) -> str:
        """Write the function that is 1 where the condition holds, else 0."""
        return f"𝟏[{condition}]"

    def binomial(self, above: str, below: str) -> str:
        """Write a binomial coefficient."""
        return f"C({above}, {below})"

    def at(self, text: str, points: str) -> str:
        """Write an expression evaluated at a point."""
        return f"({text})|[{points}]"

    def words(self, text: str) -> str:
        """Write words inside a formula."""
        return text

    def braces(self, text: str) -> str:
        """Put in set braces."""
        return f"{{{text}}}"

    def math(self, text: str) -> str:
        """Mathematics inside prose needs no mark."""
        return text


LATEX = Notation()
UNICODE = UnicodeNotation()
