#!/bin/bash
# cmake/test.sh [TIER...]: sets up, builds and runs the tests of these tiers; without one, fast and default.
#
#   fast      under a minute                     default   up to three quarters of an hour on two cores
#   long      the physics that takes hours       asan      fast, under the address and undefined-behaviour sanitizers
#   tsan      runs of the program on several threads, under the thread sanitizer
#   speed     what two cores and two ranks gain; its times mean something on a quiet machine only
#
# Succeeds if every test did and each tier had one. The last lines are the time of each tier and ctest's own.
set -euo pipefail
cd "$(dirname "$0")/.."
exec </dev/null
. cmake/setup.sh

[ $# -gt 0 ] || set -- fast default
release=()
for tier in "$@"; do
  case $tier in
    fast | default | long | speed) release+=("$tier") ;;
    asan | tsan) ;;
    *) sed -n '2,/^set/{s/^# \?//p}' "$0"; exit 2 ;;
  esac
done

failed=0
times=()
logs=$(mktemp -d)
trap 'rm -rf "$logs"' EXIT

# run_tests NAME TREE CTEST-OPTION...: ctest's closing lines are kept for the end.
run_tests() {
  local name=$1 tree=$2 log=$logs/$1 begin=$SECONDS
  shift 2
  echo
  ctest --test-dir "$tree" -j "$(nproc)" --output-on-failure --no-tests=error "$@" 2>&1 |
    tee "$log" | sed -u '/% tests passed/,$d' || failed=1
  times+=("$name: $((SECONDS - begin)) s")
}

install_packages program tests
for tier in asan tsan; do
  [[ " $* " == *" $tier "* ]] || continue
  begin=$SECONDS
  if [ $tier = asan ]; then
    build asan all -DMATTIS_TESTS=ON
    times+=("asan build: $((SECONDS - begin)) s")
    UBSAN_OPTIONS=print_stacktrace=1 run_tests asan build-asan -L '^fast$'
  else
    build tsan mattis -DMATTIS_TESTS=ON
    times+=("tsan build: $((SECONDS - begin)) s")
    TSAN_OPTIONS=ignore_noninstrumented_modules=1 run_tests tsan build-tsan -L '^threads$'
  fi
done
if [ ${#release[@]} -gt 0 ]; then
  begin=$SECONDS
  build release all -DMATTIS_TESTS=ON
  times+=("build: $((SECONDS - begin)) s")
  run_tests release build -L "^($(IFS='|'; echo "${release[*]}"))\$"
  for tier in "${release[@]}"; do  # summed over the cores, as ctest tells it
    seconds=$(sed -nE "s/^$tier +=  *([0-9.]+) sec\*proc.*/\1/p" "$logs/release")
    [ -n "$seconds" ] || { echo "no test of the tier $tier ran" >&2; failed=1; }
    times+=("$tier: ${seconds:-0} s of tests on $(nproc) cores")
  done
fi

printf '\n'
printf '%s\n' "${times[@]}"
for log in asan tsan release; do
  [ -e "$logs/$log" ] || continue
  printf '\n'
  sed -n '/% tests passed/,$p' "$logs/$log"
done
exit $failed
