// What the modules say, in the page's language: the server put the texts into the page, with {fields} in them.
const texts = JSON.parse(document.getElementById("said").content.textContent);
export const language = document.documentElement.lang === "en" ? "en" : "sv";
const zone = { timeZone: "Europe/Stockholm" };

export function word(key, fields = {}) {
  const text = texts[key];
  return text === undefined ? "" : text.replace(/\{(\w+)\}/g, (_, name) => fields[name] ?? "");
}

export const say = (key, fields) => word(`field.say.${key}`, fields);

export function clock(when) {
  return new Intl.DateTimeFormat("sv-SE", { hour: "2-digit", minute: "2-digit", ...zone }).format(new Date(when));
}

export function day(when) {
  const form = { weekday: "short", day: "numeric", month: "short", ...zone };
  return new Intl.DateTimeFormat(language === "en" ? "en-GB" : "sv-SE", form).format(new Date(when));
}
