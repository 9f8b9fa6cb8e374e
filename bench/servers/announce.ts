// What a server of the bench says to the one who started it, and how it ends.

/** Prints the line that run.mjs waits for, and closes on SIGTERM or when the starter is gone. */
export function announce(port: number, close: () => Promise<void>): void {
  let closing: Promise<void> | undefined;
  const end = (): void => {
    closing ??= close().then(
      () => process.exit(0),
      (error) => {
        console.error(error);
        process.exit(1);
      },
    );
  };
  process.once("SIGTERM", end);
  process.once("SIGINT", end);
  process.once("disconnect", end);
  console.log(JSON.stringify({ event: "ready", port }));
}
