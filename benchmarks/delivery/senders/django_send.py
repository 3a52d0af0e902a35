"""Django: EmailMultiAlternatives and send_messages, a hundred at a time over one connection."""

import django
import job as jobs
from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection

#: Messages handed over at a time.
BATCH = 100


def message(letter, number):
    """Build the message for one reader."""
    address, name, links = jobs.reader(number)
    headers = {
        "List-Unsubscribe": f"<{links['unsubscribe_url']}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    made = EmailMultiAlternatives(
        letter["subject"],
        jobs.filled(letter["text"], letter, links),
        letter["from"],
        [f"{name} <{address}>"],
        headers=headers,
    )
    made.attach_alternative(jobs.filled(letter["html"], letter, links), "text/html")
    return made


def main():
    """Send."""
    job, letter = jobs.read()
    settings.configure(EMAIL_HOST="127.0.0.1", EMAIL_PORT=job["port"], USE_TZ=True)
    django.setup()
    jobs.mark(job)
    connection = get_connection("django.core.mail.backends.smtp.EmailBackend")
    connection.open()
    sent = 0
    for start in range(1, job["count"] + 1, BATCH):
        numbers = range(start, min(start + BATCH, job["count"] + 1))
        sent += connection.send_messages([message(letter, number) for number in numbers])
    connection.close()
    jobs.mark(job, sent=sent)


main()
