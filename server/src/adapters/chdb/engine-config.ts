// The engine's server configuration: small caches and pools, because it shares a laptop with everything else.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";

const mebibyte = 1024 * 1024;

const serverSettings: Readonly<Record<string, number>> = {
  mark_cache_size: 32 * mebibyte,
  index_mark_cache_size: 8 * mebibyte,
  uncompressed_cache_size: 0,
  index_uncompressed_cache_size: 0,
  mmap_cache_size: 64,
  compiled_expression_cache_size: 16 * mebibyte,
  query_condition_cache_size: 8 * mebibyte,
  max_thread_pool_size: 200,
  max_thread_pool_free_size: 8,
  background_pool_size: 2,
  background_merges_mutations_concurrency_ratio: 2,
  background_common_pool_size: 2,
  background_move_pool_size: 1,
  background_fetches_pool_size: 1,
  background_schedule_pool_size: 2,
  background_buffer_flush_schedule_pool_size: 1,
  background_message_broker_schedule_pool_size: 1,
  background_distributed_schedule_pool_size: 1,
};

/** Writes it into the engine's folder and returns the file's path. */
export async function writeEngineConfig(dataDir: string): Promise<string> {
  const path = join(dataDir, "engine.xml");
  const settings = Object.entries(serverSettings).map(([name, value]) => `  <${name}>${value}</${name}>\n`);
  await writeFile(path, `<clickhouse>\n${settings.join("")}</clickhouse>\n`, { mode: 0o600 });
  return path;
}
