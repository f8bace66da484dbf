/** Lines of the desk's chat. */

export interface DeskLine {
  place: number;
  id: string;
  mine: boolean;
  said_by: string;
  text: string;
  at_ms: number;
  delivered: boolean;
}

/** A fresh name for a line, so that asking again writes it once; old browsers have no `randomUUID`. */
export function lineName(
  draw: (into: Uint8Array) => Uint8Array = (into) => crypto.getRandomValues(into),
): string {
  return `said-${[...draw(new Uint8Array(12))].map((each) => each.toString(16).padStart(2, "0")).join("")}`;
}

/** The agent's sentence about a line that it did not take. */
export async function saidFault(reply: Response): Promise<string> {
  const told: unknown = await reply.json().catch(() => null);
  return (told as { message?: string } | null)?.message ?? "";
}

/** Two short tones; a browser that nobody has touched yet stays silent, and the page shows the line all the same. */
export function chime(): void {
  const Sound = window.AudioContext;
  if (!Sound) return;
  const sound = new Sound();
  [660, 880].forEach((hertz, at) => {
    const tone = sound.createOscillator();
    const loudness = sound.createGain();
    loudness.gain.value = 0.2;
    tone.frequency.value = hertz;
    tone.connect(loudness).connect(sound.destination);
    tone.start(sound.currentTime + at * 0.18);
    tone.stop(sound.currentTime + at * 0.18 + 0.15);
  });
  setTimeout(() => void sound.close(), 1000);
}
