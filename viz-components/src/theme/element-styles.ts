// The frame every data element shares: title, status, states, and text for screen readers only.
import { css } from "lit";

export const elementStyles = css`
  :host {
    display: block;
    box-sizing: border-box;
    min-inline-size: 0;
    color: var(--_text);
    background: var(--_surface);
    border: 1px solid var(--_border);
    border-radius: var(--_radius);
    padding: var(--_padding);
    font-family: var(--_font);
    font-size: 0.875rem;
    line-height: 1.4;
  }
  :host([hidden]) {
    display: none;
  }
  *,
  *::before {
    box-sizing: border-box;
  }
  .frame {
    display: flex;
    flex-direction: column;
    block-size: 100%;
    min-inline-size: 0;
  }
  .header {
    display: flex;
    align-items: baseline;
    justify-content: space-between;
    gap: 12px;
    min-block-size: 1.5rem;
  }
  .title {
    font-size: 1rem;
    font-weight: 600;
    letter-spacing: -0.01em;
    margin: 0;
    min-inline-size: 0;
    overflow-wrap: anywhere;
  }
  .unit {
    font-weight: 400;
    font-size: 0.8125rem;
    color: var(--_text-muted);
  }
  .status {
    display: inline-flex;
    align-items: center;
    gap: 6px;
    flex: none;
    font-size: 0.75rem;
    color: var(--_text-muted);
    white-space: nowrap;
  }
  .status::before {
    content: "";
    inline-size: 8px;
    block-size: 8px;
    border-radius: 50%;
    background: currentColor;
  }
  .status[data-state="unknown"] {
    visibility: hidden;
  }
  .status[data-state="live"] {
    color: var(--_live);
  }
  .status[data-state="reconnecting"],
  .status[data-state="stale"] {
    color: var(--_warning);
  }
  .status[data-state="reconnecting"]::before,
  .status[data-state="stale"]::before {
    background: none;
    border: 2px solid currentColor;
  }
  .body {
    position: relative;
    flex: 1;
    min-block-size: 0;
  }
  .message {
    position: absolute;
    inset: 0;
    display: flex;
    flex-direction: column;
    align-items: center;
    justify-content: center;
    gap: 10px;
    text-align: center;
    color: var(--_text-muted);
    padding: 8px;
    overflow: auto;
  }
  .message strong {
    color: var(--_text);
    font-weight: 600;
  }
  .message p {
    margin: 0;
    max-inline-size: 46ch;
    overflow-wrap: anywhere;
  }
  .retry {
    font: inherit;
    font-weight: 500;
    color: var(--_text);
    background: var(--_surface);
    border: 1px solid var(--_border);
    border-radius: 8px;
    padding: 6px 14px;
    min-block-size: 32px;
    cursor: pointer;
  }
  .retry:hover {
    border-color: var(--_text-muted);
  }
  :focus-visible {
    outline: 2px solid var(--_focus);
    outline-offset: 2px;
    border-radius: 6px;
  }
  .skeleton {
    position: absolute;
    inset: 8px 0 0;
    border-radius: 8px;
    background: var(--_skeleton);
    animation: breathe 1.6s ease-in-out infinite alternate;
  }
  :host(:state(reconnecting)) .drawing,
  :host(:state(stale)) .drawing {
    opacity: 0.55;
  }
  .for-screen-readers {
    position: absolute;
    inline-size: 1px;
    block-size: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  @keyframes breathe {
    to {
      opacity: 0.45;
    }
  }
  @media (prefers-reduced-motion: reduce) {
    .skeleton {
      animation: none;
    }
  }
`;
