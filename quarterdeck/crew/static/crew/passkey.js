// Says in words why a passkey was not used or made; the library only writes to the console.
const words = {
  NotAllowedError: "The browser ended this: it was cancelled, took too long, or no passkey for this address is kept here. Nothing was changed.",
  InvalidStateError: "This device already keeps a passkey for your account. Nothing was changed.",
  SecurityError: "Passkeys do not work at this address. Use http://localhost on this machine, or the public https address.",
  NotSupportedError: "This device cannot keep such a passkey. Nothing was changed.",
};

document.addEventListener("allauth.error", (event) => {
  const place = document.getElementById("passkey-said");
  if (!place) return;
  event.preventDefault();
  const name = event.detail?.exception?.name;
  place.textContent = words[name] ?? "The passkey could not be used. Nothing was changed. Try again, or sign in another way.";
  place.hidden = false;
});

// The library listens from DOMContentLoaded on; until then a press would do nothing, so the buttons wait.
const open = () => document.querySelectorAll("[data-passkey]").forEach((button) => (button.disabled = false));
if (document.readyState === "complete") open();
else addEventListener("load", open);
