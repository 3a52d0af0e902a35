"""The standard library as people use it: an EmailMessage a reader over one connection."""

import smtplib
from email.message import EmailMessage

import job as jobs


def build_message(letter, number):
    """Build the message for one reader."""
    address, name, links = jobs.build_reader(number)
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = (
        letter["from"],
        f"{name} <{address}>",
        letter["subject"],
    )
    made["List-Unsubscribe"] = f"<{links['unsubscribe_url']}>"
    made["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    made.set_content(jobs.fill_slots(letter["text"], letter, links), cte="quoted-printable")
    made.add_alternative(
        jobs.fill_slots(letter["html"], letter, links), subtype="html", cte="quoted-printable"
    )
    return made


def main():
    """Send."""
    job, letter = jobs.read_job()
    jobs.write_mark(job)
    with smtplib.SMTP("127.0.0.1", job["port"], local_hostname="n.example.org") as server:
        for number in range(1, job["count"] + 1):
            server.send_message(build_message(letter, number))
    jobs.write_mark(job, sent=job["count"])


main()
