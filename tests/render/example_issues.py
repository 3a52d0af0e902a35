"""Issues to draw: made-up posts of a made-up authority."""

from datetime import date

from newsletter.domain.issue import Issue, Section, Teaser
from newsletter.domain.post import Picture, PostId
from newsletter.render.context import Imprint

NONCE = "k3v9q2m7x1"
IMPRINT = Imprint(
    title="Nytt från regionen",
    postal_address="Region Exempelland, Box 1, 111 11 Exempelstad",
    language="sv",
    public_url="https://nyhetsbrev.example.org",
    sender="nyhetsbrev@regionexempel.example.org",
)
#: slug, title, picture, alt, day, summary
POSTS = (
    (
        "sondag",
        "Biblioteken öppnar på söndagar",
        "bibliotek",
        "En gul fåtölj framför höga bokhyllor",
        date(2026, 11, 24),
        (
            "Från och med januari håller fyra bibliotek i regionen öppet alla dagar i veckan."
            " Försöket pågår i ett år och följs av forskare vid Exempellands högskola, som ska se"
            " om fler barn och unga hittar dit."
        ),
    ),
    (
        "nattbuss",
        "Nattbussen är tillbaka: linje 42 går till Granvik igen",
        "nattbuss",
        "En upplyst buss i en mörk stad",
        date(2026, 11, 20),
        (
            "Vi har gått igenom ett halvårs resandedata. Resultatet förvånade även oss, och pekar"
            " ut två hållplatser som borde flyttas."
        ),
    ),
    (
        "export",
        "Stöd till företag som exporterar",
        "hamn",
        "En hamn med kranar i soluppgång",
        date(2026, 11, 17),
        (
            "Sjuttio små företag får dela på elva miljoner kronor för att hitta kunder i andra"
            " länder. Ansökan öppnar den 1 december."
        ),
    ),
    (
        "vardcentral",
        "Ny vårdcentral i Granvik",
        "vardcentral",
        "Ett ljust hus med röda dörrar",
        date(2026, 11, 12),
        (
            "I mars öppnar dörrarna. Där finns läkare, barnmorska och ett rum för provtagning som"
            " är öppet från klockan sju."
        ),
    ),
    (
        "cykel",
        "Tolv mil cykelväg",
        "cykel",
        "En röd cykel vid ett fält",
        date(2026, 11, 6),
        (
            "Två kommuner & en region bygger ihop sina cykelvägar. Den som vill kan snart cykla"
            " från kusten till Ekboda utan att möta en bil."
        ),
    ),
    (
        "konserter",
        "Konserter i vinter",
        "scen",
        "En scen med strålkastare",
        date(2026, 10, 30),
        (
            "Länsmusiken spelar på elva platser, från kyrkor till sporthallar. Alla under 20 år går"
            " in gratis."
        ),
    ),
    (
        "tag",
        "Tågen får fler platser",
        "tag",
        "Ett tåg mellan granar",
        date(2026, 10, 22),
        (
            "Från den 13 december kör tågen mellan Stenhamn och Granvik med fem vagnar i stället"
            " för tre."
        ),
    ),
    (
        "telefonko",
        "Kortare telefonkö",
        None,
        None,
        date(2026, 10, 14),
        "Nu svarar 1177 inom nio minuter i snitt.",
    ),
    (
        "naturreservat",
        "Nytt naturreservat på Hälsobacken",
        "skog",
        "En skog i morgondimma",
        date(2026, 10, 3),
        "Åttio hektar gammal skog skyddas. Stigen runt berget är tillgänglig för rullstol.",
    ),
    (
        "elfarja",
        "Elfärja i skärgården",
        "skargard",
        "En färja mellan öar",
        date(2026, 9, 24),
        "Den går tyst och laddar vid kaj.",
    ),
)


def build_teaser(index: int, *, picture: bool = True) -> Teaser:
    """Return the teaser of a made-up post; after ten they begin again."""
    slug, title, image, alt, day, summary = POSTS[index % len(POSTS)]
    again = f" (del {index // len(POSTS) + 1})" if index >= len(POSTS) else ""
    shown = (
        Picture(url=f"https://blogg.example.org/bilder/{image}.jpg", alt=alt)
        if picture and image
        else None
    )
    url = f"https://blogg.example.org/{slug}/"
    return Teaser(
        title=title + again,
        url=url,
        picture=shown,
        date=day,
        summary=summary,
        post=PostId(f"{index:012x}"),
    )


def build_issue(
    count: int = 10, *, pictures: bool = True, language: str = "sv", **changes: object
) -> Issue:
    """Return an issue of so many teasers."""
    section = Section(
        title="Nytt sedan sist",
        teasers=tuple(build_teaser(index, picture=pictures) for index in range(count)),
    )
    values: dict[str, object] = {
        "name": "2026-12",
        "subject": "Nyhetsbrev december 2026",
        "preheader": (
            "Söndagsöppna bibliotek, nya cykelvägar och pengar till företag som exporterar"
        ),
        "number": 12,
        "date": date(2026, 12, 1),
        "language": language,
        "title": "Det händer i regionen",
        "intro": (
            "Hej! Här är månadens nyheter. Vi har läst protokoll, räknat träd och åkt nattbuss för"
            " att förstå hur små beslut förändrar en region."
        ),
        "sections": (section,),
        **changes,
    }
    return Issue(**values)  # type: ignore[arg-type]  # a test says what it changes
