// The compiled WebAssembly module and its instances: the only file that knows the WebAssembly JavaScript API.
import { CoreError } from "./core-error.ts";

/** Exports of assembly/index.ts. */
export interface CoreExports {
  readonly memory: { readonly buffer: ArrayBuffer };
  programRoom(bytes: number): number;
  loadProgram(encode: number, seed: bigint): void;
  validateRoom(length: number, maxErrors: number): number;
  validate(length: number, format: number): void;
  feedRoom(length: number): number;
  feed(length: number, partition: number, baseOffset: number, receivedAtMs: number): number;
  heldRows(): number;
  heldBytes(): number;
  finish(): void;
  clear(): void;
}

/** The part of the WebAssembly API that is used; neither Node's nor ECMAScript's type library declares it. */
interface WebAssemblyApi {
  compile(bytes: Uint8Array): Promise<object>;
  Instance: new (module: object) => { readonly exports: unknown };
  RuntimeError: new () => Error;
}

/** The answer block: its index among the words of memory. */
export const RESULT = 0x100 / 4;

/** One linear memory, byte by byte and in words. */
export interface MemoryViews {
  readonly bytes: Uint8Array;
  readonly words: Uint32Array;
}

/** Room for inputs that is made at least, so that calls for single events find it made. Bytes. */
const LEAST_ROOM_BYTES = 16 * 1024;

/** An instance that held more than this after its work is dropped and made anew when it is next needed. Bytes. */
const RETAINED_BYTES = 32 * 1024 * 1024;

const api = (globalThis as unknown as { WebAssembly: WebAssemblyApi }).WebAssembly;

export async function compileModule(): Promise<object> {
  const { coreWasmBase64 } = await import("../generated/core-wasm.ts");
  const text = atob(coreWasmBase64);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return api.compile(bytes);
}

const NO_ROOM = -1;
const NO_MEMORY: MemoryViews = { bytes: new Uint8Array(0), words: new Uint32Array(0) };

/** One linear memory with one program in it. Comes to life when it is needed, and can be dropped at any time. */
export class Instance {
  private readonly module: object;
  private live: CoreExports | undefined;
  private loaded: Uint8Array | undefined;
  private held: MemoryViews = NO_MEMORY;
  private roomAt = 0;
  private roomBytes = NO_ROOM;
  private roomErrors = 0;

  constructor(module: object) {
    this.module = module;
  }

  /** The exports, with `program` loaded. `encode` must be the same for the life of the instance. */
  with(program: Uint8Array, encode: boolean): CoreExports {
    return this.loaded === program ? this.live! : this.load(program, encode);
  }

  /** Views of the memory, to be taken anew after each call: one that grew the memory has left the old views empty. */
  get memory(): MemoryViews {
    return this.held.words.length === 0 ? this.renewViews() : this.held;
  }

  /** Where an input of `bytes` is written that the program loaded is to validate. Kept from call to call. */
  inputRoom(bytes: number, maxErrors: number): number {
    return bytes <= this.roomBytes && maxErrors === this.roomErrors ? this.roomAt : this.makeRoom(bytes, maxErrors);
  }

  /** Runs a call into the module. Only a refusal of memory traps; the instance is dropped then. */
  guard<T>(call: () => T): T {
    try {
      return call();
    } catch (cause) {
      throw this.refused(cause);
    }
  }

  /** The error for what a call into the module threw; guard without a closure. */
  refused(cause: unknown): unknown {
    if (!(cause instanceof api.RuntimeError)) return cause;
    this.drop();
    const message = "the host refused more memory to the WebAssembly core: send less at a time";
    return new CoreError("out_of_memory", message, { cause });
  }

  /** Frees the memory if the work made it large. Call when nothing in it is needed any more. */
  shrink(): void {
    if (this.memoryBytes > RETAINED_BYTES) this.drop();
  }

  drop(): void {
    this.live = undefined;
    this.loaded = undefined;
    this.held = NO_MEMORY;
    this.roomBytes = NO_ROOM;
  }

  get memoryBytes(): number {
    return this.memory.bytes.length;
  }

  private load(program: Uint8Array, encode: boolean): CoreExports {
    this.live ??= new api.Instance(this.module).exports as CoreExports;
    this.roomBytes = NO_ROOM;
    const at = this.live.programRoom(program.length);
    this.memory.bytes.set(program, at);
    this.live.loadProgram(encode ? 1 : 0, BigInt(Math.floor(Math.random() * 2 ** 52)));
    this.loaded = program;
    return this.live;
  }

  private makeRoom(bytes: number, maxErrors: number): number {
    const roomBytes = Math.max(LEAST_ROOM_BYTES, bytes);
    this.roomAt = this.live!.validateRoom(roomBytes, maxErrors);
    this.roomBytes = roomBytes;
    this.roomErrors = maxErrors;
    return this.roomAt;
  }

  private renewViews(): MemoryViews {
    if (this.live === undefined) return NO_MEMORY;
    const { buffer } = this.live.memory;
    this.held = { bytes: new Uint8Array(buffer), words: new Uint32Array(buffer) };
    return this.held;
  }
}
