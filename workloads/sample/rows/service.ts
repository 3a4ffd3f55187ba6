import { createHash } from 'node:crypto';
import type { Dice } from '../dice.ts';
import { isoTime, koreanClock, list, literal, object, spacedObject, text, type Json } from '../literal.ts';
import { SEARCHES, someUser } from '../words.ts';

const sessionId = (dice: Dice): Json => text(`s-${dice.int(0x1000_0000, 0x7fff_ffff).toString(16)}`);

const DEVICES = [
  { os: 'android', version: '16', model: 'SM-S936N', screen: [412, 891, '2.625'] },
  { os: 'android', version: '15', model: 'SM-A556S', screen: [384, 854, '2.8125'] },
  { os: 'ios', version: '26.1', model: 'iPhone17,1', screen: [402, 874, '3.0'] },
  { os: 'windows', version: '10.0.26100', model: 'LG 그램 16', screen: [2560, 1600, '1'] },
  { os: 'web', version: '142', model: null, screen: [1920, 1080, '1.25'] },
] as const;

function screenOf([width, height, density]: readonly [number, number, string]): Json {
  return object({ width: literal(width), height: literal(height), density: literal(density) });
}

export function sessionStart(dice: Dice, at: number): Json {
  const { os, version, model, screen } = dice.pick(DEVICES);
  return object({
    log_type: text('session_start'),
    ts: literal(at),
    session_id: sessionId(dice),
    user_id: literal(someUser(dice).id),
    country: text(dice.chance(0.9) ? 'KR' : dice.pick(['JP', 'US', 'TW'])),
    locale: text(dice.pick(['ko-KR', 'ko-KR', 'en-US', 'ja-JP'])),
    login_method: dice.chance(0.1) ? literal(null) : text(dice.pick(['kakao', 'naver', 'apple', 'guest'])),
    is_first: literal(dice.chance(0.02)),
    device: object({
      os: text(os),
      os_version: text(version),
      model: model === null ? literal(null) : text(model),
      app_version: text(dice.pick(['4.1.9', '4.2.0', '4.2.1-beta+7'])),
      screen: dice.chance(0.1) ? undefined : screenOf(screen),
    }),
    experiments: list(dice.chance(0.4) ? [text('새상점:b'), text('search_v3:control')] : []),
    referrer: dice.chance(0.2) ? text('https://example.com/이벤트?utm_source=kakao&c=단오') : undefined,
  });
}

export function sessionEnd(dice: Dice, at: number): Json {
  return object({
    log_type: text('session_end'),
    ts: literal(at),
    session_id: sessionId(dice),
    user_id: literal(someUser(dice).id),
    duration_s: literal(dice.float(1, 5_400).toFixed(1)),
    screens: literal(dice.int(1, 80)),
    reason: text(dice.pick(['background', 'background', 'logout', 'timeout', 'crash'])),
    network: dice.chance(0.1) ? literal(null) : text(dice.pick(['wifi', '5g', 'lte', 'ethernet'])),
    last_screen: dice.chance(0.9)
      ? text(dice.pick(['/home', '/shop/보석', '/stream', '/match/lobby']))
      : undefined,
  });
}

/** Carries keys that the schema does not list, with values that must be kept to the last digit. */
export function search(dice: Dice, at: number): Json {
  const found = dice.chance(0.15) ? 0 : dice.int(1, 240);
  const scope = dice.pick(['stream', 'shop', 'player']);
  return object({
    log_type: text('search'),
    ts: literal(at),
    session_id: sessionId(dice),
    user_id: dice.chance(0.2) ? literal(null) : literal(someUser(dice).id),
    query: text(dice.pick(SEARCHES)),
    scope: text(scope),
    result_count: literal(found),
    took_ms: literal(dice.float(2, 190).toFixed(2)),
    clicked_rank: found > 0 && dice.chance(0.5) ? literal(dice.int(1, found)) : literal(null),
    filters: scope === 'shop' ? object({ price: list([literal('0'), literal('9900.00')]) }) : undefined,
    ranker: dice.chance(0.5) ? text(dice.pick(['bm25', '의미검색-v3'])) : undefined,
    score_top: dice.chance(0.3) ? literal('0.87650') : undefined,
    suggest: dice.chance(0.2) ? list([text('호랑이 티셔츠'), object({ boost: literal('1.10') })]) : undefined,
  });
}

const ERRORS = [
  { service: 'shop-api', code: 'PARTNER_TIMEOUT', severity: 'error' },
  { service: 'match-server', code: 'DESYNC', severity: 'warning' },
  { service: 'web-player', code: 'MEDIA_DECODE', severity: 'error' },
  { service: 'android', code: 'OOM', severity: 'fatal' },
] as const;

export function errorReport(dice: Dice, at: number): Json {
  const error = dice.pick(ERRORS);
  const stack = createHash('sha256').update(`${error.code} ${dice.int(1, 20)}`);
  const maintenance = dice.chance(0.05);
  return spacedObject({
    log_type: text('error_report'),
    event_time: isoTime.utcSpaced(at, dice.int(0, 999)),
    service: text(error.service),
    severity: text(error.severity),
    code: text(error.code),
    message: dice.chance(0.9)
      ? text(`${error.code}: 응답 없음 (${dice.int(1, 30)}초)\n\tat com.example.상점.결제(Pay.kt:42)`)
      : undefined,
    stack_sha256: dice.chance(0.8) ? text(stack.digest('base64')) : literal(null),
    local_time: dice.chance(0.9) ? text(koreanClock(at + dice.int(-90_000, 90_000))) : literal(null),
    build_date: text(dice.pick(['2026-11-03', '2026-11-17', '2024-02-29'])),
    maintenance_until: maintenance ? text('05:30:00') : undefined,
    user_id: dice.chance(0.5) ? literal(someUser(dice).id) : undefined,
    context: errorContext(dice, error.service),
  });
}

function errorContext(dice: Dice, service: string): Json | undefined {
  if (service === 'shop-api') {
    const request = spacedObject({
      method: text('POST'),
      path: text('/v2/pay/확인'),
      bytes: literal(dice.int(90, 900)),
    });
    return spacedObject({
      request,
      retries: literal(dice.int(0, 3)),
      '+1': literal(true),
      'x-trace.id': literal(null),
    });
  }
  if (service === 'match-server') return list([literal(dice.int(1, 99)), text('tick'), literal('6.02e23')]);
  return dice.chance(0.5)
    ? spacedObject({ free_mb: literal(dice.int(1, 64)), ua: text('Mozilla/5.0') })
    : undefined;
}
