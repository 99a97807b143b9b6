"""Starts servers, knows what they cost, and sees to it that none outlives the measurement."""

import atexit
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")
running: list["Server"] = []


class Server:
    """A process and all it starts. It leads a session of its own, which is how its children are found."""

    def __init__(self, command: list[str], directory: Path, environment: dict[str, str]):
        directory.mkdir(parents=True, exist_ok=True)
        self.output = directory / "output.txt"
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                command,
                cwd=directory,
                env={**os.environ, **environment},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.pid = self.process.pid
        running.append(self)

    def cpu(self) -> float:
        """Seconds, user and system: of the process, its living children, and those that ended and were waited for."""
        return sum(int(field) for fields in self._processes().values() for field in fields[11:15]) / TICKS

    def processes(self) -> set[int]:
        return set(self._processes())

    def memory(self, of: set[int]) -> int:
        """Bytes resident in those processes."""
        return sum(int(fields[21]) for pid, fields in self._processes().items() if pid in of) * PAGE

    def _processes(self) -> dict[int, list[str]]:
        """The fields of /proc/PID/stat from the state on, so that utime is at 11 (proc(5) counts it 14th)."""
        found = {}
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                fields = stat.read_text().rpartition(")")[2].split()
            except OSError:
                continue  # ended in between
            pid = int(stat.parent.name)
            if self._mine(pid, fields):
                found[pid] = fields
        return found

    def _mine(self, pid: int, fields: list[str]) -> bool:
        return int(fields[3]) == self.pid

    def alive(self) -> bool:
        return self.process.poll() is None

    def stop(self, patience: float = 40) -> None:
        """As a service manager would: asks, waits, kills what is left."""
        if self.alive():
            self.process.terminate()
            try:
                self.process.wait(patience)
            except subprocess.TimeoutExpired:
                print(f"{self.output.parent.name} did not stop in {patience:.0f} s; killed", file=sys.stderr)
        self.kill()

    def kill(self) -> None:
        try:
            os.killpg(self.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.process.wait()
        if self in running:
            running.remove(self)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until(condition, seconds: float, step: float = 0.05) -> bool:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(step)
    return True


@atexit.register
def kill_all() -> None:
    for server in list(running):
        server.kill()


for ending in signal.SIGTERM, signal.SIGHUP, signal.SIGINT:
    # Without this an ended harness would leave its servers behind.
    signal.signal(ending, lambda number, frame: sys.exit(128 + number))
