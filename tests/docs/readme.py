"""Every command of a page runs as written: readme.py SOURCE MATTIS DIRECTORY PAGE...

The blocks of all pages are taken in order: named files are written, jobs checked, shell and Python run, in DIRECTORY, which
shows the program as build/mattis, found by PATH, and the rest of the tree as it is.
"""
import os
import shutil
import subprocess
import sys
from pathlib import Path

from markdown import blocks

too_long = {"cmake/demo.sh", "cmake/test.sh", "cmake/test.sh fast", "cmake/test.sh default", "cmake/test.sh long", "cmake/test.sh asan",
            "mattis bench"}
not_here = {"bash -ec '. cmake/setup.sh; install_packages program; build release mattis -DMATTIS_TESTS=OFF'", "cmake --preset release", "cmake --build build", "cmake --build --preset release"}  # the tree is built already

source, program, directory = (Path(argument).resolve() for argument in sys.argv[1:4])
shutil.rmtree(directory, ignore_errors=True)
(directory / "build").mkdir(parents=True)
(directory / "build" / "mattis").symlink_to(program)
for entry in source.iterdir():
    if not entry.name.startswith((".", "build")):
        (directory / entry.name).symlink_to(entry)
os.environ["PATH"] = f"{directory / 'build'}{os.pathsep}{os.environ['PATH']}"
has_xarray = subprocess.run([sys.executable, "-c", "import xarray, h5netcdf"], stderr=subprocess.DEVNULL).returncode == 0


def run(command, place):
    print(f"{place}: {' '.join(command[-1:])}", flush=True)
    code = subprocess.run(command, cwd=directory, stdin=subprocess.DEVNULL).returncode
    if code != 0:
        sys.exit(f"{place}: exit code {code}")


for page in sys.argv[4:]:
    for block in blocks(source / page):
        place = f"{page}:{block.line}"
        if block.name:
            (directory / block.name).write_text(block.text, encoding="utf-8")
        if block.language == "toml":
            file = directory / (block.name or "fragment.toml")
            file.write_text(block.text, encoding="utf-8")
            run([os.fspath(program), "check", file.name], place)
        elif block.language == "sh":
            kept = [line for line in block.text.splitlines() if line.split("#")[0].strip() not in too_long | not_here]
            run(["bash", "-euo", "pipefail", "-c", "\n".join(kept)], place)
        elif block.language == "python":
            if has_xarray:
                run([sys.executable, "-c", block.text], place)
            else:
                print(f"{place}: skipped, python3-xarray and python3-h5netcdf are not installed")
        elif block.language == "console":  # a command and a part of what it prints
            command, part = block.text.split("\n", 1)
            assert command.startswith("$ "), place
            printed = subprocess.run(command[2:].split(), cwd=directory, capture_output=True, text=True, check=True).stdout
            if part not in printed:
                sys.exit(f"{place}: {command[2:]} prints something else:\n{printed}")
        elif block.language not in ("", "cpp", "diff"):
            sys.exit(f"{place}: nobody tests '{block.language}'")
