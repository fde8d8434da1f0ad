/** Everything is read anew on another side, from the first page on: nothing of the one is left on the other. */
export const afresh = { onSuccess: () => globalThis.location.assign('/') }
