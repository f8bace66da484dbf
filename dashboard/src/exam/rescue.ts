import { gcm } from "@noble/ciphers/aes.js";
import { hkdf } from "@noble/hashes/hkdf.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { concatBytes, hexToBytes, utf8ToBytes } from "@noble/hashes/utils.js";
import nacl from "tweetnacl";
import type { Said } from "./outbox";

/** Where the key of a session comes from; see `wire/rescue.py`. */
export interface Root {
  session: string;
  desk: string;
  page: string;
  next: string[];
  key: string;
}

export interface Rescue {
  exam: string;
  number: string;
  made_ms: number;
  roots: Root[];
  said: Said[];
}

const MAGIC = utf8ToBytes("diemcau rescue v1\n");
const BOX = utf8ToBytes("diemcau box v1\0");

/**
 * Sealed to a raw X25519 key as `wire.seal.seal_to` does. X25519 by tweetnacl, which needs no BigInt (iOS 12.4 has none),
 * HKDF-SHA256 and AES-256-GCM by noble; a page that comes over plain HTTP has no WebCrypto for any of it.
 */
export function sealTo(boxPublic: Uint8Array, plain: Uint8Array): Uint8Array {
  const once = nacl.box.keyPair();
  const shared = nacl.scalarMult(once.secretKey, boxPublic);
  const context = concatBytes(BOX, once.publicKey, boxPublic);
  const key = hkdf(sha256, shared, undefined, context, 32);
  const nonce = crypto.getRandomValues(new Uint8Array(12));
  return concatBytes(once.publicKey, nonce, gcm(key, nonce, context).encrypt(plain));
}

/** The whole file. */
export function rescueFile(boxPublicHex: string, rescue: Rescue): Uint8Array {
  return concatBytes(MAGIC, sealTo(hexToBytes(boxPublicHex), utf8ToBytes(JSON.stringify(rescue))));
}
