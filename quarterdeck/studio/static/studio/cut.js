// The box of a cut: dragged, or moved by keys; it always keeps its place's shape. The numbers stand in plain fields.
const form = document.querySelector("[data-ratio]");
const stage = form?.querySelector("[data-cutter]");
const ratio = Number(form?.dataset.ratio); // width by height, both as parts of the picture
const field = (name) => form.elements[name];
const LEAST = 5; // percent

const read = () => Object.fromEntries(["left", "top", "width", "height"].map((name) => [name, Number(field(name).value)]));

function put({ left, top, width }) {
  const most = Math.min(100, 100 * ratio);
  width = Math.min(most, Math.max(Math.min(LEAST, most), width));
  const height = Math.min(100, width / ratio);
  left = Math.min(100 - width, Math.max(0, left));
  top = Math.min(100 - height, Math.max(0, top));
  const box = { left, top, width, height };
  for (const [name, value] of Object.entries(box)) field(name).value = value.toFixed(1);
  draw(box);
}

function draw({ left, top, width, height }) {
  for (const rect of stage.querySelectorAll("[data-box], [data-hole]")) {
    for (const [name, value] of Object.entries({ x: left, y: top, width, height })) rect.setAttribute(name, `${value}%`);
  }
}

function resize(by) {
  const box = read();
  const width = box.width + by;
  put({ left: box.left - by / 2, top: box.top - by / ratio / 2, width });
}

if (form) {
  stage.tabIndex = 0;
  stage.setAttribute("role", "application");
  stage.setAttribute("aria-label", "The box. Arrow keys move it, plus and minus change its size.");
  form.querySelector("[data-keys]").hidden = false;

  stage.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const step = event.shiftKey ? 5 : 1;
    const by = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] }[event.key];
    const grow = { "+": step, "=": step, "-": -step }[event.key];
    if (!by && !grow) return;
    event.preventDefault();
    event.stopPropagation();
    if (grow) return resize(grow);
    const box = read();
    put({ ...box, left: box.left + by[0], top: box.top + by[1] });
  });

  let held = null;
  stage.addEventListener("pointerdown", (event) => {
    held = { x: event.clientX, y: event.clientY, box: read() };
    stage.setPointerCapture(event.pointerId);
    event.preventDefault();
    stage.focus({ preventScroll: true });
  });
  stage.addEventListener("pointermove", (event) => {
    if (!held) return;
    const { width, height } = stage.getBoundingClientRect();
    const [x, y] = [(100 * (event.clientX - held.x)) / width, (100 * (event.clientY - held.y)) / height];
    put({ ...held.box, left: held.box.left + x, top: held.box.top + y });
  });
  for (const type of ["pointerup", "pointercancel"]) stage.addEventListener(type, () => (held = null));

  form.addEventListener("change", ({ target }) => {
    const box = read();
    if (target.name === "height") put({ ...box, width: box.height * ratio });
    else if (target.type === "number") put(box);
  });
}
