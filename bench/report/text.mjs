// Words and tables that the reports share.

export const median = (values) => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
};

export const whole = (value) => Math.round(value).toLocaleString("en");

/** One line that says whether an aim is met. `bound` is "least" or "most". */
export function verdict(name, value, target, bound, unit) {
  const met = bound === "least" ? value >= target : value <= target;
  const shown = (n) => (Math.abs(n) >= 1000 ? whole(n) : n.toFixed(1)) + unit;
  return `- ${met ? "met" : "MISSED"}: ${name} ${shown(value)} (aim: at ${bound} ${shown(target)})`;
}

/** Lines of a Markdown table, aligned, below its title. Cells are strings or numbers. */
export function table(title, rows) {
  const [head, ...body] = rows.map((row) => row.map(String));
  const widths = head.map((_, column) => Math.max(3, ...[head, ...body].map((row) => row[column].length)));
  const line = (row) =>
    `| ${row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join(" | ")} |`;
  const rule = `| ${widths.map((width, i) => (i === 0 ? "-".repeat(width) : `${"-".repeat(width - 1)}:`)).join(" | ")} |`;
  return ["", `**${title}**`, "", line(head), rule, ...body.map(line), ""];
}
