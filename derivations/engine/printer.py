r"""Print an expression as a textbook would.

One printer decides the order of terms and factors, what goes into a fraction and
where brackets stand; `notation` supplies LaTeX or Unicode for each part. The order
depends on the expression alone, so a formula prints alike in every process.

A printer can lie: two different formulas must never print the same. Every text
therefore carries how tightly it binds (`Piece.level`) and whether it is open on the
right, as a sum is, which swallows the factors written after it (`Piece.shut`).

The module is long because it has one short method for each kind of object that a
derivation may hold; a kind that has none is refused, never passed on to SymPy.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, ClassVar

import sympy as sp
from sympy import Add, Derivative, Indexed, Integer, Mul, Pow, Rational, S, Symbol
from sympy.core.function import AppliedUndef
from sympy.core.numbers import Exp1, Half, Infinity, NegativeInfinity, Pi
from sympy.core.relational import Relational
from sympy.matrices.expressions.matexpr import MatrixElement

from derivations.engine.language import Defined, E, Each, Family, Var
from derivations.engine.notation import (
    ADD,
    ATOM,
    BIG,
    FRAC,
    LATEX,
    MUL,
    POW,
    Notation,
    Piece,
)

__all__ = ["Printer"]

_BIG = (sp.Sum, sp.Product, sp.Integral, Derivative, sp.Subs, E, Var)
_RANKS = (
    (Symbol, 2.0),
    (Indexed | MatrixElement, 3.0),
    (sp.Function, 4.0),
    (Add, 6.0),
)
_STANDARD = frozenset({sp.tanh, sp.sinh, sp.cosh, sp.erf})


def _is_negative(term: Any) -> bool:
    """Tell whether a term is written with a leading minus."""
    number = term.args[0] if term.is_Mul else term
    return bool(number.is_Rational and number < 0)


def _negated(term: Any) -> Any:
    """Return a term that is written with a leading minus, without it."""
    if term.is_Rational:
        return -term
    number, *rest = term.args
    if number == -1 and len(rest) == 1:
        return rest[0]
    return Mul(*([] if number == -1 else [-number]), *rest, evaluate=False)


def _power_of(factor: Any) -> tuple[Any, Any]:
    """Return base and exponent as written."""
    return factor.args if isinstance(factor, Pow) else (factor, S.One)


def _is_constant_root(factor: Any) -> bool:
    r"""Tell whether a factor is \sqrt{m} or \sqrt{\pi}."""
    base, exponent = _power_of(factor)
    return exponent == S.Half and (base.is_Integer or base == sp.pi)


class Printer:
    """Print expressions in one notation; in exponents, with fractions as a/b."""

    def __init__(self, notation: Notation, *, small: bool = False) -> None:
        self.notation = notation
        self.is_small = small
        self.small = self if small else Printer(notation, small=True)

    def __call__(self, e: Any) -> str:
        """Return the text of an expression, relation or hypothesis."""
        return self.piece(e).text

    def piece(self, e: Any) -> Piece:
        """Return the text of an expression with its level."""
        for kind in type(e).__mro__:
            if kind in self._RULES:
                return self._RULES[kind](self, e)
        if type(e) in _STANDARD:
            return self._apply(self.notation.operator(type(e).__name__), e.args)
        msg = f"cannot print {type(e).__name__}: {e}"
        raise ValueError(msg)

    def _bracketed(self, e: Any, level: int) -> str:
        """Return the text of e, in brackets unless it binds at least this tightly."""
        piece = self.piece(e)
        return piece.text if piece.level >= level else self.notation.group(piece.text)

    def _apply(self, name: str, arguments: Sequence[Any]) -> Piece:
        return Piece(self.notation.call(name, ", ".join(map(self, arguments))))

    # ------------------------------------------------------------------------- atoms

    def _integer(self, e: Any) -> Piece:
        minus = self.notation.minus.strip()
        return Piece(str(e)) if e >= 0 else Piece(f"{minus}{-e}", ADD)

    def _rational(self, e: Any) -> Piece:
        if e < 0:
            return Piece(self.notation.minus + self(-e), ADD)
        return self._quotient([Integer(e.p)], [Integer(e.q)])

    def _constant(self, e: Any) -> Piece:
        n = self.notation
        if e is S.NegativeInfinity:
            return Piece(n.minus.strip() + n.infinity, ADD)
        return Piece({S.Pi: n.pi, S.Exp1: n.e, S.Infinity: n.infinity}[e])

    def _symbol(self, e: Any) -> Piece:
        name = self.notation.name(e.name)
        return Piece(name, POW if "^" in name else ATOM)

    def _array(self, e: Any) -> Piece:
        return self._symbol(e.label)

    def _index(self, e: Any) -> str:
        return self.small(e).replace(" ", "")

    def _entry(self, e: Any) -> Piece:
        name = self.notation.name(e.base.label.name)
        return self.notation.entry(name, [self._index(i) for i in e.indices])

    # ------------------------------------------------------------------- sum of terms

    def _add(self, e: Any) -> Piece:
        # 1 + e^{-x}, but t + 1: the number leads unless all the rest is a polynomial.
        leads = not all(self._is_monomial(t) for t in e.args)
        terms = sorted(e.args, key=lambda t: self._place_of_term(t, leads=leads))
        text = ""
        for term in terms:
            minus = _is_negative(term)
            body = self._bracketed(_negated(term) if minus else term, MUL)
            if text:
                text += f" {self.notation.minus.strip()} " if minus else " + "
            elif minus:
                text += self.notation.minus
            text += body
        return Piece(text, ADD)

    @staticmethod
    def _is_monomial(term: Any) -> bool:
        return all(
            (b.is_Number or b.is_Symbol) and m.is_Integer
            for b, m in map(_power_of, Mul.make_args(term))
        )

    def _place_of_term(self, term: Any, *, leads: bool) -> tuple[Any, ...]:
        """Order terms: positive before negative, plain before weighted brackets."""
        body = _negated(term) if _is_negative(term) else term
        factors = [_power_of(f) for f in Mul.make_args(body)]
        if body.is_Number:
            kind = -1 if leads else 9
        elif isinstance(body, sp.Sum | sp.Product):
            kind = 0
        elif any(isinstance(b, Add | sp.Sum | E | Var) for b, _ in factors):
            kind = 4 if any(b.is_Number or b.is_Symbol for b, _ in factors) else 3
        else:
            kind = 2 if body.has(sp.Function) else 1
        degree = sum(m if m.is_Integer else 1 for b, m in factors if not b.is_Number)
        falling = isinstance(body, sp.exp) and _is_negative(body.args[0])
        return _is_negative(term), kind, -degree, falling, _canonical(body)

    # -------------------------------------------------------------- product of factors

    def _mul(self, e: Any) -> Piece:
        if _is_negative(e):
            body = self._bracketed(_negated(e), MUL)
            return Piece(self.notation.minus + body, ADD)
        above: list[Any] = []
        below: list[Any] = []
        for factor in e.args:
            base, exponent = _power_of(factor)
            if factor.is_Rational and not factor.is_Integer:
                above.append(Integer(factor.p))
                below.append(Integer(factor.q))
            elif exponent.is_Rational and exponent < 0:
                below.append(base if exponent == -1 else Pow(base, -exponent))
            else:
                above.append(factor)
        for root in [f for f in above if _is_constant_root(f) and f.base.is_Integer]:
            # SymPy rationalizes 1/√2 into √2/2 while it is being written.
            whole = next((b for b in below if b.is_Integer and b % root.base == 0), 0)
            if whole:
                above.remove(root)
                below.remove(whole)
                below += [Integer(whole / root.base), root]
        return self._quotient(above, below)

    def _quotient(self, above: list[Any], below: list[Any]) -> Piece:
        r"""Write a fraction; long factors stand beside it: \frac{2}{n} \sum."""
        above = [f for f in above if f != 1] if len(above) > 1 else above
        below = [f for f in below if f != 1]
        if not below:
            return self._factors(above)
        if len(above) == len(below) == 1 and _is_constant_root(above[0]):
            base, exponent = _power_of(below[0])
            if exponent == S.Half:
                inside = self._quotient([above[0].base], [base])
                return Piece(self.notation.root(inside.text, 2))
        beside: list[Any] = []
        if not self.is_small and self._is_plain(below):
            beside = [f for f in above if self._is_long(f)]
        elif not self.is_small and len(above) > 1:
            beside = [f for f in above if f.is_Add and self._is_tall(f)]
        big = [f for f in beside if _power_of(f)[0].has(*_BIG)]
        if big or (beside == above and len(above) == 1):
            beside = [f for f in beside if not self._fits(f)]
        lead = [f for f in above if f not in beside]
        if self.is_small:
            write = self.notation.inline_fraction
        else:
            write = self.notation.fraction
        piece = write(self._factors(lead), self._factors(below))
        return self._beside([piece, *self._ordered(beside)]) if beside else piece

    @staticmethod
    def _is_plain(below: list[Any]) -> bool:
        bases = [_power_of(f)[0] for f in below]
        return all(b.is_Number or b.is_Symbol or b == sp.pi for b in bases)

    @classmethod
    def _is_tall(cls, factor: Any) -> bool:
        """Tell whether a bracket holds a fraction that is itself a long one."""
        powers = factor.atoms(Pow)
        return any(q.exp == -1 and not cls._is_plain([q.base]) for q in powers)

    @staticmethod
    def _is_long(factor: Any) -> bool:
        return isinstance(_power_of(factor)[0], (Add, sp.log, *_BIG))

    @staticmethod
    def _fits(factor: Any) -> bool:
        return bool(factor.is_Add) and not factor.has(sp.Sum, sp.Product, E, Var)

    def _factors(self, factors: list[Any]) -> Piece:
        """Write factors side by side."""
        if not factors:
            return Piece("1")
        return self._beside(self._ordered(factors))

    def _ordered(self, factors: list[Any]) -> list[Piece]:
        """Write each factor, in textbook order."""
        roots = [f for f in factors if _is_constant_root(f)]
        placed: list[tuple[float, int, str, Piece]] = []
        if len(roots) > 1:
            factors = [f for f in factors if f not in roots]
            inside = self._factors([f.base for f in roots]).text
            placed.append((3.5, 0, "", Piece(self.notation.root(inside, 2))))
        for f in factors:
            text = _canonical(f)
            length = len(text) if f.is_Add else 0
            placed.append((self._place_of_factor(f), length, text, self.piece(f)))
        return [piece for *_, piece in sorted(placed)]

    def _beside(self, pieces: list[Piece]) -> Piece:
        """Join factors; one that is open on the right is closed unless it is last."""
        if len(pieces) == 1:
            return pieces[0]
        text = ""
        for piece in pieces:
            factor = piece.text
            if piece.shut is not None and piece is not pieces[-1]:
                factor = piece.shut
            elif piece.level <= MUL:
                factor = self.notation.group(factor)
            if text:
                text += self.notation.dot if factor[0] in "0123456789" else " "
            text += factor
        shut = None if pieces[-1].shut is None else self.notation.group(text)
        return Piece(text, MUL, shut)

    def _place_of_factor(self, factor: Any) -> float:
        """Rank factors: numbers, symbols, entries, functions, brackets, sums."""
        base, exponent = _power_of(factor)
        if base.is_Number or base in (sp.pi, S.Exp1):
            return 3.5 if _is_constant_root(factor) else 0 if exponent == 1 else 1
        if exponent == S.Half:
            return 3.6
        if isinstance(base, sp.KroneckerDelta | sp.binomial):
            return 7 if isinstance(base, sp.KroneckerDelta) else 1.5
        if isinstance(base, sp.log):
            return 9
        if isinstance(base, Derivative | sp.Subs) and self._primed(base):
            return 4
        if isinstance(base, _BIG):
            return 8 if exponent != 1 else 12 if isinstance(base, sp.Sum) else 11
        if base.is_Add and not base.has(Indexed, MatrixElement, sp.Function, *_BIG):
            return 2.5
        for rank, kind in (
            (2, Symbol),
            (3, Indexed | MatrixElement),
            (4, sp.Function),
            (6, Add),
        ):
            if isinstance(base, kind):
                return rank
        return 5

    # ------------------------------------------------------------------------- powers

    def _pow(self, e: Any) -> Piece:
        base, exponent = e.args
        if exponent.is_Rational and exponent < 0:
            positive = base if exponent == -1 else Pow(base, -exponent)
            return self._quotient([S.One], [positive])
        if exponent.is_Rational and exponent.p == 1 and exponent.q in (2, 3, 4):
            return Piece(self.notation.root(self(base), int(exponent.q)))
        text = self._bracketed(base, ATOM)
        return Piece(self.notation.power(text, self.small(exponent)), POW)

    def _exp(self, e: Any) -> Piece:
        (exponent,) = e.args
        if exponent.has(sp.exp, sp.log, *_BIG):
            return self._apply(self.notation.operator("exp"), e.args)
        text = self.notation.power(self.notation.e, self.small(exponent))
        return Piece(text, POW)

    # ---------------------------------------------------------------------- functions

    def _log(self, e: Any) -> Piece:
        """Write log x, log ∑ …, log σ(x) without brackets, all else with them."""
        (argument,) = e.args
        name = self.notation.operator("log")
        closed = self.notation.call(name, self(argument))
        piece = self.piece(argument)
        bare = isinstance(argument, Symbol | Indexed | sp.Sum | Defined | AppliedUndef)
        if not (bare or piece.level == FRAC) or self.is_small:
            return Piece(closed)
        return Piece(f"{name} {piece.text}", BIG, closed)

    def _defined(self, e: Any) -> Piece:
        return self._apply(self.notation.function_name(type(e).latex_name), e.args)

    def _unknown(self, e: Any) -> Piece:
        return self._apply(self.notation.function_name(type(e).__name__), e.args)

    def _max(self, e: Any) -> Piece:
        arguments = sorted(e.args, key=lambda a: (not a.is_Number, self(a)))
        return self._apply(self.notation.operator(type(e).__name__.lower()), arguments)

    def _abs(self, e: Any) -> Piece:
        return Piece(self.notation.absolute(self(e.args[0])))

    def _binomial(self, e: Any) -> Piece:
        return Piece(self.notation.binomial(*map(self, e.args)))

    def _factorial(self, e: Any) -> Piece:
        return Piece(self._bracketed(e.args[0], ATOM) + "!", POW)

    def _delta(self, e: Any) -> Piece:
        condition = "=".join(self._index(a) for a in e.args[:2])
        if len(e.args) > 2:
            low, high = map(self._index, e.args[2])
            condition += f" {self.notation.signs['in']} [{low},{high}]"
        return Piece(self.notation.indicator(condition))

    def _expectation(self, e: Any) -> Piece:
        name = type(e).__name__
        return Piece(self.notation.expectation(name, self(e.args[0])))

    # ---------------------------------------------------------------------- operators

    def _big(self, e: Any) -> Piece:
        """Write a sum or product; SymPy's last limit is the outermost."""
        kind = "sum" if isinstance(e, sp.Sum) else "prod"
        head = "".join(
            self.notation.big(kind, self._index(i), self._index(lo), self._index(hi))
            for i, lo, hi in reversed(e.limits)
        )
        text = head + self._bracketed(e.function, MUL)
        return Piece(text, BIG, self.notation.group(text))

    def _integral(self, e: Any) -> Piece:
        text = self._bracketed(e.function, MUL)
        for limit in e.limits:
            if len(limit) != 3:
                msg = f"cannot print {e}: the integral has no limits"
                raise ValueError(msg)
            u, low, high = limit
            text = self.notation.integral(self(low), self(high), text, self(u))
        return Piece(text, MUL)

    def _primed(self, e: Any) -> Piece | None:
        """Write f'(x) if e is that, for an unknown or defined function f."""
        at = None
        if isinstance(e, sp.Subs):
            if len(e.point) != 1 or not isinstance(e.expr, Derivative):
                return None
            at, e, point = e.variables[0], e.expr, e.point[0]
        f, changes = e.expr, e.variable_count
        if not isinstance(f, Defined | AppliedUndef) or len(changes) != 1:
            return None
        variable, count = changes[0]
        if f.args != (variable,) or not count.is_Integer or count > 3:
            return None
        if at is not None and at != variable:
            return None
        name = getattr(type(f), "latex_name", type(f).__name__)
        head = self.notation.prime(self.notation.function_name(name), int(count))
        return self._apply(head, [variable if at is None else point])

    def _derivative(self, e: Any) -> Piece:
        primed = self._primed(e)
        if primed is not None:
            return primed
        varied = {s for s in e.expr.free_symbols if s.is_Symbol and not s.is_integer}
        several = len(varied) > 1 or not all(v.is_Symbol for v in e.variables)
        sign = self.notation.partial if several else "d"
        below = [(self.piece(v), int(m)) for v, m in e.variable_count]
        order = sum(m for _, m in below)
        head = self.notation.derivative(sign, order, below)
        text = head + self._bracketed(e.expr, BIG)
        return Piece(text, BIG, self.notation.group(text))

    def _subs(self, e: Any) -> Piece:
        primed = self._primed(e)
        if primed is not None:
            return primed
        points = ", ".join(
            f"{self.small(v)}={self.small(p)}"
            for v, p in zip(e.variables, e.point, strict=True)
        )
        return Piece(self.notation.at(self(e.expr), points), POW)

    # ----------------------------------------------------------------------- matrices

    def _matrix(self, e: Any) -> Piece:
        return Piece(self.notation.bold(e.name))

    def _matrix_entry(self, e: Any) -> Piece:
        """Write an entry; the only column of a vector needs no index."""
        indices = [e.i] if e.parent.shape[1] == 1 and e.j == 0 else [e.i, e.j]
        written = [self._index(i) for i in indices]
        if not isinstance(e.parent, sp.MatrixSymbol):
            msg = f"cannot print an entry of {e.parent}"
            raise ValueError(msg)
        return self.notation.entry(self.notation.name(e.parent.name), written)

    def _matrix_product(self, e: Any) -> Piece:
        number, factors = e.as_coeff_matrices()
        text = " ".join(self._bracketed(f, POW) for f in factors)
        if number == 1:
            return Piece(text, MUL)
        if _is_negative(number):
            body = self.piece(sp.MatMul(_negated(number), *factors))
            return Piece(self.notation.minus + body.text, ADD)
        return Piece(f"{self._bracketed(number, FRAC)} {text}", MUL)

    def _hadamard(self, e: Any) -> Piece:
        sign = f" {self.notation.signs['odot']} "
        return Piece(sign.join(self._bracketed(a, POW) for a in e.args), ADD)

    def _matrix_sum(self, e: Any) -> Piece:
        minus = self.notation.minus
        pieces = sorted(
            map(self.piece, e.args),
            key=lambda p: (p.level == ADD, p.text.removeprefix(minus)),
        )
        text = pieces[0].text
        for piece in pieces[1:]:
            negative = piece.text.startswith(minus)
            body = piece.text.removeprefix(minus)
            text += f" {minus.strip()} {body}" if negative else f" + {body}"
        return Piece(text, ADD)

    def _transpose(self, e: Any) -> Piece:
        text = self._bracketed(e.arg, ATOM)
        return Piece(self.notation.power(text, self.notation.top), POW)

    def _trace(self, e: Any) -> Piece:
        return self._apply(self.notation.operator("tr"), [e.arg])

    def _named_matrix(self, e: Any) -> Piece:
        return Piece(self.notation.bold("I" if isinstance(e, sp.Identity) else "0"))

    # ------------------------------------------------------------------------ relations

    def _relation(self, e: Any) -> Piece:
        sign = self.notation.signs[e.rel_op]
        return Piece(f"{self(e.lhs)} {sign} {self(e.rhs)}", ADD)

    def _each(self, e: Any) -> Piece:
        n = self.notation
        condition = f"{self(e.index)} {n.signs['in']} {self.interval(e.index)}"
        text = f"{self(e.hypothesis)}{n.words(' for every ')}{condition}"
        return Piece(text, ADD)

    def interval(self, index: Any) -> str:
        """Write the range of an index as a set."""
        low, high, dots = self(index.lo), self(index.hi), self.notation.signs["dots"]
        return self.notation.braces(f"{low}, {dots}, {high}")

    _RULES: ClassVar[dict[type, Callable[[Printer, Any], Piece]]] = {
        Integer: _integer,
        Rational: _rational,
        Half: _rational,
        Pi: _constant,
        Exp1: _constant,
        Infinity: _constant,
        NegativeInfinity: _constant,
        Symbol: _symbol,
        sp.IndexedBase: _array,
        Family: _array,
        Indexed: _entry,
        Add: _add,
        Mul: _mul,
        Pow: _pow,
        sp.exp: _exp,
        sp.log: _log,
        sp.Max: _max,
        sp.Min: _max,
        sp.Abs: _abs,
        sp.binomial: _binomial,
        sp.factorial: _factorial,
        sp.KroneckerDelta: _delta,
        E: _expectation,
        Var: _expectation,
        Defined: _defined,
        AppliedUndef: _unknown,
        sp.Sum: _big,
        sp.Product: _big,
        sp.Integral: _integral,
        Derivative: _derivative,
        sp.Subs: _subs,
        sp.MatrixSymbol: _matrix,
        MatrixElement: _matrix_entry,
        sp.MatMul: _matrix_product,
        sp.MatAdd: _matrix_sum,
        sp.HadamardProduct: _hadamard,
        sp.Transpose: _transpose,
        sp.Trace: _trace,
        sp.Identity: _named_matrix,
        sp.ZeroMatrix: _named_matrix,
        Relational: _relation,
        Each: _each,
    }


_LATEX = Printer(LATEX)


@lru_cache(maxsize=4096)
def _canonical(e: Any) -> str:
    """Return the text that orders equals; the same for every notation."""
    return _LATEX(e)
