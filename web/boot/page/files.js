// Saves and opens networks and digits as files: Save (Python posts `download`), Open, and files dropped anywhere on the page.
// Files don't leave the browser: Python fetches them from `blob:` addresses, which only this page knows.

;(() => {
  const { say } = window.inkling

  // ---- Save ---------------------------------------------------------------------------------------------------------

  document.addEventListener("inkling:download", async ({ detail: { name, data } }) => {
    const bytes = await (await fetch(`data:application/octet-stream;base64,${data}`)).blob()
    const link = document.createElement("a")
    link.href = URL.createObjectURL(bytes)
    link.download = name
    link.click()
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
    say(`Saved as ${name}.`)
  })

  // Tells the learner that a press before Python is ready is not lost: commands wait for Python.
  const waiting = (what) => {
    if (document.documentElement.dataset.lab === "booting") say(`${what} as soon as Python is ready.`)
  }

  function save(format) {
    waiting("Your network will be saved")
    window.inkling.command("save", { format }).catch((error) => say(error.message))
  }

  // ---- Open ---------------------------------------------------------------------------------------------------------

  async function open(files) {
    if (!files.length) return
    waiting("Your files will be opened")
    const named = files.map((file) => ({ name: file.path ?? file.name, url: URL.createObjectURL(file) }))
    try {
      const { found, name } = await window.inkling.command("look_at_files", { files: named })
      window.inkling.forgetProblem("open")
      if (found === "network") say(`${name} is open. Undo brings the network from before back.`)
    } catch {
      /* Python has sent a `problem` message, which the page shows as an alert */
    } finally {
      for (const { url } of named) URL.revokeObjectURL(url)
    }
  }

  // The last three are not read: Python says what to do in their place.
  const ENDINGS = (
    ".npz .npy .json .csv .tsv .txt .arff .gz .pkl .pickle .idx .idx1-ubyte .idx3-ubyte .zip .tar .tgz .pt .pth .safetensors " +
    ".h5 .keras .onnx"
  ).split(" ")
  const input = document.createElement("input")
  Object.assign(input, { type: "file", multiple: true, hidden: true, className: "lab-file" })
  // With any picture among them, a phone offers its camera as well.
  input.accept = `image/*,${ENDINGS.join()}`
  input.setAttribute("aria-label", "Files to open")
  input.addEventListener("change", async () => {
    await open([...input.files])
    input.value = ""
  })
  document.body.append(input)

  // Whether the dialog about opened files is there: Panel draws it into this root, and hides it.
  const isShown = () => document.querySelector(".opened-files [data-root-id] > *")?.getClientRects().length > 0

  const menu = /** @type {HTMLDetailsElement} */ (document.querySelector(".lab-save"))
  document.addEventListener("click", (event) => {
    const target = /** @type {Element} */ (event.target)
    const format = /** @type {HTMLElement} */ (target.closest?.("[data-save]"))?.dataset.save
    if (format) save(format)
    if (target.closest?.(".lab-open")) input.click()
    if (format || !menu.contains(target)) menu.open = false
  })
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return
    if (menu.open) {
      menu.open = false
      menu.querySelector("summary").focus()
    } else if (isShown()) window.inkling.command("decide", { action: "cancel" })
  })

  // ---- dropped files and folders ------------------------------------------------------------------------------------

  const carriesFiles = (event) => event.dataTransfer?.types.includes("Files")

  // Returns all files under a dropped entry. Each gets its path as `path`, because a folder's name may be the label of its
  // pictures.
  async function within(entry) {
    if (entry.isFile) {
      const file = await new Promise((resolve, reject) => entry.file(resolve, reject))
      file.path = entry.fullPath.slice(1)
      return [file]
    }
    const reader = entry.createReader()
    const found = []
    for (;;) {
      // readEntries returns at most a hundred entries at a time
      const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject))
      if (!some.length) break
      found.push(...some)
    }
    return (await Promise.all(found.map(within))).flat().filter((file) => !file.name.startsWith("."))
  }

  addEventListener("dragover", (event) => {
    if (!carriesFiles(event)) return
    event.preventDefault()
    document.documentElement.dataset.dropping = ""
  })
  const hideDropping = () => delete document.documentElement.dataset.dropping
  addEventListener("dragleave", (event) => {
    if (event.relatedTarget === null) hideDropping()
  })
  addEventListener("drop", async (event) => {
    hideDropping()
    if (!carriesFiles(event)) return
    event.preventDefault()
    const entries = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean)
    open(entries.length ? (await Promise.all(entries.map(within))).flat() : [...event.dataTransfer.files])
  })
})()
