"""Each test has a blog, a mail server and a newsletter of its own."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller

from tests.end_to_end.services import SETTINGS, TEXTS, Blog, MailServer, Newsletter, find_free_port
from tests.waiting import HANG_SECONDS


@pytest.fixture
def blog() -> Iterator[Blog]:
    blog = Blog()
    for number, (slug, title) in enumerate(
        (
            ("sondag", "Biblioteken öppnar på söndagar"),
            ("cykel", "Tolv mil ny cykelväg"),
            ("export", "Stöd till företag som exporterar"),
        )
    ):
        blog.publish(
            slug, title, f"Mon, {2 + 7 * number:02d} Nov 2026 08:00:00 +0100", TEXTS[number]
        )

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            blog.requests.append(dict(self.headers))
            tag = f'"{len(blog.items)}"'
            unchanged = self.headers.get("If-None-Match") == tag
            self.send_response(304 if unchanged else 200)
            self.send_header("ETag", tag)
            self.send_header("Content-Type", "application/rss+xml")
            self.end_headers()
            if not unchanged:
                self.wfile.write(blog.feed)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    blog.url = f"http://127.0.0.1:{server.server_port}/feed.xml"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield blog
    server.shutdown()
    server.server_close()


@pytest.fixture
def mail_server() -> Iterator[MailServer]:
    server = MailServer(port=find_free_port())
    controller = Controller(
        server, hostname="127.0.0.1", port=server.port, ready_timeout=HANG_SECONDS
    )
    controller.start()
    yield server
    controller.stop()


@pytest.fixture
def newsletter(tmp_path: Path, blog: Blog, mail_server: MailServer) -> Newsletter:
    (tmp_path / "issues").mkdir()
    text = SETTINGS.format(feed=blog.url, smtp=mail_server.port, web=find_free_port())
    (tmp_path / "newsletter.toml").write_text(text, encoding="utf-8")
    return Newsletter(tmp_path)
