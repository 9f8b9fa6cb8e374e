// Makes states that accept the same texts one (Hopcroft's algorithm), and numbers the rest in the order in which they are reached.
import { DEAD, type Dfa, MATCHED } from "./build-dfa.ts";

/** The smallest automaton; the same one wherever it is computed. States 0 and 1 stay; those in which a text may end come last. */
export function minimiseDfa(dfa: Dfa): { dfa: Dfa; firstFinal: number } {
  const block = partition(dfa);
  const [dead, matched] = [block[DEAD]!, block[MATCHED]!];
  const states = [dead, matched];
  const example = new Map(states.map((of, index) => [of, index]));
  const start = block[dfa.start]!;
  const visit = (state: number): void => {
    const of = block[state]!;
    if (example.has(of)) return;
    example.set(of, state);
    states.push(of);
  };
  visit(dfa.start);
  for (let at = 2; at < states.length; at++) for (const next of dfa.rows[example.get(states[at]!)!]!) visit(next);
  const isFinal = (of: number): boolean => dfa.final[example.get(of)!]!;
  const others = states.slice(2);
  const order = [dead, matched, ...others.filter((of) => !isFinal(of)), ...others.filter(isFinal)];
  const number = new Map(order.map((of, index) => [of, index]));
  const rows = order.map((of) => dfa.rows[example.get(of)!]!.map((next) => number.get(block[next]!)!));
  return {
    dfa: { classes: dfa.classes, rows, final: order.map(isFinal), start: number.get(start)! },
    firstFinal: order.length - others.filter(isFinal).length,
  };
}

/** The block of each state. */
function partition(dfa: Dfa): Int32Array {
  const count = dfa.rows.length;
  const width = dfa.classes.examples.length;
  const before = sources(dfa, width);
  // States in the order of their blocks; a block is a stretch of it.
  const order = Int32Array.from({ length: count }, (_, state) => state).sort(
    (a, b) => Number(dfa.final[a]) - Number(dfa.final[b]) || a - b,
  );
  const place = new Int32Array(count);
  order.forEach((state, at) => {
    place[state] = at;
  });
  const plain = dfa.final.filter((final) => !final).length;
  const begins = [0, plain];
  const ends = [plain, count];
  const block = Int32Array.from({ length: count }, (_, state) => (dfa.final[state] === true ? 1 : 0));
  const marked = [0, 0];
  const waiting = [0, 1].flatMap((of) => dfa.classes.examples.map((_, byteClass) => [of, byteClass] as const));
  while (waiting.length > 0) {
    const [of, byteClass] = waiting.pop()!;
    const touched: number[] = [];
    for (const state of order.slice(begins[of]!, ends[of]!)) {
      for (const source of before(state, byteClass)) {
        const home = block[source]!;
        const to = begins[home]! + marked[home]!;
        if (place[source]! < to) continue;
        if (marked[home]! === 0) touched.push(home);
        swap(order, place, place[source]!, to);
        marked[home]!++;
      }
    }
    for (const home of touched) {
      const middle = begins[home]! + marked[home]!;
      marked[home] = 0;
      if (middle === ends[home]!) continue;
      // The smaller part becomes a block of its own; only it has to be looked at again.
      const fresh = begins.length;
      const takesFirst = middle - begins[home]! <= ends[home]! - middle;
      begins.push(takesFirst ? begins[home]! : middle);
      ends.push(takesFirst ? middle : ends[home]!);
      marked.push(0);
      if (takesFirst) begins[home] = middle;
      else ends[home] = middle;
      for (let at = begins[fresh]!; at < ends[fresh]!; at++) block[order[at]!] = fresh;
      for (let each = 0; each < width; each++) waiting.push([fresh, each]);
    }
  }
  return block;
}

function swap(order: Int32Array, place: Int32Array, a: number, b: number): void {
  const [first, second] = [order[a]!, order[b]!];
  order[a] = second;
  order[b] = first;
  place[second] = a;
  place[first] = b;
}

/** States from which a byte of a class leads to a state. */
function sources(dfa: Dfa, width: number): (state: number, byteClass: number) => Int32Array {
  const begins = new Int32Array(dfa.rows.length * width + 1);
  for (const row of dfa.rows) {
    row.forEach((next, byteClass) => {
      begins[next * width + byteClass + 1]!++;
    });
  }
  for (let at = 1; at < begins.length; at++) begins[at]! += begins[at - 1]!;
  const filled = begins.slice();
  const list = new Int32Array(dfa.rows.length * width);
  dfa.rows.forEach((row, state) => {
    row.forEach((next, byteClass) => {
      list[filled[next * width + byteClass]!++] = state;
    });
  });
  return (state, byteClass) =>
    list.subarray(begins[state * width + byteClass]!, begins[state * width + byteClass + 1]!);
}
