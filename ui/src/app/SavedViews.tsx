import { EllipsisOutlined, PlusOutlined } from '@ant-design/icons'
import { useNavigate } from '@tanstack/react-router'
import { App, Button, Dropdown } from 'antd'
import { type ReactNode, type SyntheticEvent, useRef, useState } from 'react'
import { type SavedView, useChangeViews, useViews, type ViewPage } from '../api/views'
import type { FieldSpec } from '../forms/Fields'
import { FormDialog } from '../forms/FormDialog'
import { RecordDialog } from '../forms/RecordDialog'
import { useWords } from '../i18n'
import { Refusal } from '../ui/states'
import { type Filter, filterOf, isOwn, type Params, sameFilter } from './viewFilter'

/** Gives a filter a name, or a view another one. */
function NameDialog({
  page,
  view,
  filter,
  onClose,
}: {
  page: ViewPage
  view?: SavedView
  filter: Filter
  onClose: (named?: string) => void
}) {
  const { t } = useWords()
  const write = useChangeViews(page)
  const fields: FieldSpec[] = [{ name: 'name', label: t('views.name'), required: true }]
  return (
    <RecordDialog
      id="view"
      title={t(view ? 'views.rename_of' : 'views.save', { name: view?.name })}
      okText={t('action.save')}
      fields={fields}
      initial={{ name: view?.name ?? '' }}
      write={write}
      onSend={({ name: typed = '' }) => {
        const name = typed.trim()
        write.mutate(
          views =>
            view
              ? views.map(each => (each.name === view.name ? { ...each, name } : each))
              : [...views, { name, filter }],
          { onSuccess: () => onClose(name) },
        )
      }}
      onClose={() => onClose()}
    />
  )
}

function DeleteDialog({ page, view, onClose }: { page: ViewPage; view: SavedView; onClose: () => void }) {
  const { t } = useWords()
  const write = useChangeViews(page)
  return (
    <FormDialog
      id="view.delete"
      title={t('views.delete_of', { name: view.name })}
      okText={t('views.delete')}
      ready
      write={write}
      shown={[]}
      onSend={() =>
        write.mutate(views => views.filter(each => each.name !== view.name), { onSuccess: onClose })
      }
      onClose={onClose}
    >
      <p>{t('views.delete_note')}</p>
    </FormDialog>
  )
}

/** One view: its name opens it, the menu beside it changes it. */
function Chip({
  view,
  current,
  landed,
  onOpen,
  onRename,
  onOverwrite,
  onDelete,
}: {
  view: SavedView
  current: boolean
  /** It has just got its name: whoever typed it goes on here. */
  landed: boolean
  onOpen: () => void
  onRename: () => void
  onOverwrite?: () => void
  onDelete: () => void
}) {
  const { t } = useWords()
  const more = useRef<HTMLButtonElement>(null)
  const item = (key: string, run?: () => void) => ({
    key,
    label: <span data-testid={`views.${key}`}>{t(`views.${key}`)}</span>,
    disabled: !run,
    onClick: ({ domEvent }: { domEvent: SyntheticEvent }) => {
      // The key press would go on to the button that has the focus again, and open the menu once more.
      domEvent.preventDefault()
      run?.()
    },
  })
  return (
    <span className="own-view" data-current={current || undefined}>
      <button
        type="button"
        // biome-ignore lint/a11y/noAutofocus: the dialog that had the focus is gone
        autoFocus={landed}
        aria-pressed={current}
        onClick={onOpen}
        data-testid={`views.view:${view.name}`}
      >
        {view.name}
      </button>
      <Dropdown
        trigger={['click']}
        autoFocus
        // A menu that closes gives the focus back; a click elsewhere keeps it.
        onOpenChange={open =>
          !open && document.activeElement?.closest('[role="menu"]') && more.current?.focus()
        }
        menu={{
          items: [item('rename', onRename), item('overwrite', onOverwrite), item('delete', onDelete)],
        }}
      >
        <button
          ref={more}
          type="button"
          aria-label={t('views.menu', { name: view.name })}
          aria-haspopup="menu"
          data-testid={`views.menu:${view.name}`}
        >
          <EllipsisOutlined aria-hidden />
        </button>
      </Dropdown>
    </span>
  )
}

type Asking = { what: 'save' } | { what: 'rename' | 'delete'; view: SavedView }

/** The person's own views of a page, after the tabs that it has for everybody. */
export function SavedViews({
  page,
  params,
  tab,
  search,
  onLeave,
  children,
}: {
  page: ViewPage
  /** The parameters of the page that a view keeps. */
  params: Params
  /** The one that the tabs choose. */
  tab: string
  search: object
  onLeave?: () => void
  /** The tabs. */
  children: ReactNode
}) {
  const { t } = useWords()
  const { message } = App.useApp()
  const navigate = useNavigate()
  const { data } = useViews(page)
  const overwrite = useChangeViews(page)
  const [asking, setAsking] = useState<Asking>()
  const [landed, setLanded] = useState<string>()
  const present = filterOf(search, params)
  const views = (data?.body.items ?? []).map(view => ({ view, filter: filterOf(view.filter, params) }))
  const unnamed = isOwn(present, tab) && !views.some(({ filter }) => sameFilter(filter, present))
  const open = (filter: Filter) => {
    onLeave?.()
    void navigate({ to: `/${page}`, search: filter as never })
  }
  const replace = (view: SavedView) =>
    overwrite.mutate(
      all => all.map(each => (each.name === view.name ? { ...each, filter: present } : each)),
      { onSuccess: () => message.success(t('views.overwritten', { name: view.name })) },
    )
  return (
    <>
      <div className="view-row">
        {children}
        {data && (
          // biome-ignore lint/a11y/useSemanticElements: these are no fields of a form
          <div
            className="own-views"
            role="group"
            aria-label={t('views.own')}
            hidden={views.length === 0 && !unnamed}
            data-testid="views.own"
          >
            <div className="own-chips">
              {views.map(({ view, filter }) => {
                const current = sameFilter(filter, present)
                return (
                  <Chip
                    key={view.name}
                    view={view}
                    current={current}
                    landed={view.name === landed}
                    onOpen={() => open(filter)}
                    onRename={() => setAsking({ what: 'rename', view })}
                    onOverwrite={current ? undefined : () => replace(view)}
                    onDelete={() => setAsking({ what: 'delete', view })}
                  />
                )
              })}
            </div>
            {unnamed && (
              <Button
                type="link"
                size="small"
                icon={<PlusOutlined aria-hidden />}
                onClick={() => setAsking({ what: 'save' })}
                data-testid="views.save"
              >
                {t('views.save')}
              </Button>
            )}
          </div>
        )}
      </div>
      {overwrite.error && <Refusal id="views" error={overwrite.error} />}
      {asking && asking.what !== 'delete' && (
        <NameDialog
          page={page}
          view={asking.what === 'rename' ? asking.view : undefined}
          filter={present}
          onClose={named => {
            setAsking(undefined)
            setLanded(named)
          }}
        />
      )}
      {asking?.what === 'delete' && (
        <DeleteDialog page={page} view={asking.view} onClose={() => setAsking(undefined)} />
      )}
    </>
  )
}
