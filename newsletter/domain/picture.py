"""Pictures as letters show them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class HostedPicture:
    """A picture as it lies with us: the file's name, and its size in pixels."""

    name: str
    width: int
    height: int
