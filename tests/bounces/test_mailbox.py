"""A Maildir is read once, and what is done with is filed away."""

from pathlib import Path

import pytest

from newsletter.bounces.mailbox import Maildir
from newsletter.errors import MailboxError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for part in ("tmp", "new", "cur"):
        (tmp_path / part).mkdir()
    return tmp_path


@pytest.fixture
def maildir(folder: Path) -> Maildir:
    return Maildir(folder, max_bytes=100)


def read_names(maildir: Maildir) -> list[str]:
    """Return the names of the mails that are shown now."""
    return [file.name for file, _head in maildir.read_new_mails()]


def test_the_oldest_mail_comes_first(folder: Path, maildir: Maildir) -> None:
    """Their names begin with the time of delivery."""
    for name in ("1700000002.b", "1700000001.a", "1700000003.c"):
        (folder / "new" / name).write_bytes(name.encode())
    assert read_names(maildir) == ["1700000001.a", "1700000002.b", "1700000003.c"]


def test_a_mail_is_shown_once(folder: Path, maildir: Maildir) -> None:
    """Also where a mail program moves it to `cur` and adds its flags."""
    (folder / "new" / "1.a").write_bytes(b"x")
    assert read_names(maildir) == ["1.a"]
    assert read_names(maildir) == []
    (folder / "new" / "1.a").rename(folder / "cur" / "1.a:2,S")
    assert read_names(maildir) == []
    (folder / "new" / "2.b").write_bytes(b"y")
    assert read_names(maildir) == ["2.b"]


def test_a_mail_in_cur_is_read_too(folder: Path, maildir: Maildir) -> None:
    """Staff's mail program may have been quicker."""
    (folder / "cur" / "1.a:2,S").write_bytes(b"x")
    assert read_names(maildir) == ["1.a:2,S"]


def test_only_the_beginning_of_a_mail_is_read(folder: Path, maildir: Maildir) -> None:
    """A token stands in the head; a mail of a gigabyte is no trouble."""
    (folder / "new" / "1.a").write_bytes(b"a" * 1_000)
    assert [len(head) for _file, head in maildir.read_new_mails()] == [100]


def test_what_is_done_with_lies_in_a_folder_of_its_own(folder: Path, maildir: Maildir) -> None:
    """A Maildir++ folder, in which a mail program shows the mail as read."""
    (folder / "new" / "1.a").write_bytes(b"x")
    [(mail, _head)] = maildir.read_new_mails()
    maildir.file_away(mail)
    done = folder / ".Unsubscribed"
    assert [file.name for file in (done / "cur").iterdir()] == ["1.a:2,S"]
    assert (done / "maildirfolder").is_file()
    assert list((folder / "new").iterdir()) == []
    assert read_names(maildir) == []


def test_a_mail_that_is_gone_is_no_error(folder: Path, maildir: Maildir) -> None:
    """Another process, or a mail program, was quicker."""
    maildir.file_away(folder / "new" / "1.a")
    assert list((folder / ".Unsubscribed" / "cur").iterdir()) == []


def test_a_folder_that_cant_be_written_is_one_sentence(folder: Path, maildir: Maildir) -> None:
    """It names the folder."""
    (folder / "new" / "1.a").write_bytes(b"x")
    (folder / ".Unsubscribed").write_bytes(b"a file is in the way")
    with pytest.raises(MailboxError) as caught:
        maildir.file_away(folder / "new" / "1.a")
    assert str(folder) in str(caught.value)
    assert (folder / "new" / "1.a").exists()


def test_no_maildir_is_one_sentence(tmp_path: Path) -> None:
    """Where the settings name a folder that isn't one."""
    with pytest.raises(MailboxError) as caught:
        list(Maildir(tmp_path / "none", max_bytes=100).read_new_mails())
    assert str(tmp_path / "none") in str(caught.value)
