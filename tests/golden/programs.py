"""Runs the programs of tests/golden/programs/ and writes what they print to tests/golden/programs.json.

    KERAS_BACKEND=torch python tests/golden/programs.py

The programs are the Code panel's own text, written by `UPDATE=1` on tests/www/programs.test.ts with the rows and the
weights of step 0 that they read. Nothing here imports the engine.
"""

import contextlib
import io
import json
import os
import re
import shutil
import tempfile
from pathlib import Path

os.environ.setdefault("KERAS_BACKEND", "torch")

import keras
import torch

HERE = Path(__file__).parent
PROGRAMS = HERE / "programs"


def run(name, library):
    """The loss on the training part that the program prints last."""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(PROGRAMS / f"{name}.csv", Path(folder) / "data.csv")
        shutil.copy(PROGRAMS / f"{name}.json", Path(folder) / "start.json")
        text = (PROGRAMS / f"{name}.{library}.py").read_text()
        out = io.StringIO()
        with contextlib.chdir(folder), contextlib.redirect_stdout(out):
            exec(compile(text, f"{name}.{library}.py", "exec"), {"__name__": "__main__"})
    return float(re.findall(r"training [\[(]?([-\d.e]+)", out.getvalue())[-1])


names = sorted({path.name.split(".")[0] for path in PROGRAMS.glob("*.csv")})
losses = {name: {library: run(name, library) for library in ("keras", "pytorch")} for name in names}
versions = {"keras": keras.__version__, "torch": torch.__version__.split("+")[0]}
(HERE / "programs.json").write_text(json.dumps({"versions": versions, "losses": losses}, indent=1) + "\n")
print(json.dumps(losses, indent=1))
