// What workers have beside TypeScript's own library.

interface WorkerGlobalScope {
  inklingMessages: Post
  pythonMemory: () => number // for the soak test
}

interface FileSystemFileHandle {
  // `mode` is not in every browser, and not in the library: several tabs may read.
  createSyncAccessHandle(options?: { mode?: "read-only" }): Promise<FileSystemSyncAccessHandle>
}

interface ExtendableEvent {
  addRoutes?: (rules: object[]) => Promise<void> // not in every browser, and only while it installs
}
