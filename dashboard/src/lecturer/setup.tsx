import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { worded } from "../shared/i18n";
import { Icon } from "../shared/icons";
import { Alert } from "../shared/parts";
import { needle } from "./level";
import {
  cameraFault,
  cameraId,
  cameras,
  cameraTrack,
  loudness,
  microphoneFault,
  microphoneId,
  microphones,
  muted,
  openCamera,
  openMicrophone,
  screenTrack,
  shareScreen,
  type SourceFault,
  unshareScreen,
} from "./sources";
import { faults, t } from "./words";

interface ChooserProps {
  label: string;
  devices: MediaDeviceInfo[];
  chosen: string;
  fault: SourceFault | null;
  onChoose: (id: string) => void;
}

function Chooser({ label, devices, chosen, fault, onChoose }: ChooserProps): JSX.Element {
  return (
    <div class="stack">
      <label class="field">
        <span>{label}</span>
        <select value={chosen} onChange={(event) => onChoose(event.currentTarget.value)}>
          {devices.length === 0 && <option value="">{t.noDevice}</option>}
          {devices.map((device, at) => (
            <option key={device.deviceId} value={device.deviceId}>
              {device.label || `${label} ${at + 1}`}
            </option>
          ))}
        </select>
      </label>
      {fault && <Alert tone="bad">{worded(faults, fault)}</Alert>}
    </div>
  );
}

/** Only the choice: what is wrong with the present one is told beside it. */
export function MicrophoneChooser({ label }: { label: string }): JSX.Element {
  return (
    <Chooser
      label={label}
      devices={microphones.value}
      chosen={microphoneId.value}
      fault={null}
      onChoose={(id) => void openMicrophone(id)}
    />
  );
}

function Meter(): JSX.Element {
  const share = muted.value ? 0 : needle(loudness.value);
  return (
    <div
      class="meter"
      role="meter"
      aria-label={t.level}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(share * 100)}
    >
      <span style={{ width: `${share * 100}%` }} />
    </div>
  );
}

/** Camera, microphone and slides, numbered in the order in which one sets them up. */
export function Setup(): JSX.Element {
  return (
    <div class="card stack setup">
      <Chooser
        label={t.camera}
        devices={cameras.value}
        chosen={cameraId.value}
        fault={cameraFault.value}
        onChoose={(id) => void openCamera(id)}
      />
      <Chooser
        label={t.microphone}
        devices={microphones.value}
        chosen={microphoneId.value}
        fault={microphoneFault.value}
        onChoose={(id) => void openMicrophone(id)}
      />
      <Meter />
      <p class="muted">{t.speak}</p>
      <button class={`button ${muted.value ? "danger" : ""}`} onClick={() => (muted.value = !muted.value)}>
        <Icon name={muted.value ? "mute" : "sound"} /> {muted.value ? t.unmute : t.mute}
      </button>
      <h3>{t.share}</h3>
      {screenTrack.value ? (
        <>
          <Alert tone="good">{t.sharing}</Alert>
          <button class="button" onClick={unshareScreen}>
            {t.unshareScreen}
          </button>
        </>
      ) : (
        <button class="button" onClick={() => void shareScreen()}>
          <Icon name="screen" /> {t.shareScreen}
        </button>
      )}
    </div>
  );
}

/** What this page sends: the shared screen, else the camera. */
export function Preview(): JSX.Element {
  const box = useRef<HTMLVideoElement>(null);
  const track = screenTrack.value ?? cameraTrack.value;
  useEffect(() => {
    if (box.current) box.current.srcObject = track ? new MediaStream([track]) : null;
  }, [track]);
  return <video ref={box} class="preview" autoPlay playsInline muted />;
}
