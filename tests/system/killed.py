"""Runs that end early: killed without warning, told to stop, stopped in the middle of a chain."""
import random
import signal
import time

from program import DONE, RUN_AGAIN, SystemTest, ended, main, tasks_of

LONG = {"grid": {"N": "[200, 300]", "T": "[0.0, 0.3]"}, "plan": {"sweeps": 300, "samples": 25}}
LONGER = {**LONG, "plan": {"sweeps": 600, "samples": 25}}  # tasks of some 30 ms: no kill comes after the last of them
TASKS = 2 * 2 * 25  # N, alpha, samples
SLOWLY = ("--kernel", "scalar")  # the same bits, and time to be killed in
KILLS, FEWEST_HITS = 10, 8  # a kill may come too late on a busy machine, but not many may


class KillTest(SystemTest):
    def kill_at(self, job, directory, threads, share, jitter):
        """Starts a run, kills it a moment after `share` of the tasks are there; says whether tasks were running then."""
        process = self.start("run", job, "-o", directory, "-j", threads, *SLOWLY)
        least = int(TASKS * share)
        self.wait_until(lambda: self.done(directory) >= least or process.poll() is not None, f"{least} tasks")
        time.sleep(jitter.uniform(0, 0.01))
        code, stderr = ended(process, signal.SIGKILL)
        self.assertIn(code, (-signal.SIGKILL, DONE), stderr)
        if code == DONE:  # before the kill came
            self.assertEqual(self.done(directory), TASKS)
        return code == -signal.SIGKILL and self.done(directory) < TASKS

    def files(self, directory):
        """Finished tasks as files that no one wrote again: name, inode, time of writing."""
        return {(path.name, path.stat().st_ino, path.stat().st_mtime_ns) for path in (self.here / directory / "shards").glob("*.h5")}


class Killed(KillTest):
    def test_ten_kills_in_a_row_lose_only_tasks_in_flight(self):
        job, jitter = self.job(**LONGER), random.Random(7)
        self.mattis("run", job, "-o", "whole", "-j", 2)
        hits, done, finished = 0, 0, set()
        for k in range(KILLS):
            hits += self.kill_at(job, "killed", 1 + k % 3, (5 + 10 * k) / 100, jitter)
            before, finished = finished, self.files("killed")
            self.assertLessEqual(before, finished, "a finished task was lost or computed again")
            done = self.done("killed")
        self.assertGreaterEqual(hits, FEWEST_HITS, "kills that met a running program")
        last = tasks_of(self.mattis("run", job, "-o", "killed", "-j", 2).stderr)
        # Every task was finished once, by a run that was killed or by the last: what was computed twice was in flight.
        self.assertEqual(last, {"tasks": TASKS, "done_before": done, "ran": TASKS - done, "continued": 0})
        self.assertLessEqual(finished, self.files("killed"))
        self.assertEqual(self.done("killed"), TASKS)
        self.assertEqual(self.samples("killed"), self.samples("whole"))
        self.assertEqual(self.mattis("export", "killed").stdout, self.mattis("export", "whole").stdout)


class KilledEach(KillTest):
    def test_ten_moments_each_in_a_run_of_its_own(self):
        job, jitter = self.job(**LONGER), random.Random(8)
        self.mattis("run", job, "-o", "whole", "-j", 2)
        whole, hits = self.samples("whole"), 0
        for k in range(KILLS):
            directory = f"killed{k}"
            hits += self.kill_at(job, directory, 2, k / KILLS, jitter)
            finished, done = self.files(directory), self.done(directory)
            resumed = tasks_of(self.mattis("run", job, "-o", directory, "-j", 3).stderr)
            self.assertEqual((resumed["done_before"], resumed["ran"]), (done, TASKS - done))
            self.assertLessEqual(finished, self.files(directory))
            self.assertEqual(self.samples(directory), whole, directory)
        self.assertGreaterEqual(hits, FEWEST_HITS, "kills that met a running program")


class Stopped(SystemTest):
    def stop(self, with_signal):
        job = self.job(**LONG)
        self.mattis("run", job, "-o", "whole", "-j", 1)
        process = self.start("run", job, "-o", "stopped", "-j", 2, *SLOWLY)
        self.wait_until(lambda: self.done("stopped") >= TASKS // 3 or process.poll() is not None, "a third of the tasks")
        code, stderr = ended(process, with_signal)
        self.assertEqual(code, RUN_AGAIN, stderr)
        self.assertIn("the same command goes on", stderr)
        first = tasks_of(stderr)
        second = tasks_of(self.mattis("run", job, "-o", "stopped", "-j", 3).stderr)
        self.assertEqual(second["done_before"], first["ran"])
        self.assertEqual(self.samples("stopped"), self.samples("whole"))

    def test_sigterm(self):
        self.stop(signal.SIGTERM)

    def test_sigint(self):
        self.stop(signal.SIGINT)

    def test_a_long_chain_continues_where_it_was(self):
        job = self.job(grid={"N": 1000, "alpha": 0.1, "T": 0.4}, start={"kind": '"cued"'}, plan={"samples": 1, "sweeps": 40000})
        self.mattis("run", job, "-o", "whole", "-j", 1)
        process = self.start("run", job, "-o", "stopped", "-j", 1, *SLOWLY)
        self.wait_until((self.here / "stopped/progress.jsonl").exists, "the run")
        time.sleep(0.2)
        code, stderr = ended(process, signal.SIGTERM)
        self.assertEqual(code, RUN_AGAIN, stderr)
        status = self.mattis("status", "stopped").stdout.split()
        self.assertEqual(status[status.index("begun") + 1], "1")
        self.assertEqual(tasks_of(self.mattis("run", job, "-o", "stopped").stderr)["continued"], 1)
        self.assertEqual(self.samples("stopped"), self.samples("whole"))


if __name__ == "__main__":
    main()
