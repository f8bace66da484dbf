/** The way to the relay: directly over UDP, and where that is blocked through the servers that its answers name. */

/** The class of the path that ICE chose; `turn`: a detour over UDP. */
export type Path = "" | "udp" | "tcp" | "tls" | "turn";

const LINK = /<((?:stun|turn)s?:[^>]+)>([^<]*)/g;
const WORD = /(username|credential)="([^"]*)"/g;
const MOST = 12;

/** The ICE servers of a Link header (RFC 9725 §4.6). */
export function iceServers(link: string | null): RTCIceServer[] {
  return [...(link ?? "").matchAll(LINK)].slice(0, MOST).map(([, urls = "", rest = ""]) => {
    const server: RTCIceServer = { urls };
    for (const [, word, text = ""] of rest.matchAll(WORD)) server[word as "username" | "credential"] = text;
    return server;
  });
}

interface Report {
  id?: string;
  type?: string;
  selectedCandidatePairId?: string;
  localCandidateId?: string;
  candidateType?: string;
  protocol?: string;
  relayProtocol?: string;
}

/** By which path packets come, from a connection's statistics (webrtc-stats §8.15); empty while there is none. */
export function pathOf(reports: Iterable<unknown>): Path {
  const found = new Map<string, Report>();
  let chosen = "";
  for (const one of reports) {
    const report = one as Report;
    if (report.id) found.set(report.id, report);
    if (report.type === "transport" && report.selectedCandidatePairId)
      chosen = report.selectedCandidatePairId;
  }
  const local = found.get(found.get(chosen)?.localCandidateId ?? "");
  if (!local) return "";
  if (local.candidateType !== "relay") return local.protocol === "tcp" ? "tcp" : "udp";
  return local.relayProtocol === "tls" || local.relayProtocol === "tcp" ? local.relayProtocol : "turn";
}

const CONNECT_MS = 10_000;
const STRAIGHT_MS = 5_000;

/** What a page has learned of its ways, from connection to connection. Most never need a detour, and ask for none. */
export class Detours {
  private servers: RTCIceServer[] = [];
  private needed = false;

  get configuration(): RTCConfiguration {
    return this.needed ? { iceServers: this.servers } : {};
  }

  /** How long a connection by this way may take: where UDP is blocked nothing comes back, and a detour is known. */
  patienceMs(way: RTCConfiguration): number {
    return !way.iceServers && this.servers.length ? STRAIGHT_MS : CONNECT_MS;
  }

  /** An answer named these servers, with fresh credentials. */
  heard(link: string | null): void {
    const servers = iceServers(link);
    if (servers.length) this.servers = servers;
  }

  /** No connection came to stand by this way; if it is the present one still, the other is next. */
  failed(way: RTCConfiguration): void {
    if (Boolean(way.iceServers) === this.needed) this.needed = !this.needed && this.servers.length > 0;
  }
}

/** This page's: what the lecture's connection learned is known to the floor's before they begin. */
export const detours = new Detours();

const GATHER_MS = 1_500;

/** Until all ways are found, or one by a detour: where UDP is blocked, the search for the others never ends. */
export function gathered(peer: RTCPeerConnection): Promise<void> {
  if (peer.iceGatheringState === "complete") return Promise.resolve();
  return new Promise((done) => {
    const found = (): void => {
      clearTimeout(limit);
      done();
    };
    const limit = setTimeout(found, GATHER_MS);
    peer.onicecandidate = ({ candidate }) => {
      if (!candidate || candidate.type === "relay") found();
    };
  });
}
