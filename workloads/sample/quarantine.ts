import type { Dice } from './dice.ts';
import { literal, object, text } from './literal.ts';
import { chatMessage, playbackHeartbeat } from './rows/media.ts';

/** Lines that no type can be told of. They are bytes, not text: one kind is not UTF-8. */
type LineMaker = (index: number, dice: Dice, at: number) => Buffer;

/** 안녕 in EUC-KR, as an old Korean client writes it. */
const EUC_KR_HELLO = Buffer.from([0xbe, 0xc8, 0xb3, 0xe7]);

/** Cut short, not JSON at all, or not UTF-8. */
export const brokenLine: LineMaker = (index, dice, at) => {
  const stamp = new Date(at).toISOString();
  switch (index % 4) {
    case 0: {
      // A process killed in the middle of a write.
      const line = playbackHeartbeat(dice, at);
      return Buffer.from(line.slice(0, dice.int(20, line.length - 2)));
    }
    case 1:
      return Buffer.from(`${stamp} WARN upstream timed out (110: Connection timed out)`);
    case 2: {
      const [head = '', tail = ''] = chatMessage(dice, at).split(/(?<="message":").*(?=","mentions")/s);
      return Buffer.concat([Buffer.from(head), EUC_KR_HELLO, Buffer.from(tail)]);
    }
    default:
      // An Elasticsearch bulk export that forgot to take its brackets off.
      return Buffer.from(`[${playbackHeartbeat(dice, at)}]`);
  }
};

/** An object without a type; one has the key, but only further down, where it means nothing. */
export const untypedLine: LineMaker = (index, dice, at) => {
  const seconds = literal((dice.int(1, 900) / 10).toFixed(1));
  const inner = object({ log_type: text('purchase'), note: text('중첩') });
  const members = [
    { level: text('info'), msg: text('health check'), uptime: seconds, ts: literal(at) },
    { log_type: literal(null), ts: literal(at), msg: text('배포 완료') },
    { ts: literal(at), payload: inner },
  ][index % 3]!;
  return Buffer.from(object(members));
};

/** Two types that no schema describes: one that was never meant to leave a developer's desk, one that is simply new. */
export const UNKNOWN_TYPES = ['debug_trace', 'coupon_issued'] as const;

export const unknownTypeLine: LineMaker = (index, dice, at) => {
  const type = UNKNOWN_TYPES[index % UNKNOWN_TYPES.length]!;
  return Buffer.from(
    object({
      log_type: text(type),
      ts: literal(at),
      value: literal(dice.int(1, 99_999)),
      memo: text('확인용 ✅'),
    }),
  );
};

/** Empty, or blanks only: both are blank lines. */
export const blankLine: LineMaker = (index) => Buffer.from(index % 2 === 0 ? '' : '  ');
