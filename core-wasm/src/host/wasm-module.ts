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

/** Address of the answer block. */
export const RESULT_ADDRESS = 0x100;

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

/** One linear memory with one program in it. Comes to life when it is needed, and can be dropped at any time. */
export class Instance {
  private readonly module: object;
  private live: CoreExports | undefined;
  private loaded: Uint8Array | undefined;

  constructor(module: object) {
    this.module = module;
  }

  /** The exports, with `program` loaded. `encode` must be the same for the life of the instance. */
  with(program: Uint8Array, encode: boolean): CoreExports {
    this.live ??= new api.Instance(this.module).exports as CoreExports;
    if (this.loaded !== program) {
      const at = this.live.programRoom(program.length);
      new Uint8Array(this.live.memory.buffer, at, program.length).set(program);
      this.live.loadProgram(encode ? 1 : 0, BigInt(Math.floor(Math.random() * 2 ** 52)));
      this.loaded = program;
    }
    return this.live;
  }

  /** Runs a call into the module. Only a refusal of memory traps; the instance is dropped then. */
  guard<T>(call: () => T): T {
    try {
      return call();
    } catch (cause) {
      if (!(cause instanceof api.RuntimeError)) throw cause;
      this.drop();
      const message = "the host refused more memory to the WebAssembly core: send less at a time";
      throw new CoreError("out_of_memory", message, { cause });
    }
  }

  /** Frees the memory if the work made it large. Call when nothing in it is needed any more. */
  shrink(): void {
    if (this.memoryBytes > RETAINED_BYTES) this.drop();
  }

  drop(): void {
    this.live = undefined;
    this.loaded = undefined;
  }

  get memoryBytes(): number {
    return this.live?.memory.buffer.byteLength ?? 0;
  }
}
