// The module with assertions: assert() traps, and every load, store, copy and fill is checked against the shadow that assembly/assertions.ts keeps.
import asc from "assemblyscript/asc";
import binaryen from "binaryen";

/** Bytes that the core may use; the shadow, one byte for each, stands behind them. assembly/assertions.ts holds the same number. */
const CORE_BYTES = 0x1000000;
const PAGE = 0x10000;
const READ = 0x01;
const WRITE = 0x02;

const { SIMD128, BulkMemory, BulkMemoryOpt, MutableGlobals, SignExt, NontrappingFPToInt } = binaryen.Features;
const FEATURES = SIMD128 | BulkMemory | BulkMemoryOpt | MutableGlobals | SignExt | NontrappingFPToInt;

const unoptimized = ["--optimizeLevel", "0", "--debug"];

/** Compiles assembly/ with assertions. Its memory has a fixed size: what the core asks for beyond 16 MiB is refused. */
export async function checkedWasm(root, flags) {
  let binary;
  const { error, stderr } = await asc.main(
    ["assembly/index.ts", "--outFile", "checked.wasm", ...flags, ...unoptimized],
    {
      baseDir: root,
      writeFile: (_name, contents) => {
        binary = contents;
      },
    },
  );
  if (error) throw new Error(stderr.toString(), { cause: error });
  const module = binaryen.parseText(withChecks(binaryen.readBinary(binary).emitText()));
  module.setFeatures(FEATURES);
  if (!module.validate()) throw new Error("the module with checks is not valid");
  binaryen.setOptimizeLevel(2);
  binaryen.setDebugInfo(true);
  module.optimize();
  return module.emitBinary();
}

const ACCESS = /\((i32|i64|f32|f64|v128)\.(load|store)(\w*)((?: offset=\d+)?(?: align=\d+)?)/g;
const OWN = "(func $assembly/assertions/";

/** Replaces each access by a call of a function that checks it first. */
function withChecks(text) {
  const functions = new Map();
  const checked = text
    .split(/(?=^ \(func )/m)
    .map((part) => (part.trimStart().startsWith(OWN) ? part : checkPart(part, functions)))
    .join("");
  const memory = `(memory $0 ${(2 * CORE_BYTES) / PAGE} ${(2 * CORE_BYTES) / PAGE})`;
  return checked
    .replace(/\(memory \$0 [^)]*\)/, memory)
    .replace(/\)\s*$/, `${[...functions.values(), CHECKS].join("\n")}\n)`);
}

function checkPart(part, functions) {
  return part
    .replace(ACCESS, (access, type, kind, suffix, where) => {
      const name = `$checked.${type}.${kind}${suffix}${where.replaceAll(" ", ".").replaceAll("=", "")}`;
      if (!functions.has(name)) functions.set(name, checkedAccess({ access, name, type, kind, suffix, where }));
      return `(call ${name}`;
    })
    .replace(/\(memory\.(copy|fill|size|grow)/g, "(call $checked.memory.$1");
}

const widths = { i32: 4, f32: 4, i64: 8, f64: 8, v128: 16 };

function checkedAccess({ access, name, type, kind, suffix, where }) {
  if (/lane/.test(suffix)) throw new Error(`${access}: loads and stores of lanes have no check yet`);
  const [, bits] = /^(\d+)/.exec(suffix) ?? [];
  const bytes = /^\d+x/.test(suffix) ? 8 : bits === undefined ? widths[type] : Number(bits) / 8;
  const offset = Number(/offset=(\d+)/.exec(where)?.[1] ?? 0);
  const check = `(call $check (local.get 0) (i32.const ${offset}) (i32.const ${bytes}) (i32.const ${kind === "load" ? READ : WRITE}))`;
  return kind === "load"
    ? `(func ${name} (param i32) (result ${type}) ${check} ${access} (local.get 0)))`
    : `(func ${name} (param i32 ${type}) ${check} ${access} (local.get 0) (local.get 1)))`;
}

// A byte may be used when its shadow has the bit. Eight shadows are compared at once; what is left, one by one.
const CHECKS = `
 (global $checked.pages (mut i32) (i32.const 1))
 (func $check (param $at i32) (param $offset i32) (param $bytes i32) (param $may i32)
  (local $end i32) (local $wanted i64)
  (if (i32.or (i32.ge_u (local.get $at) (i32.const ${CORE_BYTES})) (i32.gt_u (local.get $bytes) (i32.const ${CORE_BYTES}))) (then (unreachable)))
  (local.set $at (i32.add (local.get $at) (local.get $offset)))
  (local.set $end (i32.add (local.get $at) (local.get $bytes)))
  (if (i32.gt_u (local.get $end) (i32.mul (global.get $checked.pages) (i32.const ${PAGE}))) (then (unreachable)))
  (local.set $wanted (i64.mul (i64.extend_i32_u (local.get $may)) (i64.const 0x0101010101010101)))
  (block $done (loop $wide
   (br_if $done (i32.gt_u (i32.add (local.get $at) (i32.const 8)) (local.get $end)))
   (if (i64.ne (i64.and (i64.load offset=${CORE_BYTES} (local.get $at)) (local.get $wanted)) (local.get $wanted)) (then (unreachable)))
   (local.set $at (i32.add (local.get $at) (i32.const 8)))
   (br $wide)))
  (block $done (loop $narrow
   (br_if $done (i32.ge_u (local.get $at) (local.get $end)))
   (if (i32.ne (i32.and (i32.load8_u offset=${CORE_BYTES} (local.get $at)) (local.get $may)) (local.get $may)) (then (unreachable)))
   (local.set $at (i32.add (local.get $at) (i32.const 1)))
   (br $narrow))))
 (func $checked.memory.copy (param $to i32) (param $from i32) (param $bytes i32)
  (call $check (local.get $from) (i32.const 0) (local.get $bytes) (i32.const ${READ}))
  (call $check (local.get $to) (i32.const 0) (local.get $bytes) (i32.const ${WRITE}))
  (memory.copy (local.get $to) (local.get $from) (local.get $bytes)))
 (func $checked.memory.fill (param $to i32) (param $value i32) (param $bytes i32)
  (call $check (local.get $to) (i32.const 0) (local.get $bytes) (i32.const ${WRITE}))
  (memory.fill (local.get $to) (local.get $value) (local.get $bytes)))
 (func $checked.memory.size (result i32) (global.get $checked.pages))
 (func $checked.memory.grow (param $pages i32) (result i32)
  (local $before i32)
  (local.set $before (global.get $checked.pages))
  (if (i32.gt_u (i32.add (local.get $before) (local.get $pages)) (i32.const ${CORE_BYTES / PAGE})) (then (return (i32.const -1))))
  (global.set $checked.pages (i32.add (local.get $before) (local.get $pages)))
  (local.get $before))`;
