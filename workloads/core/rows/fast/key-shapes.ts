import { keyText, NO_KEY, type KeyText } from '../../json/bytes/key-text.ts';

/**
 * An object's keys so far, in their order: a node of a tree that grows with what is met. No key stands twice on the way from the root,
 * so a key that leads on from here is known to be new without being compared with any other.
 */
export interface KeyShape extends KeyText {
  readonly parent: KeyShape | undefined;
  /** Keys from the root to here. */
  readonly depth: number;
  /** What followed in former objects: the one that was learned last. */
  child: KeyShape;
  /** What else followed its parent. */
  sibling: KeyShape;
  /** The first key of the object that was met last in the value of this key. */
  inner: KeyShape;
}

/** Stands where no key follows. */
export const NO_SHAPE = newShape(NO_KEY, undefined, undefined);
NO_SHAPE.child = NO_SHAPE.sibling = NO_SHAPE.inner = NO_SHAPE;

/** Shapes of one type, of about 200 bytes each: more than real logs have (GitHub's webhooks: 700). Maps of ever new keys fill it. */
export const MAX_SHAPES = 4_096;
/** What may follow one shape; the one that was learned first is forgotten. */
const MAX_CHILDREN = 16;

/** The key orders that were met in the JSON columns of a type. */
export class KeyShapes {
  /** By column. */
  #roots: KeyShape[] = [];
  #count = 0;

  /** Where every object of a column begins. Asked for before its value is looked at: trees that are full give way to new ones there. */
  root(column: number): KeyShape {
    if (this.#count >= MAX_SHAPES) {
      this.#roots = [];
      this.#count = 0;
    }
    return (this.#roots[column] ??= newShape(NO_KEY, undefined, NO_SHAPE));
  }

  /**
   * The shape after `shape` and the key `[at..end)`, a string without escapes and its colon; undefined where the key came before, or
   * there is no room.
   */
  learn(shape: KeyShape, bytes: Buffer, at: number, end: number): KeyShape | undefined {
    if (this.#count >= MAX_SHAPES) return undefined;
    const key = keyText(bytes, at, end);
    for (let former: KeyShape | undefined = shape; former !== undefined; former = former.parent)
      if (isSame(former, key)) return undefined;
    const child = newShape(key, shape, NO_SHAPE);
    child.sibling = shape.child;
    shape.child = child;
    forgetAfter(child, MAX_CHILDREN);
    this.#count++;
    return child;
  }
}

function newShape(key: KeyText, parent: KeyShape | undefined, none: KeyShape | undefined): KeyShape {
  const depth = parent === undefined ? 0 : parent.depth + 1;
  const { length, first, last, middle } = key;
  return { length, first, last, middle, parent, depth, child: none!, sibling: none!, inner: none! };
}

function isSame(one: KeyText, other: KeyText): boolean {
  return (
    one.length === other.length &&
    one.first === other.first &&
    one.last === other.last &&
    one.middle.every((word, index) => word === other.middle[index])
  );
}

function forgetAfter(first: KeyShape, count: number): void {
  let shape = first;
  for (let index = 1; index < count; index++) shape = shape.sibling;
  // Where there are fewer this is NO_SHAPE itself, which nothing follows anyway.
  shape.sibling = NO_SHAPE;
}
