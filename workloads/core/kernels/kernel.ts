/** What is used of WebAssembly's interface, whose types come with browsers' only. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: Imports) => { readonly exports: object };
};

interface Memory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}

/** The functions of a kernel: addresses, lengths and other numbers of 32 bits. */
type Functions<Names extends string> = Readonly<Record<Names, (...numbers: number[]) => number>>;

/** What a kernel asks of its caller, by module and name. */
type Imports = Readonly<Record<string, Readonly<Record<string, (...numbers: number[]) => number>>>>;

/** Bytes of WebAssembly's vectors. */
export const VECTOR_BYTES = 16;

/** WebAssembly's unit of memory. */
const PAGE_BYTES = 64 * 1024;

const modules = new Map<string, object>();

/**
 * Once a process, however many hours it splits: V8 compiles a module's functions a second time, and better, where they are called
 * often, and keeps what it made with the module.
 */
function compiled(wasm: string): object {
  const known = modules.get(wasm);
  if (known !== undefined) return known;
  const made = new WebAssembly.Module(Buffer.from(wasm, 'base64'));
  modules.set(wasm, made);
  return made;
}

/**
 * A compiled kernel with a memory of its own: numbers and bytes go in and out, and it can reach nothing else but what it is given. What it
 * does not touch of its memory takes none.
 */
export class Kernel<Names extends string> {
  readonly functions: Functions<Names>;
  readonly #exports: { readonly memory: Memory } & Readonly<Record<string, unknown>>;
  /** The engine takes its time to tell one, and layouts are made of many. */
  readonly #constants = new Map<string, number>();

  /**
   * @param wasm The module's bytes in base64, from a file `*.wasm.ts`.
   * @param imports What it asks of its caller.
   */
  constructor(wasm: string, imports: Imports = {}) {
    const { exports } = new WebAssembly.Instance(compiled(wasm), imports);
    this.#exports = exports as { readonly memory: Memory };
    this.functions = exports as Functions<Names>;
  }

  /** An address or a size that the kernel exports. */
  constant(name: string): number {
    const known = this.#constants.get(name);
    if (known !== undefined) return known;
    const { value } = this.#exports[name] as { readonly value: number };
    this.#constants.set(name, value);
    return value;
  }

  /** Makes memory up to this address; views that were taken before are gone. */
  reserve(end: number): ArrayBuffer {
    const { memory } = this.#exports;
    const missing = end - memory.buffer.byteLength;
    if (missing > 0) memory.grow(Math.ceil(missing / PAGE_BYTES));
    return memory.buffer;
  }
}
