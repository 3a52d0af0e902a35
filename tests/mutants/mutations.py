"""Small changes of a program that its tests should notice (DeMillo, Lipton and Sayward, 1978)."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass

_COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}
_ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.FloorDiv: ast.Mult,
    ast.Div: ast.Mult,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """A module with one change in it."""

    module: str
    line: int
    #: That line as it is written, without its indent.
    line_text: str
    #: The statement or expression before and after.
    before: str
    after: str
    source: str

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What names it, wherever in the module its line moves."""
        return self.module, self.line_text, self.before, self.after


def generate_mutants(module: str, source: str) -> Iterator[Mutant]:
    """Yield every mutant of a module, in the order of its lines."""
    lines = source.splitlines()
    count = sum(1 for _ in _list_sites(ast.parse(source)))
    for number in range(count):
        tree = ast.parse(source)
        node, change = next(site for at, site in enumerate(_list_sites(tree)) if at == number)
        before = ast.unparse(node)
        line: int = node.lineno
        changed = _apply(tree, node, change)
        yield Mutant(
            module=module,
            line=line,
            line_text=lines[line - 1].strip(),
            before=before,
            after=changed,
            source=ast.unparse(ast.fix_missing_locations(tree)),
        )


def _list_sites(tree: ast.Module) -> Iterator[tuple[ast.expr, str]]:
    skipped = {id(node) for annotation in _list_annotations(tree) for node in ast.walk(annotation)}
    for node in ast.walk(tree):
        if id(node) in skipped or not isinstance(node, ast.expr):
            continue
        match node:
            case ast.Compare(ops=[op]) if type(op) in _COMPARISONS:
                yield node, "compare"
            case ast.BoolOp():
                yield node, "and-or"
            case ast.UnaryOp(op=ast.Not()):
                yield node, "not"
            case ast.BinOp(op=op) if type(op) in _ARITHMETIC and not _is_text(node):
                yield node, "arithmetic"
            case ast.Constant(value=bool()):
                yield node, "boolean"
            case ast.Constant(value=int() | float()):
                yield node, "number"
            case ast.IfExp():
                yield node, "branch"
            case _:
                pass


def _list_annotations(tree: ast.Module) -> Iterator[ast.AST]:
    for node in ast.walk(tree):
        if isinstance(node, ast.AnnAssign) or (
            isinstance(node, ast.arg) and node.annotation is not None
        ):
            yield node.annotation
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield from [node.returns] if node.returns is not None else []
            yield from node.decorator_list
        elif isinstance(node, ast.ClassDef):
            yield from node.decorator_list


def _is_text(node: ast.BinOp) -> bool:
    return any(
        isinstance(side, ast.JoinedStr)
        or (isinstance(side, ast.Constant) and isinstance(side.value, str | bytes))
        for side in (node.left, node.right)
    )


def _apply(tree: ast.Module, node: ast.expr, change: str) -> str:
    """Change a node of the tree in place; return how it reads then."""
    match node, change:
        case ast.Compare(), "compare":
            node.ops = [_COMPARISONS[type(node.ops[0])]()]
        case ast.BoolOp(), _:
            node.op = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        case ast.BinOp(), _:
            node.op = _ARITHMETIC[type(node.op)]()
        case ast.Constant(value=bool()), _:
            node.value = not node.value
        case ast.Constant(), _:
            assert isinstance(node.value, int | float)
            node.value = node.value + 1
        case ast.IfExp(), _:
            node.body, node.orelse = node.orelse, node.body
        case ast.UnaryOp(), _:
            return _replace(tree, node, node.operand)
    return ast.unparse(node)


def _replace(tree: ast.Module, old: ast.expr, new: ast.expr) -> str:
    for parent in ast.walk(tree):
        for name, value in ast.iter_fields(parent):
            if value is old:
                setattr(parent, name, new)
            elif isinstance(value, list) and any(one is old for one in value):
                value[:] = [new if one is old else one for one in value]
    return ast.unparse(new)
