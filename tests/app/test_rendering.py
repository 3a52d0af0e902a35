"""Rendering by the settings: the same bytes each time, without keys and without a database."""

import re
import shutil
from dataclasses import replace

import pytest

from newsletter.app.issue_files import read_issue
from newsletter.app.rendering import (
    build_imprint,
    load_workspace_theme,
    render_issue,
)
from newsletter.errors import SettingsError
from newsletter.resources import find_stock_templates
from tests.app.workspace_folder import OpenWorkspace


def test_rendering_needs_no_key_and_no_database(open_in_folder: OpenWorkspace) -> None:
    """A designer's machine has none."""
    workspace = open_in_folder()
    render_issue(workspace, read_issue(workspace, "2026-12"))
    assert not (workspace.folder / "newsletter.db").exists()


def test_two_machines_render_the_same_bytes(open_in_folder: OpenWorkspace) -> None:
    """Placeholders included: nothing random, nothing of the machine's own is in them."""
    first = open_in_folder()
    second = open_in_folder(more='[storage]\nurl = "sqlite:///other.db"\n')
    assert first.identity.token_keys is not second.identity.token_keys
    assert render_issue(first, read_issue(first, "2026-12")) == render_issue(
        second, read_issue(second, "2026-12")
    )


def test_every_slot_holds_a_nonce_that_the_issue_gives(open_in_folder: OpenWorkspace) -> None:
    """What a post says changes it, so no post can hold it; a text like a slot is only text."""
    workspace = open_in_folder()
    issue = read_issue(workspace, "2026-12")
    slots = render_issue(workspace, issue).slots
    (nonce,) = {found for one in slots.values() for found in re.findall("[0-9a-f]{32}", one)}
    assert nonce not in repr(issue)
    copied = replace(issue, subject=f"{issue.subject} {nonce}")
    assert not any(nonce in one for one in render_issue(workspace, copied).slots.values())


def test_the_imprint_is_what_the_settings_say(open_in_folder: OpenWorkspace) -> None:
    """Before any pictures are hosted."""
    imprint = build_imprint(open_in_folder())
    assert (imprint.title, imprint.language) == ("Nytt från regionen", "sv")
    assert imprint.postal_address == "Box 1, 111 11 Exempelstad"
    assert imprint.public_url == "https://nyhetsbrev.example.org"
    assert not imprint.pictures


def test_a_theme_that_isnt_there_is_named(open_in_folder: OpenWorkspace) -> None:
    """With the setting that names it."""
    workspace = open_in_folder(more='[theme]\nname = "nosuch"\n')
    with pytest.raises(SettingsError, match=r"There is no theme nosuch\. Check theme\.name"):
        load_workspace_theme(workspace)


def test_the_workspace_s_own_theme_goes_before_the_stock_one(
    open_in_folder: OpenWorkspace,
) -> None:
    """And it is read anew: whoever works on it sees each change."""
    workspace = open_in_folder()
    own = workspace.folder / "themes" / "default"
    assert own not in load_workspace_theme(workspace).folders
    own.mkdir(parents=True)
    shutil.copy(find_stock_templates() / "themes" / "default" / "theme.toml", own)
    assert load_workspace_theme(workspace).folders[0] == own


def test_the_accent_of_the_settings_is_the_theme_s(open_in_folder: OpenWorkspace) -> None:
    """Another colour gives other rules."""
    plain = load_workspace_theme(open_in_folder()).palette
    chosen = load_workspace_theme(open_in_folder(more='[theme]\naccent = "#7a0019"\n')).palette
    assert plain != chosen
