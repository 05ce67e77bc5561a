// What a login proof found: plain data for the passport, the journal and the fronts.

/** A login that worked. Seconds count from the beginning of the proof. */
export interface LoginProof {
  /** ISO time of the login. */
  readonly at: string;
  readonly user: string;
  readonly flavor: string;
  /** The server's own address that answered. */
  readonly address: string;
  /** The SSH host that the way led through; null for a direct way. */
  readonly via: string | null;
  /** The RDP client that signed in. */
  readonly client: string;
  readonly seconds: {
    readonly active: number;
    readonly password: number;
    readonly answers: number;
    readonly signedIn: number;
  };
}
