// The types of messages, from the table in web/boot/messages.js: Message<"toWorker"> is any that the worker is sent, and
// Message<"toWorker", "call"> one of them.

type Kinds = {
  string: string
  number: number
  boolean: boolean
  object: any // plain values, whose parts the table does not name
  array: unknown[]
  port: MessagePort
  bytes: Uint8Array
  null: null
}
type OfKind<Kind> = Kind extends `${infer First}|${infer Rest}`
  ? OfKind<First> | OfKind<Rest>
  : Kind extends keyof Kinds
    ? Kinds[Kind]
    : never

type Fields<Row> = {
  [Key in keyof Row as Key extends `${string}?` ? never : Key]: OfKind<Row[Key]>
} & {
  [Key in keyof Row as Key extends `${infer Name}?` ? Name : never]?: OfKind<Row[Key]>
}

type Channels = typeof INKLING_MESSAGES
type Channel = keyof Channels
type Message<C extends Channel, Name extends keyof Channels[C] = keyof Channels[C]> = {
  [N in Name]: { type: N } & Fields<Channels[C][N]>
}[Name]

type Post = {
  checked: <C extends Channel>(channel: C, message: Message<C>) => Message<C>
  post: <C extends Channel>(
    target: { postMessage: (message: Message<C>, transfer?: Transferable[]) => void },
    channel: C,
    message: Message<C>,
    transfer?: Transferable[],
  ) => void
}
declare var inklingMessages: Post
