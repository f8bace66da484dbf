export interface Codec {
  mimeType: string;
  sdpFmtpLine?: string;
}

/**
 * H.264 in constrained baseline with whole-frame packets first: every room's computer decodes it in hardware and the
 * centre passes it on untouched (RFC 6184 §8.1: profile 42, constraint set 1, packetization-mode 1). The rest keeps its order.
 */
export function preferred<C extends Codec>(codecs: readonly C[]): C[] {
  return [...codecs].sort((a, b) => rank(b) - rank(a));
}

function rank(codec: Codec): number {
  if (codec.mimeType.toLowerCase() !== "video/h264") return 0;
  const line = codec.sdpFmtpLine ?? "";
  const profile = /profile-level-id=([0-9a-f]{6})/i.exec(line)?.[1] ?? "420000";
  const constrained = profile.startsWith("42") && (parseInt(profile.slice(2, 4), 16) & 0x40) !== 0;
  return 1 + (constrained ? 2 : 0) + (line.includes("packetization-mode=1") ? 1 : 0);
}
