"""Several processes under mpirun: the same bits, and nothing lost when some of them die."""
import os
import pathlib
import random
import re
import shutil
import signal
import subprocess
import time

from program import BAD_INPUT, DONE, ENVIRONMENT, PROGRAM, RUN_AGAIN, SLOW, SystemTest, main, tasks_of

AS_ROOT = {"OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1", "OMPI_MCA_rmaps_base_oversubscribe": "1"}
MANY = {"grid": {"N": "[100, 150]", "alpha": "[0.05, 0.08, 0.1]", "T": "[0.0, 0.3]"}, "plan": {"sweeps": 4000, "samples": 200}}
TASKS = 2 * 3 * 200  # N, alpha, samples: some 0.2 s each
KILLS = 60
SLOWLY = ("--kernel", "scalar")  # the same bits, and time to be stopped in


def alive(process):
    """Does it run still? Open MPI leaves dead ranks as zombies for a while."""
    try:
        return pathlib.Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


class RanksTest(SystemTest):
    def setUp(self):
        super().setUp()
        if not shutil.which("mpirun"):
            self.skipTest("mpirun is not installed")

    def mpirun(self, ranks, *words, wrapper=()):
        process = subprocess.Popen(["mpirun", "-n", str(ranks), *wrapper, PROGRAM, *map(str, words)], cwd=self.here, text=True,
                                   env={**os.environ, **AS_ROOT}, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.stderr.close)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        return process

    def finish(self, process, code=DONE, timeout=120):
        stdout, stderr = process.communicate(timeout=timeout * SLOW)
        self.assertEqual(process.returncode, code, stdout + stderr)
        return stderr

    def attribute(self, directory, name):
        """What results.h5 says of the run."""
        text = subprocess.run(["h5dump", "-a", f"/provenance/{name}", f"{directory}/results.h5"], cwd=self.here, capture_output=True, text=True).stdout
        return re.search(r'\(0\): "([^"]*)"', text).group(1)

    def ranks_of(self, process):
        """Process numbers of the program's ranks."""
        children = pathlib.Path(f"/proc/{process.pid}/task/{process.pid}/children")
        try:
            return [int(child) for child in children.read_text().split()]
        except OSError:
            return []


class SameBits(RanksTest):
    def test_one_two_four_and_eight_ranks(self):
        job = self.job(plan={"samples": 8, "replicas": 2})
        self.mattis("run", job, "-o", "alone", "-j", 1)
        samples, averages = self.samples("alone"), self.mattis("export", "alone").stdout
        for ranks, threads in ((1, 2), (2, 1), (2, 2), (4, 1), (8, 1)):
            directory = f"ranks{ranks}x{threads}"
            says = self.finish(self.mpirun(ranks, "run", job, "-o", directory, "-j", threads))
            self.assertEqual(tasks_of(says)["ran"], 32)
            self.assertEqual(self.samples(directory), samples, directory)
            self.assertEqual(self.mattis("export", directory).stdout, averages, directory)
        self.assertIn("0 run now", self.finish(self.mpirun(2, "run", job, "-o", "alone")))

    def test_every_rank_works(self):
        job = self.job(**{**MANY, "plan": {"sweeps": 1000, "samples": 20}})
        self.finish(self.mpirun(2, "run", job, "-o", "two", "-j", 1, *SLOWLY))
        shares = [int(share) for share in self.attribute("two", "tasks_per_thread").split()]
        self.assertEqual(sum(shares), 120)
        self.assertEqual(len(shares), 2)
        self.assertGreater(min(shares), 30)


class RanksKilled(RanksTest):
    def test_sixty_kills_in_a_row(self):
        """Between 5 % and 95 %: one rank, the launcher, or all; each time resumed by another number of ranks."""
        job, choice, hits = self.job(**MANY), random.Random(1), 0
        self.mattis("run", job, "-o", "whole", timeout=600)
        for k in range(KILLS):
            least = int(TASKS * (0.05 + 0.9 * k / (KILLS - 1)))
            least = max(least, self.done("killed") + 1)  # some of its own: the ranks are at work
            process = self.mpirun(2 + k % 3, "run", job, "-o", "killed", "-j", 1, *SLOWLY)
            self.wait_until(lambda: self.done("killed") >= least or process.poll() is not None, f"{least} tasks")
            time.sleep(choice.uniform(0, 0.02))
            ranks = self.ranks_of(process)
            victims = (choice.sample(ranks, min(1, len(ranks))), [process.pid], [process.pid, *ranks])[k // 2 % 3]
            for victim in victims:
                try:
                    os.kill(victim, signal.SIGKILL)
                except ProcessLookupError:
                    pass
            process.communicate(timeout=60 * SLOW)
            hits += bool(ranks) and self.done("killed") < TASKS
            end = time.monotonic() + 0.5  # without a launcher ranks may go on
            while any(map(alive, ranks)) and time.monotonic() < end:
                time.sleep(0.02)
            for rank in filter(alive, ranks):
                os.kill(rank, signal.SIGKILL)
            self.wait_until(lambda: not any(map(alive, ranks)), "the end of the last rank")
        self.assertGreaterEqual(hits, KILLS * 3 // 4, "kills that met a running program")
        done = self.done("killed")
        last = tasks_of(self.finish(self.mpirun(2, "run", job, "-o", "killed", "-j", 1), timeout=600))
        self.assertEqual((last["done_before"], last["ran"]), (done, TASKS - done))
        self.assertEqual(self.samples("killed"), self.samples("whole"))
        self.assertEqual(self.mattis("export", "killed").stdout, self.mattis("export", "whole").stdout)


class RanksStopped(RanksTest):
    def test_signals_and_time_limit(self):
        job = self.job(grid={"N": 1000, "alpha": 0.1, "T": 0.4}, start={"kind": '"cued"'}, plan={"samples": 3, "sweeps": 200000})
        self.mattis("run", job, "-o", "whole")
        begun = self.here / "stopped/progress.jsonl"
        for ranks, send in ((2, signal.SIGUSR1), (3, signal.SIGTERM)):
            process = self.mpirun(ranks, "run", job, "-o", "stopped", "-j", 1, *SLOWLY)
            self.wait_until(begun.exists, "the run")
            time.sleep(1)
            start = time.monotonic()
            process.send_signal(send)
            _, stderr = process.communicate(timeout=60 * SLOW)
            self.assertLess(time.monotonic() - start, 30)
            # Open MPI's mpirun answers SIGTERM with a code of its own; what counts is what the ranks have saved.
            self.assertIn(process.returncode, (RUN_AGAIN,) if send == signal.SIGUSR1 else (RUN_AGAIN, 1, 143), stderr)
            begun.unlink()
        says = self.finish(self.mpirun(2, "run", job, "-o", "stopped", "-j", 1, "--time-limit", "1s", *SLOWLY), code=RUN_AGAIN)
        self.assertIn("the same command goes on", says)
        says = self.mattis("run", job, "-o", "stopped").stderr
        self.assertGreater(tasks_of(says)["continued"], 0)
        self.assertEqual(self.samples("stopped"), self.samples("whole"))


class Overhead(RanksTest):
    """20000 tasks of a few milliseconds: the ranks simulate for nine tenths of the time."""

    def measure(self, ranks, job):
        directory = f"ranks{ranks}"
        self.finish(self.mpirun(ranks, "run", job, "-o", directory, "-j", 1, "-q", *SLOWLY))
        return float(self.attribute(directory, "wall_seconds")), float(self.attribute(directory, "simulation_seconds"))

    def test_short_tasks(self):
        job = self.job(grid={"N": 100, "alpha": 0.1, "T": 0.5}, start={"kind": '"cued"'}, plan={"sweeps": 350, "samples": 20000},
                       measure={"observables": '["energy_per_spin", "retrieval_overlap"]'})
        (one, busy_one), (two, busy_two) = self.measure(1, job), self.measure(2, job)
        print(f"one rank: {one:.1f} s, {busy_one / one:.1%} simulating; two: {two:.1f} s, {busy_two / (2 * two):.1%}; ratio {one / two:.2f}")
        self.assertGreater(busy_one / one, 0.9)
        self.assertGreater(busy_two / (2 * two), 0.9)


class RanksFailing(RanksTest):
    def test_a_bad_job_is_said_once(self):
        job = self.job(grid={"N": -5})
        says = self.finish(self.mpirun(4, "run", job), code=BAD_INPUT)
        self.assertEqual(says.count("is no number of spins"), 1)
        self.assertFalse((self.here / "job").exists())

    def test_only_run_takes_a_launcher(self):
        self.assertIn("start it alone", self.finish(self.mpirun(2, "check", self.job()), code=BAD_INPUT))

    def test_one_rank_that_fails_is_named_and_the_rest_is_kept(self):
        """One rank may write no file larger than a few kilobytes: its first large shard fails there."""
        job = self.job(**{**MANY, "plan": {"sweeps": 1000, "samples": 10, "replicas": 4}})
        self.mattis("run", job, "-o", "whole")
        limited = ("bash", "-c", 'trap "" XFSZ; [ "$OMPI_COMM_WORLD_RANK" != 1 ] || ulimit -f 4; exec "$@"', "bash")
        says = self.finish(self.mpirun(2, "run", job, "-o", "failed", "-j", 1, wrapper=limited), code=ENVIRONMENT)
        self.assertIn("rank 1: ", says)
        self.assertIn("failed/shards", says)
        kept = self.done("failed")
        again = tasks_of(self.mattis("run", job, "-o", "failed").stderr)
        self.assertEqual(again["done_before"], kept)
        self.assertEqual(self.samples("failed"), self.samples("whole"))

    def test_a_rank_out_of_memory_names_its_sample(self):
        job = self.job(grid={"N": 20000, "alpha": 0.5, "T": 0.0}, start={"kind": '"random"'}, plan={"samples": 4, "sweeps": 1, "burn_in": 0})
        limited = ("bash", "-c", '[ "$OMPI_COMM_WORLD_RANK" != 1 ] || ulimit -d 30000; exec "$@"', "bash")
        says = self.finish(self.mpirun(2, "run", job, "-o", "failed", "-j", 1, wrapper=limited), code=ENVIRONMENT)
        self.assertRegex(says, r"rank 1: hopfield .*N = 20000.*sample \d+.*out of memory")


class OtherLaunchers(SystemTest):
    def test_a_launcher_of_another_mpi_is_refused(self):
        job = self.job()
        for variable in ("OMPI_COMM_WORLD_SIZE", "PMI_SIZE"):
            self.refused("run", job, code=ENVIRONMENT, saying="2 ranks", env={**os.environ, **AS_ROOT, variable: "2"})
            self.mattis("check", job, env={**os.environ, variable: "1"})
        self.assertFalse((self.here / "job").exists())


if __name__ == "__main__":
    main()
