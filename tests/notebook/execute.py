"""Runs a notebook's cells, in one kernel, as often as asked, and tells every way in which that went wrong.

    python execute.py NOTEBOOK EXECUTED PASSES

Writes the notebook with the outputs of the first pass to EXECUTED, and {"problems": [...], "seconds": ...} to standard
output. nbconvert alone would not do: this kernel reports a thrown error as text on stderr, drops the cells that follow
within 200 ms, and says nothing of errors that no cell awaits.
"""

import copy
import json
import re
import sys
import time
from pathlib import Path

import nbformat
from nbclient import NotebookClient

FORBIDDEN = re.compile(r"rebuildTimer|Uncaught\s?Exception|Unhandled\s?PromiseRejection", re.IGNORECASE)
CELL_TIMEOUT_SECONDS = 90


def texts(cell):
    for output in cell.get("outputs", []):
        yield output.get("name", output.output_type), str(output.get("text", output.get("data", output)))


def problems_of(cell, reply):
    """What is wrong with one cell that was run."""
    status = reply["content"]["status"]
    if status != "ok":
        yield f"the kernel's reply is {status}"
    if cell.execution_count is None:
        yield "the cell was dropped: it has no execution count"
    for name, text in texts(cell):
        if name == "stderr":
            yield f"stderr: {text.strip()[:500]}"
        if FORBIDDEN.search(text):
            yield f"output: {text.strip()[:500]}"


def run(notebook, folder, passes):
    code_cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    executed = copy.deepcopy(notebook)
    executed.cells = [copy.deepcopy(cell) for _ in range(passes) for cell in notebook.cells]
    for index, cell in enumerate(executed.cells):
        cell.id = f"{cell.id}-{index}"
    problems, replies = [], 0

    def on_cell_executed(cell, cell_index, execute_reply):
        nonlocal replies
        replies += 1
        name = notebook.cells[cell_index % len(notebook.cells)].id
        number = cell_index // len(notebook.cells) + 1
        problems.extend(f"cell {name}, pass {number}: {problem}" for problem in problems_of(cell, execute_reply))

    client = NotebookClient(
        executed,
        timeout=CELL_TIMEOUT_SECONDS,
        kernel_name=notebook.metadata.kernelspec.name,
        resources={"metadata": {"path": str(folder)}},
        on_cell_executed=on_cell_executed,
        allow_errors=True,
    )
    try:
        client.execute()
    except Exception as error:  # a dead kernel or a cell that hangs
        problems.append(f"{type(error).__name__}: {str(error).strip()[:500]}")
    if replies != passes * len(code_cells):
        problems.append(f"{passes * len(code_cells)} cells were sent, {replies} were answered")
    executed.cells = executed.cells[: len(notebook.cells)]
    for cell, original in zip(executed.cells, notebook.cells):
        cell.id = original.id
        cell.metadata = original.metadata
    return executed, problems


def main():
    source, target, passes = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
    notebook = nbformat.read(source, as_version=4)
    start = time.monotonic()
    executed, problems = run(notebook, source.parent, passes)
    executed.metadata = notebook.metadata
    nbformat.write(executed, target)
    print(json.dumps({"problems": problems, "seconds": round(time.monotonic() - start, 1)}))


main()
