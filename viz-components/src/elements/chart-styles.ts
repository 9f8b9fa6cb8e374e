// What the charts share beyond the frame: fixed height, plot, legend, tooltip.
import { css } from "lit";

export const chartStyles = css`
  :host {
    block-size: var(--_height);
  }
  .body {
    margin-block-start: 8px;
  }
  .chart {
    display: flex;
    flex-direction: column;
    block-size: 100%;
    min-inline-size: 0;
  }
  .legend {
    display: flex;
    flex-wrap: wrap;
    gap: 2px 14px;
    margin: 0 0 6px;
    padding: 0;
    list-style: none;
    font-size: 0.8125rem;
    color: var(--_text-muted);
  }
  .legend li {
    display: inline-flex;
    align-items: center;
    gap: 6px;
  }
  .plot {
    position: relative;
    flex: 1;
    min-block-size: 0;
    min-inline-size: 0;
  }
  .canvas {
    position: absolute;
    inset: 0;
    overflow: hidden;
  }
  .tooltip {
    position: absolute;
    inset-block-start: 4px;
    z-index: 1;
    pointer-events: none;
    background: var(--_surface);
    color: var(--_text);
    border: 1px solid var(--_border);
    border-radius: 8px;
    box-shadow: 0 4px 16px rgb(0 0 0 / 0.14);
    padding: 6px 10px;
    font-size: 0.8125rem;
    white-space: nowrap;
    font-variant-numeric: tabular-nums;
  }
  .tooltip dl {
    display: grid;
    grid-template-columns: auto auto auto;
    align-items: center;
    gap: 2px 8px;
    margin: 2px 0 0;
  }
  .tooltip dt {
    color: var(--_text-muted);
  }
  .tooltip dd {
    margin: 0;
    text-align: end;
    font-weight: 600;
  }
  .note {
    margin: 4px 0 0;
    font-size: 0.75rem;
    color: var(--_text-muted);
  }
  svg {
    display: block;
    overflow: visible;
  }
  svg text {
    font: 12px var(--_font);
    fill: var(--_text-muted);
    dominant-baseline: central;
    font-variant-numeric: tabular-nums;
  }
  svg .value {
    fill: var(--_text);
    font-weight: 500;
  }
  svg .bar {
    fill: var(--_color-1);
  }
  svg .bar.negative {
    fill: var(--_color-3);
  }
  svg .bar:hover {
    opacity: 0.8;
  }
  svg .grid {
    stroke: var(--_grid);
  }
  svg .zero {
    stroke: var(--_text-muted);
    stroke-opacity: 0.6;
  }
  @media (forced-colors: active) {
    svg .bar {
      fill: CanvasText;
      forced-color-adjust: none;
    }
  }
`;
