// Notices a worker that has died or hangs: it is asked twice a second, and any word from it is a sign of life. A dead worker
// says nothing at all - browsers report no death - so silence is all there is to go by.
//
// Silence alone proves little on a busy machine. It counts only while this thread runs on time itself (a laptop that slept, a
// hidden tab and a machine out of breath hold up both), and not while the worker has announced long work (`busy`).

window.inklingWatch = (worker, limit, silent) => {
  const EVERY = 500  // milliseconds
  let missed = 0, busy = false, last = performance.now()

  worker.addEventListener("message", ({ data }) => {
    missed = 0
    if (data.type === "busy") busy = data.value
  })

  const timer = setInterval(() => {
    const now = performance.now()
    const late = now - last > 2 * EVERY
    last = now
    if (busy || document.hidden) missed = 0
    else if (!late) missed += 1
    if (missed * EVERY > limit) {
      stop()
      silent()
    } else {
      worker.postMessage({ type: "beat" })
    }
  }, EVERY)

  const stop = () => clearInterval(timer)
  return stop
}
