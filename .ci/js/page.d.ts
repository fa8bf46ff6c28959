// What the page's scripts know of one another, and of Panel's and Bokeh's.

type Inkling = {
  ready: Promise<void>
  snapshot: () => Promise<any>
  command: (name: string, args?: object) => Promise<any>
  save: () => Promise<void>
  fail: (text: string) => void
  place: { get: () => number; set: (number: number) => void }
  thrifty: boolean
  panelPort: PanelPort
  forgetProblem: (about: string) => void
  turns?: {
    atRest: (act: () => unknown, rest: number) => void
    isTraining: () => boolean
    onTraining: (listen: (training: boolean) => void) => void
  }
  // of notes.js, layout-hold.js, hydrate.js, toast.js and focus-events.js
  note?: (name: string, text: string, buttons?: [string, () => void][], options?: { brief?: boolean }) => void
  dismiss?: (name: string) => void
  shown?: Promise<void>
  breath?: () => Promise<any>
  bokeh?: Promise<void>
  hasBokeh?: (value?: any) => void
  say?: (text: string, field?: string) => void
  onFocus?: (came: (event: FocusEvent) => void, left: (event: FocusEvent) => void) => void
}

// of problems.js
type Problems = {
  show: (text: string, options?: { retry?: boolean; about?: string }) => Promise<void>
  forget: (about: string) => void
  understood: <C extends Channel>(channel: C, message: Message<C>) => Message<C> | null
}

// In place of the Worker that Panel's page script expects.
type PanelPort = EventTarget & {
  port: MessagePort
  busy: boolean
  queue: object[]
  jsdoc?: any // Bokeh's document
  connect: (port: MessagePort) => void
  drawn: () => void
  postMessage: (message: Message<"fromPanel">) => void
  onmessage: (event: MessageEvent<Message<"toPanel">>) => unknown
}

// A worker, or what stands in for one in a view that joined another.
type LabWorker = { postMessage: (message: Message<"toWorker">, transfer?: Transferable[]) => void; terminate: () => void }

type JoiningView = {
  port: MessagePort
  search: string
  hear: (message: Message<"toPage">) => void
  again: (why: string) => void
}

type InklingSession = {
  name: string
  base: string
  worker: LabWorker | null
  leader: InklingSession | null
  lead: (worker: LabWorker, hear: JoiningView["hear"]) => void
  join: (view: JoiningView) => LabWorker | null
  admit: (view: JoiningView) => number
  dismiss: (number: number) => void
  deliver: (message: Message<"toPage">) => void
  again: (why: string) => void
  end: (text: string) => void
}

type Watch = (
  worker: Worker,
  options: {
    noticed: number
    limit: number
    isGone?: () => Promise<boolean>
    silent?: () => void
    back?: () => void
    gone: () => void
  },
) => () => void

type WorkerFault = (base: URL) => Promise<string | undefined>

interface Window {
  inkling: Inkling
  inklingSession: InklingSession
  inklingMessages: Post
  inklingWatch: Watch
  inklingProblems: Problems
  inklingPanelPort: PanelPort
  inklingWorkerFault: WorkerFault
  importShim: object
  send_change: (document: object, event: object) => void // Panel's
  Bokeh: any
}
declare var inklingWatch: Watch
declare var inklingWorkerFault: WorkerFault

// Events of the document: those of the page's own scripts, and messages from the worker that page.js passes on.
type EventsOf<C extends Channel> = {
  [Name in keyof Channels[C] as `inkling:${Name & string}`]: CustomEvent<Message<C, Name>>
}
type EventsByName = { [Name in keyof Channels["toPage"]]: CustomEvent<Message<"toPage", Name>> } & {
  [Name in keyof Channels["inPage"]]: CustomEvent<Message<"inPage", Name>>
}
interface DocumentEventMap extends EventsOf<"inPage">, EventsOf<"toPage"> {}

// What is looked for by a class or an attribute is HTML's; an SVG drawing has neither here.
interface ParentNode {
  querySelector(selectors: `.${string}` | `[${string}`): HTMLElement | null
  querySelectorAll(selectors: `.${string}` | `[${string}`): NodeListOf<HTMLElement>
}

interface Navigator {
  connection?: { saveData?: boolean; type?: string; effectiveType?: string } // not in every browser
}
