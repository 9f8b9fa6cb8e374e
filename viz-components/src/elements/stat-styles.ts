// Styles of `<moose-stat>`.
import { css } from "lit";

export const statStyles = css`
  .title {
    font-size: 0.875rem;
    font-weight: 500;
    letter-spacing: 0;
    color: var(--_text-muted);
  }
  .body {
    min-block-size: 4rem;
    margin-block-start: 4px;
  }
  .stat {
    display: flex;
    align-items: flex-end;
    justify-content: space-between;
    gap: 12px;
    /* Beside a long number there is no room for the sparkline: it wraps to a second line, which is not shown. */
    flex-wrap: wrap;
    align-content: flex-start;
    block-size: 4rem;
    overflow-y: clip;
  }
  .message {
    position: static;
    align-items: flex-start;
    gap: 6px;
    padding: 0;
    text-align: start;
    font-size: 0.8125rem;
  }
  .message strong {
    display: none;
  }
  .number {
    display: flex;
    white-space: nowrap;
    align-items: baseline;
    gap: 0 6px;
  }
  .value {
    font-size: 2rem;
    line-height: 1.25;
    font-weight: 650;
    letter-spacing: -0.02em;
    font-variant-numeric: tabular-nums;
  }
  .unit {
    font-size: 0.875rem;
    color: var(--_text-muted);
  }
  .change {
    min-block-size: 1.4em;
    font-size: 0.8125rem;
    color: var(--_text-muted);
    font-variant-numeric: tabular-nums;
  }
  .frame {
    container-type: inline-size;
  }
  @container (inline-size < 200px) {
    svg {
      display: none;
    }
    /* The dot stays, and with it the colour and shape of the state; its word would push the label onto a second line. */
    .status {
      font-size: 0;
      gap: 0;
    }
    .value {
      font-size: 1.5rem;
    }
  }
  svg {
    flex: none;
    overflow: visible;
    margin-block-end: 6px;
  }
  path {
    fill: none;
    stroke: var(--_color-1);
    stroke-width: 2;
    stroke-linejoin: round;
    stroke-linecap: round;
  }
`;
