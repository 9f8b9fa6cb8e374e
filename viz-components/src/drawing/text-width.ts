// Measures texts in the font that an element draws with.
import type { MeasureText } from "./bar-layout.ts";

let context: CanvasRenderingContext2D | null | undefined;

/** `font` is a CSS shorthand such as `12px system-ui`. */
export function measureIn(font: string): MeasureText {
  context ??= document.createElement("canvas").getContext("2d");
  const canvas = context;
  return (text) => {
    if (!canvas) return text.length * 7;
    canvas.font = font;
    return canvas.measureText(text).width;
  };
}
