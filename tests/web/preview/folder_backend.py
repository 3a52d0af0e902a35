"""A newsletter to look at in tests.

Issue files and a theme in a folder, drawn by the real parser, renderer and mail.
"""

import shutil
from datetime import UTC, datetime
from pathlib import Path

from newsletter.compose.issue_file.read import parse_issue
from newsletter.domain.finding import Finding, Level
from newsletter.domain.subscriber import SubscriberId
from newsletter.errors import IssueFileError
from newsletter.i18n import Phrase
from newsletter.mail.compile import Recipient, compile_issue
from newsletter.mail.headers import Sender
from newsletter.render import Imprint, render
from newsletter.render.theme import load_theme
from newsletter.resources import find_stock_templates
from newsletter.web.preview.backends import CheckedMessage, IssuePreview, PictureContent

BLOG = find_stock_templates() / "demo" / "blogg"
PICTURES = "https://blogg.example.org/bilder/"
SLOT_VALUES = {
    "email": "kim@example.org",
    "unsubscribe_url": "https://nyhetsbrev.example.org/u/AAAA",
    "preferences_url": "https://nyhetsbrev.example.org/p/AAAA",
    "view_url": "https://nyhetsbrev.example.org/i/2026-12",
}
SENDER = Sender(
    name="Redaktionen",
    email="nyhetsbrev@regionexempel.example.org",
    list_id="nyhetsbrev.example.org",
    title="Nytt från regionen",
    secret=b"s" * 32,
)
IMPRINT = Imprint(
    title="Nytt från regionen",
    postal_address="Region Exempelland, Box 1, 111 11 Exempelstad",
    language="sv",
    public_url="https://nyhetsbrev.example.org",
)
ISSUE = """---
subject: Söndagsöppet, nattbuss och tolv mil cykelväg
preheader: Fyra bibliotek öppnar på söndagar, och sista bussen går hem till Stenhamn
number: 12
date: 2026-12-01
language: sv
---

# Det händer i regionen

Hej! Här är månadens nyheter från Region Exempelland. Vi börjar i fåtöljen på biblioteket, och
slutar på en cykel.

## Nytt sedan sist

### [Biblioteken öppnar på söndagar](https://blogg.example.org/soendagsoppna-bibliotek/)
![En gul fåtölj framför höga bokhyllor](https://blogg.example.org/bilder/bibliotek.jpg)
*24 november 2026*

Från och med januari håller fyra bibliotek i regionen öppet alla dagar i veckan. Försöket pågår i
ett år och följs av forskare
vid Exempellands högskola.

### [Nattbussen kör hela vägen till Stenhamn](https://blogg.example.org/nattbuss-linje-42/)
![En gul buss i en stad på natten](https://blogg.example.org/bilder/nattbuss.jpg)
*20 november 2026*

Linje 42 får nattturer på fredagar och lördagar. Du som jobbar kväll kan ta bussen hem, med samma
biljett som på dagen.

### [Upp till 150 000 kronor för företag som vill ut i världen](https://blogg.example.org/stod/)
![Ett fartyg i en hamn](https://blogg.example.org/bilder/hamn.jpg)
*17 november 2026*

Har ditt företag färre än 50 anställda? Nu kan du söka en exportcheck på högst 150 000 kronor.

### [Granvik får en egen vårdcentral](https://blogg.example.org/vardcentral/)
![Ett ljust hus med grönt kors](https://blogg.example.org/bilder/vardcentral.jpg)
*12 november 2026*

Den 1 mars slår dörrarna upp. Fyra läkare och sju sjuksköterskor ger 5 200 personer kortare väg
till vården.

### [Tolv mil ny cykelväg](https://blogg.example.org/cykel/)
![En röd cykel vid en sjö](https://blogg.example.org/bilder/cykel.jpg)
*6 november 2026*

Regionen och åtta kommuner bygger tolv mil cykelväg till 2029. Spaden sätts i jorden i april.

### [Kortare telefonkö till vården](https://blogg.example.org/telefonko/)
*14 oktober 2026*

Den som ringer får nu svar efter i snitt tre minuter och fyrtio sekunder.
"""
FINDINGS = (
    Finding(
        code="preheader-long",
        level=Level.warning,
        message=Phrase("{count} links are dead.", count=1),
        where="preheader",
    ),
    Finding(
        code="alt-missing",
        level=Level.error,
        message=Phrase("The picture has no alt text."),
        where="Tolv mil ny cykelväg",
    ),
)


class FolderBackend:
    """Answers from `FOLDER/issues/*.md` and `FOLDER/theme`."""

    def __init__(
        self, folder: Path, *, language: str = "sv", findings: tuple[Finding, ...] = ()
    ) -> None:
        self.folder = folder
        self.language = language
        self.findings = findings
        #: How often an issue was drawn and checked, and which pictures were asked for.
        self.look_count = self.examination_count = 0
        self.requested_pictures: list[str] = []
        (folder / "issues").mkdir(parents=True, exist_ok=True)
        shutil.copytree(
            find_stock_templates() / "themes" / "default", folder / "theme", dirs_exist_ok=True
        )

    def write_issue(self, text: str, name: str = "2026-12") -> None:
        """Save an issue's file."""
        (self.folder / "issues" / f"{name}.md").write_text(text, encoding="utf-8")

    def list_issue_names(self) -> list[str]:
        return sorted((file.stem for file in (self.folder / "issues").glob("*.md")), reverse=True)

    def read_source(self, issue_name: str) -> str:
        return (self.folder / "issues" / f"{issue_name}.md").read_text("utf-8")

    def render_preview(
        self, issue_name: str, subscriber_id: SubscriberId | None = None
    ) -> IssuePreview:
        self.look_count += 1
        try:
            text = self.read_source(issue_name)
        except OSError as error:
            raise IssueFileError("There is no issue {issue}.", issue=issue_name) from error
        theme = load_theme([self.folder / "theme"], accent=None, logo=f"{PICTURES}logo.png")
        rendered = render(
            parse_issue(text, issue_name=issue_name), theme, IMPRINT, nonce="k3v9q2m7x1"
        )
        return IssuePreview(
            issue=parse_issue(text, issue_name=issue_name),
            rendered=rendered,
            slot_values=SLOT_VALUES,
        )

    def check_message(
        self, preview: IssuePreview, subscriber_id: SubscriberId | None = None
    ) -> CheckedMessage:
        self.examination_count += 1
        kim = Recipient(
            subscriber_id=subscriber_id or SubscriberId(1),
            email=SLOT_VALUES["email"],
            name="Kim",
            unsubscribe_url=SLOT_VALUES["unsubscribe_url"],
            view_url=SLOT_VALUES["view_url"],
        )
        message = compile_issue(preview.rendered, SENDER, preview.issue.name).fill(
            kim, datetime(2026, 12, 1, 7, tzinfo=UTC)
        )
        return CheckedMessage(message=message, findings=self.findings)

    def load_picture(self, url: str) -> PictureContent | None:
        self.requested_pictures.append(url)
        if url.endswith("logo.png"):
            return PictureContent(
                content=(BLOG.parent / "logo.png").read_bytes(), content_type="image/png"
            )
        file = BLOG / "bilder" / url.removeprefix(PICTURES)
        return (
            PictureContent(content=file.read_bytes(), content_type="image/jpeg")
            if file.is_file()
            else None
        )

    def list_watched_paths(self) -> list[Path]:
        return [self.folder / "issues", self.folder / "theme", self.folder / "newsletter.toml"]
