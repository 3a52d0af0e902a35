"""Names of columns that are known: in Swedish, English or German, or from other programs."""

import unicodedata
from collections.abc import Mapping

from newsletter.domain.subscriber import SubscriberStatus
from newsletter.language.words import to_word_set
from newsletter.subscribers.importing.columns import ColumnRole

_HEADERS_BY_ROLE: Mapping[ColumnRole, str] = {
    ColumnRole.email: (
        """email emailaddress emailaddresses emailadress emailadresse emailadressen emails mail
        mailadress mailadresse mailaddress mejl mejladress mejladresse epost epostadress
        epostadresser epostadr eadress emailvalue email1value email1address primaryemail
        emailprimary emailprivate emailwork subscriberemail useremail contactemail workemail
        epostarbete eposthem elektroniskpost elektronischepost"""
    ),
    ColumnRole.name: (
        """name namn fullname fullständigtnamn vollständigername displayname visningsnamn
        anzeigename subscribername personnamn contactname"""
    ),
    ColumnRole.first: "firstname förnamn fornamn vorname givenname tilltalsnamn fname rufname",
    ColumnRole.last: "lastname efternamn surname nachname familyname familienname lname zuname",
    ColumnRole.language: (
        "language språk sprak sprache lang locale languagecode språkkod sprachcode"
        " preferredlanguage"
    ),
    ColumnRole.tags: (
        """tags tag taggar tagg etikett etiketter groups group grupper grupp gruppen gruppe
        labels label lists list listor lista listen liste categories category kategorier
        kategori kategorien kategorie schlagwörter schlagworte segments segment"""
    ),
    ColumnRole.status: (
        "status state tillstånd zustand subscriptionstatus subscriberstatus"
        " prenumerationsstatus globalstatus abostatus"
    ),
}
#: Columns that stop letters by a time or a yes in them: Mailchimp's lists of those who left have no
#: other sign of it; likewise Brevo, phpList, Ghost, CiviCRM, Salesforce, HubSpot, Substack, Rule.
_HEADERS_BY_STATUS: Mapping[SubscriberStatus, str] = {
    SubscriberStatus.unsubscribed: (
        """unsubtime unsubscribetime unsubscribedat unsubscribedate unsubscribedon
        dateunsubscribed unsubscribed unsubscribedfromallemail optouttime optoutdate
        emailoptout hasoptedoutofemail donotemail nobulkemailsuseroptout isoptout emaildisabled
        avregistrerad avregistreringsdatum avprenumererad avböjtutskick
        abgemeldet abgemeldetam abmeldedatum"""
    ),
    SubscriberStatus.bounced: (
        """cleantime cleanedat bouncedat bouncetime hardbouncedat studsade studsar onhold
        emailsbounced marketingemailsbounced emailhardbouncereason emailbounceddate
        emailbouncedreason invalidemailaddress isdeceased"""
    ),
    SubscriberStatus.complained: "complainedat complainttime spamcomplaint",
    SubscriberStatus.manual: (
        """emailblocklisted emailblacklisted blocklisted blacklisted isthissubscriberblacklisted
        isthisuserblacklisted deletedat isdeleted suppressed"""
    ),
}
#: Columns in which a time or a yes means letters, by what a no in them makes of a subscriber.
_HEADERS_BY_CONSENT: Mapping[SubscriberStatus, str] = {
    SubscriberStatus.unsubscribed: (
        """subscribed subscribedtoemails prenumererar abonniert optin optedin emailoptin
        acceptsemailmarketing acceptsmarketing"""
    ),
    SubscriberStatus.pending: (
        """confirmed isconfirmed istheemailofthissubscriberconfirmed isthissubscriberconfirmed
        isthisuserconfirmed"""
    ),
}
#: Columns that other programs keep for themselves: when and where Mailchimp's subscribers said yes,
#: who pays (Substack, Ghost), what phpList sends and who of the staff confirmed.
SILENT_HEADERS = to_word_set(
    """optintime optinip confirmtime confirmip activesubscription complimentaryplan
    sendthissubscriberhtmlemails didthissubscribermanuallyconfirm"""
)
STATUS_BY_HEADER: Mapping[str, SubscriberStatus] = {
    name: status for status, names in _HEADERS_BY_STATUS.items() for name in names.split()
}
REFUSAL_BY_HEADER: Mapping[str, SubscriberStatus] = {
    name: status for status, names in _HEADERS_BY_CONSENT.items() for name in names.split()
}
ROLE_BY_HEADER: Mapping[str, ColumnRole] = {
    name: role for role, names in _HEADERS_BY_ROLE.items() for name in names.split()
}


def normalise_header(name: str) -> str:
    """Return a name of a column as these tables have it: small letters and digits, nothing else."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    return "".join(character for character in folded if character.isalnum())
