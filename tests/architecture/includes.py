"""Arrows point downwards: who may include whom, and the few files that may touch a library of the outside.

    sweeps -> models, analysis -> engine        (analysis knows no models, models no analysis)
"""
import pathlib
import re
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
FLOORS = {"engine": {"engine"}, "models": {"models", "engine"}, "analysis": {"analysis", "engine"},
          "sweeps": {"sweeps", "models", "analysis", "engine"}}
LEAVES = {  # a library's headers -> the only files that include them
    r"hdf5.*\.h|H5\w+\.h": r"engine/store/hdf5_file\.cpp",
    r"toml\+\+/.*": r"sweeps/(toml_section\.hpp|toml_section\.cpp|job_file\.cpp)",
    r"boost/program_options.*": r"sweeps/cli/.*",
    r"mpi\.h": r"sweeps/ranks_mpi\.cpp",
    r"gsl/.*": r"analysis/.*",
    r"omp\.h": r"sweeps/.*",
}
BANNED_NAMES = {"utils", "util", "common", "core", "misc", "helpers"}
LONGEST_FILE = 600


def sources():
    for floor in FLOORS:
        for path in sorted((ROOT / floor).rglob("*")):
            if path.suffix in {".hpp", ".cpp", ".h"}:
                yield path.relative_to(ROOT)


def includes(path):
    return re.findall(r'(?m)^\s*#\s*include\s*[<"]([^">]+)[">]', (ROOT / path).read_text())


class Includes(unittest.TestCase):
    def test_arrows_point_downwards(self):
        for path in sources():
            for header in includes(path):
                floor = header.split("/")[0]
                if floor in FLOORS:
                    self.assertIn(floor, FLOORS[path.parts[0]], f"{path} includes {header}")
                    self.assertTrue((ROOT / header).exists() or header.endswith("git_commit.hpp"), f"{path} includes {header}")

    def test_the_store_needs_only_the_errors_of_the_engine(self):
        for path in sources():
            if path.parts[:2] == ("engine", "store"):
                for header in includes(path):
                    if header.startswith("engine/"):
                        self.assertRegex(header, r"^engine/(store/.*|error\.hpp)$", str(path))

    def test_libraries_are_met_in_one_place(self):
        for path in sources():
            for header in includes(path):
                for library, where in LEAVES.items():
                    if re.fullmatch(library, header):
                        self.assertRegex(str(path), f"^{where}$", f"{path} includes {header}")

    def test_headers_are_named_from_the_root(self):
        for path in sources():
            text = (ROOT / path).read_text()
            for header in re.findall(r'(?m)^\s*#\s*include\s*"([^"]+)"', text):
                self.assertIn(header.split("/")[0], FLOORS, f"{path} includes {header}")
            if path.suffix != ".cpp" and not path.name.endswith(".inl.hpp"):  # those are included once per instruction set
                self.assertIn("#pragma once", text, str(path))


class Tree(unittest.TestCase):
    def test_no_drawer_for_everything(self):
        for top in (*FLOORS, "tests", "cmake"):
            for path in (ROOT / top).rglob("*"):
                self.assertNotIn(path.stem, BANNED_NAMES, str(path))

    def test_no_file_is_long(self):
        for path in sources():
            self.assertLessEqual((ROOT / path).read_text().count("\n"), LONGEST_FILE, str(path))

    def test_each_file_says_what_it_is(self):
        for path in sources():
            if path.suffix == ".hpp":
                self.assertRegex((ROOT / path).read_text(), r"\A//", f"{path} begins with no sentence")


if __name__ == "__main__":
    unittest.main()
