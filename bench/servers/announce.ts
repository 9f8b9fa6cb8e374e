// What a server of the bench says to the one who started it, and how it ends.

/** Prints the line that run.mjs waits for, and closes on SIGTERM or when the starter is gone. */
export function announce(port: number, close: () => Promise<void>): void {
  let isClosing = false;
  const end = async (): Promise<void> => {
    if (isClosing) return;
    isClosing = true;
    try {
      await close();
      process.exit(0);
    } catch (error) {
      console.error(error);
      process.exit(1);
    }
  };
  process.once("SIGTERM", end);
  process.once("SIGINT", end);
  process.once("disconnect", end);
  console.log(JSON.stringify({ event: "ready", port }));
}
