"""From settings to mail: the sender, DKIM keys, relays, and what is personal in a message."""

from collections.abc import Callable
from urllib.parse import quote

from newsletter.app.secret_files import read_secret
from newsletter.app.workspace import Workspace
from newsletter.bounces import unsubscribe_mail
from newsletter.config.settings import FallbackSettings, SmtpSettings
from newsletter.delivery.smtp_relay import Security, SmtpRelay
from newsletter.domain.issue import RenderedIssue
from newsletter.domain.subscriber import Subscriber, SubscriberId
from newsletter.mail.address import parse_mailbox
from newsletter.mail.compile import CompiledIssue, Recipient, compile_issue
from newsletter.mail.headers import Sender
from newsletter.mail.tokens import Purpose


def get_contact(workspace: Workspace) -> str:
    """Return the address where a person answers."""
    ours = workspace.settings.newsletter
    return parse_mailbox(ours.reply_to or ours.sender).address.email


def build_sender(workspace: Workspace) -> Sender:
    """Return who a message is from."""
    ours, bounces = workspace.settings.newsletter, workspace.settings.bounces
    mailbox = parse_mailbox(ours.sender)
    return Sender(
        name=mailbox.name or ours.title,
        email=mailbox.address.email,
        reply_to=parse_mailbox(ours.reply_to).address.email if ours.reply_to else "",
        list_id=workspace.identity.list_id,
        title=ours.title,
        envelope_sender=parse_mailbox(bounces.address).address.email if bounces else "",
        secret=workspace.token_keys.derive_secret("message-id"),
    )


def compile_message(
    workspace: Workspace, rendered: RenderedIssue, issue_name: str
) -> CompiledIssue:
    """Turn a rendered issue into the message that all subscribers get, slots open.

    Raises SettingsError where a DKIM key can't be read.
    """
    return compile_issue(rendered, build_sender(workspace), issue_name, signers=workspace.signers)


def personalise(workspace: Workspace, subscriber: Subscriber, issue_name: str) -> Recipient:
    """Return what is personal in a message to a subscriber."""
    return build_personaliser(workspace, issue_name)(
        subscriber.id, subscriber.email, subscriber.name
    )


def build_personaliser(
    workspace: Workspace, issue_name: str
) -> Callable[[SubscriberId, str, str], Recipient]:
    """Return the function that says what is personal in an issue, by id, address and name.

    What is the same for all is made once.
    """
    bounces = workspace.settings.bounces
    mailbox = build_sender(workspace).envelope_sender if bounces and bounces.maildir else ""
    public_url, sign = workspace.settings.newsletter.public_url, workspace.token_keys.sign
    view_url = f"{public_url}/i/{quote(issue_name)}"

    def _personalise(subscriber: SubscriberId, email: str, name: str) -> Recipient:
        token = sign(Purpose.unsubscribe, subscriber)
        return Recipient(
            subscriber_id=subscriber,
            email=email,
            name=name,
            unsubscribe_url=f"{public_url}/u/{token}",
            unsubscribe_mailto=(
                unsubscribe_mail.build_mailto_url(mailbox, token) if mailbox else ""
            ),
            preferences_url=f"{public_url}/p/{sign(Purpose.preferences, subscriber)}",
            view_url=view_url,
        )

    return _personalise


def build_relay(workspace: Workspace) -> SmtpRelay:
    """Return the server that takes our mail.

    Raises SettingsError where the password's file can't be read.
    """
    smtp = workspace.settings.smtp
    password = read_secret(
        workspace, smtp.password, smtp.password_file, setting="smtp.password_file"
    )
    return _build_relay(workspace, smtp, password)


def build_fallback_relays(workspace: Workspace) -> tuple[SmtpRelay, ...]:
    """Return the servers that share the work or stand in. Raises SettingsError as above."""
    setting = "smtp.fallbacks.password_file"
    return tuple(
        _build_relay(
            workspace,
            one,
            read_secret(workspace, None, one.password_file, setting=setting),
            priority=one.priority,
        )
        for one in workspace.settings.smtp.fallbacks
    )


def _build_relay(
    workspace: Workspace,
    smtp: SmtpSettings | FallbackSettings,
    password: str | None,
    *,
    priority: int = 0,
) -> SmtpRelay:
    return SmtpRelay(
        host=smtp.host,
        port=smtp.port,
        security=Security(smtp.security),
        username=smtp.username,
        password=password,
        connections=smtp.connections,
        messages_per_connection=smtp.messages_per_connection,
        local_hostname=build_sender(workspace).domain,
        priority=priority,
        weight=smtp.weight,
    )
