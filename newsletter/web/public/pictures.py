"""Serve hosted pictures at `public_url`/pictures/NAME, for mail clients and their image proxies."""

from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from newsletter.pictures.picture_store import PictureStore
from newsletter.web.errors import Status

#: A name never means another picture. Webmail asks from pages of its own, so the policy of our
#: pages would hide it.
PICTURE_HEADERS = {
    "cache-control": "public, max-age=31536000, immutable",
    "cross-origin-resource-policy": "cross-origin",
}


def build_picture_route(folder: Path) -> Route:
    """Return the route of the pictures in a folder; any other name is no page."""
    store = PictureStore(folder)

    async def serve_picture(request: Request) -> Response:
        file = store.find_file(request.path_params["name"])
        if file is None:
            raise HTTPException(Status.not_found)
        return FileResponse(file, headers=PICTURE_HEADERS)

    return Route("/pictures/{name}", serve_picture)
