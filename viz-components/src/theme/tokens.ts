// The design tokens: each `--moose-*` property may be set by the page, and has a default for light and for dark.
import { css } from "lit";

/** Series colours have at least 3:1 against both backgrounds and differ in lightness, not only in hue. */
export const tokens = css`
  :host {
    --_text: var(--moose-text, light-dark(#14181f, #eef1f6));
    --_text-muted: var(--moose-text-muted, light-dark(#586173, #a3adbd));
    --_surface: var(--moose-surface, light-dark(#ffffff, #161a21));
    --_border: var(--moose-border, light-dark(#dfe3ea, #2a313c));
    --_grid: var(--moose-grid, light-dark(#e9ecf1, #252b35));
    --_skeleton: var(--moose-skeleton, light-dark(#eceff3, #222832));
    --_focus: var(--moose-focus, light-dark(#1d4ed8, #8ab4ff));
    --_danger: var(--moose-danger, light-dark(#b42318, #ff9c8f));
    --_live: var(--moose-live, light-dark(#0b7a4b, #4fd69c));
    --_warning: var(--moose-warning, light-dark(#9a5b00, #f5c063));
    --_color-1: var(--moose-color-1, light-dark(#2457d6, #7fa8ff));
    --_color-2: var(--moose-color-2, light-dark(#b8480b, #ffab70));
    --_color-3: var(--moose-color-3, light-dark(#0b7a75, #5fd4c4));
    --_color-4: var(--moose-color-4, light-dark(#8b2fa8, #dd9cf0));
    --_color-5: var(--moose-color-5, light-dark(#8a6a00, #e6cb5c));
    --_color-6: var(--moose-color-6, light-dark(#475467, #b6c0d0));
    --_font: var(--moose-font, system-ui, -apple-system, "Segoe UI", Roboto, sans-serif);
    --_radius: var(--moose-radius, 12px);
    --_padding: var(--moose-padding, 16px);
    --_height: var(--moose-height, 320px);
  }
`;

/** How many series a chart tells apart by colour and dash. */
export const SERIES_COLORS = 6;
