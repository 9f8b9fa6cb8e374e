// Tells an element whether anybody can see it: on screen or near it, in a tab that is shown.
import type { ReactiveController, ReactiveControllerHost } from "lit";

/** An element starts before it is scrolled into view, so that it is not empty when it gets there. */
const NEAR_SCREEN = "50% 0px";

export class VisibilityController implements ReactiveController {
  #observer: IntersectionObserver | undefined;
  #nearScreen = false;
  #visible = false;
  readonly #host: ReactiveControllerHost & Element;
  readonly #onChange: (visible: boolean) => void;

  constructor(host: ReactiveControllerHost & Element, onChange: (visible: boolean) => void) {
    this.#host = host;
    this.#onChange = onChange;
    host.addController(this);
  }

  hostConnected(): void {
    this.#observer = new IntersectionObserver(
      (entries) => {
        this.#nearScreen = entries.at(-1)?.isIntersecting ?? false;
        this.#update();
      },
      { rootMargin: NEAR_SCREEN },
    );
    this.#observer.observe(this.#host);
    document.addEventListener("visibilitychange", this.#update);
  }

  hostDisconnected(): void {
    this.#observer?.disconnect();
    this.#observer = undefined;
    document.removeEventListener("visibilitychange", this.#update);
    this.#nearScreen = false;
    this.#update();
  }

  readonly #update = (): void => {
    const visible = this.#nearScreen && document.visibilityState === "visible";
    if (visible === this.#visible) return;
    this.#visible = visible;
    this.#onChange(visible);
  };
}
