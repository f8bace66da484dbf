import { expect, test } from "vitest";
import { Microphones } from "./microphone";

/** Devices that can be plugged in and out. */
class Devices extends EventTarget {
  kinds: string[] = [];
  enumerateDevices = (): Promise<{ kind: string }[]> => Promise.resolve(this.kinds.map((kind) => ({ kind })));

  async plug(...kinds: string[]): Promise<void> {
    this.kinds = kinds;
    this.dispatchEvent(new Event("devicechange"));
    await Promise.resolve();
    await Promise.resolve();
  }
}

const of = (devices: Devices): Microphones => new Microphones(devices as unknown as MediaDevices);

test("a microphone that is plugged in or out is noticed", async () => {
  const devices = new Devices();
  const microphones = of(devices);
  expect(microphones.found).toBe(true);
  await devices.plug("audiooutput", "videoinput");
  expect(microphones.found).toBe(false);
  await devices.plug("audiooutput", "audioinput");
  expect(microphones.found).toBe(true);
  microphones.close();
  await devices.plug();
  expect(microphones.found).toBe(true);
});

test("devices that cannot be listed are not taken for missing", async () => {
  const devices = new Devices();
  devices.enumerateDevices = () => Promise.reject(new Error("not now"));
  const microphones = of(devices);
  await devices.plug();
  expect(microphones.found).toBe(true);
});
