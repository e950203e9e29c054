"""What Sphinx and nbconvert make of their snippets: see README.md."""

import hashlib
import pathlib
import re
import sys
import tempfile
from importlib.metadata import version

import nbformat
from nbclient import NotebookClient
from nbconvert import HTMLExporter
from sphinx.application import Sphinx

root = pathlib.Path(sys.argv[1])


def snippet(page, name):
    text = (root / "docs/embedding" / page).read_text()
    return re.search(rf"^(`{{3,}})\w+ {name}\n(.*?)\n\1$", text, re.M | re.S).group(2)


def write(name, page, makers, html):
    digest = hashlib.sha256(snippet(page, name).encode()).hexdigest()
    made = ", ".join(f"{maker} {version(maker)}" for maker in makers)
    target = root / "tests/platforms" / f"{name}.html"
    target.write_text(f"<!-- {made}; of docs/embedding/{page}, {name}: {digest} -->\n{html.strip()}\n")


def sphinx():
    with tempfile.TemporaryDirectory() as folder:
        source = pathlib.Path(folder)
        (source / "conf.py").write_text('extensions = ["myst_parser"]\n')
        (source / "index.md").write_text("# The spiral\n\n" + snippet("myst.md", "sphinx") + "\n")
        Sphinx(folder, folder, f"{folder}/out", f"{folder}/trees", "html", status=None).build()
        html = (source / "out/index.html").read_text()
        return re.search(r'<section id="the-spiral">.*?</section>', html, re.S).group(0)


def notebook():
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(snippet("notebook.md", "notebook"))])
    NotebookClient(book, kernel_name="python3").execute()
    return HTMLExporter(template_name="basic").from_notebook_node(book)[0]


write("sphinx", "myst.md", ["Sphinx", "myst-parser"], sphinx())
write("notebook", "notebook.md", ["ipython", "nbconvert"], notebook())
