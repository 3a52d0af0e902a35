"""The words of editing that the page's scripts say, in the interface's language."""

from newsletter.i18n import load_catalogue


def build_editing_messages(language: str) -> dict[str, str]:
    """Return key → text; `{name}` in a text is filled in by the script."""
    _ = load_catalogue(language).gettext
    return _build_part_messages(language) | {
        "undo": _("Undo"),
        "undoWhat": _("Undo: {what}"),
        "redo": _("Redo"),
        "redoWhat": _("Redo: {what}"),
        "undone": _("Undone: {what}"),
        "redone": _("Done again: {what}"),
        "nothingToUndo": _("There is nothing to undo."),
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
            "Her address is filled in. Links that are hers alone lead nowhere, so that looking"
            " can’t unsubscribe anybody."
        ),
        "readersFound": _("Readers found: {count}"),
        "noReaders": _("No such reader."),
        "test": _("Send a test"),
        "testTo": _("Address"),
        "testNote": _("The issue as it is now goes to this address alone, and isn’t counted."),
        "testSend": _("Send"),
        "testSending": _("Sending …"),
    }


def _build_part_messages(language: str) -> dict[str, str]:
    _ = load_catalogue(language).gettext
    return {
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
