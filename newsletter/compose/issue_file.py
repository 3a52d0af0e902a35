"""Read the Markdown file that an issue is.

    --- head --- | # title | intro | ## section · <!-- layout: … --> | ### [teaser](url) · picture · date · summary · <!-- post: … -->

**Invariant:** `parse(write(issue)) == issue` for any text. What a person typed is kept, or refused
with its line and the reason.
"""

from dataclasses import dataclass, field

from newsletter.compose import front_matter
from newsletter.compose.dates import read_date
from newsletter.compose.issue_writer import DECORATIVE, fingerprint, write
from newsletter.compose.lines import (
    DATE,
    HEADING,
    LAYOUT,
    LINK,
    PICTURE,
    POST,
    POST_KEYS,
    SHIELD,
    Enclosure,
    is_web_address,
    markdown_lines,
    one_line,
    read_url,
    unescaped,
)
from newsletter.compose.merging import Merged, merge
from newsletter.domain.issue import LONGEST_LINE, LONGEST_TEXT, Issue, Layout, Section, Teaser
from newsletter.domain.post import Picture, PostId
from newsletter.errors import IssueFileError

__all__ = ["Merged", "Places", "fingerprint", "merge", "parse", "read", "write"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Where the parts of an issue's file begin, as indices of its lines."""

    #: The first line below the head.
    body: int
    #: Of each section its first line and those of its teasers; a section without a heading begins
    #: with its first teaser.
    sections: tuple[tuple[int, tuple[int, ...]], ...]


def parse(text: str, *, name: str) -> Issue:
    """Read an issue's file. `name`: the file's, without ".md".

    Raises IssueFileError, with the line and the reason, for what can't be understood.
    """
    return read(text, name=name)[0]


def read(text: str, *, name: str) -> tuple[Issue, Places]:
    """Read an issue's file as `parse` does, and say where its parts begin.

    Raises IssueFileError.
    """
    lines = (
        text.removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}")
        .replace("\r\n", "\n")
        .replace("\r", "\n")
        .split("\n")
    )
    head = front_matter.read(lines, name)
    language = front_matter.language(head, name)
    reader = _Reader(name=name, language=language)
    for number, line in enumerate(lines[head.taken :], head.taken + 1):
        reader.feed(line, number)
    reader.end()
    places = Places(
        body=head.taken,
        sections=tuple(
            (one.line, tuple(teaser.line for teaser in one.teasers)) for one in reader.sections
        ),
    )
    issue = Issue(
        name=name,
        subject=head.values["subject"],
        preheader=head.values.get("preheader", ""),
        number=front_matter.number(head, name),
        date=front_matter.date(head, name),
        language=language,
        title=reader.title or "",
        intro=_text(reader.intro),
        sections=tuple(section.done() for section in reader.sections),
    )
    return issue, places


def _text(lines: list[str]) -> str:
    return "\n".join(markdown_lines("\n".join(lines)))


@dataclass(slots=True)
class _Teaser:
    title: str
    url: str | None
    line: int
    picture: Picture | None = None
    date: str = ""
    post: PostId | None = None
    fingerprint: str | None = None
    lines: list[str] = field(default_factory=list)
    #: Still above the summary, where picture and date stand.
    head: bool = True

    def done(self, language: str) -> Teaser:
        return Teaser(
            title=self.title,
            url=self.url,
            picture=self.picture,
            date=read_date(self.date, language) if self.date else None,
            summary=_text(self.lines),
            post=self.post,
            fingerprint=self.fingerprint,
        )


@dataclass(slots=True)
class _Section:
    title: str
    language: str
    line: int
    lines: list[str] = field(default_factory=list)
    teasers: list[_Teaser] = field(default_factory=list)
    layout: Layout | None = None

    def done(self) -> Section:
        teasers = tuple(teaser.done(self.language) for teaser in self.teasers)
        return Section(
            title=self.title, text=_text(self.lines), teasers=teasers, layout=self.layout
        )


@dataclass(slots=True)
class _Reader:
    """Takes the lines below the head one by one."""

    name: str
    language: str
    title: str | None = None
    intro: list[str] = field(default_factory=list)
    sections: list[_Section] = field(default_factory=list)
    enclosure: Enclosure = field(default_factory=Enclosure)

    def feed(self, line: str, number: int) -> None:
        if line.startswith(SHIELD):
            self._say(line.removeprefix(SHIELD))
            return
        inside = bool(self.enclosure.mark)
        if POST.match(line):
            if inside:
                self._unended()
            self._post(line, number)
            return
        if inside or not self._is_structure(line, number):
            if not inside and self._is_head(line, number):
                return
            self.enclosure.feed(line, number)
            self._say(line)

    def end(self) -> None:
        if self.enclosure.mark:
            self._unended()
        places = [(1, self.intro)]
        for section in self.sections:
            places += [
                (section.line + 1, section.lines),
                *((teaser.line + 1, teaser.lines) for teaser in section.teasers),
            ]
        for number, lines in places:
            if (count := sum(map(len, lines)) + len(lines)) > LONGEST_TEXT:
                raise self._error(
                    "{name}.md, line {line}: the text below has {count} characters; {most} is the most. Shorten it.",
                    number, count=count, most=LONGEST_TEXT,
                )  # fmt: skip

    @property
    def _teaser(self) -> _Teaser | None:
        return (
            self.sections[-1].teasers[-1] if self.sections and self.sections[-1].teasers else None
        )

    def _say(self, line: str) -> None:
        teaser = self._teaser
        if teaser:
            teaser.head = teaser.head and not line.strip()
            teaser.lines.append(line)
        else:
            (self.sections[-1].lines if self.sections else self.intro).append(line)

    def _is_structure(self, line: str, number: int) -> bool:
        if layout := LAYOUT.match(line):
            self._layout(layout["value"].strip(), number)
            return True
        found = HEADING.match(line)
        if not found:
            return False
        text = found["text"] or ""
        level = len(found["marks"])
        if level == 1:
            if self.sections or self.title is not None:
                return False
            self.title = self._line(text, number)
        elif level == 2:
            self.sections.append(
                _Section(title=self._line(text, number), language=self.language, line=number - 1)
            )
        else:
            if not self.sections:
                self.sections.append(_Section(title="", language=self.language, line=number - 1))
            self.sections[-1].teasers.append(self._heading(text, number))
        return True

    def _heading(self, text: str, number: int) -> _Teaser:
        found = LINK.match(text)
        if found:
            return _Teaser(
                title=self._line(found["title"], number),
                url=self._url(read_url(found), number),
                line=number - 1,
            )
        if "](" in text.replace("\\]", ""):
            raise self._error(
                "{name}.md, line {line}: this heading's link can't be read. Write it as \"###"
                ' [title](https://…)".',
                number,
            )
        return _Teaser(title=self._line(text, number), url=None, line=number - 1)

    def _is_head(self, line: str, number: int) -> bool:
        """Take in a picture or a date that stands between a teaser's heading and its summary."""
        teaser = self._teaser
        if teaser is None or not teaser.head:
            return False
        picture, date = PICTURE.match(line), DATE.match(line)
        if picture and teaser.picture is None:
            alt = self._line(picture["alt"], number)
            decorative = (picture["note"] or "").lower() in (DECORATIVE, "dekorativ")
            teaser.picture = Picture(
                url=self._url(read_url(picture), number), alt=alt or ("" if decorative else None)
            )
            return True
        if date and not teaser.date and read_date(date["stars"] or date["lows"], self.language):
            teaser.date = date["stars"] or date["lows"]
            return True
        return False

    def _post(self, line: str, number: int) -> None:
        # the caller has matched it
        found = POST_KEYS.match(POST.match(line)["rest"])  # type: ignore[index]
        teaser = self._teaser
        if not found:
            raise self._error(
                "{name}.md, line {line}: this line says which post it is, and is damaged. Restore"
                " it, or delete it.",
                number,
            )
        if teaser is None:
            raise self._error(
                "{name}.md, line {line}: this line belongs under a teaser. Put the teaser's heading"
                " back, or delete it.",
                number,
            )
        if teaser.post:
            raise self._error(
                "{name}.md, line {line}: here ends a second post under one heading. Put its heading"
                " back, or delete this line.",
                number,
            )
        teaser.post = PostId(found["post"])
        teaser.fingerprint = found["summary"]
        teaser.head = False
        if teaser.lines:
            teaser.lines.append("")

    def _layout(self, value: str, number: int) -> None:
        if value.lower() not in list(Layout):
            names = ", ".join(Layout)
            raise self._error(
                '{name}.md, line {line}: there is no layout "{value}". Write one of: {names}.',
                number,
                value=value,
                names=names,
            )
        if not self.sections or self.sections[-1].teasers or self.sections[-1].layout:
            raise self._error(
                "{name}.md, line {line}: one layout stands under a section's heading (##). Move it"
                " there, or delete it.",
                number,
            )
        self.sections[-1].layout = Layout(value.lower())

    def _line(self, text: str, number: int) -> str:
        """Return a heading or an alt text as it was meant; what is longer than any is refused."""
        line = unescaped(text)
        if len(one_line(line)) > LONGEST_LINE:
            raise self._error(
                "{name}.md, line {line}: this has {count} characters; {most} is the most. Shorten it.",
                number, count=len(one_line(line)), most=LONGEST_LINE,
            )  # fmt: skip
        return line

    def _url(self, url: str, number: int) -> str:
        if not is_web_address(url):
            raise self._error(
                '{name}.md, line {line}: "{url}" is no web address. It must begin with https:// or'
                " http://.",
                number,
                url=url,
            )
        return url

    def _unended(self) -> None:
        what = "comment" if self.enclosure.mark == "<" else "code"
        if what == "comment":
            raise self._error(
                '{name}.md, line {line}: the comment that begins here isn\'t ended with "-->".',
                self.enclosure.opened,
            )
        raise self._error(
            "{name}.md, line {line}: the block of code that begins here isn't ended.",
            self.enclosure.opened,
        )

    def _error(self, text: str, number: int, **values: object) -> IssueFileError:
        return IssueFileError(text, name=self.name, line=number, **values)
