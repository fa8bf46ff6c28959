// How our scripts under Node end when something goes wrong: the last line of the error on stderr, and exit code 1. Pyodide puts
// Python's whole traceback into an error's message; its last line says what was wrong (web/build/node.py shows it).

/** @param {any} error */
export function fail(error) {
  const lines = String(error.message ?? error).trim()
  console.error(lines.split("\n").pop())
  process.exit(1)
}
