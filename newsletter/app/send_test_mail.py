"""Send one issue to one address, to see how it arrives.

parse the address | render | compile | personalise | send, without the journal
"""

from newsletter.app.issue_files import read_issue
from newsletter.app.mail_setup import build_relay, build_sender, compile_message, personalise
from newsletter.app.rendering import render_issue
from newsletter.app.workspace import Workspace
from newsletter.delivery.outgoing_message import OutgoingMessage
from newsletter.domain.delivery import Delivery, DeliveryId, OutcomeKind
from newsletter.domain.subscriber import Subscriber, SubscriberId
from newsletter.engine import send_run
from newsletter.errors import SendError
from newsletter.mail.address import parse_address
from newsletter.store import subscribers


def send_test_mail(workspace: Workspace, name_or_path: str, address: str) -> str:
    """Send an issue to an address as a test, that can be repeated.

    Return the address as it was written to.

    Raises AddressError, IssueFileError, RenderError, ServerError, and SendError where the server
    doesn't take it.
    """
    parsed = parse_address(address)
    read = read_issue(workspace, name_or_path)
    with workspace.database.read() as connection:
        known = subscribers.find_by_key(connection, parsed.key)
    # A stranger's links lead nowhere: a test must not take anybody off the list.
    reader = personalise(
        workspace, known or Subscriber(id=SubscriberId(0), email=parsed.email), read.name
    )
    content = compile_message(workspace, render_issue(workspace, read), read.name).fill(
        reader, workspace.clock()
    )
    delivery = Delivery(id=DeliveryId(0), subscriber=reader.subscriber_id, email=parsed.email)
    outcome = send_run.send_one(
        build_relay(workspace),
        OutgoingMessage(delivery, build_sender(workspace).return_path, (content,)),
    )
    if outcome.kind is not OutcomeKind.accepted:
        raise SendError(
            "The mail server didn't take the test: {code} {reply}",
            code=outcome.code or "–",
            reply=outcome.reply,
        )
    return parsed.email
