// Checks that a fetched file is compared with the build's list, and that an error names the file
// (web/boot/worker/verified-fetch.mjs).
import assert from "node:assert/strict"
import { createHash } from "node:crypto"
import test, { mock } from "node:test"

const HOME = "http://host/lab/"
const hash = (data) => createHash("sha256").update(data).digest("hex")

// The site's files by name: their text, or a function that takes the request's signal and returns the answer.
const site = { "good.txt": "digits", "damaged.txt": "digitz" }
const said = { files: ["good.txt", "damaged.txt"].map((path) => ({ path, bytes: 6, sha256: hash("digits") })) }
site["build.json"] = JSON.stringify({ ...said, sha256: hash(JSON.stringify(said)) })

async function fakeFetch(input, { signal } = /** @type {RequestInit} */ ({})) {
  const found = site[String(input).replace(HOME, "").split("?")[0]]
  if (typeof found === "function") return found(signal)
  return found === undefined ? new Response("no such file", { status: 404 }) : new Response(found)
}
Object.assign(globalThis, { self: globalThis, fetch: fakeFetch }) // as in a worker

const { checkAgainst, checkedFetch, checkedStream, fetchWhole, hashOf } = await import(
  "../../web/boot/worker/verified-fetch.mjs"
)

test("the list of files is handed back without its own hash", async () => {
  assert.deepEqual(await checkAgainst(HOME), said)
})

test("a file that is what the build made comes whole", async () => {
  const pieces = []
  const response = await checkedFetch(`${HOME}good.txt?v=1`, {}, (count) => {
    pieces.push(count)
  })
  assert.equal(await response.text(), "digits")
  assert.deepEqual(pieces, [6])
})

test("a file that is another one is named", async () => {
  await assert.rejects(checkedFetch(`${HOME}damaged.txt`), {
    message: "damaged.txt could not be fetched: what came is damaged, or of another build",
  })
})

test("a file that is not there is named, with the server's answer", async () => {
  await assert.rejects(checkedFetch(`${HOME}gone.txt`), { message: "gone.txt could not be fetched: the server answered 404" })
})

test("no answer at all has words of its own", async () => {
  site["far.txt"] = () => Promise.reject(new TypeError("Failed to fetch"))
  await assert.rejects(checkedFetch(`${HOME}far.txt`), { message: "far.txt could not be fetched: no answer from the server" })
})

test("a server that falls silent is given up", async () => {
  mock.timers.enable({ apis: ["setTimeout"] })
  let asked
  const begun = new Promise((resolve) => {
    asked = resolve
  })
  site["slow.txt"] = (signal) =>
    new Promise((_, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason))
      asked()
    })
  const outcome = assert.rejects(checkedFetch(`${HOME}slow.txt`), {
    message: "slow.txt could not be fetched: the server went silent for 30 s",
  })
  await begun
  mock.timers.tick(30_000)
  await outcome
  mock.timers.reset()
})

test("a stream may be used at once, and what is wrong comes with its end", async () => {
  const { response, right } = await checkedStream(`${HOME}damaged.txt`)
  assert.equal(await response.text(), "digitz")
  await assert.rejects(right, /damaged.txt could not be fetched/)
  assert.equal(await (await checkedStream(`${HOME}good.txt`)).response.text(), "digits")
})

test("Python is told in an answer, since its own fetch can't say why", async () => {
  const response = await fetchWhole(`${HOME}gone.txt`)
  assert.equal(response.status, 502)
  assert.equal(await response.text(), "gone.txt could not be fetched: the server answered 404")
})

test("files of other sites are none of its business", async () => {
  site["http://other/x"] = "anything"
  assert.equal(await (await checkedFetch("http://other/x")).text(), "anything")
})

test("a list that was changed is not believed", async () => {
  site["build.json"] = site["build.json"].replace('"bytes":6', '"bytes":7')
  await assert.rejects(checkAgainst(HOME), { message: /^build.json could not be fetched: what came is damaged/ })
})

test("a hash is written in hexadecimal", async () => {
  assert.equal(await hashOf(new TextEncoder().encode("digits")), hash("digits"))
})
