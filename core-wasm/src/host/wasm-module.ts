// The compiled WebAssembly module and its instances: the only file that knows the WebAssembly JavaScript API.
import { CoreError } from "./core-error.ts";
import type { FetchedWasm, WasmSource } from "./core-interface.ts";
import { decodeBase64 } from "./decode-base64.ts";
import { decodeText } from "./decode-text.ts";

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
  compile(bytes: ArrayBuffer | ArrayBufferView): Promise<object>;
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object) => { readonly exports: unknown };
  RuntimeError: new () => Error;
}

/** The answer block: its index among the words of memory. */
export const RESULT = 0x100 / 4;

/** The answer block's fail code after a trap that no defect caused. */
const MEMORY_REFUSED = 101;

/** One linear memory, byte by byte and in words. */
interface MemoryViews {
  readonly bytes: Uint8Array;
  readonly words: Uint32Array;
  /** The room for inputs. */
  readonly room: Uint8Array;
}

/** Room for inputs that is made at least, so that calls for single events find it made. Bytes. */
const LEAST_ROOM_BYTES = 16 * 1024;

/** An instance that held more than this after its work is dropped and made anew when it is next needed. Bytes. */
const RETAINED_BYTES = 32 * 1024 * 1024;

const api = (globalThis as unknown as { WebAssembly: WebAssemblyApi }).WebAssembly;

/**
 * The module: the one that is given, compiled if it is not yet, or else the one that the package holds. Rejects as WebAssembly.compile does,
 * and with TypeError when the response to a fetch is an error.
 */
export async function compileModule(source?: WasmSource): Promise<object> {
  const given = await source;
  if (given === undefined) return compileInlined();
  if (isResponse(given)) {
    if (!given.ok) throw new TypeError(`the WebAssembly core was not found: ${given.url} answered ${given.status}`);
    // As bytes and not as a stream: this takes any content type.
    return api.compile(new Uint8Array(await given.arrayBuffer()));
  }
  return given instanceof ArrayBuffer || ArrayBuffer.isView(given) ? api.compile(given) : given;
}

async function compileInlined(): Promise<object> {
  const { coreWasmBase64 } = await import("../generated/core-wasm.ts");
  const bytes = decodeBase64(coreWasmBase64);
  // Functions are compiled when they are first called, so that this takes about a millisecond; a page may have an engine that does otherwise,
  // and frames to draw. Elsewhere handing it to another thread takes longer.
  return "document" in globalThis ? api.compile(bytes) : new api.Module(bytes);
}

const isResponse = (given: object): given is FetchedWasm => "arrayBuffer" in given && "ok" in given;

const NO_ROOM = -1;
const NO_BYTES = new Uint8Array(0);
const NO_MEMORY: MemoryViews = { bytes: NO_BYTES, words: new Uint32Array(0), room: NO_BYTES };
const encoder = new TextEncoder();

/** Each memory takes some 10 GB of addresses, which may run out before the memory itself. */
function instantiate(module: object): CoreExports {
  try {
    return new api.Instance(module).exports as CoreExports;
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    const message = "the host refused the WebAssembly core a memory: too many encoders are alive at once";
    throw new CoreError("out_of_memory", message, { cause });
  }
}

function trapError(cause: Error, failCode: number): CoreError {
  if (failCode === MEMORY_REFUSED) {
    const message = "the host refused more memory to the WebAssembly core: send less at a time";
    return new CoreError("out_of_memory", message, { cause });
  }
  const message = `the WebAssembly core stopped (${cause.message}); this is a defect of the core, please report it with the input`;
  return new CoreError("trapped", message, { cause });
}

/** One linear memory with one program in it. Comes to life when it is needed, and can be dropped at any time. */
export class Instance {
  private readonly module: object;
  private live: CoreExports | undefined;
  private loaded: Uint8Array | undefined;
  private programEnd = 0;
  /** Texts that stand in the program, by their addresses, once they were asked for. */
  private readonly programTexts = new Map<number, string>();
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

  /** Writes an input to where the loaded program is to validate it. The room is kept from call to call. Returns how many bytes it has. */
  writeInput(input: Uint8Array | string, maxErrors: number): number {
    if (typeof input === "string") return this.writeText(input, maxErrors);
    if (input.length > this.roomBytes || maxErrors !== this.roomErrors) this.makeRoom(input.length, maxErrors);
    this.memory.bytes.set(input, this.roomAt);
    return input.length;
  }

  /** The UTF-8 text at `at`, decoded. */
  text(at: number, length: number): string {
    if (length === 0) return "";
    if (at >= this.programEnd) return decodeText(this.memory.bytes, at, length);
    let text = this.programTexts.get(at);
    if (text === undefined) {
      text = decodeText(this.memory.bytes, at, length);
      this.programTexts.set(at, text);
    }
    return text;
  }

  /** Runs a call into the module. After a trap the instance is dropped, and the next call has a new one. */
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
    const error = trapError(cause, this.live === undefined ? 0 : this.memory.words[RESULT + 8]!);
    this.drop();
    return error;
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
    this.live ??= instantiate(this.module);
    this.roomBytes = NO_ROOM;
    this.programTexts.clear();
    const at = this.live.programRoom(program.length);
    this.programEnd = at + program.length;
    this.memory.bytes.set(program, at);
    this.live.loadProgram(encode ? 1 : 0, BigInt(Math.floor(Math.random() * 2 ** 52)));
    this.loaded = program;
    return this.live;
  }

  private writeText(text: string, maxErrors: number): number {
    // UTF-8 takes at most three bytes for one UTF-16 unit.
    const mostBytes = text.length * 3;
    if (mostBytes > this.roomBytes || maxErrors !== this.roomErrors) this.makeRoom(mostBytes, maxErrors);
    return encoder.encodeInto(text, this.memory.room).written;
  }

  private makeRoom(bytes: number, maxErrors: number): void {
    const roomBytes = Math.max(LEAST_ROOM_BYTES, bytes);
    this.roomAt = this.live!.validateRoom(roomBytes, maxErrors);
    this.roomBytes = roomBytes;
    this.roomErrors = maxErrors;
    this.renewViews();
  }

  private renewViews(): MemoryViews {
    if (this.live === undefined) return NO_MEMORY;
    const { buffer } = this.live.memory;
    const room = this.roomBytes === NO_ROOM ? NO_BYTES : new Uint8Array(buffer, this.roomAt, this.roomBytes);
    this.held = { bytes: new Uint8Array(buffer), words: new Uint32Array(buffer), room };
    return this.held;
  }
}
