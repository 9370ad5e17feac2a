"""What every test of this directory needs: the program, a directory of its own, a job, and what a run said."""
import hashlib
import os
import pathlib
import re
import shutil
import signal
import subprocess
import tempfile
import time
import unittest

PROGRAM = os.environ["MATTIS_PROGRAM"]
SOURCE = pathlib.Path(__file__).resolve().parents[2]
SLOW = 10 if os.environ.get("MATTIS_SANITIZE") else 1  # how much longer a sanitizer may take

DONE, COMPARISON_FAILED, BAD_INPUT, ENVIRONMENT, INTERNAL, RUN_AGAIN = 0, 1, 2, 3, 70, 75

JOB = {
    "title": '"a job of the system tests"',
    "model.name": '"hopfield"',
    "grid.N": "[40, 60]",
    "grid.alpha": "[0.05, 0.1]",
    "grid.T": "[0.0, 0.4]",
    "start.kind": '["cued", "random"]',
    "plan.burn_in": 10,
    "plan.sweeps": 50,
    "plan.samples": 3,
    "random.seed": 20261123,
}


def job_text(changes={}):
    """JOB with changes, as TOML; a value None takes its key away."""
    sections = {}
    for key, value in {**JOB, **changes}.items():
        section, _, name = key.rpartition(".")
        if value is not None:
            sections.setdefault(section, []).append(f"{name} = {value}")
    return "".join((f"[{name}]\n" if name else "") + "\n".join(lines) + "\n" for name, lines in sections.items())


def digest(directory):
    """Hash of every file of a directory but the lock, names included."""
    sums = {}
    for path in sorted(pathlib.Path(directory).rglob("*")):
        if path.is_file() and path.name != "lock":
            sums[str(path.relative_to(directory))] = hashlib.sha256(path.read_bytes()).hexdigest()
    return sums


def tasks_of(stderr):
    """The counts of a run's last line: tasks, done before, run now, continued."""
    counts = re.search(r"(\d+) tasks, (\d+) done before, (\d+) run now \((\d+) of them continued\)", stderr)
    return dict(zip(("tasks", "done_before", "ran", "continued"), map(int, counts.groups())))


class SystemTest(unittest.TestCase):
    def setUp(self):
        self.here = pathlib.Path(tempfile.mkdtemp(prefix="mattis-system-"))
        self.addCleanup(shutil.rmtree, self.here, ignore_errors=True)

    def job(self, name="job.toml", **sections):
        """Writes a job; plan={"sweeps": 5} changes plan.sweeps."""
        changes = {f"{section}.{key}": value for section, keys in sections.items() for key, value in keys.items()}
        (self.here / name).write_text(job_text(changes))
        return name

    def mattis(self, *words, code=DONE, **more):
        """Runs the program to its end and holds it to the exit code."""
        words = [str(word) for word in words]
        end = subprocess.run([PROGRAM, *words], cwd=more.pop("cwd", self.here), stdin=subprocess.DEVNULL, text=True,
                             stdout=more.pop("stdout", subprocess.PIPE), stderr=subprocess.PIPE, timeout=more.pop("timeout", 120) * SLOW, **more)
        self.assertEqual(end.returncode, code, f"mattis {' '.join(words)}\n{end.stdout}{end.stderr}")
        return end

    def refused(self, *words, code=BAD_INPUT, saying=(), **more):
        """The program ends with the code, prints no data and says each of the phrases."""
        end = self.mattis(*words, code=code, **more)
        self.assertFalse(end.stdout, f"data from mattis {words}")
        for phrase in [saying] if isinstance(saying, str) else saying:
            self.assertIn(phrase, end.stderr, f"mattis {words}")
        return end.stderr

    def start(self, *words):
        """Starts the program and leaves it running."""
        process = subprocess.Popen([PROGRAM, *map(str, words)], cwd=self.here, stdin=subprocess.DEVNULL, text=True,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        self.addCleanup(process.stderr.close)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        return process

    def samples(self, directory):
        return self.mattis("export", directory, "--samples").stdout

    def wait_until(self, condition, what):
        end = time.monotonic() + 60 * SLOW
        while not condition():
            self.assertLess(time.monotonic(), end, f"waited in vain: {what}")
            time.sleep(0.001)

    def done(self, directory):
        """Tasks whose results are on disk."""
        end = subprocess.run([PROGRAM, "status", directory], cwd=self.here, stdin=subprocess.DEVNULL, text=True, capture_output=True)
        words = end.stdout.split()
        return int(words[words.index("done") + 1]) if end.returncode == DONE else 0


def ended(process, after=None):
    """Sends a signal, waits, and returns exit code and stderr."""
    if after is not None:
        process.send_signal(after)
    _, stderr = process.communicate(timeout=60 * SLOW)
    return process.returncode, stderr


def main():
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    unittest.main()
