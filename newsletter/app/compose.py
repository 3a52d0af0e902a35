"""What composing may ask besides the sources.

Posts' pages, and the language model of the settings.
"""

import time
from typing import TYPE_CHECKING

from newsletter.app.secret_files import read_model_api_key
from newsletter.app.workspace import Workspace
from newsletter.compose.enrich import EnrichmentSources
from newsletter.domain.post import Post

if TYPE_CHECKING:
    from newsletter.compose.summary.llm import SummaryWriter


def build_enrichment(workspace: Workspace) -> EnrichmentSources:
    """Return who can be asked. Raises SettingsError where the key's file can't be read."""
    from newsletter.posts.pages.page import read_post, wait_between_requests

    asked: list[str] = []

    def fetch_page(address: str) -> Post | None:
        if asked:
            wait_between_requests()
        asked.append(address)
        return read_post(workspace.fetcher.fetch(address), zone=workspace.zone)

    return EnrichmentSources(fetch_page=fetch_page, summary_writer=_build_writer(workspace))


def _build_writer(workspace: Workspace) -> "SummaryWriter | None":
    ours = workspace.settings.model
    if ours.url is None or ours.model is None:
        return None
    from newsletter.compose.summary.llm import ModelEndpoint, SummaryWriter
    from newsletter.posts.fetch.service_client import post_to_service
    from newsletter.store import summary_cache

    def get_cached(key: str) -> str | None:
        with workspace.database.read() as connection:
            return summary_cache.get(connection, key)

    def put_cached(key: str, text: str) -> None:
        with workspace.database.begin() as connection:
            summary_cache.put(connection, key, text, workspace.clock())

    return SummaryWriter(
        ModelEndpoint(url=ours.url, name=ours.model, api_key=read_model_api_key(workspace) or ""),
        post_to_service,
        get_cached=get_cached,
        put_cached=put_cached,
        sleep=time.sleep,
    )
