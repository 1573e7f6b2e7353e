"""A clock that stands still until a test moves it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta


@dataclass
class FrozenClock:
    """Called, it tells the time it was set to: give it wherever a clock is asked for."""

    now: datetime = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def set(self, now: datetime) -> None:
        """Set the clock, forwards or backwards."""
        self.now = now

    def tick(self, **length: float) -> datetime:
        """Move the clock on: ``clock.tick(hours=3)``."""
        self.now += timedelta(**length)
        return self.now
