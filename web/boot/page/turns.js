// Decides when work begins that nobody waits for, such as keeping the site for opening offline: while the learner neither trains
// nor draws. Python decides itself between the pen, training, measures and pictures (web/runner).

;(() => {
  const PAUSE = 1000 // milliseconds after training has paused
  const PATIENCE = 60_000 // milliseconds after which work begins although the learner goes on
  const root = document.documentElement
  const waiting = new Set()
  const listeners = []
  const isTraining = () => root.dataset.lab === "training"

  function wait(work, rest) {
    clearTimeout(work.timer)
    work.timer = setTimeout(work.begin, rest)
  }

  // Calls `act` once: after `rest` milliseconds without training and drawing, or when training pauses, or at last after a minute.
  function atRest(act, rest) {
    const work = {
      rest,
      timer: 0,
      begin() {
        clearTimeout(work.timer)
        if (waiting.delete(work)) act()
      },
    }
    waiting.add(work)
    if (!isTraining()) wait(work, rest)
    setTimeout(work.begin, PATIENCE)
  }

  let trained = false
  new MutationObserver(() => {
    const training = isTraining()
    if (training === trained) return // another change, such as from booting to ready
    trained = training
    for (const work of waiting) {
      if (training) clearTimeout(work.timer)
      else wait(work, PAUSE)
    }
    for (const listen of listeners) listen(training)
  }).observe(root, { attributeFilter: ["data-lab"] })

  document.addEventListener(
    "pointermove",
    (event) => {
      if (!event.buttons || isTraining()) return
      for (const work of waiting) wait(work, work.rest)
    },
    { passive: true },
  )

  window.inkling.turns = {
    atRest,
    isTraining,
    // Calls `listen` with whether the network trains, at every change.
    onTraining: (listen) => listeners.push(listen),
  }
})()
