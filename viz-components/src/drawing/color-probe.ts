// Reads CSS colours as a canvas needs them, and says when they changed: theme, colour scheme, forced colours.

export interface ColorProbe {
  /** The computed colour of a custom property of the host, such as `--_color-1`. */
  color(property: string): string;
  destroy(): void;
}

/**
 * `light-dark()` and `var()` resolve only in a property that takes a colour, so a hidden element takes them. Its own
 * transition tells of every change, whatever ancestor caused it; there is no other event for that.
 */
export function createColorProbe(root: ShadowRoot, onChange: () => void): ColorProbe {
  const probe = document.createElement("span");
  probe.hidden = true;
  const watched = document.createElement("span");
  watched.setAttribute("aria-hidden", "true");
  watched.style.cssText =
    "position:absolute;inline-size:0;block-size:0;color:var(--_text);background-color:var(--_color-1);" +
    "transition:color 1ms step-start,background-color 1ms step-start";
  watched.addEventListener("transitionrun", onChange);
  root.append(probe, watched);
  const schemes = [matchMedia("(prefers-color-scheme: dark)"), matchMedia("(forced-colors: active)")];
  for (const scheme of schemes) scheme.addEventListener("change", onChange);
  return {
    color(property) {
      probe.style.color = `var(${property})`;
      return getComputedStyle(probe).color;
    },
    destroy() {
      for (const scheme of schemes) scheme.removeEventListener("change", onChange);
      probe.remove();
      watched.remove();
    },
  };
}
