// Drives the pages of `marbles watch` and of the inspector in a browser, with the program samples-like host given by the test.
//     node pages.mjs <modules> <chromium> <what> <address> <pictures>
// Each line of the output is a fact as JSON; the test compares.
import { createRequire } from "node:module";
const [modules, executablePath, what, address, pictures] = process.argv.slice(2);
const { chromium } = createRequire(modules + "/")("playwright-core");
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });
const facts = {}, errors = [];
try {
  const context = await browser.newContext({ viewport: { width: 1500, height: 900 }, colorScheme: "light" });
  const page = await context.newPage();
  page.on("pageerror", e => errors.push(String(e)));
  page.on("console", m => m.type() === "error" && errors.push(m.text()));
  await page.goto(address);
  await page.waitForFunction(() => document.getElementById("status").textContent === "live");
  await (what === "watch" ? watch(page) : inspect(page));
  process.stdout.write(JSON.stringify(facts) + "\n");
  // The test stops the server now, and the page says so.
  await page.waitForFunction(() => document.getElementById("status").className === "gone", null, { timeout: 15000 });
  process.stdout.write(JSON.stringify({ gone: await page.textContent("#status"), errors: errors.filter(e => !/WebSocket|ERR_/.test(e)) }) + "\n");
} finally {
  await browser.close();
}

async function look(page, name) {
  if (!pictures) return;
  for (const scheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme: scheme });
    await page.screenshot({ path: `${pictures}/${what}-${name}-${scheme}.png` });
  }
  await page.emulateMedia({ colorScheme: "light" });
}

async function watch(page) {
  const marble = page.locator('[data-at="2:1"]').first();
  await marble.waitFor();
  facts.before = await page.textContent("section .result");
  await look(page, "before");
  const box = await marble.boundingBox();
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width / 2 + 56, box.y + box.height / 2, { steps: 5 });
  await page.mouse.up();
  await page.waitForFunction(() => document.querySelector("section .result").className.includes("bad"));
  facts.dragged = await page.inputValue("#text");
  facts.difference = await page.locator(".difference").evaluate(e => e.shadowRoot.querySelectorAll(".ring").length);
  await look(page, "dragged");
  // Back by keyboard: two frames to the left.
  for (const _ of [0, 1]) {
    const text = await page.inputValue("#text");
    await page.keyboard.press("ArrowLeft");
    await page.waitForFunction(t => document.getElementById("text").value !== t, text);
  }
  await page.waitForFunction(() => document.querySelector("section .result").className.includes("good"));
  facts.back = await page.inputValue("#text");
  await page.fill("#text", "= A\nhut a : -b|");
  await page.waitForFunction(() => document.getElementById("error").textContent !== "");
  facts.error = await page.textContent("#error");
}

async function inspect(page) {
  // The test has two hundred connections; one of them says something each 50 ms.
  await page.waitForFunction(() => document.querySelectorAll("#connections tbody tr").length >= 200, null, { timeout: 20000 });
  facts.connections = await page.locator("#connections tbody tr").count();
  // A new line, from the instant it is said: the page's own clock, since the test says when by what it says.
  await page.evaluate(() => {
    window.late = [];
    const old = socket.onmessage;
    socket.onmessage = m => {
      const told = JSON.parse(m.data), said = [];
      if (told.t === "events") for (const e of told.events) { const at = /'at (\d+)/.exec(e.text ?? ""); if (at) said.push(Number(at[1])); }
      old(m);
      // It is on the screen when the frame after the one that draws it begins.
      if (said.length) requestAnimationFrame(() => requestAnimationFrame(() => said.forEach(at => window.late.push(Date.now() - at))));
    };
  });
  // Those of the first second came while the page was built; of the next twenty, two may be late where others work on this machine.
  await page.waitForFunction(() => window.late.length >= 40, null, { timeout: 20000 });
  const late = await page.evaluate(() => window.late.slice(20, 40).sort((a, b) => a - b));
  [facts.late, facts.latest] = [late[17], late[19]];
  await page.waitForFunction(() => document.querySelectorAll(".row svg .marble").length > 3);
  facts.marbles = (await page.locator(".row svg .marble").count()) > 3;
  await page.locator(".row:has(svg .marble)").first().scrollIntoViewIfNeeded();
  await look(page, "live");
  await page.keyboard.press("Tab");
  await page.locator("#pause").focus();
  await page.keyboard.press("Enter");
  facts.paused = await page.textContent("#status");
  const still = await page.locator(".row svg").first().innerHTML();
  await page.waitForTimeout(300);
  facts.still = still === await page.locator(".row svg").first().innerHTML();
  await page.keyboard.press("Enter");
  // Of one that has said something: others may stand above it.
  await page.locator(".row:has(svg .marble) .copy").first().click();
  await page.waitForFunction(() => document.getElementById("test").open);
  facts.test = await page.textContent("#test pre");
  await look(page, "test");
  await page.keyboard.press("Escape");
}
