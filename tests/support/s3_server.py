# SPDX-License-Identifier: MIT
"""What S3 servers made of several processes have in common."""
import shutil
import signal
import subprocess
import time
import urllib.error
import urllib.request


def missing(programs, packages):
    """Why a server cannot be started, or nothing."""
    absent = [p for p in programs if not shutil.which(p)]
    if not absent:
        return None
    return f"{', '.join(absent)} missing: apt-get install --no-install-recommends {packages}"


class S3Server:
    """Subclasses set endpoint, region, access_key_id and secret, and start processes."""
    bucket = "images"

    def __init__(self):
        self._running = []  # in the order of their start

    def spawn(self, command, log, environment):
        with open(log, "wb") as out:
            self._running.append(subprocess.Popen(
                command, env=environment, stdout=out, stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL))

    def until(self, condition, seconds=60):
        end = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > end:
                raise RuntimeError(f"{type(self).__name__} did not start: see {self.dir}")
            time.sleep(0.1)

    def answers(self):
        try:
            urllib.request.urlopen(self.endpoint, timeout=2)
        except urllib.error.HTTPError:
            return True
        except OSError:
            return False
        return True

    def store(self, **more):
        """Values of [store]."""
        return {"kind": "s3", "endpoint": self.endpoint, "region": self.region,
                "bucket": self.bucket, "access_key_id": self.access_key_id,
                "secret_access_key": self.secret, **more}

    def stop(self):
        """The last one first: in another order they wait for each other."""
        for process in reversed(self._running):
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self._running = []
