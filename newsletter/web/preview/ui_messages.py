"""The words that the page's scripts say, in the interface's language."""

from newsletter.i18n import load_catalogue
from newsletter.web.preview.ui_messages_editing import build_editing_messages


def build_ui_messages(language: str) -> dict[str, str]:
    """Return key → text; `{name}` in a text is filled in by the script."""
    _ = load_catalogue(language).gettext
    return build_editing_messages(language) | {
        "desktop": _("Desktop"),
        "phone": _("Phone"),
        "desktopDark": _("Desktop, dark"),
        "phoneDark": _("Phone, dark"),
        "desktopInverted": _("Desktop, colours turned by force"),
        "phoneInverted": _("Phone, colours turned by force"),
        "desktopBare": _("Desktop, without pictures"),
        "phoneBare": _("Phone, without pictures"),
        "pixels": _("{width} px"),
        "letter": _("The letter: {place}"),
        "updated": _("Updated {time}"),
        "drawn": _("drawn in {milliseconds} ms"),
        "error": _("Error"),
        "allGood": _("Nothing to remark on"),
        "show": _("Show in the letter: {place}"),
        "copy": _("Copy"),
        "copied": _("Copied"),
        "inbox": _("In the inbox"),
        "now": _("now"),
        "headersDecoded": _("Headers"),
        "headersRaw": _("As they are sent"),
        "name": _("Name"),
        "value": _("Value"),
        "noSubject": _("(no subject)"),
        "cantDraw": _("The issue can’t be shown"),
        "gone": _(
            "The file of {issue} isn’t there any more. Put it back, or choose another issue above."
        ),
        "line": _("Line {line}"),
        "heals": _("Mend it and save: this page follows by itself."),
        "noIssues": _("There is no issue yet"),
        "composeFirst": _("Write one in the terminal with: newsletter compose"),
        "own": _("The preview met an error of its own. What happened stands in the terminal."),
        "lost": _("The preview has ended. Start it again in the terminal: newsletter preview"),
    }
