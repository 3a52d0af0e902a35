"""Fetching: every way in which a server may disappoint.

Every address that must not be asked.
"""

import gzip
import socket
import ssl
import threading
import zlib
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter import __version__
from newsletter.errors import FetchError
from newsletter.posts.fetch.address_policy import is_public
from newsletter.posts.fetch.fetch import Fetcher, FetchTimeouts, Validators
from newsletter.posts.fetch.http_errors import parse_retry_after
from tests.posts.web_server import WebServer, respond_with, respond_with_status
from tests.waiting import HANG_SECONDS


def test_an_answer_comes_with_where_what_and_how_to_ask_again(
    web_server: WebServer, fetcher: Fetcher
) -> None:
    web_server.responses["/feed"] = respond_with(
        b"<rss/>",
        ETag='"1"',
        Last_Modified="Mon, 23 Nov 2026 10:00:00 GMT",
        Content_Type="application/rss+xml",
    )
    got = fetcher.fetch(f"{web_server.url}/feed")
    assert (got.content, got.status, got.url, got.content_type) == (
        b"<rss/>",
        200,
        f"{web_server.url}/feed",
        "application/rss+xml",
    )
    assert got.validators == Validators(etag='"1"', last_modified="Mon, 23 Nov 2026 10:00:00 GMT")
    assert not got.unchanged
    assert got.permanent_url is None


def test_the_server_learns_who_asks(web_server: WebServer) -> None:
    web_server.responses["/"] = respond_with(b"x")
    Fetcher(["127.0.0.1"], public_url="https://nyhetsbrev.example.org").fetch(web_server.url)
    assert (
        web_server.requests[0][2]["user-agent"]
        == f"newsletter/{__version__} (+https://nyhetsbrev.example.org)"
    )
    assert "cookie" not in web_server.requests[0][2]


def test_an_unchanged_feed_is_asked_for_by_its_validators_and_not_sent_again(
    web_server: WebServer, fetcher: Fetcher
) -> None:
    web_server.responses["/"] = respond_with_status(304)
    got = fetcher.fetch(
        web_server.url,
        validators=Validators(etag='"1"', last_modified="Mon, 23 Nov 2026 10:00:00 GMT"),
    )
    assert got.unchanged
    assert got.validators.etag == '"1"'
    assert web_server.requests[0][2]["if-none-match"] == '"1"'
    assert web_server.requests[0][2]["if-modified-since"] == "Mon, 23 Nov 2026 10:00:00 GMT"


def test_a_304_that_nobody_asked_for_is_an_error(web_server: WebServer, fetcher: Fetcher) -> None:
    web_server.responses["/"] = respond_with_status(304)
    with pytest.raises(FetchError):
        fetcher.fetch(web_server.url)


@pytest.mark.parametrize(
    ("code", "headers", "words", "passing"),
    [
        (401, {}, "refuses", False),
        (403, {}, "refuses", False),
        (404, {}, "nothing at", False),
        (410, {}, "nothing at", False),
        (418, {}, "no answer that can be used", False),
        (429, {}, "asked too often", True),
        (429, {"Retry_After": "600"}, "wait 10 minutes", True),
        (429, {"Retry_After": "Mon, 23 Nov 2026 10:20:00 GMT"}, "wait 20 minutes", True),
        (429, {"Retry_After": "9" * 500}, "wait 1440 minutes", True),
        (500, {}, "fault of its own", True),
        (503, {"Retry_After": "120"}, "wait 2 minutes", True),
        (503, {"Retry_After": "later"}, "fault of its own", True),
        (301, {}, "no answer that can be used", False),
    ],
)
def test_every_refusal_is_one_sentence_and_says_whether_to_try_again(
    web_server: WebServer, code: int, headers: dict[str, str], words: str, passing: bool
) -> None:
    web_server.responses["/"] = respond_with_status(code, **headers)
    fetcher = Fetcher(["127.0.0.1"], clock=lambda: datetime(2026, 11, 23, 10, 0, tzinfo=UTC))
    with pytest.raises(FetchError) as caught:
        fetcher.fetch(web_server.url)
    assert words in str(caught.value)
    assert caught.value.is_transient is passing
    assert "\n" not in str(caught.value)


@given(st.text())
@settings(deadline=None)
def test_no_retry_after_crashes(text: str) -> None:
    assert 0 <= parse_retry_after(text, datetime(2026, 11, 23, tzinfo=UTC)) <= 86_400


def test_a_feed_that_has_moved_for_good_says_where_to(
    web_server: WebServer, fetcher: Fetcher
) -> None:
    web_server.responses["/old"] = respond_with_status(301, Location="/new")
    web_server.responses["/new"] = respond_with(b"x")
    got = fetcher.fetch(f"{web_server.url}/old")
    assert got.url == got.permanent_url == f"{web_server.url}/new"


def test_a_redirect_for_now_is_followed_and_not_announced(
    web_server: WebServer, fetcher: Fetcher
) -> None:
    web_server.responses["/old"] = respond_with_status(302, Location="/mid")
    web_server.responses["/mid"] = respond_with_status(308, Location="/new")
    web_server.responses["/new"] = respond_with(b"x")
    got = fetcher.fetch(f"{web_server.url}/old")
    assert got.url == f"{web_server.url}/new"
    assert got.permanent_url is None


def test_redirects_in_a_circle_end(web_server: WebServer, fetcher: Fetcher) -> None:
    web_server.responses["/a"] = respond_with_status(302, Location="/b")
    web_server.responses["/b"] = respond_with_status(302, Location="/a")
    with pytest.raises(FetchError, match="circle"):
        fetcher.fetch(f"{web_server.url}/a")


def test_five_redirects_are_followed_and_no_sixth(web_server: WebServer, fetcher: Fetcher) -> None:
    for number in range(7):
        web_server.responses[f"/{number}"] = respond_with_status(302, Location=f"/{number + 1}")
    web_server.responses["/5"] = respond_with(b"x")
    assert fetcher.fetch(f"{web_server.url}/0").content == b"x"
    web_server.responses["/5"] = respond_with_status(302, Location="/6")
    with pytest.raises(FetchError, match="more than 5 times"):
        fetcher.fetch(f"{web_server.url}/0")


@pytest.mark.parametrize(
    "target",
    [
        "file:///etc/passwd",
        "javascript:alert(1)",
        "ftp://example.org/",
        "gopher://127.0.0.1/",
        "http://a b/",
    ],
)
def test_a_redirect_leads_to_the_web_or_nowhere(
    web_server: WebServer, fetcher: Fetcher, target: str
) -> None:
    web_server.responses["/"] = respond_with_status(302, Location=target)
    with pytest.raises(FetchError, match="no address of the web"):
        fetcher.fetch(web_server.url)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "file:///etc/passwd",
        "/etc/passwd",
        "data:text/plain,x",
        "ftp://example.org",
        "https://",
        "http:///x",
        "x\0y",
    ],
)
def test_only_web_addresses_are_fetched(url: str) -> None:
    with pytest.raises(FetchError, match="no address of the web"):
        Fetcher().fetch(url)


def test_a_redirect_to_a_private_host_is_checked_like_the_first_address(
    web_server: WebServer,
) -> None:
    other = WebServer()
    web_server.responses["/"] = respond_with_status(302, Location=f"http://localhost:{other.port}/")
    try:
        with pytest.raises(FetchError, match="private network"):
            Fetcher([f"127.0.0.1:{web_server.port}"]).fetch(web_server.url)
        with pytest.raises(FetchError, match="private network"):
            Fetcher([f"127.0.0.1:{web_server.port}"]).fetch(other.url)
        assert other.requests == []
    finally:
        other.close()


SPELLINGS = """
127.0.0.1 127.1 127.0.1 2130706433 0x7f000001 0x7f.1 017700000001 0177.0.0.1 127.000.000.001 127.0.0.1. localhost LOCALHOST localhost.
0.0.0.0 0 [::1] [::] [::ffff:127.0.0.1] [::ffff:7f00:1] [0:0:0:0:0:ffff:127.0.0.1] [::127.0.0.1] [64:ff9b::127.0.0.1] [2002:7f00:1::]
①②⑦.⓪.⓪.① 127。0。0。1 x@127.0.0.1 example.org@127.0.0.1 127.0.0.2 127.127.127.127
"""


@pytest.mark.parametrize("host", SPELLINGS.split())
def test_no_spelling_of_this_machine_is_asked(web_server: WebServer, host: str) -> None:
    web_server.responses["/"] = respond_with(b"secret")
    with pytest.raises(FetchError):
        Fetcher(timeouts=FetchTimeouts(connect=0.5, read=0.5, total=1.0)).fetch(
            f"http://{host}:{web_server.port}/"
        )
    assert web_server.requests == []


@pytest.mark.parametrize(
    "address",
    [
        *(
            "10.1.2.3",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "100.100.100.200",
            "192.0.0.192",
            "168.63.129.16",
        ),
        *(
            "0.0.0.0",
            "255.255.255.255",
            "224.0.0.1",
            "240.0.0.1",
            "198.18.0.1",
            "192.0.2.1",
            "192.88.99.1",
            "203.0.113.9",
            "::",
            "::1",
            "fe80::1",
        ),
        *(
            "fe80::1%eth0",
            "fd00:ec2::254",
            "fc00::1",
            "fec0::1",
            "ff02::1",
            "::ffff:10.0.0.1",
            "::ffff:169.254.169.254",
            "::10.0.0.1",
            "2001:db8::1",
        ),
        *(
            "64:ff9b::a00:1",
            "64:ff9b:1::1",
            "2002:a00:1::",
            "2001::1",
            "2001:10::1",
            "100::1",
            "::ffff:0:127.0.0.1",
            "3fff::1",
            "5f00::1",
            "nonsense",
        ),
    ],
)
def test_private_local_and_reserved_addresses_are_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "93.184.215.14",
        "8.8.8.8",
        "2606:2800:21f:cb07:6820:80da:af6b:8b2c",
        "::ffff:8.8.8.8",
        "64:ff9b::808:808",
        "2002:808:808::",
    ],
)
def test_the_open_internet_is_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "answers",
    [
        ["8.8.8.8", "127.0.0.1"],
        ["127.0.0.1", "8.8.8.8"],
        ["::1"],
        ["::ffff:127.0.0.1"],
        ["8.8.8.8", "fe80::1%lo"],
    ],
)
def test_one_private_address_among_the_answers_of_a_name_server_is_enough(
    web_server: WebServer, answers: list[str]
) -> None:
    fetcher = Fetcher(
        resolver=lambda host, port: answers,
        timeouts=FetchTimeouts(connect=0.3, read=0.3, total=0.5),
    )
    with pytest.raises(FetchError, match="private network"):
        fetcher.fetch(f"http://blogg.example.org:{web_server.port}/")
    assert web_server.requests == []


def test_a_host_is_resolved_once_and_the_connection_goes_to_that_address(
    web_server: WebServer,
) -> None:
    """DNS rebinding: a second answer is never asked for."""
    asked: list[str] = []

    def resolve(host: str, port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"]

    web_server.responses["/"] = respond_with(b"x")
    assert (
        Fetcher(["blogg.example.org"], resolver=resolve)
        .fetch(f"http://blogg.example.org:{web_server.port}/")
        .content
        == b"x"
    )
    assert asked == ["blogg.example.org"]
    assert web_server.requests[0][2]["host"] == f"blogg.example.org:{web_server.port}"


def test_a_host_without_an_address_is_said_to_be_missing() -> None:
    with pytest.raises(FetchError, match="There is no host") as caught:
        Fetcher(resolver=lambda host, port: []).fetch("https://blogg.example.org/")
    assert caught.value.is_transient


def test_a_port_that_nobody_listens_on_is_one_sentence() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        with pytest.raises(FetchError, match=r"can't be reached"):
            Fetcher(["127.0.0.1"]).fetch(f"http://127.0.0.1:{unused.getsockname()[1]}/")


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
def test_a_packed_answer_is_unpacked(
    web_server: WebServer, fetcher: Fetcher, encoding: str
) -> None:
    packed = gzip.compress(b"hej" * 100) if encoding == "gzip" else zlib.compress(b"hej" * 100)
    web_server.responses["/"] = respond_with(packed, Content_Encoding=encoding)
    assert fetcher.fetch(web_server.url).content == b"hej" * 100


def test_a_bomb_is_unpacked_up_to_the_limit_and_no_further(
    web_server: WebServer, fetcher: Fetcher
) -> None:
    web_server.responses["/"] = respond_with(
        gzip.compress(bytes(50_000_000)), Content_Encoding="gzip"
    )
    web_server.responses["/twice"] = respond_with(
        gzip.compress(gzip.compress(bytes(50_000_000))), Content_Encoding="gzip, gzip"
    )
    for path in ("/", "/twice"):
        with pytest.raises(FetchError, match="more than 1 MB"):
            fetcher.fetch(web_server.url + path, max_bytes=1_000_000)


def test_an_answer_that_is_no_gzip_is_one_sentence(web_server: WebServer, fetcher: Fetcher) -> None:
    web_server.responses["/"] = respond_with(b"not packed", Content_Encoding="gzip")
    with pytest.raises(FetchError, match="can't be unpacked"):
        fetcher.fetch(web_server.url)


def test_an_answer_over_the_limit_is_refused_and_one_at_the_limit_read(
    web_server: WebServer, fetcher: Fetcher
) -> None:
    web_server.responses["/"] = respond_with(b"x" * 1000)
    assert len(fetcher.fetch(web_server.url, max_bytes=1000).content) == 1000
    with pytest.raises(FetchError, match="more than"):
        fetcher.fetch(web_server.url, max_bytes=999)


def _drip(handler: BaseHTTPRequestHandler) -> None:
    """One byte at a time, for ever: never slow enough for the limit between two bytes."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
    while True:
        handler.wfile.write(b"x")
        handler.wfile.flush()
        threading.Event().wait(0.02)


def _drip_headers(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
    while True:
        handler.wfile.write(b"X: y\r\n")
        handler.wfile.flush()
        threading.Event().wait(0.02)


def _stay_silent(handler: BaseHTTPRequestHandler) -> None:
    handler.rfile.read(1)


@pytest.mark.parametrize("answer", [_drip, _drip_headers, _stay_silent])
def test_slow_silent_and_endless_answers_end_in_time(
    web_server: WebServer, impatient_fetcher: Fetcher, answer: object
) -> None:
    web_server.responses["/"] = answer
    with pytest.raises(FetchError, match="too slow"):
        impatient_fetcher.fetch(web_server.url)


def test_the_time_for_the_whole_fetch_ends_a_wait_that_the_time_between_bytes_would_allow(
    web_server: WebServer,
) -> None:
    web_server.responses["/"] = _stay_silent
    with pytest.raises(FetchError, match="too slow"):
        Fetcher(
            ["127.0.0.1"],
            timeouts=FetchTimeouts(connect=HANG_SECONDS, read=HANG_SECONDS, total=0.3),
        ).fetch(web_server.url)


def test_an_endless_answer_ends_at_the_limit(web_server: WebServer, fetcher: Fetcher) -> None:
    def send_endlessly(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            handler.wfile.write(b"x" * 65536)

    web_server.responses["/"] = send_endlessly
    with pytest.raises(FetchError, match=r"more than 10 MB|too slow"):
        fetcher.fetch(web_server.url)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\0\0\0",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab",
        b"SSH-2.0-x\r\n",
        b"HTTP/1.1 200 OK\r\nA\x00b: c\r\n\r\n",
        b"HTTP/9.9 999\r\n\r\n",
    ],
)
def test_what_is_no_http_is_one_sentence(
    web_server: WebServer, impatient_fetcher: Fetcher, raw: bytes
) -> None:
    web_server.responses["/"] = lambda handler: handler.wfile.write(raw)
    with pytest.raises(
        FetchError, match=r"can't be reached, or broke off|too slow|can't be unpacked|no answer"
    ):
        impatient_fetcher.fetch(web_server.url)


def test_https_to_a_server_without_it_is_one_sentence(
    web_server: WebServer, impatient_fetcher: Fetcher
) -> None:
    with pytest.raises(FetchError):
        impatient_fetcher.fetch(web_server.url.replace("http:", "https:"))


def test_a_certificate_that_nobody_vouches_for_is_refused(
    web_server: WebServer, fetcher: Fetcher, tmp_path: Path
) -> None:
    file = tmp_path / "both.pem"
    file.write_bytes(_create_certificate())
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    web_server.server.socket = context.wrap_socket(web_server.server.socket, server_side=True)
    web_server.responses["/"] = respond_with(b"x")
    with pytest.raises(FetchError, match=r"certificate of 127\.0\.0\.1"):
        fetcher.fetch(web_server.url.replace("http:", "https:"))
    assert web_server.requests == []


def _create_certificate() -> bytes:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    made = x509.CertificateBuilder(
        name,
        name,
        key.public_key(),
        x509.random_serial_number(),
        datetime(2026, 1, 1, tzinfo=UTC),
        datetime(2036, 1, 1, tzinfo=UTC),
    )
    pem = serialization.Encoding.PEM
    secret = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return secret + made.sign(key, hashes.SHA256()).public_bytes(pem)


def test_a_message_holds_nothing_that_a_server_could_have_smuggled_in(
    web_server: WebServer, fetcher: Fetcher
) -> None:
    web_server.responses["/"] = lambda handler: handler.wfile.write(
        b"HTTP/1.1 302 x\r\nLocation: x:\x1b[31m\xe5\r\n\r\n"
    )
    with pytest.raises(FetchError) as caught:
        fetcher.fetch(web_server.url)
    assert str(caught.value).isprintable()


def test_a_link_is_probed_without_reading_what_is_there(
    web_server: WebServer, fetcher: Fetcher
) -> None:
    web_server.responses["/big"] = respond_with(b"x" * 20_000_000)
    assert fetcher.fetch_status(f"{web_server.url}/big") == 200
    assert web_server.requests[0][0] == "HEAD"


def test_a_server_that_knows_no_head_is_asked_again(
    web_server: WebServer, fetcher: Fetcher
) -> None:
    web_server.responses["/"] = lambda handler: (
        respond_with_status(405) if handler.command == "HEAD" else respond_with(b"x")
    )(handler)
    assert fetcher.fetch_status(web_server.url) == 200
    with pytest.raises(FetchError):
        fetcher.fetch_status(f"{web_server.url}/missing")


@pytest.mark.parametrize("packing", ["br", "zstd", "compress", "gzip, br"])
def test_what_is_packed_as_nobody_asked_is_not_taken_for_the_answer(
    web_server: WebServer, fetcher: Fetcher, packing: str
) -> None:
    """Only gzip and deflate are asked for.

    What comes in another packing is told as such, not read as a broken feed.
    """
    web_server.responses["/"] = respond_with(b"\x8b\x03\x80packed", Content_Encoding=packing)
    with pytest.raises(FetchError, match="can't be unpacked"):
        fetcher.fetch(f"{web_server.url}/")
    assert web_server.requests[-1][2]["accept-encoding"] == "gzip, deflate"


def test_an_address_that_is_none_is_told_so(web_server: WebServer, fetcher: Fetcher) -> None:
    """Octal numbers are no address of a host, wherever they come from."""
    web_server.responses["/"] = respond_with_status(302, Location="http://0177.0.0.1:1/")
    with pytest.raises(FetchError, match="is no address of the web"):
        fetcher.fetch(f"{web_server.url}/")


@pytest.mark.parametrize(
    ("etag", "sent"),
    [
        ('W/"1"', 'W/"1"'),
        ("unquoted", "unquoted"),
        ('"å"', None),
        (f'"{"x" * 600}"', None),
        ('"a\x01b"', None),
    ],
)
def test_an_odd_validator_is_not_sent_back(
    web_server: WebServer, fetcher: Fetcher, etag: str, sent: str | None
) -> None:
    """What can't be sent as it came is forgotten.

    The source is asked for everything again, and never lost.
    """
    web_server.responses["/"] = respond_with(
        b"x", ETag=etag, Last_Modified="Mon, 02 Növ 2026 08:00:00 GMT"
    )
    got = fetcher.fetch(f"{web_server.url}/")
    assert fetcher.fetch(f"{web_server.url}/", validators=got.validators).content == b"x"
    assert web_server.requests[-1][2].get("if-none-match") == sent
    assert "if-modified-since" not in web_server.requests[-1][2]
