"""Encryption that fails in any way.

Nothing secret goes in clear, no reader is blamed, the cause is said in words.
"""

import base64
import socket
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from newsletter.delivery import control
from newsletter.delivery.smtp_relay import Security, SmtpTimeouts
from newsletter.domain.delivery import DeliveryState
from newsletter.domain.issue import IssueState
from newsletter.engine import send_run
from newsletter.errors import ServerError
from tests.delivery.scripted_server import Action, Script, ScriptedServer
from tests.delivery.send_harness import (
    build_send_options,
    check_invariants,
    populate,
    read_counts,
    read_states,
    send,
    start,
)
from tests.waiting import HANG_SECONDS

AUTHORITY = trustme.CA()
PASSWORD = "hemligt-lösenord-4711"
SIGN_IN = {"username": "redaktionen", "password": PASSWORD}


def build_server_context(certificate: trustme.LeafCert) -> ssl.SSLContext:
    """Return what a server with this certificate shows."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    return context


def build_client_context(authority: trustme.CA = AUTHORITY) -> ssl.SSLContext:
    """Return what a client believes in."""
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return context


VALID_CONTEXT = build_server_context(AUTHORITY.issue_cert("127.0.0.1"))
WRONG_NAME_CONTEXT = build_server_context(AUTHORITY.issue_cert("other.example.org"))
YESTERDAY = datetime.now(UTC) - timedelta(days=1)
EXPIRED_CONTEXT = build_server_context(
    AUTHORITY.issue_cert("127.0.0.1", not_before=YESTERDAY - timedelta(days=9), not_after=YESTERDAY)
)
WRONG_AUTHORITY_CONTEXT = build_server_context(trustme.CA().issue_cert("127.0.0.1"))

BOTH_SECURITIES = pytest.mark.parametrize("security", [Security.tls, Security.starttls])
PIPELINING = pytest.mark.parametrize(
    "extensions", [("PIPELINING",), ()], ids=["pipelined", "in-step"]
)


def read_pause_cause(database: object) -> str:
    found = control.find_issue(database, "2026-12")  # type: ignore[arg-type]  # a Database
    assert found is not None
    assert found.state is IssueState.paused
    return found.cause


def is_free_of_leaks(server: ScriptedServer) -> bool:
    """Say whether neither sign-in nor a message went over the wire unencrypted."""
    said = "".join(server.seen.clear_lines)
    words = (
        PASSWORD,
        base64.b64encode(PASSWORD.encode()).decode().rstrip("="),
        "redaktionen",
        "AUTH",
        "MAIL",
        "RCPT",
    )
    return not any(word.casefold() in said.casefold() for word in words)


@BOTH_SECURITIES
@PIPELINING
def test_messages_go_over_tls(
    tmp_path: Path, security: Security, extensions: tuple[str, ...]
) -> None:
    """From the first octet, or after STARTTLS: signed in, once each, and nothing of it in clear."""
    database = populate(tmp_path, 30)
    offered = (*extensions, "AUTH PLAIN LOGIN")
    with ScriptedServer(
        extensions=offered, tls=VALID_CONTEXT, starttls=security is Security.starttls
    ) as server:
        start(database)
        to = build_send_options(
            server.port,
            connections=2,
            per_connection=9,
            security=security,
            tls_context=build_client_context(),
            **SIGN_IN,
        )
        assert send(database, to).state is IssueState.sent
        check_invariants(database, server.accepted, 30)
        assert is_free_of_leaks(server)
    assert read_counts(database) == {"accepted": 30}


@BOTH_SECURITIES
@pytest.mark.parametrize(
    ("context", "words"),
    [
        (WRONG_NAME_CONTEXT, "mismatch"),
        (EXPIRED_CONTEXT, "expired"),
        (WRONG_AUTHORITY_CONTEXT, "certificate"),
    ],
    ids=["name", "expired", "authority"],
)
def test_a_certificate_that_cannot_be_trusted_holds_the_issue(
    tmp_path: Path, security: Security, context: ssl.SSLContext, words: str
) -> None:
    """Wrong name, expired, signed by a stranger.

    No sign-in is tried, every row stays planned, and the cause says what is wrong.
    """
    database = populate(tmp_path, 5)
    with ScriptedServer(
        extensions=("AUTH PLAIN",), tls=context, starttls=security is Security.starttls
    ) as server:
        start(database)
        to = build_send_options(
            server.port, security=security, tls_context=build_client_context(), **SIGN_IN
        )
        send(database, to)
        assert is_free_of_leaks(server)
        assert "auth" not in server.seen.commands
    cause = read_pause_cause(database)
    assert "can't be trusted" in cause
    assert words in cause
    assert read_counts(database) == {"planned": 5}


def test_starttls_that_is_taken_out_is_missed(tmp_path: Path) -> None:
    """Somebody on the way strips STARTTLS from the server's words.

    Neither password nor mail goes out in clear.
    """
    database = populate(tmp_path, 5)
    with ScriptedServer(extensions=("AUTH PLAIN LOGIN",)) as server:
        start(database)
        send(
            database,
            build_send_options(
                server.port,
                security=Security.starttls,
                tls_context=build_client_context(),
                **SIGN_IN,
            ),
        )
        assert is_free_of_leaks(server)
        assert server.accepted == []
    assert "no encryption" in read_pause_cause(database)
    assert read_counts(database) == {"planned": 5}


@pytest.mark.parametrize(
    "answer", ["454 4.7.0 not now", "500 5.5.1 what?", "250 ok", Action.CLOSE, Action.RESET]
)
def test_starttls_that_is_not_done_sends_nothing(tmp_path: Path, answer: object) -> None:
    """Refused, or answered by nonsense: as if there were no server."""
    with ScriptedServer(
        lambda at, *_: answer if at == "starttls" else None,
        extensions=("AUTH PLAIN",),
        tls=VALID_CONTEXT,
        starttls=True,
    ) as server:
        with pytest.raises(ServerError) as error:
            send_run.check_connection(
                build_send_options(
                    server.port,
                    security=Security.starttls,
                    tls_context=build_client_context(),
                    **SIGN_IN,
                ).relay
            )
        assert is_free_of_leaks(server)
    assert PASSWORD not in str(error.value)


def test_starttls_that_turns_into_rubbish_sends_nothing(tmp_path: Path) -> None:
    """220, and then no TLS."""
    with ScriptedServer(
        lambda at, *_: b"220 go on\r\n" if at == "starttls" else None,
        extensions=("AUTH PLAIN",),
        tls=VALID_CONTEXT,
        starttls=True,
    ) as server:
        server.tls = None  # it says yes and goes on in clear
        with pytest.raises(ServerError, match="TLS"):
            send_run.check_connection(
                build_send_options(
                    server.port,
                    security=Security.starttls,
                    tls_context=build_client_context(),
                    **SIGN_IN,
                ).relay
            )
        assert is_free_of_leaks(server)


@pytest.mark.parametrize(
    "slipped",
    [
        b"250-evil.example\r\n250 AUTH LOGIN\r\n235 2.7.0 welcome\r\n250 ok\r\n",
        b"\x15\x03\x01\x00\x02\x02\x28",
    ],
)
def test_words_slipped_in_before_tls_are_not_believed(tmp_path: Path, slipped: bytes) -> None:
    """What stands behind the 220 in clear (RFC 3207.

    4.2) isn't an answer to what is asked under TLS: everything is asked again.
    """
    script: Script = lambda at, *_: b"220 go on\r\n" + slipped if at == "starttls" else None  # noqa: E731
    with ScriptedServer(
        script, extensions=("AUTH PLAIN",), tls=VALID_CONTEXT, starttls=True
    ) as server:
        send_run.check_connection(
            build_send_options(
                server.port,
                security=Security.starttls,
                tls_context=build_client_context(),
                **SIGN_IN,
            ).relay
        )
        assert is_free_of_leaks(server)
        assert server.seen.commands[:4] == ["ehlo", "starttls", "ehlo", "auth"]


@pytest.mark.parametrize(
    "greeting", [b"220 plain server\r\n", b"\x00\xff rubbish\r\n", Action.CLOSE, Action.RESET]
)
def test_a_server_that_does_not_speak_tls(tmp_path: Path, greeting: object) -> None:
    """A plain server on the port of TLS, or rubbish: said in words that name the port."""
    with ScriptedServer(lambda at, *_: greeting if at == "connect" else None) as server:
        with pytest.raises(ServerError, match=r"127\.0\.0\.1") as error:
            send_run.check_connection(
                build_send_options(
                    server.port,
                    security=Security.tls,
                    tls_context=build_client_context(),
                    **SIGN_IN,
                ).relay
            )
        assert is_free_of_leaks(server)
    assert "smtp.port" in str(error.value)


def test_a_password_never_goes_without_encryption(tmp_path: Path) -> None:
    """No encryption and a sign-in: refused before anything is connected."""
    with ScriptedServer(extensions=("AUTH PLAIN",)) as server:
        with pytest.raises(ServerError, match="unencrypted"):
            send_run.check_connection(build_send_options(server.port, **SIGN_IN).relay)
        assert server.seen.connections == 0


@pytest.mark.parametrize("answer", ["535 5.7.8", "500 5.5.2", "421 4.7.0", "334", "999"])
def test_a_server_that_repeats_the_sign_in(tmp_path: Path, answer: str) -> None:
    """It says the password back to us, as it was sent.

    It stands in no cause and nowhere in the database.
    """
    database = populate(tmp_path, 2)
    secrets = [
        PASSWORD.encode(),
        base64.b64encode(f"\0redaktionen\0{PASSWORD}".encode()),
        base64.b64encode(PASSWORD.encode()),
    ]
    said = " ".join(secret.decode() for secret in secrets)
    with ScriptedServer(
        lambda at, *_: f"{answer} what is {said}?" if at == "auth" else None,
        extensions=("AUTH PLAIN",),
        tls=VALID_CONTEXT,
    ) as server:
        start(database)
        to = build_send_options(
            server.port,
            security=Security.tls,
            tls_context=build_client_context(),
            patience=timedelta(0),
            **SIGN_IN,
        )
        send(database, to)
    cause = read_pause_cause(database)
    database.close()
    kept = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert "sign-in" in cause
    assert not any(secret in kept or secret.decode() in cause for secret in secrets)


@BOTH_SECURITIES
@PIPELINING
def test_tls_cut_in_the_middle_of_a_message(
    tmp_path: Path, security: Security, extensions: tuple[str, ...]
) -> None:
    """No close_notify, no answer.

    Of that message nobody knows, the others arrive over a new connection.
    """
    database = populate(tmp_path, 20)
    who = ["reader5@d5.example.org", "reader11@d4.example.org"]
    cut: list[str] = []

    def script(at: str, argument: str, taken: int) -> object:
        if at == "body" and argument in who and argument not in cut:
            cut.append(argument)
            return Action.CUT
        return None

    with ScriptedServer(
        script, extensions=extensions, tls=VALID_CONTEXT, starttls=security is Security.starttls
    ) as server:
        start(database)
        to = build_send_options(
            server.port, connections=1, security=security, tls_context=build_client_context()
        )
        send(database, to, wait=timedelta(seconds=20))
        check_invariants(database, server.accepted, 20)
    assert cut == who
    assert {
        name for name, state in read_states(database).items() if state is DeliveryState.unknown
    } == set(who)
    assert read_counts(database) == {"accepted": 18, "unknown": 2}


@pytest.mark.parametrize("phase", ["connect", "ehlo", "auth"])
def test_tls_that_ends_before_a_message_costs_nobody_anything(tmp_path: Path, phase: str) -> None:
    """While greeting or signing in: tried again, all arrive, nothing is unknown."""
    database = populate(tmp_path, 8)
    left = [Action.RESET]
    with ScriptedServer(
        lambda at, *_: left.pop() if at == phase and left else None,
        extensions=("AUTH PLAIN",),
        tls=VALID_CONTEXT,
    ) as server:
        start(database)
        to = build_send_options(
            server.port,
            connections=1,
            security=Security.tls,
            tls_context=build_client_context(),
            **SIGN_IN,
        )
        assert send(database, to, wait=timedelta(seconds=20)).state is IssueState.sent
        check_invariants(database, server.accepted, 8)
    assert read_counts(database) == {"accepted": 8}


class SmtpRecorder:
    """What aiosmtpd took."""

    def __init__(self) -> None:
        self.recipients: list[str] = []

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        assert session.authenticated
        self.recipients += envelope.rcpt_tos
        return "250 2.0.0 taken"


def authenticate(
    server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: object
) -> AuthResult:
    """Let the right password in."""
    right = (
        isinstance(data, LoginPassword)
        and data.login == b"redaktionen"
        and data.password == PASSWORD.encode()
    )
    return AuthResult(success=right, handled=False)  # not handled: aiosmtpd says 535


IGNORE_AUTH_WARNING = pytest.mark.filterwarnings(
    "ignore:Requiring AUTH while not requiring TLS"
)  # aiosmtpd can't see that TLS came first


@pytest.fixture(
    params=[
        (security, excluded)
        for security in (Security.tls, Security.starttls)
        for excluded in ("LOGIN", "PLAIN")
    ],
    ids=str,
)
def auth_server(request: pytest.FixtureRequest) -> Iterator[tuple[Security, int, SmtpRecorder]]:
    """Start aiosmtpd, which wants a sign-in over TLS by PLAIN or by LOGIN."""
    security, excluded = request.param
    taking = SmtpRecorder()
    more: dict[str, object] = {"ssl_context": VALID_CONTEXT, "auth_require_tls": False}
    if security is Security.starttls:
        more = {"tls_context": VALID_CONTEXT, "require_starttls": True}
    controller = Controller(
        taking,
        hostname="127.0.0.1",
        port=find_free_port(),
        authenticator=authenticate,
        auth_required=True,
        ready_timeout=HANG_SECONDS,
        auth_exclude_mechanism=[excluded],
        **more,
    )
    # Its own look at the port takes our certificate for a client's.
    controller._trigger_server = lambda: socket.create_connection(
        ("127.0.0.1", controller.port)
    ).close()  # type: ignore[method-assign]
    controller.start()
    yield security, controller.port, taking
    controller.stop()


def find_free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@IGNORE_AUTH_WARNING
def test_a_real_server_lets_us_in(
    tmp_path: Path, auth_server: tuple[Security, int, SmtpRecorder]
) -> None:
    """A real aiosmtpd with PLAIN and LOGIN, implicit TLS and STARTTLS.

    A password with letters beyond ASCII.
    """
    security, port, taking = auth_server
    database = populate(tmp_path, 12)
    start(database)
    to = build_send_options(
        port, connections=2, security=security, tls_context=build_client_context(), **SIGN_IN
    )
    assert send(database, to).state is IssueState.sent
    assert sorted(taking.recipients) == sorted(read_states(database))


@IGNORE_AUTH_WARNING
def test_a_wrong_password_holds_the_issue(
    tmp_path: Path, auth_server: tuple[Security, int, SmtpRecorder]
) -> None:
    """The cause names the setting; the password stands nowhere.

    When it is mended the issue goes on.
    """
    security, port, taking = auth_server
    database = populate(tmp_path, 4)
    start(database)
    send(
        database,
        build_send_options(
            port,
            security=security,
            tls_context=build_client_context(),
            username="redaktionen",
            password="fel-lösen",
        ),
    )
    cause = read_pause_cause(database)
    assert "smtp.username" in cause
    assert "fel-l" not in cause
    assert read_counts(database) == {"planned": 4}
    assert taking.recipients == []


@pytest.mark.parametrize(
    ("greeting", "words"), [(Action.SILENCE, "no answer in time"), (Action.CLOSE, "it hung up")]
)
def test_a_server_that_says_nothing_is_told_in_words(greeting: object, words: str) -> None:
    """Not by the name of a class."""
    with (
        ScriptedServer(lambda at, *_: greeting if at == "ehlo" else None) as server,
        pytest.raises(ServerError, match=words) as error,
    ):
        send_run.check_connection(
            build_send_options(server.port, timeouts=SmtpTimeouts(connect=0.3)).relay
        )
    assert error.value.is_transient
