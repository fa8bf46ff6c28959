// Keeps bytes by name in the browser's storage (IndexedDB), for web/keeping/store.py. A site has one database, and every tab
// has a numbered place in it. A tab locks its place for as long as it lives, so a second tab gets the second place, and the
// place of a closed or crashed tab is free for the next. After a reload a tab waits for its old place.
//
// A session (joined-views.js) has places under its own name; any of its views finds its first place again.

const PLACES = 50
const PATIENCE = 10_000 // milliseconds that a reloaded tab waits for its old place
const CLOSING = 5000 // milliseconds to wait for a tab that is being closed, which takes seconds on a busy machine

const lockOn = (database, place, session) => `${database} ${session && `session ${session} `}${place}`

// Locks a place and returns its number: the tab's old place if it had one, else the first free place. A browser without locks
// (at an address without https) gets the old place, or the first.
async function takePlace(database, had, session) {
  if (!self.navigator.locks) return had || 1
  const take = (place, options) =>
    new Promise((resolve, reject) => {
      navigator.locks
        .request(lockOn(database, place, session), options, (lock) => {
          resolve(lock ? place : null)
          return lock && new Promise(() => {}) // held until this worker ends
        })
        .catch((error) => (error.name === "SecurityError" ? reject(error) : resolve(null))) // any other error is a timeout
    })
  const again = had && (await take(had, { signal: AbortSignal.timeout(PATIENCE) }))
  if (again) return again
  // The first place has the last visit's work. A tab that was closed just now may still hold it for a moment, so wait for it; a
  // tab that is still open answers, and ends the wait.
  const { signal, forget } = whileClosing(`${database} 1`)
  const first = await take(1, { signal })
  forget()
  if (first) return first
  for (let place = 1; place <= PLACES; place++) if (await take(place, { ifAvailable: true })) return place
  throw new Error(`${PLACES} tabs are open already`)
}

// Returns a signal that aborts when the tab that holds this lock says that it is open (page.js), or after CLOSING without an
// answer.
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

// Opens the storage. `had` is this tab's place before a reload, or 0; `session` is a session's name, or "". If the browser
// refuses storage, every function of the returned object fails with the browser's error.
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
  const owner = session ? `${session} ${slot}` : slot // the first part of every key
  const opening = indexedDB.open(name, 1)
  opening.onupgradeneeded = () => opening.result.createObjectStore("kept")
  const database = await settled(opening)
  const mine = IDBKeyRange.bound([owner], [owner, []])

  // Changes the storage in one transaction: all of the changes are made, or none.
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
