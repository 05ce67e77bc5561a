/** Props of a scrolling region without controls inside: keyboards must reach it to scroll it (WCAG 2.1.1). */
export const SCROLL_REGION = { tabIndex: 0 } as const;
