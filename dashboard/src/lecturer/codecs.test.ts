import { expect, test } from "vitest";
import { preferred } from "./codecs";

const vp8 = { mimeType: "video/VP8" };
const rtx = { mimeType: "video/rtx" };
const high = { mimeType: "video/H264", sdpFmtpLine: "packetization-mode=1;profile-level-id=64001f" };
const baseline = { mimeType: "video/H264", sdpFmtpLine: "packetization-mode=1;profile-level-id=42001f" };
const single = { mimeType: "video/H264", sdpFmtpLine: "packetization-mode=0;profile-level-id=42e01f" };
const wanted = { mimeType: "video/H264", sdpFmtpLine: "packetization-mode=1;profile-level-id=42E01F" };

test("constrained baseline H.264 with whole-frame packets comes first, every other codec stays", () => {
  const order = preferred([vp8, rtx, high, baseline, single, wanted]);
  expect(order[0]).toBe(wanted);
  expect(order[1]).toBe(single);
  expect(order.slice(-2)).toEqual([vp8, rtx]);
  expect(order).toHaveLength(6);
});

test("a browser without H.264 keeps its own order", () => {
  expect(preferred([vp8, rtx])).toEqual([vp8, rtx]);
});
