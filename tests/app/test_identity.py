"""The List-Id and the keys: made once, the same for ever; a new key takes nothing away."""

import re
import threading

import pytest

from newsletter.app.identity import MAX_TOKEN_KEYS, open_identity, rotate_token_key
from newsletter.domain.subscriber import SubscriberId
from newsletter.errors import StoreError, TokenError
from newsletter.mail.tokens import Purpose
from newsletter.store import audit_log, instance
from tests.app.workspace_folder import NOW, OpenWorkspace

URL = "https://nyhetsbrev.example.org"
ANNA = SubscriberId(7)


@pytest.mark.parametrize(
    ("public_url", "list_id"),
    [
        (URL, "nyhetsbrev.example.org"),
        ("https://Example.ORG:8443/brev", "example.org"),
        ("", "newsletter"),
    ],
    ids=["host", "port, path and case", "no host"],
)
def test_the_list_id_is_the_host_of_the_public_url(
    open_in_folder: OpenWorkspace, public_url: str, list_id: str
) -> None:
    """RFC 2919: a name in the DNS that is ours."""
    assert open_identity(open_in_folder().database, public_url, NOW).list_id == list_id


def test_the_list_id_stays_when_the_url_changes(open_in_folder: OpenWorkspace) -> None:
    """Filters of readers know it."""
    database = open_in_folder().database
    open_identity(database, URL, NOW)
    assert open_identity(database, "https://other.example", NOW).list_id == "nyhetsbrev.example.org"


def test_keys_are_made_once(open_in_folder: OpenWorkspace) -> None:
    """Links of the first time verify the second time."""
    database = open_in_folder().database
    token = open_identity(database, URL, NOW).token_keys.sign(Purpose.unsubscribe, ANNA)
    later = open_identity(database, URL, NOW)
    assert later.token_keys.verify(Purpose.unsubscribe, token) == ANNA
    assert later.token_keys.sign(Purpose.unsubscribe, ANNA) == token


def test_threads_that_open_it_together_get_the_same_keys(open_in_folder: OpenWorkspace) -> None:
    """Each writes only where nothing is there."""
    database = open_in_folder().database
    barrier, tokens = threading.Barrier(8), []

    def open_it() -> None:
        barrier.wait()
        tokens.append(open_identity(database, URL, NOW).token_keys.sign(Purpose.confirm, ANNA))

    threads = [threading.Thread(target=open_it) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(tokens) == 8
    assert len(set(tokens)) == 1


def test_an_identity_that_is_there_is_read_beside_a_writer(open_in_folder: OpenWorkspace) -> None:
    """It waits for no transaction, its own thread's neither."""
    workspace = open_in_folder()
    known = workspace.identity.list_id
    with workspace.database.begin() as connection:
        instance.get_or_set(connection, "other", "value")
        assert open_identity(workspace.database, URL, NOW).list_id == known


def test_the_keyed_hash_is_a_hash_that_only_our_keys_give(open_in_folder: OpenWorkspace) -> None:
    """A sign that no address begins with, and 32 digits; another newsletter's differs."""
    keyed_hash = open_in_folder().identity.make_keyed_hash
    assert re.fullmatch("#[0-9a-f]{32}", keyed_hash("anna@example.org"))
    assert keyed_hash("anna@example.org") == keyed_hash("anna@example.org")
    assert keyed_hash("anna@example.org") != keyed_hash("anna@example.com")
    other = open_in_folder(more='[storage]\nurl = "sqlite:///other.db"\n')
    assert other.identity.make_keyed_hash("anna@example.org") != keyed_hash("anna@example.org")


def test_an_address_that_is_no_utf_8_has_a_hash(open_in_folder: OpenWorkspace) -> None:
    """Half a surrogate pair came out of somebody's spreadsheet."""
    assert open_in_folder().identity.make_keyed_hash("\ud800@example.org").startswith("#")


def test_a_new_key_changes_no_hash_and_no_link(open_in_folder: OpenWorkspace) -> None:
    """What was erased stays recognised; a link of years ago works; Message-IDs go on."""
    workspace = open_in_folder()
    old = workspace.identity
    token, sealed = old.token_keys.sign(Purpose.unsubscribe, ANNA), old.make_keyed_hash("anna")
    assert rotate_token_key(workspace.database, URL, NOW) == 2
    new = open_identity(workspace.database, URL, NOW)
    assert new.make_keyed_hash("anna") == sealed
    assert new.token_keys.verify(Purpose.unsubscribe, token) == ANNA
    assert new.token_keys.derive_secret("message-id") == old.token_keys.derive_secret("message-id")


def test_new_links_are_signed_with_the_new_key(open_in_folder: OpenWorkspace) -> None:
    """A workspace that was open before goes on with its own keys, and doesn't know the new one."""
    workspace = open_in_folder()
    old = workspace.identity.token_keys
    rotate_token_key(workspace.database, URL, NOW)
    token = open_identity(workspace.database, URL, NOW).token_keys.sign(Purpose.confirm, ANNA)
    assert token != old.sign(Purpose.confirm, ANNA)
    with pytest.raises(TokenError):
        old.verify(Purpose.confirm, token)


def test_rotating_before_anything_else_keeps_a_first_key(open_in_folder: OpenWorkspace) -> None:
    """The first key makes the hashes: it must be there before a second."""
    database = open_in_folder().database
    assert rotate_token_key(database, URL, NOW) == 2
    with database.read() as connection:
        assert sorted(instance.get_token_keys(connection)) == [1, 2]


def test_a_new_key_is_in_the_audit_log(open_in_folder: OpenWorkspace) -> None:
    """With its number."""
    database = open_in_folder().database
    rotate_token_key(database, URL, NOW)
    with database.read() as connection:
        (entry,) = audit_log.list_entries(connection)
    assert (entry["event"], entry["at"]) == ("key.added", NOW)
    assert entry["detail"] == {"number": 2}


def test_after_255_keys_there_are_no_more(open_in_folder: OpenWorkspace) -> None:
    """A token names its key in one byte."""
    database = open_in_folder().database
    with database.begin() as connection:
        for number in range(1, MAX_TOKEN_KEYS + 1):
            instance.add_token_key(connection, number, bytes(32), NOW)
    with pytest.raises(StoreError, match="There are 255 keys already"):
        rotate_token_key(database, URL, NOW)
