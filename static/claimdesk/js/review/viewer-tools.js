// The bar above the picture, the thumbnails, dragging and the wheel.

import { element, find, findAll, setAttribute, setText } from "./dom.js";

/** @param {import("./viewer.js").Viewer} viewer */
export function bindViewerTools(viewer) {
  const commands = {
    "page-previous": () => viewer.goToPage(viewer.page - 1),
    "page-next": () => viewer.goToPage(viewer.page + 1),
    "zoom-in": () => viewer.zoomIn(),
    "zoom-out": () => viewer.zoomOut(),
    "fit-width": () => viewer.setFit("width"),
    "fit-page": () => viewer.setFit("page"),
    "rotate-left": () => viewer.rotate(-90),
    "rotate-right": () => viewer.rotate(90),
  };
  for (const tool of findAll("[data-view]")) tool.addEventListener("click", commands[tool.dataset.view]);
  bindThumbnails(viewer);
  bindTone(viewer);
  bindDragging(viewer.scroller);
  bindWheel(viewer);
  bindKeys(viewer);
  viewer.addEventListener("view", () => showState(viewer));
  showState(viewer);
}

function showState(viewer) {
  setText(find("#page-number"), `${Math.min(viewer.page + 1, viewer.pages.length)} / ${viewer.pages.length}`);
  setText(find("#zoom-level"), `${Math.round(viewer.zoom * 100)}%`);
  setAttribute(find("[data-view=fit-width]"), "aria-pressed", String(viewer.fit === "width"));
  setAttribute(find("[data-view=fit-page]"), "aria-pressed", String(viewer.fit === "page"));
  findAll("#thumbnails button").forEach((thumb, index) => setAttribute(thumb, "aria-current", index === viewer.page ? "page" : null));
}

function bindThumbnails(viewer) {
  const rail = find("#thumbnails");
  rail.hidden = viewer.pages.length < 2;
  rail.replaceChildren(...viewer.pages.map((page, index) => {
    const picture = element("img", { src: page.thumbnail, alt: "", loading: "lazy", width: page.width, height: page.height });
    const label = element("span", { class: "visually-hidden" }, gettext("Page"));
    const thumb = element("button", { type: "button" }, picture, label, String(index + 1));
    thumb.addEventListener("click", () => viewer.goToPage(index));
    return thumb;
  }));
}

function bindTone(viewer) {
  const [brightness, contrast, inverted] = ["#brightness", "#contrast", "#inverted"].map((selector) => find(selector));
  const show = ({ brightness: b, contrast: c, inverted: i }) => { brightness.value = b; contrast.value = c; inverted.checked = i; };
  const read = () => viewer.setTone({ brightness: Number(brightness.value), contrast: Number(contrast.value), inverted: inverted.checked });
  show(viewer.tone);
  for (const control of [brightness, contrast, inverted]) control.addEventListener("input", read);
  find("#tone-reset").addEventListener("click", () => { show({ brightness: 100, contrast: 100, inverted: false }); read(); });
}

function bindDragging(scroller) {
  let drag = null;
  scroller.addEventListener("pointerdown", (event) => {
    if (event.button || event.pointerType === "touch") return; // a finger scrolls natively
    drag = { x: event.clientX, y: event.clientY, left: scroller.scrollLeft, top: scroller.scrollTop };
  });
  scroller.addEventListener("pointermove", (event) => {
    if (!event.buttons) drag = null; // let go outside the window
    if (!drag) return;
    const [dx, dy] = [event.clientX - drag.x, event.clientY - drag.y];
    if (Math.hypot(dx, dy) > 4 && !scroller.hasPointerCapture(event.pointerId)) scroller.setPointerCapture(event.pointerId);
    scroller.scrollTo(drag.left - dx, drag.top - dy);
  });
  for (const end of ["pointerup", "pointercancel"]) scroller.addEventListener(end, () => { drag = null; });
}

function bindWheel(viewer) {
  viewer.scroller.addEventListener("wheel", (event) => {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    const bounds = viewer.scroller.getBoundingClientRect();
    viewer.setZoom(viewer.zoom * Math.exp(-event.deltaY / 400), event.clientX - bounds.left, event.clientY - bounds.top);
  }, { passive: false });
}

/** Plain keys while the picture has the focus. */
function bindKeys(viewer) {
  const plain = {
    "+": () => viewer.zoomIn(), "=": () => viewer.zoomIn(), "-": () => viewer.zoomOut(), 0: () => viewer.setFit("width"),
    9: () => viewer.setFit("page"), "]": () => viewer.rotate(90), "[": () => viewer.rotate(-90),
  };
  viewer.scroller.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || !plain[event.key]) return;
    event.preventDefault();
    plain[event.key]();
  });
}
