/** What a key press means in the line grid. Pure: the grid only carries it out. */
export interface Press {
  key: string
  ctrl: boolean
  shift: boolean
  alt: boolean
  composing: boolean
  /** The whole text of the cell is selected, as it is when a cell was just entered: arrows then move on. */
  whole: boolean
}
export interface Cell {
  row: number
  col: number
}
export interface GridShape {
  rows: number
  cols: number
  lastRowBlank: boolean
  /** Cells that Tab passes over, e.g. a unit that is already known. */
  skip: (cell: Cell) => boolean
}
export type GridAction =
  | { kind: 'move'; to: Cell }
  | { kind: 'append' }
  | { kind: 'copy_above' }
  | { kind: 'delete_row' }
  | { kind: 'shift_row'; by: 1 | -1 }
  | { kind: 'today' }
  | { kind: 'edit' }
  /** Shows what can be promised of the line. */
  | { kind: 'promise' }
  | { kind: 'leave' }
  | { kind: 'none' }

const NONE: GridAction = { kind: 'none' }

function next(at: Cell, grid: GridShape): GridAction {
  const cell = { ...at }
  do {
    cell.col += 1
    if (cell.col < grid.cols) continue
    cell.col = 0
    cell.row += 1
    if (cell.row >= grid.rows) return grid.lastRowBlank ? { kind: 'leave' } : { kind: 'append' }
  } while (grid.skip(cell))
  return { kind: 'move', to: cell }
}

function previous(at: Cell, grid: GridShape): GridAction {
  const cell = { ...at }
  do {
    cell.col -= 1
    if (cell.col >= 0) continue
    cell.col = grid.cols - 1
    cell.row -= 1
    if (cell.row < 0) return { kind: 'leave' }
  } while (grid.skip(cell))
  return { kind: 'move', to: cell }
}

function down(at: Cell, grid: GridShape): GridAction {
  if (at.row + 1 < grid.rows) return { kind: 'move', to: { ...at, row: at.row + 1 } }
  return grid.lastRowBlank ? NONE : { kind: 'append' }
}

/** Left and right within the row, over the cells that are passed over. */
function sideways(at: Cell, grid: GridShape, by: 1 | -1): GridAction {
  const cell = { ...at }
  do cell.col += by
  while (cell.col >= 0 && cell.col < grid.cols && grid.skip(cell))
  return cell.col < 0 || cell.col >= grid.cols ? NONE : { kind: 'move', to: cell }
}

export function gridAction(press: Press, at: Cell, grid: GridShape): GridAction {
  if (press.composing) return NONE
  if (press.ctrl) {
    if (press.key.toLowerCase() === 'd') return at.row > 0 ? { kind: 'copy_above' } : NONE
    if (press.key === ';') return { kind: 'today' }
    return press.key === 'Delete' ? { kind: 'delete_row' } : NONE
  }
  if (press.alt) {
    if (press.key === 'ArrowDown') return at.row + 1 < grid.rows ? { kind: 'shift_row', by: 1 } : NONE
    if (press.key === 'ArrowUp') return at.row > 0 ? { kind: 'shift_row', by: -1 } : NONE
    return NONE
  }
  switch (press.key) {
    case 'Tab':
      return press.shift ? previous(at, grid) : next(at, grid)
    case 'Enter':
      return press.shift ? previous(at, grid) : next(at, grid)
    case 'ArrowDown':
      return down(at, grid)
    case 'ArrowUp':
      return at.row > 0 ? { kind: 'move', to: { ...at, row: at.row - 1 } } : NONE
    case 'ArrowLeft':
      return press.whole && !press.shift ? sideways(at, grid, -1) : NONE
    case 'ArrowRight':
      return press.whole && !press.shift ? sideways(at, grid, 1) : NONE
    case 'F2':
      return { kind: 'edit' }
    case 'F4':
      return { kind: 'promise' }
    default:
      return NONE
  }
}
