// Ends a script under Node after an error: writes the error's last line to stderr and exits with code 1. Pyodide puts Python's
// whole traceback into an error's message; the last line says what is wrong (web/build/node.py shows it).

/** @param {any} error */
export function fail(error) {
  const lines = String(error.message ?? error).trim()
  console.error(lines.split("\n").pop())
  process.exit(1)
}
