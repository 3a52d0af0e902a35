"""Which post it is: keys that stay the same when addresses are spelled differently.

The order (notes: measured on one site in three formats): the feed's own id, then the normalised
address, then the title.
"""

import hashlib
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

from newsletter.domain.post import Post, PostId
from newsletter.posts.clean import sanitise_url
from newsletter.posts.clean.tree import extract_all_text
from newsletter.posts.text import to_one_line, to_word_set

#: Words in a query that say where a reader came from, not what she reads.
_TRACKING_PARAMETERS = to_word_set("""
    fbclid gclid gclsrc dclid gbraid wbraid msclkid yclid twclid ttclid li_fat_id igshid mc_cid
    mc_eid mkt_tok _hsenc _hsmi vero_id oly_anon_id oly_enc_id s_cid ref_src cmpid xtor spm _ga _gl
    amp
    """)
_TRACKING_PREFIXES = ("utm_", "pk_", "piwik_", "mtm_", "matomo_", "hsa_", "at_")
#: File names that servers give for a folder.
_INDEX_FILES = frozenset(
    {
        "index.html",
        "index.htm",
        "index.php",
        "index.shtml",
        "default.aspx",
        "default.asp",
        "default.html",
    }
)
#: Ids of these kinds are the same in every feed of the world (RFC 4151, RFC 9562).
_GLOBAL_GUID_PREFIXES = ("http://", "https://", "tag:", "urn:", "doi:")


def url_key(url: str) -> str:
    """Return what is the same for every spelling of an address.

    Without scheme, "www.", default port, fragment, tracking words, "index.html" and the slash at
    the end; the rest of the query sorted.
    """
    parts = urlsplit(sanitise_url(url) or "")
    if not parts.hostname:
        return to_one_line(url)
    host = parts.netloc.removeprefix("www.")
    query = sorted(
        (name, value)
        for name, value in parse_qsl(parts.query, keep_blank_values=True)
        if not _is_tracking_parameter(name)
    )
    steps = _split_path(parts.path)
    if steps and steps[-1].lower() in _INDEX_FILES:
        steps.pop()
    path = "/".join(quote(unquote(step), safe="!$&'()*+,;=:@-._~") for step in steps)
    return f"{host}/{path}" + (f"?{urlencode(query)}" if query else "")


def compute_post_id(source: str, guid: str | None, url: str | None, title: str) -> PostId:
    """Return twelve hexadecimal digits, the same for the same post for ever.

    Made of the source's own id where it has one (with the source, unless the id is one of a kind),
    else of the address, else of source and title. Sources are compared as `url_key` compares: http
    and https are one.
    """
    if guid:
        kept = guid.strip()
        key = (
            kept if kept.lower().startswith(_GLOBAL_GUID_PREFIXES) else f"{url_key(source)} {kept}"
        )
        return _hash_key("guid", key)
    if url:
        return _hash_key("url", url_key(url))
    return _hash_key("title", f"{url_key(source)} {to_one_line(title).casefold()}")


def hash_content(post: Post) -> str:
    """Return a fingerprint of what a reader would read: title and text, not markup."""
    text = " ".join((post.title, extract_all_text(post.excerpt), extract_all_text(post.body)))
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:32]


def _hash_key(kind: str, key: str) -> PostId:
    return PostId(hashlib.sha256(f"{kind}\0{key}".encode("utf-8", "replace")).hexdigest()[:12])


def _is_tracking_parameter(name: str) -> bool:
    return name.lower() in _TRACKING_PARAMETERS or name.lower().startswith(_TRACKING_PREFIXES)


def _split_path(path: str) -> list[str]:
    """Return the steps of a path, without empty ones, "." and ".." (RFC 3986, 5.2.4)."""
    steps: list[str] = []
    for step in path.split("/"):
        if step == "..":
            del steps[-1:]
        elif step not in ("", "."):
            steps.append(step)
    return steps
