#!/bin/bash
# The storage capacity of the Hopfield model, measured beside its theory: sets up, builds, runs, compares, draws.
# Run again, it goes on where it was, or says that all is done.
set -euo pipefail
cd "$(dirname "$0")/.."
. cmake/setup.sh

job=hopfield-capacity
results=build/$job

install_packages program
tests=OFF  # the program needs none of their packages; a tree that has them keeps them
grep -qs '^MATTIS_TESTS:BOOL=ON' build/CMakeCache.txt && tests=ON
build release mattis -DMATTIS_TESTS=$tests

echo
echo "running sweeps/jobs/$job.toml"
build/mattis run "sweeps/jobs/$job.toml" -o "$results"
build/mattis compare "$results" > "$results/compare.txt"
build/mattis plot "$results" -o "$results/$job.svg,.png,.pdf"

echo
echo "results     $PWD/$results/results.h5"
echo "comparison  $PWD/$results/compare.txt"
for figure in "$PWD/$results/$job"*.{svg,png,pdf}; do
  echo "figure      $figure"
done
echo
sed -n '/^capacity/,$p' "$results/compare.txt"
