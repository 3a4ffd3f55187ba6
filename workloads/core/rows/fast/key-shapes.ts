import { sameBytes } from '../../json/bytes/same-bytes.ts';

/**
 * An object's keys so far, in their order: a node of a tree that grows with what is met. No key stands twice on the way from the root,
 * so a key that leads on from here is known to be new without being compared with any other.
 */
export interface KeyShape {
  readonly parent: KeyShape | undefined;
  /** Keys from the root to here. */
  readonly depth: number;
  /** Where the last key stands in the tree's text: with its quotes and its colon. */
  readonly at: number;
  readonly length: number;
  /** What followed in former objects: the latest first. */
  child: KeyShape | undefined;
  sibling: KeyShape | undefined;
}

/** Bytes of keys that one tree holds. Objects with ever new keys fill it; then it begins anew. */
const TEXT_BYTES = 256 * 1024;
/** Nodes of one tree, about 80 bytes each. */
const MAX_SHAPES = 8_192;
/** What may follow one shape; the one that was met first is forgotten. */
const MAX_CHILDREN = 8;

/** A tree of the key orders that were met. */
export class KeyShapes {
  readonly text: Buffer = Buffer.allocUnsafeSlow(TEXT_BYTES);
  readonly words: DataView = new DataView(this.text.buffer);
  root: KeyShape = newShape(undefined, 0, 0);
  #count = 0;
  #used = 0;

  /** Forgets what was met if it has become too much. Never within a row: shapes that are in use would lose their text. */
  makeRoom(): void {
    if (this.#count < MAX_SHAPES && this.#used < TEXT_BYTES / 2) return;
    this.root = newShape(undefined, 0, 0);
    this.#count = 0;
    this.#used = 0;
  }

  /**
   * The shape after `shape` and the key `[at..end)`, a string without escapes and its colon; undefined where the key came before, or
   * there is no room.
   */
  learn(shape: KeyShape, bytes: Buffer, words: DataView, at: number, end: number): KeyShape | undefined {
    const length = end - at;
    if (this.#used + length > TEXT_BYTES || this.#holds(shape, words, at, length)) return undefined;
    const child = newShape(shape, this.#used, length);
    this.text.set(bytes.subarray(at, end), this.#used);
    this.#used += length;
    this.#count++;
    child.sibling = shape.child;
    shape.child = child;
    cutAfter(child, MAX_CHILDREN);
    return child;
  }

  #holds(shape: KeyShape, words: DataView, at: number, length: number): boolean {
    for (let key: KeyShape | undefined = shape; key !== undefined; key = key.parent)
      if (key.length === length && sameBytes(words, at, this.words, key.at, length)) return true;
    return false;
  }
}

function newShape(parent: KeyShape | undefined, at: number, length: number): KeyShape {
  const depth = parent === undefined ? 0 : parent.depth + 1;
  return { parent, depth, at, length, child: undefined, sibling: undefined };
}

function cutAfter(first: KeyShape, count: number): void {
  let shape: KeyShape | undefined = first;
  for (let index = 1; index < count && shape !== undefined; index++) shape = shape.sibling;
  if (shape !== undefined) shape.sibling = undefined;
}
