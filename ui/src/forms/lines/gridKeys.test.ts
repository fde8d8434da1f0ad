import { describe, expect, it } from 'vitest'
import { type Cell, gridAction, type Press } from './gridKeys'

const press = (key: string, more: Partial<Press> = {}): Press => ({
  key,
  ctrl: false,
  shift: false,
  alt: false,
  composing: false,
  whole: true,
  ...more,
})
const grid = (more = {}) => ({ rows: 3, cols: 5, lastRowBlank: false, skip: (_: Cell) => false, ...more })

describe('keys of the line grid', () => {
  it.each(['Tab', 'Enter'])('%s goes to the next cell, then to the next row', key => {
    expect(gridAction(press(key), { row: 0, col: 1 }, grid())).toEqual({
      kind: 'move',
      to: { row: 0, col: 2 },
    })
    expect(gridAction(press(key), { row: 0, col: 4 }, grid())).toEqual({
      kind: 'move',
      to: { row: 1, col: 0 },
    })
  })

  it('adds a line after the last cell, and leaves the grid from a blank last line', () => {
    expect(gridAction(press('Tab'), { row: 2, col: 4 }, grid())).toEqual({ kind: 'append' })
    expect(gridAction(press('Tab'), { row: 2, col: 4 }, grid({ lastRowBlank: true }))).toEqual({
      kind: 'leave',
    })
  })

  it('goes back with Shift and leaves before the first cell', () => {
    const back = press('Tab', { shift: true })
    expect(gridAction(back, { row: 1, col: 0 }, grid())).toEqual({ kind: 'move', to: { row: 0, col: 4 } })
    expect(gridAction(back, { row: 0, col: 0 }, grid())).toEqual({ kind: 'leave' })
  })

  it('passes over cells that are already known', () => {
    const known = grid({ skip: (cell: Cell) => cell.col === 1 })
    expect(gridAction(press('Tab'), { row: 0, col: 0 }, known)).toEqual({
      kind: 'move',
      to: { row: 0, col: 2 },
    })
    expect(gridAction(press('Tab', { shift: true }), { row: 0, col: 2 }, known)).toEqual({
      kind: 'move',
      to: { row: 0, col: 0 },
    })
  })

  it('moves between rows with arrows; down on the last row adds one', () => {
    expect(gridAction(press('ArrowDown'), { row: 0, col: 2 }, grid())).toEqual({
      kind: 'move',
      to: { row: 1, col: 2 },
    })
    expect(gridAction(press('ArrowDown'), { row: 2, col: 2 }, grid())).toEqual({ kind: 'append' })
    expect(gridAction(press('ArrowDown'), { row: 2, col: 2 }, grid({ lastRowBlank: true }))).toEqual({
      kind: 'none',
    })
    expect(gridAction(press('ArrowUp'), { row: 0, col: 2 }, grid())).toEqual({ kind: 'none' })
  })

  it('copies the cell above, deletes and moves rows', () => {
    expect(gridAction(press('d', { ctrl: true }), { row: 1, col: 2 }, grid())).toEqual({ kind: 'copy_above' })
    expect(gridAction(press('d', { ctrl: true }), { row: 0, col: 2 }, grid())).toEqual({ kind: 'none' })
    expect(gridAction(press('Delete', { ctrl: true }), { row: 1, col: 2 }, grid())).toEqual({
      kind: 'delete_row',
    })
    expect(gridAction(press('ArrowUp', { alt: true }), { row: 1, col: 0 }, grid())).toEqual({
      kind: 'shift_row',
      by: -1,
    })
  })

  it('moves sideways while the whole cell is selected, and leaves the caret alone while it is edited', () => {
    const to = (col: number) => ({ kind: 'move', to: { row: 0, col } })
    expect(gridAction(press('ArrowRight'), { row: 0, col: 1 }, grid())).toEqual(to(2))
    expect(gridAction(press('ArrowLeft'), { row: 0, col: 1 }, grid())).toEqual(to(0))
    const known = grid({ skip: (cell: Cell) => cell.col === 1 })
    expect(gridAction(press('ArrowRight'), { row: 0, col: 0 }, known)).toEqual(to(2))
    expect(gridAction(press('ArrowLeft'), { row: 0, col: 0 }, grid()).kind).toBe('none')
    expect(gridAction(press('ArrowRight'), { row: 0, col: 4 }, grid()).kind).toBe('none')
    const editing = press('ArrowRight', { whole: false })
    expect(gridAction(editing, { row: 0, col: 1 }, grid()).kind).toBe('none')
    expect(gridAction(press('F2'), { row: 0, col: 1 }, grid())).toEqual({ kind: 'edit' })
    expect(gridAction(press('F4'), { row: 0, col: 1 }, grid())).toEqual({ kind: 'promise' })
  })

  it('puts in the day of today', () => {
    expect(gridAction(press(';', { ctrl: true }), { row: 1, col: 4 }, grid())).toEqual({ kind: 'today' })
  })

  it('does nothing while an input method is composing, nor on Escape or Ctrl+Enter', () => {
    expect(gridAction(press('Enter', { composing: true }), { row: 0, col: 0 }, grid()).kind).toBe('none')
    expect(gridAction(press('Escape'), { row: 0, col: 0 }, grid()).kind).toBe('none')
    expect(gridAction(press('Enter', { ctrl: true }), { row: 0, col: 0 }, grid()).kind).toBe('none')
  })
})
