// What every data element has in common: query attributes, states, title, status, messages.
import { ContextConsumer } from "@lit/context";
import { html, LitElement, nothing, type PropertyDeclarations, type PropertyValues, type TemplateResult } from "lit";
import { DataController } from "../binding/data-controller.ts";
import { type ElementState, elementStates, type MooseStateChangeDetail } from "../binding/element-state.ts";
import { type ProviderValue, providerContext } from "../binding/provider-context.ts";
import type { ChartRow } from "../data/cell-value.ts";
import { formatTime, type ValueFormat } from "../data/format-value.ts";
import { queryParamsOf } from "../data/query-attributes.ts";

/**
 * Base of the elements that show the rows of a query or of `.data`.
 *
 * @fires moose-state-change - The state changed; `detail` is `{ state, previous, error? }`.
 * @slot loading - Shown instead of the skeleton.
 * @slot empty - Shown when there are no rows.
 * @slot error - Shown instead of the error's message; the retry button stays.
 */
export abstract class MooseDataElement extends LitElement {
  static override properties: PropertyDeclarations = {
    query: {},
    live: { type: Boolean },
    filter: {},
    grain: {},
    orderBy: { attribute: "order-by" },
    limit: { type: Number },
    label: {},
    unit: {},
    url: {},
    data: { attribute: false },
  };

  /** Name of an aggregation of the server. */
  declare query: string | undefined;
  /** Follow the query instead of asking once. */
  declare live: boolean;
  /** JSON by dimension, or `origin=SEA,carrier=AA`. */
  declare filter: string | undefined;
  /** second, minute, hour, day, week, month, quarter or year. */
  declare grain: string | undefined;
  /** Comma-separated columns, `-` before one for descending. */
  declare orderBy: string | undefined;
  declare limit: number | undefined;
  /** The title; also the element's accessible name. */
  declare label: string | undefined;
  declare unit: string | undefined;
  /** Server of this element alone; else the provider's, else the page's origin. */
  declare url: string | undefined;
  /** Rows of the page's own; the server is not asked while they are set. */
  declare data: readonly ChartRow[] | undefined;

  protected readonly binding = new DataController(this);
  readonly #internals = this.attachInternals();
  readonly #provider = new ContextConsumer(this, { context: providerContext, subscribe: true });
  #state: ElementState = "loading";
  #shown: readonly ChartRow[] = [];

  constructor() {
    super();
    this.live = false;
    this.#internals.states.add("loading");
    this.#internals.role = "figure";
  }

  /** How fresh and complete what is shown is. */
  get state(): ElementState {
    return this.#state;
  }

  /** The rows that are drawn at this moment, in the order of the drawing. */
  get shownData(): readonly ChartRow[] {
    return this.#shown;
  }

  /** Asks again after an error. */
  retry(): void {
    this.binding.retry();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    // The element may be defined before the provider around it; then nobody heard the request for the context.
    if (this.closest("moose-provider:not(:defined)")) {
      void customElements.whenDefined("moose-provider").then(() => {
        if (this.isConnected) this.#provider.hostConnected();
      });
    }
  }

  /** Columns to group by and to compute; empty measures mean that there is nothing to ask yet. */
  protected abstract queryColumns(): { dimensions: readonly string[]; measures: readonly string[] };
  /** The rows that the drawing shows, in its order. */
  protected abstract drawnRows(): readonly ChartRow[];
  /** The drawing itself, for rows that are there. */
  protected abstract renderDrawing(): TemplateResult;
  /** The title when nobody wrote a label. */
  protected abstract defaultLabel(): string;

  protected get unitInTitle(): boolean {
    return true;
  }

  protected get provider(): ProviderValue {
    return this.#provider.value ?? { url: "" };
  }

  /**
   * The server answers a query with a time zone in that zone's wall-clock times, which are read as if they were UTC: they
   * must not be moved a second time. Rows of the page's own hold instants.
   */
  protected get valueFormat(): ValueFormat {
    const { locale, timeZone } = this.provider;
    return { locale, timeZone: this.data ? timeZone : "UTC" };
  }

  protected get shownLabel(): string {
    return this.label ?? this.defaultLabel();
  }

  protected override willUpdate(_changed: PropertyValues): void {
    this.#bind();
    this.#setState(this.binding.state);
    const label = [this.shownLabel, this.unit].filter(Boolean).join(", ");
    this.#internals.ariaLabel = label;
    this.#internals.ariaBusy = String(this.#state === "loading");
  }

  /** Draws at once at first, so that no frame shows an empty box; then once a frame at most, and never in a hidden tab. */
  protected override async scheduleUpdate(): Promise<void> {
    if (this.hasUpdated) await new Promise((resolve) => requestAnimationFrame(resolve));
    super.scheduleUpdate();
  }

  #bind(): void {
    if (this.data) {
      this.binding.giveRows(this.data);
      return;
    }
    const { dimensions, measures } = this.queryColumns();
    if (!this.query || measures.length === 0) {
      this.binding.ask(undefined);
      return;
    }
    const { token, timeZone } = this.provider;
    try {
      this.binding.ask({
        url: this.url || this.provider.url || location.origin,
        token,
        query: this.query,
        live: this.live,
        params: queryParamsOf({
          dimensions,
          measures,
          filter: this.filter,
          grain: this.grain,
          orderBy: this.orderBy,
          limit: this.limit,
          timeZone,
        }),
      });
    } catch (error) {
      this.binding.refuse(error as Error);
    }
  }

  #setState(state: ElementState): void {
    const previous = this.#state;
    if (state === previous) return;
    this.#state = state;
    for (const name of elementStates) this.#internals.states.delete(name);
    this.#internals.states.add(state);
    const { error } = this.binding;
    const detail: MooseStateChangeDetail = { state, previous, ...(state === "error" && error && { error }) };
    this.dispatchEvent(new CustomEvent("moose-state-change", { detail, bubbles: true, composed: true }));
  }

  protected override render(): TemplateResult {
    const drawing = this.binding.rows.length > 0 && this.#state !== "error";
    this.#shown = drawing ? this.drawnRows() : [];
    return html`
      <div class="frame" part="frame">
        <div class="header" part="header">
          <div class="title" part="title">
            ${this.shownLabel}${this.unit && this.unitInTitle ? html` <span class="unit" part="unit">${this.unit}</span>` : nothing}
          </div>
          ${this.renderStatus()}
        </div>
        <div class="body" part="body">
          ${drawing ? this.renderDrawing() : this.#renderMessage()}
        </div>
      </div>
    `;
  }

  protected renderStatus(): TemplateResult | typeof nothing {
    const { lostAtMs } = this.binding;
    const text =
      this.#state === "live"
        ? "Live"
        : this.#state === "reconnecting"
          ? "Reconnecting"
          : this.#state === "stale" && lostAtMs !== undefined
            ? `Stale since ${formatTime(lostAtMs, 1000, { locale: this.provider.locale, timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone })}`
            : undefined;
    if (text) {
      return html`<span class="status" part="status" data-state=${this.#state} title=${text}>${text}</span>`;
    }
    // Its room is kept from the start, so that a title does not wrap when it comes.
    return this.live ? html`<span class="status" data-state="unknown">Live</span>` : nothing;
  }

  #renderMessage(): TemplateResult {
    switch (this.#state) {
      case "error":
        return html`<div class="message" part="message error" role="alert">
          <slot name="error"><strong>This data could not be read</strong><p>${this.binding.error?.message}</p></slot>
          <button class="retry" part="retry" @click=${this.retry}>Try again</button>
        </div>`;
      case "empty":
        return html`<div class="message" part="message empty"><slot name="empty"><p>No data yet</p></slot></div>`;
      case "reconnecting":
      case "stale":
        return html`<div class="message" part="message"><p>The server does not answer. Trying again…</p></div>`;
      default:
        return html`<slot name="loading"><div class="skeleton" part="skeleton"></div></slot>
          <span class="for-screen-readers">Loading</span>`;
    }
  }
}
