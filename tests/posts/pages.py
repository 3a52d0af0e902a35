"""Pages as sites build them, with texts made up for the tests: menus, banners, bylines, captions, lists of other articles."""

from dataclasses import dataclass
from textwrap import dedent


@dataclass(frozen=True)
class Page:
    """A page, and what is to be read from it."""

    name: str
    language: str
    html: str
    title: str
    #: How the article's own text begins: in its lead or its first paragraph.
    opens: tuple[str, ...]
    #: Never in the text.
    never: tuple[str, ...]
    date: str = ""


COOKIES = '<div id="cookie-consent" class="cc-window"><p>Vi använder kakor för att webbplatsen ska fungera bra för dig. Läs mer om hur vi hanterar personuppgifter.</p><button>Godkänn alla</button></div>'
MENU = '<header class="site-header"><a href="/">Region Exempelland</a><nav><ul><li><a href="/om">Om oss</a></li><li><a href="/nyheter">Nyheter</a></li><li><a href="/kontakt">Kontakta oss</a></li></ul></nav></header>'
FOOTER = '<footer class="site-footer"><p>Region Exempelland, Box 1, 111 11 Exempelstad. Telefon 000-00 00 00.</p><p>Följ oss i sociala medier och prenumerera på våra nyheter.</p></footer>'


def _p(*texts: str) -> str:
    return "\n".join(f"<p>{text}</p>" for text in texts)


LIBRARY = (
    "Från och med januari håller fyra bibliotek i regionen öppet alla dagar i veckan. Försöket pågår i ett år och följs av forskare vid högskolan.",
    "Det är familjer med små barn som har bett om längre öppettider, berättar bibliotekschefen. Många hinner inte dit under arbetsveckan.",
    "Biblioteken bemannas av studenter på helgerna. De får en kort utbildning under hösten, och arbetar alltid två och två.",
    "Efter sommaren fattar nämnden beslut om hur det ska bli i fortsättningen. Då finns också svaren från en enkät till besökarna.",
)
BIKES = (
    "Tre nya cykelvägar ska göra det lättare att ta sig till arbetet utan bil. Den första byggs mellan Norrby och stationen redan till våren.",
    "Vägarna blir fyra meter breda och får belysning hela sträckan. Där de korsar större gator byggs planskilda passager.",
    "Kommunen och regionen delar på kostnaden, som beräknas till trettio miljoner kronor. Arbetet ska vara färdigt om två år.",
)
GERMAN = (
    "Ab dem Frühjahr fahren die Busse im Landkreis doppelt so häufig wie bisher. Auch am späten Abend kommt man damit noch nach Hause.",
    "Die neuen Linien verbinden zwölf Dörfer mit dem Bahnhof der Kreisstadt. Dort sind die Anschlüsse auf die Züge abgestimmt.",
    "Der Kreistag hat dafür vier Millionen Euro im Jahr bewilligt. Nach drei Jahren wird geprüft, ob das Angebot angenommen wird.",
)
ENGLISH = (
    "Visitors can now borrow a pair of binoculars at every nature reserve in the county. The scheme starts with forty pairs in eight reserves.",
    "Rangers say that many families come without any equipment and leave sooner than they would like. A simple pair is often all it takes.",
    "The binoculars are kept in boxes that open with a library card. Whoever forgets to bring them back gets a friendly reminder.",
)
NORWEGIAN = (
    "Fylkeskommunen gir støtte til tjue nye møteplasser for ungdom på bygda. Pengene skal gå til lokaler, utstyr og lønn til en som åpner døra.",
    "Ungdommene har selv vært med på å velge hvilke steder som får støtte. De leste mer enn hundre søknader i løpet av en helg.",
    "De første stedene åpner etter nyttår. I mars samles alle til en felles dag for å lære av hverandre.",
)
FRENCH = (
    "La bibliothèque départementale met en service un camion rempli de livres et de jeux. Il passera deux fois par mois dans chaque village.",
    "Les habitants ont choisi eux-mêmes une grande partie des ouvrages au cours de l’été. Plus de trois mille réponses sont arrivées.",
    "Le camion roule à l’électricité et se recharge sur les places des mairies. La tournée commence le premier lundi du mois.",
)
FINNISH = (
    "Maakunnan museot avaavat ovensa maksutta jokaisen kuukauden ensimmäisenä sunnuntaina. Kokeilu alkaa tammikuussa ja kestää vuoden.",
    "Mukana on yksitoista museota eri puolilta maakuntaa. Osa niistä järjestää päivän aikana myös opastuksia lapsille.",
    "Kävijämääriä verrataan aiempiin vuosiin. Päätös jatkosta tehdään ensi syksynä saatujen kokemusten perusteella.",
)


def _document(head: str, body: str, language: str = "sv") -> str:
    return f'<!doctype html>\n<html lang="{language}"><head><meta charset="utf-8">{head}</head><body>{body}</body></html>'


def _wordpress() -> Page:
    body = f"""{COOKIES}{MENU}<main id="content"><article class="post-12 post type-post hentry"><header class="entry-header">
    <h1 class="entry-title">Biblioteken öppnar på söndagar</h1><div class="entry-meta"><span class="posted-on">Publicerad
    <time class="entry-date published" datetime="2026-11-24T10:15:00+01:00">24 november 2026</time></span>
    <span class="byline">av <a rel="author" href="/author/anna/">Anna Andersson</a></span></div></header>
    <figure class="post-thumbnail"><img src="/bilder/sondag.jpg" width="1200" height="800" alt="Barn läser i en fåtölj"><figcaption>Läshörnan i Norrby. Foto: Bo Berg</figcaption></figure>
    <div class="entry-content">{_p(*LIBRARY[:2])}<h2>Studenter tar helgerna</h2>{_p(*LIBRARY[2:])}
    <div class="sharedaddy"><h3>Dela detta:</h3><ul><li><a href="#">Facebook</a></li></ul></div></div></article>
    <section class="related-posts"><h2>Relaterade inlägg</h2><ul><li><a href="/cykel/">Tre nya cykelvägar byggs</a></li><li><a href="/jobb/">Lediga tjänster i höst</a></li></ul></section>
    <div id="comments"><h2>2 kommentarer</h2><p>Vad roligt att det blir av, skriver en läsare som har väntat länge på detta.</p></div></main>
    <aside class="sidebar"><h2>Senaste inläggen</h2><p>Prenumerera på bloggen så missar du ingenting av det som händer.</p></aside>{FOOTER}"""
    head = """<title>Biblioteken öppnar på söndagar – Region Exempelland</title><link rel="canonical" href="https://blogg.example.org/sondag/">
    <meta property="og:title" content="Biblioteken öppnar på söndagar – Region Exempelland"><meta property="og:type" content="article">
    <meta property="og:image" content="https://blogg.example.org/bilder/sondag.jpg"><link rel="alternate" type="application/rss+xml" href="/feed/">"""
    never = ("Vi använder kakor", "Foto:", "Relaterade", "Prenumerera", "Anna Andersson", "Telefon", "väntat länge")
    return Page("wordpress", "sv", _document(head, body), "Biblioteken öppnar på söndagar", (LIBRARY[0],), never, "2026-11-24")


def _json_ld() -> Page:
    head = """<title>Sonntags mit dem Bus | Landkreis</title><script type="application/ld+json">{"@context":"https://schema.org","@graph":[
    {"@type":"WebSite","name":"Landkreis"},{"@type":"Person","@id":"#erika","name":"Erika Muster"},
    {"@type":"NewsArticle","headline":"Sonntags mit dem Bus","datePublished":"2026-10-02T08:00:00+02:00","author":{"@id":"#erika"},
    "image":{"@type":"ImageObject","url":"https://www.landkreis.example/bus.jpg"},"articleSection":"Verkehr"}]}</script>"""
    body = f"""<div class="cmp-banner" role="dialog"><p>Wir verwenden Cookies, um Ihnen das beste Erlebnis zu bieten. Bitte stimmen Sie zu.</p></div>
    <div class="navbar"><a href="/">Start</a> <a href="/verkehr">Verkehr</a></div><div class="layout"><div class="article-detail">
    <p class="kicker">Verkehr</p><h1>Sonntags mit dem Bus</h1><p class="autor">Von Erika Muster | 2. Oktober 2026</p>
    <div class="bild"><img src="/bus.jpg" alt="Ein Bus vor dem Rathaus"><p class="bildunterschrift">Ein neuer Bus vor dem Rathaus. Foto: Landkreis</p></div>
    <div class="text">{_p(*GERMAN)}</div><p><a href="/mehr">Mehr lesen</a></p></div>
    <div class="rechts"><h3>Das könnte Sie auch interessieren</h3><ul><li><a href="/a">Neue Radwege im Norden</a></li></ul></div></div>"""
    never = ("Cookies", "Foto:", "Erika", "Radwege", "Mehr lesen")
    return Page("json-ld", "de", _document(head, body, "de"), "Sonntags mit dem Bus", (GERMAN[0],), never, "2026-10-02")


def _ingress() -> Page:
    lead = "Nu blir det lättare att cykla till jobbet i hela regionen. Tre nya vägar med belysning byggs under de kommande två åren."
    body = f"""{MENU}<div id="main"><h1>Tre nya cykelvägar byggs</h1><p class="ingress">{lead}</p><p class="byline">Text och foto: Bo Berg</p>
    <p class="pubdate">Publicerad: 3 mars 2026, senast ändrad 9 april 2026</p>{_p(*BIKES)}<p class="faktaruta">Läs också: <a href="/x">Så planeras vägarna</a></p>
    <div class="kontakt"><h2>Kontakt</h2><p>Bo Berg, projektledare</p></div></div>{FOOTER}"""
    return Page(
        "ingress",
        "sv",
        _document("<title>Tre nya cykelvägar byggs</title>", body),
        "Tre nya cykelvägar byggs",
        (lead, BIKES[0]),
        ("Text och foto", "Läs också", "Telefon"),
        "2026-03-03",
    )


def _bare() -> Page:
    body = f"<h1>Borrow binoculars in our reserves</h1><p>12 May 2026</p>{_p(*ENGLISH)}"
    return Page(
        "bare",
        "en",
        _document("<title>Borrow binoculars in our reserves</title>", body, "en"),
        "Borrow binoculars in our reserves",
        (ENGLISH[0],),
        ("12 May",),
        "2026-05-12",
    )


def _divs() -> Page:
    divs = "".join(f'<div class="css-1x{number}">{text}</div>' for number, text in enumerate(ENGLISH))
    body = f"""<div id="app"><div class="css-9a"><div class="css-8b"><a href="/">County</a><a href="/news">News</a></div></div><div class="css-7c">
    <div class="css-6d"><h1 class="css-5e">Borrow binoculars in our reserves</h1><div class="css-4f">By Jane Doe · May 12, 2026 · 3 min read</div>{divs}</div>
    <div class="css-3g"><div>Sign up for our newsletter and never miss a story from the county.</div><div><a href="/a">Read more stories</a></div></div></div></div>"""
    head = '<title>Borrow binoculars in our reserves | County</title><meta property="article:published_time" content="2026-05-12T09:00:00Z"><meta property="og:type" content="article">'
    return Page(
        "divs",
        "en",
        _document(head, body, "en"),
        "Borrow binoculars in our reserves",
        (ENGLISH[0],),
        ("Jane Doe", "min read", "Sign up"),
        "2026-05-12",
    )


def _norwegian() -> Page:
    body = f"""<div class="cookie-banner">Vi bruker informasjonskapsler for å gi deg en bedre opplevelse på våre sider.</div><nav>Meny</nav><article><h1>Tjue nye møteplasser</h1>
    <div class="article__meta"><span>Publisert 7. september 2026</span> <span>Oppdatert 8. september 2026</span></div><p class="article__byline">Av Kari Nordmann</p>
    <section class="article__body" itemprop="articleBody">{_p(NORWEGIAN[0])}<figure><img src="x.jpg" alt="Ungdom"><figcaption>Foto: Ola Nordmann</figcaption></figure>{_p(*NORWEGIAN[1:])}</section>
    <footer><p>Les også: <a href="/b">Ny buss til bygda</a></p></footer></article><footer>Kontakt oss på telefon</footer>"""
    return Page(
        "norwegian",
        "nb",
        _document("<title>Tjue nye møteplasser - Fylket</title>", body, "nb"),
        "Tjue nye møteplasser",
        (NORWEGIAN[0],),
        ("informasjonskapsler", "Kari", "Foto", "Les også"),
        "2026-09-07",
    )


def _french() -> Page:
    body = f"""<header role="banner"><p>Département de l’Exemple</p></header><main><div class="breadcrumb"><a href="/">Accueil</a> &gt; <a href="/actu">Actualités</a></div>
    <h1>Un camion plein de livres</h1><p class="date">Publié le 14 juin 2026</p><p class="chapo">Chaque village recevra deux fois par mois la visite d’un camion qui prête des livres, des jeux et des films gratuitement.</p>
    {_p(*FRENCH)}<div class="partage">Partager cet article sur les réseaux sociaux</div></main>"""
    return Page(
        "french",
        "fr",
        _document("<title>Un camion plein de livres</title>", body, "fr"),
        "Un camion plein de livres",
        ("Chaque village recevra", FRENCH[0]),
        ("Partager", "Accueil"),
        "2026-06-14",
    )


def _finnish() -> Page:
    body = f"""<main><article><h1>Museoihin ilmaiseksi</h1><time datetime="2026-01-03">3.1.2026</time>{_p(*FINNISH)}</article>
    <div class="liftup"><h2>Lue myös</h2><p><a href="/x">Uusi kirjasto avataan keväällä keskustaan</a></p></div></main>"""
    return Page(
        "finnish",
        "fi",
        _document("<title>Museoihin ilmaiseksi | Maakunta</title>", body, "fi"),
        "Museoihin ilmaiseksi",
        (FINNISH[0],),
        ("Lue myös", "Uusi kirjasto"),
        "2026-01-03",
    )


def _tables() -> Page:
    body = f"""<table width="900"><tr><td width="200"><a href="/">Hem</a><br><a href="/nyheter">Nyheter</a><br><a href="/arkiv">Arkiv</a></td><td>
    <h2>Tre nya cykelvägar byggs</h2><font size="1">2026-03-03 av webbredaktören</font><br>{_p(*BIKES)}</td></tr></table>"""
    return Page(
        "tables",
        "sv",
        _document("<title>Tre nya cykelvägar byggs</title>", body),
        "Tre nya cykelvägar byggs",
        (BIKES[0],),
        ("webbredaktören", "Arkiv"),
        "2026-03-03",
    )


def _breaks() -> Page:
    body = f'{MENU}<div class="content"><h1>Biblioteken öppnar på söndagar</h1><div class="text">{"<br><br>".join(LIBRARY)}</div></div>{FOOTER}'
    return Page(
        "breaks",
        "sv",
        _document("<title>Biblioteken öppnar på söndagar</title>", body),
        "Biblioteken öppnar på söndagar",
        (LIBRARY[0],),
        ("Telefon", "Kontakta oss"),
    )


def _short() -> Page:
    text = (
        "Receptionen i regionens hus är stängd på fredag på grund av flytt. Ring växeln om du behöver komma i kontakt med oss under dagen."
    )
    body = f'{COOKIES}{MENU}<main><article><h1>Receptionen stängd på fredag</h1><p class="meta">Nyhet | 2026-02-01</p><p>{text}</p></article></main>{FOOTER}'
    return Page(
        "short",
        "sv",
        _document('<title>Receptionen stängd på fredag</title><meta property="og:type" content="article">', body),
        "Receptionen stängd på fredag",
        (text,),
        ("kakor", "Telefon", "Kontakta oss"),
        "2026-02-01",
    )


def _long_related() -> Page:
    cards = "".join(
        f'<div class="card"><h3><a href="/r{number}/">En annan nyhet med nummer {number}</a></h3><p>Här står en ganska lång ingress till en helt annan artikel som läsaren kanske också vill läsa en dag.</p><a href="/r{number}/">Läs hela artikeln</a></div>'
        for number in range(6)
    )
    body = f'{MENU}<main><article><h1>Tre nya cykelvägar byggs</h1><p>Publicerat 3 mars 2026</p>{_p(*BIKES)}</article><div class="puffar"><h2>Fler nyheter</h2>{cards}</div></main>{FOOTER}'
    return Page(
        "long-related",
        "sv",
        _document('<title>Tre nya cykelvägar byggs</title><meta property="og:type" content="article">', body),
        "Tre nya cykelvägar byggs",
        (BIKES[0],),
        ("helt annan artikel", "Fler nyheter"),
        "2026-03-03",
    )


def _quote_first() -> Page:
    quote = "– Vi har väntat på det här i tio år, säger Ulla Ek i Norrby."
    body = f"{MENU}<main><h1>Tre nya cykelvägar byggs</h1><blockquote>{quote}</blockquote>{_p(*BIKES)}<ul><li>Norrby till stationen</li><li>Söderby till skolan</li></ul></main>{FOOTER}"
    return Page(
        "quote-first",
        "sv",
        _document("<title>Tre nya cykelvägar byggs</title>", body),
        "Tre nya cykelvägar byggs",
        (quote, BIKES[0]),
        ("Telefon",),
    )


def _noisy_head() -> Page:
    body = f"""<div class="alert alert-info" role="alert"><p>Driftstörning: våra e-tjänster är nere för underhåll på lördag mellan klockan åtta och tolv.</p></div>{MENU}
    <div class="hero"><img src="/hero.jpg" alt=""></div><main><p class="category-label">Nyheter</p><h1>Biblioteken öppnar på söndagar</h1>
    <ul class="share-buttons"><li>Dela på Facebook</li><li>Skriv ut</li></ul><p><em>Lyssna på artikeln</em></p><p><strong>24 november 2026</strong></p>{_p(*LIBRARY)}
    <h2>Var sidan till hjälp?</h2><form><button>Ja</button><button>Nej</button></form></main>{FOOTER}"""
    return Page(
        "noisy-head",
        "sv",
        _document("<title>Biblioteken öppnar på söndagar</title>", body),
        "Biblioteken öppnar på söndagar",
        (LIBRARY[0],),
        ("Driftstörning", "Lyssna", "Dela på"),
        "2026-11-24",
    )


def _script_state() -> Page:
    state = 'window.__STATE__={"html":"<p>Detta är inte artikeln utan ett tillstånd.</p>","n":1<2};' * 200
    body = f"<script>{state}</script><noscript><p>Du måste slå på JavaScript för att se sidan.</p></noscript><main><h1>Tre nya cykelvägar byggs</h1>{_p(*BIKES)}</main><style>p{{color:red}}</style>"
    return Page(
        "script-state",
        "sv",
        _document("<title>Tre nya cykelvägar byggs</title>", body),
        "Tre nya cykelvägar byggs",
        (BIKES[0],),
        ("tillstånd", "JavaScript", "color"),
    )


def pages() -> list[Page]:
    """Return all of them."""
    makers = (
        _wordpress, _json_ld, _ingress, _bare, _divs, _norwegian, _french, _finnish, _tables, _breaks, _short, _long_related, _quote_first, _noisy_head, _script_state,
    )  # fmt: skip
    return [maker() for maker in makers]


LISTING = _document(
    "<title>Nyheter – Region Exempelland</title>",
    dedent(f"""\
    {COOKIES}{MENU}<main><h1>Nyheter</h1><h2>Relaterade inlägg</h2><div class="related">
    <div class="item"><time datetime="2026-11-24">24 november 2026</time><h3><a href="/sondag/">Biblioteken öppnar på söndagar</a></h3>
    <img src="/bilder/sondag.jpg" alt="Barn läser i en fåtölj" width="400"><p>{LIBRARY[0]}</p><a href="/sondag/">Läs hela artikeln</a></div>
    <div class="item"><span class="date">3 mars 2026</span><h3><a href="/cykel/?utm_source=lista">Tre nya cykelvägar byggs</a></h3>
    <p>{BIKES[0][:90]} […]</p><a href="/cykel/">Läs hela artikeln</a></div>
    <div class="item"><span class="date">1 februari 2026</span><h3><a href="/stangt/">Receptionen stängd på fredag</a></h3><a href="/stangt/">Läs hela artikeln</a></div>
    </div><ul class="pagination"><li><a href="/nyheter/2">Gå vidare till nästa sida</a></li></ul></main>{FOOTER}"""),
)
