// The page's conversation with POST /api/chat. Text nodes only; nothing leaves for any other host.
const texts = JSON.parse(document.body.dataset.texts);
const log = document.getElementById("log");
const choices = document.getElementById("choices");
const status = document.getElementById("status");
const form = document.getElementById("composer");
const field = document.getElementById("text");
const language = document.getElementById("language");
const kept = sessionStorage;
const WAIT_MS = 20000;

function make(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) if (value) node.setAttribute(name, value);
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

const fill = (sentence, values) => sentence.replace(/\{(\w+)\}/g, (_, name) => values[name]);

function shownNumber(phone) {
  const national = phone.replace(/^\+33/, "0");
  return national.length === 10 ? national.replace(/(\d\d)(?=\d)/g, "$1\u00a0") : national;
}

function link(href, label, kind, sameTab) {
  return make("a", { href, class: kind, ...(sameTab ? {} : { target: "_blank", rel: "noopener" }) }, label);
}

function callLink(phone) {
  const number = make("span", { class: "number" }, shownNumber(phone));
  const anchor = link(`tel:${phone}`, texts.call, "call", true);
  anchor.append(" ", number);
  return anchor;
}

function card(service) {
  const own = { lang: service.lang, dir: "ltr" };
  const hours = service.hours;
  const away = service.distance_m ? Math.max(1, Math.round(service.distance_m / 80)) : 0;
  const checked = service.checked_on
    ? fill(texts.checked, { date: service.checked_on })
    : [texts.never_checked, service.source_date ? fill(texts.source, { date: service.source_date }) : ""]
        .filter(Boolean).join(" · ");
  return make("article", { class: "card" },
    make("h2", {}, make("bdi", own, service.name)),
    make("p", {}, document.documentElement.lang === service.lang ? service.summary
      : service.topics.slice(0, 3).join(" · ")),
    make("p", { class: `state ${hours.state}` }, hours.text),
    hours.note ? make("p", { class: "soft" }, `${texts.note} `, make("bdi", own, hours.note)) : null,
    service.address ? make("p", {}, make("bdi", own, service.address)) : null,
    away ? make("p", {}, fill(texts.on_foot, { minutes: away })) : null,
    service.cost === "free" ? make("p", {}, texts.free) : null,
    service.confirm ? make("p", { class: "confirm" }, service.confirm) : null,
    make("div", { class: "ways" },
      service.phone ? callLink(service.phone) : null,
      service.links.map ? link(service.links.map, texts.map) : null,
      service.website ? link(service.website, texts.website) : null),
    make("p", { class: "soft" }, checked));
}

function emergency(message) {
  return make("ul", { class: "emergency", lang: message.lang }, ...message.numbers.map((one) =>
    make("li", {}, make("a", { href: `tel:${one.number}` },
      make("span", { class: "number" }, shownNumber(one.number)), make("span", {}, one.label)))));
}

const linkable = /(https?:\/\/\S+)/;

function sentence(text) {
  return text.split(linkable).map((part) => (linkable.test(part) ? link(part, part) : part));
}

function shown(message) {
  if (message.kind === "services") return message.services.map(card);
  if (message.kind === "emergency") return [emergency(message)];
  const own = { lang: message.lang, dir: "auto" };
  return [make("div", { class: "said escale" }, make("p", own, ...sentence(message.text ?? "")))];
}

function offer(offered) {
  choices.replaceChildren(...offered.map(({ label, payload }) => {
    const button = make("button", { type: "button" }, label);
    button.addEventListener("click", () => say({ choice: payload }, label));
    return button;
  }));
}

function show(turn) {
  const nodes = turn.words === undefined ? turn.messages.flatMap(shown)
    : [make("div", { class: "said person" }, make("p", { dir: "auto" }, turn.words))];
  log.append(...nodes);
  if (turn.choices) offer(turn.choices);
  return nodes[0];
}

// Turns outlive a change of language or a reload, in this tab only.
function remember(turn) {
  const turns = [...JSON.parse(kept.turns ?? "[]"), turn].slice(-40);
  kept.turns = JSON.stringify(turns);
}

async function send(body) {
  const response = await fetch("/api/chat", {
    method: "POST",
    headers: { "Content-Type": "application/json", "Accept-Language": document.documentElement.lang },
    body: JSON.stringify({ ...body, conversation: kept.conversation, locale: kept.chosen }),
    signal: AbortSignal.timeout(WAIT_MS),
  });
  if (response.status === 429) throw new Error(texts.too_fast);
  if (response.status === 413) throw new Error(texts.too_long);
  if (!response.ok) throw new Error(texts.offline);
  return response.json();
}

async function say(body, words) {
  status.replaceChildren();
  if (words) {
    show({ words });
    remember({ words });
  }
  const waiting = make("div", { class: "said escale waiting", "aria-hidden": "true" }, "···");
  log.append(waiting);
  waiting.scrollIntoView({ block: "nearest" });
  let turn;
  try {
    turn = await send(body);
  } catch (problem) {
    failed(problem, body);
    return;
  } finally {
    waiting.remove();
  }
  kept.conversation = turn.conversation;
  remember({ messages: turn.messages, choices: turn.choices });
  show(turn)?.scrollIntoView({ block: "start" });
  if (turn.locale !== document.documentElement.lang) speak(turn.locale);
}

function failed(problem, body) {
  const again = make("button", { type: "button" }, texts.again);
  again.addEventListener("click", () => say(body));
  const known = Object.values(texts).includes(problem.message) ? problem.message : texts.offline;
  status.replaceChildren(known, " ", again);
}

// The page's own words follow the conversation's language; what was said stays as it was said.
function speak(locale) {
  location.replace(`/?lang=${locale}`);
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const text = field.value.trim();
  if (!text) return;
  field.value = "";
  say({ text }, text);
});

field.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    form.requestSubmit();
  }
});

language.addEventListener("change", () => {
  kept.chosen = language.value;
  speak(language.value);
});

document.getElementById("here").addEventListener("click", () => {
  const rounded = (degrees) => Math.round(degrees * 1000) / 1000;
  navigator.geolocation?.getCurrentPosition(
    ({ coords }) => say({ location: { lat: rounded(coords.latitude), lon: rounded(coords.longitude) } }, texts.here),
    () => field.focus(),
    { timeout: 10000, maximumAge: 600000 });
});

for (const button of choices.querySelectorAll("[data-payload]")) {
  button.addEventListener("click", () => say({ choice: button.dataset.payload }, button.textContent));
}

JSON.parse(kept.turns ?? "[]").map(show).at(-1)?.scrollIntoView({ block: "start" });
