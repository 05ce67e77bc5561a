declare module '*.css';

/** What preload.ts offers in the Electron front; absent in the served front. */
interface CasementBridge {
  post(data: string | Uint8Array): void;
  onMessage(callback: (data: string | ArrayBuffer) => void): void;
}

interface Window {
  readonly casementBridge?: CasementBridge;
}
