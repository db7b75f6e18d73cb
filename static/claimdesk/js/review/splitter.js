// The line between picture and values; arrows move it, and where it stands is remembered.

import { find } from "./dom.js";
import { preference, remember } from "./preferences.js";

const LEAST = 20;
const MOST = 70;
const STEP = 2;

export function bindSplitter() {
  const splitter = find("#splitter");
  const split = splitter.parentNode;
  const set = (percent) => {
    const share = Math.round(Math.max(LEAST, Math.min(MOST, percent)) * 10) / 10;
    split.style.setProperty("--picture", `${share}%`);
    splitter.setAttribute("aria-valuenow", String(Math.round(share)));
    return share;
  };
  set(preference("split", 42));
  const now = () => Number(splitter.getAttribute("aria-valuenow"));
  splitter.addEventListener("pointerdown", (event) => splitter.setPointerCapture(event.pointerId));
  splitter.addEventListener("pointermove", (event) => {
    if (splitter.hasPointerCapture(event.pointerId)) set((event.clientX / innerWidth) * 100);
  });
  splitter.addEventListener("lostpointercapture", () => remember("split", now()));
  splitter.addEventListener("keydown", (event) => {
    const by = { ArrowLeft: -STEP, ArrowRight: STEP }[event.key];
    if (!by) return;
    event.preventDefault();
    remember("split", set(now() + by));
  });
}
