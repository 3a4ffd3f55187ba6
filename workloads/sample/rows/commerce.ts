import type { Dice } from '../dice.ts';
import {
  isoTime,
  koreanClock,
  list,
  literal,
  object,
  phpText,
  snowflake,
  text,
  type Json,
} from '../literal.ts';
import { GOODS, PRODUCTS, someName, someUser } from '../words.ts';

const DAY_MS = 86_400_000;

/** Card services quote money, wallets send numbers; both keep the zeros of 1.10, and so must everybody after them. */
function money(dice: Dice, amount: string): Json {
  return dice.chance(0.5) ? text(amount) : literal(amount);
}

export function purchase(dice: Dice, at: number): Json {
  const product = dice.pick(PRODUCTS);
  const inDollars = dice.chance(0.2);
  const method = dice.pick(['kakaopay', 'naverpay', 'tosspay', 'card', 'phone']);
  return object({
    log_type: text('purchase'),
    ts: literal(at),
    purchase_id: text(`P${at.toString(36).toUpperCase()}-${dice.int(1000, 9999)}`),
    user_id: literal(someUser(dice).id),
    product_id: text(product.sku),
    quantity: literal(1),
    amount: money(dice, inDollars ? product.usd : product.krw),
    currency: text(inDollars ? 'USD' : 'KRW'),
    payment_method: text(method),
    is_gift: dice.chance(0.1) ? literal(null) : literal(dice.chance(0.15)),
    coupon_code: dice.chance(0.2) ? text(dice.pick(['첫결제10%', 'WELCOME', '단오2026'])) : literal(null),
    partner_response: dice.chance(0.05) ? undefined : partnerResponse(dice, method),
  });
}

/** Three partners, three shapes. One repeats our own `log_type` inside: only the key at the top level counts. */
function partnerResponse(dice: Dice, method: string): Json {
  const result = object({ code: text('0000'), message: text('정상 승인') });
  const approval = text(String(dice.int(10_000_000, 99_999_999)));
  if (method === 'kakaopay') return object({ tid: text(`T${dice.int(100_000, 999_999)}`), result, approval });
  if (method === 'card') {
    const card = object({ issuer: text('신한'), installments: literal(dice.pick([0, 3, 12])) });
    return object({ result, card, fee: literal('0.0350'), sign: literal('1234567890123456789'), approval });
  }
  return list([object({ log_type: text('partner_callback'), result }), object({ approval })]);
}

export function refund(dice: Dice, at: number): Json {
  const product = dice.pick(PRODUCTS);
  const purchased = at - dice.int(1, 6) * DAY_MS;
  return object({
    log_type: text('refund'),
    event_time: isoTime.utc(at),
    refund_id: text(`R${at.toString(36).toUpperCase()}-${dice.int(1000, 9999)}`),
    purchase_id: text(`P${purchased.toString(36).toUpperCase()}-${dice.int(1000, 9999)}`),
    user_id: literal(someUser(dice).id),
    amount: money(dice, product.krw),
    currency: text('KRW'),
    purchased_on: text(koreanClock(purchased).slice(0, 10)),
    reason: text(dice.pick(['change_of_mind', 'change_of_mind', 'defect', 'minor', 'fraud', 'other'])),
    is_partial: literal(dice.chance(0.1)),
    note: dice.chance(0.4) ? text(`${someName(dice)} 고객님 요청,\n"${product.name}" 환불 처리`) : undefined,
  });
}

export function orderCreated(dice: Dice, at: number): Json {
  const items = dice.times(dice.int(1, 3), () => ({ goods: dice.pick(GOODS), quantity: dice.int(1, 3) }));
  const total = items.reduce((sum, { goods, quantity }) => sum + Number(goods.price) * quantity, 3_000);
  return object({
    event_time: isoTime.korean(at),
    log_type: phpText('order/created'),
    order_id: snowflake(at, dice.int(0, 4_194_303)),
    user_id: literal(someUser(dice).id),
    items: list(items.map(({ goods, quantity }) => orderItem(dice, goods, quantity))),
    total: text(total.toFixed(2)),
    coupon_codes: dice.chance(0.3) ? list([phpText('생일축하'), phpText('FREE/SHIP')]) : undefined,
    shipping: object({
      zip_code: text(String(dice.int(1_000, 63_644)).padStart(5, '0')),
      region: phpText(dice.pick(['서울특별시', '부산광역시', '경기도', '제주특별자치도'])),
      wish_date: dice.chance(0.6)
        ? text(koreanClock(at + dice.int(2, 9) * DAY_MS).slice(0, 10))
        : literal(null),
      wish_time: dice.chance(0.4) ? text(dice.pick(['09:00:00', '13:30:00', '18:00:00.5'])) : literal(null),
      request: dice.chance(0.5) ? phpText('문 앞에 놓아 주세요 🙏') : undefined,
    }),
  });
}

function orderItem(dice: Dice, goods: (typeof GOODS)[number], quantity: number): Json {
  return object({
    sku: text(goods.sku),
    name: phpText(goods.name),
    unit_price: text(goods.price),
    quantity: literal(quantity),
    options:
      goods.sizes.length === 0
        ? undefined
        : object({
            size: text(dice.pick(goods.sizes)),
            color: phpText(dice.pick(['검정', '아이보리', '쪽빛'])),
            gift_wrap: literal(dice.chance(0.2)),
          }),
    tags: list(dice.times(dice.int(0, 2), () => phpText(dice.pick(['신상품', '한정/수량', 'BEST'])))),
  });
}
