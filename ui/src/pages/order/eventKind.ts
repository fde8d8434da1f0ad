import type { TimelineItem } from '../../api/types'
import type { EventKind } from '../../app/places'
import { isMachine } from './fold'

const DECISIONS = `claim_task see_task decide_task transfer_task delegate_task give_back_task hold_task resume_task
  send_copy add_signer remove_signer urge_task press_button return_task withdraw_decision write_fields tick_point
  choose_people acknowledge_copy record_answer`
const MESSAGES = `comment_order ask_question answer_question withdraw_question attach_file send_notice send_answer_code
  refuse_answer_code watch_order record_complaint answer_complaint close_complaint`
const FULFILMENT = `ship_order record_payment reverse_payment request_invoice issue_invoice correct_invoice exchange_promise settle_promise
  give_for_exchange hold_arrived move_supply lose_goods`
const BY_HAND = `jump_run skip_step run_step_again end_run revive_order override_finding take_over_order put_back_order
  reassign_task agree_by_hand ask_second_person report_issue explain_loss take_exception close_exception migrate_run
  undo_migration`

const KINDS = new Map<string, EventKind>(
  (
    [
      ['decision', DECISIONS],
      ['message', MESSAGES],
      ['fulfilment', FULFILMENT],
      ['by_hand', BY_HAND],
    ] as const
  ).flatMap(([kind, actions]) => actions.split(/\s+/).map(action => [action, kind] as const)),
)

/** What somebody looks for an event as. What is of no narrower kind made the order what it is, or changed it. */
export const kindOf = (item: Pick<TimelineItem, 'action' | 'actor'>): EventKind =>
  isMachine(item) ? 'system' : (KINDS.get(item.action) ?? 'order')
