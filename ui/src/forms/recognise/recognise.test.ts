import { describe, expect, it } from 'vitest'
import { numberOf } from './amounts'
import { recognise } from './recognise'
import type { Vocabulary } from './vocabulary'

const vocabulary: Vocabulary = {
  goods: [
    { code: 'P-1001', name: '减速机', unit: '台' },
    { code: 'P-1002', name: '法兰 DN50', unit: '件' },
    { code: 'P-1003', name: '法兰 DN80', unit: '件' },
    { code: 'P-1004', name: '加湿器', unit: '台' },
  ],
  usual: [{ words: '大黑', code: 'P-1001' }],
}
/** A Thursday. */
const today = '2026-11-26'
const readDate = (text: string) => (text === '+3' ? '2026-12-01' : null)
const read = (text: string) => recognise(text, { vocabulary, today, readDate })
const told = (text: string) =>
  read(text).lines.map(line =>
    [
      line.why,
      line.goods.length === 1 ? line.goods[0]?.code : `${line.goods.length}:${line.words}`,
      line.quantity?.value ?? '-',
      line.unit?.value ?? '-',
      line.unit_price?.value ?? '-',
      line.requested_date?.value ?? '-',
    ].join(' '),
  )

describe('lines of a message', () => {
  it.each([
    ['帮我订 P-1001 50台，P-1002 20件', ['code P-1001 50 台 - -', 'code P-1002 20 件 - -']],
    ['要50台P-1001和20件P-1002', ['code P-1001 50 台 - -', 'code P-1002 20 件 - -']],
    ['ｐ－１００１　５０台', ['code P-1001 50 台 - -']],
    ['减速机两百台', ['name P-1001 200 台 - -']],
    ['老规矩，大黑 3台', ['usual P-1001 3 台 - -']],
    ['P-1001 1,200台，单价 85.5', ['code P-1001 1200 台 85.5 -']],
    ['P-1001 1.2万台 85元/台', ['code P-1001 12000 台 85 -']],
    ['减速机，50台', ['name P-1001 50 台 - -']],
    ['1. P-1001 x50\n2. P-1002 x20', ['code P-1001 50 - - -', 'code P-1002 20 - - -']],
    ['P-1001、P-1002 各50件', ['code P-1001 50 件 - -', 'code P-1002 50 件 - -']],
    ['P-1001 数量：50', ['code P-1001 50 - - -']],
    ['加湿器 2台 12月1日前到', ['name P-1004 2 台 - 2026-12-01']],
    ['We need 50 pcs P-1001 and 20 pcs P-1002', ['code P-1001 50 pcs - -', 'code P-1002 20 pcs - -']],
  ])('%s', (text, lines) => {
    expect(told(text)).toEqual(lines)
  })

  it('takes a number alone, and marks it', () => {
    expect(told('P-1001 50')).toEqual(['code P-1001 50 - - -'])
    expect(read('P-1001 50').lines[0]?.bare).toBe(true)
    expect(read('P-1001 50台').lines[0]?.bare).toBe(false)
  })

  it('takes none of two numbers that may each be meant', () => {
    const { lines, unused } = read('P-1001 50 85')
    expect(lines[0]?.quantity).toBeNull()
    expect(unused.length).toBeGreaterThan(0)
  })

  it('leaves open what may be several products, or none it knows', () => {
    expect(told('法兰 3件')).toEqual(['several 2:法兰 3 件 - -'])
    expect(told('法兰 DN80 3件')).toEqual(['name P-1003 3 件 - -'])
    expect(told('螺旋桨 3件')).toEqual(['unknown 0:螺旋桨 3 件 - -'])
    expect(told('螺旋桨，3件')).toEqual(['unknown 0:螺旋桨 3 件 - -'])
    expect(told('要P-2001 3件')).toEqual(['unknown 0:P-2001 3 件 - -'])
  })

  it('never takes a name for the whole of a longer word, nor a code for a longer one', () => {
    expect(told('大减速机 3台')).toEqual(['close P-1001 3 台 - -'])
    expect(read('大减速机 3台').lines[0]?.words).toBe('大减速机')
    expect(told('P-1001-A 3台')).toEqual(['unknown 0:P-1001-A 3 台 - -'])
    expect(told('p1001 3台')).toEqual(['close P-1001 3 台 - -'])
  })

  it('does not take a total for the price of a piece', () => {
    const { lines, unused } = read('P-1001 50台，一共5000元')
    expect(lines[0]?.unit_price).toBeNull()
    expect(unused).toHaveLength(1)
  })
})

describe('days', () => {
  it.each([
    ['下周三', '2026-12-02'],
    ['周五', '2026-11-27'],
    ['周一', '2026-11-30'],
    ['明天', '2026-11-27'],
    ['大后天', '2026-11-29'],
    ['3天内', '2026-11-29'],
    ['3个工作日内', '2026-12-01'],
    ['月底', '2026-11-30'],
    ['12月5号', '2026-12-05'],
    ['1月5日', '2027-01-05'],
    ['2026-12-08', '2026-12-08'],
    ['12/8', '2026-12-08'],
  ])('%s', (text, day) => {
    expect(told(`P-1001 5台 ${text}前到`)).toEqual([`code P-1001 5 台 - ${day}`])
    expect(read(`P-1001 5台，${text}之前要`).head.requested_date?.value).toBe(day)
  })
})

describe('the head of an order', () => {
  it('is read from its labels, in the words as they were written', () => {
    const text =
      '采购单号：PO2026-118\nP-1001 50台\n送到：苏州工业园区星湖街328号，联系人：张经理 电话13800138000\n发票抬头：华东机电有限公司 税号：91320594MA1ABCDE2X'
    const { head, lines, unused } = read(text)
    expect(Object.fromEntries(Object.entries(head).map(([field, { value }]) => [field, value]))).toEqual({
      customer_po: 'PO2026-118',
      'ship_to.address': '苏州工业园区星湖街328号',
      'ship_to.name': '张经理',
      'ship_to.phone': '13800138000',
      'invoice.title': '华东机电有限公司',
      'invoice.tax_no': '91320594MA1ABCDE2X',
    })
    expect(lines).toHaveLength(1)
    expect(unused).toEqual([])
  })
})

describe('what was read', () => {
  const text = '王姐你好，帮我订大黑50台，下周三前到；另外螺旋桨3件。手机13800138000，谢谢'
  it('points at the letters it was read from', () => {
    const { lines, head } = read(text)
    const [line] = lines
    expect(line?.at && text.slice(line.at.from, line.at.to)).toBe('大黑')
    expect(line?.quantity && text.slice(line.quantity.at.from, line.quantity.at.to)).toBe('50台')
    const day = head.requested_date?.at
    expect(day && text.slice(day.from, day.to)).toBe('下周三前到')
  })
  it('is the same each time, and names what was not used', () => {
    expect(read(text)).toEqual(read(text))
    const { unused } = read(text)
    expect(unused.map(({ from, to }) => text.slice(from, to))).toEqual(['王姐'])
  })
  it('is nothing for an empty text, and quick for a long one', () => {
    expect(read('')).toEqual({ lines: [], head: {}, unused: [] })
    const start = performance.now()
    expect(read('P-1001 50台，法兰 DN80 3件，谢谢\n'.repeat(500)).lines).toHaveLength(1000)
    expect(performance.now() - start).toBeLessThan(2000)
  })
})

describe('numbers in words', () => {
  it.each([
    ['十五', '15'],
    ['两百五', '250'],
    ['二百零五', '205'],
    ['一万二', '12000'],
    ['三千四百五十', '3450'],
    ['1.5万', '15000'],
    ['零', null],
  ])('%s', (text, number) => expect(numberOf(text)).toBe(number))
})

describe('sizes and ranges', () => {
  it('are no days', () => {
    expect(told('螺栓 M8-20 50件')).toEqual(['unknown 0:螺栓 M8-20 50 件 - -'])
    expect(read('P-1001 5台 10-20').lines[0]?.requested_date).toBeNull()
  })
})
