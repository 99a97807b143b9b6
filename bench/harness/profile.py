"""bench/profile: where Caravan's time goes under load, by the JDK's flight recorder."""

import argparse
import os
import re
import shutil
import subprocess
import sys
from collections import Counter

from harness import WORK, events, report
from harness.candidates import ALL, POST_ON
from harness.load import answers_with, send_load
from harness.measure import START_SECONDS
from harness.processes import wait_until
from harness.receiver import Receiver

CONNECTIONS = 64
# Waiting in these is no work, though the recorder samples it: threads that are in native code.
WAITING = ("EPollSelectorImpl.doSelect", "EPoll.wait", "Unsafe.park", "Object.wait", "Net.accept", "Thread.sleep")


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench/profile", description=__doc__)
    candidates = {one.name: one for one in POST_ON + ALL if one.stores or one.name in ("without-log", "ceiling")}
    parser.add_argument("candidate", nargs="?", default="caravan", choices=list(candidates))
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--warm-up", type=float, default=15)
    options = parser.parse_args()
    events.events_file()
    candidate = candidates[options.candidate]
    report.RESULTS.mkdir(exist_ok=True)
    recording = report.RESULTS / f"{candidate.name}.jfr"
    directory = WORK / "run" / "profile"
    shutil.rmtree(directory, ignore_errors=True)
    receiver = Receiver(directory / "receiver")
    os.environ["RECEIVER"] = receiver.url
    server, port = candidate.start(directory)
    try:
        if not wait_until(lambda: answers_with(port, candidate.status), START_SECONDS):
            raise RuntimeError(f"{candidate.name} did not start; see {server.output}")
        send_load(port, CONNECTIONS, options.warm_up)
        jcmd(server.pid, "JFR.start", "name=load", "settings=profile")
        load = send_load(port, CONNECTIONS, options.seconds)
        jcmd(server.pid, "JFR.stop", "name=load", f"filename={recording}")
    finally:
        server.stop()
        receiver.stop()
        shutil.rmtree(directory, ignore_errors=True)
    print(f"{candidate.label}: {load.rate:,.0f} requests/s; the recording is in bench/results/{recording.name}\n")
    stacks = read(recording)
    show("Threads", Counter(thread for thread, _ in stacks))
    show("Methods", Counter(frames[0] for _, frames in stacks))
    show("Methods of ours, with what they call", Counter(own for _, frames in stacks if (own := ours(frames))))
    return 0


def jcmd(pid: int, *command: str) -> None:
    subprocess.run(["jcmd", str(pid), *command], check=True, stdout=subprocess.DEVNULL)


def read(recording) -> list[tuple[str, list[str]]]:
    """Thread and frames, the innermost first, of each sample."""
    text = subprocess.run(
        ["jfr", "print", "--stack-depth", "64", "--events", "jdk.ExecutionSample,jdk.NativeMethodSample", str(recording)],
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    stacks = []
    for event in text.split("\n}\n"):
        thread = re.search(r'sampledThread = "([^"]*)"', event)
        frames = [frame.strip() for frame in re.findall(r"^\s{4,}(\S+\(.*?line:.*)$", event, re.MULTILINE)]
        if thread and frames and not any(waiting in frames[0] for waiting in WAITING):
            # Threads of a pool are one.
            stacks.append((re.sub(r"\d+", "N", thread.group(1)), frames))
    return stacks


def ours(frames: list[str]) -> str | None:
    return next((frame for frame in frames if frame.startswith("dev.caravan")), None)


def show(title: str, counts: Counter) -> None:
    total = sum(counts.values())
    print(f"{title} ({total} samples)")
    for name, count in counts.most_common(25):
        print(f"  {count / total:6.1%}  {name}")
    print()


if __name__ == "__main__":
    sys.exit(main())
