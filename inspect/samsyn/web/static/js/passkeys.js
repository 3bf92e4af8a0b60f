// Asks the device for a passkey: a new one, or the one that signs in. data-passkey says which ("create" or "get"), data-options
// where the server's question is. The answer goes into the form, which is then sent as every form is. Without this module,
// or in a browser without passkeys, the button stays away and the other ways in are there.
const decode = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));
const encode = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

async function question(form) {
  const headers = { "X-CSRFToken": form.elements.csrf_token.value, Accept: "application/json" };
  const answer = await fetch(form.dataset.options, { method: "POST", headers, credentials: "same-origin" });
  if (!answer.ok) throw new Error(String(answer.status));
  const asked = await answer.json();
  asked.challenge = decode(asked.challenge);
  if (asked.user) asked.user.id = decode(asked.user.id);
  for (const known of [...(asked.excludeCredentials ?? []), ...(asked.allowCredentials ?? [])]) known.id = decode(known.id);
  return asked;
}

function written(credential) {
  const said = { id: credential.id, rawId: encode(credential.rawId), type: credential.type, response: {} };
  for (const part of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    const value = credential.response[part];
    if (value) said.response[part] = encode(value);
  }
  return JSON.stringify(said);
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  if (!window.PublicKeyCredential) continue;
  const fault = form.querySelector("[data-fault]");
  const button = form.querySelector("button");
  form.hidden = false;
  for (const other of document.querySelectorAll("[data-without-passkey]")) other.hidden = true;
  form.addEventListener("submit", async (event) => {
    if (form.elements.credential.value) return; // the answer is in it
    event.preventDefault();
    fault.hidden = true;
    button.disabled = true;
    try {
      const publicKey = await question(form);
      form.elements.credential.value = written(await navigator.credentials[form.dataset.passkey]({ publicKey }));
      form.submit();
    } catch {
      fault.hidden = false;
      fault.focus();
    } finally {
      button.disabled = false;
    }
  });
}
