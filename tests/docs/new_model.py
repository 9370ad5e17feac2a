"""models/README.md leads to a model that is right: new_model.py SOURCE TREE

A copy of the source in TREE gets the blocks of the page, is built by the page's own commands and runs the page's own
check: simulated against exact averages, for every rule and order, and energies worked out by hand.
"""
import csv
import math
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

from markdown import apply_edit, blocks

source, tree = (Path(argument).resolve() for argument in sys.argv[1:])
# The objects of the first build serve the second where ccache is told that the place of the tree does not matter.
environment = dict(os.environ, CCACHE_BASEDIR=os.fspath(tree), CCACHE_NOHASHDIR="1", CMAKE_BUILD_PARALLEL_LEVEL=str(os.cpu_count()))
if shutil.which("ccache"):
    environment.update(CMAKE_C_COMPILER_LAUNCHER="ccache", CMAKE_CXX_COMPILER_LAUNCHER="ccache")


def shell(commands):
    begin = time.monotonic()
    subprocess.run(["bash", "-euo", "pipefail", "-c", commands], cwd=tree, env=environment, stdin=subprocess.DEVNULL, check=True)
    print(f"{time.monotonic() - begin:.1f} s: {commands.splitlines()[0]} ...", flush=True)


def rows(file):
    """Value and thermal error by everything that names a row."""
    with open(tree / file, newline="", encoding="utf-8") as stream:
        return {tuple(row[key] for key in ("N", "P", "T", "sample", "observable", "component")): (float(row["value"]), row["error_thermal"])
                for row in csv.DictReader(stream)}


def copy_of_the_source():
    """What git would hand out; without git, all but the build trees. Old build trees of the copy stay."""
    for entry in tree.glob("*"):
        if not entry.name.startswith("build"):
            shutil.rmtree(entry) if entry.is_dir() else entry.unlink()
    listed = subprocess.run(["git", "-C", os.fspath(source), "ls-files", "-co", "--exclude-standard", "-z"], capture_output=True, text=True)
    if listed.returncode == 0:
        for name in filter(None, listed.stdout.split("\0")):
            (tree / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source / name, tree / name)
    else:
        shutil.copytree(source, tree, ignore=shutil.ignore_patterns("build*", ".*"), dirs_exist_ok=True)


def check_gibbs():
    """|z| < 4 in every row (false alarm: 6e-5 a row), errors below 1 % of the range of the observable."""
    patterns = 3
    span = {"energy_per_spin": patterns / 2, "energy_variance": (patterns / 2) ** 2 / 4, "overlap_abs": 1, "overlap_squared": 1}
    for rule in ("glauber", "metropolis"):
        for order in ("sequential", "random", "permutation"):
            shell(f"build/mattis run gibbs.toml -q -o {rule}-{order} --set dynamics.kind={rule} --set dynamics.order={order}\n"
                  f"build/mattis export {rule}-{order} --samples > simulated.csv")
            exact, simulated = rows("exact.csv"), rows("simulated.csv")
            assert set(exact) == set(simulated) and {key[4] for key in exact} == set(span)
            z = {}
            for key, (value, error) in simulated.items():
                z[key] = (value - exact[key][0]) / float(error)
                assert abs(z[key]) < 4, (rule, order, key, value, error, exact[key][0])
                assert float(error) < 0.01 * span[key[4]], (key, error)
            worst = max(map(abs, z.values()))
            mean_square = sum(x * x for x in z.values()) / len(z)
            print(f"{rule} {order}: {len(z)} rows, largest |z| {worst:.2f}, mean z^2 {mean_square:.2f}", flush=True)


def check_by_hand():
    """N = 3, P = 1: two states with H = -3/2, six with H = -1/54."""
    job = '--set grid.N=3 --set grid.P=1 --set grid.T=[0.0,0.7] --set plan.samples=1 --set "measure.observables=[\\"energy_per_spin\\"]"'
    shell(f"build/mattis exact gibbs.toml --samples {job} > exact.csv")
    aligned, other = 2 * math.exp(1.5 / 0.7), 6 * math.exp(1 / 54 / 0.7)
    by_hand = {"0": -0.5, "0.7": -(1.5 * aligned + other / 54) / (aligned + other) / 3}
    found = {key[2]: value for key, (value, _) in rows("exact.csv").items()}
    assert found.keys() == by_hand.keys() and all(abs(found[t] - by_hand[t]) < 1e-12 for t in found), (found, by_hand)
    print(f"by hand: {by_hand}")


tree.mkdir(parents=True, exist_ok=True)
copy_of_the_source()
page = blocks(source / "models" / "README.md")
for block in page:
    if block.name:
        (tree / block.name).write_text(block.text, encoding="utf-8")
    elif block.language == "diff":
        apply_edit(tree, block)
for block in page:
    if block.language == "sh":
        shell(block.text)
check_gibbs()
check_by_hand()
