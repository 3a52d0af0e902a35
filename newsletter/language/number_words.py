"""Numbers written in letters, in nine languages.

"tolv" is 12, and an invented "tolv" is an invented number.
"""

_WORDS_BY_DIGITS = {
    "2": "två two zwei to deux dos twee kaksi",
    "3": "tre three drei tre trois tres drie kolme",
    "4": "fyra four vier fire quatre cuatro neljä",
    "5": "fem five fünf cinq cinco vijf viisi",
    "6": "sex six sechs seks seis zes kuusi",
    "7": "sju seven sieben sju syv sept siete zeven seitsemän",
    "8": "åtta eight acht åtte otte huit ocho kahdeksan",
    "9": "nio nine neun ni neuf nueve negen yhdeksän",
    "10": "tio ten zehn ti dix diez tien kymmenen",
    "11": "elva eleven elf elleve onze once yksitoista",
    "12": "tolv twelve zwölf douze doce twaalf kaksitoista",
    "13": "tretton thirteen dreizehn tretten treize trece dertien",
    "14": "fjorton fourteen vierzehn fjorten quatorze catorce veertien",
    "15": "femton fifteen fünfzehn femten quinze quince vijftien",
    "16": "sexton sixteen sechzehn seksten seize dieciséis zestien",
    "17": "sjutton seventeen siebzehn sytten zeventien",
    "18": "arton eighteen achtzehn atten achttien",
    "19": "nitton nineteen neunzehn nitten negentien",
    "20": "tjugo twenty zwanzig tjue tyve vingt veinte twintig kaksikymmentä",
    "30": "trettio thirty dreißig tretti tredive trente treinta dertig kolmekymmentä",
    "40": "fyrtio forty vierzig førti fyrre quarante cuarenta veertig neljäkymmentä",
    "50": "femtio fifty fünfzig femti halvtreds cinquante cincuenta vijftig viisikymmentä",
    "60": "sextio sixty sechzig seksti tres soixante sesenta zestig",
    "70": "sjuttio seventy siebzig sytti halvfjerds setenta zeventig",
    "80": "åttio eighty achtzig åtti firs ochenta tachtig",
    "90": "nittio ninety neunzig nitti halvfems noventa negentig",
    "100": "hundra hundred hundert hundre hundrede cent cien honderd sata",
    "1000": "tusen thousand tausend tusind mille mil duizend tuhat",
    "million": (
        "miljon miljoner million millions millionen millioner millón millones miljoen miljoona"
        " miljoonaa"
    ),
    "billion": (
        "miljard miljarder billion billions milliarde milliarden milliarder milliard milliards"
        " miljardi miljardia"
    ),
}
#: Words that mean something else in a neighbouring language: Norwegian "to", French "six", Spanish
#: "once", English "ten".
_AMBIGUOUS = frozenset(
    {
        "to",
        "ni",
        "ti",
        "once",
        "mil",
        "tres",
        "cent",
        "sata",
        "elf",
        "sept",
        "six",
        "dos",
        "acht",
        "firs",
        "mille",
        "sex",
    }
)

#: Word in lower case → the number in digits.
DIGITS_BY_WORD = {
    word: number
    for number, words in _WORDS_BY_DIGITS.items()
    for word in words.split()
    if word not in _AMBIGUOUS
}
