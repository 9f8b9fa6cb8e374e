// The class of `<moose-provider>`; importing it defines nothing.
import { ContextProvider } from "@lit/context";
import { css, html, LitElement, type PropertyValues } from "lit";
import { providerContext } from "../binding/provider-context.ts";

/**
 * Says to every element inside it which Moose server to read, and how to write numbers and times.
 *
 * @attr url - Origin of the server. Empty or absent: the page's own origin.
 * @attr token - Bearer token for the server.
 * @attr locale - A BCP 47 tag, such as `de-CH`. Default: the browser's.
 * @attr time-zone - An IANA zone, such as `Europe/Zurich`, or `local` for the reader's own. Default: UTC.
 * @slot - The elements.
 */
export class MooseProvider extends LitElement {
  static override styles = css`
    :host {
      display: contents;
    }
  `;

  static override properties = {
    url: {},
    token: {},
    locale: {},
    timeZone: { attribute: "time-zone" },
  };

  declare url: string;
  declare token: string | undefined;
  declare locale: string | undefined;
  declare timeZone: string | undefined;

  readonly #provider = new ContextProvider(this, { context: providerContext, initialValue: { url: "" } });

  constructor() {
    super();
    this.url = "";
  }

  protected override willUpdate(_changed: PropertyValues<this>): void {
    const timeZone = this.timeZone === "local" ? Intl.DateTimeFormat().resolvedOptions().timeZone : this.timeZone;
    this.#provider.setValue({ url: this.url, token: this.token, locale: this.locale, timeZone });
  }

  protected override render() {
    return html`<slot></slot>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    "moose-provider": MooseProvider;
  }
}
