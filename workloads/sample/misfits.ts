import type { Dice } from './dice.ts';
import type { Json } from './literal.ts';
import { ROW_MAKERS } from './rows/rows.ts';

/** What turns a good row of a type into a misfit: the spot, and what a careless producer writes there. */
interface Spoiler {
  readonly find: RegExp;
  readonly write: string;
}

/** Each is a mistake that a producer really makes, and that a lenient loader swallows without a word. */
const SPOILERS: Readonly<Record<string, readonly Spoiler[]>> = {
  purchase: [
    // A label where the sum should be: required and of the wrong type.
    { find: /"amount":(?:"[^"]*"|[^,]*)/, write: '"amount":"무료"' },
    // A guest checkout that forgot who pays.
    { find: /"user_id":\d+,/, write: '' },
    // A number as a word.
    { find: /"quantity":1/, write: '"quantity":"한 개"' },
  ],
  chat_message: [
    // A client that cuts at 16-bit units leaves half an emoji: a lone surrogate, which no UTF-8 can hold.
    { find: /"message":"(?:[^"\\]|\\.)*"/, write: '"message":"안녕 \\ud83d"' },
    { find: /"mentions":\[[^\]]*\]/, write: '"mentions":[null]' },
    { find: /"message":"(?:[^"\\]|\\.)*"/, write: '"message":null' },
  ],
  session_start: [
    // A key with a typing error, from a client that nobody announced.
    { find: /"is_first":/, write: '"utm_sourse":"kakao","is_first":' },
    { find: /"is_first":(?:true|false)/, write: '"is_first":"Y"' },
  ],
  ad_impression: [
    // One ad server sends a placeholder instead of null, and booleans as text.
    { find: /"visible_ratio":[^}]*/, write: '"visible_ratio":"N/A"' },
    { find: /"is_viewable":(?:true|false)/, write: '"is_viewable":"true"' },
  ],
  refund: [
    // A day that no calendar has.
    { find: /"purchased_on":"[^"]*"/, write: '"purchased_on":"2026-02-30"' },
    { find: /"event_time":"([^"]*)Z"/, write: '"event_time":"$1"' },
  ],
  'order/created': [
    { find: /"unit_price":"[^"]*",/, write: '' },
    { find: /"quantity":(\d+)/, write: '"quantity":$1.5' },
    { find: /"wish_date":(?:"[^"]*"|null)/, write: '"wish_date":"2026/11/25"' },
  ],
};

/** The `index`-th misfit of a type; its mistakes take turns, so that a few rows show all of them. */
export function misfit(type: string, index: number, dice: Dice, at: number): Json {
  const spoilers = SPOILERS[type]!;
  const { find, write } = spoilers[index % spoilers.length]!;
  const good = ROW_MAKERS.get(type)!(dice, at);
  const bad = good.replace(find, write) as Json;
  // Otherwise the counts that the sample promises would be wrong.
  if (bad === good)
    throw new Error(`sample: the misfit ${String(find)} of ${type} changed nothing in ${good}`);
  return bad;
}
