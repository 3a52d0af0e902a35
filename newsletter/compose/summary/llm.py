"""Have a language model write a summary, and check it; off unless staff switch it on.

    title and cleaned text | in the cache? | ask (30 s, two retries) | check
        | once more, naming what was wrong | cache it, or None

A post's title and text leave this machine, nothing of any reader does. Any failure is None and a
note: the window takes over, and no issue fails for it. Works with whatever speaks
`/v1/chat/completions`: OpenAI, Mistral, Ollama, LM Studio, vLLM, llama.cpp.
"""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from newsletter.compose.summary.llm_checks import unwrap_answer
from newsletter.compose.summary.prompt import (
    PROMPT_VERSION,
    PromptArticle,
    build_messages,
    build_retry_messages,
    check_answer,
    parse_content,
)
from newsletter.i18n import Phrase
from newsletter.posts.fetch.service_client import NoResponseError, ServiceResponse

#: Words of a text that are shown to the model.
MAX_ARTICLE_WORDS = 6_000
#: Seconds that an answer may take, and that a server may ask us to wait.
ANSWER_TIMEOUT_SECONDS, MAX_RETRY_WAIT_SECONDS = 30.0, 20.0
_MAX_RETRIES = 2
_COMPLETIONS_PATH = "/chat/completions"

#: `posts.asking.post`: address, headers, body, seconds → answer. Raises NoAnswerError.
PostToService = Callable[[str, Mapping[str, str], bytes, float], ServiceResponse]


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelEndpoint:
    """A language model that staff have switched on."""

    #: "https://api.example.org/v1", or the whole address.
    url: str
    name: str
    api_key: str = field(default="", repr=False)

    @property
    def completions_url(self) -> str:
        """Where it is asked."""
        bare = self.url.rstrip("/")
        if bare.endswith(_COMPLETIONS_PATH):
            return bare
        return bare + (_COMPLETIONS_PATH if bare.endswith("/v1") else f"/v1{_COMPLETIONS_PATH}")


class SummaryWriter:
    """Writes the summaries of one issue.

    A server that fails isn't asked again: ten posts must not wait ten times.

    `get_cached` and `put_cached` remember summaries by key; `sleep` waits, in seconds.
    """

    def __init__(
        self,
        model: ModelEndpoint,
        post: PostToService,
        *,
        get_cached: Callable[[str], str | None],
        put_cached: Callable[[str, str], None],
        sleep: Callable[[float], None],
    ) -> None:
        self._model = model
        self._post = post
        self._get_cached = get_cached
        self._put_cached = put_cached
        self._sleep = sleep
        self._has_failed = False
        #: What staff should know.
        self.notes: list[Phrase] = []

    def write_summary(self, article: PromptArticle) -> str | None:
        """Return a summary that has passed the checks, or None."""
        article = replace(article, text=" ".join(article.text.split()[:MAX_ARTICLE_WORDS]))
        key = build_cache_key(self._model, article)
        known = self._get_cached(key)
        if known is not None or self._has_failed or not article.text:
            return known or None
        try:
            summary, wrong = self._write_checked(article)
        except _ModelFailedError as failed:
            self._has_failed = True
            self.notes.append(
                Phrase(
                    "The language model gave no summaries ({why}), so they were made without it.",
                    why=failed.reason,
                )
            )
            return None
        if wrong:
            self.notes.append(
                Phrase(
                    "The language model's summary of “{title}” was refused, so it was made without"
                    " it. {why}",
                    title=article.title,
                    why=wrong[0],
                )
            )
            self._put_cached(key, "")  # it isn't asked again for the same text
            return None
        self._put_cached(key, summary)
        return summary

    def _write_checked(self, article: PromptArticle) -> tuple[str, tuple[Phrase, ...]]:
        """Return a summary and what is wrong with it, after one more try where something was."""
        messages = build_messages(article)
        answer = self._ask_model(messages)
        wrong = check_answer(answer, article)
        if wrong:
            answer = self._ask_model(build_retry_messages(messages, answer, wrong))
            wrong = check_answer(answer, article)
        return answer, wrong

    def _ask_model(self, messages: Sequence[Mapping[str, str]]) -> str:
        asked = {"model": self._model.name, "messages": list(messages), "stream": False}
        body = json.dumps(asked, ensure_ascii=False).encode("utf-8", "replace")
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        if self._model.api_key:
            headers["Authorization"] = f"Bearer {self._model.api_key}"
        for retry in range(_MAX_RETRIES + 1):
            try:
                answered = self._post(
                    self._model.completions_url, headers, body, ANSWER_TIMEOUT_SECONDS
                )
            except NoResponseError as error:
                raise _ModelFailedError(error.phrase) from error
            if answered.status == 429 or answered.status >= 500:
                wait = answered.retry_after_seconds or 2.0**retry
                if retry == _MAX_RETRIES or wait > MAX_RETRY_WAIT_SECONDS:
                    break
                self._sleep(wait)
                continue
            break
        if answered.status != 200:
            raise _ModelFailedError(Phrase("it answered {code}", code=answered.status))
        return unwrap_answer(parse_content(answered.body))


class _ModelFailedError(Exception):
    def __init__(self, reason: Phrase) -> None:
        super().__init__(str(reason))
        self.reason = reason


def build_cache_key(model: ModelEndpoint, article: PromptArticle) -> str:
    """Return what a summary is kept under: the same model, prompt and text give the same one."""
    parts = (
        model.name,
        PROMPT_VERSION,
        article.language,
        str(article.word_range),
        article.title,
        article.text,
    )
    return hashlib.sha256("\0".join(parts).encode("utf-8", "replace")).hexdigest()
