// Notices a worker that has died or hangs: it is asked twice a second, and any word from it is a sign of life. A dead worker
// says nothing at all - browsers report no death - so silence is all there is to go by.
//
// Silence alone proves little on a busy machine. It counts only while this thread runs on time itself (a laptop that slept, a
// hidden tab and a machine out of breath hold up both). So there are two limits: after the first the silence is said; after the
// second, or at once if the worker has let go of what it holds while it lives, it is given up.

window.inklingWatch = (worker, { noticed, limit, isGone = async () => false, silent = () => {}, back = () => {}, gone }) => {
  const EVERY = 500 // milliseconds
  let quiet = 0,
    told = false,
    last = performance.now()

  worker.addEventListener("message", () => {
    quiet = 0
    if (told) back()
    told = false
  })

  async function giveUp() {
    stop()
    gone()
  }

  const timer = setInterval(async () => {
    const now = performance.now()
    const late = now - last > 2 * EVERY
    last = now
    if (document.hidden) quiet = 0
    else if (!late) quiet += EVERY
    window.inklingMessages.post(worker, "toWorker", { type: "beat" })
    if (quiet > limit) return giveUp()
    if (quiet <= noticed) return
    if (!told) silent()
    told = true
    if ((await isGone()) && told) giveUp()
  }, EVERY)

  const stop = () => clearInterval(timer)
  return stop
}
