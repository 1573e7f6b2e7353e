"""How one installation serves its pages: everything that differs between a ministry, a laptop and a demonstration."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class WebSettings:
    """Settings of the pages. The secret signs sessions and never leaves the machine."""

    secret_key: str
    instance_name: str = "Asylum procedures"
    colour: Literal["blue", "green", "violet", "teal"] = "blue"
    """The colour of the bar on top, so that two installations are not taken for each other."""
    banner: str = ""
    """A sentence on every page, for a demonstration or a training."""
    is_https: bool = False
    """True behind a proxy that speaks TLS. Without it the pages serve the same machine only."""
    proxies: int = 0
    """How many proxies stand in front and may tell the address of the visitor."""
    hosts: tuple[str, ...] = ()
    """The names under which pages may be asked for; empty means any."""
    time_zone: str = "UTC"
    """The clock on the wall of the office."""
    idle_minutes: int = 15
    longest_hours: int = 8
