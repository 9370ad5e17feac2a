"""The table of speed and the kernels of a run: structure, refusals and equal bits. Nothing is said of speed."""
import csv
import io
import json
import shutil
import subprocess

from program import BAD_INPUT, DONE, PROGRAM, SystemTest, main

COLUMNS = ["model", "N", "P", "T", "order", "kernel", "working", "acceptance", "ns_per_proposal", "mprop_per_s", "ratio_to_naive",
           "bound_mprop_per_s", "fraction_of_bound"]
FIXED = {"scalar", "cached", "table"}
BASELINES = {"naive", "tensor"}  # codes that are not ours; the tensor is of three-body memories
TINY = ["--size", 60, "--seconds", "0.01"]


class Table(SystemTest):
    def table(self, *words):
        return list(csv.DictReader(io.StringIO(self.mattis("bench", *words, *TINY, "--format", "csv").stdout)))

    def test_every_row_is_whole(self):
        for model in ("hopfield", "sk", "ising", "dense"):
            rows = self.table(model)
            self.assertEqual(list(rows[0]), COLUMNS)
            places = {}
            for row in rows:
                self.assertEqual((row["model"], row["N"], row["P"]), (model, "60", {"hopfield": "6", "dense": "180"}.get(model, "")))
                places.setdefault((row["T"], row["order"]), []).append(row["kernel"])
                for column in ("ns_per_proposal", "mprop_per_s", "ratio_to_naive"):
                    self.assertGreater(float(row[column]), 0, column)
                self.assertTrue(0 <= float(row["acceptance"]) <= 1)
                self.assertAlmostEqual(float(row["ns_per_proposal"]) * float(row["mprop_per_s"]), 1000, delta=1e-6)
                if row["kernel"] == "naive":
                    self.assertEqual(row["ratio_to_naive"], "1")
                if row["kernel"] in BASELINES:
                    self.assertEqual((row["working"], row["bound_mprop_per_s"]), (row["kernel"], ""))
                else:
                    self.assertIn(row["working"], FIXED)
                    if row["kernel"] != "auto":
                        self.assertEqual(row["working"], row["kernel"])
                    if row["bound_mprop_per_s"]:
                        self.assertAlmostEqual(float(row["fraction_of_bound"]), float(row["mprop_per_s"]) / float(row["bound_mprop_per_s"]))
            temperatures = ["1", "0.25", "0.175", "0.05"] if model == "dense" else ["2", "0.5", "0.1"]
            self.assertEqual(list(places), [(t, "sequential") for t in temperatures] + [(temperatures[-1], "random")])
            for kernels in places.values():
                first = ["naive", "tensor", "auto", "scalar"] if model == "dense" else ["naive", "auto", "scalar"]
                self.assertEqual(kernels[:len(first)], first)
                self.assertLessEqual(set(kernels[len(first):]), FIXED)

    def test_what_is_asked_for(self):
        rows = self.table("--temperature", "0", "--temperature", "0.7", "--order", "random", "--load", "0.2", "--kernel", "scalar")
        self.assertEqual([(row["P"], row["T"], row["order"], row["kernel"]) for row in rows],
                         [("12", t, "random", kernel) for t in ("0", "0.7") for kernel in ("naive", "scalar")])

    def test_formats(self):
        one_row = ["--temperature", "0.5", "--order", "sequential", "--kernel", "scalar"]
        read = json.loads(self.mattis("bench", *TINY, *one_row, "--format", "json").stdout)
        self.assertEqual([list(row) for row in read], [COLUMNS, COLUMNS])
        ended = self.mattis("bench", *TINY, *one_row)
        self.assertEqual(ended.stdout.splitlines()[0].split(), COLUMNS)
        self.assertIn("this machine, one core", ended.stderr)

    def test_narrower_instruction_sets(self):
        one_row = ["--temperature", "0.5", "--order", "sequential", "--kernel", "scalar"]
        for asked, said in (("scalar", "SCALAR"), ("SSE4", "SSE4"), ("AVX-512", "AVX")):
            self.assertIn(f"this machine, one core, {said}", self.mattis("bench", *TINY, *one_row, "--target", asked).stderr)

    def test_nonsense_is_refused(self):
        for words, phrases in ((("pspin",), ("no naive baseline", "hopfield")), (("sk", "--p", "3"), ("--p", "no order")),
                               (("dense", "--p", "2"), ("--p", "hopfield")), (("dense", "--p", "9"), ("--p", "2 to 8")), (("--size", "1"), ("--size", "makes no sense")),
                               (("--size", "10.5"), ("--size",)), (("--size", "-3"), ("--size",)),
                               (("--load", "0.001", "--size", "10"), ("--load", "no pattern")), (("--load", "nan"), ("--load",)),
                               (("sk", "--load", "0.1"), ("takes no load",)), (("--temperature", "-1"), ("--temperature",)),
                               (("--temperature", "inf"), ("--temperature",)), (("--seconds", "0"), ("--seconds",)),
                               (("--order", "permutation"), ("--order", "sequential, random")), (("--kernel", "tabel"), ("'table'",)),
                               (("--scan", "--size", "100"), ("--scan",)), (("--format", "xml"), ("--format",)), (("--target", "MMX"), ("--target", "AVX2")),
                               (("sk", "--kernel", "table", "--size", "60"), ("no chain", "table"))):
            self.refused("bench", *words, saying=phrases)


class Kernels(SystemTest):
    def usable(self, job):
        """The kernels that all chains of the job can use, by the refusals of the others."""
        names = {"auto", "scalar"}
        for kernel in ("cached", "table"):
            directory = self.here / kernel
            end = subprocess.run([PROGRAM, "run", job, "-q", "-o", directory, "--kernel", kernel], cwd=self.here,
                                 stdin=subprocess.DEVNULL, capture_output=True, text=True)
            if end.returncode == DONE:
                names.add(kernel)
                shutil.rmtree(directory)
            else:
                self.assertEqual(end.returncode, BAD_INPUT, end.stderr)
                self.assertRegex(end.stderr, rf"--kernel: no kernel '{kernel}' for .*; it can use: auto, scalar")
                self.assertFalse(directory.exists(), "a refused kernel leaves nothing")
        return sorted(names)

    def test_no_bit_depends_on_the_kernel(self):
        for model, grid in (("hopfield", {}), ("sk", {"alpha": None})):
            for order in ("sequential", "random"):
                job = self.job(model={"name": f'"{model}"'}, grid=grid, start={"kind": '"random"'},
                               dynamics={"kind": '"metropolis"', "order": f'"{order}"'})
                samples = set()
                for kernel in self.usable(job):
                    self.mattis("run", job, "-q", "-o", f"{model}-{order}-{kernel}", "--kernel", kernel)
                    samples.add(self.samples(f"{model}-{order}-{kernel}"))
                self.assertEqual(len(samples), 1, f"{model} {order}")

    def test_names(self):
        self.refused("run", self.job(), "--kernel", "tabel", saying=("--kernel", "did you mean 'table'?"))
        self.mattis("run", self.job(), "-q", "--kernel", "scalar")
        done = self.mattis("run", "job.toml", "--kernel", "auto").stderr  # another kernel, the same job
        self.assertIn("0 run now", done)


if __name__ == "__main__":
    main()
