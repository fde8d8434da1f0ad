/** Pastes into what has the focus, as the clipboard would. `types` stands for what is no text. */
export const paste = (page, text, { file = false } = {}) =>
  page.evaluate(
    ([content, withFile]) => {
      const data = new DataTransfer()
      if (withFile) data.items.add(new File(['x'], 'picture.png', { type: 'image/png' }))
      else data.setData('text/plain', content)
      document.activeElement.dispatchEvent(
        new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }),
      )
    },
    [text, file],
  )
