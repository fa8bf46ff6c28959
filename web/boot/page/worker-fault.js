// Finds out why a worker does not start. A worker one of whose modules doesn't come says no more than that it failed, or nothing:
// this fetches each of them again, compares it with the build's hash, and returns a sentence about the first fault, or undefined.

window.inklingWorkerFault = async (base) => {
  const WAIT = 10_000 // milliseconds for each answer
  const get = (path) => fetch(new URL(path, base), { signal: AbortSignal.timeout(WAIT) })
  const { files } = await get("build.json")
    .then((answer) => answer.json())
    .catch(() => ({ files: [] }))
  const faults = files
    .filter(({ path }) => /^boot\/.*\.mjs$/.test(path))
    .map(async ({ path, sha256 }) => {
      const answer = await get(path).catch(() => null)
      if (answer && !answer.ok) return `${path} did not come: the server answered ${answer.status}`
      const bytes = await answer?.arrayBuffer().catch(() => null)
      if (!bytes) return `${path} did not come: no answer from the server`
      const found = await crypto.subtle?.digest("SHA-256", bytes)
      const hex = found && [...new Uint8Array(found)].map((byte) => byte.toString(16).padStart(2, "0")).join("")
      return hex && hex !== sha256 ? `${path} is damaged, or of another build` : null
    })
  return (await Promise.all(faults)).find(Boolean)
}
