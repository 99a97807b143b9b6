"""Writes results: Markdown for people, JSON for programs, both into bench/results/."""

import json
import os
import platform
import subprocess
import time
from pathlib import Path
from statistics import median

from harness import BENCH, HOME, WORK

RESULTS = BENCH / "results"


def spread(values: list[float], digits: int = 0, unit: str = "") -> str:
    """The median, and in brackets the least and the most."""
    if not values:
        return "–"
    middle, least, most = (f"{value:,.{digits}f}" for value in (median(values), min(values), max(values)))
    return f"{middle}{unit}" if len(values) == 1 else f"{middle}{unit} ({least}–{most})"


def table(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---"] + ["---:"] * (len(head) - 1), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"


def machine() -> dict:
    """Where a number was measured is half of what it says."""
    memory = next(line for line in Path("/proc/meminfo").read_text().splitlines() if line.startswith("MemTotal"))
    processor = [line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")]
    return {
        "time": time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime()),
        "commit": said("git", "-C", str(HOME), "describe", "--always", "--dirty"),
        "cores": os.cpu_count(),
        "processor": processor[0].partition(":")[2].strip() if processor else platform.machine(),
        "memoryGiB": round(int(memory.split()[1]) / 2**20),
        "kernel": platform.release(),
        "java": said("java", "-version").splitlines()[0],
        "fileSystem": said("stat", "--file-system", "--format", "%T", str(WORK)),
        "flushMillis": round(flush_millis(), 3),
        "loadBefore": round(os.getloadavg()[0], 2),
    }


def flush_millis() -> float:
    """A 4 kB write and its flush: what a commit waits for at least."""
    probe = WORK / "flush"
    times = []
    with probe.open("wb") as file:
        for _ in range(50):
            begin = time.perf_counter()
            file.write(b"x" * 4096)
            file.flush()
            os.fdatasync(file.fileno())
            times.append((time.perf_counter() - begin) * 1000)
    probe.unlink()
    return median(times)


def said(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True)
    return (done.stdout or done.stderr).strip()


def machine_line(of: dict) -> str:
    return (
        f"{of['time']}, commit {of['commit']}, {of['cores']} cores ({of['processor']}), {of['memoryGiB']} GiB,"
        f" Linux {of['kernel']}, {of['java']}, {of['fileSystem']}, a flush takes {of['flushMillis']} ms,"
        f" load before the start {of['loadBefore']}.\n"
    )


def published(name: str) -> str:
    """The file of published results: that of bench/run is the one that everything refers to."""
    return "RESULTS.md" if name == "run" else f"RESULTS-{name}.md"


def save(name: str, result: dict, markdown: str, publish: bool = False) -> None:
    """In results/, and if it is to be published, also where it is committed."""
    RESULTS.mkdir(exist_ok=True)
    stamp = time.strftime("%Y%m%d-%H%M%S")
    (RESULTS / f"{name}-{stamp}.json").write_text(json.dumps(result, indent=1) + "\n")
    (RESULTS / f"{name}-{stamp}.md").write_text(markdown)
    if publish:
        (BENCH / published(name)).write_text(markdown)
    print(markdown)
    print(f"Kept in bench/results/{name}-{stamp}.md and .json")
