// The part of a page that page views and web vitals use. No code here.

export interface Page {
  readonly location: { readonly href: string };
  readonly document: EventTarget & {
    readonly referrer: string;
    readonly title: string;
    readonly visibilityState: string;
  };
  readonly navigator: { readonly language: string };
  readonly crypto: { randomUUID(): string };
  readonly innerWidth: number;
  readonly innerHeight: number;
  readonly navigation?: EventTarget;
  readonly history: {
    pushState: (data: unknown, unused: string, url?: string | null) => void;
    replaceState: (data: unknown, unused: string, url?: string | null) => void;
  };
  readonly performance: {
    getEntriesByType(type: string): readonly PerformanceEntryLike[];
  };
  readonly PerformanceObserver?: PerformanceObserverClass;
  addEventListener(type: string, listener: () => void): void;
  removeEventListener(type: string, listener: () => void): void;
}

/** Fields of the kinds of entries that are observed; each kind has some of them. */
export interface PerformanceEntryLike {
  readonly name: string;
  readonly startTime: number;
  readonly duration: number;
  readonly responseStart?: number;
  readonly activationStart?: number;
  readonly value?: number;
  readonly hadRecentInput?: boolean;
  readonly interactionId?: number;
}

export type PerformanceObserverClass = new (
  observed: (list: { getEntries(): readonly PerformanceEntryLike[] }) => void,
) => {
  observe(options: { readonly type: string; readonly buffered: true; readonly durationThreshold?: number }): void;
  disconnect(): void;
};
