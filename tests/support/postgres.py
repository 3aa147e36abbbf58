# SPDX-License-Identifier: MIT
"""A PostgreSQL of the tests' own: a cluster in a temporary folder, on loopback, with a password."""
import atexit
import os
import pathlib
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time

BINARIES = pathlib.Path("/usr/lib/postgresql/15/bin")
PASSWORD = "pass word/of:the@tests"


def is_there():
    return (BINARIES / "postgres").exists()


class Postgres:
    """Started once for a program; each test makes a schema of its own."""

    def __init__(self):
        # Not beside other temporary files: the server's user must be able to walk there.
        self.root = pathlib.Path(tempfile.mkdtemp(prefix="vinny-postgres-", dir="/tmp"))
        self.user = {}
        if os.geteuid() == 0:  # PostgreSQL refuses to be root
            account = pwd.getpwnam("postgres")
            self.user = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
            os.chown(self.root, account.pw_uid, account.pw_gid)
        (self.root / "password").write_text(PASSWORD, encoding="utf-8")
        (self.root / "password").chmod(0o644)
        self.run("initdb", "-D", "db", "-U", "vinny", "--pwfile=password", "-A", "scram-sha-256",
                 "-E", "UTF8", "--no-locale", "-N")
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.process = None
        self.start()
        atexit.register(self.remove)

    def run(self, program, *arguments, **more):
        return subprocess.run([str(BINARIES / program), *map(str, arguments)], cwd=self.root,
                              check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                              env={"LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin"},
                              **self.user, **more)

    def start(self):
        with open(self.root / "log", "ab") as log:
            self.process = subprocess.Popen(
                [str(BINARIES / "postgres"), "-D", "db", "-c", "listen_addresses=127.0.0.1",
                 "-c", f"port={self.port}", "-c", f"unix_socket_directories={self.root}",
                 "-c", "fsync=off", "-c", "max_connections=50"],
                cwd=self.root, stdout=log, stderr=log, **self.user,
                env={"LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin"})
        end = time.monotonic() + 60
        while subprocess.run([str(BINARIES / "pg_isready"), "-q", "-h", "127.0.0.1", "-p",
                              str(self.port)], check=False).returncode != 0:
            assert time.monotonic() < end and self.process.poll() is None, self.log()
            time.sleep(0.05)

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(30)

    def remove(self):
        self.stop()
        shutil.rmtree(self.root, ignore_errors=True)

    def log(self):
        return (self.root / "log").read_text(encoding="utf-8", errors="replace")

    def url(self, host="localhost", password=PASSWORD, database="postgres"):
        from urllib.parse import quote
        return f"postgresql://vinny:{quote(password, safe='')}@{host}:{self.port}/{database}"

    def sql(self, text, url=None):
        """Rows as tuples of texts; NULL is None."""
        done = subprocess.run(
            [str(BINARIES / "psql"), "-X", "-q", "-A", "-t", "-F", "\x1f", "-R", "\x1e",
             "-P", "null=\x1d", "-v", "ON_ERROR_STOP=1", url or self.url("127.0.0.1"), "-f", "-"],
            input=text, capture_output=True, text=True, encoding="utf-8", check=False,
            env={"PGCLIENTENCODING": "UTF8", "PATH": "/usr/bin:/bin"})
        assert done.returncode == 0, done.stderr
        rows = done.stdout.rstrip("\n")
        return [tuple(None if v == "\x1d" else v for v in row.split("\x1f"))
                for row in rows.split("\x1e")] if rows else []
