"""Words that a full stop belongs to, in nine languages.

`always` never end a sentence; `before_number` are ordinary words as well ("bil.", "no.") and count
before a digit only; `title` count when capitalised ("Gen."); `may_end` end a sentence when a
starter follows ("in the U.S. The plan …"). Abbreviations of several short parts ("t.ex.", "z.B.")
and of consonants only ("Dnr.") need no list.
"""

from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True, slots=True, kw_only=True)
class Abbreviations:
    """One language's lists, lower case, without the last full stop."""

    never_end_sentence: frozenset[str]
    before_number: frozenset[str] = frozenset()
    titles: frozenset[str] = frozenset()
    may_end_sentence: frozenset[str] = frozenset()
    #: Words that often begin a sentence.
    sentence_starters: frozenset[str] = frozenset()
    #: "am 4. Juni": a number with a full stop is an ordinal, also before a capital.
    has_dotted_ordinals: bool = False
    #: Capitals that are words by themselves: "So do I."
    capital_words: frozenset[str] = frozenset()


def to_word_set(text: str) -> frozenset[str]:
    """Return the words of a text, divided by white space."""
    return frozenset(text.split())


_SV = Abbreviations(
    never_end_sentence=to_word_set(
        "adm allm ang anm apr aug avd avs betr ca cirka civ dec dep dir div dok doc dr ds dvs dyl"
        " enl etc ev exkl feb fig fil forts fre föreg förf fk inkl ing inst inv jan jfr jur kand kl"
        " kr lic lör mag mdr milj mkt motsv mån möjl nov nr näml okt omkr ons orig pga plur prel"
        " prof prop prot publ ref resp rev sammanf sep sept sid skr spec st stud särsk sön tekn tel"
        " teol tfn tis tors tr uppl urspr utg vol vs övers tills kungl forsk ordf sekr vetensk arb"
        " bitr ungef tidn p.s s.k bl t kat univ temp f.n obs ekon förk hr moms em"
    ),
    before_number=to_word_set(
        "art bet bil del ex kap max min mom p par paragr punkt red reg s sek tab tor v årg år mar"
        " jun jul sal ung fr"
    ),
    titles=to_word_set("dr prof hr fil jur kungl biskop gen"),
    may_end_sentence=to_word_set("m.m mm m.fl mfl etc osv o.s.v o.d o.dyl o.likn m.h"),
    sentence_starters=to_word_set(
        "det de den detta denna dessa vi jag han hon i på en ett när om nu här där för efter under"
        " från så men och alla många flera dessutom därför även som till med samtidigt hela läs"
        " anmäl"
    ),
)
_EN = Abbreviations(
    never_end_sentence=to_word_set(
        "mr mrs ms dr prof vs approx e.g i.e cf viz apr aug dept ave blvd assn messrs mme mlle ph.d"
        " fig figs eq vol vols pp ed eds al ca etc."
    ),
    before_number=to_word_set(
        "no nos art sec ch p min max est fig jan feb mar jun jul sep sept oct nov dec mon tue tues"
        " wed thu thur thurs fri sat sun par ref"
    ),
    titles=to_word_set(
        "gen rep sen gov pres hon rev col lt capt sgt maj cmdr adm st mt ft jr sr supt insp"
    ),
    may_end_sentence=to_word_set(
        "etc inc ltd co corp bros jr sr u.s u.k u.n e.u a.m p.m d.c ph.d b.a m.a jan feb sept oct"
        " nov dec llc plc"
    ),
    sentence_starters=to_word_set(
        "the a an in on at it this that these those he she they we you i and but or so if when"
        " while for with as our my his her their there here what why how who to from by after"
        " before since now then also not no yes all some many most one each every its your let"
        " please today"
    ),
    capital_words=frozenset("I"),
)
_NB = Abbreviations(
    never_end_sentence=to_word_set(
        "adm adr ang apr art aug avd bl ca dep des dir dr dvs eks ekskl el etc evt feb fig fork fr"
        " fung gj inkl iht ill istf jan jf jfr jur kap kgl kl kr kst lign maks mht mill milj mnd"
        " mrd mva nov nr obs okt oppg opprinnelig pga pkt prof prop ref resp sep sept skr spm st"
        " stk tilsv tlf tsk univ utg vedk vg vol årg bl.a f.eks"
    ),
    before_number=to_word_set("s bd del sak side p min max art el des fr par"),
    may_end_sentence=to_word_set("m.m mm m.fl mfl etc osv o.l"),
    sentence_starters=to_word_set(
        "det de den dette denne disse vi jeg han hun i på en et når om nå her der for etter under"
        " fra så men og alle mange flere dessuten derfor også som til med samtidig hele"
    ),
)
_DA = Abbreviations(
    never_end_sentence=to_word_set(
        "adm adr afd afs alm ang apr art aug bl ca cand dec dep dir dr dvs eks ekskl eksp etc evt"
        " feb fhv fig fmd forb fork gl hhv hr inkl instr iht ift jan jf jfr jur kap kl kld kr maks"
        " mdr mht mia mio nov nr obs okt pga pct phv pkt prof red ref resp sep sept skt stk tlf udg"
        " univ vedr vol årg f.eks bl.a"
    ),
    before_number=to_word_set("s bd del side p min max par stk d"),
    may_end_sentence=to_word_set("m.m mm m.fl mfl m.v mv etc osv o.l"),
    sentence_starters=to_word_set(
        "det de den dette denne disse vi jeg han hun i på en et når om nu her der for efter under"
        " fra så men og alle mange flere desuden derfor også som til med samtidig hele"
    ),
)
_DE = Abbreviations(
    never_end_sentence=to_word_set(
        "abb abs abt allg anm art aufl bd bsp bspw bzw ca dipl dr ebd etc evtl exkl f ff fr gem ggf"
        " ggü hl hr hrsg inkl ing insb insbes inkl jh jhd kap kath lt max min mio mrd mwst nr nrn"
        " o.ä o.g od österr phil prof rd s sog st std str tel tgl u.a u.u ugs usw u vgl vs z z.b zb"
        " zit zt zzgl d.h i.d.r v.a u o i bes ehem einschl geb gest jan feb apr aug sept okt nov"
        " dez mo di mi do fr sa so"
    )
    - to_word_set("mo di mi do sa so o od u z f s fr"),
    before_number=to_word_set("s bd abs mo di mi do fr sa so ziff f v"),
    may_end_sentence=to_word_set("usw etc jh co"),
    sentence_starters=to_word_set(
        "der die das ein eine einer er sie es wir ich ihr im in am an auf mit bei nach und aber"
        " oder wenn als da dann doch so seit für von zum zur dies diese dieser dieses den dem auch"
        " nun hier dort um aus was wer wie warum wo unser unsere alle viele"
    ),
    has_dotted_ordinals=True,
)
_NL = Abbreviations(
    never_end_sentence=to_word_set(
        "a.u.b afb afd apr art aug bijv blz bv ca dec dhr dr drs evt excl feb fig gem hfst ing incl"
        " ir jan jl jr mevr mej mln mld mr mw nl nov nr nrs o.a okt pag plm prof resp sept st tel"
        " t.o.v t/m v.a vgl vol vs zgn d.w.z m.b.t"
    ),
    before_number=to_word_set("p max min art"),
    may_end_sentence=to_word_set("enz etc e.d o.i.d"),
    sentence_starters=to_word_set(
        "het de een dit dat deze die we wij ik hij zij ze in op als nu hier daar voor na van zo"
        " maar en alle veel ook daarnaast daarom er met bij tijdens wie wat"
    ),
)
_FI = Abbreviations(
    never_end_sentence=to_word_set(
        "ao as em eaa ed eli ent er esim fil fax fi ha harv hlö huom hra hum ill ins ja jms jne"
        " joht jr kaup kk klo kpl ko koht ks lis lk ltn maist mm mrd milj ml mlj myöh nim n.s nk no"
        " nro ns os ott oy pj po prof puh pvm rva sis so synt tark til tlk toht tri ts tj vas vast"
        " virh vrt vs vt ym yms"
    )
    - to_word_set("ja no so as er eli em fi os til ha"),
    before_number=to_word_set("s no os n v"),
    has_dotted_ordinals=True,
    sentence_starters=to_word_set(
        "se ne hän he me te minä sinä tämä nämä tuo nuo siellä täällä nyt sitten mutta ja kun jos"
        " myös uusi"
    ),
)
_FR = Abbreviations(
    never_end_sentence=to_word_set(
        "m mm mme mlle mmes dr pr prof me st ste av bd boul chap cf env ex fig hab p.ex pp réf resp"
        " suiv tél vol vs art c.-à-d n nb no janv févr avr juil sept oct nov déc"
    ),
    before_number=to_word_set("p art no n t"),
    may_end_sentence=to_word_set("etc"),
    sentence_starters=to_word_set(
        "le la les un une des il elle ils elles nous vous je on ce cet cette ces en dans pour avec"
        " mais et ou si quand au aux du de à c'est l'"
    ),
)
_ES = Abbreviations(
    never_end_sentence=to_word_set(
        "admón art arts av avda c cap cía col d dña dpto dr dra dres ed ee uu ee.uu ej aprox excmo"
        " fig gral ing lic ldo máx mín n.º núm págs pág p.ej prof profa prov ref sr sra sres srta"
        " sto sta tel telf ud uds vol vs ntra"
    ),
    before_number=to_word_set("p art no n pág"),
    may_end_sentence=to_word_set("etc ee.uu"),
    sentence_starters=to_word_set(
        "el la los las un una en de del y pero si cuando con por para su sus este esta estos estas"
        " es se no hay al como"
    ),
)

_BY_LANGUAGE = {
    "sv": _SV,
    "en": _EN,
    "no": _NB,
    "nb": _NB,
    "nn": _NB,
    "da": _DA,
    "de": _DE,
    "nl": _NL,
    "fi": _FI,
    "fr": _FR,
    "es": _ES,
}


@cache
def get_abbreviations(language: str) -> Abbreviations:
    """Return a language's lists ("sv", "sv-FI"); an unknown language gets the English ones."""
    return _BY_LANGUAGE.get(language.replace("_", "-").split("-")[0].lower(), _EN)
