import { expect, test } from "vitest";
import { Detours, iceServers, pathOf } from "./ice";

const LINKS =
  '<stun:s.example>; rel="ice-server", <turn:t.example:3478?transport=tcp>; rel="ice-server"; username="17:site"; ' +
  'credential="a+b/c="; credential-type="password", <turns:t.example:443>; rel="ice-server"; username="17:site"; ' +
  'credential="x="; credential-type="password", <https://e.example>; rel="help"';

test("the servers of a Link header are read with their credentials", () => {
  expect(iceServers(LINKS)).toEqual([
    { urls: "stun:s.example" },
    { urls: "turn:t.example:3478?transport=tcp", username: "17:site", credential: "a+b/c=" },
    { urls: "turns:t.example:443", username: "17:site", credential: "x=" },
  ]);
  expect(iceServers(null)).toEqual([]);
  expect(iceServers("nonsense, <turn:>")).toEqual([]);
});

function chosen(local: object): unknown[] {
  return [
    { id: "T", type: "transport", selectedCandidatePairId: "P" },
    { id: "P", type: "candidate-pair", localCandidateId: "L" },
    { id: "L", type: "local-candidate", ...local },
  ];
}

test("the class of the path is that of the chosen pair's own end", () => {
  expect(pathOf(chosen({ candidateType: "prflx", protocol: "udp" }))).toBe("udp");
  expect(pathOf(chosen({ candidateType: "relay", protocol: "udp", relayProtocol: "tcp" }))).toBe("tcp");
  expect(pathOf(chosen({ candidateType: "relay", protocol: "udp", relayProtocol: "tls" }))).toBe("tls");
  expect(pathOf(chosen({ candidateType: "relay", protocol: "udp", relayProtocol: "udp" }))).toBe("turn");
  expect(pathOf([{ id: "T", type: "transport" }])).toBe("");
});

test("a detour is taken when the straight way failed, and left when it fails too", () => {
  const detours = new Detours();
  const straight = detours.configuration;
  detours.failed(straight);
  expect(detours.configuration).toEqual({});
  expect(detours.patienceMs(straight)).toBe(10_000);
  detours.heard(LINKS);
  expect(detours.configuration).toEqual({});
  expect(detours.patienceMs(straight)).toBe(5_000);
  detours.failed(straight);
  expect(detours.configuration.iceServers).toHaveLength(3);
  detours.heard(null);
  // Another connection of the page that had begun before: the detour was not tried by it.
  detours.failed(straight);
  expect(detours.configuration.iceServers).toHaveLength(3);
  expect(detours.patienceMs(detours.configuration)).toBe(10_000);
  detours.failed(detours.configuration);
  expect(detours.configuration).toEqual({});
});
