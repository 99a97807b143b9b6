"""Sends load with wrk and reads what it says of it; sends single events to see whether a server does its job."""

import http.client
import json
import os
import random
import socket
import subprocess
import uuid
from dataclasses import dataclass

from harness import BENCH, HOOK
from harness.events import EVENTS, signature, variants

THREADS = 2


@dataclass
class Load:
    """What a run of wrk has seen. issued counts requests begun: those whose answer the end cut off too."""

    answers: int
    issued: int
    seconds: float
    p50: float
    p99: float
    longest: float
    errors: dict[str, int]

    @property
    def rate(self) -> float:
        return self.answers / self.seconds


def guids() -> str:
    """What is worth saying of the GUIDs that are sent."""
    return " with random GUIDs" if os.environ.get("GUIDS") == "random" else ""


def send_load(port: int, connections: int, seconds: float) -> Load:
    environment = {**os.environ, "EVENTS": str(EVENTS), "SEED": str(random.getrandbits(31))}
    wrk = subprocess.run(
        [
            "wrk", "--threads", str(THREADS), "--connections", str(connections), "--duration", f"{seconds:.0f}s",
            "--timeout", "10s", "--script", str(BENCH / "load" / "push.lua"), f"http://127.0.0.1:{port}{HOOK}",
        ],
        env=environment, capture_output=True, text=True, timeout=seconds + 60,
    )  # fmt: skip
    lines = [line for line in wrk.stdout.splitlines() if line.startswith("RESULT ")]
    if not lines:
        raise RuntimeError(f"wrk ended without a result: {wrk.stdout} {wrk.stderr}")
    said = json.loads(lines[0].removeprefix("RESULT "))
    return Load(
        answers=said["answers"],
        issued=said["issued"],
        seconds=said["micros"] / 1e6,
        p50=said["p50"] / 1000,
        p99=said["p99"] / 1000,
        longest=said["max"] / 1000,
        errors={kind: said[kind] for kind in ("refused", "connect", "read", "write", "timeout") if said[kind]},
    )


def post(port: int, body: bytes, signed: str, timeout: float = 10) -> int:
    """Posts one event; returns the status."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
    try:
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "GitHub-Hookshot/044aadd",
            "X-GitHub-Event": "push",
            "X-GitHub-Delivery": str(uuid.uuid4()),
            "X-Hub-Signature-256": signed,
        }
        connection.request("POST", HOOK, body, headers)
        return connection.getresponse().status
    finally:
        connection.close()


def listens(port: int) -> bool:
    """Whether anybody does: cheaper than to post, and so what is asked while a start is timed."""
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
        return True
    except OSError:
        return False


def answers_with(port: int, status: int) -> bool:
    """Whether a signed event gets that status; false while nobody listens."""
    body = variants(1)[0]
    try:
        return post(port, body, signature(body)) == status
    except (OSError, http.client.HTTPException):
        return False


def refuses_forgeries(port: int) -> bool:
    body = variants(1)[0]
    return post(port, body, signature(b"something else")) >= 400
