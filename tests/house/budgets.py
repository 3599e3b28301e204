"""How long things may be: module ≤ 400 lines, class ≤ 200; functions: median ≤ 9 and 95 % ≤ 35.

A module or class over its budget fails unless its docstring gives the reason after the word "Budget:". Long functions
are reported: the figure that matters is how many there are.
"""

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from statistics import median, quantiles

from tests.house.findings import Finding, Source

MODULE_LINES, CLASS_LINES, FUNCTION_LINES, FUNCTION_MEDIAN = 400, 200, 35, 9
_REASON = "Budget:"
_Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class FunctionLengths:
    """The figures of the report, in lines."""

    count: int
    median: float
    percentile_95: float
    longest: tuple[Finding, ...]

    def __str__(self) -> str:
        within = self.median <= FUNCTION_MEDIAN and self.percentile_95 <= FUNCTION_LINES
        verdict = "within the budget" if within else "OVER the budget"
        return f"{self.count} functions: median {self.median:g} lines, 95 % within {self.percentile_95:g}; {verdict}"


def check(sources: Iterable[Source]) -> Iterator[Finding]:
    """Report modules and classes over their budget that give no reason."""
    for source in sources:
        if "/migrations/" in source.path:
            continue
        tree, lines = source.tree(), source.text.count("\n") + 1
        if lines > MODULE_LINES and not _has_reason(tree):
            yield Finding(source.path, 1, f"module of {lines} lines, budget {MODULE_LINES}")
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef) and _length(node) > CLASS_LINES and not _has_reason(node):
                yield Finding(
                    source.path, node.lineno, f"class {node.name} of {_length(node)} lines, budget {CLASS_LINES}"
                )


def function_lengths(sources: Iterable[Source]) -> FunctionLengths:
    """Measure the functions, decorators and docstrings not counted."""
    lengths: list[int] = []
    longest: list[Finding] = []
    for source in sources:
        if "/migrations/" in source.path:
            continue
        for node in ast.walk(source.tree()):
            if isinstance(node, _Function):
                length = _body_length(node)
                lengths.append(length)
                if length > FUNCTION_LINES:
                    longest.append(Finding(source.path, node.lineno, f"{node.name} has {length} lines"))
    if len(lengths) < 2:
        return FunctionLengths(len(lengths), sum(lengths), sum(lengths), tuple(longest))
    return FunctionLengths(len(lengths), median(lengths), quantiles(lengths, n=20)[-1], tuple(longest))


def _length(node: ast.ClassDef | _Function) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def _body_length(node: _Function) -> int:
    first = node.body[0]
    is_docstring = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and len(node.body) > 1
    documented = (first.end_lineno or 0) - first.lineno + 1 if is_docstring else 0
    return _length(node) - documented


def _has_reason(node: ast.Module | ast.ClassDef) -> bool:
    return _REASON in (ast.get_docstring(node) or "")
