import { Modal } from 'antd'
import { useWords } from '../i18n'

const groups: { key: string; rows: [keys: string, does: string][] }[] = [
  {
    key: 'everywhere',
    rows: [
      ['Ctrl K', 'search'],
      ['g w', 'workbench'],
      ['g t', 'tasks'],
      ['g o', 'orders'],
      ['g e', 'exceptions'],
      ['g s', 'stock'],
      ['c', 'new'],
      ['/', 'list_search'],
      ['?', 'help'],
    ],
  },
  {
    key: 'tasks',
    rows: [
      ['j / k', 'move'],
      ['Enter', 'open'],
      ['a', 'approve'],
      ['r', 'return'],
      ['d', 'reject'],
      ['m', 'claim'],
      ['t', 'transfer'],
      ['i', 'add_signer'],
      ['x', 'tick'],
      ['Ctrl Enter', 'confirm'],
    ],
  },
  {
    key: 'orders',
    rows: [
      ['j / k', 'move'],
      ['Enter', 'open'],
      ['x', 'tick'],
    ],
  },
  {
    key: 'order',
    rows: [
      ['1 … 9, 0', 'order_tabs'],
      ['u', 'urge'],
      ['h', 'request_change'],
      ['w', 'recall'],
      ['p', 'print'],
      ['y', 'copy_link'],
      ['[ / ]', 'beside'],
      ['Esc', 'to_now'],
    ],
  },
  {
    key: 'entry',
    rows: [
      ['Tab / Enter', 'next_cell'],
      ['← / →', 'side_cell'],
      ['↓', 'new_row'],
      ['F2', 'edit_cell'],
      ['Ctrl D', 'copy_above'],
      ['Ctrl ;', 'today'],
      ['+3', 'days_ahead'],
      ['Ctrl Delete', 'delete_row'],
      ['F4', 'promise'],
      ['F8', 'next_problem'],
      ['Ctrl Enter', 'submit'],
    ],
  },
]

export function HelpDialog({ onClose }: { onClose: () => void }) {
  const { t } = useWords()
  return (
    <Modal open title={t('help.title')} footer={null} onCancel={onClose} width={960}>
      <div className="help" data-testid="help.dialog">
        {groups.map(group => (
          <section key={group.key}>
            <h3>{t(`help.group.${group.key}`)}</h3>
            <dl>
              {group.rows.map(([keys, does]) => (
                <div key={keys}>
                  <dt>
                    <kbd>{keys}</kbd>
                  </dt>
                  <dd>{t(`help.${does}`)}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Modal>
  )
}
