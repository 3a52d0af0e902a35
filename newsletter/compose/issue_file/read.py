"""Read the Markdown file that an issue is.

    --- front matter --- | # title | intro | ## section · <!-- layout: … -->
        | ### [teaser](url) · picture · date · summary · <!-- post: … -->

**Invariant:** `parse_issue(serialise_issue(issue)) == issue` for any text. What a person
typed is kept, or refused with its line and the reason.
"""

from dataclasses import dataclass, field

from newsletter.compose.issue_file import front_matter
from newsletter.compose.issue_file.dates import parse_date
from newsletter.compose.issue_file.syntax import (
    DATE_LINE,
    HEADING_LINE,
    HEADING_LINK,
    LAYOUT_COMMENT,
    PICTURE_LINE,
    POST_COMMENT,
    POST_KEYS,
    TEXT_MARKER,
    OpenBlockTracker,
    is_web_address,
    read_url,
    split_markdown_lines,
    to_one_line,
    unescape_heading,
)
from newsletter.compose.issue_file.write import DECORATIVE
from newsletter.domain.issue import (
    MAX_LINE_CHARS,
    MAX_MARKDOWN_CHARS,
    Issue,
    Layout,
    Section,
    Teaser,
)
from newsletter.domain.post import Picture, PostId
from newsletter.errors import IssueFileError


@dataclass(frozen=True, slots=True, kw_only=True)
class PartPositions:
    """Where the parts of an issue's file begin, as indices of its lines."""

    #: The first line below the head.
    body_start: int
    #: Of each section its first line and those of its teasers; a section without a heading begins
    #: with its first teaser.
    section_starts: tuple[tuple[int, tuple[int, ...]], ...]


def parse_issue(text: str, *, issue_name: str) -> Issue:
    """Read an issue's file. `issue_name`: the file's name without ".md".

    Raises IssueFileError, with the line and the reason, for what can't be understood.
    """
    return parse_with_positions(text, issue_name=issue_name)[0]


def parse_with_positions(text: str, *, issue_name: str) -> tuple[Issue, PartPositions]:
    """Read an issue's file as `parse_issue` does, and say where its parts begin.

    Raises IssueFileError.
    """
    lines = (
        text.removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}")
        .replace("\r\n", "\n")
        .replace("\r", "\n")
        .split("\n")
    )
    head = front_matter.parse(lines, issue_name)
    language = front_matter.parse_language(head, issue_name)
    reader = _IssueParser(issue_name=issue_name, language=language)
    for number, line in enumerate(lines[head.line_count :], head.line_count + 1):
        reader.feed_line(line, number)
    reader.finish()
    places = PartPositions(
        body_start=head.line_count,
        section_starts=tuple(
            (one.line, tuple(teaser.line for teaser in one.teasers)) for one in reader.sections
        ),
    )
    issue = Issue(
        name=issue_name,
        subject=head.values["subject"],
        preheader=head.values.get("preheader", ""),
        number=front_matter.parse_number(head, issue_name),
        date=front_matter.parse_date(head, issue_name),
        language=language,
        title=reader.title or "",
        intro=_join_markdown(reader.intro),
        sections=tuple(section.build() for section in reader.sections),
    )
    return issue, places


def _join_markdown(lines: list[str]) -> str:
    return "\n".join(split_markdown_lines("\n".join(lines)))


@dataclass(slots=True)
class _TeaserBuilder:
    title: str
    url: str | None
    line: int
    picture: Picture | None = None
    date: str = ""
    post: PostId | None = None
    fingerprint: str | None = None
    lines: list[str] = field(default_factory=list)
    #: Still above the summary, where picture and date stand.
    is_in_head: bool = True

    def build(self, language: str) -> Teaser:
        return Teaser(
            title=self.title,
            url=self.url,
            picture=self.picture,
            date=parse_date(self.date, language) if self.date else None,
            summary=_join_markdown(self.lines),
            post=self.post,
            fingerprint=self.fingerprint,
        )


@dataclass(slots=True)
class _SectionBuilder:
    title: str
    language: str
    line: int
    lines: list[str] = field(default_factory=list)
    teasers: list[_TeaserBuilder] = field(default_factory=list)
    layout: Layout | None = None

    def build(self) -> Section:
        teasers = tuple(teaser.build(self.language) for teaser in self.teasers)
        return Section(
            title=self.title, text=_join_markdown(self.lines), teasers=teasers, layout=self.layout
        )


@dataclass(slots=True)
class _IssueParser:
    """Takes the lines below the head one by one."""

    issue_name: str
    language: str
    title: str | None = None
    intro: list[str] = field(default_factory=list)
    sections: list[_SectionBuilder] = field(default_factory=list)
    enclosure: OpenBlockTracker = field(default_factory=OpenBlockTracker)

    def feed_line(self, line: str, number: int) -> None:
        if line.startswith(TEXT_MARKER):
            self._add_text_line(line.removeprefix(TEXT_MARKER))
            return
        inside = bool(self.enclosure.mark)
        if POST_COMMENT.match(line):
            if inside:
                self._refuse_unended()
            self._parse_post_comment(line, number)
            return
        if inside or not self._parse_structure(line, number):
            if not inside and self._parse_picture_or_date(line, number):
                return
            self.enclosure.feed_line(line, number)
            self._add_text_line(line)

    def finish(self) -> None:
        if self.enclosure.mark:
            self._refuse_unended()
        places = [(1, self.intro)]
        for section in self.sections:
            places += [
                (section.line + 1, section.lines),
                *((teaser.line + 1, teaser.lines) for teaser in section.teasers),
            ]
        for number, lines in places:
            if (count := sum(map(len, lines)) + len(lines)) > MAX_MARKDOWN_CHARS:
                raise self._build_error(
                    "{name}.md, line {line}: the text below has {count} characters; {most} is the"
                    " most. Shorten it.",
                    number,
                    count=count,
                    most=MAX_MARKDOWN_CHARS,
                )

    @property
    def _current_teaser(self) -> _TeaserBuilder | None:
        return (
            self.sections[-1].teasers[-1] if self.sections and self.sections[-1].teasers else None
        )

    def _add_text_line(self, line: str) -> None:
        teaser = self._current_teaser
        if teaser:
            teaser.is_in_head = teaser.is_in_head and not line.strip()
            teaser.lines.append(line)
        else:
            (self.sections[-1].lines if self.sections else self.intro).append(line)

    def _parse_structure(self, line: str, number: int) -> bool:
        if layout := LAYOUT_COMMENT.match(line):
            self._parse_layout(layout["value"].strip(), number)
            return True
        found = HEADING_LINE.match(line)
        if not found:
            return False
        text = found["text"] or ""
        level = len(found["marks"])
        if level == 1:
            if self.sections or self.title is not None:
                return False
            self.title = self._parse_plain_line(text, number)
        elif level == 2:
            self.sections.append(
                _SectionBuilder(
                    title=self._parse_plain_line(text, number),
                    language=self.language,
                    line=number - 1,
                )
            )
        else:
            if not self.sections:
                self.sections.append(
                    _SectionBuilder(title="", language=self.language, line=number - 1)
                )
            self.sections[-1].teasers.append(self._parse_teaser_heading(text, number))
        return True

    def _parse_teaser_heading(self, text: str, number: int) -> _TeaserBuilder:
        found = HEADING_LINK.match(text)
        if found:
            return _TeaserBuilder(
                title=self._parse_plain_line(found["title"], number),
                url=self._check_url(read_url(found), number),
                line=number - 1,
            )
        if "](" in text.replace("\\]", ""):
            raise self._build_error(
                "{name}.md, line {line}: this heading's link can't be read. Write it as \"###"
                ' [title](https://…)".',
                number,
            )
        return _TeaserBuilder(title=self._parse_plain_line(text, number), url=None, line=number - 1)

    def _parse_picture_or_date(self, line: str, number: int) -> bool:
        """Take in a picture or a date that stands between a teaser's heading and its summary."""
        teaser = self._current_teaser
        if teaser is None or not teaser.is_in_head:
            return False
        picture, date = PICTURE_LINE.match(line), DATE_LINE.match(line)
        if picture and teaser.picture is None:
            alt = self._parse_plain_line(picture["alt"], number)
            decorative = (picture["note"] or "").lower() in (DECORATIVE, "dekorativ")
            teaser.picture = Picture(
                url=self._check_url(read_url(picture), number),
                alt=alt or ("" if decorative else None),
            )
            return True
        if date and not teaser.date and parse_date(date["stars"] or date["lows"], self.language):
            teaser.date = date["stars"] or date["lows"]
            return True
        return False

    def _parse_post_comment(self, line: str, number: int) -> None:
        # the caller has matched it
        found = POST_KEYS.match(POST_COMMENT.match(line)["rest"])  # type: ignore[index]
        teaser = self._current_teaser
        if not found:
            raise self._build_error(
                "{name}.md, line {line}: this line says which post it is, and is damaged. Restore"
                " it, or delete it.",
                number,
            )
        if teaser is None:
            raise self._build_error(
                "{name}.md, line {line}: this line belongs under a teaser. Put the teaser's heading"
                " back, or delete it.",
                number,
            )
        if teaser.post:
            raise self._build_error(
                "{name}.md, line {line}: here ends a second post under one heading. Put its heading"
                " back, or delete this line.",
                number,
            )
        teaser.post = PostId(found["post"])
        teaser.fingerprint = found["summary"]
        teaser.is_in_head = False
        if teaser.lines:
            teaser.lines.append("")

    def _parse_layout(self, value: str, number: int) -> None:
        if value.lower() not in list(Layout):
            names = ", ".join(Layout)
            raise self._build_error(
                '{name}.md, line {line}: there is no layout "{value}". Write one of: {names}.',
                number,
                value=value,
                names=names,
            )
        if not self.sections or self.sections[-1].teasers or self.sections[-1].layout:
            raise self._build_error(
                "{name}.md, line {line}: one layout stands under a section's heading (##). Move it"
                " there, or delete it.",
                number,
            )
        self.sections[-1].layout = Layout(value.lower())

    def _parse_plain_line(self, text: str, number: int) -> str:
        """Return a heading or an alt text as it was meant; what is longer than any is refused."""
        line = unescape_heading(text)
        if len(to_one_line(line)) > MAX_LINE_CHARS:
            raise self._build_error(
                "{name}.md, line {line}: this has {count} characters; {most} is the most. Shorten"
                " it.",
                number,
                count=len(to_one_line(line)),
                most=MAX_LINE_CHARS,
            )
        return line

    def _check_url(self, url: str, number: int) -> str:
        if not is_web_address(url):
            raise self._build_error(
                '{name}.md, line {line}: "{url}" is no web address. It must begin with https:// or'
                " http://.",
                number,
                url=url,
            )
        return url

    def _refuse_unended(self) -> None:
        what = "comment" if self.enclosure.mark == "<" else "code"
        if what == "comment":
            raise self._build_error(
                '{name}.md, line {line}: the comment that begins here isn\'t ended with "-->".',
                self.enclosure.opened_at_line,
            )
        raise self._build_error(
            "{name}.md, line {line}: the block of code that begins here isn't ended.",
            self.enclosure.opened_at_line,
        )

    def _build_error(self, text: str, number: int, **values: object) -> IssueFileError:
        return IssueFileError(text, name=self.issue_name, line=number, **values)
