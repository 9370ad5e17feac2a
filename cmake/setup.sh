# Sourced by demo.sh and test.sh, from the root of the tree.

# install_packages SECTION...: those of cmake/packages.txt that are missing, by apt. Silent if there are none.
install_packages() {
  local section package missing=() as_root=()
  for section in "$@"; do
    for package in $(sed -n "/^\[$section\]/,/^\[/{s/#.*//;/^\[/d;p}" cmake/packages.txt); do
      [ "$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing+=("$package")
    done
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  if ! command -v apt-get >/dev/null; then
    echo "this is no Debian; please install what these packages of Debian 12 hold: ${missing[*]}" >&2
    return 3
  fi
  [ "$(id -u)" = 0 ] || as_root=(sudo)
  echo "installing with apt: ${missing[*]}"
  local apt=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=300)
  "${apt[@]}" update
  "${apt[@]}" install -y --no-install-recommends "${missing[@]}"
}

# build PRESET TARGET [OPTION...]: configures the preset's tree and builds one target on all cores.
build() {
  local preset=$1 target=$2
  shift 2
  if command -v ccache >/dev/null && [ -w "${CCACHE_DIR:-${HOME:-}}" ]; then
    export CCACHE_BASEDIR=$PWD CCACHE_NOHASHDIR=1  # another checkout of the same files hits
    set -- -DCMAKE_C_COMPILER_LAUNCHER=ccache -DCMAKE_CXX_COMPILER_LAUNCHER=ccache "$@"
  fi
  cmake --preset "$preset" "$@"
  cmake --build --preset "$preset" --target "$target" -j "$(nproc)"
}
