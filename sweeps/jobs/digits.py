#!/usr/bin/python3
"""Handwritten digits as patterns of +-1: writes digits.npy beside this file.

    xi_i^mu = +1 if pixel i of image mu is at least 8, else -1        (pixels are 0 ... 16)

A pixel counts the inked points of a block of 4 x 4, so +1 means that at least half of the block is inked. Row mu is
image mu of sklearn.datasets.load_digits (Debian package python3-sklearn), column i = 8 * line + position in the line.

    digits.py           writes digits.npy (int8, 1797 x 64)
    digits.py --check   makes it anew and compares every byte; exit 1 if one differs
"""
import io
import pathlib
import sys

import numpy
from sklearn.datasets import load_digits

HALF_INKED = 8
FILE = pathlib.Path(__file__).with_name("digits.npy")


def patterns_as_bytes():
    pixels = load_digits().data
    assert pixels.shape == (1797, 64) and pixels.min() == 0 and pixels.max() == 16
    patterns = numpy.where(pixels >= HALF_INKED, 1, -1).astype(numpy.int8)
    buffer = io.BytesIO()
    numpy.lib.format.write_array(buffer, patterns, version=(1, 0))
    return buffer.getvalue()


def main(arguments):
    if arguments == ["--check"]:
        same = FILE.read_bytes() == patterns_as_bytes()
        print(f"{FILE.name}: {'the same bytes' if same else 'DIFFERS'}")
        return 0 if same else 1
    if arguments:
        print(__doc__, file=sys.stderr)
        return 2
    FILE.write_bytes(patterns_as_bytes())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
