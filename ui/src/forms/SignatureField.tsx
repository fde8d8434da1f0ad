import { Button } from 'antd'
import { useEffect, useRef } from 'react'
import SignaturePad from 'signature_pad'
import { useWords } from '../i18n'

const WIDTH = 480
const HEIGHT = 160

/** A field to sign in by hand; what was drawn is a PNG in base64, or nothing. */
export function SignatureField({ onChange }: { onChange: (drawn: string | undefined) => void }) {
  const { t } = useWords()
  const canvas = useRef<HTMLCanvasElement>(null)
  const pad = useRef<SignaturePad>(null)
  const told = useRef(onChange)
  told.current = onChange
  useEffect(() => {
    if (!canvas.current) return
    // A dot of the picture for a dot of the screen, so that the line stays under the hand.
    canvas.current.width = canvas.current.offsetWidth || WIDTH
    const made = new SignaturePad(canvas.current, { backgroundColor: 'rgb(255,255,255)' })
    made.addEventListener('endStroke', () => {
      told.current(made.toDataURL('image/png').replace(/^[^,]*,/, ''))
    })
    pad.current = made
    return () => made.off()
  }, [])
  const clear = () => {
    pad.current?.clear()
    onChange(undefined)
  }
  return (
    <div className="field">
      <span>{t('task.signature')}</span>
      <canvas
        ref={canvas}
        width={WIDTH}
        height={HEIGHT}
        className="signature"
        role="img"
        aria-label={t('task.signature')}
        data-testid="task.signature"
      />
      <Button size="small" onClick={clear} data-testid="task.signature.clear">
        {t('task.signature_again')}
      </Button>
    </div>
  )
}
