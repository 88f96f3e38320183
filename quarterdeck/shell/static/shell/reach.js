// <form data-reach>: before it is sent, this browser asks the public address for the installation's mark.
const PATIENCE = 8000; // ms

async function markOf(form) {
  const { url, nonce } = form.elements;
  const answer = await fetch(`${url.value}/reach/${nonce.value}`, {
    credentials: "omit",
    cache: "no-store",
    redirect: "error",
    signal: AbortSignal.timeout(PATIENCE),
  });
  return (await answer.json()).mark;
}

document.addEventListener("submit", async (event) => {
  const form = event.target.closest?.("form[data-reach]");
  if (!form) return;
  event.preventDefault();
  const button = form.querySelector("button");
  button.disabled = true;
  button.textContent = "Testing…";
  try {
    form.elements.mark.value = String(await markOf(form));
  } catch {
    form.elements.mark.value = ""; // nothing came, or nothing of ours: the server tries from its side
  }
  form.submit();
});
