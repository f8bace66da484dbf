import { effect, signal } from "@preact/signals";
import { recall, remember } from "../shared/keep";
import { dbfs } from "./level";

/** The lecturer's camera, microphone and shared screen. */

export type SourceFault = "insecure" | "denied" | "missing" | "busy" | "lost" | "failed";

export const cameras = signal<MediaDeviceInfo[]>([]);
export const microphones = signal<MediaDeviceInfo[]>([]);
export const cameraId = signal(recall("diemcau.camera") ?? "");
export const microphoneId = signal(recall("diemcau.microphone") ?? "");
export const cameraTrack = signal<MediaStreamTrack | null>(null);
export const microphoneTrack = signal<MediaStreamTrack | null>(null);
export const screenTrack = signal<MediaStreamTrack | null>(null);
export const cameraFault = signal<SourceFault | null>(null);
export const microphoneFault = signal<SourceFault | null>(null);
export const muted = signal(false);
/** Loudness of the microphone in dBFS. */
export const loudness = signal(-100);
/** Whether that is known: a browser may listen to nothing before somebody touched the page. */
export const measured = signal(false);

/** Browsers give a camera only to https pages and to the computer itself (W3C Media Capture §9). */
export function secure(): boolean {
  return window.isSecureContext && "mediaDevices" in navigator;
}

export async function openSources(): Promise<void> {
  await openCamera(cameraId.value);
  await openMicrophone(microphoneId.value);
  navigator.mediaDevices.ondevicechange = () => void changed();
}

/** A device came or went: what was lost is taken up again as soon as it is there. */
async function changed(): Promise<void> {
  await list();
  if (cameraFault.value && cameras.value.length) await openCamera(cameraId.value);
  if (microphoneFault.value && microphones.value.length) await openMicrophone(microphoneId.value);
}

/** After the session: the lamp of the camera goes out. */
export function closeSources(): void {
  navigator.mediaDevices.ondevicechange = null;
  for (const track of [cameraTrack, microphoneTrack, screenTrack]) {
    track.value?.stop();
    track.value = null;
  }
}

export async function openCamera(id: string): Promise<void> {
  cameraTrack.value?.stop();
  const wish = { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 25, max: 30 } };
  cameraTrack.value = await open({ video: { ...wish, ...chosen(id) } }, cameraTrack, cameraFault);
  cameraId.value = cameraTrack.value?.getSettings().deviceId ?? id;
  remember("diemcau.camera", cameraId.value);
  await list();
}

export async function openMicrophone(id: string): Promise<void> {
  microphoneTrack.value?.stop();
  const wish = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };
  microphoneTrack.value = await open({ audio: { ...wish, ...chosen(id) } }, microphoneTrack, microphoneFault);
  microphoneId.value = microphoneTrack.value?.getSettings().deviceId ?? id;
  remember("diemcau.microphone", microphoneId.value);
  await list();
}

function chosen(id: string): MediaTrackConstraints {
  return id ? { deviceId: { ideal: id } } : {};
}

async function open(
  wish: MediaStreamConstraints,
  place: { value: MediaStreamTrack | null },
  fault: { value: SourceFault | null },
): Promise<MediaStreamTrack | null> {
  try {
    const stream = await navigator.mediaDevices.getUserMedia(wish);
    const track = stream.getTracks()[0] ?? null;
    fault.value = null;
    // Unplugged, or taken away by the system; what this page stops itself tells nothing (W3C Media Capture §4.3.1).
    track?.addEventListener("ended", () => {
      if (place.value !== track) return;
      place.value = null;
      fault.value = "lost";
    });
    return track;
  } catch (caught) {
    fault.value = named(caught);
    return null;
  }
}

export function named(caught: unknown): SourceFault {
  const name = caught instanceof DOMException ? caught.name : "";
  if (name === "NotAllowedError" || name === "SecurityError") return "denied";
  if (name === "NotFoundError" || name === "OverconstrainedError") return "missing";
  return name === "NotReadableError" || name === "AbortError" ? "busy" : "failed";
}

async function list(): Promise<void> {
  const all = await navigator.mediaDevices.enumerateDevices();
  cameras.value = all.filter(({ kind, deviceId }) => kind === "videoinput" && deviceId);
  microphones.value = all.filter(({ kind, deviceId }) => kind === "audioinput" && deviceId);
}

/** Shares a screen or a window until the person ends it here or in the browser's own bar. */
export async function shareScreen(): Promise<void> {
  const stream = await navigator.mediaDevices
    .getDisplayMedia({
      video: { frameRate: { ideal: 10, max: 15 }, width: { max: 1920 }, height: { max: 1080 } },
    })
    .catch(() => null); // Closing the chooser is no fault.
  const track = stream?.getVideoTracks()[0];
  if (!track) return;
  // Slides are text: rather fewer frames than blurred letters.
  track.contentHint = "text";
  track.onended = () => (screenTrack.value = null);
  screenTrack.value = track;
}

export function unshareScreen(): void {
  screenTrack.value?.stop();
  screenTrack.value = null;
}

effect(() => {
  if (microphoneTrack.value) microphoneTrack.value.enabled = !muted.value;
});

/** What the microphone gives in dBFS; null while nobody knows. */
export function given(): number | null {
  const [track, level, known] = [microphoneTrack.value, loudness.value, measured.value];
  if (!track || track.muted) return -100;
  return known ? level : null;
}

/** Follows the microphone's loudness; undone by the function it returns. */
export function listen(): () => void {
  const context = new AudioContext();
  const wake = (): void => void context.resume();
  document.addEventListener("pointerdown", wake);
  const analyser = context.createAnalyser();
  const samples = new Float32Array(analyser.fftSize);
  let source: MediaStreamAudioSourceNode | null = null;
  const unfollow = effect(() => {
    source?.disconnect();
    const track = microphoneTrack.value;
    source = track ? context.createMediaStreamSource(new MediaStream([track])) : null;
    source?.connect(analyser);
  });
  const timer = setInterval(() => {
    analyser.getFloatTimeDomainData(samples);
    loudness.value = source ? dbfs(samples) : -100;
    measured.value = context.state === "running";
  }, 100);
  return () => {
    clearInterval(timer);
    unfollow();
    document.removeEventListener("pointerdown", wake);
    void context.close();
  };
}
