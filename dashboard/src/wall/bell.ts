/** The wall's own sound, made here and nowhere fetched. Silent until somebody asks for it: browsers want a hand first. */
import { signal } from "@preact/signals";
import { deaf, type Ear, listen, type Sound } from "./ear";
import type { Memory } from "./order";

interface Note {
  hz: number;
  fromS: number;
  lastsS: number;
}

const MELODIES: Record<Sound, readonly Note[]> = {
  amber: [{ hz: 660, fromS: 0, lastsS: 0.22 }],
  red: [0, 0.55].flatMap((fromS) => [
    { hz: 988, fromS, lastsS: 0.2 },
    { hz: 740, fromS: fromS + 0.24, lastsS: 0.26 },
  ]),
};
const LOUDNESS = 0.35;

export const ringing = signal(false);
/** The sounds made so far, for whoever wants to know that one was made. */
export const rung = signal<readonly Sound[]>([]);

let context: AudioContext | null = null;
let ear: Ear = deaf;

/** Turns the sound on, with a sound, so that a person hears that it works; must be called from a click. */
export async function turnOn(): Promise<void> {
  context ??= new AudioContext();
  await context.resume();
  ringing.value = context.state === "running";
  if (ringing.value) play("amber");
}

export function turnOff(): void {
  ringing.value = false;
}

/** Listens to what the wall remembers of trouble; the ear keeps up while the sound is off, so that old news stay old. */
export function hear(memory: Memory, nowMs: number): void {
  const after = listen(ear, memory, nowMs);
  ear = after.ear;
  if (!after.sound || !ringing.value) return;
  rung.value = [...rung.value.slice(-19), after.sound];
  play(after.sound);
}

/** After a sleep the context may be suspended; it is woken, or the tone is lost and the tiles have to speak. */
function play(sound: Sound): void {
  const here = context;
  if (!here) return;
  const start = (): void => MELODIES[sound].forEach((note) => sing(here, note));
  if (here.state === "running") start();
  else void here.resume().then(start, () => undefined);
}

function sing(here: AudioContext, { hz, fromS, lastsS }: Note): void {
  const at = here.currentTime + 0.02 + fromS;
  const tone = new OscillatorNode(here, { type: "triangle", frequency: hz });
  const loudness = new GainNode(here, { gain: 0 });
  loudness.gain.setValueAtTime(0, at);
  loudness.gain.linearRampToValueAtTime(LOUDNESS, at + 0.015);
  loudness.gain.setValueAtTime(LOUDNESS, at + lastsS - 0.05);
  loudness.gain.linearRampToValueAtTime(0, at + lastsS);
  tone.connect(loudness).connect(here.destination);
  tone.start(at);
  tone.stop(at + lastsS);
}
