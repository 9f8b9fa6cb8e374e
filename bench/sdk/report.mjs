// The report of the SDK's bench: medians of the rounds, and ratios to plain JSON of the same run.

const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];

export function sdkReport({ date, machine, runs, page }, kinds) {
  const of = (kind) => runs.filter((run) => run.kind === kind);
  const speed = (kind) => median(of(kind).map(({ eventsPerSecond }) => eventsPerSecond));
  const cpu = (kind) => median(of(kind).map(({ cpuMicrosPerEvent }) => cpuMicrosPerEvent));
  const [base] = kinds;
  const rows = kinds.map(
    (kind) =>
      `| ${kind} | ${Math.round(speed(kind)).toLocaleString("en-US")} | ${(speed(kind) / speed(base)).toFixed(2)} | ${cpu(kind).toFixed(2)} | ${(cpu(kind) / cpu(base)).toFixed(2)} |`,
  );
  const pages = page.map(
    ({ queue, medianMicros, p95Micros, wholeMicros }) =>
      `| ${queue} | ${medianMicros.toFixed(1)} | ${p95Micros.toFixed(1)} | ${wholeMicros.toFixed(1)} |`,
  );
  return `# The ingest SDK

${date}; ${machine.cpu ?? JSON.stringify(machine)}. Page views of 11 fields, sent one by one to the real ingest server in a process of its own; medians of ${of(base).length} interleaved rounds.

| | events/s | to plain JSON | CPU µs an event | to plain JSON |
| --- | ---: | ---: | ---: | ---: |
${rows.join("\n")}

Main thread of a page in Chromium, µs a \`send\`: the calls alone, and all that the thread does for an event until it is acknowledged.

| queue | median | 95 % | whole |
| --- | ---: | ---: | ---: |
${pages.join("\n")}
`;
}
