// The arena: power-of-two blocks with free lists behind the program. Nothing here is collected; see ABI.md, memory plan.
import { closeBytes, openBytes } from "./assertions";
import { B_BEGIN, B_CURSOR, B_END, FREE_LISTS, MEMORY_REFUSED, RESULT } from "./layout";

/** First byte that was never handed out. */
export let top: usize = 0;

/** Room that a wide store may touch behind the last value. */
const SLACK: usize = 16;
/** How far `reach` was asked to go; only with assertions. */
let reached: usize = 0;

/** Forgets every block. `from` is the first address the arena may use. */
export function resetArena(from: usize): void {
  if (!ASC_NO_ASSERT) {
    closeBytes(from, max<usize>(reached, from));
    reached = from;
  }
  top = (from + 63) & ~63;
  const zeros = i64x2.splat(0);
  for (let at = FREE_LISTS; at < FREE_LISTS + 128; at += 16) v128.store(at, zeros);
}

/** Makes memory reach `address`. A refusal by the host traps, with its fail code in the answer block; the host's binding begins afresh then. */
export function reach(address: usize): void {
  const pages = <i32>((address + 0xffff) >>> 16) - memory.size();
  if (pages > 0 && memory.grow(pages) < 0) {
    store<u32>(RESULT, MEMORY_REFUSED, 32);
    unreachable();
  }
  if (!ASC_NO_ASSERT) openScratch(address);
}

/** What is behind the arena's top is free to use until the next block is taken. */
function openScratch(address: usize): void {
  if (address > top) openBytes(top, address);
  reached = max<usize>(reached, address);
}

/** Takes `bytes` from the top, for things that live until the next reset. */
export function take(bytes: usize): usize {
  const at = top;
  top = (at + bytes + 63) & ~63;
  reach(top);
  if (!ASC_NO_ASSERT) {
    closeBytes(top, max<usize>(reached, top));
    openBytes(at, top);
  }
  return at;
}

export const GAP: usize = 64;

/** Leaves bytes that nothing may touch behind the block taken last. */
export function leaveGap(): void {
  closeBytes(take(GAP), top);
}

@inline
function classOf(bytes: usize): u32 {
  return 32 - clz<u32>(<u32>(bytes - 1));
}

/** A block of at least `bytes`, its size the next power of two from 1 KiB. */
export function allocate(bytes: usize): usize {
  const size = max<u32>(10, classOf(bytes));
  const head = FREE_LISTS + (size << 2);
  const free = <usize>load<u32>(head);
  if (free != 0) {
    store<u32>(head, load<u32>(free));
    if (!ASC_NO_ASSERT) openBytes(free, free + (<usize>1 << size));
    return free;
  }
  const at = take(<usize>1 << size);
  if (!ASC_NO_ASSERT) leaveGap();
  return at;
}

/** Bytes of the block that `allocate(bytes)` gives. */
export function blockBytes(bytes: usize): usize {
  return <usize>1 << max<u32>(10, classOf(bytes));
}

export function release(at: usize, bytes: usize): void {
  const head = FREE_LISTS + (max<u32>(10, classOf(bytes)) << 2);
  if (!ASC_NO_ASSERT) {
    // The link to the next free block stands in its first word.
    closeBytes(at, at + blockBytes(bytes));
    openBytes(at, at + 4);
  }
  store<u32>(at, load<u32>(head));
  store<u32>(head, <u32>at);
}

/** Moves a buffer to a block with room for `more` bytes. Returns the cursor. */
export function growBuffer(buffer: usize, more: usize): usize {
  const begin = <usize>load<u32>(buffer, B_BEGIN);
  const used = <usize>load<u32>(buffer, B_CURSOR) - begin;
  const size = blockBytes(used + more + SLACK);
  const moved = allocate(size);
  if (begin != 0) {
    memory.copy(moved, begin, used);
    release(begin, <usize>load<u32>(buffer, B_END) + SLACK - begin);
  }
  store<u32>(buffer, <u32>moved, B_BEGIN);
  store<u32>(buffer, <u32>(moved + used), B_CURSOR);
  store<u32>(buffer, <u32>(moved + size - SLACK), B_END);
  return moved + used;
}

/** The cursor of a buffer that has room for `bytes`. */
@inline
export function room(buffer: usize, bytes: usize): usize {
  const cursor = <usize>load<u32>(buffer, B_CURSOR);
  if (!ASC_NO_ASSERT) assert(cursor >= <usize>load<u32>(buffer, B_BEGIN) && bytes < 0x40000000);
  return cursor + bytes > <usize>load<u32>(buffer, B_END) ? growBuffer(buffer, bytes) : cursor;
}

/** Copies in steps of 16 bytes: both sides have slack. */
@inline
export function copyText(to: usize, from: usize, bytes: usize): void {
  if (bytes > 64) {
    memory.copy(to, from, bytes);
    return;
  }
  let done: usize = 0;
  do {
    v128.store(to + done, v128.load(from + done));
    done += 16;
  } while (done < bytes);
}
