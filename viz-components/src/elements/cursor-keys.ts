// Where the data cursor goes for a key: arrows, Home, End, Escape.

/** The next index, null to hide the cursor, undefined if the key is not ours. */
export function cursorAfterKey(
  event: Pick<KeyboardEvent, "key" | "shiftKey" | "ctrlKey" | "metaKey" | "altKey">,
  at: number | undefined,
  count: number,
): number | null | undefined {
  if (event.ctrlKey || event.metaKey || event.altKey || count === 0) return undefined;
  const last = count - 1;
  const step = event.shiftKey ? 10 : 1;
  switch (event.key) {
    case "ArrowRight":
      return at === undefined ? 0 : Math.min(last, at + step);
    case "ArrowLeft":
      return at === undefined ? last : Math.max(0, at - step);
    case "PageDown":
      return Math.min(last, (at ?? 0) + 10);
    case "PageUp":
      return Math.max(0, (at ?? last) - 10);
    case "Home":
      return 0;
    case "End":
      return last;
    case "Escape":
      return at === undefined ? undefined : null;
    default:
      return undefined;
  }
}
