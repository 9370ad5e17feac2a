"""The code blocks of a page, as a reader would copy them."""
import re
from pathlib import Path
from typing import NamedTuple


class Block(NamedTuple):
    language: str
    name: str  # of the file it is, where the line before says so: **models/quartic.hpp**
    text: str
    line: int


def blocks(page):
    """All fenced blocks of the page, in order."""
    found, inside, before = [], None, ""
    for number, line in enumerate(Path(page).read_text(encoding="utf-8").splitlines(), 1):
        fence = re.fullmatch(r"```(\w*)", line)
        if inside is None and fence:
            name = re.fullmatch(r"\*\*(\S+)\*\*", before)
            inside = (fence[1], name[1] if name else "", [], number)
        elif inside is not None and fence:
            found.append(Block(inside[0], inside[1], "".join(f"{text}\n" for text in inside[2]), inside[3]))
            inside = None
        elif inside is not None:
            inside[2].append(line)
        before = line
    assert inside is None, f"{page}: the block of line {inside[3]} has no end"
    return found


def apply_edit(tree, block):
    """A diff without line numbers: `--- FILE`, then lines that are there (blank first) and lines to add (+ first)."""
    first, *lines = block.text.splitlines()
    assert first.startswith("--- "), f"line {block.line}: no file named"
    assert all(line[:1] in (" ", "+") for line in lines), f"line {block.line}: neither there nor added"
    file = Path(tree) / first[4:]
    old = "".join(f"{line[1:]}\n" for line in lines if line[0] == " ")
    new = "".join(f"{line[1:]}\n" for line in lines)
    text = file.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"line {block.line}: {text.count(old)} places in {first[4:]} for\n{old}"
    file.write_text(text.replace(old, new), encoding="utf-8")
