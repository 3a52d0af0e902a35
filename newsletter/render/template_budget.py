"""A Jinja2 sandbox in which a template can use only so much time and memory.

Jinja2's own lets through what grows: products, doubled texts, loops in loops. Here whatever a
template makes or goes over is charged to a budget, before it is made.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from itertools import islice
from typing import Any, TypeGuard

from jinja2 import TemplateError, nodes
from jinja2.runtime import markup_join, str_join
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.visitor import NodeTransformer

#: Characters that all steps of one template may make or go over. A letter of 100 kB takes a
#: twentieth.
MAX_TEMPLATE_CHARS = 20_000_000
#: The same for one step that multiplies: a text by a number, a separator by the texts between.
_MAX_PRODUCT_CHARS = 2_000_000
#: What a step costs that makes nothing: a turn of a loop, a call, a template read.
_STEP_CHARS, _TEMPLATE_READ_CHARS = 200, 2_000
_MAX_NUMBER = 100_000
#: Filters whose result can be longer than what they are given.
_GROWING_FILTERS = frozenset(
    ("batch", "center", "format", "indent", "join", "replace", "slice", "sum", "tojson", "urlize",
     "wordwrap", "xmlattr")
)  # fmt: skip
_DIGITS = re.compile(r"\d+")

_spent: ContextVar[list[int] | None] = ContextVar("_spent", default=None)


@contextmanager
def open_budget() -> Iterator[None]:
    """Give the templates that are filled meanwhile, in this thread, a budget."""
    token = _spent.set([0])
    try:
        yield
    finally:
        _spent.reset(token)


def charge(chars: int) -> None:
    """Take from the budget. Raises TemplateError where nothing is left."""
    spent = _spent.get()
    if spent is None:  # a template is compiled, not filled
        return
    spent[0] += chars
    if spent[0] > MAX_TEMPLATE_CHARS:
        raise TemplateError("too much for one letter")


def charge_value(value: object) -> None:
    """Take from the budget what a value is about to print."""
    charge(_weigh([value]))


class BudgetedEnvironment(ImmutableSandboxedEnvironment):
    """Jinja2's immutable sandbox, whose every step that can grow is charged."""

    intercepted_binops = frozenset({"+", "*", "**", "%"})

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        del self.globals["lipsum"]
        # `batch` and others are looked up here by `map`, too.
        self.filters = {
            name: _charge_filter(name, function) for name, function in self.filters.items()
        }

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        """Compute what could grow, once it is known to stay small."""
        if operator == "**":
            raise TemplateError("too large a product")
        if operator == "%" and isinstance(left, str):
            _check_product("format", [left, right])
        elif operator == "*" and not (_is_number(left) and _is_number(right)):
            _check_product(operator, [left, right])
        elif operator != "%":
            charge(_weigh([left, right]))
        return super().call_binop(context, operator, left, right)

    # Named as Jinja2 does: a template may call with `self=`.
    def call(__self, __context: Any, __obj: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: N805
        """Call a function or a macro."""
        charge(_STEP_CHARS)
        _check_numbers([*args, *kwargs.values()])
        owner = getattr(__obj, "__self__", None)
        if isinstance(owner, str):
            _check_product(getattr(__obj, "__name__", ""), [owner, *args, *kwargs.values()])
        return super().call(__context, __obj, *args, **kwargs)

    def wrap_str_format(self, value: Any) -> Callable[..., str] | None:
        """Return `str.format` in the sandbox, its result bounded."""
        found = super().wrap_str_format(value)
        if found is None:
            return None
        safe_format = found

        def format_bounded(*args: Any, **kwargs: Any) -> str:
            _check_product("format", [value.__self__, *args, *kwargs.values()])
            return safe_format(*args, **kwargs)

        return format_bounded

    def get_template(self, *args: Any, **kwargs: Any) -> Any:
        """Load a template, also for `include` and `import`."""
        charge(_TEMPLATE_READ_CHARS)
        return super().get_template(*args, **kwargs)

    def concat(self, pieces: Iterable[str]) -> str:
        """Join what a template, a block or a macro has printed."""
        found = []
        for piece in pieces:
            charge(len(piece))
            found.append(piece)
        return "".join(found)

    def join_pieces(self, *pieces: Any) -> str:
        """Return what `~` makes."""
        charge(_weigh(list(pieces)))
        return markup_join(pieces) if self.autoescape else str_join(pieces)

    def count_items(self, items: Any) -> Any:
        """Return what a loop goes over, once it is known to have an end."""
        if not hasattr(items, "__len__"):
            items = list(islice(items, MAX_TEMPLATE_CHARS // _STEP_CHARS))
        charge(_STEP_CHARS * len(items))
        return items

    def _generate(self, source: nodes.Template, *args: Any, **kwargs: Any) -> str:
        return super()._generate(_BudgetTransformer().visit(source), *args, **kwargs)


class _BudgetTransformer(NodeTransformer):
    """Sends loops and `~` through the environment, which charges them."""

    def visit_For(self, node: nodes.For) -> nodes.For:  # noqa: N802 - Jinja2's name
        self.generic_visit(node)
        node.iter = _build_call("count_items", [node.iter], node.lineno)
        return node

    def visit_Concat(self, node: nodes.Concat) -> nodes.Call:  # noqa: N802 - Jinja2's name
        self.generic_visit(node)
        return _build_call("join_pieces", node.nodes, node.lineno)


def _build_call(name: str, arguments: list[Any], line: int) -> nodes.Call:
    method = nodes.EnvironmentAttribute(name, lineno=line)
    return nodes.Call(method, arguments, [], None, None, lineno=line)


def _charge_filter(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(function)  # Jinja2's marks go along: which take the environment first
    def run_charged(*args: Any, **kwargs: Any) -> Any:
        values = [
            value
            for value in (*args, *kwargs.values())
            if isinstance(value, str | int | float | list | tuple | dict)
        ]
        _check_numbers(values)
        if name in _GROWING_FILTERS:
            _check_product(name, values)
        charge(_STEP_CHARS + _weigh(values))
        return function(*args, **kwargs)

    return run_charged


def _check_numbers(values: Iterable[object]) -> None:
    """Raise TemplateError for a width, a precision or a count that no letter needs."""
    if any(abs(value) > _MAX_NUMBER for value in values if _is_number(value)):
        raise TemplateError("too large a product")


def _check_product(name: str, values: list[Any]) -> None:
    """Raise TemplateError where the result could be too long: each value times all others."""
    product = 1
    for value in values:
        product *= max(1, abs(int(value)) if _is_number(value) else _weigh([value]))
    if name in ("format", "format_map"):
        digits = (int(found) for found in _DIGITS.findall(values[0]) if len(found) < 10)
        product *= max(digits, default=1) or 1
        if re.search(r"\d{10}", values[0]):
            product = _MAX_PRODUCT_CHARS + 1
    if product > _MAX_PRODUCT_CHARS:
        raise TemplateError("too large a product")
    charge(product)


def _weigh(values: list[Any]) -> int:
    """Return the characters and items of values, or as many as are too many."""
    weight, waiting = 0, list(values)
    while waiting and weight <= MAX_TEMPLATE_CHARS:
        value = waiting.pop()
        if isinstance(value, str):
            weight += len(value)
        elif isinstance(value, dict):
            weight += len(value)
            waiting += [*value.keys(), *value.values()]
        elif isinstance(value, list | tuple):
            weight += len(value)
            waiting += value
        else:
            weight += 1
    return weight


def _is_number(value: object) -> TypeGuard[int | float]:
    return isinstance(value, int | float) and not isinstance(value, bool)
