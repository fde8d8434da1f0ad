import type { TimelineItem } from '../../api/types'

export interface Fold {
  items: TimelineItem[]
}

const FOLD_FROM = 3

export const isMachine = ({ actor }: Pick<TimelineItem, 'actor'>) =>
  actor.kind === 'rule' || actor.kind === 'system'

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
    if (isMachine(item) && !item.reason) {
      run.push(item)
      continue
    }
    close()
    folds.push({ items: [item] })
  }
  close()
  return folds
}
