"""Input that is wrong: exit code 2, and a message that says where, what, and what would be right."""
import struct

from program import BAD_INPUT, ENVIRONMENT, SystemTest, job_text, main


def npy(rows, columns, entries):
    """An int8 .npy file of the promised shape that holds as many entries as asked."""
    header = f"{{'descr': '|i1', 'fortran_order': False, 'shape': ({rows}, {columns}), }}"
    header += " " * (53 - len(header) % 64 + 64 * (len(header) % 64 > 53)) + "\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode() + b"\x01" * entries


class Values(SystemTest):
    def test_each_is_placed_and_explained(self):
        for section, key, value, phrases in (
            ("plan", "sweps", "10", ("unknown key 'sweps'", "[plan]", "did you mean 'sweeps'?")),
            ("plan", "sweeps", '"many"', ("plan.sweeps", "no whole number")),
            ("plan", "sweeps", "0", ("plan.sweeps", "at least 1")),
            ("plan", "samples", "2.5", ("plan.samples", "no whole number")),
            ("plan", "burn_in", "-1", ("plan.burn_in", "at least 0")),
            ("grid", "N", "-40", ("grid.N", "-40")),
            ("grid", "N", "0", ("grid.N", "no number of spins")),
            ("grid", "N", "40.5", ("grid.N", "40.5")),
            ("grid", "N", "[]", ("grid.N", "empty")),
            ("grid", "P", "0", ("grid.P",)),
            ("grid", "P", "-3", ("grid.P",)),
            ("grid", "alpha", "0.001", ("grid.alpha", "no pattern", "alpha >=")),
            ("grid", "alpha", "{ from = 0.1, to = 0.2, step = 0.03 }", ("grid.alpha", "0.03", "points = 4")),
            ("grid", "alpha", "{ from = 0.2, to = 0.1, step = 0.05 }", ("grid.alpha", "empty")),
            ("grid", "alpha", "{ from = 0.2, to = 0.1, stp = 0.05 }", ("stp", "did you mean 'step'?")),
            ("grid", "T", "-0.1", ("grid.T", "no temperature")),
            ("grid", "T", "nan", ("grid.T", "nan")),
            ("grid", "T", '"hot"', ("grid.T", "no number")),
            ("start", "kind", '"warm"', ("start.kind", "'warm'", "cued, random")),
            ("start", "overlap", "1.5", ("start.overlap", "between -1 and 1")),
            ("start", "pattern", "100", ("start.pattern", "100")),
            ("dynamics", "order", '"sequentially"', ("dynamics.order", "did you mean 'sequential'?")),
            ("model", "name", '"hopfeild"', ("model.name", "did you mean 'hopfield'?")),
            ("measure", "observables", '["energy"]', ("measure.observables", "did you mean 'energy_per_spin'?")),
            ("random", "seed", "-1", ("random.seed", "at least 0")),
            ("random", "seed", "9223372036854775808", ("64 bits",)),
        ):
            with self.subTest(key=key, value=value):
                sections = {section: {key: value}}
                if key == "P":
                    sections["grid"]["alpha"] = None
                job = self.job(**sections)
                lines = (self.here / job).read_text().splitlines()
                line = next(n for n, text in enumerate(lines, 1) if text.startswith(f"{key} ="))
                for verb in ("check", "plan", "run", "exact"):
                    self.refused(verb, job, saying=(f"job.toml:{line}:", *phrases))
                self.assertFalse((self.here / "job").exists(), "a refused job leaves nothing")
        self.assertFalse((self.here / "job").exists())

    def test_what_is_missing_is_named(self):
        for section, key in (("grid", "N"), ("grid", "T"), ("model", "name")):
            self.refused("check", self.job(**{section: {key: None}}), saying=(f"{section}.{key}", "missing"))
        self.refused("check", self.job(grid={"alpha": None}), saying=("hopfield needs it", "P or alpha"))
        self.refused("check", self.job(grid={"P": 3}), saying=("grid.alpha", "beside P"))

    def test_a_misspelt_axis_is_named_before_a_missing_one(self):
        self.refused("check", self.job(grid={"T": None, "beta": 2}), saying=("unknown key 'beta'", "[grid]", "T"))

    def test_results_need_a_directory(self):
        self.job()
        (self.here / "memories.csv").write_text("")
        for directory in ("memories.csv", "memories.csv/x"):
            self.refused("run", "job.toml", "-o", directory, code=ENVIRONMENT, saying=("memories.csv", "is a file", "-o DIR"))
        self.refused("run", "job.toml", "-o", "/proc/x", code=ENVIRONMENT, saying=("/proc/x", "-o DIR"))

    def test_sweeps_may_grow_not_shrink(self):
        self.mattis("run", self.job())
        self.refused("run", "job.toml", "--set", "plan.sweeps=20", saying=("may grow, not shrink",))

    def test_overrides(self):
        self.job()
        self.refused("check", "job.toml", "--set", "plan.sweep=3", saying=("--set plan.sweep=3", "did you mean 'sweeps'?"))
        self.refused("check", "job.toml", "--set", "samples=50", saying=("unknown key 'samples'", "plan.samples"))
        for words in ("plan.sweeps", "=3", "=", "plan..sweeps=3", "plan=3", "[=3"):
            self.refused("check", "job.toml", "--set", words, saying="--set")


class Patterns(SystemTest):
    def refused_patterns(self, name, content, *saying):
        if content is not None:
            (self.here / name).write_bytes(content)
        job = self.job(patterns={"file": f'"{name}"'}, grid={"N": None, "alpha": None, "P": 1})
        self.refused("run", job, saying=("job.toml:", name, *saying))

    def test_files(self):
        self.refused_patterns("two.csv", b"1,-1,1,1\n1,2,-1,1\n", "two.csv:2", '"2"', "-1, 0 or +1")
        self.refused_patterns("ragged.txt", b"+-+-\n+-\n", "ragged.txt:2")
        self.refused_patterns("short.npy", npy(3, 20, 50), "3 x 20", "50", "truncated")
        self.refused_patterns("empty.npy", b"")
        self.refused_patterns("header.npy", npy(3, 20, 60)[:30])
        self.refused_patterns("empty.txt", b"")
        self.refused_patterns("missing.npy", None, "no such")
        self.refused_patterns("image.gif", b"GIF89a", ".npy, .csv, .txt")
        self.refused_patterns("nothing.h5:/patterns", None)

    def test_more_patterns_than_the_file_has(self):
        (self.here / "few.npy").write_bytes(npy(3, 20, 60))
        for load in ({"P": 4}, {"alpha": 0.2}):
            job = self.job(patterns={"file": '"few.npy"'}, grid={"N": None, "P": None, "alpha": None, **load})
            self.refused("run", job, saying=("few.npy", "3"))
        self.refused("run", self.job(patterns={"file": '"few.npy"'}, grid={"N": 21}), saying=("grid.N", "20"))


class Toml(SystemTest):
    def test_malformed_never_aborts(self):
        good = job_text().encode()
        for text in (
            b"a = [1,\n", b"[\n2@", b"\xef\xba\xbf.", b'x = "\xff"\n', b"[a]\n[a]\n", b"a = 1\na = 2\n", b"a = " + b"[" * 5000,
            b"", b"\x00", b"\xef\xbb\xbf", b"[[grid]]\nN = 3\n", b'title = "open', b"= 3\n", b"a.b.c = {", b"model = 3\n",
            b"a = 1979-13-45\n", b"[model]\nname = \"hopfield\"\n[model.name]\n", b"a" * 100000, good[:len(good) // 2],
            good.replace(b"]", b""), good.replace(b'"', b""), good.replace(b"=", b""),
        ):
            (self.here / "job.toml").write_bytes(text)
            self.refused("check", "job.toml", saying="job.toml")
        (self.here / "job.toml").write_bytes(good.replace(b"[plan]", b"[plan"))
        line = good.decode().splitlines().index("[plan]") + 1
        self.refused("check", "job.toml", saying=f"job.toml:{line}:")

    def test_unreadable(self):
        self.refused("check", "missing.toml", saying="missing.toml")
        self.refused("check", ".", saying="cannot be read")


class Words(SystemTest):
    def test_verbs_and_options(self):
        self.job()
        self.refused("rnu", "job.toml", saying=("'rnu'", "did you mean 'run'?"))
        self.refused("run", saying="usage: mattis run JOB")
        self.refused("run", "job.toml", "more", saying="'more'")
        self.assertNotIn("mattis: mattis", self.refused("rnu"))
        for verb in ("plan", "run"):
            self.refused(verb, "job.toml", "-j", "0", saying=("-j", "one or more"))
            self.refused(verb, "job.toml", "-j", "abc", saying=("abc", "--threads", "a whole number"))
        self.refused("run", "job.toml", "--thread", "2", saying="--thread")
        for threads in ("-1", "two", "1.5", "99999999999"):
            self.refused("run", "job.toml", "-j", threads)
        self.refused("status", "nowhere", saying=("nowhere", "no results"))
        self.refused("export", ".", saying="no results")
        self.refused("export", ".", "--format", "xml")
        self.mattis("run", "job.toml")
        self.refused("export", "job", "--format", "xml", saying="csv, json")
        self.refused("plot", "job", "-o", "figure.gif", saying=".svg, .png")
        self.refused("compare", "job", "--require", "-1")
        self.refused("compare", "job", "--require", "nan")
        self.refused("explain", "hopfeild", saying="did you mean 'hopfield'?")
        self.mattis(code=BAD_INPUT)

    def test_theory(self):
        for words, phrases in (
            (["hopfeild", "state"], ("did you mean 'hopfield'?",)),
            (["hopfield", "stat"], ("did you mean", "state")),
            (["hopfield", "state", "alpha=0.05"], ("'T' is missing",)),
            (["hopfield", "state", "alpha=0.05", "T=-1"], ("T = -1",)),
            (["hopfield", "state", "alpha=0.05", "T=nan"], ("T",)),
            (["hopfield", "state", "alpha=x", "T=0.1"], ("alpha",)),
            (["hopfield", "state", "alpha=0.1:0.2:0", "T=0.1"], ("alpha", "range")),
            (["hopfield", "state", "alpha=0.1:0.2:-1", "T=0.1"], ("alpha", "range")),
            (["hopfield", "state", "alpha=0.1", "T=0.1", "beta=3"], ("beta",)),
            (["hopfield", "state", "P=5", "T=0.1"], ("takes no 'P'", "; known: alpha")),
            (["hopfield", "state", "alpha=0.1", "T=0.1", "T=0.2"], ("T",)),
            (["hopfield", "state", "alpha=0.1", "T=0.1", "phase=solid"], ("phase", "retrieval")),
            (["hopfield", "state", "alpha=0.1", "T=0.1", "--level", "2rsb"], ("--level", "rs")),
        ):
            self.refused("theory", *words, saying=phrases)


if __name__ == "__main__":
    main()
