"""A theme of strangers can't take all memory or time, whatever its templates say."""

import resource
from pathlib import Path

import pytest

from newsletter.errors import RenderError
from newsletter.render.templates import render_template

GREEDY = {
    "doubled by ~": "{% set ns = namespace(x='abcdefgh') %}{% for i in range(60) %}"
    "{% set ns.x = ns.x ~ ns.x %}{% endfor %}",
    "doubled by +": "{% set ns = namespace(x='abcdefgh') %}{% for i in range(60) %}"
    "{% set ns.x = ns.x + ns.x %}{% endfor %}",
    "doubled by capture": "{% set ns = namespace(x='abcdefgh') %}{% for i in range(60) %}"
    "{% set y %}{{ ns.x }}{{ ns.x }}{% endset %}{% set ns.x = y %}{% endfor %}",
    "lists in lists": "{% set ns = namespace(x=['abcdefgh']) %}{% for i in range(60) %}"
    "{% set ns.x = [ns.x, ns.x] %}{% endfor %}{{ ns.x | string }}",
    "lists in lists, printed": "{% set ns = namespace(x=['abcdefgh']) %}{% for i in range(60) %}"
    "{% set ns.x = [ns.x, ns.x] %}{% endfor %}{{ ns.x }}",
    "loops in loops": "{% for a in range(9999) %}{% for b in range(9999) %}"
    "{% for c in range(9999) %}{% endfor %}{% endfor %}{% endfor %}",
    "printed in loops": "{% for a in range(99999) %}{% for b in range(99) %}abcdefgh"
    "{% endfor %}{% endfor %}",
    "macros that call twice": "{% macro m(n) %}{% if n %}{{ m(n - 1) }}{{ m(n - 1) }}{% endif %}"
    "{% endmacro %}{{ m(60) }}",
    "includes": "{% for a in range(99999) %}{% include 'part.txt.j2' %}{% endfor %}",
    "power": "{{ 9 ** 9 ** 9 }}",
    "product": "{{ 'x' * 999999999 }}",
    "product of lists": "{{ ([1] * 99999) * 99999 }}",
    "width of %": "{{ '%999999999d' % 1 }}",
    "widths of %": "{{ ('%099999d' * 200) % ([1] * 200) }}",
    "width of format": "{{ '{:999999999}'.format(1) }}",
    "nested width": "{{ '{:{w}}'.format(1, w=999999999) }}",
    "repeated field": "{{ ('{0}' * 9999).format('x' * 99999) }}",
    "format filter": "{{ '%999999999s' | format('x') }}",
    "center": "{{ 'x' | center(999999999) }}",
    "mapped": "{{ ['x'] | map('center', 999999999) | list }}",
    "ljust": "{{ 'x'.ljust(999999999) }}",
    "zfill of a number": "{{ '1'.zfill(10 * 99999999) }}",
    "expandtabs": "{{ ('\t' * 999).expandtabs(99999) }}",
    "replace": "{{ ('x' * 99999).replace('x', 'y' * 99999) }}",
    "replace filter": "{{ ('x' * 99999) | replace('x', 'y' * 99999) }}",
    "join": "{{ ('x' * 99999).join('x' * 99999) }}",
    "join filter": "{{ ('x' * 99999) | join('x' * 99999) }}",
    "indent": "{{ ('\n' * 99999) | indent(99999) }}",
    "tojson": "{{ [[[[1]]]] | tojson(indent=999999999) }}",
    "sum": "{{ [[1] * 999] * 99 | sum(start=[]) }}{{ ([[1] * 999] * 999) | sum(start=[]) }}",
    "round": "{{ 1.5 | round(999999999, 'ceil') }}",
    "batch": "{{ [1] | batch(999999999, 'x') | list }}",
    "lipsum": "{{ lipsum(n=99999) }}",
    "a letter of megabytes": "{% for a in range(30000) %}" + "x" * 100 + "{% endfor %}",
}  # fmt: skip


@pytest.mark.parametrize("text", GREEDY.values(), ids=GREEDY)
@pytest.mark.parametrize("name", ["letter.txt.j2", "letter.mjml.j2"])
def test_a_template_that_would_build_gigabytes_is_told(
    tmp_path: Path, name: str, text: str
) -> None:
    """In one sentence with its place, and before the memory is taken."""
    (tmp_path / name).write_text(text)
    (tmp_path / "part.txt.j2").write_text("part")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(RenderError, match=name):
        render_template((tmp_path,), name, {}, language="sv")
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000


ORDINARY = {
    "{% for a in items %}{{ loop.index }}/{{ loop.length }}:{{ a }} {% endfor %}": "1/2:å 2/2:b ",
    "{{ items | join(', ') }}|{{ 'x' | center(5) }}|{{ 'a' ~ 1 ~ 'b' }}": "å, b|  x  |a1b",
    "{{ items | map('upper') | list | length }}{{ 7 % 4 }}{{ 2 * 3 }}{{ 1 + 1 }}": "2362",
    "{{ '%s och %03d' % ('a', 7) }}{{ '{:>4}'.format('b') }}": "a och 007   b",
    "{% for a in items if a == 'b' %}{{ a }}{% else %}-{% endfor %}": "b",
    "{% for n in tree recursive %}{{ n.t }}{{ loop(n.c) }}{% endfor %}": "xy",
    "{% for a, b in pairs.items() %}{{ a }}{{ b }}{% endfor %}": "k1",
    "{% for g in items | batch(1) %}{{ g[0] }}{% endfor %}": "åb",
}


@pytest.mark.parametrize("text", ORDINARY)
def test_an_ordinary_template_prints_what_it_did(tmp_path: Path, text: str) -> None:
    """Loops with their counters, filters, formats."""
    (tmp_path / "letter.txt.j2").write_text(text)
    values = {
        "items": ["å", "b"],
        "pairs": {"k": 1},
        "tree": [{"t": "x", "c": [{"t": "y", "c": []}]}],
    }
    found = render_template((tmp_path,), "letter.txt.j2", values, language="sv")
    assert found == ORDINARY[text]


def test_markup_joined_with_text_escapes_the_text(tmp_path: Path) -> None:
    """As Jinja2's own ~ does."""
    (tmp_path / "a.mjml.j2").write_text("{% set m %}<b>{% endset %}{{ m ~ '<i>' }}")
    assert render_template((tmp_path,), "a.mjml.j2", {}, language="sv") == "<b>&lt;i&gt;"
