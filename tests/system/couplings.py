"""Couplings and fields of one's own: read from any format, refused with row and column, sampled rightly."""
import csv
import io
import struct

from program import BAD_INPUT, SystemTest, main

ISING = {"model": {"name": '"ising"'}, "grid": {"N": None, "alpha": None, "T": "[0.7, 1.5]"}, "start": {"kind": None},
         "couplings": {"file": '"J.csv"', "fields": '"h.csv"'}, "plan": {"burn_in": 500, "sweeps": 60000, "samples": 1, "replicas": 2}}
N = 8


def coupling(i, j):
    return 0 if i == j else round(((7 * min(i, j) + 13 * max(i, j)) % 11 - 5) / 10, 1)


MATRIX = [[coupling(i, j) for j in range(N)] for i in range(N)]
FIELDS = [round(0.1 * (i % 3) - 0.1, 1) for i in range(N)]


def text_of(rows):
    return "".join(",".join(map(str, row)) + "\n" for row in rows)


def npy(rows):
    shape = (len(rows), len(rows[0])) if isinstance(rows[0], list) else (len(rows),)
    flat = [x for row in rows for x in row] if isinstance(rows[0], list) else rows
    head = str({"descr": "<f8", "fortran_order": False, "shape": shape}).encode()
    head += b" " * (63 - (10 + len(head)) % 64) + b"\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(head)) + head + struct.pack(f"<{len(flat)}d", *flat)


class CouplingsTest(SystemTest):
    def setUp(self):
        super().setUp()
        (self.here / "J.csv").write_text(text_of(MATRIX))
        (self.here / "h.csv").write_text(text_of([[field] for field in FIELDS]))


class Couplings(CouplingsTest):
    def test_every_format_is_the_same_job(self):
        (self.here / "J.npy").write_bytes(npy(MATRIX))
        (self.here / "h.npy").write_bytes(npy(FIELDS))
        short = {**ISING, "plan": {"burn_in": 10, "sweeps": 50, "samples": 2, "replicas": 1}}
        self.mattis("run", self.job(**short), "-o", "text")
        binary = self.job("binary.toml", **{**short, "couplings": {"file": '"J.npy"', "fields": '"h.npy"'}})
        self.mattis("run", binary, "-o", "binary")
        self.assertEqual(self.samples("binary"), self.samples("text"))
        self.assertIn("0 run now", self.mattis("run", binary, "-o", "text").stderr)

    def refuse(self, rows, *saying, fields=None):
        (self.here / "J.csv").write_text(text_of(rows))
        if fields is not None:
            (self.here / "h.csv").write_text(text_of([[field] for field in fields]))
        self.refused("run", self.job(**ISING), saying=("J.csv" if fields is None else "h.csv", *saying))
        self.assertFalse((self.here / "job").exists())

    def changed(self, i, j, value):
        rows = [list(row) for row in MATRIX]
        rows[i][j] = value
        return rows

    def test_asymmetric(self):
        self.refuse(self.changed(2, 5, 0.77), "0.77", "2", "5")

    def test_no_number(self):
        self.refuse(self.changed(3, 1, "nan"), "nan")
        self.refuse(self.changed(3, 1, "inf"), "inf")

    def test_diagonal(self):
        self.refuse(self.changed(4, 4, 1), "diagonal", "4")

    def test_shape(self):
        self.refuse(MATRIX[:-1], "7", "8")
        self.refuse(MATRIX, "7", "8", fields=FIELDS[:-1])
        self.refuse(MATRIX, "nan", fields=[*FIELDS[:-1], "nan"])

    def test_what_does_not_belong(self):
        self.refused("check", self.job(**{**ISING, "patterns": {"bias": 0.1}}), saying=("patterns", "takes none"))
        self.refused("check", self.job(**{**ISING, "start": {"kind": '"cued"'}}), saying="no pattern to start from")
        self.refused("check", self.job(**{**ISING, "measure": {"observables": '["overlap"]'}}), saying="needs patterns")
        self.refused("check", self.job(**{**ISING, "measure": {"cut": 0.5}}), saying="speaks of patterns")
        self.refused("check", self.job(couplings={"file": '"J.csv"'}), saying="hopfield takes none")
        self.refused("check", self.job(dynamics={"kind": '"little"', "order": '"random"'}), saying="updated at once")
        self.refused("check", self.job(dynamics={"kind": '"nfold"', "order": '"random"'}), saying="rates of all sites")


class SampledExactly(CouplingsTest):
    """What `run` prints against what `exact` prints: |z| < 4."""

    def compare(self, job, observables, directory="run"):
        self.mattis("run", job, "-o", directory)
        rows = {}
        for verb in (("export", directory), ("exact", job)):
            for row in csv.DictReader(io.StringIO(self.mattis(*verb).stdout)):
                rows.setdefault((row["T"], row["observable"], row["component"]), []).append(row)
        seen = set()
        for (temperature, observable, component), pair in rows.items():
            if observable not in observables:
                continue
            simulated, exact = pair
            error = float(simulated["error"])
            if error == 0 and simulated["mean"] == exact["mean"]:
                continue
            z = (float(simulated["mean"]) - float(exact["mean"])) / error
            self.assertLess(abs(z), 4, f"{observable} {component} at T = {temperature}: {simulated} {exact}")
            seen.add(observable)
        self.assertEqual(seen, set(observables))

    def test_own_couplings(self):
        names = ["energy_per_spin", "energy_variance", "magnetisation", "replica_overlap"]
        self.compare(self.job(**{**ISING, "measure": {"observables": str(names).replace("'", '"')}}), names)

    def test_own_couplings_updated_at_once(self):
        names = ["energy_per_spin", "magnetisation", "replica_overlap", "step_overlap"]
        self.compare(self.job(**{**ISING, "dynamics": {"kind": '"little"'}, "measure": {"observables": str(names).replace("'", '"')}}), names)

    def test_own_couplings_without_rejections(self):
        names = ["energy_per_spin", "energy_variance", "magnetisation", "replica_overlap"]
        for rule in ("glauber", "metropolis"):
            self.compare(self.job(**{**ISING, "dynamics": {"kind": '"nfold"', "rule": f'"{rule}"'},
                                     "measure": {"observables": str(names).replace("'", '"')}}), names, directory=rule)
        self.assertIn("0 run now", self.mattis("run", "job.toml", "-o", "metropolis").stderr)

    def test_sk_in_a_field(self):
        names = ["energy_per_spin", "energy_variance", "magnetisation", "replica_overlap"]
        self.compare(self.job(model={"name": '"sk"'}, grid={"N": 9, "alpha": None, "h": 0.3, "T": "[0.6, 1.2]"}, start={"kind": None},
                              plan={"burn_in": 500, "sweeps": 60000, "samples": 1, "replicas": 2},
                              measure={"observables": str(names).replace("'", '"')}), names)


class TwoCycles(SystemTest):
    def test_are_counted_and_said(self):
        job = self.job(model={"name": '"sk"'}, grid={"N": 100, "alpha": None, "T": 0.0}, start={"kind": None},
                       dynamics={"kind": '"little"'}, plan={"burn_in": 0, "sweeps": 2000, "samples": 40, "stop": '"fixed_point"'})
        says = self.mattis("run", job).stderr
        rows = {row["observable"]: row for row in csv.DictReader(io.StringIO(self.mattis("export", "job").stdout))}
        cycles = float(rows["two_cycle"]["mean"])
        self.assertGreater(cycles, 0.5)  # most descents of SK under synchronous updates end in a cycle
        self.assertIn("cycle of length two", says)
        self.assertIn("cycle of length two", self.mattis("compare", "job").stderr)


if __name__ == "__main__":
    main()
