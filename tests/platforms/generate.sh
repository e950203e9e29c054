#!/usr/bin/env bash
# Makes the files of this folder from the snippets in docs/embedding: ./generate.sh [folder for what it installs]
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
work=${1:-$(mktemp -d)}
mkdir -p "$work"
cp "$here/generate.mjs" "$here/generate.py" "$work/"
cd "$work"
[ -d venv ] || { python3 -m venv venv; venv/bin/pip install --quiet sphinx==9.0.4 myst-parser==5.2.0 nbconvert==7.17.2 ipykernel==7.4.0 ipython==9.18.1; }
[ -d node_modules ] || { echo '{"type":"module"}' >package.json; npm install --no-audit --no-fund @mdx-js/mdx@3.1.1 react@19.3.1 react-dom@19.3.1 --legacy-peer-deps myst-parser@1.7.0 myst-to-react@1.3.0; }
node generate.mjs "$here/../.."
venv/bin/python generate.py "$here/../.."
