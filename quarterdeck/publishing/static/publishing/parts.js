// The parts of a text as the composer's fields: read, written, added, numbered. What they look like is in templates.
const shape = (name) => document.querySelector(`[data-${name}-shape]`)?.content.firstElementChild;
const about = (list) => list.closest("[data-scope]").dataset;

/** [{text, images: [{file, alt, none, url, name}]}] as the fields say now, line ends as the server keeps them. */
export function read(list) {
  return [...list.children].map((part) => ({
    text: part.querySelector("[data-source]").value,
    images: [...part.querySelectorAll("[data-image]")].map((image) => ({
      file: image.dataset.image,
      alt: image.querySelector("[data-alt]").value,
      none: image.querySelector("[data-none-why]").value,
      url: image.dataset.url,
      name: image.dataset.name,
    })),
  }));
}

/** Make the fields say this. */
export function put(list, parts) {
  list.replaceChildren();
  for (const { text, images } of parts) {
    const part = add(list);
    part.querySelector("[data-source]").value = text;
    for (const image of images) show(part, image);
  }
  number(list);
}

/** Another part at the end. */
export function add(list) {
  const keys = [...list.children].map((part) => Number(part.dataset.part.split(".").pop()) || 0);
  const { scope } = about(list);
  const part = shape("part").cloneNode(true);
  name(part, "KEY", `${scope ? `${scope}.` : ""}${Math.max(0, ...keys) + 1}`);
  list.append(part);
  return part;
}

/** What shows a picture, or a video: those have addresses that end with "/video/". */
export function medium(url, words = "") {
  if (!url?.endsWith("/video/")) return Object.assign(new Image(), { src: url, alt: words });
  const video = Object.assign(document.createElement("video"), { src: url, controls: true, preload: "metadata", playsInline: true });
  video.setAttribute("aria-label", words || "Video");
  return video;
}

/** Put an image {file, alt, none, url, name} into a part; nothing when it is there already. */
export function show(part, { file, alt = "", none = "", url, name: called }) {
  if (part.querySelector(`[data-image="${file}"]`)) return null;
  const image = shape("image").cloneNode(true);
  name(image, "KEY", part.dataset.part);
  name(image, "FILE", file);
  Object.assign(image.dataset, { url, name: called });
  image.querySelector("img").replaceWith(medium(url, called));
  image.querySelector("[data-alt]").value = alt;
  image.querySelector("[data-none-why]").value = none;
  described(image);
  part.querySelector("[data-images]").append(image);
  return image;
}

/** Ask for a reason only where an image has no description, and say what is missing only where neither is given. */
export function described(image) {
  image.querySelector("[data-missing]").hidden = Boolean(image.querySelector("[data-alt]").value.trim());
  image.querySelector("[data-undescribed]").hidden = Boolean(image.querySelector("[data-none-why]").value.trim());
}

/** Say of each part which it is; a text alone is no part. */
export function number(list) {
  const several = list.children.length > 1;
  const { called } = about(list);
  const on = called ? ` for ${called}` : "";
  [...list.children].forEach((part, at) => {
    part.querySelector("[data-part-name]").textContent = (several ? `Part ${at + 1}` : "Text") + on;
    part.querySelector("[data-tools]").hidden = !several;
    const words = { up: `Move part ${at + 1} up`, down: `Move part ${at + 1} down`, remove: `Remove part ${at + 1}` };
    for (const button of part.querySelectorAll("[data-tools] [name=do]")) {
      const [wish] = button.value.split(":");
      button.setAttribute("aria-label", words[wish] + on);
    }
  });
}

// Puts a name into the attributes of a copied shape.
function name(node, placeholder, value) {
  for (const one of [node, ...node.querySelectorAll("*")]) {
    for (const attribute of one.attributes) {
      if (attribute.value.includes(placeholder)) attribute.value = attribute.value.replace(placeholder, value);
    }
  }
}
