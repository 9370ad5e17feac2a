"""Every relative link of every page leads to a file: links.py SOURCE"""
import os
import re
import sys
from pathlib import Path

source = Path(sys.argv[1])
broken = []
for folder, folders, files in os.walk(source):
    folders[:] = [name for name in folders if not name.startswith((".", "build"))]
    for page in (Path(folder) / name for name in files if name.endswith(".md")):
        for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text(encoding="utf-8")):
            if not re.match(r"[a-z]+:|#", target) and not (page.parent / target.split("#")[0]).exists():
                broken.append(f"{page.relative_to(source)}: {target}")
print("\n".join(broken))
sys.exit(bool(broken))
