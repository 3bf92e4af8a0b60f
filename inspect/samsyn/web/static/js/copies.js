// A button that copies a text of the page: data-copies names its element. Without this module the text is marked by hand.
for (const button of document.querySelectorAll("button[data-copies]")) {
  if (!navigator.clipboard) continue; // only where the page is served securely
  button.hidden = false;
  button.addEventListener("click", async () => {
    const said = document.querySelector("[data-says-copied]");
    const from = document.getElementById(button.dataset.copies);
    try {
      await navigator.clipboard.writeText(from.textContent.trim());
      said.textContent = button.dataset.copied;
    } catch {
      getSelection().selectAllChildren(from);
    }
  });
}
