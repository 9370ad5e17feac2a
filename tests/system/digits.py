"""The handwritten digits that are shipped: the bits that digits.md describes, and a job that no theory speaks of."""
import hashlib
import re
import subprocess

from program import SOURCE, SystemTest, main

JOBS = SOURCE / "sweeps/jobs"
HEADER = 128  # bytes of the .npy file before its entries
SYSTEM_PYTHON = "/usr/bin/python3"  # where Debian's python3-sklearn lives


def claims():
    """digits.md on one line."""
    return " ".join((JOBS / "digits.md").read_text().split())


def rows():
    """The patterns as tuples of +1 and -1, read by hand."""
    entries = (JOBS / "digits.npy").read_bytes()[HEADER:]
    signs = [byte - 256 if byte > 127 else byte for byte in entries]
    return [tuple(signs[64 * mu:64 * mu + 64]) for mu in range(len(signs) // 64)]


class Digits(SystemTest):
    def test_the_bytes_are_those_of_the_source(self):
        try:
            check = subprocess.run([SYSTEM_PYTHON, "-c", "import sklearn"], capture_output=True, check=False)
        except OSError as error:
            self.skipTest(str(error))
        if check.returncode != 0:
            self.skipTest("python3-sklearn is not installed: the other tests of this file hold the bits to digits.md")
        end = subprocess.run([SYSTEM_PYTHON, "-B", JOBS / "digits.py", "--check"], capture_output=True, text=True, check=False)
        self.assertEqual((end.returncode, end.stdout), (0, "digits.npy: the same bytes\n"), end.stderr)

    def test_the_checksum_is_the_stated_one(self):
        stated = re.search(r"([0-9a-f]{64})\s+digits\.npy", claims()).group(1)
        self.assertEqual(hashlib.sha256((JOBS / "digits.npy").read_bytes()).hexdigest(), stated)

    def test_shape_and_entries(self):
        content = (JOBS / "digits.npy").read_bytes()
        self.assertIn(b"'descr': '|i1', 'fortran_order': False, 'shape': (1797, 64)", content[:HEADER])
        self.assertEqual(len(content), HEADER + 1797 * 64)
        self.assertEqual({entry for row in rows() for entry in row}, {-1, 1})
        self.assertIn("holds 1797 patterns of 64 sites", claims())
        self.assertIn(f"all {len(content)} bytes", claims())
        self.assertIn(f"The {1797 * 64} entries", claims())

    def test_the_counts_are_the_stated_ones(self):
        patterns = rows()
        distinct = len(set(patterns))
        self.assertIn(f"{distinct} of the 1797 rows are distinct after thresholding ({1797 - distinct} repeat", claims())
        constant = sum(len(set(column)) == 1 for column in zip(*patterns))
        self.assertIn(f"{constant} sites have the same value in all rows", claims())
        share = sum(entry == 1 for row in patterns for entry in row) / (1797 * 64)
        self.assertIn(f"{100 * share:.1f} % of the entries are +1", claims())

    def test_the_overlaps_are_the_stated_ones(self):
        # sum_{mu != nu} (xi^mu . xi^nu)^k for k = 1, 2 from S_i = sum_mu xi_i and C_ij = sum_mu xi_i xi_j, in integers
        patterns, pairs = rows(), 1797 * 1796
        columns = list(zip(*patterns))
        first = sum(sum(column) ** 2 for column in columns) - 1797 * 64
        bits = [sum(1 << mu for mu, entry in enumerate(column) if entry == 1) for column in columns]
        second = sum((1797 - 2 * bin(a ^ b).count("1")) ** 2 for a in bits for b in bits) - 1797 * 64 ** 2
        self.assertIn(f"is {first / pairs / 64:.4f} on average, root mean square {(second / pairs) ** 0.5 / 64:.4f}", claims())


class Job(SystemTest):
    def setUp(self):
        super().setUp()
        self.mattis("run", JOBS / "digits.toml", "--set", "plan.samples=2", "--set", "grid.P=[1, 2]",
                    "--set", "patterns.ensemble=file", "-o", "digits")

    def test_without_theory_nothing_is_compared_and_one_sentence_says_so(self):
        said = self.mattis("compare", "digits").stdout
        self.assertRegex(said, r"\Anothing is compared: no theory here speaks of retrieval_overlap, .*\n\Z")

    def test_the_figure_leaves_its_data_and_its_script(self):
        self.mattis("plot", "digits", "-o", "digits.svg")
        self.assertEqual({path.name for path in self.here.glob("digits.*")}, {"digits.svg", "digits.curves.csv", "digits.gp"})
        said = self.mattis("plot", "--help").stdout
        for ending in (".curves.csv", ".gp"):
            self.assertIn(ending, said)
        fractions, others = [], []
        for panel in (self.here / "digits.gp").read_text().split("# panel")[1:]:
            (fractions if 'label "fraction' in panel else others).append(re.findall(r"(?m)^(?:least|greatest) = (\S+)$", panel))
        self.assertEqual(fractions, [["0", "1"]])  # of chains that retrieve; what ran out of sweeps has no panel
        self.assertNotIn(["0", "1"], others)


if __name__ == "__main__":
    main()
