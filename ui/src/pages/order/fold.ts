import type { TimelineItem } from '../../api/types'

export interface Fold {
  items: TimelineItem[]
}

const FOLD_FROM = 3

/** Puts three or more machine events in a row into one fold; people's events always stand alone. */
export function folded(items: TimelineItem[]): Fold[] {
  const folds: Fold[] = []
  let run: TimelineItem[] = []
  const close = () => {
    if (run.length >= FOLD_FROM) folds.push({ items: run })
    else for (const item of run) folds.push({ items: [item] })
    run = []
  }
  for (const item of items) {
    const machine = item.actor.kind === 'rule' || item.actor.kind === 'system'
    if (machine && !item.reason) {
      run.push(item)
      continue
    }
    close()
    folds.push({ items: [item] })
  }
  close()
  return folds
}
