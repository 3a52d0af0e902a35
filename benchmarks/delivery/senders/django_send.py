"""Django: EmailMultiAlternatives and send_messages, a hundred at a time over one connection."""

import django
import job as jobs
from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection

#: Messages handed over at a time.
BATCH_MESSAGES = 100


def build_message(letter, number):
    """Build the message for one reader."""
    address, name, links = jobs.build_reader(number)
    headers = {
        "List-Unsubscribe": f"<{links['unsubscribe_url']}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    made = EmailMultiAlternatives(
        letter["subject"],
        jobs.fill_slots(letter["text"], letter, links),
        letter["from"],
        [f"{name} <{address}>"],
        headers=headers,
    )
    made.attach_alternative(jobs.fill_slots(letter["html"], letter, links), "text/html")
    return made


def main():
    """Send."""
    job, letter = jobs.read_job()
    settings.configure(EMAIL_HOST="127.0.0.1", EMAIL_PORT=job["port"], USE_TZ=True)
    django.setup()
    jobs.write_mark(job)
    connection = get_connection("django.core.mail.backends.smtp.EmailBackend")
    connection.open()
    sent = 0
    for start in range(1, job["count"] + 1, BATCH_MESSAGES):
        numbers = range(start, min(start + BATCH_MESSAGES, job["count"] + 1))
        sent += connection.send_messages([build_message(letter, number) for number in numbers])
    connection.close()
    jobs.write_mark(job, sent=sent)


main()
