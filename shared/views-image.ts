// Images of the cloud as the fronts show them.

/** An image as Glance lists it. */
export interface ImageView {
  readonly id: string;
  readonly name: string;
  readonly status: string;
  readonly visibility: string;
  readonly bytes: number | null;
  /** Size of the disk inside; null where Glance does not tell. */
  readonly virtualBytes: number | null;
  readonly format: string | null;
  /** Id of the project it belongs to. */
  readonly owner: string | null;
  readonly protected: boolean;
  readonly hidden: boolean;
  readonly minDiskGB: number;
  readonly minRamMB: number;
  readonly createdAt: string;
  readonly tags: readonly string[];
  readonly properties: Readonly<Record<string, string>>;
}

/** What a project may have said to an image that another one shares with it. */
export const OFFER_STATES = ['pending', 'accepted', 'rejected'] as const;
export type OfferState = (typeof OFFER_STATES)[number];

/** An image of another project that is shared with this one; only an accepted one is listed with the rest. */
export interface ImageOffer extends ImageView {
  readonly offer: OfferState;
}
