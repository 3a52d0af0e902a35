"""mailmerge: its own command on a template and a list in CSV."""

import contextlib
import csv
import io
from pathlib import Path

import job as jobs
from mailmerge.__main__ import main as mailmerge

_TEMPLATE = """TO: {{{{name}}}} <{{{{email}}}}>
SUBJECT: {subject}
FROM: {sender}
LIST-UNSUBSCRIBE: <{{{{unsubscribe_url}}}}>
MIME-Version: 1.0
Content-Type: multipart/alternative; boundary="=_boundary"

--=_boundary
Content-Type: text/plain; charset="utf-8"

{text}
--=_boundary
Content-Type: text/html; charset="utf-8"

{html}
--=_boundary--
"""


def write_files(job, letter, folder):
    """Write template, list and settings into a folder."""
    holes = {name: "{{" + name + "}}" for name in letter["slots"]}
    parts = {part: jobs.fill_slots(letter[part], letter, holes) for part in ("text", "html")}
    template = _TEMPLATE.format(subject=letter["subject"], sender=letter["from"], **parts)
    (folder / "template.txt").write_text(template, encoding="utf-8")
    (folder / "server.conf").write_text(
        f"[smtp_server]\nhost = 127.0.0.1\nport = {job['port']}\n", encoding="utf-8"
    )
    with (folder / "list.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["email", "name", *letter["slots"]])
        for number in range(1, job["count"] + 1):
            address, name, links = jobs.build_reader(number)
            rows.writerow([address, name, *(links[slot] for slot in letter["slots"])])


def main():
    """Send; what it prints of each message is thrown away."""
    job, letter = jobs.read_job()
    folder = Path(job["folder"])
    write_files(job, letter, folder)
    files = {"--template": "template.txt", "--database": "list.csv", "--config": "server.conf"}
    options = [part for option, name in files.items() for part in (option, str(folder / name))]
    jobs.write_mark(job)
    with contextlib.redirect_stdout(io.StringIO()):
        mailmerge([*options, "--no-dry-run", "--no-limit"], standalone_mode=False)
    jobs.write_mark(job, sent=job["count"])


main()
