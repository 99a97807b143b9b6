"""Looks into a delivery log from outside, as any SQLite tool can."""

import sqlite3
from pathlib import Path


class LogFile:
    def __init__(self, data: Path):
        self.data = data
        self.file = data / "log.db"

    def deliveries(self) -> int:
        return self._number("SELECT count(*) FROM delivery")

    def repeats(self) -> int:
        return self._number("SELECT ifnull(sum(repeats), 0) FROM delivery")

    def behind(self) -> int:
        """Deliveries that some subscription has not finished, as far as that is on disk."""
        return self._number(
            """
            SELECT ifnull(max(behind), 0) FROM (
              SELECT (SELECT ifnull(max(position), 0) + 1 FROM delivery) - next + (length(unfinished) > 0) AS behind
              FROM subscription)"""
        )

    def troubles(self) -> int:
        """Deliveries that a route failed at."""
        return self._number("SELECT (SELECT count(*) FROM due) + (SELECT count(*) FROM dead_letter)")

    def bytes(self) -> int:
        """All its files."""
        return sum(file.stat().st_size for file in self.data.glob("log.db*"))

    def _number(self, question: str) -> int:
        connection = sqlite3.connect(f"file:{self.file}?mode=ro", uri=True, timeout=30)
        try:
            return connection.execute(question).fetchone()[0]
        finally:
            connection.close()
