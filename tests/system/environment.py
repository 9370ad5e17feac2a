"""The world fails: exit code 3, a message that names the path, and nothing computed is lost."""
import os
import shutil
import subprocess
import time

from program import ENVIRONMENT, SystemTest, digest, ended, main, tasks_of


class Disk(SystemTest):
    def mounted(self, *options):
        """A small file system of its own, or the test is skipped."""
        point = self.here / "disk"
        point.mkdir()
        mount = subprocess.run(["mount", "-t", "tmpfs", "-o", ",".join(options), "tmpfs", point], capture_output=True, text=True)
        if mount.returncode:
            self.skipTest(f"cannot mount a small file system here: {mount.stderr.strip()}")
        self.addCleanup(subprocess.run, ["umount", point], check=True)
        return point

    def test_full_and_freed(self):
        disk = self.mounted("size=1m")
        job = self.job(plan={"samples": 20})
        self.mattis("run", job, "-o", "whole")
        (disk / "ballast").write_bytes(bytes(700_000))
        says = self.refused("run", job, "-o", disk / "job", code=ENVIRONMENT, saying=("disk", "No space left"))
        self.assertNotIn("internal", says)
        (disk / "ballast").unlink()
        subprocess.run(["mount", "-o", "remount,size=64m", disk], check=True)
        kept = self.done(disk / "job")
        self.assertGreater(kept, 0)
        again = tasks_of(self.mattis("run", job, "-o", disk / "job").stderr)
        self.assertGreaterEqual(again["done_before"], kept)
        self.assertEqual(self.samples(disk / "job"), self.samples("whole"))

    def test_read_only(self):
        disk = self.mounted("size=8m")
        job = self.job()
        self.mattis("run", job, "-o", disk / "job")
        samples = self.samples(disk / "job")
        subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
        self.refused("run", job, "-o", disk / "other", code=ENVIRONMENT, saying=("other", "Read-only"))
        self.refused("run", job, "-o", disk / "job", code=ENVIRONMENT, saying="Read-only")
        self.assertEqual(self.samples(disk / "job"), samples)  # readers need no leave to write
        self.mattis("status", disk / "job")

    def test_directories_that_cannot_be(self):
        job = self.job()
        self.refused("run", job, "-o", "job.toml/results", code=ENVIRONMENT, saying="job.toml/results")
        self.refused("run", job, "-o", "job.toml", code=ENVIRONMENT, saying="job.toml")
        self.refused("run", job, "-o", "/proc/mattis", code=ENVIRONMENT, saying="/proc/mattis")
        self.mattis("run", job)
        self.refused("plot", "job", "-o", "nowhere/figure.svg", code=ENVIRONMENT, saying="nowhere")

    def test_manifest_bent(self):
        job = self.job()
        self.mattis("run", job)
        manifest = self.here / "job/job.json"
        manifest.write_bytes(manifest.read_bytes()[:100])
        before = digest(self.here / "job")
        for verb in (["run", job], ["status", "job"], ["export", "job"]):
            self.refused(*verb, code=ENVIRONMENT, saying="job/job.json")
        self.assertEqual(digest(self.here / "job"), before)


class Stdout(SystemTest):
    def test_full(self):
        self.mattis("run", self.job())
        for words in (["export", "job"], ["export", "job", "--samples"], ["compare", "job"], ["status", "job"], ["check", "job.toml"],
                      ["models"], ["--help"], ["run", "--help"], ["theory", "hopfield", "capacity", "T=0"]):
            with open("/dev/full", "w") as full:
                self.assertIn("No space left", self.mattis(*words, code=ENVIRONMENT, stdout=full).stderr)


class Lock(SystemTest):
    def test_the_second_run_is_refused_while_the_first_lives(self):
        job = self.job(grid={"N": 400}, plan={"samples": 8, "sweeps": 20000})
        first = self.start("run", job, "-j", 1)
        self.wait_until((self.here / "job/progress.jsonl").exists, "the first run")
        self.refused("run", job, code=ENVIRONMENT, saying=("job", f"process {first.pid} is working here"))
        status = self.mattis("status", "job").stdout
        self.assertIn("running   yes", status)
        for word in ("tasks", "done", "begun", "missing", "rate"):
            self.assertIn(word, status)
        self.mattis("export", "job")
        first.kill()
        first.wait()
        self.assertIn("running   no", self.mattis("status", "job").stdout)
        second = self.start("run", job, "-j", 1)  # the lock died with its owner
        time.sleep(0.2)
        self.assertIsNone(second.poll())


if __name__ == "__main__":
    main()
