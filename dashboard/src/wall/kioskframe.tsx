import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { keepAwake } from "../shared/awake";
import { Icon } from "../shared/icons";
import { kioskSeconds, passed, type Scene, sceneAt, scenesOf, wishOf } from "./kiosk";
import { ageS, centreMs, picture } from "./live";
import { keepFresh } from "./recover";
import { wish } from "./shown";
import { isInTrouble } from "./wish";
import { t } from "./words";

/** Seconds of a scene; null when hands are here. */
export const kiosk = kioskSeconds(location.search);

function scene(seconds: number): Scene {
  const now = picture.value;
  const districts = now?.counters.by_district.map(({ district }) => district) ?? [];
  const trouble = [...(now?.sites.values() ?? [])].some(isInTrouble);
  return sceneAt(scenesOf(districts, trouble), seconds, centreMs.value ?? 0);
}

/** Awake, fresh, without a cursor; the scene of the moment is what the wall is asked for. */
export function useKiosk(seconds: number | null): void {
  useEffect(() => {
    if (seconds === null) return;
    document.documentElement.classList.add("kiosk");
    keepAwake();
    return keepFresh(() => ageS.peek() * 1000);
  }, [seconds]);
  const current = seconds === null ? null : scene(seconds);
  const key = current && `${current.kind} ${current.district}`;
  useEffect(() => {
    if (current) wish.value = wishOf(current);
  }, [key]);
}

/** What is shown now, and how long it stays. */
export function SceneTitle({ seconds }: { seconds: number }): JSX.Element {
  const now = scene(seconds);
  return (
    <div class={`scene ${now.kind}`}>
      <h1>
        {now.kind === "trouble" && <Icon name="warning" />}{" "}
        {now.kind === "district" ? now.district : now.kind === "trouble" ? t.sceneTrouble : t.sceneAll}
      </h1>
      <span class="scene-left" style={{ width: `${100 - passed(seconds, centreMs.value ?? 0) * 100}%` }} />
    </div>
  );
}
