"""One small case of the benchmark suite runs and prints what it should: structure.py PROGRAM. Nothing is said of speed."""
import re
import subprocess
import sys

CASE = "hopfield/N:1000/P:100/T:0.1/sequential"
command = [sys.argv[1], "--benchmark_min_time=0.001", f"--benchmark_filter=^{CASE}/"]
text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
codes = {}
for line in text.splitlines():
    if row := re.match(rf"{CASE}/(\w+) .* (\S+?)[kMG]?/s +(\S+) (\w+)$", line):
        codes[row[1]] = row[4]
        assert float(row[2]) > 0, line
ratios = dict(re.findall(rf"(?m)^ratio to naive  {CASE} +(\w+) +(\S+)$", text))
kernels = {"auto", "scalar", "cached", "table"}
assert {"naive", "auto", "scalar"} <= set(codes) <= kernels | {"naive"}, text
assert set(ratios) == set(codes) - {"naive"} and all(float(ratio) > 0 for ratio in ratios.values()), text
assert codes["naive"] == "naive" and all(codes[code] in kernels - {"auto"} for code in ratios), text
