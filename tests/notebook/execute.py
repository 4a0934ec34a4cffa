"""Runs a notebook's cells, in one kernel, as often as asked, and reports every way in which that went wrong.

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
# A cell that hangs; on a busy machine the slowest one takes a minute.
CELL_TIMEOUT_SECONDS = 240

# The kernel survives an error that no cell awaits, and says nothing of it.
WATCH = "globalThis.lateErrors = []; process.on('unhandledRejection', (e) => globalThis.lateErrors.push(e)); void 0"
# A turn of the event loop, so that a rejection of the last cell is seen too.
ASK = """async function askForLateErrors() {
  await new Promise((resolve) => setTimeout(resolve, 50));
  console.log(globalThis.lateErrors.map(String).join('; '));
}
await askForLateErrors();"""


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


def probe(cell_id, source):
    cell = nbformat.v4.new_code_cell(source)
    cell.id = cell_id
    return cell


def repeated(notebook, passes):
    """The notebook's cells, as often as asked, between two cells of our own that watch for late errors."""
    executed = copy.deepcopy(notebook)
    cells = [copy.deepcopy(cell) for _ in range(passes) for cell in notebook.cells]
    for index, cell in enumerate(cells):
        cell.id = f"{cell.id}-{index}"
    executed.cells = [probe("watch", WATCH), *cells, probe("ask", ASK)]
    return executed


def run(notebook, folder, passes):
    executed = repeated(notebook, passes)
    expected_replies = sum(cell.cell_type == "code" for cell in executed.cells)
    problems, replies = [], 0

    def on_cell_executed(cell, cell_index, execute_reply):
        nonlocal replies
        replies += 1
        index = cell_index - 1
        name = notebook.cells[index % len(notebook.cells)].id
        place = f"cell {name}, pass {index // len(notebook.cells) + 1}"
        problems.extend(f"{place}: {problem}" for problem in problems_of(cell, execute_reply))

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
    if replies != expected_replies:
        problems.append(f"{expected_replies} cells were sent, {replies} were answered")
    problems.extend(f"late error: {text.strip()}" for _, text in texts(executed.cells[-1]) if text.strip())
    executed.cells = executed.cells[1 : len(notebook.cells) + 1]
    for cell, original in zip(executed.cells, notebook.cells):
        cell.id = original.id
        if cell.cell_type == "code" and cell.execution_count:
            cell.execution_count -= 1
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
