/**
 * The little that our libraries want and Chrome 70 or iOS 12.4 do not have. Imported before anything else.
 * `BigInt` stands in for lengths below 2^53 only: that is all that noble-ciphers asks of it here.
 */
interface Lacking {
  BigInt?: unknown;
  queueMicrotask?: unknown;
}

if (!(Object as { hasOwn?: unknown }).hasOwn) {
  Object.defineProperty(Object, "hasOwn", {
    value: (owner: object, name: PropertyKey) => Object.prototype.hasOwnProperty.call(owner, name),
  });
}

if (!("BigInt" in window)) (window as Lacking).BigInt = Number;

if (!("queueMicrotask" in window))
  (window as Lacking).queueMicrotask = (work: () => void) => void Promise.resolve().then(work);

if (!("setBigUint64" in DataView.prototype)) {
  Object.defineProperty(DataView.prototype, "setBigUint64", {
    value(this: DataView, at: number, value: number, little?: boolean) {
      this.setUint32(little ? at + 4 : at, Math.floor(value / 2 ** 32), little);
      this.setUint32(little ? at : at + 4, value % 2 ** 32, little);
    },
  });
}

export {};
