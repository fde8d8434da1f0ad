/** Server-sent events over fetch: EventSource cannot start again with a Last-Event-ID after a refusal. */

export interface SseMessage {
  id: string
  data: string
}

/** Splits a growing text into complete messages; what is left is the beginning of the next one. */
export function parseSse(buffer: string): { messages: SseMessage[]; rest: string } {
  const blocks = buffer.replace(/\r\n?/g, '\n').split('\n\n')
  const rest = blocks.pop() ?? ''
  const messages: SseMessage[] = []
  for (const block of blocks) {
    let id = ''
    const data: string[] = []
    for (const line of block.split('\n')) {
      if (line.startsWith('id:')) id = line.slice(3).trim()
      else if (line.startsWith('data:')) data.push(line.slice(5).trimStart())
    }
    if (data.length) messages.push({ id, data: data.join('\n') })
  }
  return { messages, rest }
}

export interface SseHandlers {
  onOpen: () => void
  onMessage: (message: SseMessage) => void
  onBeat: () => void
}

/** Reads the stream until it ends or `signal` aborts. Throws when the server refuses. */
export async function readSse(
  url: string,
  lastId: string,
  signal: AbortSignal,
  on: SseHandlers,
): Promise<void> {
  const headers: Record<string, string> = { Accept: 'text/event-stream' }
  if (lastId) headers['Last-Event-ID'] = lastId
  const response = await fetch(url, { headers, signal, credentials: 'same-origin', cache: 'no-store' })
  if (!response.ok || !response.body) throw new Error(String(response.status))
  on.onOpen()
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader()
  let buffer = ''
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return
    on.onBeat()
    const parsed = parseSse(buffer + value)
    buffer = parsed.rest
    for (const message of parsed.messages) on.onMessage(message)
  }
}
