"""What the commands of bench/ share."""

from pathlib import Path

BENCH = Path(__file__).resolve().parent.parent
HOME = BENCH.parent
WORK = BENCH / "work"
JAR = HOME / "target" / "caravan.jar"
SECRET = "It's a Secret to Everybody"
HOOK = "/hooks/handle_github"
