import type { JSX } from "preact";

/** Line drawings on a 24 x 24 field, drawn with the colour of the text around them. */
const SHAPES = {
  check: "M4 12.5l5.5 5.5L20 6.5",
  clock: "M12 3a9 9 0 1 0 0 18a9 9 0 1 0 0-18M12 7v5.5l4 2.5",
  cross: "M5 5l14 14M19 5L5 19",
  question: "M8 8.5a4 4 0 1 1 5.6 3.7c-1 .5-1.6 1.2-1.6 2.3v1M12 19.5v.5",
  plug: "M9 3v5M15 3v5M6 8h12v3a6 6 0 0 1-12 0zM12 17v4",
  ban: "M12 3a9 9 0 1 0 0 18a9 9 0 1 0 0-18M5.7 5.7l12.6 12.6",
  play: "M7 4.5l12 7.5l-12 7.5z",
  pause: "M8 5v14M16 5v14",
  dark: "M3 5h18v12H3zM8 21h8M4 18L20 4",
  screen: "M3 5h18v12H3zM8 21h8",
  sound: "M4 9.5v5h4l5 4v-13l-5 4zM16.5 9a4 4 0 0 1 0 6M19 6.5a8 8 0 0 1 0 11",
  mute: "M4 9.5v5h4l5 4v-13l-5 4zM16.5 9.5l5 5M21.5 9.5l-5 5",
  people:
    "M9 11a3.5 3.5 0 1 0 0-7a3.5 3.5 0 1 0 0 7M2.5 20c0-4 3-6.5 6.5-6.5s6.5 2.5 6.5 6.5M16 4.5a3.5 3.5 0 0 1 0 6.5M17.5 14c2.5.8 4 3 4 6",
  camera: "M3 7h4l2-3h6l2 3h4v12H3zM12 9.5a3.5 3.5 0 1 0 0 7a3.5 3.5 0 1 0 0-7",
  hand: "M8 12V5.5a1.5 1.5 0 0 1 3 0V11V4a1.5 1.5 0 0 1 3 0v7V5.5a1.5 1.5 0 0 1 3 0V15a6 6 0 0 1-6 6c-3 0-4.5-1.5-6-4l-2-4a1.5 1.5 0 0 1 2.6-1.5L8 14z",
  paper: "M6 3h9l4 4v14H6zM9 11h6M9 15h6",
  phone:
    "M6 3l4 1l1 5l-2.5 1.5a12 12 0 0 0 5 5L15 13l5 1l1 4c-1 2-3 3-5 2.5C9.5 19 5 14.5 3.5 8C3 6 4 4 6 3z",
  alarm: "M8 2.5h8l5.5 5.5v8L16 21.5H8L2.5 16V8zM12 7v6M12 16.2v.8",
  warning: "M12 3.5L22 20.5H2zM12 10v5M12 17.5v.8",
} as const;

export type IconName = keyof typeof SHAPES;

export function Icon(props: { name: IconName }): JSX.Element {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
      <path d={SHAPES[props.name]} />
    </svg>
  );
}
