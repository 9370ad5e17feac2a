"""The job of sweeps/README.md names every key that `mattis check` prints: keys.py SOURCE MATTIS DIRECTORY"""
import re
import subprocess
import sys
from pathlib import Path

from markdown import blocks

source, program, directory = (Path(argument).resolve() for argument in sys.argv[1:])
job = next(block for block in blocks(source / "sweeps" / "README.md") if block.name == "every-key.toml")
directory.mkdir(parents=True, exist_ok=True)
(directory / job.name).write_text(job.text, encoding="utf-8")

shown, section = set(), ""
for line in job.text.splitlines():
    if header := re.match(r"\[(.+)\]", line):
        section = header[1] + "."
    elif key := re.match(r"(?:# )?(\w+) = ", line):
        shown.add(section + key[1])
printed = subprocess.run([program, "check", job.name], cwd=directory, capture_output=True, text=True, check=True).stdout
known = {line.split(" = ")[0] for line in printed.splitlines() if not line.startswith("#")}  # comments are no keys
missing = known - shown
if missing:
    sys.exit(f"sweeps/README.md does not name {', '.join(sorted(missing))}")
