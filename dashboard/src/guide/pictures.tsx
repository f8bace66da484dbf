import type { JSX } from "preact";
import type { StepName } from "./model";

/** Line drawings of each step on a 240 x 180 field; `accent` strokes are what the person does. */
const ROOM = "M12 168h216M24 168V40h192v128";
const DRAWINGS: Record<StepName, { lines: string[]; accent: string[] }> = {
  pair: {
    lines: ["M20 44h84v62H20zM44 132h36M62 106v26", "M150 30h66v108h-66zM164 52h38M164 70h38M164 88h24"],
    accent: ["M108 78h34M130 66l14 12l-14 12", "M160 112h46"],
  },
  line: {
    lines: [
      "M20 40h96v70H20zM50 138h36M68 110v28",
      "M168 98h52v34h-52zM180 132v10M208 132v10M182 98c0-22 24-22 24 0",
    ],
    accent: ["M116 84c30 0 22 40 52 34", "M172 74c12-14 32-14 44 0M180 84c8-8 20-8 28 0"],
  },
  camera: {
    lines: [
      ROOM,
      "M52 150a12 12 0 0 1 24 0zM64 128a8 8 0 1 0 0 .1M108 150a12 12 0 0 1 24 0zM120 128a8 8 0 1 0 0 .1M164 150a12 12 0 0 1 24 0zM176 128a8 8 0 1 0 0 .1",
    ],
    accent: ["M104 52h32v22h-32zM120 57a6 6 0 1 0 .1 0M120 40v12", "M104 74L40 112M136 74l64 38"],
  },
  sound: {
    lines: [
      "M30 60h44v84H30zM52 74a8 8 0 1 0 .1 0M52 100a16 16 0 1 0 .1 0",
      "M184 56a14 14 0 0 1 28 0v36a14 14 0 0 1-28 0zM174 88a24 24 0 0 0 48 0M198 112v30M180 142h36",
    ],
    accent: ["M92 84c8 10 8 28 0 38M110 72c16 18 16 46 0 62M128 60c24 26 24 60 0 86"],
  },
  screen: {
    lines: ["M30 24h180v104H30zM104 128v16M136 128v16M84 144h72"],
    accent: ["M104 52l38 24l-38 24z", "M44 114h152M44 114h62"],
  },
  phone: {
    lines: ["M24 40h88v62H24zM50 128h36M68 102v26", "M164 28h52v112h-52zM184 128h12"],
    accent: [
      "M174 44h12v12h-12zM194 44h12v12h-12zM174 64h12v12h-12zM194 64h4v4h-4zM202 72h4v4h-4z",
      "M122 60c12 10 12 26 0 36M134 50c18 16 18 40 0 56",
    ],
  },
  computer: {
    lines: ["M30 34h116v80H30zM64 142h48M88 114v28", "M172 60h40v82h-40zM182 74h20"],
    accent: ["M88 50a22 22 0 1 0 .1 0M88 58v14l10 6", "M192 142c0 20-46 12-46 26", "M186 104l-8 14h14l-8 14"],
  },
  paper: {
    lines: ["M64 20h84l28 28v112H64zM148 20v28h28", "M84 72h72M84 92h72M84 112h44"],
    accent: ["M150 128h46v34h-46zM158 128v-10a15 15 0 0 1 30 0v10M173 142v8"],
  },
  done: {
    lines: [
      ROOM,
      "M44 60h70v44H44zM150 128a10 10 0 1 0 .1 0M180 128a10 10 0 1 0 .1 0M140 162a10 10 0 0 1 20 0M170 162a10 10 0 0 1 20 0",
    ],
    accent: ["M134 84l20 20l40-44"],
  },
};

export function Drawing(props: { step: StepName }): JSX.Element {
  const { lines, accent } = DRAWINGS[props.step];
  return (
    <svg class="drawing" viewBox="0 0 240 180" aria-hidden="true">
      {lines.map((shape) => (
        <path key={shape} d={shape} />
      ))}
      {accent.map((shape) => (
        <path key={shape} class="accent" d={shape} />
      ))}
    </svg>
  );
}
