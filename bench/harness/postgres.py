"""PostgreSQL from the system's packages, for a measurement: made in bench/work/, on loopback, gone afterwards."""

import getpass
import shutil
import subprocess
from pathlib import Path

from harness.processes import Server, free_port, wait_until

PACKAGES = Path("/usr/lib/postgresql")


def binaries() -> Path:
    found = sorted(PACKAGES.glob("*/bin/initdb"), key=lambda path: int(path.parent.parent.name))
    if not found:
        raise SystemExit("PostgreSQL is not here: bench/setup postgres")
    return found[-1].parent


def as_postgres(program: str, *arguments: str) -> list[str]:
    """PostgreSQL refuses to run as root."""
    other = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if getpass.getuser() == "root" else []
    return [*other, str(binaries() / program), *arguments]


class Database(Server):
    """Its processes lead sessions of their own; they are found as children of the first one."""

    def __init__(self, directory: Path, of: "Database | None" = None):
        """Of: the primary whose synchronous standby it is."""
        shutil.rmtree(directory, ignore_errors=True)
        directory.mkdir(parents=True)
        data = directory / "data"
        self.port = free_port()
        if getpass.getuser() == "root":
            shutil.chown(directory, "postgres", "postgres")
        if of:
            source = f"host=127.0.0.1 port={of.port} user=caravan application_name=standby"
            make = as_postgres("pg_basebackup", "-D", str(data), "-d", source, "-R", "--checkpoint=fast")
        else:
            make = as_postgres("initdb", "-D", str(data), "-U", "caravan", "-A", "trust", "-E", "UTF8", "--locale=C")
        subprocess.run(make, check=True, capture_output=True, cwd=directory)
        settings = {
            "listen_addresses": "127.0.0.1", "unix_socket_directories": "", "shared_buffers": "256MB",
            "max_wal_size": "4GB", "max_connections": "200",
        }  # fmt: skip
        options = [part for key, value in settings.items() for part in ("-c", f"{key}={value}")]
        super().__init__(as_postgres("postgres", "-D", str(data), "-p", str(self.port), *options), directory, {})
        if not wait_until(self.answers, 30):
            raise RuntimeError(f"PostgreSQL did not start; see {self.output}")
        if of:
            of.ask("postgres", "ALTER SYSTEM SET synchronous_standby_names = 'standby'")
            of.ask("postgres", "SELECT pg_reload_conf()")
            is_sync = "SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'"
            if not wait_until(lambda: of.ask("postgres", is_sync) == "1", 30):
                raise RuntimeError("The standby does not follow")
        else:
            self.ask("postgres", "CREATE DATABASE caravan")

    @property
    def url(self) -> str:
        return f"postgresql://caravan@127.0.0.1:{self.port}/caravan"

    def answers(self) -> bool:
        try:
            return self.ask("postgres", "SELECT 1") == "1"
        except subprocess.CalledProcessError:
            return False

    def ask(self, database: str, sql: str) -> str:
        command = [str(binaries() / "psql"), "-h", "127.0.0.1", "-p", str(self.port), "-U", "caravan", "-XAtqc", sql, database]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()

    def number(self, sql: str) -> int:
        return int(self.ask("caravan", f"SET search_path = caravan; {sql}") or 0)

    def _mine(self, pid: int, fields: list[str]) -> bool:
        return pid == self.pid or int(fields[1]) == self.pid
