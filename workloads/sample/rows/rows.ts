import type { Dice } from '../dice.ts';
import type { Json } from '../literal.ts';
import { orderCreated, purchase, refund } from './commerce.ts';
import { adImpression, chatMessage, playbackHeartbeat, streamStart } from './media.ts';
import { inventorySnapshot, itemDrop, matchResult } from './play.ts';
import { errorReport, search, sessionEnd, sessionStart } from './service.ts';

/** One good row of a type. @param at When it happened, epoch milliseconds. */
export type RowMaker = (dice: Dice, at: number) => Json;

/** By log type, the most frequent first: real services' log types follow Zipf's law, so rank decides the number of rows. */
export const ROW_MAKERS: ReadonlyMap<string, RowMaker> = new Map([
  ['playback_heartbeat', playbackHeartbeat],
  ['ad_impression', adImpression],
  ['chat_message', chatMessage],
  ['session_start', sessionStart],
  ['search', search],
  ['session_end', sessionEnd],
  ['item_drop', itemDrop],
  ['match_result', matchResult],
  ['purchase', purchase],
  ['error_report', errorReport],
  ['order/created', orderCreated],
  ['stream_start', streamStart],
  ['refund', refund],
  ['inventory_snapshot', inventorySnapshot],
]);
