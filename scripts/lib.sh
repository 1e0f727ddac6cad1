# Parts that the scripts share. Sourced by them, not run.
# shellcheck shell=bash disable=SC2034

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
project=$PWD
tools=$project/target/tools
# Where cargo builds; a relative one counts from the project, where every script goes first.
built=${CARGO_TARGET_DIR:-target}

# What building needs on Debian and Ubuntu, beside Rust and Node.
BUILD_PACKAGES=(build-essential pkg-config libwebkit2gtk-4.1-dev libdbus-1-dev)
# What a window on a virtual display needs, with a session bus and a keyring of its own.
WINDOW_PACKAGES=(webkit2gtk-driver xvfb dbus gnome-keyring fonts-dejavu-core)
# What signing in and handing over need in tests: a browser beside the window, and hands for dialogs of files.
BROWSER_PACKAGES=(chromium chromium-driver xdotool)

say() { printf '%s\n' "$*"; }

fail() {
    printf '%s: %s\n' "$(basename "$0")" "$*" >&2
    exit 1
}

# Rust and Node are the two things that are taken to be there.
check_rust_and_node() {
    local need have
    need=$(sed -n 's/^rust-version = "\([0-9.]*\)"$/\1/p' Cargo.toml)
    if ! command -v cargo >/dev/null || ! have=$(rustc --version); then
        fail "Rust is missing: install it from https://rustup.rs, then run this again."
    fi
    have=${have#rustc }
    have=${have%%[ -]*}
    at_least "$have" "$need" ||
        fail "Rust $have is too old: $need or later is needed (rustup update stable)."
    command -v node >/dev/null || fail "Node is missing: install Node 20.19 or later, then run this again."
    node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)' ||
        fail "Node $(node --version) is too old: 20.19 or later is needed."
    # Debian's own package of Node may come without it.
    command -v npm >/dev/null || fail "npm is missing: install the npm that belongs to your Node, then run this again."
}

# Whether version $1 is $2 or later, by its first two numbers.
at_least() {
    local have want
    IFS=. read -r -a have <<<"$1"
    IFS=. read -r -a want <<<"$2"
    [ "${have[0]}" -gt "${want[0]}" ] || { [ "${have[0]}" -eq "${want[0]}" ] && [ "${have[1]}" -ge "${want[1]}" ]; }
}

as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    else
        command -v sudo >/dev/null || fail "this needs root: $* (there is no sudo here)"
        sudo "$@"
    fi
}

# Installs those of the Debian packages given that are missing.
need_packages() {
    [ "$(uname -s)" = Linux ] || return 0
    if ! command -v dpkg-query >/dev/null; then
        say "This is no Debian or Ubuntu. Taken to be there, under whatever names they have here: $*"
        return 0
    fi
    local package missing=()
    for package in "$@"; do
        dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
    done
    [ ${#missing[@]} -gt 0 ] || return 0
    say "Installing ${missing[*]}"
    as_root apt-get update -qq
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

# Makes a cargo tool ready: command, crate, version. Each version has a folder of its own in target/tools, so that one
# installed for an earlier state of this script does not count for this one. A tool of the machine's own counts whatever
# its version is: building another beside it takes minutes, and one that is too old fails in sight rather than passing
# (nextest by nextest-version in .config/nextest.toml, the others by refusing an argument or a setting).
need_tool() {
    local command=$1 crate=$2 version=$3 found
    local place=$tools/$crate-$version
    if [ ! -x "$place/bin/$command" ]; then
        found=$(command -v "$command" || true)
        case $found in
            "" | "$tools"/*) ;;
            *) return 0 ;;
        esac
        say "Installing $crate $version (once)"
        local log=$place.log
        mkdir -p "$tools"
        # Its own build folder goes when it is done: it is several times as large as the tool. In CARGO_TARGET_DIR it
        # would stay.
        if ! env -u CARGO_TARGET_DIR CARGO_PROFILE_RELEASE_DEBUG=0 \
            cargo install --quiet --locked --root "$place" --version "$version" "$crate" 2>"$log"; then
            tail -n 30 "$log" >&2
            fail "$crate could not be installed; the whole log is $log"
        fi
    fi
    export PATH=$place/bin:$PATH
}

# npm ci in ui, when the lock has changed since the last time.
ui_packages() {
    local stamp=ui/node_modules/.installed-from
    local now
    # In POSIX, and so on every system; what it must tell apart are two states of two files.
    now=$(cat ui/package.json ui/package-lock.json | cksum)
    if [ ! -f "$stamp" ] || [ "$(cat "$stamp")" != "$now" ]; then
        say "Installing the page's packages"
        # A caller that looks at the result has switched off stopping at errors.
        (cd ui && npm ci --no-audit --no-fund --loglevel=error) || return 1
        printf '%s' "$now" >"$stamp"
    fi
}

# The page, which the app holds within itself, and so comes first.
build_ui() {
    ui_packages
    (cd ui && npm run --silent build -- --logLevel warn)
}

has_display() { [ -n "${DISPLAY:-}" ] || [ -n "${WAYLAND_DISPLAY:-}" ] || [ "$(uname -s)" = Darwin ]; }
