"""Several kinds of sources in one issue, on the command line.

Found out, filtered, in sections, with a language model.
"""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from newsletter.cli import main
from tests.compose.summary.llm_server import LlmServer, respond_with_message
from tests.posts.pages.example_pages import ExamplePage, load_pages, read_html
from tests.posts.web_server import WebServer, respond_with

SETTINGS = """
[newsletter]
title = "Nytt från regionen"
language = "sv"
timezone = "Europe/Stockholm"
from = "Redaktionen <nyhetsbrev@regionexempel.example.org>"
postal_address = "Box 1, 111 11 Exempelstad"
public_url = "https://nyhetsbrev.example.org"
[[sources]]
url = "{site}/feed.xml"
exclude = ["lediga*"]
[[sources]]
url = "{site}/nyheter"
kind = "page"
section = "Från webbplatsen"
weight = 1
[fetch]
allow_hosts = ["127.0.0.1"]
[smtp]
host = "localhost"
security = "none"
"""
ITEM = "<item><title>{0}</title><link>{1}/{0}/</link><description>{2}</description></item>"
CUT = "Från och med januari håller fyra […]"


@pytest.fixture
def web_server() -> Iterator[WebServer]:
    """Open a site with a feed of excerpts, a list of articles, and the articles."""
    here = WebServer()
    items = "".join(ITEM.format(name, here.url, CUT) for name in ("bibliotek", "lediga-jobb"))
    here.responses["/feed.xml"] = respond_with(
        f"<rss version='2.0'><channel><title>B</title>{items}</channel></rss>".encode()
    )
    here.responses["/bibliotek/"] = respond_with(
        read_html("breaks").encode(), Content_Type="text/html"
    )
    here.responses["/nyheter"] = respond_with(
        read_html("listing").encode(), Content_Type="text/html"
    )
    here.responses["/cykel/?utm_source=lista"] = respond_with(
        read_html("ingress").encode(), Content_Type="text/html"
    )
    yield here
    here.close()


@pytest.fixture
def workspace(tmp_path: Path, web_server: WebServer, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make a newsletter with two sources."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LANGUAGE", "en")
    monkeypatch.setattr("newsletter.posts.pages.page.REQUEST_INTERVAL_SECONDS", 0)
    (tmp_path / "newsletter.toml").write_text(
        SETTINGS.replace("{site}", web_server.url), encoding="utf-8"
    )
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments))


def test_an_issue_of_several_sources(workspace: Path) -> None:
    """A cut excerpt is completed from its page; what can't be read stays as it is.

    Everything has its reason.
    """
    result = run("compose", "ett", "--json")
    assert result.exit_code == 0, result.stderr
    found = json.loads(result.stdout)
    titles = [post["title"] for post in found["posts"]]
    assert titles == [
        "bibliotek",
        "Biblioteken öppnar på söndagar",
        "Tre nya cykelvägar byggs",
        "Receptionen stängd på fredag",
    ]
    first = found["posts"][0]
    assert first["summary"].startswith(
        "Från och med januari håller fyra bibliotek i regionen öppet"
    )
    assert found["posts"][2]["reason"] == "lead"
    assert [(left["title"], "sources.exclude" in left["reason"]) for left in found["left_out"]] == [
        ("lediga-jobb", True)
    ]
    text = (workspace / "issues" / "ett.md").read_text(encoding="utf-8")
    assert (
        text.index("Nytt sedan sist")
        < text.index("## Från webbplatsen")
        < text.index("### [Tre nya cykelvägar")
    )
    assert "[…]" not in text


def test_a_post_is_skipped_for_good(workspace: Path, web_server: WebServer) -> None:
    """And comes back when it is released."""
    assert run("compose", "--max", "1", "--dry-run").exit_code == 0
    run("compose", "ett", "--exclude", f"{web_server.url}/bibliotek/")
    skipped = run("posts", "skip", f"{web_server.url}/bibliotek")
    assert skipped.exit_code == 0, skipped.stderr
    assert "is skipped" in skipped.stdout
    assert "You skipped it." in run("compose", "två", "--explain").stdout
    assert run("posts", "release", f"{web_server.url}/bibliotek/").exit_code == 0
    assert json.loads(run("compose", "två", "--json").stdout)["posts"][0]["title"] == "bibliotek"


def test_related_posts_of_any_page(workspace: Path, web_server: WebServer) -> None:
    web_server.responses["/annan/"] = respond_with(
        read_html("long-related").encode(), Content_Type="text/html"
    )
    found = json.loads(
        run("compose", "ett", "--related-to", f"{web_server.url}/annan/", "--json").stdout
    )
    assert [post["title"] for post in found["posts"]] == ["Tre nya cykelvägar byggs"]


def test_every_kind_is_shown_without_a_workspace_file_by_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`posts --source` for a page and an answer of WordPress' API."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "page.html").write_text(read_html("wordpress"), encoding="utf-8")
    item = {
        "id": 1,
        "link": "https://blogg.example.org/1/",
        "title": {"rendered": "Ett"},
        "content": {"rendered": "<p>Hej.</p>"},
    }
    (tmp_path / "posts.json").write_text(json.dumps([item]), encoding="utf-8")
    (page,) = json.loads(run("posts", "--source", "page.html", "--json").stdout)
    assert (page["title"], page["url"]) == (
        "Biblioteken öppnar på söndagar",
        "https://blogg.example.org/sondag/",
    )
    (post,) = json.loads(run("posts", "--source", "posts.json", "--json").stdout)
    assert post["title"] == "Ett"


GOOD = (
    "Från och med januari håller fyra bibliotek i regionen öppet alla dagar i veckan. Försöket"
    " pågår i ett år och följs av forskare vid högskolan. Biblioteken bemannas av studenter på"
    " helgerna."
)


def test_a_language_model_is_off_until_it_is_named(
    workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The key comes from the environment; a file that holds it is refused."""
    chat = LlmServer()
    try:
        chat.modes = [respond_with_message(GOOD)]
        monkeypatch.setenv("NEWSLETTER_MODEL__KEY", "hemligt")
        run("compose", "--dry-run")
        assert chat.requests == []
        settings = workspace / "newsletter.toml"
        settings.write_text(
            f'{settings.read_text(encoding="utf-8")}\n[model]\nurl = "{chat.url}"\nmodel ='
            ' "liten"\n',
            encoding="utf-8",
        )
        found = json.loads(run("compose", "ett", "--json").stdout)
        first = found["posts"][0]
        assert (first["reason"], first["summary"]) == ("model", GOOD)
        assert {headers["authorization"] for headers, _body in chat.requests} == {"Bearer hemligt"}
        assert "nyhetsbrev@" not in json.dumps(chat.requests)
        settings.write_text(
            f'{settings.read_text(encoding="utf-8")}key = "hemligt"\n', encoding="utf-8"
        )
        refused = run("compose")
        assert "NEWSLETTER_MODEL__KEY" in refused.stderr
        assert "hemligt" not in refused.output
    finally:
        chat.close()


@pytest.mark.parametrize("page", load_pages(), ids=lambda page: page.name)
def test_the_teaser_of_a_whole_page_opens_with_the_articles_own_text(
    page: ExamplePage, tmp_path: Path
) -> None:
    """As a file, and as a line of JSON: no menu, no banner, no byline."""
    (tmp_path / "page.html").write_text(page.html, encoding="utf-8")
    found = json.loads(
        run("teaser", str(tmp_path / "page.html"), "--language", page.language, "--json").stdout
    )
    assert found["title"] == page.title
    assert found["summary"].startswith(tuple(opening[:20] for opening in page.opens))
    line = json.dumps({"id": 1, "lang": page.language, "body": page.html, "body_format": "html"})
    answer = json.loads(CliRunner().invoke(main, ["teaser", "--jsonl"], input=line).stdout)
    assert answer["summary"] == found["summary"]
