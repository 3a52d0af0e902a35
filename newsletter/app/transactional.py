"""Render transactional mails, in the theme's colours, and send what waits in the outbox.

waiting mail → words and links in the reader's language → text and HTML → bytes
"""

import json
import threading
from typing import Any

import sqlalchemy as sa

from newsletter.app.mail_setup import build_relay, build_sender, get_contact
from newsletter.app.rendering import load_workspace_theme
from newsletter.app.workspace import Workspace
from newsletter.domain.confirmation import MailKind, PendingConfirmation, QueuedMail
from newsletter.engine import outbox as engine
from newsletter.i18n import Phrase, pick_available_language
from newsletter.mail.address import address_key, get_domain
from newsletter.mail.tokens import Purpose
from newsletter.mail.transactional import Attachment, TransactionalMail, compile_transactional
from newsletter.render.templates import render_template
from newsletter.resources import find_stock_templates
from newsletter.store import address_status, confirmations, subscribers
from newsletter.subscribers import signup
from newsletter.subscribers.data_export import export_personal_data

SUBJECT_BY_KIND = {
    MailKind.confirm: Phrase("Confirm that you want {title}"),
    MailKind.already_subscribed: Phrase("You get {title} already"),
    MailKind.welcome: Phrase("Welcome to {title}"),
    MailKind.goodbye: Phrase("You have left {title}"),
    MailKind.data_export: Phrase("What {title} keeps of you"),
    MailKind.move_from: Phrase("Letters from {title} to another address?"),
    MailKind.move_to: Phrase("Letters from {title} to this address?"),
}
#: The purpose of the link in a mail that confirms something.
TOKEN_PURPOSE_BY_KIND = {
    MailKind.confirm: Purpose.confirm,
    MailKind.move_from: Purpose.move_from,
    MailKind.move_to: Purpose.move_to,
}


def drain(workspace: Workspace, stop: threading.Event | None = None) -> int:
    """Send what is due in the outbox; returns how many mails the server took.

    Raises ServerError, StoreError.
    """
    return engine.drain(
        workspace.database,
        build_relay(workspace),
        build_sender(workspace).return_path,
        lambda mail: build_mail(workspace, mail),
        clock=workspace.clock,
        stop=stop,
    )


def build_mail(workspace: Workspace, mail: QueuedMail) -> bytes | None:
    """Return the bytes of a mail; None where it isn't to be sent after all. Raises RenderError."""
    _ = workspace.keyed_hash  # before a transaction
    with workspace.database.read() as connection:
        asked = (
            confirmations.find_confirmation(connection, mail.confirmation)
            if mail.confirmation is not None
            else None
        )
        if mail.kind is MailKind.decoy or not _can_send(connection, mail, asked, workspace):
            return None
        values = _build_template_values(connection, workspace, mail, asked)
        attachment = (
            _build_data_attachment(connection, workspace, mail)
            if mail.kind is MailKind.data_export
            else None
        )
    return compile_transactional(
        _render(workspace, mail, values, attachment),
        build_sender(workspace),
        workspace.clock(),
        signers=workspace.signers,
    )


def _can_send(
    connection: sa.Connection,
    mail: QueuedMail,
    confirmation: PendingConfirmation | None,
    workspace: Workspace,
) -> bool:
    """Return True if a mail still makes sense: its request is open, its address not suppressed."""
    key = address_key(mail.email)
    if mail.kind is not MailKind.data_export and signup.is_blocked(
        address_status.get_address_status(connection, key, get_domain(key))
    ):
        return False
    return mail.kind not in TOKEN_PURPOSE_BY_KIND or (
        confirmation is not None and confirmation.is_pending(workspace.clock())
    )


def _build_template_values(
    connection: sa.Connection,
    workspace: Workspace,
    mail: QueuedMail,
    confirmation: PendingConfirmation | None,
) -> dict[str, Any]:
    ours, theme = workspace.settings.newsletter, load_workspace_theme(workspace)
    language = pick_available_language(mail.language, ours.language)
    person = (
        subscribers.find_by_id(connection, mail.subscriber) if mail.subscriber is not None else None
    )
    token = (
        workspace.token_keys.sign(TOKEN_PURPOSE_BY_KIND[mail.kind], confirmation.id)
        if confirmation is not None and mail.kind in TOKEN_PURPOSE_BY_KIND
        else ""
    )
    preferences = (
        workspace.token_keys.sign(Purpose.preferences, person.id) if person is not None else ""
    )
    return {
        "lang": language,
        "dir": "ltr",
        "subject": Phrase(SUBJECT_BY_KIND[mail.kind].text, title=ours.title).translate(language),
        "title": ours.title,
        "postal_address": ours.postal_address,
        "contact": get_contact(workspace),
        "heading_font": theme.heading_font,
        "text_font": theme.text_font,
        "light": dict(theme.palette.light),
        "dark": dict(theme.palette.dark),
        "link": f"{ours.public_url}/c/{token}",
        "preferences": f"{ours.public_url}/p/{preferences}",
        "archive": f"{ours.public_url}/archive",
        "subscribe": f"{ours.public_url}/subscribe",
        "other": confirmation.email if confirmation is not None else "",
    }


def _render(
    workspace: Workspace, mail: QueuedMail, values: dict[str, Any], attachment: Attachment | None
) -> TransactionalMail:
    own = workspace.folder / "mails"
    folders = (*((own,) if own.is_dir() else ()), find_stock_templates() / "mails")
    text, html = (
        render_template(folders, f"{mail.kind.value}.{kind}.j2", values, language=values["lang"])
        for kind in ("txt", "html")
    )
    return TransactionalMail(
        to=mail.email,
        subject=values["subject"],
        text=text,
        html=html,
        language=values["lang"],
        outbox_number=int(mail.id),
        attachment=attachment,
    )


def _build_data_attachment(
    connection: sa.Connection, workspace: Workspace, mail: QueuedMail
) -> Attachment:
    """Return the file with all that is kept of a reader."""
    value = export_personal_data(connection, mail.email, workspace.keyed_hash)
    return Attachment(
        name="data.json",
        content_type="application/json",
        text=json.dumps(value, ensure_ascii=False, indent=2) + "\n",
    )
