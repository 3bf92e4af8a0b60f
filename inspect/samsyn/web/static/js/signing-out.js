// A device in a field session is not signed out while something that was written on it is not received: it would be the
// last that anybody saw of it. What is packed is wiped before the session ends. Without this module nothing is packed.
import { forgetAll, items } from "./field/store.js";

for (const form of document.querySelectorAll('form[action="/sign-out"]')) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const left = (await items().catch(() => [])).filter((item) => item.state !== "received");
    if (left.length) return location.assign("/field#queue");
    await forgetAll().catch(() => undefined);
    return form.submit();
  });
}
