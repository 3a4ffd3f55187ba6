import type { Dice } from '../dice.ts';
import { isoTime, koreanClock, list, literal, object, text, type Json } from '../literal.ts';
import { CHAT, someUser, STREAM_TITLES } from '../words.ts';

const HALF_HOUR_MS = 1_800_000;

/** Few streams, so that many heartbeats and messages meet in one. */
const streamId = (dice: Dice): string => `st_${dice.int(700, 760)}`;

export function streamStart(dice: Dice, at: number): Json {
  const user = someUser(dice);
  const announced = Math.floor(at / HALF_HOUR_MS) * HALF_HOUR_MS;
  return object({
    log_type: text('stream_start'),
    event_time: isoTime.utcNamed(at),
    stream_id: text(streamId(dice)),
    streamer: object({
      user_id: literal(user.id),
      nickname: text(user.nickname),
      is_partner: literal(dice.chance(0.2)),
    }),
    title: text(dice.pick(STREAM_TITLES)),
    category: dice.chance(0.1) ? literal(null) : text(dice.pick(['게임', '음악', '토크', '먹방'])),
    tags: list(
      dice.times(dice.int(0, 3), () => text(dice.pick(['초보환영', 'ASMR', '랭크', '19+', '🔥핫']))),
    ),
    scheduled_at: dice.chance(0.5) ? text(koreanClock(announced).slice(0, 19)) : literal(null),
    renditions: list(RENDITIONS.slice(dice.int(0, 2))),
    is_mature: literal(dice.chance(0.05)),
  });
}

const RENDITIONS = (
  [
    [1080, 6000, '59.94', 'avc1'],
    [720, 3000, '59.94', 'avc1'],
    [480, 1200, '29.970', 'avc1'],
    [1080, 3500, '60.0', 'av01'],
  ] as const
).map(([height, bitrate, fps, codec]) =>
  object({
    height: literal(height),
    bitrate_kbps: literal(bitrate),
    fps: literal(fps),
    codec: text(codec),
  }),
);

export function playbackHeartbeat(dice: Dice, at: number): Json {
  return object({
    log_type: text('playback_heartbeat'),
    ts_us: literal(at * 1_000 + dice.int(0, 999)),
    session_id: text(`s-${dice.int(0x1000_0000, 0x7fff_ffff).toString(16)}`),
    user_id: dice.chance(0.3) ? literal(null) : literal(someUser(dice).id),
    stream_id: text(streamId(dice)),
    position_ms: literal(dice.int(0, 7_200_000)),
    buffer_ms: literal(dice.int(0, 12_000)),
    bitrate_kbps: literal(dice.pick([6000, 3000, 1200])),
    dropped_frames: literal(dice.chance(0.8) ? 0 : dice.int(1, 90)),
    stall_s: dice.chance(0.2) ? undefined : literal(dice.chance(0.9) ? '0.0' : dice.float(0, 9).toFixed(3)),
    is_live: literal(dice.chance(0.85)),
    cdn: text(dice.pick(['cloudfront', 'kt', 'skb'])),
  });
}

/** Key order differs by client: the type need not come first, and the classifier must not count on it. */
export function chatMessage(dice: Dice, at: number): Json {
  const user = someUser(dice);
  const mentions = dice.times(dice.chance(0.2) ? dice.int(1, 3) : 0, () => someUser(dice).nickname);
  const message = [...mentions.map((nickname) => `@${nickname}`), dice.pick(CHAT)].join(' ');
  return object({
    ts: literal(at),
    message_id: text(`c${at.toString(36)}${dice.int(100, 999)}`),
    room_id: text(dice.chance(0.7) ? `stream:${streamId(dice)}` : `lobby:${dice.int(1, 400)}`),
    user_id: literal(user.id),
    nickname: text(user.nickname),
    message: text(message),
    mentions: list(mentions.map(text)),
    reply_to: dice.chance(0.1) ? text(`c${(at - 20_000).toString(36)}${dice.int(100, 999)}`) : undefined,
    is_blocked: literal(dice.chance(0.01)),
    log_type: text('chat_message'),
  });
}

export function adImpression(dice: Dice, at: number): Json {
  const campaign = dice.int(5_001, 5_040);
  return object({
    log_type: text('ad_impression'),
    ts: literal(at),
    impression_id: text(`ad-${at.toString(36)}-${dice.int(10_000, 99_999)}`),
    user_id: dice.chance(0.3) ? literal(null) : literal(someUser(dice).id),
    campaign_id: literal(campaign),
    creative: text(`/creative/${campaign}/${dice.pick(['세로', '가로', 'square'])}.mp4`),
    slot: text(dice.pick(['preroll', 'midroll', 'banner', 'lobby'])),
    price: literal(dice.pick(['1.10', '2.50', '0.875', '12.000', '3'])),
    is_viewable: literal(dice.chance(0.7)),
    visible_ratio: dice.chance(0.1) ? literal(null) : literal(dice.float(0, 1).toFixed(2)),
  });
}
