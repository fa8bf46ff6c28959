// Notices a worker that has died or hangs. The worker is asked for a sign of life twice a second, and any message from it
// counts as one. Browsers don't report that a worker has died, so silence is the only evidence.
//
// On a busy machine, silence proves little. It counts only while this thread runs on time itself, because a sleeping laptop, a
// hidden tab or a busy machine holds up both threads. There are two limits. After the first, `silent` is called. After the
// second the worker is given up, or earlier if `isGone` finds that it has released the lock that it holds while it lives.

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
