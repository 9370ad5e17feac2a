"""What the verbs print: columns, numbers that read back, ranges, and every example of the help."""
import csv
import io
import json
import math
import re
import shlex
import struct
import subprocess

from program import SOURCE, SystemTest, main

VERBS = "models explain check plan run status export exact theory compare plot verify fsck merge bench".split()
SAMPLES = ["sample", "replica", "observable", "component", "value", "error_thermal"]
ESTIMATES = ["observable", "component", "mean", "error", "error_thermal", "error_disorder", "tau_int", "samples", "theory",
             "theory_level", "z", "alpha_actual", "equilibrated"]


def rows(text):
    return list(csv.DictReader(io.StringIO(text)))


def bits(number):
    return struct.pack("<d", number)


class Tables(SystemTest):
    def setUp(self):
        super().setUp()
        self.job(grid={"N": "[10, 12]", "alpha": "[0.1, 0.3]", "T": "[0.0, 0.5]"}, plan={"replicas": 2})
        self.mattis("run", "job.toml")

    def test_columns(self):
        for more, columns in (((), ESTIMATES), (("--samples",), SAMPLES)):
            run = self.mattis("export", "job", *more).stdout.splitlines()[0].split(",")
            exact = self.mattis("exact", "job.toml", *more).stdout.splitlines()[0].split(",")
            self.assertEqual(run, exact)
            self.assertEqual(run[:4], ["N", "alpha", "T", "start"])
            self.assertEqual(run[4:4 + len(columns)], columns)

    def test_exact_speaks_of_what_was_measured(self):
        place = lambda row: (row["N"], row["alpha"], row["T"], row["start"], row["sample"], row["observable"], row["component"])
        run = {place(row) for row in rows(self.mattis("export", "job", "--samples").stdout)}
        exact = rows(self.mattis("exact", "job.toml", "--samples").stdout)
        self.assertTrue(exact)
        self.assertLessEqual({place(row) for row in exact}, run)

    def test_json_is_csv(self):
        for verb in (["export", "job"], ["export", "job", "--samples"], ["exact", "job.toml"]):
            table = rows(self.mattis(*verb, "--format", "csv").stdout)
            objects = json.loads(self.mattis(*verb, "--format", "json").stdout)
            self.assertEqual(len(table), len(objects))
            for row, read in zip(table, objects):
                self.assertEqual(list(row), list(read))
                for name, text in row.items():
                    if read[name] is None:
                        self.assertEqual(text, "")
                    elif isinstance(read[name], (int, float)):
                        self.assertEqual(bits(float(text)), bits(float(read[name])), name)
                    else:
                        self.assertEqual(text, read[name])

    def test_the_mean_is_that_of_the_samples(self):
        by_point = {}
        for row in rows(self.mattis("export", "job", "--samples").stdout):
            if row["observable"] == "energy_per_spin":
                by_point.setdefault((row["N"], row["alpha"], row["T"], row["start"]), []).append(float(row["value"]))
        checked = 0
        for row in rows(self.mattis("export", "job").stdout):
            point = (row["N"], row["alpha"], row["T"], row["start"])
            if row["observable"] == "energy_per_spin" and point in by_point:
                self.assertAlmostEqual(float(row["mean"]), math.fsum(by_point[point]) / len(by_point[point]), delta=1e-14)
                checked += 1
        self.assertEqual(checked, len(by_point))

    def test_results_hold_what_export_says(self):
        self.mattis("run", self.job("alone.toml"))  # one replica: the chain's mean is the sample's
        dump = subprocess.run(["h5dump", "-y", "-m", "%.17g", "-d", "/energy_per_spin", self.here / "alone/results.h5"],
                              capture_output=True, text=True, check=True).stdout
        stored = {bits(float(number)) for number in re.findall(r"-?\d+\.?\d*(?:e[-+]?\d+)?", dump.partition("DATA {")[2].partition("}")[0])}
        said = {bits(float(row["value"])) for row in rows(self.mattis("export", "alone", "--samples").stdout)
                if row["observable"] == "energy_per_spin"}
        self.assertTrue(said)
        self.assertLessEqual(said, stored)

    def test_compare(self):
        compared = json.loads(self.mattis("compare", "job", "--format", "json").stdout)
        for part in ("points", "curves", "capacity"):
            self.assertIn(part, compared)
        rows(self.mattis("compare", "job", "--format", "csv").stdout)
        self.mattis("compare", "job", "--require", "4")  # two sizes give no row at N = inf

    def test_require_judges_the_rows_at_infinite_size(self):
        job = self.job(grid={"N": [100, 200, 400], "alpha": 0.03, "T": 0.3}, start={"kind": '"cued"'},
                       plan={"burn_in": 20, "sweeps": 60, "samples": 12},
                       measure={"observables": '["energy_per_spin", "retrieval_overlap"]', "condition": '"retained"', "cut": 0.5,
                                "lost_within": 80})
        self.mattis("run", job, "-o", "three", "-j", 2)
        self.mattis("compare", "three", "--require", "100")
        self.mattis("compare", "three", "--require", "1e-6", code=1)


class Theory(SystemTest):
    def test_one_object_or_a_list_over_a_range(self):
        one = json.loads(self.mattis("theory", "hopfield", "state", "alpha=0.05", "T=0.2", "phase=retrieval", "--format", "json").stdout)
        for key in ("model", "quantity", "level", "alpha", "T", "m", "q", "r", "f", "u", "s", "replicon", "converged", "residual", "source"):
            self.assertIn(key, one)
        many = json.loads(self.mattis("theory", "hopfield", "state", "alpha=0.05", "T=0.1:0.3:0.1", "phase=retrieval", "--format", "json").stdout)
        self.assertEqual([row["T"] for row in many], [0.1, 0.2, 0.3])
        self.assertEqual(many[1], one)
        table = rows(self.mattis("theory", "hopfield", "state", "alpha=0.05", "T=0.1:0.3:0.1", "phase=retrieval", "--format", "csv").stdout)
        self.assertEqual([bits(float(row["m"])) for row in table], [bits(row["m"]) for row in many])

    def test_capacity(self):
        capacity = json.loads(self.mattis("theory", "hopfield", "capacity", "T=0", "--format", "json").stdout)
        self.assertAlmostEqual(capacity["alpha_c"], 0.137906, delta=5e-7)
        self.assertAlmostEqual(capacity["m"], 0.967417, delta=5e-7)
        nothing = json.loads(self.mattis("theory", "hopfield", "state", "alpha=0.2", "T=0", "phase=retrieval", "--format", "json").stdout)
        self.assertIsNone(nothing["m"])  # beyond the spinodal there is no such state, and that is an answer
        self.assertTrue(nothing["converged"])

    def test_list(self):
        text = self.mattis("theory", "hopfield").stdout
        for quantity in ("state", "capacity", "T_M", "T_c", "T_R", "T_g"):
            self.assertIn(quantity, text)


class Jobs(SystemTest):
    def test_every_job_is_checked_and_planned(self):
        jobs = sorted((SOURCE / "sweeps/jobs").glob("*.toml"))
        self.assertTrue(jobs)
        for job in jobs:
            self.assertIn("seed", self.mattis("check", job).stdout)
            plan = self.mattis("plan", job).stdout
            for word in ("points", "tasks", "memory", "disk", "time"):
                self.assertIn(word, plan)
        self.assertEqual(list(self.here.iterdir()), [])

    def test_a_start_that_is_averaged_over_is_noted(self):
        self.job(plan={"burn_in": 0}, grid={"T": 0.5}, start={"kind": '"random"'})
        for verb in (["check"], ["plan"], ["run"]):
            self.assertIn("note: burn_in = 0", self.mattis(*verb, "job.toml").stderr)
        self.assertNotIn("note", self.mattis("check", "job.toml", "--set", "plan.burn_in=5").stderr)
        self.assertNotIn("note", self.mattis("check", "job.toml", "--set", "grid.T=0").stderr)

    def test_plan_says_what_it_rests_on(self):
        self.job()
        self.assertRegex(self.mattis("plan", "job.toml").stdout, r"time +about .* with \d+ threads \(from \d+ chains, run for [1-9\d.e-]+ s\)")

    def test_check_prints_a_job_that_is_the_job(self):
        self.job()
        text = self.mattis("check", "job.toml").stdout
        for line in ("grid.N = [40, 60]", "plan.sweeps = 50", "random.seed = 20261123", 'dynamics.kind = "glauber"'):
            self.assertIn(line, text)


class Help(SystemTest):
    def test_every_verb_explains_itself(self):
        overview = self.mattis("--help").stdout
        for verb in VERBS:
            self.assertRegex(overview, rf"(?m)^  {verb} ")
            text = self.mattis(verb, "--help").stdout
            self.assertIn(f"usage: mattis {verb}", text)
            self.assertRegex(text, rf"(?m)^example: mattis {verb}")
        self.assertRegex(self.mattis("--version").stdout, r"^mattis \d+\.\d+\.\d+ \(\S+\)\n$")

    def test_help_of_a_verb(self):
        self.assertEqual(self.mattis("help", "run").stdout, self.mattis("run", "--help").stdout)
        self.refused("help", "rnu", saying="did you mean 'run'?")

    def test_columns_of_models_stand_below_each_other(self):
        lines = self.mattis("models").stdout.splitlines()
        self.assertGreater(len(lines), 2)
        self.assertEqual(len({line.index("H = ") for line in lines}), 1)

    def test_the_readers_know_no_other_verbs(self):
        named = re.findall(r"(?m)^  (\w+) ", self.mattis("--help").stdout)
        self.assertEqual(sorted(named), sorted(VERBS))


class Examples(SystemTest):
    """The example of each help and the commands that it says come before it, as they stand there, from the source directory;
    `run` with fewer samples and sweeps."""

    SMALL = ["--set", "plan.samples=2", "--set", "plan.sweeps=10"]

    def setUp(self):
        super().setUp()
        (self.here / "sweeps").symlink_to(SOURCE / "sweeps")

    def run_as_written(self, line):
        words = shlex.split(line)
        self.mattis(*words, *(self.SMALL if words[0] == "run" else []))

    def test_each_runs(self):
        for verb in VERBS:
            text = self.mattis(verb, "--help").stdout
            before = re.search(r"(?ms)^after: (.*)", text)
            for line in re.findall(r"mattis (.*)", before.group(1)) if before else []:
                self.run_as_written(line)
            self.run_as_written(re.search(r"(?m)^example: mattis (.*)$", text).group(1))


if __name__ == "__main__":
    main()
