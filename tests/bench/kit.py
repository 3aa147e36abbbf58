# SPDX-License-Identifier: MIT
"""What the benches have in common: a command with its time and CPU, and an nginx of their own."""
import pathlib
import resource
import subprocess
import sys
import time

TEMPORARY = """client_body_temp_path {dir}/b; proxy_temp_path {dir}/p; fastcgi_temp_path {dir}/f;
  uwsgi_temp_path {dir}/u; scgi_temp_path {dir}/s;"""


def timed(command, **options):
    """(seconds, CPU seconds) of a command that has to succeed."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, **options)
    took, after = time.monotonic() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode != 0:
        sys.exit(f"{command[0]}: exit code {done.returncode}\n{done.stdout[-2000:]}"
                 f"{done.stderr[-2000:]}")
    return took, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


class Nginx:
    """One worker, on loopback; `http` is what stands in its http block."""

    def __init__(self, folder, http):
        self.config = pathlib.Path(folder) / "nginx.conf"
        self.config.write_text(f"""user root; daemon off; worker_processes 1;
pid {folder}/nginx.pid; error_log {folder}/error.log warn;
worker_rlimit_nofile 20000; events {{ worker_connections 10000; }}
http {{
  {TEMPORARY.format(dir=folder)}
  keepalive_requests 1000000;
  {http}
}}
""")
        self.process = subprocess.Popen(["nginx", "-c", str(self.config)], stderr=subprocess.DEVNULL)
        time.sleep(1)

    def stop(self):
        self.process.terminate()
        self.process.wait(10)
