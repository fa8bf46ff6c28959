// Bytes kept by name in the browser's own storage (IndexedDB), for web/keeping/store.py. One database a site, and in it a place
// of its own for every tab: a tab holds a lock on its place for as long as it lives, so a second one gets the second
// place, and a tab that is closed or dies leaves its place to the next. After a reload a tab waits for its old place.
//
// A session (joined-views.js) has places of its own, under its name: the first is found again by whichever view asks for it.

const PLACES = 50
const PATIENCE = 10_000 // milliseconds for the page before a reload to let go of its place
const CLOSING = 5000 // and for a tab that is being closed, which a busy machine may take seconds over

const lockOn = (database, place, session) => `${database} ${session && `session ${session} `}${place}`

// The first free place, or the one had before; where the browser has no locks (an address without https), the first.
async function takePlace(database, had, session) {
  if (!self.navigator.locks) return had || 1
  const take = (place, options) =>
    new Promise((resolve, reject) => {
      navigator.locks
        .request(lockOn(database, place, session), options, (lock) => {
          resolve(lock ? place : null)
          return lock && new Promise(() => {}) // held until this worker ends
        })
        .catch((error) => (error.name === "SecurityError" ? reject(error) : resolve(null))) // what else there is, is a timeout
    })
  const again = had && (await take(had, { signal: AbortSignal.timeout(PATIENCE) }))
  if (again) return again
  // The first place has the last visit's work. A tab closed just now may hold it for a moment yet; one that lives says so.
  const { signal, forget } = whileClosing(`${database} 1`)
  const first = await take(1, { signal })
  forget()
  if (first) return first
  for (let place = 1; place <= PLACES; place++) if (await take(place, { ifAvailable: true })) return place
  throw new Error(`${PLACES} tabs are open already`)
}

// A signal that aborts when the page of the tab that holds this lock answers (page.js), or after a while without an answer.
function whileClosing(lock) {
  const channel = new BroadcastChannel("inkling tabs"),
    living = new AbortController()
  channel.addEventListener("message", (/** @type {MessageEvent<Message<"betweenTabs">>} */ { data }) => {
    if (data.type === "alive" && data.lock === lock) living.abort()
  })
  channel.postMessage(/** @satisfies {Message<"betweenTabs">} */ ({ type: "asked", lock }))
  setTimeout(() => living.abort(), CLOSING)
  return { signal: living.signal, forget: () => channel.close() }
}

const settled = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
    request.onblocked = () => reject(new Error("another tab blocks it"))
  })

// `had` is the place of this tab before a reload, or 0; `session` a session's name, or empty. Where the browser refuses storage,
// so does what is returned.
export async function openStore(base, had, session = "") {
  try {
    return await openDatabase(base, had, session)
  } catch (error) {
    const refuse = async () => {
      throw error
    }
    return { slot: 1, get: refuse, put: refuse, names: refuse, clear: refuse }
  }
}

async function openDatabase(base, had, session) {
  const name = `inkling ${new URL(base).pathname}`
  const slot = await takePlace(name, had, session)
  const owner = session ? `${session} ${slot}` : slot // in every key
  const opening = indexedDB.open(name, 1)
  opening.onupgradeneeded = () => opening.result.createObjectStore("kept")
  const database = await settled(opening)
  const mine = IDBKeyRange.bound([owner], [owner, []])

  // One transaction: all of it happens, or nothing.
  function change(act) {
    return new Promise((resolve, reject) => {
      const transaction = database.transaction("kept", "readwrite")
      transaction.oncomplete = () => resolve(null)
      transaction.onabort = () => reject(transaction.error ?? new Error("the browser gave up"))
      act(transaction.objectStore("kept"))
    })
  }

  return {
    slot,
    lock: lockOn(name, slot, session),
    get: (key) => settled(database.transaction("kept").objectStore("kept").get([owner, key])),
    put: (keys, values, without) =>
      change((kept) => {
        for (const key of without) kept.delete([owner, key])
        for (const [i, key] of keys.entries()) kept.put(values[i], [owner, key])
      }),
    names: async () => (await settled(database.transaction("kept").objectStore("kept").getAllKeys(mine))).map(([, key]) => key),
    clear: () => change((kept) => kept.delete(mine)),
  }
}
