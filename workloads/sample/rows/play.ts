import type { Dice } from '../dice.ts';
import { isoTime, list, literal, object, text, type Json } from '../literal.ts';
import { someUser } from '../words.ts';

const itemId = (dice: Dice): Json => literal(dice.int(200_001, 209_999));

export function matchResult(dice: Dice, at: number): Json {
  const queue = dice.pick(['ranked', 'ranked', 'normal', 'custom']);
  const winner = dice.chance(0.02) ? null : dice.pick(['blue', 'red']);
  return object({
    log_type: text('match_result'),
    ts: literal(at),
    match_id: text(`M-${at.toString(36)}-${dice.int(100, 999)}`),
    queue: text(queue),
    map: text(dice.pick(['ice_palace', 'bamboo_forest', 'night_market'])),
    duration_s: literal(dice.int(240, 2_400)),
    winner: winner === null ? literal(null) : text(winner),
    players: list(['blue', 'blue', 'red', 'red'].map((team) => player(dice, team, team === winner))),
    server:
      queue === 'custom'
        ? undefined
        : object({
            region: text(dice.pick(['ap-northeast-2', 'ap-northeast-1'])),
            build: text('2026.11.3+g1f0c'),
          }),
  });
}

function player(dice: Dice, team: string, won: boolean): Json {
  const user = someUser(dice);
  const placement = dice.chance(0.1);
  const before = dice.float(900, 2_600);
  return object({
    user_id: literal(user.id),
    nickname: text(user.nickname),
    team: text(team),
    rating_before: placement ? literal(null) : literal(before.toFixed(2)),
    rating_after: placement
      ? literal(null)
      : literal((before + (won ? 1 : -1) * dice.float(3, 28)).toFixed(2)),
    kills: literal(dice.int(0, 21)),
    deaths: literal(dice.int(0, 15)),
    assists: literal(dice.int(0, 18)),
    left_early: literal(dice.chance(0.03)),
    item_ids: list(dice.times(dice.int(0, 6), () => itemId(dice))),
  });
}

export function itemDrop(dice: Dice, at: number): Json {
  const grade = dice.pick(['normal', 'normal', 'normal', 'rare', 'rare', 'epic', 'legendary']);
  const fromBox = dice.chance(0.25);
  return object({
    log_type: text('item_drop'),
    dropped_at: literal(Math.floor(at / 1_000)),
    user_id: literal(someUser(dice).id),
    character_id: literal(dice.int(1, 9_999_999)),
    item_id: itemId(dice),
    grade: text(grade),
    quantity: literal(dice.int(1, 5)),
    source: text(
      fromBox ? 'box:moon_2026' : dice.pick(['monster:gumiho', 'monster:haetae', 'monster:imugi']),
    ),
    // The data sheet's own spellings: all are JSON numbers, and all must stay the numbers that they are.
    drop_rate: literal({ normal: '0.5', rare: '0.0750', epic: '1.2e-2', legendary: '1E-5' }[grade] ?? '1'),
    position: fromBox
      ? undefined
      : object({
          zone: text(dice.pick(['halla', 'baekdu', 'seorak'])),
          x: literal(dice.float(-4_096, 4_096).toFixed(3)),
          y: literal(dice.chance(0.1) ? '-0.0' : dice.float(0, 320).toFixed(1)),
          z: literal(dice.float(-4_096, 4_096).toFixed(3)),
        }),
    is_bound: literal(grade === 'legendary' || dice.chance(0.3)),
  });
}

export function inventorySnapshot(dice: Dice, at: number): Json {
  return object({
    log_type: text('inventory_snapshot'),
    event_time: isoTime.utcSpaced(at, dice.int(0, 999)),
    user_id: literal(someUser(dice).id),
    character_id: literal(dice.int(1, 9_999_999)),
    equipped_item_ids: list(dice.times(dice.int(0, 8), () => itemId(dice))),
    wallet: object({ gold: literal(dice.int(0, 90_000_000)), gems: literal(dice.int(0, 4_000)) }),
    storage: object({
      capacity: literal(dice.pick([40, 80, 120])),
      bags: list(['basic', 'pet', 'guild'].slice(0, dice.int(1, 3)).map((kind) => bag(dice, kind))),
    }),
  });
}

function bag(dice: Dice, kind: string): Json {
  const slots = dice.times(dice.int(0, 4), () => dice.int(0, 9)).map((step, index) => index * 10 + step);
  return object({
    kind: text(kind),
    slots: list(
      slots.map((slot) =>
        object({
          slot: literal(slot),
          item: object({
            item_id: itemId(dice),
            quantity: literal(dice.int(1, 99)),
            enhancement: dice.chance(0.4) ? enhancement(dice) : undefined,
          }),
        }),
      ),
    ),
  });
}

function enhancement(dice: Dice): Json {
  const socket = (): Json =>
    object({ gem: text(dice.pick(['ruby', '옥', 'opal'])), power: literal(dice.float(1, 2).toFixed(2)) });
  return object({ level: literal(dice.int(0, 15)), sockets: list(dice.times(dice.int(0, 3), socket)) });
}
