"""Results looked after: verify runs some again, fsck looks through the files, merge joins directories."""
import fcntl
import os
import re
import shutil
import signal
import subprocess

from program import COMPARISON_FAILED, DONE, ENVIRONMENT, RUN_AGAIN, SystemTest, digest, ended, main, tasks_of

FORGER = os.environ["MATTIS_SHARD_FORGER"]
SMALL = {"grid": {"N": "[30, 40]", "alpha": 0.1}, "plan": {"replicas": 2}}  # 6 tasks of 2 T, 2 starts and 2 replicas
TASKS, CHAINS = 6, 48
PATTERNS = ["+-" * 10, "++--" * 5, "+" * 10 + "-" * 10]


def counts(line):
    return list(map(int, re.findall(r"\d+", line)))


class Upkeep(SystemTest):
    def line(self, text, name):
        found = re.search(rf"(?m)^{name} +(.*)$", text)
        self.assertTrue(found, f"no line '{name}' in\n{text}")
        return found[1]

    def shard_files(self, directory):
        return sorted((self.here / directory / "shards").glob("*.h5"))

    def forge(self, directory):
        """False numbers under a right seal in one chain of a directory."""
        subprocess.run([FORGER, self.shard_files(directory)[0]], check=True)

    def pattern_job(self):
        (self.here / "patterns.txt").write_text("\n".join(PATTERNS) + "\n")
        return self.job(patterns={"file": '"patterns.txt"'}, grid={"N": None, "alpha": None, "P": "[1, 2]"})


class Verify(Upkeep):
    def verified(self, directory, *words, code=DONE):
        """Records compared, agreeing and differing."""
        before = digest(self.here / directory)
        text = self.mattis("verify", directory, *words, code=code).stdout
        self.assertEqual(digest(self.here / directory), before)
        return text, counts(self.line(text, "records"))

    def test_all_agree(self):
        self.mattis("run", self.job(**SMALL))
        text, records = self.verified("job", "--all", "-j", 2)
        self.assertEqual(records, [CHAINS + CHAINS // 2, CHAINS + CHAINS // 2, 0])  # with the overlap of each pair
        self.assertEqual(counts(self.line(text, "tasks")), [TASKS, TASKS, TASKS])
        self.assertEqual(len(re.findall("(?m)^task .* agree$", text)), TASKS)

    def test_the_seed_names_the_choice(self):
        self.mattis("run", self.job(**SMALL))
        first, records = self.verified("job")
        self.assertEqual(counts(self.line(first, "tasks")), [TASKS, 1, 1])
        self.assertEqual(records, [12, 12, 0])
        again, _ = self.verified("job", "--seed", self.line(first, "seed"), "-j", 1)
        self.assertEqual(again, first)
        half, _ = self.verified("job", "--share", 0.5)
        self.assertEqual(counts(self.line(half, "tasks")), [TASKS, 3, 3])
        choices = {re.search("(?m)^task .*$", self.mattis("verify", "job", "--seed", seed).stdout)[0] for seed in range(12)}
        self.assertGreater(len(choices), 1)

    def test_one_false_bit_is_found_and_placed(self):
        self.mattis("run", self.job(**SMALL))
        self.forge("job")
        self.mattis("fsck", "job")  # the seal is right: only the numbers are false
        text, records = self.verified("job", "--all", code=COMPARISON_FAILED)
        self.assertEqual(records[2], 1)
        self.assertRegex(text, r"(?m)^differs +hopfield N = [34]0, .* start, sample \d, replica \d: the same spins, but 1 of")
        self.assertRegex(text, r"(?m)^task .* 1 of 12 records differ$")

    def test_chains_that_were_extended_or_ended_early(self):
        falling = {"start": {"kind": '"random"'}, "grid": {**SMALL["grid"], "T": 0.0}}
        for name, job, before in (("sweeps", SMALL, {"sweeps": 20}), ("fixed", {**SMALL, **falling}, {"sweeps": 2, "samples": 2})):
            plan = {**job["plan"], **({"stop": '"fixed_point"', "burn_in": 0} if name == "fixed" else {})}
            self.mattis("run", self.job(f"{name}.toml", **{**job, "plan": {**plan, **before}}))
            self.mattis("run", self.job(f"{name}.toml", **{**job, "plan": plan}))
            _, records = self.verified(name, "--all")
            self.assertEqual(records[2], 0, name)

    def test_the_pattern_file_is_read_again(self):
        self.mattis("run", self.pattern_job())
        self.assertEqual(self.verified("job", "--all")[1][2], 0)
        (self.here / "patterns.txt").write_text("\n".join(reversed(PATTERNS)) + "\n")
        self.refused("verify", "job", saying=("patterns.txt", "content differs"))
        (self.here / "patterns.txt").unlink()
        self.refused("verify", "job", saying=("patterns.txt", "no such pattern file", "where `mattis run` was started"))

    def test_unfinished_tasks_are_left_alone(self):
        self.mattis("run", self.job(**SMALL))
        shutil.rmtree(self.here / "job/shards")
        self.refused("verify", "job", saying="no finished task")

    def test_wrong_words(self):
        self.mattis("run", self.job(**SMALL))
        for option, value in (("--share", "0"), ("--share", "1.5"), ("--share", "nan"), ("--seed", "-1"), ("-j", "0")):
            self.refused("verify", "job", option, value, saying=option)

    def test_interrupted(self):
        self.mattis("run", self.job(grid={"N": 1000, "alpha": 0.1, "T": 0.4}, start={"kind": '"cued"'}, plan={"sweeps": 3000, "samples": 4}))
        process = self.start("verify", "job", "--all", "-j", 1)
        self.assertIn("4 of 4", process.stderr.readline())
        code, stderr = ended(process, signal.SIGINT)
        self.assertEqual(code, RUN_AGAIN, stderr)


class Fsck(Upkeep):
    def looked_through(self, code=DONE):
        before = digest(self.here / "job")
        text = self.mattis("fsck", "job", code=code).stdout
        self.assertEqual(digest(self.here / "job"), before)
        self.assertEqual(self.line(text, "verdict"), "nothing is damaged" if code == DONE else "damaged")
        return text

    def test_a_finished_run(self):
        self.mattis("run", self.job(**SMALL))
        text = self.looked_through()
        size = sum(file.stat().st_size for file in self.shard_files("job"))
        self.assertEqual(counts(self.line(text, "shards")), [len(self.shard_files("job")), size])
        self.assertEqual(self.line(text, "chains"), str(CHAINS))
        for name, count in (("tasks", TASKS), ("done", TASKS), ("begun", 0), ("missing", 0)):
            self.assertEqual(self.line(text, name), str(count))
        self.assertEqual(self.line(text, "to run"), "nothing")

    def test_a_damaged_shard_under_a_name_that_no_task_writes(self):
        self.mattis("run", self.job(**SMALL))
        whole = self.samples("job")
        shard = self.shard_files("job")[0]
        bent = shard.with_name("older-0123456789abcdef.h5")
        bent.write_bytes(shard.read_bytes()[:-100])
        shard.unlink()
        text = self.looked_through(COMPARISON_FAILED)
        self.assertIn(bent.name, self.line(text, "damaged"))
        to_run = counts(self.line(text, "to run"))[0]
        self.assertRegex(text, r"(?m)^to run .*\n +hopfield N = [34]0,.* start, sample \d")
        self.assertEqual(tasks_of(self.mattis("run", "job.toml").stderr)["ran"], to_run)
        self.looked_through()
        self.assertFalse(bent.exists())
        self.assertEqual(self.samples("job"), whole)

    def test_what_cannot_be_read_is_kept(self):
        self.mattis("run", self.job(**SMALL))
        strange = self.here / "job/shards/task-0123456789abcdef.h5"
        strange.mkdir()
        self.assertIn(strange.name, self.line(self.looked_through(COMPARISON_FAILED), "no access"))
        self.mattis("run", "job.toml")
        self.assertTrue(strange.exists())

    def test_missing_shards_are_no_damage(self):
        self.mattis("run", self.job(**SMALL))
        shutil.rmtree(self.here / "job/shards")
        text = self.looked_through()
        self.assertEqual((self.line(text, "missing"), counts(self.line(text, "to run"))[0]), (str(TASKS), TASKS))
        self.assertIn("and 1 more", text)

    def test_leftovers(self):
        self.mattis("run", self.job(**SMALL))
        for name in ("job/shards/x.h5.1-2.tmp", "job/results.h5.1-2.tmp"):
            (self.here / name).write_text("torn")
        found = re.findall(r"(?m)^leftover +(\S+):", self.looked_through())
        self.assertEqual(found, ["job/results.h5.1-2.tmp", "job/shards/x.h5.1-2.tmp"])

    def test_results(self):
        self.mattis("run", self.job(**SMALL))
        results = self.here / "job/results.h5"
        for bend in (lambda data: data[:len(data) // 2], lambda data: b"", lambda data: bytes(len(data))):
            results.write_bytes(bend(results.read_bytes()))
            self.assertIn("results.h5", self.line(self.looked_through(COMPARISON_FAILED), "results"))
            self.mattis("run", "job.toml")
            self.looked_through()
        results.unlink()
        self.assertIn("not there", self.line(self.looked_through(), "results"))

    def test_the_job(self):
        self.mattis("run", self.job(**SMALL))
        manifest = self.here / "job/job.json"
        manifest.write_text(manifest.read_text()[:100])
        self.assertIn("job.json", self.line(self.looked_through(COMPARISON_FAILED), "job.json"))
        manifest.unlink()
        self.assertIn("not there", self.line(self.looked_through(COMPARISON_FAILED), "job.json"))
        self.refused("fsck", self.here, saying="no results of mattis")

    def test_shards_of_another_job(self):
        self.mattis("run", self.job(**SMALL))
        self.mattis("run", self.job("other.toml", measure={"cut": 0.5}))
        shutil.copy(self.shard_files("other")[0], self.here / "job/shards")
        self.assertIn("other records", self.line(self.looked_through(COMPARISON_FAILED), "foreign"))


class MergeTest(Upkeep):
    def run_parts(self, *parts, **job):
        """One job in several directories, each with --set assignments of its own; its name, and where each lies."""
        name = self.job("whole.toml", **(job or SMALL))
        directories = [f"part{k}" for k in range(len(parts))]
        for directory, assignments in zip(directories, parts):
            self.mattis("run", name, "-o", directory, *[word for text in assignments for word in ("--set", text)])
        return name, directories

    def held_to(self, job, directory="all", ran=0):
        """A merged directory is what one run of the whole job leaves, once the run has computed what it lacks."""
        self.assertEqual(tasks_of(self.mattis("run", job, "-o", directory).stderr)["ran"], ran)
        self.mattis("run", job, "-o", "alone")
        self.assertEqual(self.samples(directory), self.samples("alone"))
        self.assertEqual(self.mattis("export", directory).stdout, self.mattis("export", "alone").stdout)

    def merged(self, *directories, out="all", **more):
        before = [digest(self.here / directory) for directory in directories if directory != out]
        said = self.mattis("merge", *directories, "-o", out, **more)
        self.assertEqual(said.stdout, "")
        self.assertEqual([digest(self.here / directory) for directory in directories if directory != out], before)
        return said.stderr


class Merge(MergeTest):
    def test_sizes_and_samples(self):
        job, parts = self.run_parts(["grid.N=30"], ["grid.N=40", "plan.samples=2"], ["grid.N=40"])
        said = self.merged(*parts)
        self.assertIn("part0: 24 chains taken, 0 already there, 0 disagree", said)
        self.assertIn("part1: 16 chains taken, 0 already there, 0 disagree", said)
        self.assertIn("part2: 8 chains taken, 16 already there, 0 disagree", said)
        self.assertIn(f"all: {TASKS} of {TASKS} tasks done", said)
        self.assertIn(f"done      {TASKS}\n", self.mattis("status", "all").stdout)
        samples, estimates = self.samples("all"), self.mattis("export", "all").stdout
        self.mattis("compare", "all")
        self.mattis("plot", "all", "-o", "all.svg")
        self.mattis("fsck", "all")
        self.assertEqual(counts(self.line(self.mattis("verify", "all", "--all").stdout, "records"))[2], 0)
        self.held_to(job)
        self.assertEqual((self.samples("all"), self.mattis("export", "all").stdout), (samples, estimates))

    def test_results_say_where_they_come_from(self):
        _, parts = self.run_parts(["grid.N=30"], ["grid.N=40"])
        self.merged(parts[0], out="all")
        self.merged(parts[1], out="all")
        dump = subprocess.run(["h5dump", "-g", "/provenance", self.here / "all/results.h5"], capture_output=True, text=True, check=True).stdout
        for part in parts:
            self.assertEqual(dump.count(f"{part}: commit "), 1)

    def test_step_by_step_into_one_of_them(self):
        job, parts = self.run_parts(["grid.N=30"], ["grid.N=40", "plan.samples=1"], ["grid.N=40"])
        self.assertIn("part0: 24 chains were there before", self.merged("part0", "part1", out="part0"))
        said = self.merged("part2", out="part0")
        self.assertIn("part2: 16 chains taken, 8 already there", said)
        before = digest(self.here / "part0/shards")
        self.assertIn("part2: 0 chains taken, 24 already there", self.merged("part2", "part1", out="part0"))
        self.assertEqual(digest(self.here / "part0/shards"), before)
        self.held_to(job, "part0")

    def test_temperatures_starts_and_overlaps(self):
        starts = {"start": {"kind": '["cued", "random"]', "overlap": "[0.5, 1.0]"}}
        whole = self.job("whole.toml", **{**SMALL, **starts})
        for name, sections in (("random", {"start": {"kind": '"random"'}}),
                               ("half", {"start": {"kind": '"cued"', "overlap": 0.5}}),
                               ("full", {"start": {"kind": '"cued"'}, "grid": {**SMALL["grid"], "T": 0.4}}),
                               ("cold", {"start": {"kind": '"cued"'}, "grid": {**SMALL["grid"], "T": 0.0}})):
            self.mattis("run", self.job(f"{name}.toml", **{**SMALL, **sections}))
        self.merged("cold", "random", "half", "full")
        self.held_to(whole)

    def test_what_the_joint_grid_lacks(self):
        job, parts = self.run_parts(["grid.N=30", "plan.samples=2"], ["grid.N=40"])
        said = self.merged(*parts)
        self.assertIn(f"all: {TASKS - 1} of {TASKS} tasks done", said)
        command = said.splitlines()[-1].split("mattis run ")[1].replace("'", "").replace("[30, 40]", "[30,40]").split()
        self.assertEqual(tasks_of(self.mattis("run", *command).stderr)["ran"], 1)
        self.held_to(job)

    def test_fewer_sweeps_are_unfinished(self):
        job, parts = self.run_parts(["grid.N=30", "plan.sweeps=20"], ["grid.N=40"], ["grid.N=30", "plan.sweeps=35", "plan.samples=1"])
        self.assertIn("part2: 8 chains taken", self.merged(*parts))
        again = tasks_of(self.mattis("run", job, "-o", "all").stderr)
        self.assertEqual((again["done_before"], again["continued"]), (3, 3))
        self.held_to(job)

    def test_replicas(self):
        energy = {**SMALL, "measure": {"observables": '["energy_per_spin"]'}}
        job, parts = self.run_parts(["plan.replicas=1", "grid.N=30"], ["grid.N=40"], **energy)
        said = self.merged(*parts)
        self.assertIn(f"all: 3 of {TASKS} tasks done", said)
        self.held_to(job, ran=3)
        for part in parts:
            shutil.rmtree(self.here / part)
        _, parts = self.run_parts(["plan.replicas=3", "grid.N=30"], ["grid.N=40"])
        self.refused("merge", *parts, "-o", "none", saying=("replica_overlap on 3 replicas", "part0", "part1 has 2"))
        self.assertFalse((self.here / "none").exists())


class MergeDisagree(MergeTest):
    def test_other_physics(self):
        for key, values in (("plan.burn_in", (10, 11)), ("random.seed", (1, 2)), ("dynamics.kind", ("glauber", "metropolis"))):
            _, parts = self.run_parts([f"{key}={values[0]}"], [f"{key}={values[1]}"])
            self.refused("merge", *parts, "-o", "none", saying=("part0", "part1", key, str(values[0]), str(values[1])))
            self.assertFalse((self.here / "none").exists())
            for part in parts:
                shutil.rmtree(self.here / part)
        self.mattis("run", self.job("by_load.toml", **SMALL))
        self.mattis("run", self.job("by_number.toml", **{**SMALL, "grid": {"N": 30, "alpha": None, "P": 3}}))
        self.refused("merge", "by_load", "by_number", "-o", "none", saying=("by_number", "grid.alpha", "by_load"))

    def test_the_same_chain_with_other_bits(self):
        job, parts = self.run_parts(["grid.N=30"], ["grid.N=30"], ["grid.N=40"])
        self.forge("part1")
        said = self.merged(*parts, code=COMPARISON_FAILED)
        self.assertIn("part1: 0 chains taken, 23 already there, 1 disagree", said)
        self.assertRegex(said, r"(?m)^disagree, left out: hopfield N = 30,.* sample \d, replica \d: part0 and part1 differ after 60 sweeps$")
        self.assertIn(f"all: {TASKS - 1} of {TASKS} tasks done", said)
        self.held_to(job, ran=1)

    def test_damaged_shards_are_left_out_and_named(self):
        job, parts = self.run_parts(["grid.N=30"], ["grid.N=40"])
        shard = self.shard_files("part1")[0]
        shard.write_bytes(shard.read_bytes()[:-1])
        self.assertIn(f"damaged, left out: part1/shards/{shard.name}", self.merged(*parts))
        self.mattis("run", job, "-o", "all")
        self.held_to(job)

    def test_patterns_of_a_file_that_is_not_here(self):
        job = self.pattern_job()
        for p in (1, 2):
            self.mattis("run", job, "-o", f"part{p}", "--set", f"grid.P={p}")
        (self.here / "patterns.txt").rename(self.here / "elsewhere.txt")
        self.merged("part1", "part2")
        (self.here / "elsewhere.txt").rename(self.here / "patterns.txt")
        self.held_to(job)

    def test_words(self):
        _, parts = self.run_parts(["grid.N=30"])
        self.refused("merge", *parts, saying="-o")
        self.refused("merge", *parts, "nowhere", "-o", "all", saying="nowhere")
        self.assertEqual(self.mattis("merge", *parts, "-o", "all", "-q").stderr, "")
        with open(self.here / "all/lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            self.refused("merge", *parts, "-o", "all", code=ENVIRONMENT, saying="working here")


if __name__ == "__main__":
    main()
