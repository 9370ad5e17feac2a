"""Runs that end early: killed without warning, told to stop, stopped in the middle of a chain."""
import random
import signal
import time

from program import RUN_AGAIN, SystemTest, ended, main, tasks_of

LONG = {"grid": {"N": "[200, 300]", "T": "[0.0, 0.3]"}, "plan": {"sweeps": 300, "samples": 10}}
TASKS = 2 * 2 * 10  # N, alpha, samples


class Killed(SystemTest):
    def test_ten_kills_in_a_row_lose_only_tasks_in_flight(self):
        job = self.job(**LONG)
        self.mattis("run", job, "-o", "whole", "-j", 2)
        jitter = random.Random(7)
        hits = 0
        for k in range(10):
            threads = 1 + k % 3
            process = self.start("run", job, "-o", "killed", "-j", threads)
            least = TASKS * (5 + 10 * k) // 100  # 5 %, 15 %, ... 95 % of the tasks
            self.wait_until(lambda: self.shards("killed") >= least or process.poll() is not None, f"{least} shards")
            time.sleep(jitter.uniform(0, 0.01))
            code, _ = ended(process, signal.SIGKILL)
            hits += code == -signal.SIGKILL
            finished = self.shards("killed")
            status = self.mattis("status", "killed").stdout.split()
            # Every finished task is there to stay, so a kill costs at most what each thread had in hand.
            self.assertEqual(int(status[status.index("done") + 1]), finished)
        self.assertGreaterEqual(hits, 8, "kills that met a running program")
        last = tasks_of(self.mattis("run", job, "-o", "killed", "-j", 2).stderr)
        self.assertEqual(last["tasks"], TASKS)
        self.assertEqual(last["done_before"], finished)
        self.assertEqual(last["ran"], TASKS - finished)
        self.assertEqual(self.samples("killed"), self.samples("whole"))
        self.assertEqual(self.mattis("export", "killed").stdout, self.mattis("export", "whole").stdout)


class KilledEach(SystemTest):
    def test_ten_moments_each_in_a_run_of_its_own(self):
        job = self.job(**LONG)
        begin = time.monotonic()
        self.mattis("run", job, "-o", "whole", "-j", 2)
        whole, seconds = self.samples("whole"), time.monotonic() - begin
        for k in range(10):
            directory = f"killed{k}"
            process = self.start("run", job, "-o", directory, "-j", 2)
            time.sleep(seconds * (0.05 + 0.1 * k))
            was_running = process.poll() is None
            ended(process, signal.SIGKILL)
            finished = self.shards(directory)
            resumed = tasks_of(self.mattis("run", job, "-o", directory, "-j", 3).stderr)
            if was_running:
                self.assertEqual(resumed["done_before"], finished)
            self.assertEqual(resumed["done_before"] + resumed["ran"], TASKS)
            self.assertEqual(self.samples(directory), whole, directory)


class Stopped(SystemTest):
    def stop(self, with_signal):
        job = self.job(**LONG)
        self.mattis("run", job, "-o", "whole", "-j", 1)
        process = self.start("run", job, "-o", "stopped", "-j", 2)
        self.wait_until(lambda: self.shards("stopped") >= TASKS // 3 or process.poll() is not None, "a third of the tasks")
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
        process = self.start("run", job, "-o", "stopped", "-j", 1)
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
