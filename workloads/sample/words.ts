import type { Dice } from './dice.ts';

/** Zipf is for the log types; among users the small numbers are simply met more often, which is enough for joins. */
const USERS = 4_000;
const FIRST_USER_ID = 10_000_000;

/** One user keeps the same number and nickname in all types, so that joins between the sample's tables find something. */
export interface User {
  readonly id: number;
  readonly nickname: string;
}

export function someUser(dice: Dice): User {
  const rank = Math.floor(dice.float(0, 1) ** 2 * USERS);
  const adjective = ADJECTIVES[rank % ADJECTIVES.length]!;
  const noun = NOUNS[Math.floor(rank / ADJECTIVES.length) % NOUNS.length]!;
  const nickname = rank % 7 === 0 ? `${noun}_${rank}` : `${adjective}${noun}${rank % 97 || ''}`;
  return { id: FIRST_USER_ID + rank, nickname };
}

/** Surname and given name without the space, as Korean forms ask for them. */
export function someName(dice: Dice): string {
  return (
    dice.pick(['김', '이', '박', '최', '정', '강', '조', '윤', '장', '임', '한', '남궁']) +
    dice.pick(GIVEN_NAMES)
  );
}

const GIVEN_NAMES = [
  '민준',
  '서연',
  '도윤',
  '하은',
  '시우',
  '지우',
  '예준',
  '수아',
  '건우',
  '채원',
  '솔',
  '아름별',
];
const ADJECTIVES = [
  '배고픈',
  '용감한',
  '졸린',
  '수줍은',
  '전설의',
  '고독한',
  '귀여운',
  '번개',
  '새벽',
  '얼음',
];
const NOUNS = [
  '호랑이',
  '너구리',
  '감자',
  '기사',
  '마법사',
  '수달',
  '고양이🐱',
  '만두',
  '두루미',
  '도깨비',
  'Tiger',
];

/** What people write. Joined emoji, skin tones and flags are several code points, and must come out as they went in. */
export const CHAT = [
  'ㅋㅋㅋㅋㅋㅋ',
  'ㄱㄱ 한 판 더?',
  '오늘 방송 몇 시까지 해요?',
  '와 방금 그거 실화냐 😱😱',
  '우리 가족 다 같이 봐요 👨‍👩‍👧‍👦❤️',
  '개발자님 힘내세요 👩🏽‍💻 화이팅!!',
  'GG WP 🏳️‍🌈 🇰🇷',
  '"렉" 걸린 거 나만 그래?',
  'C:\\Games\\Log 폴더에 있는 파일 보내주세요',
  '1등: 호랑이\n2등: 너구리\n3등: 나',
  '수고하셨습니다~ 내일 봬요 :)',
  '<script>alert("안녕")</script>',
  '이거 얼마예요? ₩12,900 / $9.99',
  '탭\t으로\t구분',
  'ᄒᆞᆫ글 옛글자도 나와요?',
  '힝ㅠㅠ 떨어졌어',
  'nice shot 👍🏿',
  '조용히 합시다🤫  ',
] as const;

export const PRODUCTS = [
  { sku: 'GEM-0060', name: '보석 60개', krw: '1100', usd: '1.10' },
  { sku: 'GEM-0330', name: '보석 330개 (10% 추가)', krw: '5500', usd: '4.90' },
  { sku: 'GEM-1200', name: '보석 1,200개', krw: '19000', usd: '15.00' },
  { sku: 'PASS-S12', name: '시즌 12 배틀 패스', krw: '12900.00', usd: '9.99' },
  { sku: 'SKIN-HANBOK', name: '한복 스킨 "단오"', krw: '14500', usd: '11.50' },
  { sku: 'SUB-MONTH', name: '월간 구독', krw: '4900', usd: '3.90' },
] as const;

export const GOODS = [
  { sku: 'TS-TIGER-01', name: '호랑이 티셔츠', price: '29000', sizes: ['S', 'M', 'L', 'XL'] },
  { sku: 'HD-LOGO-03', name: '로고 후드 집업', price: '59000.00', sizes: ['M', 'L', 'XL'] },
  { sku: 'MUG-DOKKAEBI', name: '도깨비 머그컵/350ml', price: '14900', sizes: [] },
  { sku: 'KEY-RACCOON', name: '너구리 키링 🦝', price: '7500.50', sizes: [] },
  { sku: 'ART-BOOK-2', name: '아트북 Vol.2', price: '42000', sizes: [] },
] as const;

export const SEARCHES = [
  '호랑이',
  'ㅎㅗㄹ',
  '배틀패스',
  '한복 스킨',
  '롤토체스',
  'tiger tshirt',
  '너구리🦝',
  '단오',
  '"정확히"',
  '',
];

export const STREAM_TITLES = [
  '랭크 1위 갈 때까지 방종 없음 🔥',
  '[초보환영] 같이 게임해요~',
  '새벽 감성 노래방 🎤 신청곡 받아요',
  '신규 던전 "얼음 궁전" 공략',
  'ASMR / 조용한 낚시',
] as const;
