// Shows a long step while it runs: a spinner with the seconds on a terminal, plain lines into a pipe.

const frames = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];
const FRAME_MS = 100;
const PLAIN_LINE_EVERY_MS = 15_000;

const colour = process.stdout.isTTY && !process.env.NO_COLOR;
const paint = (code, text) => (colour ? `\u001b[${code}m${text}\u001b[0m` : text);
export const dim = (text) => paint(2, text);
export const bold = (text) => paint(1, text);

const seconds = (fromMs) => `${((Date.now() - fromMs) / 1000).toFixed(1)} s`;

/** Shows `label` while `work` runs and how long it took afterwards; passes its result and its error on. */
export async function showProgress(label, work) {
  const startedMs = Date.now();
  const spinning = process.stdout.isTTY === true;
  let frame = 0;
  const draw = spinning
    ? () => process.stdout.write(`\r\u001b[2K${frames[frame++ % frames.length]} ${label} ${dim(seconds(startedMs))}`)
    : () => process.stdout.write(`  ${label}: ${Math.round((Date.now() - startedMs) / 1000)} s so far\n`);
  if (spinning) draw();
  else process.stdout.write(`  ${label} …\n`);
  const timer = setInterval(draw, spinning ? FRAME_MS : PLAIN_LINE_EVERY_MS);
  const finish = (mark) => {
    clearInterval(timer);
    process.stdout.write(`${spinning ? "\r\u001b[2K" : ""}${mark} ${label} ${dim(seconds(startedMs))}\n`);
  };
  try {
    const result = await work();
    finish(paint(32, "✓"));
    return result;
  } catch (error) {
    finish(paint(31, "✗"));
    throw error;
  }
}
