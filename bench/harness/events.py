"""Makes the push events that are sent: variants of our own sample, signed.

All alike, they would compress to nothing in a log that learns a dictionary, and would all be of one repository, whose
deliveries a route takes one at a time. So repository, people, commits, hashes and texts differ, as they do on GitHub.
"""

import hashlib
import hmac
import json
import random
import re
from pathlib import Path

from harness import HOME, SECRET, WORK

SAMPLE = HOME / "src/main/resources/dev/caravan/samples/push.json"
EVENTS = WORK / "events.txt"
COUNT = 1000
REPOSITORIES = 100
WORDS = (
    "add fix read write keep drop the a of for when value sensor stage valve pump engine log test page table queue"
    " retry twice lower upper before after flight data frame order user token cache index speed flag docs build again"
).split()


def events_file() -> Path:
    """One line per event: its X-Hub-Signature-256 header, a blank, its body. The same at every call."""
    WORK.mkdir(exist_ok=True)
    lines = [f"{signature(body)} ".encode() + body + b"\n" for body in variants(COUNT)]
    EVENTS.write_bytes(b"".join(lines))
    return EVENTS


def signature(body: bytes) -> str:
    return "sha256=" + hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()


def mean_size() -> float:
    return sum(len(body) for body in variants(COUNT)) / COUNT


def variants(count: int) -> list[bytes]:
    chance = random.Random(5)
    sample = SAMPLE.read_text(encoding="utf-8")
    return [variant(sample, chance).encode() for _ in range(count)]


def variant(sample: str, chance: random.Random) -> str:
    repository = chance.randrange(REPOSITORIES)
    text = sample.replace("acme", f"org{repository % 20:02}").replace("rocket", f"repo{repository:03}")
    text = text.replace("ada", chance.choice(WORDS)).replace("900000001", str(900000001 + repository))
    hashes: dict[str, str] = {}
    text = re.sub(
        r"\b[0-9a-f]{40}\b",
        lambda found: hashes.setdefault(found.group(), f"{chance.getrandbits(160):040x}"),
        text,
    )
    event = json.loads(text)
    minute = chance.randrange(60)
    commit = event["head_commit"]
    commit["message"] = sentence(chance, 8) + "\n\n" + sentence(chance, 14)
    commit["timestamp"] = commit["timestamp"][:14] + f"{minute:02}" + commit["timestamp"][16:]
    for part in "author", "committer":
        commit[part]["date"] = commit["timestamp"]
    commit["added"] = [f"src/main/{chance.choice(WORDS)}/{chance.choice(WORDS)}{n}.java" for n in range(2)]
    event["commits"] = [commit]
    event["ref"] = "refs/heads/" + chance.choice(("main", "main", sentence(chance, 2).replace(" ", "-")))
    return json.dumps(event, separators=(",", ":"), ensure_ascii=False)


def sentence(chance: random.Random, words: int) -> str:
    return " ".join(chance.choices(WORDS, k=words)).capitalize()
