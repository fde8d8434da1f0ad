/** The states to undo to, kept on this machine beside the draft: a reload does not lose them. */
import type { FlowDoc } from '../../../flow/doc'
import type { History } from '../../../flow/history'

/** Which revision of the draft `now` was, or was made from. */
export interface Kept {
  revision: number
  history: History<FlowDoc>
}

const NAME = 'ordain.designer'
const STORE = 'undo'

function open(): Promise<IDBDatabase> {
  return new Promise((done, fail) => {
    const request = indexedDB.open(NAME, 1)
    request.onupgradeneeded = () => request.result.createObjectStore(STORE)
    request.onsuccess = () => done(request.result)
    request.onerror = () => fail(request.error)
  })
}

async function inStore<T>(
  mode: IDBTransactionMode,
  ask: (store: IDBObjectStore) => IDBRequest<T>,
): Promise<T | undefined> {
  try {
    const database = await open()
    return (await new Promise((done, fail) => {
      const request = ask(database.transaction(STORE, mode).objectStore(STORE))
      request.onsuccess = () => done(request.result)
      request.onerror = () => fail(request.error)
    }).finally(() => database.close())) as T
  } catch {
    // A browser without storage edits all the same; only a reload forgets what to undo.
    return undefined
  }
}

const nameOf = (login: string, key: string) => `${login}.${key}`
export const recall = (login: string, key: string) =>
  inStore('readonly', store => store.get(nameOf(login, key))) as Promise<Kept | undefined>
export const keep = (login: string, key: string, kept: Kept) =>
  inStore('readwrite', store => store.put(kept, nameOf(login, key)))
export const forget = (login: string, key: string) =>
  inStore('readwrite', store => store.delete(nameOf(login, key)))
