import { expect, test } from "vitest";
import { atMost, counterOffered } from "./whep";

test("a refusal is an offer to answer only when it brings a session description", () => {
  expect(counterOffered(406, "application/sdp")).toBe(true);
  expect(counterOffered(406, "application/sdp; valid-until=1")).toBe(true);
  expect(counterOffered(406, "application/json")).toBe(false);
  expect(counterOffered(201, "application/sdp")).toBe(false);
  expect(counterOffered(406, null)).toBe(false);
});

test("what the picture is to take at most stands in its section alone, where it belongs", () => {
  const audio = "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\nc=IN IP4 0.0.0.0\r\na=mid:1\r\n";
  const video = "m=video 9 UDP/TLS/RTP/SAVPF 102\r\nc=IN IP4 0.0.0.0\r\na=mid:0\r\n";
  const wanted = video.replace("0.0.0.0\r\n", "0.0.0.0\r\nb=AS:200\r\n");
  for (const [before, after] of [
    ["", audio],
    [audio, ""],
  ])
    expect(atMost(`v=0\r\n${before}${video}${after}`, 200)).toBe(`v=0\r\n${before}${wanted}${after}`);
  expect(atMost(`v=0\r\n${audio}`, 200)).toBe(`v=0\r\n${audio}`);
});
