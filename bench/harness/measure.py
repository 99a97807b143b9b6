"""Measures one candidate once: start, check, warm up, load, catch up, count, stop."""

import shutil
import threading
import time
from dataclasses import asdict

from harness import WORK
from harness.candidates import Candidate
from harness.load import Load, answers_with, refuses_forgeries, send_load
from harness.log_file import LogFile
from harness.processes import Server, wait_until

START_SECONDS = 60
# The goal: a route has caught up that long after the end. It is given more, so that a miss has a number.
CAUGHT_UP_SECONDS = 5
PATIENCE_SECONDS = 120


class Memory:
    """
    Watches how much a server has at the most: the processes that it has now, not those that it starts for a moment,
    which share their parent's memory until they run a program of their own.
    """

    def __init__(self, server: Server):
        self.server = server
        self.processes = server.processes()
        self.most = 0
        self.over = threading.Event()
        self.thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> "Memory":
        self.thread.start()
        return self

    def __exit__(self, *_) -> None:
        self.over.set()
        self.thread.join()

    def _watch(self) -> None:
        while not self.over.wait(0.5):
            self.most = max(self.most, self.server.memory(self.processes))


def await_start(candidate: Candidate, server: Server, port: int) -> None:
    """Until it gives a signed event its usual answer."""
    if not wait_until(lambda: answers_with(port, candidate.status) or not server.alive(), START_SECONDS):
        raise RuntimeError(f"{candidate.name} never answered {candidate.status}; see {server.output}")
    if not server.alive():
        raise RuntimeError(f"{candidate.name} did not start; see {server.output}")


def measure(candidate: Candidate, warm_up: float, seconds: float, connections: list[int], catch_up: bool = True) -> dict:
    """Returns a row for each number of connections, and what is wrong under "problems"."""
    directory = WORK / "run" / candidate.name
    shutil.rmtree(directory, ignore_errors=True)
    server, port = candidate.start(directory)
    log = LogFile(directory / "data") if candidate.stores else None
    problems: list[str] = []
    rows = {}
    posted = 0
    try:
        await_start(candidate, server, port)
        posted = log.deliveries() if log else 0
        if not refuses_forgeries(port):
            problems.append("takes forged deliveries")
        loads = [send_load(port, connections[0], warm_up)]
        finish_routes(candidate, log, catch_up)
        for number in connections:
            row, load = under_load(candidate, server, port, log, number, seconds, catch_up)
            loads.append(load)
            rows[number] = row
        if not server.alive():
            problems.append("died under load")
        time.sleep(0.2)  # what the end of wrk has cut off is written now
        problems += count(loads, log, posted)
    finally:
        server.stop()
    result = {"rows": rows, "problems": problems}
    if log:
        result["deliveries"] = log.deliveries()
        result["behind"] = log.behind()
        result["bytesPerDelivery"] = log.bytes() / max(1, log.deliveries())
    shutil.rmtree(directory, ignore_errors=True)
    return result


def under_load(
    candidate: Candidate, server: Server, port: int, log: LogFile | None, connections: int, seconds: float, catch_up: bool
) -> tuple[dict, Load]:
    before = server.cpu()
    with Memory(server) as memory:
        load = send_load(port, connections, seconds)
        accepted = server.cpu()
        caught_up = finish_routes(candidate, log, catch_up)
    # A route's work may come after the answers, so its CPU is taken when it is done.
    after = server.cpu()
    row = asdict(load) | {
        "rate": load.rate,
        "cpuMicros": (after - before) * 1e6 / max(1, load.answers),
        "cpuMicrosUntilAnswered": (accepted - before) * 1e6 / max(1, load.answers),
        "memory": memory.most,
    }
    return row | caught_up, load


def finish_routes(candidate: Candidate, log: LogFile | None, catch_up: bool) -> dict:
    """Waits until the routes have done everything; says how long that took, and what was left at the goal's time."""
    if not candidate.routes or not log or not catch_up:
        return {}
    end = time.monotonic()
    behind = log.behind()
    at_goal = 0
    while behind and time.monotonic() - end < PATIENCE_SECONDS:
        time.sleep(0.1)
        behind = log.behind()
        if time.monotonic() - end < CAUGHT_UP_SECONDS:
            at_goal = behind
    return {"caughtUpSeconds": time.monotonic() - end if not behind else None, "behindAfter5s": at_goal}


def count(loads: list[Load], log: LogFile | None, posted: int) -> list[str]:
    """What does not add up. Requests that the end of wrk cut off may be in the log or not, so there are two bounds."""
    problems = [f"{load.errors}" for load in loads if load.errors]
    if log:
        answers = posted + sum(load.answers for load in loads)
        issued = posted + sum(load.issued for load in loads)
        stored = log.deliveries()
        if not answers <= stored <= issued:
            problems.append(f"{stored} deliveries in the log; {answers} answers 202, {issued} requests")
        if log.repeats():
            problems.append(f"{log.repeats()} repeats, and every GUID was sent once")
        if log.troubles():
            problems.append(f"a route failed at {log.troubles()} deliveries")
    return problems
