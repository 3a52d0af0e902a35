"""Words that tell what a sentence is for, in nine languages.

`danglers` lean on a sentence before them; `meta` speak of the page and not of its subject;
`greetings` say hello; `cues` announce what a text is about. All are lower case and beginnings of
sentences, but for TAILS and READ_MORE.
"""

import re
from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True, slots=True, kw_only=True)
class Cues:
    """One language's patterns, to be matched at the beginning of a sentence."""

    dangler: re.Pattern[str]
    #: A weaker kind of dangler: "It", "Det", which may also be empty.
    soft_dangler: re.Pattern[str]
    meta: re.Pattern[str]
    greeting: re.Pattern[str]
    cue: re.Pattern[str]


#: Anywhere in an excerpt: what a content system adds by itself.
CMS_SIGNATURE = re.compile(
    r"dök först upp på|appeared first on|erschien zuerst auf|dukket først opp på|dukkede først op"
    r" på|est apparu en premier sur|"
    r"apareció primero en|se publicó primero en|verscheen eerst op|julkaistiin ensin|ensimmäisenä"
    r" sivustolla",
    re.IGNORECASE,
)
#: At the end of an excerpt: an invitation to read on.
READ_MORE = re.compile(
    r"[\s(\[|·–-]*\b(?:läs (?:hela (?:artikeln|inlägget|nyheten)|mer|vidare|artikeln)|fortsätt"
    r" läsa|till artikeln|"
    r"read (?:more|on|the rest|the full \w+)|continue reading|"
    r"keep reading|learn more|weiterlesen|mehr lesen|mehr erfahren|zum artikel|les"
    r" (?:mer|mere|videre|hele saken)|"
    r"læs mere|lire (?:la suite|plus)|en savoir plus|"
    r"leer más|seguir leyendo|lees (?:meer|verder)|lue lisää)\b[^.!?]{0,80}[\s.…»›→>\])]*\Z",
    re.IGNORECASE,
)

_DANGLERS = {
    "sv": (
        r"dett?a|dess|dessa|denn[ae]|därför|därmed|därefter|därtill|därigenom|därav|därvid|därutöver|därifrån|dock|"
        r"däremot|dessutom|emellertid|följaktligen|alltså|"
        r"således|sålunda|likaså|även|också|men|och|eller|utan|så|sedan|sen|då|dit|där|han|hon|hen|de|dom|dem|"
        r"deras|hans|hennes|vidare|samtidigt|annars|ändå|"
        r"istället|i stället|till exempel|t\.ex\.|exempelvis|på så sätt|på samma sätt|å andra"
        r" sidan|trots det|tack vare d|av den anledningen|"
        r"det (?:innebär|betyder|här|där|gör|gjorde|visar|kommer|skedde|sker|gäller)\b|"
        r"den (?:är|var|har|hade|ska|skall|kan|blir|blev|ger|gav|finns|kommer|innehåller)|"
        r"båda|bägge|samma sak|förutom d|utöver d|i och med d|med d(?:et|etta)|för d(?:et|etta)|om"
        r" d(?:et|etta)|"
        r"som tur|sådan[at]?|ovan|ovanstående|slutligen|"
        r"jo|nej|ja|tvärtom|likväl|nämligen|desto|ty|fast(?:än)?|däribland|därom|dylik|sist men"
    ),
    "en": (
        r"this|these|that|those|however|therefore|thus|hence|moreover|furthermore|additionally|also|besides|"
        r"nevertheless|nonetheless|consequently|accordingly|"
        r"otherwise|instead|meanwhile|likewise|similarly|conversely|and|but|or|so|yet|nor|then|he|she|they|them|"
        r"his|her|hers|their|theirs|its|such|"
        r"for example|for instance|in addition|as a result|as such|in contrast|on the other hand|at"
        r" the same time|"
        r"that said|in other words|in fact|indeed|"
        r"both|neither|either|the former|the latter|finally|lastly|secondly|thirdly|next|after"
        r" that|after this|because of this|due to this|"
        r"because|again|still|too|above|yes|no|well|of"
        r" course|afterwards|subsequently|it(?:'|’)?s?\b"
    ),
    "no": (
        r"dette|denne|disse|derfor|dermed|deretter|dessuten|derimot|imidlertid|likevel|altså|således|også|men|og|"
        r"eller|så|da|der|dit|han|hun|hen|de|dem|deres|hans|hennes|"
        r"videre|samtidig|ellers|i stedet|for eksempel|f\.eks\.|på den annen side|til tross for d|"
        r"det (?:betyr|innebærer|gjør|gjorde|viser|her|der|kommer|gjelder)|"
        r"den (?:er|var|har|skal|kan|blir|ble|gir)|begge|til"
        r" slutt|ja|nei|jo|slik[et]?|derav|dets|følgelig|fordi"
    ),
    "da": (
        r"dette|denne|disse|derfor|dermed|derefter|desuden|derimod|imidlertid|alligevel|altså|således|også|men|og|"
        r"eller|så|da|der|han|hun|de|dem|deres|hans|hendes|"
        r"videre|samtidig|ellers|i stedet|for eksempel|f\.eks\.|på den anden side|det"
        r" (?:betyder|indebærer|gør|viser|her|der|kommer|gælder)|"
        r"den (?:er|var|har|skal|kan|bliver|blev|giver)|begge|til sidst|ja|nej|jo|sådan|fordi"
    ),
    "de": (
        r"diese[rsmn]?|dies|jene[rsmn]?|deshalb|daher|darum|deswegen|dadurch|damit|danach|dabei|dafür|dagegen|"
        r"davon|dazu|daraus|daran|darauf|darüber|darin|außerdem|zudem|"
        r"jedoch|allerdings|dennoch|trotzdem|hingegen|stattdessen|folglich|somit|also|auch|aber|und|oder|denn|doch|"
        r"dann|da|dort|er|sie|ihnen|ihre?[rsmn]?|sein(?:e[rsmn]?)?|"
        r"ferner|weiterhin|gleichzeitig|sonst|zum"
        r" beispiel|beispielsweise|z\.\s?b\.|andererseits|beide|schließlich|"
        r"zuletzt|ja|nein|solche[rsmn]?|das (?:ist|war|bedeutet|"
        r"heißt|zeigt|macht|hat|wird|kann)|so|weil|nun ja"
    ),
    "nl": (
        r"dit|deze|die|dat|daarom|daardoor|daarna|daarbij|daarnaast|bovendien|echter|toch|dus|ook|maar|en|of|want|"
        r"dan|daar|hij|zij|ze|hun|haar|zijn|verder|tegelijk|"
        r"anders|in plaats|bijvoorbeeld|beide|tot slot|ja|nee|zulke|zo|omdat"
    ),
    "fi": (
        r"tämä|tämän|tässä|tästä|tähän|nämä|näiden|näissä|siksi|siten|sitten|siitä|siinä|sen|se|ne|niiden|hän|he|"
        r"hänen|heidän|kuitenkin|lisäksi|myös|mutta|ja|tai|joten|"
        r"silti|toisaalta|esimerkiksi|muuten|samalla|lopuksi|näin|kyllä|ei|koska|sillä"
    ),
    "fr": (
        r"cel[ae]|ceci|ce(?:tte|t|s)?|celui-ci|celle-ci|donc|ainsi|cependant|toutefois|pourtant|néanmoins|en"
        r" effet|"
        r"par conséquent|de plus|en outre|aussi|mais|et|ou|or|car|puis|ensuite|"
        r"alors|il|elle|ils|elles|leurs?|son|sa|ses|par exemple|en revanche|d'autre part|d’autre"
        r" part|enfin|"
        r"finalement|oui|non|c'est|c’est|par ailleurs|parce"
    ),
    "es": (
        r"est[aeo]s?|es[aeo]s?|aquell[ao]s?|por eso|por lo tanto|por tanto|por ello|así|sin"
        r" embargo|no obstante|"
        r"además|también|pero|y|o|pues|luego|entonces|después|él|ella|ellos|"
        r"ellas|sus?|por ejemplo|en cambio|por otra parte|finalmente|sí|asimismo|porque"
    ),
}
_SOFT = {
    "sv": r"det|vi|jag|där",
    "en": r"it|we|i|there|you",
    "no": r"det|vi|jeg",
    "da": r"det|vi|jeg",
    "de": r"es|wir|ich|das",
    "nl": r"het|we|wij|ik",
    "fi": r"me|minä",
    "fr": r"nous|je|on",
    "es": r"nosotros|yo|lo",
}
_META = {
    "sv": (
        r"(?:denna|den här|det här) (?:text|artikel|sida|krönika)\w*"
        r" (?:är|har|publicerades|skrevs|uppdaterades|översattes)|"
        r"texten (?:är|har) (?:tidigare |ursprungligen |maskin|automatiskt"
        r" )?(?:publicerad|publicerats|översatt)|"
        r"det här inlägget (?:är|har) (?:skrive|publicera)|"
        r"artikeln (?:är|har|publicerades)|"
        r"(?:inlägget|artikeln|texten) (?:publicerades|uppdaterades|skrevs)|detta är (?:ett"
        r" gästinlägg|en gästkrönika)|"
        r"läs (?:mer|hela|vidare|även|också|gärna|tidigare)|klicka (?:här|på)|"
        r"(?:se|titta på|kolla) (?:hela"
        r" )?(?:filmen|videon|klippet|bilden|även|också)|foto(?:graf)?\b|bild(?:er)?:|"
        r"text:|av:|uppdaterad|publicerad|prenumerera|följ oss|dela (?:gärna|inlägget)|"
        r"lämna (?:gärna )?en kommentar|kommentera (?:gärna"
        r" )?(?:nedan|här)|kontakt(?:a|person)?[: ]|"
        r"för mer information|frågor\?|mer information|anmäl dig|bilden (?:visar|är)|nedan"
        r" (?:följer|ser|hittar|finns)|"
        r"(?:uppdatering|rättelse|obs|ps|p\.s\.)\b|taggar|kategori|källa|innehåll:|lyssna på|detta"
        r" inlägg (?:är|skrevs)"
    ),
    "en": (
        r"(?:this|the) (?:post|article|blog post|piece|text|essay|story|interview|page|entry)"
        r" (?:was|is|has|appeared|originally|first)|"
        r"(?:originally|first|previously|cross-?)\s?-?(?:published|posted)|"
        r"(?:click|tap) (?:here|the|on)|read (?:more|the|our|on|about)|(?:check|find) out|"
        r"photo(?:graph)?s?\b[^.]{0,20}:|image\b[^.]{0,20}:|updated?\b[^.]{0,30}:|(?:last )?updated"
        r" (?:on|at)|"
        r"published (?:on|by)|posted (?:on|by|in)|written by|by the|"
        r"editor(?:'|’)?s(?:'|’)? note|note:|disclaimer|subscribe|follow (?:us|me)|share"
        r" (?:this|your)|"
        r"leave a comment|comments?\b|for more information|to learn more|learn more|see also|see"
        r" (?:the )?(?:below|above)|"
        r"watch (?:the|this)|listen to|download|sign up|edit:|tl;?dr|guest post|a version of"
        r" this|credit|source:|"
        r"tags?:|categor|table of contents|if you(?:'|’)?(?:re| are)? (?:enjoy|like|have any q)|"
        r"(?:image|photo|picture) (?:by|credit|via|courtesy)|\(?(?:image|photo|picture)\b|part \d|"
        r"the following (?:is|post|article)|thanks (?:to|for reading)"
    ),
    "no": (
        r"(?:denne|dette) (?:teksten|artikkelen|saken|innlegget|siden) (?:er|ble|har)|"
        r"(?:artikkelen|innlegget|teksten|saken) (?:ble|er) (?:først |opprinnelig"
        r" |maskin)?(?:publisert|skrevet|oppdatert|oversatt)|"
        r"les (?:mer|hele|også|videre|gjerne)|klikk (?:her|på)|"
        r"se (?:også|video|bilde)|foto|bilde(?:r)?:|tekst:|av:|oppdatert|publisert|abonner|følg"
        r" (?:oss|meg)|"
        r"del (?:gjerne|dette)|kommenter|kontakt|for mer informasjon|meld deg|last"
        r" ned|kilde|hør på|"
        r"nedenfor (?:følger|finner)"
    ),
    "da": (
        r"(?:denne|dette) (?:tekst|artikel|indlæg|side) (?:er|blev|har)|(?:artiklen|indlægget)"
        r" (?:blev|er)|"
        r"teksten (?:blev|er) (?:maskin|automatisk )?(?:oversat|skrevet|udgivet)|"
        r"læs (?:mere|hele|også|videre)|klik (?:her|på)|se"
        r" (?:også|videoen)|foto|billede|tekst:|af:|opdateret|"
        r"udgivet|"
        r"abonner|følg os|del (?:gerne|dette)|kommenter|kontakt|for mere information|tilmeld"
        r" dig|hent|kilde"
    ),
    "de": (
        r"dieser (?:text|artikel|beitrag|gastbeitrag) (?:ist|wurde|erschien|stammt)|"
        r"(?:der )?(?:artikel|beitrag|text) (?:erschien|wurde|ist zuerst)|lese(?:zeit|dauer)\b|"
        r"lesen sie|lies (?:auch|mehr)|weiterlesen|mehr (?:lesen|infos|informationen)|weitere"
        r" (?:infos|informationen)|"
        r"hier klicken|klicken"
        r" sie|klick|foto|bild(?:er|nachweis|quelle)?\b|text:|von:|aktualisiert|update\b|"
        r"veröffentlicht|zuerst erschienen|abonnier|folge(?:n sie)?"
        r" uns|teile|kommentar|kontakt|anmerkung|hinweis|"
        r"quelle|siehe|"
        r"jetzt anmelden|download|im folgenden|im interview|ein gastbeitrag|interview mit"
    ),
    "nl": (
        r"(?:dit|het|deze|de) (?:artikel|bericht|tekst) (?:is|werd|verscheen)|lees"
        r" (?:meer|verder|ook)|klik (?:hier|op)|foto|beeld|"
        r"tekst:|door:|bijgewerkt|gepubliceerd|abonneer|volg ons|deel|reageer|contact|voor meer"
        r" informatie|bekijk|"
        r"download|bron"
    ),
    "fi": (
        r"(?:tämän? )?(?:artikkeli|kirjoitus|kirjoituksen|juttu|teksti)"
        r" (?:on|julkaistiin|ilmestyi)|lue (?:lisää|myös|koko)|klikkaa|"
        r"katso"
        r" (?:myös|video)|kuva|teksti:|päivitetty|julkaistu|tilaa|seuraa|jaa|kommentoi|lisätietoja|"
        r"ota yhteyttä|lataa|lähde"
    ),
    "fr": (
        r"(?:cet?|l['’]) ?(?:article|billet|texte) (?:est|a été|fut|a d['’]abord|a paru)|"
        r"(?:article|billet|texte) (?:publié|paru)|lire (?:la suite|aussi|plus|l)|"
        r"en savoir plus|cliquez|voir (?:aussi|la vidéo)|photos?\b|image|texte\s?:|par\s?:|mis à"
        r" jour|publié|"
        r"tribune d|entretien avec|propos"
        r" recueillis|abonnez|suivez|partagez|commentaire|contact|pour plus"
        r" d|téléchargez|source|crédit"
    ),
    "es": (
        r"(?:este|el) (?:artículo|texto|post) (?:fue|es|ha sido|se publicó)|(?:artículo|texto)"
        r" publicado|leer más|"
        r"lee (?:más|también)|haz clic|haga clic|ver (?:también|el"
        r" video)|fotos?\b|imagen|texto:|por:|actualizado|"
        r"publicado|"
        r"suscr[ií]b|s[ií]gue|comparte|comentario|contacto|para más información|descarga|fuente"
    ),
}
_GREETINGS = {
    "sv": (
        r"hej|hallå|tjena|god (?:morgon|jul|dag|fortsättning)|välkommen|välkomna|glad"
        r" (?:påsk|sommar|midsommar)|"
        r"kära|bästa läsare|tack för"
    ),
    "en": (
        r"hi|hello|hey|howdy|greetings|good"
        r" (?:morning|afternoon|evening)|welcome|dear|happy|merry|thank"
    ),
    "no": r"hei|hallo|god (?:morgen|jul|dag)|velkommen|kjære|takk",
    "da": r"hej|hallo|god(?:morgen| jul|dag)|velkommen|kære|tak\b",
    "de": r"hallo|hi|guten (?:tag|morgen)|liebe|willkommen|herzlich|moin|servus|danke|frohe",
    "nl": r"hoi|hallo|goede|welkom|beste|dank",
    "fi": r"hei|moi|terve|hyvää|tervetuloa|rakkaat|kiitos",
    "fr": r"bonjour|salut|bonsoir|bienvenue|cher|chers|chères|merci",
    "es": r"hola|buenos|buenas|bienvenid|queridos|estimad|gracias",
}
_CUES = {
    "sv": (
        r"i (?:det här|detta) (?:inlägget|inlägg)|i (?:den här|denna) artikel|nu |från och"
        r" med|den \d|"
        r"under"
        r" (?:hösten|våren|sommaren|vintern|året)|.{0,60}\b(?:lanserar|presenterar|beslutade|beslutat|startar|öppnar|inför|"
        r"satsar|söker|bjuder in|"
        r"har (?:fått|tagit|släppt|beslutat|utsett|startat)|släpper|publicerar|föreslår|får)\b"
    ),
    "en": (
        r"in this (?:post|article)|today|starting|we(?:'|’)?re"
        r" (?:excited|happy|pleased|thrilled|proud)|"
        r".{0,60}\b(?:launch(?:es|ed|ing)?|announc(?:es|ed|ing)|"
        r"introduc(?:es|ed|ing)|releas(?:es|ed|ing)|presents|opens|publish(?:es|ed)|is looking|"
        r"are looking|has (?:been|released|published|decided))\b"
    ),
    "no": (
        r"i (?:dette innlegget|denne artikkelen)|nå |fra og med|"
        r".{0,60}\b(?:lanserer|presenterer|starter|åpner|innfører|søker|har"
        r" (?:fått|vedtatt)|slipper|publiserer)\b"
    ),
    "da": (
        r"i (?:dette indlæg|denne artikel)|nu |fra og med|"
        r".{0,60}\b(?:lancerer|præsenterer|starter|åbner|indfører|søger|har (?:fået|besluttet))\b"
    ),
    "de": (
        r"in diesem (?:beitrag|artikel)|ab (?:sofort|dem)|"
        r".{0,60}\b(?:startet|eröffnet|stellt|präsentiert|veröffentlicht|sucht|führt|beginnt)\b"
    ),
    "nl": r"in dit (?:artikel|bericht)|vanaf|.{0,60}\b(?:lanceert|presenteert|start|opent|zoekt)\b",
    "fi": (
        r"tässä"
        r" (?:kirjoituksessa|artikkelissa)|.{0,60}\b(?:julkaisee|avaa|aloittaa|hakee|käynnistää)\b"
    ),
    "fr": (
        r"dans cet article|à partir d|.{0,60}\b(?:lance|présente|ouvre|annonce|publie|recherche)\b"
    ),
    "es": (
        r"en este (?:artículo|post)|a partir"
        r" d|.{0,60}\b(?:lanza|presenta|abre|anuncia|publica|busca)\b"
    ),
}
_LANGUAGE_ALIASES = {"nb": "no", "nn": "no"}


def _compile_opening(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"[\W_]*(?:{pattern})(?!\w)", re.IGNORECASE)


def to_supported_language(language: str) -> str:
    """Return the language whose words serve for this one ("nn-NO" → "no").

    English for an unknown one.
    """
    base = language.replace("_", "-").split("-")[0].lower()
    base = _LANGUAGE_ALIASES.get(base, base)
    return base if base in _DANGLERS else "en"


@cache
def get_cues(language: str) -> Cues:
    """Return a language's patterns; an unknown language gets the English ones."""
    key = to_supported_language(language)
    return Cues(
        dangler=_compile_opening(_DANGLERS[key]),
        soft_dangler=_compile_opening(_SOFT[key]),
        meta=re.compile(rf"[\W_]*(?:{_META[key]})", re.IGNORECASE),
        greeting=_compile_opening(_GREETINGS[key]),
        cue=re.compile(rf"[\W_]*(?:{_CUES[key]})", re.IGNORECASE),
    )
