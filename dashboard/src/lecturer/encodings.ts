/**
 * The lecture in several sizes at once (simulcast, RFC 8853), so that a room on a weak line gets a smaller picture
 * instead of a broken one. Each room's size is chosen at the centre; the best ones never suffer for the weakest.
 */

export interface Size {
  rid: string;
  scaleResolutionDownBy: number;
  maxBitrate: number;
}

const FULL: Size = { rid: "h", scaleResolutionDownBy: 1, maxBitrate: 1_800_000 };
const HALF: Size = { rid: "m", scaleResolutionDownBy: 2, maxBitrate: 450_000 };
const QUARTER: Size = { rid: "l", scaleResolutionDownBy: 4, maxBitrate: 150_000 };
const THIRD: Size = { rid: "l", scaleResolutionDownBy: 3, maxBitrate: 200_000 };

/** A computer with fewer cores has enough to do with two sizes. */
const CORES_FOR_THREE = 4;
/** Browsers make three sizes only of a picture that is at least so high. */
const HEIGHT_FOR_THREE = 540;

/** The sizes for a picture so many pixels high (0: not known), the best first. */
export function sizesFor(cores: number, height: number): Size[] {
  const three = cores >= CORES_FOR_THREE && (height === 0 || height >= HEIGHT_FOR_THREE);
  return three ? [FULL, HALF, QUARTER] : [FULL, THIRD];
}
