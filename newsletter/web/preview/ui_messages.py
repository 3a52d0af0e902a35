"""The messages that the page's scripts show, in the interface's language (gettext).

A new one is a line in a table here and its translations in the catalogues.
"""

from newsletter.i18n import load_catalogue


def _(message: str) -> str:
    """Mark a message for the catalogues (gettext's noop); it is translated when it is asked for."""
    return message


_VIEW_MESSAGES = {
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
_EDIT_MESSAGES = {
    "undo": _("Undo"),
    "undoWhat": _("Undo: {what}"),
    "redo": _("Redo"),
    "redoWhat": _("Redo: {what}"),
    "undone": _("Undone: {what}"),
    "redone": _("Done again: {what}"),
    "failed": _("That didn’t work. What you have written is still here; try again."),
    "conflict": _("Somebody else has changed the same text"),
    "conflictWhy": _(
        "The file was changed, in an editor or another window, while you were writing. Choose"
        " what is to stand there."
    ),
    "conflictMine": _("Yours (you can go on writing)"),
    "conflictTheirs": _("In the file now"),
    "conflictWords": _("The difference"),
    "keepMine": _("Keep mine"),
    "keepTheirs": _("Keep the file’s"),
    "conflictGone": _(
        "The place that you were changing isn’t in the file any more. Copy your words if you"
        " need them."
    ),
    "conflictMove": _(
        "The file was changed at the same place, so nothing was moved, added or removed. Do it"
        " on the file as it is now?"
    ),
    "doAgain": _("Do it now"),
    "leave": _("Leave it as it is"),
    "undoConflict": _(
        "The file was changed at the same place since. Undoing takes those changes back too."
    ),
    "undoAnyway": _("Undo all of it"),
    "close": _("Close"),
    "addPost": _("Add a post"),
    "addPostTo": _("Add a post to “{title}”"),
    "addOwn": _("Write one of your own"),
    "addOwnNote": _("or choose a post:"),
    "searchPosts": _("Search posts that are in no issue"),
    "noPosts": _("No such post. Posts come in with: newsletter compose"),
    "postsFound": _("Posts found: {count}"),
    "readerMadeUp": _("A made-up reader"),
    "readerNow": _("Reader: {email}"),
    "chooseReader": _("See the letter as this reader gets it"),
    "searchReaders": _("Address or name"),
    "readerNote": _(
        "Her address is filled in. Links that are hers alone lead nowhere, so that looking can’t"
        " unsubscribe anybody."
    ),
    "readersFound": _("Readers found: {count}"),
    "noReaders": _("No such reader."),
    "test": _("Send a test"),
    "testTo": _("Address"),
    "testNote": _("The issue as it is now goes to this address alone, and isn’t counted."),
    "testSend": _("Send"),
    "testSending": _("Sending …"),
}
#: Parts of an issue, and what can be done with them.
_PART_MESSAGES = {
    "subject": _("Subject"),
    "preheader": _("Preheader"),
    "title": _("Title"),
    "intro": _("Introduction"),
    "number": _("Number"),
    "date": _("Date"),
    "language": _("Language"),
    "teaser-date": _("Date"),
    "teaser-url": _("Link"),
    "layoutOf": _("Layout of the section: {title}"),
    "layout-": _("The theme’s layout"),
    "layout-cards": _("Cards"),
    "layout-list": _("List"),
    "layout-lead": _("Large first"),
    "layout-calendar": _("Calendar"),
    "section-title": _("Section heading"),
    "section-text": _("Words of the section"),
    "teaser-title": _("Heading"),
    "summary": _("Summary"),
    "alt": _("Alt text"),
    "empty": _("empty"),
    "change": _("Change {part}: {text}"),
    "save": _("Save"),
    "cancel": _("Cancel"),
    "hintLine": _("Enter saves, Esc cancels"),
    "hintMarkdown": _("Markdown. Ctrl + Enter saves, Esc cancels"),
    "decorative": _("The picture only decorates: no alt text on purpose"),
    "isDecorative": _("decorates only"),
    "characters": _("{count} characters"),
    "words": _("{count} words"),
    "moveUp": _("Move up: {title}"),
    "moveDown": _("Move down: {title}"),
    "moveTo": _("Move to section: {title}"),
    "moveToShort": _("Move to …"),
    "remove": _("Remove: {title}"),
    "drag": _("Drag, or Alt + arrow up or down"),
    "shorter": _("Shorter"),
    "shorterWhat": _("Shorter summary, {count} words: {title}"),
    "longer": _("Longer"),
    "longerWhat": _("Longer summary, {count} words: {title}"),
    "ours": _("Compose’s words"),
    "oursWhat": _("Take compose’s words for the summary: {title}"),
    "newSection": _("New section"),
    "sectionUntitled": _("Section {number}"),
    "sectionNew": _("New heading"),
    "sectionEmpty": _("No posts here yet"),
    "noTitle": _("(no heading)"),
    "sheet": _("The issue, part by part"),
    "letterLive": _("The letter: click what you want to change"),
    "heard": _("What a screen reader says, in this order"),
    "landmark": _("Region"),
    "heading": _("Heading {level}"),
    "text": _("Text"),
    "link": _("Link"),
    "picture": _("Picture"),
    "unnamed": _("Without a name"),
    "unnamedWhy": _("A screen reader has only the address to say."),
    "differs": _("What is different from {before}"),
    "noBefore": _("There is no issue before this one."),
    "added": _("New"),
    "removed": _("Gone"),
    "changed": _("Changed"),
    "same": _("As before"),
    "wordsAdded": _("added:"),
    "wordsRemoved": _("removed:"),
    "wordsEnd": _("(end)"),
}
UI_MESSAGES = _PART_MESSAGES | _EDIT_MESSAGES | _VIEW_MESSAGES


def build_ui_messages(language: str) -> dict[str, str]:
    """Return key → message; `{name}` in a message is filled in by the script."""
    translate = load_catalogue(language).gettext
    return {key: translate(message) for key, message in UI_MESSAGES.items()}
