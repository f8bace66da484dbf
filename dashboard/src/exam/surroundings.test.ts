import { expect, test } from "vitest";
import { insideApp } from "./surroundings";

const IPHONE =
  "Mozilla/5.0 (iPhone; CPU iPhone OS 12_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)";
const ANDROID =
  "Mozilla/5.0 (Linux; Android 9; SM-J730G Build/PPR1; wv) AppleWebKit/537.36 (KHTML, like Gecko)";

test.each([
  [
    `${ANDROID} Version/4.0 Chrome/70.0.3538.110 Mobile Safari/537.36 Zalo android/548 ZaloTheme/light`,
    "Zalo",
  ],
  [`${IPHONE} Mobile/16G77 Zalo iOS/453`, "Zalo"],
  [`${ANDROID} Version/4.0 Chrome/70.0 Mobile Safari/537.36 [FB_IAB/FB4A;FBAV/240.0.0.38;]`, "Facebook"],
  [`${ANDROID} Version/4.0 Chrome/70.0 Mobile Safari/537.36 [FB_IAB/Orca-Android;FBAV/240.0;]`, "Messenger"],
  [`${IPHONE} Mobile/16G77 [FBAN/MessengerForiOS;FBAV/233.0.0.44]`, "Messenger"],
  [`${ANDROID} Version/4.0 Chrome/70.0.3538.110 Mobile Safari/537.36`, ""],
  [`${IPHONE} Mobile/16G77`, ""],
  [`${IPHONE} Version/12.1.2 Mobile/15E148 Safari/604.1`, null],
  [
    "Mozilla/5.0 (Linux; Android 9; SM-J730G) AppleWebKit/537.36 Chrome/70.0.3538.110 Mobile Safari/537.36",
    null,
  ],
  ["Mozilla/5.0 (Windows NT 6.1; Win64; x64) AppleWebKit/537.36 Chrome/109.0.0.0 Safari/537.36", null],
])("%s is inside %j", (agent, app) => {
  expect(insideApp(agent)).toBe(app);
});
