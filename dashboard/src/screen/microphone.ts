/** Whether this browser knows of any microphone; looked at anew whenever a device comes or goes. */
export class Microphones {
  /** Believed there until looked at: a room is not called mute for a moment of not knowing. */
  found = true;
  private readonly look = (): void => void this.find();

  constructor(private readonly devices: MediaDevices | undefined = navigator.mediaDevices) {
    this.look();
    devices?.addEventListener("devicechange", this.look);
  }

  close(): void {
    this.devices?.removeEventListener("devicechange", this.look);
  }

  /** A page without a secure origin has no devices at all (mediacapture-streams §9). */
  private async find(): Promise<void> {
    if (!this.devices) {
      this.found = false;
      return;
    }
    try {
      const known = await this.devices.enumerateDevices();
      this.found = known.some(({ kind }) => kind === "audioinput");
    } catch {
      // What cannot be listed may still open.
    }
  }
}
