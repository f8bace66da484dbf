#!/bin/sh
# System packages. As root on Debian or Ubuntu they are installed; otherwise what is missing is named and we stop.
#   system.sh python [PYTHON]   what set-up needs: Python 3.11+ with venv
#   system.sh test              what the tests need: Chromium, Redis, Janus, coturn, ffmpeg, LibreOffice, an RTSP server, ip, fonts
set -eu

install() { # packages...
	if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
		echo "installing: $*"
		DEBIAN_FRONTEND=noninteractive
		export DEBIAN_FRONTEND
		apt-get update -qq
		apt-get install -y -qq --no-install-recommends "$@" >/dev/null
	else
		echo "Missing on this computer: $*" >&2
		echo "Install them (Debian: sudo apt-get install $*) and run the command again." >&2
		exit 1
	fi
}

case "$1" in
python)
	python=${2:-python3}
	if ! command -v "$python" >/dev/null; then install python3 python3-venv; fi
	"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
		echo "Python 3.11 or newer is needed; $python is $("$python" --version 2>&1)." >&2
		exit 1
	}
	"$python" -c 'import ensurepip, venv' 2>/dev/null || install python3-venv
	;;
test)
	missing=""
	command -v chromium >/dev/null || missing="$missing chromium"
	command -v redis-server >/dev/null || missing="$missing redis-server"
	command -v ip >/dev/null || missing="$missing iproute2"
	command -v janus >/dev/null || missing="$missing janus"
	command -v turnserver >/dev/null || missing="$missing coturn"
	command -v ffmpeg >/dev/null || missing="$missing ffmpeg"
	command -v soffice >/dev/null || missing="$missing libreoffice-impress-nogui"
	/usr/bin/python3 -c 'import gi; gi.require_version("GstRtspServer", "1.0")' 2>/dev/null ||
		missing="$missing python3-gi gir1.2-gst-rtsp-server-1.0 gstreamer1.0-plugins-base gstreamer1.0-plugins-good gstreamer1.0-plugins-bad"
	fc-list 2>/dev/null | grep -qi 'noto\|dejavu' || missing="$missing fontconfig fonts-noto-core"
	# shellcheck disable=SC2086  # a list of names
	if [ -n "$missing" ]; then install $missing; fi
	;;
*)
	echo "usage: system.sh python|test" >&2
	exit 2
	;;
esac
